"""Private answers where others read along: one's log, one's data, and sums that one does not share."""

from pathlib import Path

import pytest

from bot.localdiscord.local import text_of
from tests.chat.conftest import Running
from tests.chat.counting import NOON, Counting, M, alt
from tests.chat.reminding import menus
from tests.reading import Message, as_shown, buttons, says


@pytest.fixture
async def count(bot: Running, tmp_path: Path) -> Counting:
    count = Counting(bot, tmp_path / "test.db")
    await count.did(count.ann, (NOON - 60 * M, 25, "my secret"))
    await count.did(count.ben, (NOON - 60 * M, 35, "my own"))
    return count


def public(count: Counting) -> str:
    """Return everything that anybody can read in the channel, pictures by their alt text."""
    messages = count.discord.messages(count.general)
    return "\n".join(
        f"{text_of(message)} {message['components']}" for message in messages if message["author"].get("bot")
    )


@pytest.mark.parametrize(
    ("typed", "alone"),
    [("!stats edit", "my secret"), ("!privacy", "What I store about you"), ("!privacy delete", "Are you sure?")],
)
async def test_one_line_with_show_me(count: Counting, typed: str, alone: str) -> None:
    """Typed in a channel, the answer is a line with a button, which shows it to the asker, again and again."""
    count.discord.block_dm(count.ann)
    offered = await count.ask(typed)
    assert len(text_of(offered).splitlines()) == 1
    assert buttons(offered) == ["Show me"]
    last = offered
    for _ in range(2):
        await count.ann.click(offered, "Show me")
        last = await count.discord.wait_for(says(alone), reader=count.ann, channel=count.general, after=last)
        assert last["flags"] & 64
        count.bot.advance(2)
    assert buttons(as_shown(count.discord, offered)) == ["Show me"]
    refused = await count.ben.click(offered, "Show me")
    assert refused.ephemeral
    assert "Ask me yourself" in text_of(refused.answer)
    assert "secret" not in public(count)


async def test_private_menus_and_buttons(count: Counting) -> None:
    """A private answer has its menus and buttons, and what they show is private too."""
    listed = await count.see("!stats edit")
    chosen = await count.choose(listed, menus(listed)[0]["options"][0]["label"])
    out = await count.ann.click(chosen, "Remove")
    assert "secret" in text_of(out.answer)
    question = await count.see("!privacy delete", count.ben)
    out = await count.ben.click(question, "Delete everything")
    message = await count.discord.wait_for(says("Deleted for good"), reader=count.ben)
    assert message["flags"] & 64
    assert "secret" not in public(count)


async def test_sums_that_are_not_shared(count: Counting) -> None:
    """A person who does not share can view their picture privately, or show it; nobody else can show it."""
    offered = await count.ask("!stats all")
    assert buttons(offered) == ["Show me", "Show it here"]
    assert "25 min" not in public(count)
    await count.ann.click(offered, "Show me")
    alone = await count.discord.wait_for(says("**all time** 25 min"), reader=count.ann, channel=count.general)
    assert alone["flags"] & 64
    assert "25 min in total" in alt(alone)
    assert "25 min" not in public(count)
    for button in ("Show me", "Show it here"):
        refused = await count.ben.click(offered, button)
        assert (refused.ephemeral, "somebody else" in text_of(refused.answer)) == (True, True)
    count.bot.advance(2)
    await count.ann.click(offered, "Show it here")
    message = await count.discord.wait_for(says("**all time** 25 min"), channel=count.general)
    assert message["id"] == offered["id"]
    assert "25 min in total" in alt(message)
    assert buttons(message)[:3] == ["Week", "Year", "Hours"]


async def shows_it(count: Counting, typed: str) -> Message:
    answer = await count.ask(typed)
    assert "25 min in total" in alt(answer)
    assert not answer["flags"] & 64
    return answer


async def test_sums_that_are_shared(count: Counting) -> None:
    """The picture of a person who shares is public, as is anybody's with *here* or in a direct message."""
    await shows_it(count, "!stats here")
    await shows_it(count, "!stats here all")
    dm = await count.ann.dm()
    assert "25 min in total" in alt(await count.ask("!stats", place=dm))
    assert "my secret" in text_of(await count.ask("!stats edit", place=dm))
    await count.ask("!privacy share")
    await shows_it(count, "!stats")
    assert buttons(await count.ask("!stats edit")) == ["Show me"]


async def test_a_slash_command_stays_for_one_alone(count: Counting) -> None:
    """By slash command all of it is private, shared or not."""
    for command, part in (("stats edit", "my secret"), ("privacy show", "What I store about you")):
        assert part in text_of(await count.use(command))
    for period in ("week", "here"):
        assert "25 min in total" in alt(await count.use("stats me", period=period))
