"""Sessions while the bot is killed, and while Discord loses its answers."""

import random
import re
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.localdiscord.alteration import replaced
from bot.localdiscord.channel import Channel
from bot.localdiscord.exchange import Exchange
from bot.localdiscord.local import LocalDiscord
from bot.localdiscord.people import Person
from tests.botprocess import Process
from tests.faults.conftest import Report, settings, stop
from tests.faults.lives import Lives
from tests.faults.posts import Posts
from tests.reading import Message, buttons, choose, eventually, rows, says, shows

SEND = "POST /channels/{channel_id}/messages"
PENDING = "SELECT id FROM outbox WHERE state = 'pending'"
KILLS = 40
# From this many seconds on, an announcement says that it is late.
LATE = 10
# Without the count of silent rounds, which grows with every round.
_PEOPLE = """
    SELECT timer_id, user_id, joined_at, task, notify, resting, by_voice, left_at, since, focused, spans
    FROM participants ORDER BY timer_id, user_id
"""
_EFFORTS = "SELECT timer_id, phase, user_id, focused FROM efforts"


async def open_doors(discord: LocalDiscord, room: Channel, plan: str) -> Message:
    """Let ann announce a session; return its card."""
    request = await discord.person("ann").say(room, f"!focus {plan} in 1h")
    return await discord.wait_for(says("Starting soon – come on in"), channel=room, after=request, timeout=30)


async def come_in(person: Person, doors: Message, **fields: Any) -> None:
    """Let a person join, and submit the form with these values; without any they close it."""
    form = (await person.click(doors, "Join")).modal
    assert form
    if fields:
        assert (await person.submit(form, fields)).kind == "none"


async def press(person: Person, card: Message, label: str) -> None:
    assert (await choose(person, card, label)).kind == "update"


async def test_killed_in_a_break(discord: LocalDiscord, bot: Process, database: Path) -> None:
    """Killed in a break and started two boundaries later, it says so on one new card, and continues from there."""
    ann, ben, mia = (discord.person(name) for name in ("ann", "ben", "mia"))
    zoe, room, posts = discord.add_person("zoe"), discord.channel("focus"), Posts(discord)
    await bot.start()
    await discord.wait_connected(timeout=30)
    doors = await open_doors(discord, room, "4s focus, 8s break, 1s focus, 1m coffee, 1h focus")
    await come_in(ben, doors, task="the report")
    await come_in(zoe, doors, notify=["dm"])
    await discord.wait_for(says("You're in!"), after=await mia.say(room, "!focus join write tests"))
    await press(mia, doors, "Pause just me")
    before = time.time() * 1000
    await press(ann, doors, "Start now")
    ((at, began),) = rows(database, "SELECT at, began_at FROM sessions")
    assert (at, int(before) <= began <= time.time() * 1000) == (0, True)
    focus = await discord.wait_for(says("Focus · 1 of 3"), channel=room)
    places = room, await zoe.dm()
    rest, _ = [await discord.wait_for(says("Break"), channel=place, after=focus) for place in places]
    await discord.wait_until(lambda: all(message["id"] != focus["id"] for message in discord.messages(room)), 10)

    bot.signal(signal.SIGKILL)
    await bot.ended()
    discord.gateway.sessions.clear()
    assert rows(database, "SELECT at FROM sessions") == [(1,)]
    people, posts_before = rows(database, _PEOPLE), len(posts.all)
    with pytest.raises(TimeoutError):  # two boundaries pass, and as long again as it takes to be late
        await discord.wait_until(lambda: posts.all[posts_before:], began / 1000 + 13 + LATE + 0.5 - time.time())
    await bot.start()
    card = await discord.wait_for(says("Coffee"), channel=room, after=rest, timeout=30)

    place = "SELECT at, began_at, due_at FROM sessions JOIN timers ON id = timer_id"
    assert rows(database, place) == [(3, began + 13_000, began + 73_000)]
    assert rows(database, _PEOPLE) == people
    first = next(post.text for post in posts.all[posts_before:] if post.is_in(room))
    ((ends, late, why),) = re.findall(r"Ends <t:(\d+):R>.*\n-# started (\d+) s ago, (.+)", first)
    assert abs(int(ends) * 1000 - (began + 73_000)) <= 1_000
    assert (int(late) >= LATE, why) == (True, "while I was offline")
    roll = (f"{ann.mention} 👑", f"{ben.mention} · the report", f"{mia.mention} ⏸️ · write tests", zoe.mention)
    assert set(roll) <= set(first.splitlines())
    assert discord.pinged(card) == [ann.id, ben.id]
    assert not buttons(await discord.wait_for(shows(rest, f"{room.id}/{card['id']}"), timeout=30))

    await discord.wait_connected(timeout=30)
    await press(mia, card, "Pause just me")
    await press(ann, card, "Skip")
    last = await discord.wait_for(says("Focus · 3 of 3", f"{mia.mention} · write tests"), channel=room, after=card)
    await press(ann, last, "Stop")
    await discord.wait_for(says("Session stopped"), channel=await zoe.dm())
    await eventually(lambda: not rows(database, PENDING))
    await stop(bot)
    phases = ["Focus 1 of 3", "Break", "Coffee", "Focus 3 of 3", "Session stopped"]
    titles = [[post.title for post in posts.all if post.is_in(place) and post.title] for place in places]
    assert titles == [["Starting soon – come on in", *phases], phases]
    assert {(at, user_id, focused) for _, at, user_id, focused in rows(database, _EFFORTS) if at < 4} == {
        (at, int(person.id), ms) for at, ms in ((0, 4_000), (2, 1_000)) for person in (ann, ben, zoe)
    }


