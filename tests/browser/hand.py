"""Steps that many tests repeat on the page."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

Post: TypeAlias = Callable[[str], Awaitable["Locator"]]


def last(page: "Page") -> "Locator":
    return page.locator("[data-message-id]").last


async def write(page: "Page", text: str) -> None:
    await page.get_by_test_id("composer").fill(text)
    await page.keyboard.press("Enter")
