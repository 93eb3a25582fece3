"""Repeating reminders while the bot is away for a day, is killed at random, and loses Discord's answers.

Nothing waits for a day: while the bot is dead, its rows are moved back in time.
"""

import random
import re
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from bot.localdiscord.alteration import replaced
from bot.localdiscord.channel import Channel
from bot.localdiscord.local import LocalDiscord, text_of
from tests.botprocess import Process
from tests.faults.conftest import Report, settings, stop
from tests.faults.lives import Lives
from tests.faults.posts import Posts
from tests.reading import Message, eventually, rows, says

SEND = "POST /channels/{channel_id}/messages"
PENDING = "SELECT id FROM outbox WHERE state = 'pending'"
# Milliseconds between two times, and how many of them a day has.
EVERY, A_DAY = 600_000, 144
SECRET = "zanzibar"
_DUE = re.compile(r"^⏰ <@\d+> (\w+)$", re.MULTILINE)


async def ask(discord: LocalDiscord, words: str, room: Channel | None = None) -> Message:
    """Let ann set a reminder, and return the confirmation."""
    request = await discord.person("ann").say(room or discord.channel("general"), f"!remind {words}")
    return await discord.wait_for(says("I'll remind you"), after=request, timeout=30)


async def kill(discord: LocalDiscord, bot: Process) -> str:
    """Kill the bot, and return its output and log."""
    bot.signal(signal.SIGKILL)
    _, text, log = await bot.ended()
    discord.gateway.sessions.clear()
    return text + log


def move_back(database: Path, number: int, first_at: int) -> None:
    """Change when a pending reminder is due, in milliseconds."""
    with closing(sqlite3.connect(database)) as connection, connection:
        ((was,),) = connection.execute("SELECT first_at FROM reminders WHERE timer_id = ?", (number,))
        connection.execute("UPDATE reminders SET first_at = ? WHERE timer_id = ?", (first_at, number))
        moved = "UPDATE timers SET due_at = ?, started_at = started_at - ? WHERE id = ?"
        connection.execute(moved, (first_at, was - first_at, number))


def in_a_while(seconds: float) -> int:
    """Return the moment so many seconds from now, in the database's format."""
    return round((time.time() + seconds) * 1000)


async def test_a_day_missed(discord: LocalDiscord, bot: Process, database: Path) -> None:
    """Killed, and away for a day, it reports the missed times once; the next comes on time."""
    posts = Posts(discord)
    await bot.start()
    await discord.wait_connected(timeout=30)
    await ask(discord, "every 10 minutes water")
    await kill(discord, bot)
    following = in_a_while(15)
    first = following - A_DAY * EVERY
    move_back(database, 1, first)
    posts_before = len(posts.all)
    await bot.start()
    late = await discord.wait_for(says("water", "missed"), timeout=30)
    assert f"-# was due <t:{round(first / 1000)}:" in text_of(late)
    assert ", 23 h 59 min ago, while I was offline" in text_of(late)
    assert f"· missed {A_DAY - 1} more times since" in text_of(late)
    assert f"next <t:{round(following / 1000)}:R>" in text_of(late)
    assert time.time() * 1000 < following, "too slow a machine: the next time has come already"
    on_time = await discord.wait_for(says("water", "next"), after=late, timeout=30)
    assert 0 <= discord.posted_at(on_time["id"]) - following / 1000 < 1
    assert "was due" not in text_of(on_time)
    await eventually(lambda: not rows(database, PENDING))
    await stop(bot)
    assert len(posts.all) == posts_before + 2
    assert rows(
        database, "SELECT fired, missed, due_at FROM reminders JOIN timers ON id = timer_id ORDER BY id"
    ) == [
        (A_DAY + 1, 0, following + EVERY),  # the series, and the two times that it has come
        (0, A_DAY - 1, first),
        (A_DAY, 0, following),
    ]