async def test_kills(
    chance: random.Random, seed: int, tmp_path: Path, discord: LocalDiscord, database: Path, report: Report
) -> None:
    """Killed at random throughout three sessions, it announces no phase twice, and counts each second once."""
    posts = Posts(discord)
    environment = settings(discord, database) | {"FOCUS_IDLE_ROUNDS": "0"}
    lives = Lives(tmp_path, discord, environment, chance, most_requests=8, longest=0.6)
    people = [discord.person(name) for name in ("ann", "ben", "mia")]
    rooms = [discord.create_channel(f"room-{number}") for number in range(3)]
    # Each phase has a unique name, which identifies it in the account.
    lengths = (2, 2, 3, 2, 2)
    plan = ", ".join(
        f"{length}s {'break' if at % 2 else 'part'} {'abcde'[at]}" for at, length in enumerate(lengths)
    )
    async with lives.in_peace():
        await discord.wait_connected(timeout=30)
        for room in rooms:
            doors = await open_doors(discord, room, plan)
            for person in people[1:]:
                await come_in(person, doors)
            await press(people[0], doors, "Start now")
        began = dict(rows(database, "SELECT timer_id, began_at FROM sessions WHERE at = 0"))
        assert len(began) == len(rooms)
    while lives.kills < KILLS and rows(database, "SELECT timer_id FROM sessions WHERE ending IS NULL"):
        await lives.live_and_die()
    async with lives.in_peace():
        await discord.wait_until(lambda: all(posts.titles(room)["All done – nice work!"] for room in rooms), 30)
        await eventually(lambda: not rows(database, PENDING))

    titles = [posts.titles(room) for room in rooms]
    brief = sum("is over." in post.text for post in posts.all)
    report(
        {
            "kills": lives.kills,
            "phases": len(rooms) * len(lengths),
            "announced": sum(len(of) for of in titles) - 2 * len(rooms) - brief,
            "in brief": brief,
            "doubled": sum(count - 1 for of in titles for count in of.values()),
            "seed": seed,
        }
    )
    assert [{title: count for title, count in of.items() if count > 1} for of in titles] == [{}] * len(rooms)
    assert lives.kills >= 10
    assert not any("Join" in buttons(message) for room in rooms for message in discord.messages(room))
    ended = dict(rows(database, "SELECT timer_id, ended_at FROM sessions JOIN timers ON id = timer_id"))
    assert ended == {number: at + sum(lengths) * 1000 for number, at in began.items()}
    assert sorted(rows(database, _EFFORTS)) == sorted(
        (number, at, int(person.id), length * 1000)
        for number in began
        for at, length in enumerate(lengths)
        for person in people
        if at % 2 == 0
    )


async def test_lost_answers(
    chance: random.Random, seed: int, discord: LocalDiscord, bot: Process, database: Path, report: Report
) -> None:
    """If the answer to every card is lost, or the first attempt fails, each phase still has one card."""
    posts, room, struck = Posts(discord), discord.channel("focus"), Counter[str]()
    discord.limits.enabled = False  # that many tries of such short phases are more than Discord allows
    discord.faults.alter_event(
        "MESSAGE_CREATE", replaced("nonce", None)
    )  # nor does the gateway report what has arrived
    await bot.start()
    await discord.wait_connected(timeout=30)
    # A phase has room for one failure, after which discord.py waits for a second, or for some lost answers.
    faults = [("lost", 1), ("500", 1), ("lost", 3), ("lost", 2)]
    chance.shuffle(faults)

    def strike(exchange: Exchange) -> None:
        if f"{exchange.method} {exchange.route}" == SEND and exchange.status == 200 and faults:
            fault, times = faults.pop()
            discord.faults.fail(fault, only=SEND, times=times)
            struck[fault] += times

    doors = await open_doors(discord, room, "2s part a, 2s break b, 2s part c, 2s break d")
    discord.on_exchange.append(strike)
    await press(discord.person("ann"), doors, "Start now")
    await discord.wait_for(says("All done"), channel=room, timeout=30)
    await eventually(lambda: not rows(database, PENDING))
    await stop(bot)
    report({"messages": len(posts.all), "faults": struck.total()} | struck | {"seed": seed})
    assert struck == {"lost": 6, "500": 1}
    phases = [
        "Starting soon – come on in",
        "Part a 1 of 2",
        "Break b",
        "Part c 2 of 2",
        "Break d",
        "All done – nice work!",
    ]
    assert [post.title for post in posts.all] == phases
    assert not any("Join" in buttons(message) for message in discord.messages(room))
