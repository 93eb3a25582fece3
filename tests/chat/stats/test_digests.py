"""Servers that get their weekly digest each Monday."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.localdiscord.alteration import replaced
from bot.localdiscord.events import Event
from bot.localdiscord.local import LocalDiscord, text_of
from tests.bench.mondays import Mondays
from tests.chat.conftest import Running
from tests.chat.counting import DAY, NOON, Counting, M, alt, lines
from tests.clock import ManualClock
from tests.reading import change, eventually, rows, says

H = timedelta(hours=1)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
SEND = "POST /channels/{channel_id}/messages"
# Messages still to be sent, or to be recorded as sent.
PENDING = "SELECT id FROM outbox WHERE state = 'pending'"


async def test_digest(count: Counting, discord: LocalDiscord) -> None:
    """A server's week is posted on Monday at 9:00 in the channel that managers chose, until they switch it off."""
    refused = await count.ask("!stats digest")
    assert "You need Manage Server" in text_of(refused)
    assert count.rows("SELECT count(*) FROM timers") == [(0,)]
    for place in (count.general, count.focus):
        discord.allow(place, "MANAGE_GUILD", user=count.mia.user)
    await count.use("settings zone", count.mia, zone="Europe/Berlin")
    assert f"I'll post the week in <#{count.general.id}> every Monday" in text_of(
        await count.ask("!stats digest", count.mia)
    )
    answer = await count.ask(f"!stats digest <#{count.focus.id}>", count.mia)
    monday = datetime(2026, 3, 2, 8, tzinfo=NOON.tzinfo)  # nine in Berlin
    assert text_of(answer) == (
        f"I'll post the week in <#{count.focus.id}> every Monday, starting <t:{int(monday.timestamp())}:R>."
    )
    for person, minutes in ((count.ann, 50), (count.ben, 25), (count.mia, 90)):
        await count.prefers(person, shares=person is not count.mia)
        await count.did(person, (NOON - 2 * DAY, minutes, "hidden"))
    count.bot.advance((monday - NOON).total_seconds())
    digest = await discord.wait_for(says("### 🍅 The week from 23 February"), channel=count.focus)
    assert lines(digest)[1:] == [
        "1 h 15 min of focus",
        f"🥇 <@{count.ann.id}> · 50 min",
        f"🥈 <@{count.ben.id}> · 25 min",
        "-# Weeks and months are counted in this server's time zone, Europe/Berlin.",
    ]
    assert "1 h 15 min in total" in alt(digest)
    assert "task" not in alt(digest)
    assert not digest["mentions"]
    count.bot.advance(timedelta(days=7).total_seconds())
    empty = await discord.wait_for(says("The week from 2 March", "Nobody on the board focused this week"))
    assert empty["channel_id"] == count.focus.id
    assert "won't post this server's week" in text_of(await count.ask("!stats digest off", count.mia))
    assert count.rows("SELECT count(*) FROM timers WHERE state = 'running'") == [(0,)]


async def test_where_no_files_may_be_posted(count: Counting, discord: LocalDiscord) -> None:
    """If the bot may not attach files, digests and statistics come without their pictures."""
    discord.deny(count.general, "ATTACH_FILES")
    discord.allow(count.general, "MANAGE_GUILD", user=count.mia.user)
    await count.prefers(count.ann, shares=True)
    await count.did(count.ann, (NOON - DAY, 50, "write"))
    sums = await count.ask("!stats here", count.ann)
    assert "**this week** 50 min" in text_of(sums)
    await count.ask("!stats digest", count.mia)
    count.bot.advance((MONDAY - NOON).total_seconds())
    digest = await discord.wait_for(says("### 🍅 The week from", "50 min"), channel=count.general)
    assert not any("focus.png" in str(message["components"]) for message in (sums, digest))
    assert not any(exchange.status == 403 for exchange in discord.exchanges)


async def test_who_has_left_hears_nothing(count: Counting, discord: LocalDiscord) -> None:
    """If the channel is gone, the digest goes to the person who set it, unless they left the server."""
    for person in (count.mia, count.ben):
        place = discord.create_channel(person.name)
        discord.allow(place, "MANAGE_GUILD", user=person.user)
        person.install()
        await count.prefers(person, shares=True)
        await count.did(person, (NOON - DAY, 50, None))
        await count.ask("!stats digest #here".replace("#here", f"<#{place.id}>"), person, place)
        discord.delete_channel(place)
        if person is count.mia:
            discord.moderation.kick(person)
            count.bot.advance((MONDAY - NOON).total_seconds())
            await eventually(lambda: count.rows("SELECT state FROM outbox") == [("sent",)])
            assert discord.messages(await person.dm()) == []
    count.bot.advance(DAY.total_seconds() * 7)
    await discord.wait_for(says("The week from 2 March"), channel=await count.ben.dm())


