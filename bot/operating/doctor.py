"""``python -m bot doctor``: looks for problems of the bot, and says how to fix them."""

import asyncio
from collections.abc import AsyncIterator, Iterator

from bot import settings
from bot.chat.runtime.check_up import Finding, check_up
from bot.engine.clock import Clock
from bot.operating.machine import Machine
from bot.store import counted_time, outbox, schema
from bot.store.database import Database, DatabaseUnavailable
from bot.store.inspection import damaged_rows, overdue

# Files and connections that are open on a busy day.
_FILES = 256
# Threads besides the countdowns: for the database, the executor, pictures and the lease.
_THREADS = 40
# The most rows and timers that are named.
_NAMED = 20
# The most seconds for checking rows: a start may wait for it.
_INSPECTION = 30

_DAMAGED = "cannot be read: {names}; the bot skips them. Repair or delete them, unless a newer version wrote them"
_MISCOUNTED = "entries have wrong sums: {names}: python -m bot recount"


def doctor(channel_id: int | None) -> int:
    """Print the findings, one per line; return the exit code: 0 if all is well, 1 where not."""
    try:
        loaded = settings.load()
    except settings.SettingsError as error:
        findings = [Finding(False, "settings", str(error).replace("\n", "; "))]
    else:
        findings = asyncio.run(examine(loaded, channel_id, Clock(), Machine()))
    for finding in findings:
        print(f"{'✓' if finding.is_well else '✗'} {finding.about:<9} {finding.text}")
    return 0 if all(finding.is_well for finding in findings) else 1


async def examine(
    loaded: settings.Settings, channel_id: int | None, clock: Clock, machine: Machine
) -> list[Finding]:
    """Check everything, without changing anything."""
    findings = [Finding(True, "settings", "all valid"), *await _database(loaded.database_url, clock)]
    findings += [_files(machine), _threads(machine, loaded.max_countdown_threads)]
    token = loaded.discord_token.get_secret_value()
    if not token:
        return [*findings, Finding(False, "token", "DISCORD_TOKEN is not set: python -m bot says where to get one")]
    at_discord = await check_up(
        loaded.discord_api_url,
        token,
        message_content=loaded.message_content,
        members=loaded.members_intent,
        channel_id=channel_id,
        clock=clock,
    )
    return [*findings, *at_discord]


async def _database(url: str, clock: Clock) -> list[Finding]:
    database = Database(url)
    in_rows: list[Finding] = []
    try:
        version = await schema.version(database)
        if version is not None:
            async with database.write():  # only to see that it is writable
                pass
        if version == schema.newest():
            async with database.read(snapshot=True) as connection:
                in_rows += _overdue(await overdue(connection, clock.now()))
                in_rows += _undelivered(await outbox.count_undelivered(connection))
                # Their contents are left out.
                damaged = (f"{row.table} {row.row} ({row.column})" async for row in damaged_rows(connection))
                in_rows += await _bad("rows", damaged, _DAMAGED)
            async with database.read() as connection:
                miscounted = (f"#{entry_id}" async for entry_id in counted_time.miscounted(connection))
                in_rows += await _bad("sums", miscounted, _MISCOUNTED)
    except DatabaseUnavailable as error:
        return [Finding(False, "database", f"it cannot be used: {error}. Check it and DATABASE_URL")]
    finally:
        await database.close()
    if version == schema.newest():
        return [Finding(True, "database", f"it can be written to, and is at migration {version}"), *in_rows]
    if version is None:
        return [Finding(False, "database", "it is empty: python -m bot migrate")]
    if version > schema.newest():
        state = f"it is at migration {version}, and this bot knows {schema.newest()}: finish the upgrade"
        return [Finding(False, "database", state)]
    state = f"it is at migration {version} of {schema.newest()}: python -m bot migrate"
    return [Finding(False, "database", state)]


def _undelivered(messages: dict[str, int]) -> Iterator[Finding]:
    """Report undelivered messages: those that Discord refused, and those where the bot itself failed."""
    if refused := messages.get(outbox.UNDELIVERABLE):
        yield Finding(
            True, "messages", f"{refused} could not be delivered; their owners' lists say why, and try again"
        )
    if failed := messages.get(outbox.SET_ASIDE):
        mend = "see delivery_given_up in the log; the next start tries again"
        yield Finding(False, "messages", f"{failed} were set aside after many tries: {mend}")


async def _bad(about: str, names: AsyncIterator[str], text: str) -> list[Finding]:
    """Name bad rows, as far as there is time to look for them."""
    bad, findings = [], []
    try:
        async with asyncio.timeout(_INSPECTION):
            async for name in names:
                bad.append(name)  # noqa: PERF401 - what was found in time
    except TimeoutError:
        findings.append(Finding(True, about, f"not all could be checked within {_INSPECTION} s"))
    if bad:
        findings.append(Finding(False, about, f"{len(bad)} {text.format(names=_named(bad))}"))
    return findings


def _overdue(timer_ids: list[int]) -> Iterator[Finding]:
    if timer_ids:
        named = _named([f"#{timer_id}" for timer_id in timer_ids])
        mend = "see timer_set_aside and row_damaged in the log; the next start tries again"
        yield Finding(False, "timers", f"{len(timer_ids)} should have ended by now: {named}; {mend}")


def _named(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _files(machine: Machine) -> Finding:
    allowed = machine.files()
    if allowed is None or allowed >= _FILES:
        return Finding(True, "files", "enough" if allowed is None else f"{allowed} can be open")
    mend = f"raise it to {_FILES} or more (ulimit -n, or LimitNOFILE= in systemd)"
    return Finding(False, "files", f"only {allowed} can be open: {mend}")


def _threads(machine: Machine, countdowns: int) -> Finding:
    room, wanted = machine.threads(), countdowns + _THREADS
    if room is None or room >= wanted:
        state = "enough" if room is None else f"{room} more can be started, {wanted} are needed"
        return Finding(True, "threads", state)
    fitting = max(1, room - _THREADS)
    mend = f"set MAX_COUNTDOWN_THREADS={fitting}, or allow more (ulimit -u, TasksMax= in systemd, --pids-limit)"
    return Finding(False, "threads", f"{room} more can be started, {wanted} are needed: {mend}")
