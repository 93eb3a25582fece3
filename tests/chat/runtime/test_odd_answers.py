"""Answers that only look final, and other ways to deliver where the usual one fails."""

import asyncio
import contextlib
import dataclasses
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from bot.chat.runtime import http_trace, sender
from bot.localdiscord import failures
from bot.localdiscord.alteration import replaced, without
from bot.localdiscord.channel import Channel
from bot.localdiscord.exchange import Exchange
from bot.localdiscord.failures import Failure, Reply
from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.chat.runtime.test_delivery import ANNOUNCED, EDIT, SEND, announced, started
from tests.reading import answers, as_shown, buttons, eventually, rows, says, shows

_JSON = {"Content-Type": "application/json"}
BUCKET = {
    "X-RateLimit-Limit": "1",
    "X-RateLimit-Remaining": "0",
    "X-RateLimit-Reset-After": "0.1",
    "X-RateLimit-Bucket": "abcd1234",
}


def answered_with_headers(headers: dict[str, str]) -> Failure:
    """Carry the request out, and answer it with these headers."""
    return Failure(lambda reply: dataclasses.replace(reply, headers={**reply.headers, **headers}), acts=True)


def limited(retry_after: str, scope: str = "user") -> Failure:
    """Answer 429 with an invalid retry time."""
    headers = {**_JSON, "Via": "1.1 google", "X-RateLimit-Scope": scope, "Retry-After": retry_after}
    body = f'{{"message": "", "retry_after": {retry_after}, "global": {str(scope == "global").lower()}, "code": 0}}'
    return Failure(lambda _: Reply(429, body.encode(), headers))


CALLBACK = "POST /interactions/{interaction_id}/{token}/callback"
DEEP = Reply(200, b"[" * 100_000 + b"]" * 100_000, _JSON)
HISTORY = "GET /channels/{channel_id}/messages"
ODD = {
    "a proxy's 403": failures.proxy_page(403),
    "a proxy's 404": failures.proxy_page(404),
    "Cloudflare's 403": failures.cloudflare_page(403, 1020),
    "Cloudflare's 429": failures.cloudflare_page(429, 1015),
    "40004": failures.error(403, 40004),
    "40333": failures.error(403, 40333),
    "40003": failures.error(403, 40003),
    "400 without a code": failures.error(400, 0),
    "403 without a code": failures.error(403, 0),
    "a code that is a list": Failure(lambda _: Reply(403, b'{"code": [50013]}', _JSON)),
    "a redirect": failures.redirect(),
    "half a body": failures.truncated(),
    "a wrong type": failures.altered(replaced("id", None)),
    "brackets without end": Failure(lambda _: DEEP),
    "a global limit": failures.rate_limit(0.2, scope="global"),
    "a limit for a day": failures.rate_limit(86_400),
    "a limit for no number": limited("NaN"),
    "a global limit for no number": limited("NaN", "global"),
    "a limit that is over": limited("-5", "global"),
    "a bucket without room": answered_with_headers({**BUCKET, "X-RateLimit-Limit": "0"}),
    "a bucket without an end": answered_with_headers({**BUCKET, "X-RateLimit-Reset-After": "nan"}),
}


@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
async def test_only_looks_final(discord: LocalDiscord, bot: Running, tmp_path: Path, answer: Failure) -> None:
    """An answer that is not Discord's final word is retried until one succeeds: the timer is announced once."""
    await started(discord)
    fault = discord.faults.fail(answer, only=SEND, times=7)
    bot.advance(300)
    await bot.until(lambda: rows(tmp_path / "test.db", ANNOUNCED) == [("sent",)], step=5)
    assert fault.struck
    assert announced(discord) == 1


@pytest.mark.parametrize(
    ("route", "request_typed"), [("POST /users/@me/channels", "!remind me 5m tea"), (EDIT, "!pomodoro tea 5m")]
)
async def test_the_last_of_a_bucket(
    discord: LocalDiscord,
    bot: Running,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    route: str,
    request_typed: str,
) -> None:
    """A request that exhausts a bucket with a long reset is known to have succeeded, and not repeated."""
    monkeypatch.setattr(http_trace, "_LONGEST", 0.5)
    general = discord.channel("general")
    request = await discord.person("ann").say(general, request_typed)
    await discord.wait_for(answers(request), channel=general)
    fault = discord.faults.fail(answered_with_headers({**BUCKET, "X-RateLimit-Reset-After": "1"}), only=route)
    bot.advance(300)
    sent = "SELECT count(*) FROM outbox WHERE state = 'sent' AND kind != 'announcement'"
    await bot.until(lambda: fault.struck and rows(tmp_path / "test.db", sent) > [(0,)], step=5)
    assert fault.struck == 1