async def test_digest_by_slash(count: Counting, discord: LocalDiscord) -> None:
    """The digest is set by slash command too, but not where the bot may not write, and not in direct messages."""
    discord.allow(count.general, "MANAGE_GUILD", user=count.mia.user)
    discord.allow(count.focus, "MANAGE_GUILD", user=count.mia.user)
    discord.deny(count.focus, "SEND_MESSAGES")
    refused = await count.use("stats digest", count.mia, channel=count.focus.id)
    assert "I can't post in that channel" in text_of(refused)
    assert "You need Manage Server" in text_of(await count.use("stats digest"))
    assert "I'll post the week in" in text_of(await count.use("stats digest", count.mia))
    assert "won't post this server's week" in text_of(await count.use("stats digest", count.mia, off=True))
    assert "only works in a server" in text_of(await count.ask("!stats digest", place=await count.ann.dm()))
    await eventually(lambda: count.pending == 0)


async def test_digest_on_the_other_side_of_the_world(count: Counting, discord: LocalDiscord) -> None:
    """If Monday begins while it is Sunday in UTC, the digest covers the week that just ended there, day by day."""
    discord.allow(count.general, "MANAGE_GUILD", user=count.mia.user)
    await count.ask("!stats digest", count.mia)
    await count.use("settings zone", count.mia, zone="Pacific/Auckland")  # which moves it
    await count.prefers(count.ann, shares=True)
    monday, sunday = datetime(2026, 2, 22, 11, tzinfo=UTC), datetime(2026, 3, 1, 10, tzinfo=UTC)
    await count.did(count.ann, (monday - M, 60, "before"), (monday + 30 * M, 20, None), (sunday, 30, None))
    count.bot.advance(timedelta(hours=8).total_seconds())
    digest = await discord.wait_for(says("### 🍅 The week from 23 February"))
    assert "50 min of focus" in text_of(digest)
    assert "50 min in total. Mon 20 min," in alt(digest)
    assert "Sun 30 min" in alt(digest)


@pytest.mark.parametrize(
    ("zones", "moved_at"),
    [
        (("Europe/Berlin", "America/New_York"), MONDAY),  # where Monday's nine is still to come
        (("America/New_York", "Pacific/Auckland"), MONDAY - 12 * H),  # where it has passed
    ],
)
async def test_a_zone_that_is_changed_on_a_monday(
    count: Counting, discord: LocalDiscord, zones: tuple[str, str], moved_at: datetime
) -> None:
    """A server that changes its zone during a Monday gets that week's digest once, and the next."""
    discord.allow(count.general, "MANAGE_GUILD", user=count.mia.user)
    await count.use("settings zone", count.mia, zone=zones[0])
    await count.ask("!stats digest", count.mia)
    count.bot.advance((moved_at - NOON).total_seconds())
    await count.bot.until(lambda: not count.rows(PENDING), step=0)
    await count.use("settings zone", count.mia, zone=zones[1])

    def told() -> list[str]:
        titles = [text_of(message).partition("\n")[0] for message in discord.messages(count.general)]
        return [title for title in titles if title.startswith("### 🍅 The week")]

    await count.bot.until(lambda: "### 🍅 The week from 2 March" in told(), step=3600)
    assert told() == ["### 🍅 The week from 23 February", "### 🍅 The week from 2 March"]


async def test_a_zone_that_was_half_saved(count: Counting, discord: LocalDiscord) -> None:
    """Where the server's zone was saved and its digest could not be moved, setting the zone again moves it."""
    discord.allow(count.general, "MANAGE_GUILD", user=count.mia.user)
    await count.ask("!stats digest", count.mia)
    await change(count.database, "ALTER TABLE reminders RENAME TO away")
    await count.use("settings zone", count.mia, zone="Europe/Berlin")
    await change(count.database, "ALTER TABLE away RENAME TO reminders")
    await count.use("settings zone", count.mia, zone="Europe/Berlin")
    due_at = count.rows("SELECT due_at / 1000 FROM timers WHERE purpose = 'digest'")
    assert due_at == [((MONDAY - H).timestamp(),)]


