import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.localdiscord import failures
from bot.localdiscord.alteration import replaced
from bot.localdiscord.channel import VOICE, Channel
from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.engine.planting import plant
from tests.reading import Message, buttons, change, eventually, rows, says, shows

SEND = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
ANNOUNCED = "SELECT state FROM outbox WHERE kind != 'card'"


async def started(discord: LocalDiscord, name: str = "tea", length: str = "5m") -> dict[str, Any]:
    request = await discord.person("ann").say(discord.channel("general"), f"!pomodoro {name} {length}")
    return await discord.wait_for(says(name, "Ends"), channel=discord.channel("general"), after=request)


def announced(discord: LocalDiscord, name: str = "tea", channel: Channel | None = None) -> int:
    texts = map(text_of, discord.messages(channel or discord.channel("general")))
    return sum(f"POMODORO! {name}" in text for text in texts)


async def test_over_a_restart(discord: LocalDiscord, bot: Running) -> None:
    """After a stop or a crash every timer continues; one that came due meanwhile is announced once, as late."""
    card = await started(discord)
    await started(discord, "eggs", "1h")
    for end in (bot.stop, bot.crash):
        await end()
        bot.advance(240)
        await bot.start()
    over = await discord.wait_for(says("POMODORO! tea", "finished 3 min ago, while I was offline"))
    assert over["message_reference"]["message_id"] == card["id"]
    bot.advance(3600)
    await discord.wait_for(says("POMODORO! eggs"))
    assert (announced(discord), announced(discord, "eggs")) == (1, 1)


async def test_buttons_after_a_restart(discord: LocalDiscord, bot: Running) -> None:
    """The buttons of cards and announcements work after a restart."""
    ann = discord.person("ann")
    card = await started(discord)
    await bot.stop()
    await bot.start()
    out = await ann.click(card, "Pause")
    assert "Paused with 5 min left" in text_of(out.answer)
    await ann.click(card, "Resume")
    bot.advance(300)
    over = await discord.wait_for(says("POMODORO! tea"))
    await bot.stop()
    await bot.start()
    await ann.click(over, "Again")
    await discord.wait_for(says("tea", "Ends"), after=over)


@pytest.mark.parametrize("fault", ["500", "503", "429", "drop", "lost"])
async def test_a_send_that_fails(discord: LocalDiscord, bot: Running, tmp_path: Path, fault: str) -> None:
    """An announcement is made once, whether Discord failed, hung up, or accepted it and the answer was lost."""
    await started(discord)
    discord.faults.fail(fault, only=SEND, times=2)
    bot.advance(300)
    await bot.until(lambda: rows(tmp_path / "test.db", ANNOUNCED) == [("sent",)])
    assert announced(discord) == 1


async def test_an_answer_lost_in_a_crash(
    discord: LocalDiscord, bot: Running, log: list[dict[str, str]], tmp_path: Path
) -> None:
    """If the bot crashes before it learns that its announcement arrived, the retry makes no second one."""
    await started(discord)
    discord.faults.fail("lost", only=SEND, times=1)
    bot.advance(300)
    await bot.until(lambda: any(line["event"] == "delivery_retried" for line in log))
    await bot.crash()
    assert announced(discord) == 1
    await bot.start()
    await eventually(lambda: rows(tmp_path / "test.db", ANNOUNCED) == [("sent",)])
    assert announced(discord) == 1


@pytest.mark.parametrize("fault", ["503", "drop", "lost"])
async def test_a_reply_that_fails(discord: LocalDiscord, bot: Running, fault: str) -> None:
    """The answer to a command is retried too, and given once."""
    discord.faults.fail(fault, only=SEND, times=1)
    await started(discord)
    request = await discord.person("ann").say(discord.channel("general"), "!pomodoro list")
    await discord.wait_for(says("`#1` tea"), after=request)
    assert len([m for m in discord.messages(discord.channel("general")) if buttons(m)]) == 1