async def test_a_bucket_for_years(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """A rate limit that would last for years is ignored: the next announcement in that channel is made."""
    headers = {**BUCKET, "X-RateLimit-Limit": "5", "X-RateLimit-Remaining": "4", "X-RateLimit-Reset-After": "1e9"}
    discord.faults.fail(answered_with_headers(headers), only=SEND, times=1)
    await started(discord)
    bot.advance(300)
    await bot.until(lambda: rows(tmp_path / "test.db", ANNOUNCED) == [("sent",)], step=5)


NO_IDS = ["9" * 40, "-1", "", 10**40]


@pytest.mark.parametrize("no_id", NO_IDS)
@pytest.mark.parametrize("typed", ["!pomodoro tea 5m", "!remind me 5m tea"])
async def test_no_id(discord: LocalDiscord, bot: Running, tmp_path: Path, typed: str, no_id: object) -> None:
    """A message or channel returned with an invalid id is requested again, and the timer announced once."""
    ann, general = discord.person("ann"), discord.channel("general")
    request = await ann.say(general, typed)
    await discord.wait_for(answers(request), channel=general)
    fault = failures.altered(replaced("id", no_id))
    faults = [discord.faults.fail(fault, only=route, times=1) for route in (SEND, "POST /users/@me/channels")]
    bot.advance(300)
    await bot.until(lambda: rows(tmp_path / "test.db", ANNOUNCED) == [("sent",)], step=5)
    place = await ann.dm() if "me" in typed else general
    assert len([message for message in discord.messages(place) if says("tea")(message) and buttons(message)]) == 1
    assert [fault.struck for fault in faults] == ([1, 1] if "me" in typed else [1, 0])


@pytest.mark.parametrize("no_id", NO_IDS)
async def test_no_id_of_a_card(discord: LocalDiscord, bot: Running, no_id: object) -> None:
    """A card returned with an invalid id is looked up, so that it can be redrawn."""
    general = discord.channel("general")
    only = "interaction.response_message_id"
    fault = discord.faults.fail(failures.altered(replaced(only, no_id)), only=CALLBACK, times=1)
    await discord.person("ann").slash(general, "pomodoro start", name="tea", duration="5m")
    card = await discord.wait_for(says("tea", "Ends"), channel=general)
    bot.advance(300)
    await discord.wait_for(says("POMODORO! tea"), channel=general)
    await bot.until(lambda: "Finished at" in text_of(as_shown(discord, card)))
    assert fault.struck == 1


@pytest.mark.parametrize("no_id", NO_IDS)
async def test_a_receipt_without_an_id(discord: LocalDiscord, bot: Running, tmp_path: Path, no_id: object) -> None:
    """A gateway event of the bot's own message with an invalid id is not a receipt."""
    await started(discord)
    discord.faults.alter_event("MESSAGE_CREATE", replaced("id", no_id), times=1)
    discord.faults.fail("lost", only=SEND, times=1)
    bot.advance(300)
    await bot.until(lambda: rows(tmp_path / "test.db", ANNOUNCED) == [("sent",)], step=5)
    assert announced(discord) == 1


async def test_the_token_is_rejected(
    discord: LocalDiscord, bot: Running, log: list[dict[str, Any]], tmp_path: Path
) -> None:
    """When Discord rejects the token, nothing is sent for an hour; then everything is."""
    await started(discord)
    fault = discord.faults.fail(failures.error(401, 0), only=SEND)
    bot.advance(300)
    await eventually(lambda: any(line["event"] == "token_rejected" for line in log))
    for _ in range(10):
        bot.advance(300)
    assert fault.struck == 1
    fault.off()
    await bot.until(lambda: rows(tmp_path / "test.db", ANNOUNCED) == [("sent",)], step=60)
    assert announced(discord) == 1


@pytest.mark.parametrize("answer", [ODD["a proxy's 403"], ODD["40333"], failures.NAMED["503"]])
async def test_a_reply_that_may_have_arrived(discord: LocalDiscord, bot: Running, answer: Failure) -> None:
    """A reply whose answer was lost, and which a proxy then refuses, is not repeated by direct message."""
    ann, general = discord.person("ann"), discord.channel("general")
    discord.faults.fail("lost", only=SEND, times=1)
    fault = discord.faults.fail(answer, only=SEND)
    await ann.say(general, "!remind 5m tea")
    await discord.wait_for(says("tea", "remind you"), channel=general)
    await discord.wait_until(lambda: fault.struck >= 3)
    fault.off()
    request = await ann.say(general, "!remind list")
    await discord.wait_for(answers(request), channel=general)
    assert len([message for message in discord.messages(general) if says("tea", "remind you")(message)]) == 1
    assert [exchange.path for exchange in discord.exchanges if exchange.path.endswith("/channels")] == []


@pytest.mark.parametrize("answer", [ODD["a proxy's 404"], ODD["a proxy's 403"]])
async def test_a_proxys_refusal_of_an_interactions_answer(
    discord: LocalDiscord, bot: Running, answer: Failure
) -> None:
    """An answer that Discord accepted but whose retry a proxy refuses is not repeated as a message."""
    ann, general = discord.person("ann"), discord.channel("general")
    discord.faults.fail("lost", only=CALLBACK, times=1)
    discord.faults.fail(answer, only=CALLBACK)
    out = await ann.slash(general, "pomodoro start", name="tea", duration="5m")
    assert out.kind == "message", out.reason
    await eventually(lambda: any(exchange.path.endswith("@original") for exchange in discord.exchanges))
    discord.faults.clear()
    await ann.slash(general, "pomodoro list")
    assert len(discord.messages(general)) == 1


@pytest.mark.parametrize("fault", ["503", "drop", "lost"])
async def test_an_answer_to_a_slash_command(
    discord: LocalDiscord, bot: Running, tmp_path: Path, fault: str
) -> None:
    """The answer to an interaction is retried within its three seconds, and given once."""
    general = discord.channel("general")
    discord.faults.fail(fault, only=CALLBACK, times=1)
    await discord.person("ann").slash(general, "pomodoro start", name="tea", duration="5m")
    card = await discord.wait_for(says("tea", "Ends"), channel=general)
    assert len(discord.messages(general)) == 1
    known = "SELECT card_id FROM timers"
    await eventually(lambda: rows(tmp_path / "test.db", known) == [(int(card["id"]),)])


NOT_DISCORDS = {
    "a page": Reply(200, b"<html>Welcome to our hotel</html>", {"Content-Type": "text/html"}),
    "nothing": Reply(200, b"null", _JSON),
    "another answer": Reply(200, b'{"interaction": {}}', _JSON),
    "brackets without end": DEEP,
}


@pytest.mark.parametrize("reply", NOT_DISCORDS.values(), ids=NOT_DISCORDS)
@pytest.mark.parametrize("command", ["pomodoro list", "pomodoro start"])
async def test_an_answer_that_a_proxy_took(discord: LocalDiscord, bot: Running, command: str, reply: Reply) -> None:
    """An answer to an interaction that a proxy visibly took instead of Discord is given again."""
    discord.faults.fail(Failure(lambda _: reply), only=CALLBACK, times=1)
    out = await discord.person("ann").slash(discord.channel("general"), command)
    assert out.kind == "message", out.reason


@pytest.mark.usefixtures("soon_given_up")
@pytest.mark.parametrize("reply", NOT_DISCORDS.values(), ids=NOT_DISCORDS)
async def test_every_answer_is_taken_by_a_proxy(discord: LocalDiscord, bot: Running, reply: Reply) -> None:
    """If no answer reaches Discord in time, a card is posted as a message, and a private answer sent directly."""
    ann, general = discord.person("ann"), discord.channel("general")
    discord.faults.fail(Failure(lambda _: reply), only=CALLBACK)
    tasks = [asyncio.create_task(ann.slash(general, "pomodoro start", name="tea", duration="5m"))]
    await discord.wait_for(says("tea", "Ends"), channel=general)
    tasks.append(asyncio.create_task(ann.slash(general, "pomodoro list")))
    await discord.wait_for(says("`#1` tea"), channel=await ann.dm())
    assert {outcome.kind for outcome in await asyncio.gather(*tasks)} == {"failed"}


@pytest.mark.usefixtures("soon_given_up")
async def test_no_answer_to_a_slash_command_gets_through(discord: LocalDiscord, bot: Running) -> None:
    """If no answer gets through in time, a card is posted as a message, and a private answer sent directly."""
    ann, general = discord.person("ann"), discord.channel("general")
    discord.faults.fail("503", only=CALLBACK)
    tasks = [asyncio.create_task(ann.slash(general, "pomodoro start", name="tea", duration="5m"))]
    card = await discord.wait_for(says("tea", "Ends"), channel=general)
    tasks.append(asyncio.create_task(ann.slash(general, "pomodoro list")))
    await discord.wait_for(says("`#1` tea"), channel=await ann.dm())
    tasks.append(asyncio.create_task(ann.click(card, "Pause")))
    await discord.wait_for(shows(card, "Paused with 5 min left"))
    assert {outcome.kind for outcome in await asyncio.gather(*tasks)} == {"failed"}


@pytest.mark.parametrize("command", ["pomodoro list", "pomodoro start"])
async def test_an_answer_that_arrived_unheard(discord: LocalDiscord, bot: Running, command: str) -> None:
    """An answer that Discord took is not repeated as a message, though every attempt seemed to fail."""
    ann, general = discord.person("ann"), discord.channel("general")
    discord.faults.fail("lost", only=CALLBACK, times=1)
    discord.faults.fail("503", only=CALLBACK)
    out = await ann.slash(general, command)
    assert out.kind == "message", out.reason
    await eventually(lambda: any(exchange.path.endswith("@original") for exchange in discord.exchanges))
    discord.faults.clear()
    await ann.slash(general, "pomodoro list")
    assert [exchange.path for exchange in discord.exchanges if exchange.path.endswith("/channels")] == []
    assert len(discord.messages(general)) == (1 if command.endswith("start") else 0)


@pytest.mark.usefixtures("soon_given_up")
async def test_no_answer_where_nothing_may_be_written(discord: LocalDiscord, bot: Running) -> None:
    """If no answer gets through and the bot may not write, the card is sent directly, without other attempts."""
    ann, general = discord.person("ann"), discord.channel("general")
    discord.deny(general, "SEND_MESSAGES")
    discord.faults.fail("503", only=CALLBACK)
    task = asyncio.create_task(ann.slash(general, "pomodoro start", name="tea", duration="5m"))
    await discord.wait_for(says("tea", "Ends"), channel=await ann.dm())
    assert [exchange.status for exchange in discord.exchanges if exchange.status == 403] == []
    await task


async def test_without_read_message_history(discord: LocalDiscord, bot: Running) -> None:
    """If the bot may not read the history, and so not reply, it answers and announces without a reference."""
    general = discord.channel("general")
    discord.deny(general, "READ_MESSAGE_HISTORY")
    card = await started(discord)
    assert "message_reference" not in card
    bot.advance(300)
    await discord.wait_for(says("POMODORO! tea"), channel=general)
    await discord.wait_for(shows(card, "Finished at"))


async def test_a_card_in_an_archived_thread(discord: LocalDiscord, bot: Running) -> None:
    """A card in an archived thread is redrawn once the announcement has unarchived it."""
    ann, general = discord.person("ann"), discord.channel("general")
    thread = await ann.open_thread(await ann.say(general, "kitchen"), "kitchen")
    await ann.say(thread, "!pomodoro tea 5m")
    card = await discord.wait_for(says("tea", "Ends"), channel=thread)
    discord.archive_thread(thread)
    bot.advance(300)
    await discord.wait_for(says("POMODORO! tea"), channel=thread)
    await bot.until(lambda: "Finished at" in text_of(as_shown(discord, card)))


async def tries_across_a_crash(
    discord: LocalDiscord,
    bot: Running,
    tmp_path: Path,
    set_back: float = 0.0,
    place: Channel | None = None,
    say: str = "",
) -> list[Exchange]:
    """Crash the bot before an announcement is answered, start it an hour later, and return the attempts to post it.

    Meanwhile its clock may be set back, and a person may write something.
    """
    ann, place = discord.person("ann"), place or discord.channel("general")
    await ann.say(place, "!pomodoro tea 5m")
    await discord.wait_for(says("tea", "Ends"), channel=place)
    discord.faults.fail("lost", only=SEND, times=1)
    bot.advance(300)
    await discord.wait_for(says("POMODORO! tea"), channel=place)
    await bot.crash()
    if say:
        await ann.say(place, say)
    bot.advance(3600)
    bot.clock.set_wall(-set_back)
    await bot.start()
    await bot.until(lambda: rows(tmp_path / "test.db", ANNOUNCED) == [("sent",)])
    return [e for e in discord.exchanges if e.method == "POST" and "POMODORO! tea" in str(e.request)]


async def test_posted_before_the_process_died(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """A message whose process died before the answer is found in the channel, however late."""
    tries = await tries_across_a_crash(discord, bot, tmp_path)
    assert announced(discord) == 1
    # Once: for the local Discord little time has passed, so it would recognise the nonce of a second attempt.
    assert len(tries) == 1


@pytest.mark.parametrize(("ahead", "set_back"), [(600, 0), (-600, 0), (86_400, 86_400)])
async def test_posted_by_a_wrong_clock(
    discord: LocalDiscord, bot: Running, tmp_path: Path, ahead: float, set_back: float
) -> None:
    """A message posted before the process died is found, even if its clock was ahead of Discord's, or behind."""
    bot.advance(time.time() + ahead - bot.clock.now().timestamp())
    assert len(await tries_across_a_crash(discord, bot, tmp_path, set_back)) == 1


@pytest.mark.parametrize("is_direct", [False, True])
@pytest.mark.parametrize("body", ["{}", '""', "[{}]"])
async def test_an_invalid_history(
    discord: LocalDiscord, bot: Running, tmp_path: Path, body: str, *, is_direct: bool
) -> None:
    """An answer that is no list of messages does not prove that nothing was posted: the history is read again."""
    fault = discord.faults.fail(Failure(lambda _: Reply(200, body.encode(), _JSON)), only=HISTORY, times=3)
    place = await discord.person("ann").dm() if is_direct else None
    assert len(await tries_across_a_crash(discord, bot, tmp_path, place=place)) == 1
    assert fault.struck == 3


async def test_a_message_that_cannot_be_read(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """A message that discord.py cannot parse hides no other, and blocks nothing."""
    discord.faults.fail(failures.altered(replaced("0.author", None)), only=HISTORY)
    assert len(await tries_across_a_crash(discord, bot, tmp_path, say="what a day")) == 1


async def test_posted_before_the_bot_was_muted(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """A message posted without an answer is found where the bot may no longer write, and not repeated directly."""
    ann, general = discord.person("ann"), discord.channel("general")
    await started(discord)
    discord.faults.fail("lost", only=SEND, times=1)
    discord.faults.alter_event("MESSAGE_CREATE", without("nonce"))
    bot.advance(300)
    await discord.wait_for(says("POMODORO! tea"), channel=general)
    tried = "SELECT count(tried_at) FROM outbox WHERE kind != 'card'"
    await eventually(lambda: rows(tmp_path / "test.db", tried) == [(1,)])
    discord.deny(general, "SEND_MESSAGES")
    await bot.until(lambda: rows(tmp_path / "test.db", ANNOUNCED) == [("sent",)])
    assert discord.messages(await ann.dm()) == []


async def test_a_notice_posted_before_the_process_died(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """A notice whose process died before the answer is found in the channel, however late."""
    database = tmp_path / "test.db"
    ann, general = discord.person("ann"), discord.channel("general")
    await ann.say(general, "!remind me 5m tea")
    await discord.wait_for(says("tea"), channel=general)
    discord.block_dm(ann)
    bot.advance(300)
    await discord.wait_for(says("I can't DM you"), channel=general)
    await eventually(lambda: not rows(database, "SELECT id FROM outbox WHERE state = 'pending'"))
    await bot.stop()
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE outbox SET state = 'pending', message_id = NULL WHERE kind = 'notice'")
    bot.advance(3600)
    await bot.start()
    await eventually(lambda: not rows(database, "SELECT id FROM outbox WHERE state = 'pending'"))
    tries = [e for e in discord.exchanges if e.method == "POST" and "I've got a reminder for you" in str(e.request)]
    assert len(tries) == 1


@pytest.mark.parametrize("kind", ["pomodoro", "reminder"])
async def test_tried_again_at_a_press(discord: LocalDiscord, bot: Running, tmp_path: Path, kind: str) -> None:
    """The button under their list retries the owner's undelivered messages, and nobody else's."""
    ann, general = discord.person("ann"), discord.channel("general")
    dm = await ann.dm()
    if kind == "pomodoro":
        await ann.say(dm, "!pomodoro tea 5m")
    else:
        await ann.say(dm, "!remind 5m tea")
    await discord.wait_for(says("tea"), channel=dm)
    discord.block_dm(ann)
    bot.advance(300)
    await bot.until(lambda: rows(tmp_path / "test.db", ANNOUNCED) == [("undeliverable",)])
    out = await ann.slash(general, "pomodoro list" if kind == "pomodoro" else "remind list")
    assert "I can't DM you (50007)" in text_of(out.answer)
    discord.block_dm(ann, blocked=False)
    await ann.click(out.answer, "Try again")
    await discord.wait_for(lambda message: "tea" in text_of(message) and "Ends" not in text_of(message), channel=dm)
    await eventually(lambda: rows(tmp_path / "test.db", ANNOUNCED) == [("sent",)])


@pytest.mark.parametrize(
    "route",
    [
        "POST /channels/{channel_id}/messages",
        "PATCH /channels/{channel_id}/messages/{message_id}",
        "GET /channels/{channel_id}",
        "PATCH /channels/{channel_id}",
        "POST /users/@me/channels",
    ],
)
async def test_no_answer_at_all(
    discord: LocalDiscord, bot: Running, monkeypatch: pytest.MonkeyPatch, route: str
) -> None:
    """Any request that Discord never answers times out and is made again."""
    ann, general = discord.person("ann"), discord.channel("general")
    thread = await ann.open_thread(await ann.say(general, "kitchen"), "kitchen")
    for place, name, length in ((general, "tea", "1m"), (thread, "eggs", "2m"), (thread, "milk", "3m")):
        request = await ann.say(place, f"!pomodoro {name} {length}")
        await discord.wait_for(says(name, "Ends"), channel=place, after=request)
    monkeypatch.setattr(http_trace, "_LONGEST", 0.2)
    fault = discord.faults.fail("hang", only=route, times=1)
    bot.advance(60)
    await bot.until(lambda: any(map(says("Finished at", "tea"), discord.messages(general))))
    discord.archive_thread(thread)
    bot.advance(60)
    await bot.until(lambda: any(map(says("POMODORO! eggs"), discord.messages(thread))))
    discord.archive_thread(thread, locked=True)
    bot.advance(60)
    dm = await ann.dm()
    await bot.until(lambda: any(map(says("POMODORO! milk"), discord.messages(dm))))
    assert fault.struck == 1


@pytest.mark.parametrize(
    "answer",
    [
        failures.stalled(),
        failures.stalled(failures.rate_limit(0.1)),
        failures.stalled(failures.rate_limit(0.1, via=False)),
        failures.stalled(failures.proxy_page(502)),
        failures.stalled(answered_with_headers({**BUCKET, "X-RateLimit-Reset-After": "1000"})),
    ],
    ids=["an answer", "a rate limit", "Cloudflare's rate limit", "a proxy's page", "the last of a bucket"],
)
async def test_an_answer_that_stalls(
    discord: LocalDiscord, bot: Running, monkeypatch: pytest.MonkeyPatch, answer: Failure
) -> None:
    """An answer whose body never comes times out, and blocks its channel no longer."""
    await started(discord)
    monkeypatch.setattr(http_trace, "_LONGEST", 0.2)
    fault = discord.faults.fail(answer, only=SEND, times=1)
    bot.advance(300)
    await bot.until(lambda: announced(discord), step=5)
    await started(discord, "eggs")
    assert fault.struck == 1


async def test_a_global_limit_while_rendering(
    discord: LocalDiscord, bot: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A request cancelled while it waits for a global limit blocks no later one."""
    ann = discord.person("ann")
    thread = await ann.open_thread(await ann.say(discord.channel("general"), "kitchen"), "kitchen")
    await ann.say(thread, "!remind 5m tea")
    await discord.wait_for(says("tea", "remind you"), channel=thread)
    monkeypatch.setattr(sender, "_RENDERING", 0.1)
    discord.archive_thread(thread)
    limit = failures.rate_limit(0.5, scope="global")
    fault = discord.faults.fail(limit, only="GET /channels/{channel_id}", times=1)
    bot.advance(300)
    await bot.until(lambda: any(map(says(f"{ann.mention} tea"), discord.messages(thread))))
    assert fault.struck == 1
