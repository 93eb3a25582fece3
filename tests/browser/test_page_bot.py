"""The bot's messages: buttons, selects, modals, layouts and embeds."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.hand import last, write
from tests.browser.small_bot import SmallBot

pytest.importorskip("playwright", reason="playwright comes with pip install '.[test]'")
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_pressed_button(page: "Page", small_bot: SmallBot, give_up: Callable[[], None]) -> None:
    """A pressed button updates its message; an unanswered one says that the interaction failed.

    Meanwhile the message's other buttons are disabled, and look it.
    """
    assert small_bot.user
    await write(page, "!buttons")
    message = page.locator(f'[data-author-id="{small_bot.user.id}"]')
    await expect(message.locator(".tag")).to_have_text("APP")
    await message.get_by_role("button", name="Silence").click()
    await expect(message.get_by_role("button", name="Silence")).to_have_attribute("aria-busy", "true")
    await expect(message.get_by_role("button", name="Pause")).to_be_disabled()
    give_up()
    await expect(message.get_by_role("alert")).to_have_text("This interaction failed")
    await message.get_by_role("button", name="Pause").click()
    await expect(message.locator(".content")).to_contain_text("Paused")
    await expect(message.get_by_role("alert")).to_have_count(0)


async def test_a_select_by_keyboard(page: "Page", small_bot: SmallBot) -> None:
    """A select opens by key, shows its options' descriptions, and sends the chosen one."""
    assert small_bot.user
    await write(page, "!buttons")
    select = page.get_by_role("combobox", name="Snooze for…")
    await select.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("option", name="Five minutes")).to_contain_text("A short breath")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(last(page).locator(".content")).to_contain_text("Snoozed for 10")


async def test_a_modal_is_filled_in_and_sent(page: "Page", small_bot: SmallBot) -> None:
    """A modal checks its fields before it is sent; what was filled in reaches the bot."""
    assert small_bot.user
    await write(page, "!buttons")
    await last(page).get_by_role("button", name="Edit").click()
    modal = page.get_by_role("dialog", name="Edit your timer")
    await expect(modal.get_by_label("Name")).to_be_focused()
    await expect(modal.locator("strong")).to_have_text("like")
    await modal.get_by_label("Name").fill("x")
    await modal.get_by_role("button", name="Submit").click()
    await expect(modal.get_by_role("alert").filter(has_text="at least 2 characters")).to_be_visible()
    await modal.get_by_label("Name").fill("oolong")
    await modal.get_by_role("combobox", name="Sound").click()
    await page.get_by_role("option", name="Gong").click()
    await modal.get_by_role("button", name="Submit").click()
    await expect(modal).to_have_count(0)
    await expect(last(page)).to_contain_text("Edited: oolong with Gong")


async def test_new_components_are_drawn(page: "Page", small_bot: SmallBot) -> None:
    """A container shows its accent, section, separator, pictures, file and buttons."""
    assert small_bot.user
    await write(page, "!card")
    card = last(page).locator(".container")
    await expect(card.get_by_role("heading", name="tea")).to_be_visible()
    await expect(card.locator(".accessory").get_by_role("button", name="+5 min")).to_be_enabled()
    await expect(card.get_by_role("button", name="Done")).to_be_disabled()
    await expect(card.get_by_role("link", name="Help")).to_have_attribute("href", "https://example.org/help")
    await expect(card.get_by_role("separator")).to_have_count(1)
    await expect(card.get_by_role("img", name="A single dot")).to_have_js_property("naturalWidth", 40)
    await expect(card.get_by_test_id("file")).to_contain_text("notes.txt")
    assert await card.evaluate("node => node.style.getPropertyValue('--bar')") == "#e5533d"


async def test_embeds_are_drawn(page: "Page", small_bot: SmallBot) -> None:
    """An embed shows its colour, title, text, fields, picture and footer, and its picture is not shown twice."""
    assert small_bot.user
    await write(page, "!embed")
    embed = last(page).get_by_role("article")
    await expect(embed).to_contain_text("This week")
    await expect(embed.locator("strong")).to_have_text("14")
    await expect(embed.locator(".embed-field")).to_have_text("Streak4 days")
    await expect(embed.locator(".embed-footer")).to_have_text("Times in UTC")
    await expect(last(page).get_by_role("img")).to_have_count(1)
    await expect(embed.get_by_role("img")).to_have_js_property("naturalWidth", 40)
