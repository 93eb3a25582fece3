"""A session: how late its phases begin, its requests at each boundary, and twenty people pressing buttons."""

import asyncio
import contextlib
import itertools
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.localdiscord.channel import Channel
from bot.localdiscord.events import Event
from bot.localdiscord.local import LocalDiscord, text_of
from bot.localdiscord.people import Person
from tests.bench.contender import Ours, Round
from tests.bench.spans import beats, greatest, middle
from tests.bench.table import Figure
from tests.reading import choose, says

_PATIENCE = 60.0
_JUST_ME = "Pause just me"
# Seconds that doors are open, and how many people a second come in by them.
_AHEAD, _PER_SECOND = 2, 25
# A boundary's requests count from so many seconds before it to as many before the next, or after the last.
_EARLY, _AFTER = 0.2, 3.0


@dataclass(frozen=True, slots=True)
class Course:
    """The course of a session: milliseconds that each boundary was late, its requests, and the wrong cards."""

    late: list[float]
    requests: list[int]
    wrong: int

    def figures(self, title: str) -> list[Figure]:
        drift = self.late[-1] - self.late[0] if self.late else None
        return [
            Figure(f"{title}: a phase late, median", middle(self.late)),
            Figure(f"{title}: a phase late, max", greatest(self.late), most=300),
            Figure(f"{title}: the last later than the first", drift, most=50, least=-50),
            Figure(f"{title}: requests for a boundary, max", greatest(self.requests), "", most=12),
            Figure(f"{title}: cards lost, doubled or wrong", self.wrong, "", most=0, counts_losses=True),
        ]


class Cards:
    """Records each card that the bot posts in a channel, as first posted: its Unix seconds and its text."""

    def __init__(self, discord: LocalDiscord, room: Channel) -> None:
        self.all: list[tuple[float, str]] = []
        self._discord = discord
        self._room = room
        discord.backend.events.listeners.append(self._listen)

    def _listen(self, event: Event) -> None:
        message = event.message
        if event.name == "MESSAGE_CREATE" and message and message.channel_id == self._room.id:
            text = text_of(message.wire(self._discord.world, deep=False))
            if text.startswith("### "):
                self.all.append((message.posted_at, text))


async def measure(run: Round) -> list[Figure]:
    """Run a session of one person and one of fifty, in seconds for minutes; let twenty press buttons in another."""
    async with run.enter(Ours) as contender:
        assert isinstance(contender, Ours)
        discord = contender.discord
        discord.limits.enabled = True
        crowd = [discord.add_person(f"p{number}") for number in range(49)]
        await contender.start()
        figures = []
        lengths = run.of(4, 2), run.of(2, 1), run.of(3, 2), run.of(3, 2)
        for others in ([], crowd):
            course = await _run(contender, others, *lengths)
            phases = 2 * lengths[-1]
            people = f"{1 + len(others)} people" if others else "1 person"
            figures += course.figures(f"session of {people}, {phases} phases")
        return figures + await _press(contender, crowd[:20])


async def _run(contender: Ours, others: Sequence[Person], focus: int, short: int, long: int, rounds: int) -> Course:
    """Run a session through all its phases, in a channel of its own; the others join while its doors are open."""
    discord, room = contender.discord, contender.make_channels(1)[0]
    cards = Cards(discord, room)
    ahead = _AHEAD + len(others) // _PER_SECOND
    plan = f"focus {focus}s short {short}s long {long}s rounds {rounds}"
    await discord.person("ann").say(room, f"!focus {plan} in {ahead}s")
    doors = await discord.wait_for(says("Starting soon – come on in"), channel=room, timeout=_PATIENCE)
    start = _opens(contender.file, room)
    async with asyncio.TaskGroup() as joining:
        async for beat in beats(len(others), _PER_SECOND):
            joining.create_task(others[beat].click(doors, "Join"))
    lengths = [focus, short] * (rounds - 1) + [focus, long]
    await discord.wait_for(says("All done"), channel=room, timeout=ahead + sum(lengths) + _PATIENCE)
    del cards.all[0]  # the doors
    places = list(itertools.accumulate(lengths, initial=start))
    titles = [f"Focus · {at // 2 + 1} of {rounds}" if at % 2 == 0 else "Short break" for at in range(len(lengths))]
    titles[-1:] = ["Long break", "All done"]
    ends = [f"<t:{round(place)}:R>" for place in places[1:]] + [""]
    right = [title in text and end in text for title, end, (_, text) in zip(titles, ends, cards.all, strict=False)]
    requested_at = [request.at for request in contender.ear.requests]
    return Course(
        late=[(at - place) * 1000 for (at, _), place in zip(cards.all, places, strict=False)],
        requests=[
            sum(since - _EARLY <= at < until - _EARLY for at in requested_at)
            for since, until in itertools.pairwise([*places, places[-1] + _AFTER])
        ],
        wrong=max(len(titles), len(cards.all)) - sum(right),
    )


def _opens(file: Path, room: Channel) -> float:
    """Return when the session whose doors are open in a channel begins, in Unix seconds."""
    statement = "SELECT due_at FROM sessions JOIN timers ON id = timer_id WHERE at = -1 AND channel_id = ?"
    with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as connection:
        ((due_at,),) = connection.execute(statement, (int(room.id),))
    return float(due_at) / 1000


async def _press(contender: Ours, people: Sequence[Person]) -> list[Figure]:
    """Let people join within a second; of four two leave and one rests at once, and the host pauses for all."""
    discord, ann, room = contender.discord, contender.discord.person("ann"), contender.make_channels(1)[0]
    await ann.say(room, "!focus")
    card = await discord.wait_for(says("Focus · 1 of 4"), channel=room, timeout=_PATIENCE)
    delays: list[float] = []
    unanswered = 0

    async def press(person: Person, *buttons: str) -> None:
        nonlocal unanswered
        for button in buttons:
            began = time.perf_counter()
            outcome = await (person.click(card, button) if button == "Join" else choose(person, card, button))
            unanswered += outcome.kind not in {"modal", "update"}
            delays.append((time.perf_counter() - began) * 1000)

    contender.ear.forget_requests()
    then = ((), ("Leave",), (_JUST_ME,), ("Leave",))
    async with asyncio.TaskGroup() as pressing:
        async for beat in beats(len(people), len(people)):
            pressing.create_task(press(people[beat], "Join", *then[beat % 4]))
            if beat == len(people) // 2:
                pressing.create_task(press(ann, "Pause"))
    is_wrong = 0
    try:
        await discord.wait_for(
            lambda message: message["id"] == card["id"] and _is_right(text_of(message), people), timeout=20
        )
    except TimeoutError:
        is_wrong = 1
    edits = sum(request.method == "PATCH" for request in contender.ear.requests)
    title = f"{len(delays)} presses of {len(people)} people in a second"
    return [
        Figure(f"{title}: answered after, median", middle(delays)),
        Figure(f"{title}: answered after, max", greatest(delays), most=3_000),
        Figure(f"{title}: not answered", unanswered, "", most=0, counts_losses=True),
        Figure(f"{title}: edits of the card", edits, ""),
        Figure(f"{title}: card wrong at the end", is_wrong, "", most=0, counts_losses=True),
    ]


def _is_right(text: str, people: Sequence[Person]) -> bool:
    """Return whether a card shows who is in, who rests, and that all is paused."""
    lines = text.splitlines()
    expected = {
        f"{person.mention}{' ⏸️' if number % 4 == 2 else ''}": number % 2 == 0
        for number, person in enumerate(people)
    }
    return "⏸️ Focus" in text and all((line in lines) is is_in for line, is_in in expected.items())
