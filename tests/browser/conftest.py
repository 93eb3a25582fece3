"""A real Chromium before a local Discord.

The browser is started once a session, and playwright is bound to the loop that started it: a test module
that uses these fixtures says `pytestmark = pytest.mark.asyncio(loop_scope="session")`.
"""

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio

from bot.playground.playground import Playground
from tests.browser.hand import Post
from tests.browser.small_bot import SmallBot

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Locator, Page, Playwright

# The headless shells first: they take half the time of a whole browser.
NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
HOW_TO_INSTALL = (
    "On Debian `apt-get install chromium-headless-shell libatomic1` is enough; elsewhere install a Chromium or "
    "Chrome, name one in CHROMIUM, or run `playwright install --with-deps chromium`."
)
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
    path_found = next((path for path in map(shutil.which, NAMES) if path), own)
    if not Path(path_found).exists():
        pytest.skip(f"There is no Chromium. {HOW_TO_INSTALL}")
    return path_found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Report all tests skipped for want of a browser at one place, so that pytest gives the reason once."""
    report = yield
    if isinstance(report.longrepr, tuple) and HOW_TO_INSTALL in report.longrepr[2]:
        report.longrepr = (__file__, 1, report.longrepr[2])
    return report


@contextlib.asynccontextmanager
async def driver(playwright: Any) -> "AsyncIterator[Playwright]":
    """Start playwright's driver; skip the test if this machine cannot run it."""
    async with contextlib.AsyncExitStack() as running:
        try:
            started = await running.enter_async_context(playwright)
        except Exception:
            command = [sys.executable, "-m", "playwright", "--version"]
            tried = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
            if tried.returncode == 0 or "CHROMIUM" in os.environ:
                raise
            why = (tried.stderr.splitlines() or ["it says nothing"])[-1]
            pytest.skip(f"Playwright's driver does not start ({why}). {HOW_TO_INSTALL}")
        yield started


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def browser() -> "AsyncIterator[Browser]":
    playwright_api = pytest.importorskip(
        "playwright.async_api", reason="playwright comes with pip install '.[test]'"
    )
    async with driver(playwright_api.async_playwright()) as playwright:
        running = await playwright.chromium.launch(executable_path=chromium(playwright), args=ARGUMENTS)
        yield running
        await running.close()


@contextlib.asynccontextmanager
async def playground() -> AsyncIterator[Playground]:
    """Open a local Discord with long timeouts: answers take their time on a busy machine."""
    async with Playground() as discord:
        discord.interactions.answer_seconds = 60
        yield discord


@pytest_asyncio.fixture(loop_scope="session")
async def local() -> AsyncIterator[Playground]:
    """A local Discord for one test. `give_up` ends its timeouts."""
    async with playground() as discord:
        yield discord


@pytest.fixture
def give_up(local: Playground) -> Callable[[], None]:
    """Let an app's time to answer run out."""
    return lambda: local.interactions.age(61)


@contextlib.asynccontextmanager
async def profile(browser: "Browser") -> "AsyncIterator[BrowserContext]":
    """Open a fresh profile. At the end, no script may have failed and nothing may have left this machine."""
    opened = await browser.new_context(
        viewport={"width": 1200, "height": 820}, locale="en-GB", timezone_id="Europe/Paris", color_scheme="dark"
    )
    opened.set_default_timeout(30_000)
    errors: list[str] = []
    requested: list[str] = []

    def watch(page: "Page") -> None:
        page.on("websocket", lambda socket: requested.append(socket.url))

    opened.on("page", watch)
    opened.on("weberror", lambda error: errors.append(str(error.error)))
    opened.on("request", lambda request: requested.append(request.url))
    yield opened
    await opened.close()
    assert errors == []
    here = ("http://127.0.0.1:", "ws://127.0.0.1:", "blob:", "data:")
    assert [url for url in requested if not url.startswith(here)] == []


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: "Browser") -> "AsyncIterator[BrowserContext]":
    async with profile(browser) as opened:
        yield opened


async def page_of(context: "BrowserContext", local: Playground) -> "Page":
    """Open the page as Ann sees it, in `general`."""
    opened = await context.new_page()
    await opened.goto(local.page_url)
    await opened.get_by_test_id("composer").wait_for()
    await opened.get_by_role("heading", name="Welcome to the playground").wait_for()
    return opened


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: "BrowserContext", local: Playground) -> "Page":
    return await page_of(context, local)


@pytest.fixture
def post(page: "Page", local: Playground) -> Post:
    """Post a message by Ben in `general`; return it as the page shows it."""

    async def say(text: str) -> "Locator":
        sent = await local.person("ben").say(local.channel("general"), text)
        element = page.locator(f'[data-message-id="{sent["id"]}"]')
        await element.wait_for()
        return element.locator(".content")

    return say


@pytest_asyncio.fixture(loop_scope="session")
async def small_bot(local: Playground, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SmallBot]:
    """Run a bot that shows every kind of component."""
    bot = SmallBot()
    async with bot.running(local, monkeypatch):
        yield bot
