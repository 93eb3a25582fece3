"""``python -m bot copy-database FROM TO``: copies the bot's data, for example from SQLite to PostgreSQL."""

import asyncio
import sys
from typing import TextIO

from bot.operating.exit_code import fail
from bot.store.database import Database, DatabaseUnavailable, url_with_driver
from bot.store.transfer import NotCopied, transfer

_WIDTH = 30


class ProgressBar:
    """A progress bar: one line that is overwritten on a terminal, a line per table elsewhere."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._is_terminal = out.isatty()
        self._table = ""

    def update(self, table: str, done: int, total: int) -> None:
        """Show that ``done`` of ``total`` rows are copied, the last of them of this table."""
        if self._is_terminal:
            filled = _WIDTH * done // total
            bar = "█" * filled + "░" * (_WIDTH - filled)
            self._out.write(f"\r\x1b[K{bar} {100 * done // total:3} %  {done:,} of {total:,} rows  {table}")
            self._out.flush()
        elif table != self._table:
            print(f"copying {table}: {done:,} of {total:,} rows", file=self._out)
        self._table = table

    def end(self) -> None:
        """Finish the line."""
        if self._is_terminal and self._table:
            print(file=self._out)


def copy_database(source: str, target: str) -> int:
    """Copy and print the result; return the exit code: 0 for success, 1 for a failure, 2 for bad URLs."""
    urls = []
    for label, address in (("FROM", source), ("TO", target)):
        try:
            urls.append(url_with_driver(address))
        except ValueError as error:
            return fail(f"{label} cannot be used: {error}", 2)
    if urls[0] == urls[1]:
        return fail("FROM and TO are the same database.", 2)
    bar = ProgressBar(sys.stderr)
    try:
        counts = asyncio.run(_copy(source, target, bar))
    except NotCopied as error:
        return fail(f"Nothing was copied. {error}")
    except DatabaseUnavailable as error:
        return fail(f"Nothing was copied. A database cannot be used: {error}")
    except KeyboardInterrupt:
        return fail("Interrupted: nothing was copied. You can start again.")
    for table, count in counts.items():
        print(f"{count:12,}  {table}")
    print(
        f"{sum(counts.values()):12,}  rows in total, counted in both.\n"
        "Set DATABASE_URL to the copy before you start the bot: on the old one it would say everything again."
    )
    return 0


async def _copy(source_url: str, target_url: str, bar: ProgressBar) -> dict[str, int]:
    source, target = Database(source_url), Database(target_url)
    try:
        return await transfer(source, target, bar.update)
    finally:
        bar.end()
        await source.close()
        await target.close()
