"""A console: what is typed into the terminal is sent as messages of people of a local Discord."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shlex
import signal
import sys
import threading
from typing import TYPE_CHECKING

from bot.localdiscord.errors import DiscordError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.localdiscord.local import LocalDiscord

HELP = "Type  hello  and ann says so in #general;  ben#quiet: hello  and  /command option:value  work too."
_LINE = re.compile(r"(?:(?P<name>\w+)(?:#(?P<channel>[\w-]+))?:\s+)?(?P<text>.+)")


class Console:
    """Reads standard input as lines; `tell` is called with a sentence where one cannot be acted upon."""

    def __init__(self, local: LocalDiscord, tell: Callable[[str], None]) -> None:
        self._local = local
        self._tell = tell
        self._acts: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Begin to read, in a thread that ends with the process: a read from a terminal cannot be broken off."""
        loop = asyncio.get_running_loop()
        if sys.platform != "win32":
            # in the background of a terminal a read would stop the whole process; so it only fails
            signal.signal(signal.SIGTTIN, signal.SIG_IGN)
        threading.Thread(target=self._read, args=(loop,), daemon=True).start()

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        rest = b""
        # Not by sys.stdin, whose lock a thread that waits in it would still hold as Python ends.  OSError: there is
        # no terminal to read from; RuntimeError: the loop is closed.
        with contextlib.suppress(OSError, RuntimeError):
            while more := os.read(sys.stdin.fileno(), 4096):
                *lines, rest = (rest + more).split(b"\n")
                for line in lines:
                    loop.call_soon_threadsafe(self._take, line.decode(errors="replace"))

    def _take(self, line: str) -> None:
        if match := _LINE.fullmatch(line.strip()):
            task = asyncio.create_task(self._act(match["name"], match["channel"], match["text"]))
            self._acts.add(task)
            task.add_done_callback(self._acts.discard)

    async def _act(self, name: str | None, channel_name: str | None, text: str) -> None:
        world = self._local.world
        try:
            person = self._local.person(name or world.people[0].username)
            channel = self._local.channel(channel_name or next(iter(world.channels)))
            if text.startswith("/"):
                words, options = _command(text[1:])
                await person.slash(channel, words, **options)
            else:
                await person.say(channel, text)
        except KeyError as error:
            self._tell(f"There is nobody and nothing called {error}.")
        except (DiscordError, LookupError, ValueError) as error:
            self._tell(str(error))


def _command(text: str) -> tuple[str, dict[str, str]]:
    words, options = [], {}
    for part in shlex.split(text):
        name, colon, value = part.partition(":")
        if colon:
            options[name] = value
        else:
            words.append(part)
    return " ".join(words), options
