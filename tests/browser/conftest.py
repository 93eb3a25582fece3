"""A real Chromium before a local Discord.

The browser is started once a module, and playwright is bound to the loop that started it: a test module
that uses these fixtures says `pytestmark = pytest.mark.asyncio(loop_scope="module")`.
"""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.playground.local import LocalDiscord
from tests.browser.hand import Post
from tests.browser.small_bot import SmallBot

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Locator, Page, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium(playwright: "Playwright") -> str:
    """Find the browser to test with: `CHROMIUM`, one on the PATH, or the one that playwright brought."""
    if given := os.environ.get("CHROMIUM"):
        if not Path(given).is_file():
            pytest.fail(f"CHROMIUM names {given}, where there is no file.")
        return given
    own = playwright.chromium.executable_path
    found = next((path for path in map(shutil.which, NAMES) if path), own)
    if not Path(found).exists():
        pytest.skip("No Chromium: install one, name it in CHROMIUM, or run `playwright install chromium`.")
    return found


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> "AsyncIterator[Browser]":
    playwright_api = pytest.importorskip(
        "playwright.async_api", reason="playwright comes with pip install '.[test]'"
    )
    async with playwright_api.async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium(playwright), args=ARGUMENTS)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="module")
async def local() -> AsyncIterator[LocalDiscord]:
    async with LocalDiscord(port=0, token="test-token", archive=None) as discord:
        yield discord


@pytest_asyncio.fixture(loop_scope="module")
async def context(browser: "Browser") -> "AsyncIterator[BrowserContext]":
    """Open a profile of its own. At the end no script may have failed, and nothing left this machine."""
    opened = await browser.new_context(
        viewport={"width": 1200, "height": 820}, locale="en-GB", timezone_id="Europe/Paris", color_scheme="dark"
    )
    opened.set_default_timeout(8000)
    errors: list[str] = []
    asked: list[str] = []

    def watch(page: "Page") -> None:
        page.on("websocket", lambda socket: asked.append(socket.url))

    opened.on("page", watch)
    opened.on("weberror", lambda error: errors.append(str(error.error)))
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    await opened.close()
    assert errors == []
    here = ("http://127.0.0.1:", "ws://127.0.0.1:", "blob:", "data:")
    assert [url for url in asked if not url.startswith(here)] == []


@pytest_asyncio.fixture(loop_scope="module")
async def page(context: "BrowserContext", local: LocalDiscord) -> "Page":
    """Open the page as Ann sees it, in `general`."""
    opened = await context.new_page()
    await opened.goto(local.page_url)
    await opened.get_by_test_id("composer").wait_for()
    await opened.get_by_role("heading", name="Welcome to the playground").wait_for()
    return opened


@pytest.fixture
def post(page: "Page", local: LocalDiscord) -> Post:
    """Let Ben say something in `general`; gives the message as the page shows it."""

    async def say(text: str) -> "Locator":
        sent = await local.person("ben").say(local.channel("general"), text)
        shown = page.locator(f'[data-message-id="{sent["id"]}"]')
        await shown.wait_for()
        return shown.locator(".content")

    return say


@pytest_asyncio.fixture(loop_scope="module")
async def small_bot(local: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SmallBot]:
    """Run a bot that shows every kind of thing a bot can show."""
    bot = SmallBot()
    async with bot.running(local, monkeypatch):
        yield bot
