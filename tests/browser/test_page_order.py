"""The page's requests and the events pushed to it travel over two connections, in any order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from bot.playground.playground import Playground
from tests.browser.hand import last
from tests.browser.test_page_plugs import advanced

pytest.importorskip("playwright", reason="playwright comes with pip install '.[test]'")
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Page, Route, WebSocketRoute

pytestmark = pytest.mark.asyncio(loop_scope="session")


@contextlib.asynccontextmanager
async def answer_held(page: "Page", url: str) -> AsyncIterator[asyncio.Event]:
    """Hold the answer to the next request until the block ends; the event is set once there is one."""
    answered, released = asyncio.Event(), asyncio.Event()

    async def hold(route: "Route") -> None:
        answer = await route.fetch()
        answered.set()
        await released.wait()
        await route.fulfill(response=answer)

    await page.route(url, hold, times=1)
    async with page.expect_response(url):
        yield answered
        released.set()


async def test_nothing_is_written_before_the_channel_is_known(page: "Page") -> None:
    """The box takes no text until the playground has said which channel it belongs to."""
    await page.route_web_socket("**/play/socket*", lambda _line: None)
    await page.reload()
    await expect(page.get_by_test_id("composer")).to_be_disabled()


async def test_a_message_changes_while_history_is_read(page: "Page", local: Playground) -> None:
    """An edit or a deletion that overtakes the page of history isn't undone by it."""
    ben, general = local.person("ben"), local.channel("general")
    draft, slip = await ben.say(general, "draft"), await ben.say(general, "slip")
    async with answer_held(page, "**/play/channels/*/messages*") as answered:
        await page.reload()
        await answered.wait()
        await ben.edit(draft, "final")
        await ben.delete(slip)
        await ben.say(general, "after")
        await expect(last(page)).to_contain_text("after")
    await expect(page.locator("[data-message-id] .content")).to_contain_text(["final", "after"])


async def test_news_overtakes_the_answer_to_a_switch(page: "Page", local: Playground) -> None:
    """The answer to a press doesn't revert a newer state that the panel has received."""
    panel = await advanced(page)
    refuse = panel.get_by_role("switch", name="Refuse to resume")
    async with answer_held(page, "**/play/faults") as answered:
        await panel.get_by_role("switch", name="Stays down").check()
        await answered.wait()
        local.faults.refuse_resume = True
        await expect(refuse).to_be_checked()
    await expect(panel.get_by_test_id("status-bot")).to_be_visible()
    await page.evaluate("() => new Promise(requestAnimationFrame)")
    assert await refuse.is_checked()


async def test_late_news_does_not_turn_a_switch_back(page: "Page", local: Playground) -> None:
    """News from before a press doesn't undo what the press was answered, however late it comes."""
    news: list[str | bytes] = []
    told = asyncio.Event()
    lines: list[WebSocketRoute] = []

    def connect(line: "WebSocketRoute") -> None:
        def pass_on(frame: str | bytes) -> None:
            if '"STATUS"' not in str(frame):
                line.send(frame)
                return
            news.append(frame)
            told.set()

        lines.append(line)
        line.connect_to_server().on_message(pass_on)

    await page.route_web_socket("**/play/socket*", connect)
    await page.reload()
    panel = await advanced(page)
    told.clear()
    local.faults.refuse_resume = True
    await told.wait()
    before = news[-1]
    down = panel.get_by_role("switch", name="Stays down")
    async with page.expect_response("**/play/faults"):
        await down.check()
    lines[-1].send(before)
    await page.evaluate("() => new Promise(requestAnimationFrame)")
    await expect(panel.get_by_test_id("status-bot")).to_be_visible()
    assert await down.is_checked()
