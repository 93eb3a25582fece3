"""``python -m bot export-person ID FILE`` and ``delete-person ID``: the rights of people who cannot reach the bot.

People who share no server with the bot, and have not installed it, cannot ask it. Both may run beside the bot.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any

from bot.domain.errors import NotSaved
from bot.domain.outbox_message import OutboxMessage
from bot.domain.timers.timer import Due
from bot.engine.clock import Clock
from bot.operating.exit_code import fail
from bot.service.privacy import Privacy
from bot.service.sessions import Sessions
from bot.store.database import Database, DatabaseUnavailable
from bot.store.schema import migrated


class _LeftToTheBot:
    """Counts nothing down and delivers nothing here: the bot that runs, or starts next, does both."""

    def put(self, what: Due | Iterable[OutboxMessage]) -> None:
        """Leave it to the bot."""

    def drop(self, timer_id: int) -> None:
        """Leave it to the bot, which finds that the timer is gone."""

    def refresh(self) -> None:
        """Leave it to the bot."""


def export_person(database_url: str, user_id: int, file: Path) -> int:
    """Write everything stored about a person to a ZIP, or several; return the exit code: 0 success, 1 failure."""
    return _run(_export(database_url, user_id, file))


def delete_person(database_url: str, user_id: int) -> int:
    """Delete everything stored about a person, and print how much; return the exit code: 0 success, 1 failure."""
    return _run(_delete(database_url, user_id))


async def _export(url: str, user_id: int, file: Path) -> None:
    async with migrated(url) as database, _privacy(database).export(user_id) as archive:
        for number in range(len(archive)):
            part = file.with_stem(f"{file.stem}-{number + 1}") if number else file
            with part.open("xb") as written:
                written.write(archive.part(number))
            print(f"Written: {part}")


async def _delete(url: str, user_id: int) -> None:
    async with migrated(url) as database:
        gone = await _privacy(database).delete(user_id)
    for table, count in gone.items():
        print(f"{count:12,}  {table}")
    print(f"{gone.total():12,}  rows deleted in total.")


def _privacy(database: Database) -> Privacy:
    clock, bot = Clock(), _LeftToTheBot()
    sessions = Sessions(database, clock, 0)
    sessions.attach(bot, bot)
    privacy = Privacy(database, sessions, clock)
    privacy.attach(bot, bot)
    return privacy


def _run(work: Coroutine[Any, Any, None]) -> int:
    try:
        asyncio.run(work)
    except (DatabaseUnavailable, NotSaved) as error:
        return fail(f"The database cannot be used: {error}")
    except OSError as error:
        return fail(f"The file cannot be written: {error}")
    return 0
