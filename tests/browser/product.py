"""The whole product: `python -m bot playground` as a process, and its messages as the page shows them."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Locator, Page

ROOT = Path(__file__).parents[2]
# The tests press faster than the rate limit allows people to, and do not wait a minute.
ENVIRONMENT = {"DATABASE_URL": "", "COMMANDS_PER_10S": "0", "SHORTEST_PHASE_SECONDS": "1"}


class Playground:
    """The playground's process; started again, it comes back at the same address."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.url = ""

    async def start(self) -> None:
        port = self.url.rstrip("/").rpartition(":")[2] or "0"
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "playground", "--no-browser", "--port", port, "--data", str(self.data),
            cwd=ROOT, env={**os.environ, **ENVIRONMENT}, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert self._process.stdout
        async with asyncio.timeout(60):
            async for line in self._process.stdout:
                if match := re.search(rb"http://\S+", line):
                    self.url = match[0].decode()
                    return
        raise AssertionError("the playground printed no address")

    async def stop(self) -> int:
        self._process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            await self._process.communicate()
        assert self._process.returncode is not None
        return self._process.returncode


async def opened(context: "BrowserContext", playground: Playground) -> "Page":
    page = await context.new_page()
    await page.goto(playground.url)
    await expect(page.get_by_text("Pomodoro connected")).to_be_visible(timeout=60_000)
    return page


def message(page: "Page", text: str | re.Pattern[str]) -> "Locator":
    """Find the bot's newest message with that text."""
    return page.locator('[data-message-id][data-author="Pomodoro"]').filter(has_text=text).last


async def card_of(page: "Page", text: str | re.Pattern[str]) -> "Locator":
    """Find a card, and keep hold of it even if a later message quotes it."""
    return await held(page, message(page, text))


async def held(page: "Page", element: "Locator") -> "Locator":
    """Keep hold of a message, whatever happens to it."""
    identity = await element.get_attribute("data-message-id")
    return page.locator(f'[data-message-id="{identity}"]')
