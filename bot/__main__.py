"""The command line: ``python -m bot [run | playground | migrate | copy-database | doctor | recount | …]``.

Each command imports only what it needs, to start quickly; the process that draws pictures imports this module too.
"""

import argparse
import asyncio
import contextlib
import gc
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.operating.exit_code import fail

if TYPE_CHECKING:
    from bot.settings import Settings

_HOW_TO_BEGIN = """\
DISCORD_TOKEN is not set, so the bot cannot log in to Discord.
Make a bot at https://discord.com/developers/applications, copy its token (Bot, Reset Token) into .env.
To try it without Discord or a token: python -m bot playground"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code: 0 for done, 1 for a failure, 2 for wrong settings or arguments."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # in a pipe Windows would have no ✓ to write
            stream.reconfigure(encoding="utf-8")
    parser = _parser()
    arguments, rest = parser.parse_known_args(argv)
    if arguments.command == "playground":
        from bot.playground.command import main as play

        return play(rest)
    if rest:
        parser.error(f"unknown arguments: {' '.join(rest)}")
    if arguments.command == "copy-database":
        from bot.operating.copy_database import copy_database

        return copy_database(getattr(arguments, "from"), arguments.to)
    if arguments.command == "doctor":
        from bot.operating.doctor import doctor

        return doctor(arguments.channel)
    return _with_settings(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="A Discord bot that keeps time for people.")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("run", help="run the bot (this is the default)")
    commands.add_parser("playground", help="try it on a local Discord, in your browser", add_help=False)
    commands.add_parser("migrate", help="bring the database up to date, and exit")
    copying = commands.add_parser("copy-database", help="copy all data into an empty database, and exit")
    copying.add_argument("from", metavar="FROM", help="such as sqlite:///pomodoro.db")
    copying.add_argument("to", metavar="TO", help="such as postgresql://user@host/name")
    checking = commands.add_parser("doctor", help="look for problems and say how to fix them, and exit")
    checking.add_argument("--channel", type=int, metavar="ID", help="a channel that the bot is to work in")
    commands.add_parser("recount", help="recompute what counts in the focus log, and exit")
    sample = commands.add_parser("sample-history", help="make up a month of focus on a local Discord, and exit")
    for name in ("user", "guild", "channel"):
        sample.add_argument(name, type=int, metavar=name.upper(), help=f"the id of the {name}")
    exporting = commands.add_parser("export-person", help="write what is stored about a person to a file, and exit")
    deleting = commands.add_parser("delete-person", help="delete what is stored about a person, and exit")
    for chosen in (exporting, deleting):
        chosen.add_argument("user", type=int, metavar="USER", help="the id of the person")
    exporting.add_argument("file", type=Path, metavar="FILE", help="such as person.zip; it must not exist yet")
    return parser


def _with_settings(arguments: argparse.Namespace) -> int:
    with _without_garbage_collection():
        from bot import logs, settings
        from bot.store.database import DatabaseUnavailable
    try:
        loaded = settings.load()
        logs.set_up(loaded)
        return _carry_out(arguments, loaded)
    except settings.SettingsError as error:
        return fail(f"The settings cannot be used:\n{error}", 2)
    except DatabaseUnavailable as error:
        return fail(f"The database cannot be used: {error}")


def _carry_out(arguments: argparse.Namespace, loaded: "Settings") -> int:
    match arguments.command:
        case "sample-history":
            from bot.operating.sample_history import sample_history

            return sample_history(loaded, arguments.user, arguments.guild, arguments.channel)
        case "recount":
            from bot.operating.recount import recount

            return recount(loaded)
        case "export-person" | "delete-person":
            return _person(loaded.database_url, arguments)
        case "migrate":
            return _migrate(loaded)
    return _run(loaded)


def _person(url: str, arguments: argparse.Namespace) -> int:
    from bot.operating.person import delete_person, export_person

    if arguments.command == "export-person":
        return export_person(url, arguments.user, arguments.file)
    return delete_person(url, arguments.user)


def _run(loaded: "Settings") -> int:
    if not loaded.discord_token.get_secret_value():
        return fail(_HOW_TO_BEGIN, 2)
    with _without_garbage_collection():
        from bot.app import run_until_signalled
        from bot.chat.runtime.connection import RefusedByDiscord
    try:
        asyncio.run(run_until_signalled(loaded))
    except RefusedByDiscord as error:
        return fail(str(error))
    return 0


def _migrate(loaded: "Settings") -> int:
    from bot.store.schema import migrated

    async def bring_up_to_date() -> None:
        async with migrated(loaded.database_url):
            pass

    asyncio.run(bring_up_to_date())
    print("The database is up to date.")
    return 0


@contextlib.contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Pause garbage collection during imports: there is no garbage, and looking takes an eighth of a start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


if __name__ == "__main__":
    sys.exit(main())
