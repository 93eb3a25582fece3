"""Elsewhere: a server and a group without the bot, and a person who brings it there."""

import re
from typing import TYPE_CHECKING

import pytest

from bot.playground.playground import Playground
from tests.browser.hand import last, write
from tests.browser.small_bot import SmallBot
from tests.browser.test_page_looks import CONTRAST

pytest.importorskip("playwright", reason="playwright comes with pip install '.[test]'")
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_person_brings_the_bot_to_another_server(
    page: "Page", small_bot: SmallBot, local: Playground
) -> None:
    """The bot has no commands there until it is put on one's account; then they run, and others see the answers."""
    assert small_bot.user
    await page.get_by_role("link", name="lounge in Book Club").click()
    composer = page.get_by_test_id("composer")
    await expect(composer).to_have_attribute("placeholder", "Message #lounge")
    await write(page, "just us")
    await composer.fill("/")
    await expect(page.get_by_text("Pomodoro has no commands for you here.")).to_be_visible()
    await last(page).click(button="right")
    await expect(page.get_by_role("menuitem", name="Remind me")).to_have_count(0)
    await page.keyboard.press("Escape")
    note = page.get_by_role("note")
    await expect(note).to_contain_text("Pomodoro isn't here.")
    await note.get_by_role("button", name="Add to account").focus()
    await page.keyboard.press("Enter")
    await expect(note.get_by_role("button", name="Remove")).to_be_focused()
    assert local.person("ann").user.installed
    await composer.fill("/timer start name:tea minutes:5")
    await page.get_by_test_id("slash-form").wait_for()
    await page.keyboard.press("Enter")
    await expect(last(page).locator(".content")).to_have_text("tea: 5 min x1 silent=False")
    await expect(page).to_have_title("#lounge · Playground")
    await page.get_by_test_id("person-ben").click()
    await expect(page.get_by_test_id("person-ben")).to_be_checked()
    await expect(last(page).locator(".content")).to_have_text("tea: 5 min x1 silent=False")
    await expect(note).to_contain_text("Pomodoro isn't here.")


async def test_a_form_opens_on_a_message_elsewhere(page: "Page", small_bot: SmallBot, local: Playground) -> None:
    """With the bot on one's account, a message's menu in a group opens its form; the answer is ephemeral."""
    assert small_bot.user
    local.person("ann").install()
    group = page.get_by_role("link", name=re.compile("Weekend plans"))
    await local.person("ben").say(local.channel("Weekend plans"), "bring a map")
    await expect(group).to_have_attribute("aria-label", "Weekend plans, unread, 1 mention")
    await group.click()
    await expect(page.get_by_text("You are among yourselves here, with Ben, Mia.")).to_be_visible()
    await last(page).hover()
    await page.get_by_role("toolbar").get_by_role("button", name="More").click()
    await page.get_by_role("group", name="Apps").get_by_role("menuitem", name="Remind me").click()
    await page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    await expect(last(page).locator(".content")).to_have_text("tomorrow: bring a map")
    await expect(last(page)).to_contain_text("Only you can see this")
    await page.get_by_role("button", name="Remove").click()
    await expect(page.get_by_role("button", name="Add to account")).to_be_visible()
    await last(page).locator("xpath=preceding-sibling::li[1]").click(button="right")
    await expect(page.get_by_role("menu", name="Message")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Remind me")).to_have_count(0)


async def test_names_are_those_of_the_place(page: "Page", local: Playground) -> None:
    """Where the bot is no member, people and that place's channels can be mentioned, but no roles and no bot."""
    await page.get_by_role("link", name="lounge in Book Club").click()
    composer = page.get_by_test_id("composer")
    await composer.press_sequentially("@")
    options = page.get_by_role("option").locator(".option-label")
    await expect(options).to_have_text(["Ann", "Ben", "Mia", "@everyone", "@here"])
    await composer.fill("#")
    await expect(options).to_have_text(["lounge"])
    local.gather(local.person("ann"), local.person("mia"))
    await expect(page.get_by_role("link", name="Mia", exact=True)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_looks_right_on_a_phone(page: "Page", scheme: str) -> None:
    """At a phone's width nothing runs over the edge, and every word stands out, in light and in dark."""
    await page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    await page.get_by_role("link", name="lounge in Book Club").click()
    assert await page.evaluate(CONTRAST) == []
    await page.set_viewport_size({"width": 360, "height": 740})
    await expect(page.get_by_role("button", name="Add to account")).to_be_in_viewport(ratio=1)
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    note = await page.get_by_role("note").bounding_box()
    assert note and note["height"] < 90
