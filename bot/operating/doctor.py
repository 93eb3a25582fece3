"""``python -m bot doctor``: looks for what would keep the bot from doing well, and says how to mend it."""

import asyncio

from bot import settings
from bot.chat.check_up import Finding, check_up
from bot.engine.clock import Clock, SystemClock
from bot.operating.machine import Machine
from bot.store import schema
from bot.store.database import Database, DatabaseUnavailable

# Files, and connections to Discord and the database, that are open on a busy day.
_FILES = 256
# Threads beside the countdowns: the database's, the executor's, the pictures', the lease's.
_THREADS = 40


def doctor(channel_id: int | None) -> int:
    """Print what was found, a line each; give the exit code: 0 where all is well, 1 where something is not."""
    try:
        loaded = settings.load()
    except settings.SettingsError as error:
        findings = [Finding(False, "settings", str(error).replace("\n", "; "))]
    else:
        findings = asyncio.run(examine(loaded, channel_id, SystemClock(), Machine()))
    for found in findings:
        print(f"{'✓' if found.is_well else '✗'} {found.about:<9} {found.said}")
    return 0 if all(found.is_well for found in findings) else 1


async def examine(
    loaded: settings.Settings, channel_id: int | None, clock: Clock, machine: Machine
) -> list[Finding]:
    """Look at everything, and change nothing."""
    found = [Finding(True, "settings", "each can be used"), await _database(loaded.database_url)]
    found += [_files(machine), _threads(machine, loaded.max_countdown_threads)]
    token = loaded.discord_token.get_secret_value().strip()
    if not token:
        return [*found, Finding(False, "token", "DISCORD_TOKEN is not set: python -m bot says where to get one")]
    of_discord = await check_up(
        loaded.discord_api_url,
        token,
        message_content=loaded.message_content,
        channel_id=channel_id,
        clock=clock,
    )
    return [*found, *of_discord]


async def _database(url: str) -> Finding:
    database = Database(url)
    try:
        version = await schema.version(database)
        if version is not None:
            async with database.write():  # nothing but to see that one may
                pass
    except DatabaseUnavailable as error:
        return Finding(False, "database", f"it cannot be used: {error}. See to it, and to DATABASE_URL")
    finally:
        await database.close()
    if version == schema.newest():
        return Finding(True, "database", f"it can be written to, and is at migration {version}")
    if version is None:
        return Finding(False, "database", "there is nothing in it yet: python -m bot migrate")
    if version > schema.newest():
        said = f"it is at migration {version}, and this bot knows {schema.newest()}: finish the upgrade"
        return Finding(False, "database", said)
    said = f"it is at migration {version} of {schema.newest()}: python -m bot migrate"
    return Finding(False, "database", said)


def _files(machine: Machine) -> Finding:
    allowed = machine.files()
    if allowed is None or allowed >= _FILES:
        return Finding(True, "files", "as many as are wanted" if allowed is None else f"{allowed} may be open")
    mend = f"raise it to {_FILES} or more (ulimit -n, or LimitNOFILE= in systemd)"
    return Finding(False, "files", f"only {allowed} may be open: {mend}")


def _threads(machine: Machine, countdowns: int) -> Finding:
    room, wanted = machine.threads(), countdowns + _THREADS
    if room is None or room >= wanted:
        said = "as many as are wanted" if room is None else f"{room} more may be started, {wanted} are wanted"
        return Finding(True, "threads", said)
    fitting = max(1, room - _THREADS)
    mend = f"set MAX_COUNTDOWN_THREADS={fitting}, or allow more (ulimit -u, TasksMax= in systemd, --pids-limit)"
    return Finding(False, "threads", f"{room} more may be started, {wanted} are wanted: {mend}")
