"""Requests that Discord may have carried out though its answer was lost: nothing is sent twice."""

from pathlib import Path
from typing import Any

import pytest

from bot.chat.runtime import http_trace
from bot.localdiscord import failures
from bot.localdiscord.alteration import replaced
from bot.localdiscord.failures import Failure
from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.chat.runtime.test_delivery import SEND, started
from tests.chat.runtime.test_odd_answers import CALLBACK, ODD
from tests.reading import Message, answers, buttons, eventually, rows, says

FOLLOW_UP = "POST /webhooks/{application_id}/{token}"
LOOK_UP = "GET /webhooks/{application_id}/{token}/messages/@original"
CHANGE = "PATCH /webhooks/{application_id}/{token}/messages/@original"
# Carried out, and then: no answer at all, a proxy's error, and an answer that cannot be read.
UNHEARD = {
    "lost": failures.lost,
    "502": failures.NAMED["502"].after_effect(),
    "a proxy's 403": failures.proxy_page(403).after_effect(),
    "no JSON": failures.truncated(),
    "other JSON": failures.altered(replaced("", {"id": []})),
}


def cards(discord: LocalDiscord) -> list[Message]:
    return [message for message in discord.messages(discord.channel("general")) if says("tea", "Ends")(message)]


def direct_messages(discord: LocalDiscord) -> list[str]:
    return [exchange.path for exchange in discord.exchanges if exchange.path == "/users/@me/channels"]


async def until_failed(log: list[dict[str, Any]]) -> None:
    await eventually(lambda: any(line["event"] == "answer_failed" for line in log))


async def pressed_again(discord: LocalDiscord, bot: Running) -> Message:
    """Return the announcement of a timer."""
    await started(discord)
    bot.advance(300)
    return await discord.wait_for(says("POMODORO! tea"))


@pytest.mark.parametrize("answer", UNHEARD.values(), ids=UNHEARD)
async def test_a_first_answer(discord: LocalDiscord, bot: Running, tmp_path: Path, answer: Failure) -> None:
    """An answer that Discord took is not repeated in any form, and is known as the timer's card."""
    discord.faults.fail(answer, only=CALLBACK, times=1)
    out = await discord.person("ann").slash(discord.channel("general"), "pomodoro start", name="tea", duration="5m")
    known = "SELECT card_id FROM timers"
    await eventually(lambda: rows(tmp_path / "test.db", known) == [(int(out.answer["id"]),)])
    assert len(cards(discord)) == 1


@pytest.mark.parametrize("answer", [ODD["a proxy's 404"], failures.drop])
async def test_the_look_for_an_answer_fails(
    discord: LocalDiscord, bot: Running, tmp_path: Path, answer: Failure
) -> None:
    """If the answer to a first answer was lost, and to the query whether it exists, the query is repeated."""
    discord.faults.fail("lost", only=CALLBACK, times=1)
    discord.faults.fail(ODD["a proxy's 404"], only=CALLBACK)
    discord.faults.fail(answer, only=LOOK_UP, times=2)
    out = await discord.person("ann").slash(discord.channel("general"), "pomodoro start", name="tea", duration="5m")
    known = "SELECT card_id FROM timers"
    await eventually(lambda: rows(tmp_path / "test.db", known) == [(int(out.answer["id"]),)])
    assert len(cards(discord)) == 1


async def test_nobody_tells_whether_an_answer_arrived(
    discord: LocalDiscord, bot: Running, log: list[dict[str, Any]]
) -> None:
    """If Discord never says whether it has an answer, that is not sent in another way."""
    discord.faults.fail("lost", only=CALLBACK, times=1)
    discord.faults.fail(ODD["a proxy's 404"], only=CALLBACK)
    discord.faults.fail(ODD["a proxy's 404"], only=LOOK_UP)
    await discord.person("ann").slash(discord.channel("general"), "pomodoro start", name="tea", duration="5m")
    await until_failed(log)
    assert (len(cards(discord)), direct_messages(discord)) == (1, [])


@pytest.mark.parametrize("answer", UNHEARD.values(), ids=UNHEARD)
async def test_a_deferred_answer(discord: LocalDiscord, bot: Running, answer: Failure) -> None:
    """A deferral whose answer was lost becomes the answer, retried in one place until it is confirmed."""
    ann = discord.person("ann")
    for route in (CALLBACK, CHANGE):
        discord.faults.fail(answer, only=route, times=1)
    out = await ann.slash(discord.channel("general"), "stats me")
    assert "No focus time yet" in text_of(await discord.settled(out, ann))
    await eventually(lambda: len([e for e in discord.exchanges if e.method == "PATCH"]) >= 2)
    assert direct_messages(discord) == []
    assert not [e for e in discord.exchanges if e.method == "POST" and e.path.startswith("/webhooks/")]


@pytest.mark.parametrize("answer", UNHEARD.values(), ids=UNHEARD)
async def test_an_ephemeral_answer(discord: LocalDiscord, bot: Running, answer: Failure) -> None:
    """An ephemeral answer to a question is given once, and not by direct message too."""
    ann, general = discord.person("ann"), discord.channel("general")
    question = await discord.wait_for(answers(await ann.say(general, "!privacy")), channel=general)
    discord.faults.fail(answer, only=CALLBACK, times=1)
    out = await ann.click(question, "Show me")
    assert "What I store about you" in text_of(await discord.settled(out, ann))
    await bot.stop()
    follow_ups = [
        exchange for exchange in discord.exchanges if "/webhooks/" in exchange.path and exchange.method == "POST"
    ]
    assert (follow_ups, direct_messages(discord)) == ([], [])


