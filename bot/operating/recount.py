"""``python -m bot recount``: derives from the focus log again which seconds count for each entry.

It may run beside the bot: it writes in many short transactions.
"""

import asyncio

from bot.operating.exit_code import fail
from bot.settings import Settings
from bot.store import counted_time
from bot.store.database import DatabaseUnavailable
from bot.store.schema import migrated


def recount(settings: Settings) -> int:
    """Do it, print the result and return the exit code: 0 success, 1 failure."""
    try:
        people = asyncio.run(_recount(settings.database_url))
    except DatabaseUnavailable as error:
        return fail(f"Not everything was recounted. The database cannot be used: {error}")
    print(f"Recounted the focus of {people} people.")
    return 0


async def _recount(url: str) -> int:
    async with migrated(url) as database:
        async with database.read() as connection:
            people = await counted_time.people(connection)
        for user_id in people:
            after, has_more = None, True
            while has_more:
                async with database.write() as connection:
                    after = await counted_time.rebuild(connection, user_id, after)
                has_more = after is not None
        return len(people)