async def test_a_reply_that_waits_for_minutes(
    discord: LocalDiscord, bot: Running, log: list[dict[str, str]]
) -> None:
    """A reply that may have arrived is not repeated once Discord has forgotten its nonce."""
    general = discord.channel("general")
    fault = discord.faults.fail("lost", only=SEND, times=1)
    await discord.person("ann").say(general, "!pomodoro tea 10h")
    await eventually(lambda: fault.struck)
    bot.advance(200)
    # Step by step: the bot may notice the loss only now, and waits before it tries again.
    await bot.until(lambda: any(line["event"] == "answer_failed" for line in log))
    assert len([message for message in discord.messages(general) if buttons(message)]) == 1
    tries = [sent for sent in discord.exchanges if sent.method == "POST" and "Ends" in str(sent.request)]
    assert len(tries) == 1


async def test_a_command_that_is_deleted(discord: LocalDiscord, bot: Running) -> None:
    """A command deleted at once by its author is still answered, but not as a reply."""
    ann, general = discord.person("ann"), discord.channel("general")
    request = await ann.say(general, "!pomodoro list")
    await ann.delete(request)
    listed = await discord.wait_for(says("No timers running here"), channel=general)
    assert "message_reference" not in listed


async def test_a_card_that_cannot_be_sent(discord: LocalDiscord, bot: Running, log: list[dict[str, str]]) -> None:
    """If a timer runs but its card could not be sent, the person is not told that it failed; it is announced."""
    ann, general = discord.person("ann"), discord.channel("general")
    discord.faults.fail("503", only=SEND, times=4)
    request = await ann.say(general, "!pomodoro tea 5m")
    answer = await discord.wait_for(says("That worked, but my answer got lost"), after=request)
    (incident,) = [line["incident"] for line in log if line["event"] == "answer_failed"]
    assert f"(`{incident}`). `!pomodoro list` shows" in text_of(answer)
    bot.advance(300)
    await discord.wait_for(says("POMODORO! tea"))


async def test_an_answer_to_a_question_that_fails(
    discord: LocalDiscord, bot: Running, log: list[dict[str, str]]
) -> None:
    """When the answer to a read-only command is lost, nothing claims that anything was done."""
    ann, general = discord.person("ann"), discord.channel("general")
    await started(discord)
    discord.faults.fail("503", only=SEND, times=4)
    request = await ann.say(general, "!pomodoro list")
    answer = await discord.wait_for(says("My answer got lost"), after=request)
    (incident,) = [line["incident"] for line in log if line["event"] == "answer_failed"]
    assert f"(`{incident}`). Please ask again." in text_of(answer)


