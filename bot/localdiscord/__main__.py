"""`python -m bot.localdiscord`: a Discord on this machine, for any bot."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.localdiscord import signals
from bot.localdiscord.console import HELP, Console
from bot.localdiscord.local import LocalDiscord
from bot.localdiscord.transcript import Transcript

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_PORT = 8701
_GREETING = """
  A local Discord listens, on this machine only.

  token        {token}
  API          {api}
  gateway      {gateway}

  discord.py   discord.http.Route.BASE = "{api}"
               discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL("{gateway}")
  hikari       hikari.GatewayBot(token, rest_url="{api}")
  discord.js   new Client({{ intents, rest: {{ api: "{api_of_any_version}", version: "10" }} }})

  {console}
  What happens is written here. {kept} Ctrl-C ends it.
"""


def main(argv: Sequence[str]) -> int:
    """Serve a local Discord until Ctrl-C or SIGTERM; return the exit code (1 when it cannot start)."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.localdiscord",
        description="Serve a Discord of your own to any bot, on this machine only, without an account.",
    )
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"where to listen (default {DEFAULT_PORT})")
    parser.add_argument("--token", help="the bot's token (default: a new one at each start)")
    parser.add_argument("--data", type=Path, help="a folder to keep everything in (default: nothing is kept)")
    args = parser.parse_args(argv)
    data = args.data.resolve() if args.data else None
    try:
        asyncio.run(_serve(args.port, args.token, data))
    except KeyboardInterrupt:
        # where signals cannot be handled by the loop (Windows), the server was stopped on the way out
        return 0
    except OSError as error:
        why = error.strerror or error
        sys.stderr.write(f"Port {args.port} cannot be used ({why}): choose another with --port.\n")
        return 1
    return 0


async def _serve(port: int, token: str | None, data: Path | None) -> None:
    ended = asyncio.Event()
    with signals.calling(ended.set):
        async with LocalDiscord(port, token, data / "discord.db" if data else None) as local:
            Transcript(local.backend).listeners.append(_tell)
            _tell(
                _GREETING.format(
                    token=local.token,
                    api=local.api_url,
                    gateway=local.gateway_url,
                    api_of_any_version=local.api_url.removesuffix("/v10"),
                    console=HELP,
                    kept=f"Everything is kept in {data}." if data else "Nothing is kept.",
                )
            )
            Console(local, _tell).open()
            await ended.wait()


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