class Repeating:
    """Delivers a message a second time."""

    def __init__(self, count: Counting) -> None:
        self._count = count
        self._hearing = list(count.discord.backend.events.listeners)
        self._events: dict[str, Event] = {}
        count.discord.backend.events.listeners.append(self._hear)

    async def repeat(self, written: str) -> None:
        for listener in self._hearing:
            listener(self._events[written])
        await self._count.ask("!remind 2h eggs", self._count.mia)  # answered after it

    def _hear(self, event: Event) -> None:
        if event.name == "MESSAGE_CREATE":
            self._events.setdefault(event.data["content"], event)


DIGESTS = "SELECT state, channel_id FROM timers WHERE purpose = 'digest' ORDER BY id"


async def test_a_duplicate_delivery(count: Counting, discord: LocalDiscord) -> None:
    """A message that Discord delivers a second time undoes nothing that was set since."""
    for place in (count.general, count.focus):
        discord.allow(place, "MANAGE_GUILD", user=count.mia.user)
    twice = Repeating(count)
    general, focus = int(count.general.id), int(count.focus.id)
    await count.ask("!stats digest", count.mia)
    await twice.repeat("!stats digest")
    assert count.rows(DIGESTS) == [("running", general)]
    await count.ask("!stats digest off", count.mia)
    await twice.repeat("!stats digest")
    assert count.rows(DIGESTS) == [("cancelled", general)]
    await count.ask(f"!stats digest <#{focus}>", count.mia)
    await twice.repeat("!stats digest off")
    await twice.repeat("!stats digest")
    assert count.rows(DIGESTS) == [("cancelled", general), ("running", focus)]
    assert "won't post this server's week" in text_of(await count.use("stats digest", count.mia, off=True))
    assert count.rows(DIGESTS) == [("cancelled", general), ("cancelled", focus)]


async def test_many_on_one_morning(discord: LocalDiscord, clock: ManualClock, sqlite: str, tmp_path: Path) -> None:
    """Each of many servers gets one digest, with its own picture; people who ask for one need not wait."""
    mondays = Mondays(discord, 60)
    mondays.plant(tmp_path / "test.db", [MONDAY] * 60)
    bot = Running(discord, clock, sqlite)
    await bot.start(max_countdown_threads=4, requests_per_second=10_000)
    ann, general = discord.person("ann"), discord.channel("general")
    bot.advance((MONDAY - clock.now()).total_seconds())
    await discord.wait_until(lambda: len(mondays.told_at) > 5)
    request = await ann.say(general, "!stats here year")
    before = len(mondays.told_at)
    await discord.wait_for(says("No focus time yet"), channel=general, after=request)
    assert len(mondays.told_at) < before + 20
    for number in range(60):  # one after the other: a busy machine takes its time to draw them all
        await bot.until(lambda number=number: len(mondays.told_at) > number)  # type: ignore[misc]
    await eventually(lambda: not rows(tmp_path / "test.db", PENDING))
    await bot.stop()
    assert mondays.doubled == 0
    pictures = {alt(message) for channel in mondays.channels for message in discord.messages(channel)}
    assert len(pictures) == 60


async def test_posted_before_the_process_died(count: Counting, discord: LocalDiscord) -> None:
    """A digest whose process died before the answer is recognised, even if the sums have changed since."""
    discord.allow(count.general, "MANAGE_GUILD", user=count.mia.user)
    await count.ask("!stats digest", count.mia)
    await count.did(count.ann, (NOON - 2 * DAY, 50, "hidden"))
    discord.faults.alter_event("MESSAGE_CREATE", replaced("nonce", None))
    lost = discord.faults.fail("lost", only=SEND, times=1)
    count.bot.advance((MONDAY - NOON).total_seconds())
    await discord.wait_for(says("The week from 23 February"))
    await count.bot.crash()
    await count.prefers(count.ann, shares=True)
    count.bot.advance(timedelta(hours=1).total_seconds())
    await count.bot.start()
    await eventually(lambda: not count.rows(PENDING))
    assert lost.struck == 1
    tries = [e for e in discord.exchanges if e.method == "POST" and "The week from" in str(e.request)]
    assert len(tries) == 1