async def test_pressed_too_late(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """After the three seconds for an answer, a card comes as a message, once, and shows what was done."""
    ann, general = discord.person("ann"), discord.channel("general")
    discord.interactions.answer_seconds = 0.0
    discord.faults.fail("lost", only=SEND, times=2)
    await ann.slash(general, "pomodoro start", name="tea", duration="5m")
    await eventually(lambda: rows(tmp_path / "test.db", "SELECT id FROM timers WHERE card_id IS NOT NULL"))
    (card,) = discord.messages(general)
    for command, text in (("pause", "Paused with"), ("resume", "Ends")):
        await ann.slash(general, f"pomodoro {command}")
        await discord.wait_for(shows(card, text))
    bot.advance(300)
    over = await discord.wait_for(says("POMODORO! tea"))
    await ann.click(over, "Again")
    await discord.wait_for(says("tea", "Ends"), after=over)
    assert len(discord.messages(general)) == 3


async def test_pressed_too_late_where_nothing_may_be_written(discord: LocalDiscord, bot: Running) -> None:
    """A card too late for an answer, and refused by its channel, comes as a direct message."""
    ann, general = discord.person("ann"), discord.channel("general")
    discord.interactions.answer_seconds = 0.0
    discord.faults.fail(failures.error(403, 50013), only=SEND, times=1)
    await ann.slash(general, "pomodoro start", name="tea", duration="5m")
    await discord.wait_for(says("tea", "Ends"), channel=await ann.dm())
    assert discord.messages(general) == []


async def test_a_card_that_may_not_be_changed(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """If Discord refuses a card's edit, the outbox records that."""
    await started(discord)
    discord.faults.fail(failures.error(403, 50001), only=EDIT)
    await discord.person("ann").say(discord.channel("general"), "!pomodoro pause tea")
    refused = "SELECT 1 FROM outbox WHERE kind = 'card' AND state = 'undeliverable'"
    await eventually(lambda: rows(tmp_path / "test.db", refused))


async def test_a_card_that_is_gone(discord: LocalDiscord, bot: Running) -> None:
    """If the card was deleted, the announcement is still made, but not as a reply."""
    general = discord.channel("general")
    card = await started(discord)
    await discord.person("mia").delete(card)
    bot.advance(300)
    over = await discord.wait_for(says("POMODORO! tea"), channel=general)
    assert "message_reference" not in over


async def in_focus(discord: LocalDiscord, name: str = "eggs") -> Message:
    focus = discord.channel("focus")
    await discord.person("ann").say(focus, f"!pomodoro {name} 5m")
    return await discord.wait_for(says(name, "Ends"), channel=focus)


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_channel_that_is_closed(discord: LocalDiscord, bot: Running, *, is_known: bool) -> None:
    """If the bot may no longer post, the owner gets a direct message; a channel known to be closed is not tried."""
    if not is_known:
        discord.faults.alter_event("CHANNEL_UPDATE", replaced("permission_overwrites", []))
    await started(discord)
    await in_focus(discord)
    discord.deny(discord.channel("focus"), "SEND_MESSAGES")
    bot.advance(300)
    await discord.wait_for(says("POMODORO! tea"), channel=discord.channel("general"))
    dm = await discord.person("ann").dm()
    message = await discord.wait_for(says("POMODORO! eggs", "couldn't post this in <#"), channel=dm)
    assert buttons(message) == ["Again", "Take 5", "Done", "My day"]
    assert len([e for e in discord.exchanges if e.status == 403]) == (0 if is_known else 1)


async def test_a_voice_channel_that_the_bot_may_not_join(discord: LocalDiscord, bot: Running) -> None:
    """A voice channel that the bot may no longer join is closed to its messages too."""
    ann, lounge = discord.person("ann"), discord.create_channel("Study", VOICE)
    await ann.say(lounge, "!pomodoro eggs 5m")
    await discord.wait_for(says("eggs", "Ends"), channel=lounge)
    discord.deny(lounge, "CONNECT")
    bot.advance(300)
    await discord.wait_for(says("POMODORO! eggs", "couldn't post this in <#"), channel=await ann.dm())
    assert [e for e in discord.exchanges if e.status == 403] == []


async def test_an_account_that_is_gone(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """A direct message to a deleted account is tried once, and given up."""
    ann = discord.person("ann")
    await in_focus(discord)
    discord.leave_guild(ann)
    del discord.world.users[ann.id]
    discord.delete_channel(discord.channel("focus"))
    bot.advance(300)
    await eventually(lambda: rows(tmp_path / "test.db", ANNOUNCED) == [("undeliverable",)])
    assert [e.status for e in discord.exchanges if e.path == "/users/@me/channels"] == [400]


@pytest.mark.parametrize("how", ["denied", "deleted"])
async def test_nobody_can_be_reached(discord: LocalDiscord, bot: Running, tmp_path: Path, how: str) -> None:
    """If the owner blocks direct messages too, it is kept in their list, with its reason."""
    ann, focus = discord.person("ann"), discord.channel("focus")
    await in_focus(discord)
    discord.block_dm(ann)
    if how == "denied":
        discord.deny(focus, "SEND_MESSAGES")
    else:
        discord.delete_channel(focus)
    bot.advance(300)
    await eventually(lambda: rows(tmp_path / "test.db", ANNOUNCED) == [("undeliverable",)])
    tried = len(discord.exchanges)
    request = await ann.say(discord.channel("general"), "!pomodoro list")
    listed = await discord.wait_for(says("couldn't deliver something to you"), after=request)
    assert "eggs" not in text_of(listed)
    out = await ann.slash(discord.channel("general"), "pomodoro list")
    assert "eggs finished, but I couldn't tell you: I can't DM you (50007)" in text_of(out.answer)
    await bot.stop()
    await bot.start()
    again = [e for e in discord.exchanges[tried:] if e.status in {403, 404}]
    assert again == []


async def test_an_archived_thread(discord: LocalDiscord, bot: Running) -> None:
    """An announcement unarchives its thread; if that is locked, it goes to the owner."""
    ann, general = discord.person("ann"), discord.channel("general")
    threads = []
    for name in ("kitchen", "cellar"):
        thread = await ann.open_thread(await ann.say(general, name), name)
        await ann.say(thread, f"!pomodoro {name} 5m")
        await discord.wait_for(says(name, "Ends"), channel=thread)
        threads.append(thread)
    discord.archive_thread(threads[0])
    discord.archive_thread(threads[1], locked=True)
    bot.advance(300)
    await discord.wait_for(says("POMODORO! kitchen"), channel=threads[0])
    await discord.wait_for(says("POMODORO! cellar"), channel=await ann.dm())


async def test_an_archived_thread_and_a_lost_answer(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """If the answer to an announcement that unarchived a thread is lost, it is still made once."""
    ann, general = discord.person("ann"), discord.channel("general")
    thread = await ann.open_thread(await ann.say(general, "kitchen"), "kitchen")
    await ann.say(thread, "!pomodoro tea 5m")
    await discord.wait_for(says("tea", "Ends"), channel=thread)
    discord.archive_thread(thread)
    discord.faults.fail(failures.error(400, 50083), only=SEND, times=1)
    lost = discord.faults.fail("lost", only=SEND, times=1)
    bot.advance(300)
    await bot.until(lambda: rows(tmp_path / "test.db", ANNOUNCED) == [("sent",)])
    assert lost.struck
    assert announced(discord, "tea", thread) == 1


async def test_what_discord_will_not_take(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """A message that Discord rejects as malformed blocks nothing: the next in its channel is announced."""
    await started(discord)
    await bot.stop()
    await change(tmp_path / "test.db", "UPDATE timers SET name = ?", "x" * 2500)
    await bot.start()
    await started(discord, "eggs", "6m")
    bot.advance(300)
    await eventually(lambda: ("undeliverable",) in rows(tmp_path / "test.db", ANNOUNCED))
    bot.advance(60)
    await discord.wait_for(says("POMODORO! eggs"))
    assert {e.response["code"] for e in discord.exchanges if e.status == 400} == {50035}


async def test_many_at_once(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """Timers that end together in a channel are announced in few messages, with menus to each one's buttons."""
    ann, ben, general = discord.person("ann"), discord.person("ben"), discord.channel("general")
    await bot.stop()
    await bot.start(max_timers_per_user=0)
    for number in range(60):
        person = ben if number % 2 else ann
        out = await person.slash(general, "pomodoro start", name=f"tea {number}x", duration="10m")
        assert "Ends" in text_of(out.answer)
    bot.advance(600)
    # Time passes slowly: a timer a minute late would be marked as late, and mention each person once.
    await eventually(lambda: len(rows(tmp_path / "test.db", ANNOUNCED)) == 60)
    await bot.until(lambda: set(rows(tmp_path / "test.db", ANNOUNCED)) == {("sent",)}, step=0.05)
    messages = [m for m in discord.messages(general) if "POMODORO!" in text_of(m)]
    assert len(messages) <= 5
    lines = [line for m in messages for line in text_of(m).splitlines() if line.startswith("POMODORO!")]
    assert sorted(lines) == sorted(
        f"POMODORO! tea {number}x · <@{(ben if number % 2 else ann).id}>" for number in range(60)
    )
    largest = max(messages, key=lambda message: len(text_of(message)))
    assert set(discord.pinged(largest)) == {ann.id, ben.id}
    menu = largest["components"][-1]["components"][0]
    mine = next(option for option in menu["options"] if int(option["label"][4:-1]) % 2 == 0)
    out = await ann.select(largest, menu["custom_id"], [mine["value"]])
    assert mine["label"] in text_of(out.answer)
    assert "Ends" in text_of(out.answer)


async def test_a_long_outage(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """After a long outage a channel gets one message with the finished timers, and how long ago each ended."""
    for number in range(1, 4):
        await started(discord, f"tea{number}", f"{number}m")
    await bot.stop()
    bot.advance(7200)
    await bot.start()
    late = await discord.wait_for(says("POMODORO! tea1", "POMODORO! tea2", "POMODORO! tea3"))
    assert "finished 1 h 59 min ago, while I was offline" in text_of(late)
    assert len([m for m in discord.messages(discord.channel("general")) if "POMODORO!" in text_of(m)]) == 1


async def test_the_gateway_is_gone_for_long(discord: LocalDiscord, bot: Running, log: list[dict[str, str]]) -> None:
    """A gateway session that cannot be resumed for a minute is given up, and a new one begun."""
    discord.faults.gateway_down, discord.faults.refuse_resume = True, True
    await discord.drop_gateway(resumable=False)
    await bot.until(lambda: any(line["event"] == "gateway_session_lost" for line in log), step=5)
    discord.faults.gateway_down = False
    await bot.until(lambda: discord.gateway.connected)
    await started(discord)


async def test_one_bad_row(discord: LocalDiscord, bot: Running, log: list[dict[str, str]], tmp_path: Path) -> None:
    """A damaged row is reported and skipped; other timers are listed and announced as usual."""
    for name in ("tea", "bad", "eggs"):
        await started(discord, name)
    await bot.stop()
    await change(tmp_path / "test.db", "UPDATE timers SET length = 'no number' WHERE name = 'bad'")
    await change(tmp_path / "test.db", "UPDATE timers SET due_at = 'soon' WHERE name = 'eggs'")
    await bot.start()
    await started(discord, "milk")
    request = await discord.person("ann").say(discord.channel("general"), "!pomodoro list")
    listed = await discord.wait_for(says("tea", "milk"), after=request)
    assert "bad" not in text_of(listed)
    bot.advance(300)
    for name in ("tea", "milk"):
        await discord.wait_for(says(f"POMODORO! {name}"))
    await bot.until(lambda: any(line["event"] == "timer_set_aside" for line in log), step=60)
    unchanged = "SELECT name, state, version, length, due_at > 0 FROM timers WHERE name IN ('bad', 'eggs')"
    assert rows(tmp_path / "test.db", unchanged) == [
        ("bad", "running", 1, "no number", 1),
        ("eggs", "running", 1, 300_000, 1),
    ]
    damaged = [(line["table"], line["row"], line["column"]) for line in log if line["event"] == "row_damaged"]
    assert sorted(set(damaged)) == [("timers", "2", "length"), ("timers", "3", "due_at")]
    assert len(damaged) == 2


async def test_bad_rows_of_all(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """The bot starts beside damaged leases and key-value rows, and serves a server whose rules are unreadable."""
    await started(discord)
    await eventually(lambda: rows(tmp_path / "test.db", "SELECT key FROM notes"))
    await bot.stop()
    await plant(f"sqlite:///{tmp_path / 'test.db'}", only=("leases", "notes"))
    values = (int(discord.guild.id), "<#12>,x", "3x(", "<@&5>")
    statement = "INSERT INTO rules (guild_id, channels, plan, keeper_role) VALUES (?, ?, ?, ?)"
    await change(tmp_path / "test.db", statement, *values)
    await bot.start()
    await started(discord, "milk")
    bot.advance(300)
    for name in ("tea", "milk"):
        await discord.wait_for(says(f"POMODORO! {name}"))


async def test_forgotten(discord: LocalDiscord, bot: Running, tmp_path: Path) -> None:
    """Timers that ended KEEP_FINISHED_DAYS ago are deleted, with their outbox messages."""
    await started(discord)
    await started(discord, "coffee", "24h")
    bot.advance(300)
    await eventually(lambda: rows(tmp_path / "test.db", ANNOUNCED) == [("sent",)])
    await discord.wait_for(says("Finished at"))
    await bot.stop()
    bot.advance(31 * 86_400)
    await bot.start()
    await eventually(lambda: rows(tmp_path / "test.db", "SELECT name FROM timers") == [("coffee",)])
    assert rows(tmp_path / "test.db", "SELECT count(*) FROM outbox WHERE timer_id = 1") == [(0,)]


async def test_the_gateway_is_gone(discord: LocalDiscord, bot: Running) -> None:
    """Announcements need no gateway; after a session that cannot be resumed, commands and timers continue."""
    await started(discord)
    discord.faults.gateway_down, discord.faults.refuse_resume = True, True
    await discord.drop_gateway(resumable=False)
    bot.advance(300)
    await discord.wait_for(says("POMODORO! tea"))
    discord.faults.gateway_down = False
    await bot.until(lambda: discord.gateway.connected)
    await started(discord, "eggs")
    bot.advance(300)
    await discord.wait_for(says("POMODORO! eggs"))
    assert (announced(discord), announced(discord, "eggs")) == (1, 1)


async def test_missed_in_a_gap(discord: LocalDiscord, bot: Running) -> None:
    """A command typed while the gateway was down is carried out after it resumes, once."""
    await discord.drop_gateway(resumable=True)
    await started(discord)
    bot.advance(300)
    await discord.wait_for(says("POMODORO! tea"))
    await discord.wait_for(says("Finished at"))
    assert announced(discord) == 1


async def test_the_database_is_locked(
    discord: LocalDiscord, bot: Running, log: list[dict[str, str]], tmp_path: Path
) -> None:
    """A command that cannot be saved is answered so and starts nothing; due timers are announced afterwards."""
    await started(discord)
    ann, general = discord.person("ann"), discord.channel("general")
    other = sqlite3.connect(tmp_path / "test.db", timeout=20, isolation_level=None, check_same_thread=False)
    await asyncio.to_thread(other.execute, "BEGIN EXCLUSIVE")  # the bot may be writing just now, on this loop
    request = await ann.say(general, "!pomodoro eggs 5m")
    await discord.wait_for(says("couldn't save that, so nothing's changed"), channel=general, after=request)
    bot.advance(300)
    await eventually(lambda: any(line["event"] == "finish_failed" for line in log))
    assert announced(discord) == 0
    other.execute("ROLLBACK")
    other.close()
    await bot.until(lambda: announced(discord))
    assert (announced(discord), announced(discord, "eggs")) == (1, 0)


async def test_only_the_owner_is_pinged(discord: LocalDiscord, bot: Running) -> None:
    """Neither the card nor its edits ping anyone; the announcement pings the owner."""
    card = await started(discord)
    assert discord.pinged(card) == []
    out = await discord.person("ann").click(card, "Pause")
    assert out.answer["mentions"] == []
    await discord.person("ann").click(card, "Resume")
    bot.advance(300)
    over = await discord.wait_for(says("POMODORO! tea"))
    assert discord.pinged(over) == [discord.person("ann").id]
    message = await discord.wait_for(says("Finished at"))
    assert message["mentions"] == []
