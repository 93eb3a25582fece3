"""`python -m bot playground`: a Discord on this machine, with its page, and the unchanged bot in it."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import secrets
import signal
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from bot.playground.botprocess import BotProcess
from bot.playground.local import LocalDiscord

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DEFAULT_PORT = 8700


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
    asked = parser.parse_args(argv)
    data = asked.data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    try:
        asyncio.run(_run(asked.port, data, browser=not asked.no_browser))
    except KeyboardInterrupt:
        # where signals cannot be handled by the loop (Windows), the bot was stopped on the way out
        return 0
    except OSError as error:
        _say(
            f"Port {asked.port} cannot be used ({error.strerror or error}): "
            "stop what uses it, or choose another with --port.",
            error=True,
        )
        return 1
    return 0


async def _run(port: int, data: Path, *, browser: bool) -> None:
    log = data / "bot.log"
    bot = BotProcess({}, log)
    database = os.environ.get("DATABASE_URL") or f"sqlite:///{(data / 'pomodoro.db').as_posix()}"
    async with LocalDiscord(port, secrets.token_urlsafe(24), data / "discord.db", bot) as discord:
        bot.environment = {
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_URL": discord.api_url,
            "DATABASE_URL": database,
        }
        stop = asyncio.Event()
        bot.listeners.append(lambda: _tell_end(bot))
        try:
            with _signals(stop):
                await bot.start()
                _say(
                    f"\n  The playground is open:  {discord.page_url}\n\n"
                    f"  Write  !pomodoro tea 5s  in #general, or type / to see all commands.\n"
                    f"  The bot's log: {log}\n"
                    f"  Everything is kept in {data}; Ctrl-C ends it.\n"
                )
                if browser:
                    await asyncio.to_thread(webbrowser.open, discord.page_url)
                await stop.wait()
        finally:
            bot.listeners.clear()
            await bot.stop()


@contextlib.contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    handled = []
    for one in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(one, stop.set)
            handled.append(one)
    try:
        yield
    finally:
        for one in handled:
            loop.remove_signal_handler(one)


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
