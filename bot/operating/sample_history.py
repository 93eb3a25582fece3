"""``python -m bot sample-history USER GUILD CHANNEL``: a month of made-up focus, for the playground to show.

It may run beside the bot: it writes once, in one short transaction.
"""

import asyncio
import random
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.domain.stats.log import NO_TIMER, Entry, EntryOutcome
from bot.operating.exit_code import fail
from bot.settings import Settings
from bot.store import entries as entry_rows, focus_log, preferences
from bot.store.database import DatabaseUnavailable
from bot.store.schema import migrated

_DAYS = 30
_FOCUS, _BREAK = timedelta(minutes=25), timedelta(minutes=5)
_LUNCH = 13
_SATURDAY = 5
_MORNING = ("write the report", "write the report", "mail")
_AFTERNOON = ("reading", "maths", "write the report")
_WEEKEND = ("guitar", "reading")


def sample_history(settings: Settings, user_id: int, guild_id: int, channel_id: int) -> int:
    """Write it, print the result and return the exit code: 0 success, 1 failure, 2 on the real Discord."""
    if urlsplit(settings.discord_api_url).hostname not in {"127.0.0.1", "localhost", "::1"}:
        return fail("Focus is made up on a local Discord only, and DISCORD_API_URL names another.", 2)
    try:
        count = asyncio.run(_write(settings.database_url, user_id, guild_id, channel_id))
    except DatabaseUnavailable as error:
        return fail(f"Nothing was written. The database cannot be used: {error}")
    if count:
        print(f"A month of sample history is in: {count} pomodoros.")
    else:
        print("There is a month of history already.")
    return 0


async def _write(url: str, user_id: int, guild_id: int, channel_id: int) -> int:
    async with migrated(url) as database, database.write() as connection:
        # No time counts twice: made-up focus ends before real focus begins.
        now = datetime.now(UTC)
        until = await entry_rows.first_at(connection, user_id) or now
        zone = (await preferences.of(connection, user_id)).zone_or_utc
        entries = [
            Entry(
                user_id, guild_id, channel_id, NO_TIMER, None, began_at, ended_at, ended_at - began_at, task,
                EntryOutcome.FINISHED,
            )
            for began_at, ended_at, task in month(until, now, zone, random.Random(user_id))  # noqa: S311 - not a secret
        ]  # fmt: skip
        await focus_log.add(connection, entries)
    return len(entries)


def month(
    until: datetime, now: datetime, zone: ZoneInfo, chance: random.Random
) -> Iterator[tuple[datetime, datetime, str]]:
    """Yield made-up pomodoros of the last thirty days, by the clock of ``zone``, that end by ``until``.

    None if the person has history for almost all that time, which may be made up already.
    """
    today = now.astimezone(zone).date()
    first = today - timedelta(days=_DAYS)
    if until.astimezone(zone).date() < first + timedelta(days=7):
        return
    for number in range(_DAYS + 1):
        day = first + timedelta(days=number)
        at_weekend = day.weekday() >= _SATURDAY
        begins = datetime.combine(day, time(11 if at_weekend else 8, chance.randrange(60)), zone).astimezone(UTC)
        count = chance.randrange(4) if at_weekend else chance.randrange(4, 11)
        if day == today and until == now:  # so that a new week is not empty
            midnight = datetime.combine(day, time(), zone).astimezone(UTC)
            begins, count = max(midnight, min(begins, now - 2 * (_FOCUS + _BREAK))), max(count, 1)
        for _ in range(count):
            hour = begins.astimezone(zone).hour
            tasks = _WEEKEND if at_weekend else _MORNING if hour < _LUNCH else _AFTERNOON
            task = chance.choice(tasks)
            if begins + _FOCUS <= until:
                yield begins, begins + _FOCUS, task
            begins += _FOCUS + _BREAK * chance.choice((1, 1, 1, 3, 6, 12))
