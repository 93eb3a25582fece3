"""The command line: ``python -m bot [run | playground | migrate | copy-database | doctor | sample-history]``."""

import argparse
import asyncio
import io
import sys
from collections.abc import Sequence

from bot import logs, settings
from bot.operating.copy_database import copy_database
from bot.operating.sample_history import sample_history
from bot.store.database import Database, DatabaseUnavailable
from bot.store.schema import migrate

_HOW_TO_BEGIN = """\
DISCORD_TOKEN is not set, so the bot cannot log in to Discord.
Make a bot at https://discord.com/developers/applications, copy its token (Bot, Reset Token) into .env.
To try it without Discord or a token: python -m bot playground"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; give the exit code: 0 for done, 1 for a failure, 2 for wrong settings or arguments."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="A Discord bot that keeps time for people.")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("run", help="run the bot (this is the default)")
    commands.add_parser("playground", help="try it on a local Discord, in your browser", add_help=False)
    commands.add_parser("migrate", help="bring the database up to date, and exit")
    copying = commands.add_parser("copy-database", help="copy all data into an empty database, and exit")
    copying.add_argument("from", metavar="FROM", help="such as sqlite:///pomodoro.db")
    copying.add_argument("to", metavar="TO", help="such as postgresql://user@host/name")
    checking = commands.add_parser("doctor", help="look for what would keep the bot from doing well, and exit")
    checking.add_argument("--channel", type=int, metavar="ID", help="a channel in which the bot is to be of use")
    sample = commands.add_parser("sample-history", help="make up a month of focus on a local Discord, and exit")
    for name in ("user", "guild", "channel"):
        sample.add_argument(name, type=int, metavar=name.upper(), help=f"the id of the {name}")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # in a pipe Windows would have no ✓ to write
            stream.reconfigure(encoding="utf-8")
    arguments, rest = parser.parse_known_args(argv)
    if arguments.command == "playground":
        from bot.playground.command import main as play  # noqa: PLC0415 - the bot itself runs without it

        return play(rest)
    if rest:
        parser.error(f"unknown arguments: {' '.join(rest)}")
    if arguments.command == "copy-database":
        return copy_database(getattr(arguments, "from"), arguments.to)
    if arguments.command == "doctor":
        from bot.operating.doctor import doctor  # noqa: PLC0415 - the bot itself runs without it

        return doctor(arguments.channel)
    try:
        loaded = settings.load()
    except settings.SettingsError as error:
        return _fail(f"The settings cannot be used:\n{error}", 2)
    logs.set_up(loaded)
    if arguments.command == "sample-history":
        return sample_history(loaded, arguments.user, arguments.guild, arguments.channel)
    return _migrate(loaded) if arguments.command == "migrate" else _run(loaded)


def _run(loaded: settings.Settings) -> int:
    if not loaded.discord_token.get_secret_value().strip():
        return _fail(_HOW_TO_BEGIN, 2)
    # Here, since migrate needs no discord.py.
    from bot.app import run_until_signalled  # noqa: PLC0415
    from bot.chat.runtime.connection import RefusedByDiscord  # noqa: PLC0415

    try:
        asyncio.run(run_until_signalled(loaded))
    except RefusedByDiscord as error:
        return _fail(str(error), 1)
    except DatabaseUnavailable as error:
        return _fail(f"The database cannot be used: {error}", 1)
    return 0


def _migrate(loaded: settings.Settings) -> int:
    async def bring_up_to_date() -> None:
        database = Database(loaded.database_url)
        try:
            await migrate(database)
        finally:
            await database.close()

    try:
        asyncio.run(bring_up_to_date())
    except DatabaseUnavailable as error:
        return _fail(f"The database cannot be used: {error}", 1)
    print("The database is up to date.")
    return 0


def _fail(said: str, code: int) -> int:
    print(said, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