async def test_kills(
    chance: random.Random, seed: int, tmp_path: Path, discord: LocalDiscord, database: Path, report: Report
) -> None:
    """Killed at random, it announces each late or punctual time once and counts each missed one."""
    posts = Posts(discord)
    lives = Lives(tmp_path, discord, settings(discord, database), chance, most_requests=6, longest=0.6)
    series, ending, counts = 24, 6, 100
    rooms = [discord.create_channel(f"room-{number}") for number in range(10)]
    async with lives.in_peace():
        for number in range(1, series + ending + 1):
            end = f" for {counts} times" if number > series else ""
            await ask(discord, f"every 10 minutes r{number}{end}", rooms[number % len(rooms)])
    over = in_a_while(16)
    firsts = {}
    for number in range(1, series + ending + 1):
        days = chance.choice((A_DAY, 5 * A_DAY))
        # Missed times are announced by then, even if its first lives end before they get to that.
        firsts[number] = in_a_while(chance.uniform(5, 15)) - days * EVERY
        move_back(database, number, firsts[number])
    while time.time() * 1000 < over:
        await lives.live_and_die()
    async with lives.in_peace():
        now = time.time() * 1000
        passed = f"SELECT id FROM timers WHERE state = 'running' AND due_at < {now}"
        await eventually(lambda: not rows(database, f"{passed} UNION {PENDING}"))
    announced = _said(posts)
    done = "SELECT coalesce(origin_id, id) FROM reminders JOIN timers ON id = timer_id WHERE state = 'done'"
    written = Counter(f"r{number}" for (number,) in rows(database, done))
    times = dict(rows(database, "SELECT timer_id, fired FROM reminders WHERE origin_id IS NULL"))
    missed = dict(rows(database, "SELECT coalesce(origin_id, timer_id), sum(missed) FROM reminders GROUP BY 1"))
    owed = {number: counts if number > series else (over - first) // EVERY + 1 for number, first in firsts.items()}
    report(
        {
            "kills": lives.kills,
            "reminders": len(firsts),
            "times": sum(owed.values()),
            "said": announced.total(),
            "counted as missed": sum(missed.values()),
            "lost": sum(owed[number] - times[number] for number in owed),
            "doubled": sum(max(0, announced[name] - count) for name, count in written.items()),
            "seed": seed,
        }
    )
    assert announced == written
    assert times == owed
    assert {number: announced[f"r{number}"] + missed[number] for number in owed} == owed
    assert all(announced[f"r{number}"] == (1 if number > series else 2) for number in owed)
    assert lives.kills >= 5


async def test_lost_answers(discord: LocalDiscord, bot: Process, database: Path, report: Report) -> None:
    """If Discord accepts late and punctual messages but its answers are lost, each is posted once."""
    posts = Posts(discord)
    discord.faults.alter_event(
        "MESSAGE_CREATE", replaced("nonce", None)
    )  # nor does the gateway report what has arrived
    await bot.start()
    await discord.wait_connected(timeout=30)
    for number in range(1, 6):
        await ask(discord, f"every 10 minutes r{number}")
    await kill(discord, bot)
    for number in range(1, 6):
        move_back(database, number, in_a_while(15 + number / 5) - A_DAY * EVERY)
    discord.faults.fail("lost", only=SEND, times=2)
    await bot.start()
    await discord.wait_for(says("r1", "missed"), timeout=30)
    await eventually(lambda: not rows(database, PENDING))
    discord.faults.fail("lost", only=SEND, times=3)
    await discord.wait_until(lambda: _said(posts).total() == 10, 30)
    await eventually(lambda: not rows(database, PENDING))
    await stop(bot)
    lost = sum(exchange.status == 0 for exchange in discord.exchanges)
    report({"times": 10, "said": _said(posts).total(), "answers lost": lost})
    assert set(_said(posts).values()) == {2}
    assert lost == 5


async def test_words_are_never_logged(discord: LocalDiscord, bot: Process, database: Path) -> None:
    """Not even the traceback of a failed statement contains a reminder's text."""
    posts = Posts(discord)
    await bot.start()
    await discord.wait_connected(timeout=30)
    await ask(discord, f"every 10 minutes {SECRET}")
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TRIGGER no BEFORE INSERT ON timers BEGIN SELECT RAISE(ABORT, 'no'); END")
    request = await discord.person("ann").say(discord.channel("general"), f"!remind 5m {SECRET}")
    await discord.wait_for(says("something went wrong on my end"), after=request, timeout=30)
    before = await kill(discord, bot)
    move_back(database, 1, in_a_while(-60))
    await bot.start()
    await bot.says("timer_not_ended")  # the occurrence cannot be recorded
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DROP TRIGGER no")
    await discord.wait_until(lambda: _said(posts)[SECRET], 30)
    bot.signal(signal.SIGTERM)
    code, text, log = await bot.ended()
    assert code == 0
    assert "Traceback" in before
    assert "Traceback" in log
    assert SECRET not in before + text + log


def _said(posts: Posts) -> Counter[str]:
    return Counter(name for post in posts.all for name in _DUE.findall(post.text))
