"""Steps that many tests repeat on the page."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

Post: TypeAlias = Callable[[str], Awaitable["Locator"]]


def last(page: "Page") -> "Locator":
    return page.locator("[data-message-id]").last


async def write(page: "Page", text: str) -> None:
    """Type and send a message once no dialog is open: its answer may be seen before it releases the keys."""
    await page.get_by_role("dialog").last.wait_for(state="detached")
    composer = page.get_by_test_id("composer")
    await composer.fill(text)
    await composer.press("Enter")