@pytest.mark.parametrize("answer", UNHEARD.values(), ids=UNHEARD)
async def test_a_card_after_a_first_answer(
    discord: LocalDiscord, bot: Running, tmp_path: Path, answer: Failure
) -> None:
    """The card of a timer started from an announcement is posted once, and is known."""
    over = await pressed_again(discord, bot)
    discord.faults.fail(answer, only=SEND, times=1)
    await discord.person("ann").click(over, "Again")
    card = await discord.wait_for(says("tea", "Ends"), after=over)
    known = "SELECT card_id FROM timers WHERE id = 2"
    await eventually(lambda: rows(tmp_path / "test.db", known) == [(int(card["id"]),)])
    assert (cards(discord), direct_messages(discord)) == ([card], [])
    assert card["message_reference"]["message_id"] == over["id"]


@pytest.mark.parametrize("answer", UNHEARD.values(), ids=UNHEARD)
async def test_a_follow_up(discord: LocalDiscord, bot: Running, log: list[dict[str, Any]], answer: Failure) -> None:
    """If the bot may only follow up, a card whose answer was lost is not posted again, nor sent directly."""
    over = await pressed_again(discord, bot)
    discord.deny(discord.channel("general"), "SEND_MESSAGES")
    discord.faults.fail(answer, only=FOLLOW_UP, times=1)
    ann = discord.person("ann")
    await ann.click(over, "Again")
    await discord.wait_for(says("That worked, but my answer got lost"), reader=ann)
    assert (len(cards(discord)), direct_messages(discord)) == (1, [])


async def test_no_answer_to_a_follow_up(
    discord: LocalDiscord, bot: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A follow-up that Discord never answers times out, and the person is told so."""
    over = await pressed_again(discord, bot)
    discord.deny(discord.channel("general"), "SEND_MESSAGES")
    monkeypatch.setattr(http_trace, "_LONGEST", 0.2)
    discord.faults.fail("hang", only=FOLLOW_UP, times=1)
    ann = discord.person("ann")
    await ann.click(over, "Again")
    await discord.wait_for(says("That worked, but my answer got lost"), reader=ann)


async def test_a_follow_up_that_is_rate_limited(discord: LocalDiscord, bot: Running) -> None:
    """A follow-up that was rate-limited is made again."""
    over = await pressed_again(discord, bot)
    discord.deny(discord.channel("general"), "SEND_MESSAGES")
    discord.faults.fail(failures.rate_limit(0.01), only=FOLLOW_UP, times=1)
    await discord.person("ann").click(over, "Again")
    await discord.wait_for(says("tea", "Ends"), after=over)
    assert len(cards(discord)) == 1


@pytest.mark.usefixtures("soon_given_up")
async def test_an_announcement_that_cannot_be_redrawn(discord: LocalDiscord, bot: Running) -> None:
    """If an announcement's buttons cannot be removed, a timer started from it still gets its card."""
    over = await pressed_again(discord, bot)
    discord.faults.fail("503", only=CALLBACK)
    out = await discord.person("ann").click(over, "Again")
    assert out.kind == "failed"
    card = await discord.wait_for(says("tea", "Ends"), after=over)
    assert (cards(discord), direct_messages(discord)) == ([card], [])
    assert "Again" in buttons(over)


async def test_a_reply_before_the_bot_was_muted(
    discord: LocalDiscord, bot: Running, log: list[dict[str, Any]]
) -> None:
    """A reply that was accepted before the bot was muted is not repeated directly."""
    ann, general = discord.person("ann"), discord.channel("general")

    def muted(_: failures.Reply) -> None:
        discord.deny(general, "SEND_MESSAGES")

    discord.faults.fail(Failure(muted, acts=True), only=SEND, times=1)
    await ann.say(general, "!remind 5m tea")
    await until_failed(log)
    await discord.wait_for(says("That worked, but my answer got lost"), channel=await ann.dm())
    assert len([message for message in discord.messages(general) if says("remind you")(message)]) == 1
    assert not [message for message in discord.messages(await ann.dm()) if says("tea")(message)]


async def test_a_channel_that_goes_before_the_answer(discord: LocalDiscord, bot: Running) -> None:
    """A request from a channel that is gone by now is answered directly."""
    ann, focus = discord.person("ann"), discord.channel("focus")
    await ann.say(focus, "!remind me 5m tea")
    discord.delete_channel(focus)
    await discord.wait_for(says("tea", "DM you"), channel=await ann.dm())


async def test_a_thread_that_cannot_be_parsed(
    discord: LocalDiscord, bot: Running, log: list[dict[str, Any]]
) -> None:
    """A reminder in a thread comes on time even if Discord's data about the thread cannot be parsed."""
    ann = discord.person("ann")
    thread = await ann.open_thread(await ann.say(discord.channel("general"), "kitchen"), "kitchen")
    await ann.say(thread, "!remind 5m tea")
    await discord.wait_for(says("tea", "remind you"), channel=thread)
    discord.archive_thread(thread)
    discord.faults.fail(failures.altered(replaced("", {"id": []})), only="GET /channels/{channel_id}")
    bot.advance(300)
    await discord.wait_for(says(f"{ann.mention} tea"), channel=thread)
    assert not [line for line in log if line["event"] == "delivery_failed"]
