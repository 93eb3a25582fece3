"""`python -m bot playground`: a Discord on this machine, with its page, and the unchanged bot in it."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import urlsplit

from bot.localdiscord import signals
from bot.playground import datalock
from bot.playground.botprocess import BotProcess
from bot.playground.playground import Playground

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

DEFAULT_PORT = 8700

_Order: TypeAlias = Literal["end", "start over"]


def main(argv: Sequence[str]) -> int:
    """Run the playground until Ctrl-C or SIGTERM; return the exit code (1 when it cannot start)."""
    parser = argparse.ArgumentParser(
        prog="python -m bot playground",
        description="Try the bot in a Discord of your own, on this machine, without an account.",
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"where to listen (default {DEFAULT_PORT})")
    parser.add_argument("--no-browser", action="store_true", help="do not open the page in a browser")
    parser.add_argument(
        "--data", type=Path, default=Path(".playground"), help="where to keep everything (default .playground)"
    )
    args = parser.parse_args(argv)
    data = args.data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    try:
        with datalock.held(data) as note:
            asyncio.run(_run(args.port, data, note, browser=not args.no_browser))
    except datalock.InUse as error:
        where = f" at {error.address}" if error.address else ""
        _say(
            f"A playground is running on {data} already{where}: use that one, "
            "or give this one a folder of its own with --data.",
            error=True,
        )
        return 1
    except KeyboardInterrupt:
        # where signals cannot be handled by the loop (Windows), the bot was stopped on the way out
        return 0
    except OSError as error:
        _say(
            f"Port {args.port} cannot be used ({error.strerror or error}): "
            "stop what uses it, or choose another with --port.",
            error=True,
        )
        return 1
    return 0


async def _run(port: int, data: Path, note: Callable[[str], None], *, browser: bool) -> None:
    """Run one playground after another on one port: *Start over* ends one and empties its files for the next."""
    orders: asyncio.Queue[_Order] = asyncio.Queue()
    with signals.calling(lambda: orders.put_nowait("end")):
        async with _playing(port, data, orders) as url:
            note(url)
            _say(
                f"\n  The playground is open:  {url}\n\n"
                f"  Write  !pomodoro tea 5s  in #general, or type / to see all commands.\n"
                f"  The bot's log: {data / 'bot.log'}\n"
                f"  Everything is kept in {data}; Ctrl-C ends it.\n"
            )
            if browser:
                await asyncio.to_thread(webbrowser.open, url)
            order = await orders.get()
        while order == "start over":
            _empty(data)
            async with _playing(urlsplit(url).port or port, data, orders):
                order = await orders.get()


def _empty(data: Path) -> None:
    """Delete both databases; the bot's log goes on."""
    for file in [*data.glob("discord.db*"), *data.glob("pomodoro.db*")]:
        file.unlink()


@contextlib.asynccontextmanager
async def _playing(port: int, data: Path, orders: asyncio.Queue[_Order]) -> AsyncIterator[str]:
    """Run the local Discord and the bot in it; yield the address of the page."""
    bot = BotProcess({}, data / "bot.log")
    async with Playground(port, None, data / "discord.db", bot, lambda: orders.put_nowait("start over")) as discord:
        bot.environment = {
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_URL": discord.api_url,
            # not what DATABASE_URL may name: nobody's own data is to be played with, or emptied by Start over
            "DATABASE_URL": f"sqlite:///{(data / 'pomodoro.db').as_posix()}",
            "SHORTEST_PHASE_SECONDS": "1",  # a person trying it out does not want to wait
            "POMODORO_COUNTS_MINUTES": "0",
        }
        bot.listeners.append(lambda: _tell_end(bot))
        try:
            await bot.start()
            yield discord.page_url
        finally:
            bot.listeners.clear()
            await bot.stop()


def _tell_end(bot: BotProcess) -> None:
    if bot.exit_code and not bot.asked_to_end:
        _say(
            f"  The bot ended with code {bot.exit_code}; {bot.log} says why. The page can start it again.",
            error=True,
        )


def _say(text: str, *, error: bool = False) -> None:
    stream = sys.stderr if error else sys.stdout
    stream.write(text + "\n")
    stream.flush()
