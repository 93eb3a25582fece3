"""What moderators see of their channel and can cancel there: everybody's timers, sessions and reminders."""

from typing import Any

from bot.localdiscord.local import text_of
from bot.localdiscord.outcome import Outcome
from bot.localdiscord.people import Person
from tests.chat.reminding import Reminding, menus
from tests.reading import Message, buttons, eventually, says

DAY = 86_400


async def fill(remind: Reminding) -> None:
    """Let Ann and Ben set everything that can be set in general, and some elsewhere and directly."""
    await remind.type("every day 12:00 water the plants")
    await remind.type("me 1h my secret")
    await remind.type("2h elsewhere", place=remind.focus)
    await remind.type("3h call the bank", remind.ben)
    remind.bot.advance(2)
    await remind.ben.say(remind.general, "!pomodoro tea 20m")
    await remind.discord.wait_for(says("### 🍅 tea"), channel=remind.general)
    await remind.ann.say(remind.general, "!focus start")
    await remind.discord.wait_for(says("Focus"), channel=remind.general)
    remind.bot.advance(2)


async def listed(remind: Reminding, person: Person | None = None) -> Outcome:
    """Ask for the list by slash command; the answer is ephemeral."""
    out = await (person or remind.mia).slash(remind.general, "remind list", here=True)
    assert out.ephemeral
    return out


async def chosen(remind: Reminding, message: Message, entry: str) -> Message:
    """Choose an entry from the menu of the list."""
    menu = menus(message)[0]
    (value,) = (option["value"] for option in menu["options"] if option["label"] == entry)
    out = await remind.mia.select(message, menu["custom_id"], [value])
    assert out.kind == "update", out
    return out.answer


async def test_all_that_is_pending(remind: Reminding) -> None:
    """Only a moderator sees everything pending in the channel, and no direct reminders."""
    await fill(remind)
    out = await listed(remind)
    text = text_of(out.answer)
    assert text.startswith(f"**4 coming up in <#{remind.general.id}>.** Only you can see this.")
    for line in (
        "⏰ water the plants · `#1` · <t:",
        f"· every day · {remind.ann.mention}",
        f"⏰ call the bank · `#4` · <t:1772377200:R> · {remind.ben.mention}",
        "🍅 tea · `#5` · <t:",
        f"👥 classic · `#6` · <t:1772367902:R> · {remind.ann.mention}",
    ):
        assert line in text, text
    assert "secret" not in text
    assert "elsewhere" not in text
    assert remind.discord.pinged(out.answer) == []
    refused = text_of((await listed(remind, remind.ben)).answer)
    assert "Only moderators can see what others have set in a channel." in refused


async def test_typed_it_is_offered(remind: Reminding) -> None:
    """A typed request offers a button that shows the list to any moderator of the channel, and to nobody else."""
    await fill(remind)
    offered = await remind.type("list here", remind.mia)
    assert text_of(offered) == f"Only moderators of <#{remind.general.id}> can see what's coming up there."
    assert buttons(offered) == ["Show me"]
    out = await remind.ben.click(offered, "Show me")
    assert "Only moderators can see" in text_of(out.answer)
    out = await remind.mia.click(offered, "Show me")
    assert out.ephemeral
    assert "water the plants" in text_of(out.answer)
    assert "Only moderators can see" in text_of(await remind.type("list here", remind.ben))
    dm = await remind.mia.dm()
    assert "Only moderators can see" in text_of(await remind.type("list here", remind.mia, dm))


async def test_any_of_it_is_cancelled(remind: Reminding) -> None:
    """A moderator can view each entry with its owner, and cancel it: a reminder, a timer, a session."""
    await fill(remind)
    answer = (await listed(remind)).answer
    for number, (entry, mark) in enumerate((("call the bank", "⏰"), ("tea", "🍅"), ("classic", "👥"))):
        single = await chosen(remind, answer, entry)
        assert text_of(single).startswith(f"{mark} {entry}\n-# `#")
        assert buttons(single) == ["Cancel it", "Cancel all theirs here", "Back"]
        back = (await remind.mia.click(single, "Back")).answer
        single = await chosen(remind, back, entry)
        answer = (await remind.mia.click(single, "Cancel it")).answer
        left = f"**{3 - number} coming up in" if number < 2 else "**1 coming up in"
        assert text_of(answer).startswith(f"Cancelled: {entry}\n{left}"), text_of(answer)
        remind.bot.advance(2)
    assert remind.rows("SELECT id FROM timers WHERE state = 'running' ORDER BY id") == [(1,), (2,), (3,)]
    await remind.discord.wait_for(says("Session stopped"), channel=remind.general)
    remind.bot.advance(3 * 3600)
    await remind.come("my secret", await remind.ann.dm())
    assert remind.due() == []


async def test_everything_of_one_person(remind: Reminding) -> None:
    """Everything of one person in the channel can be cancelled at once, but nothing elsewhere or direct."""
    await fill(remind)
    answer = (await listed(remind)).answer
    single = await chosen(remind, answer, "water the plants")
    done = (await remind.mia.click(single, "Cancel all theirs here")).answer
    assert text_of(done).startswith(f"Cancelled 2 of {remind.ann.mention}'s.\n**2 coming up in")
    running: Any = "SELECT id FROM timers WHERE state = 'running' ORDER BY id"
    await eventually(lambda: remind.rows(running) == [(2,), (3,), (4,), (5,)])


async def test_pages(remind: Reminding) -> None:
    """More than ten are split into pages."""
    for number in range(12):
        await remind.type(f"{number + 1}h tea {number:02}x")
    answer = (await listed(remind)).answer
    assert ("tea 09x" in text_of(answer), "tea 10x" in text_of(answer)) == (True, False)
    second = (await remind.mia.click(answer, "▶")).answer
    assert ("tea 09x" in text_of(second), "tea 11x" in text_of(second)) == (False, True)


async def test_a_digest(remind: Reminding) -> None:
    """The weekly digest of a channel is among what repeats there, and can be ended."""
    await remind.mia.slash(remind.general, "stats digest", channel=remind.general.id)
    answer = (await listed(remind)).answer
    assert "📊 weekly digest · `#1` · <t:" in text_of(answer)
    single = await chosen(remind, answer, "weekly digest")
    assert "Nothing's coming up in" in text_of((await remind.mia.click(single, "Cancel it")).answer)
    assert remind.pending == 0
