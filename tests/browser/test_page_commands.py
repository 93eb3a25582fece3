"""Commands: slash commands by their picker and form, and those in menus."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.hand import Post, last
from tests.browser.small_bot import SmallBot

pytest.importorskip("playwright", reason="playwright comes with pip install '.[test]'")
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_slash_command_is_run_by_keys_alone(page: "Page", small_bot: SmallBot) -> None:
    """The picker lists commands, the form completes what is typed by asking the bot, and Enter sends it."""
    assert small_bot.user
    await page.keyboard.type("/tim")
    await expect(page.get_by_role("option").first).to_contain_text("/timer start")
    await expect(page.get_by_role("option").first).to_contain_text("Start a timer")
    await page.keyboard.press("Enter")
    form = page.get_by_test_id("slash-form")
    await expect(form.get_by_label("name")).to_be_focused()
    await page.keyboard.type("tea")
    await expect(page.get_by_role("option")).to_have_text(["tea (known)", "tea for two (known)"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(form.get_by_label("name")).to_have_value("tea for two (known)")
    await expect(form.get_by_label("minutes")).to_be_focused()
    await page.keyboard.type("5")
    await form.get_by_label("friend").focus()
    await page.keyboard.type("be")
    await page.get_by_role("option", name="Ben").wait_for()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(last(page).locator(".content")).to_have_text("tea for two: 5 min x1 with Ben silent=False")
    await expect(last(page).locator(".reply-line")).to_have_text("AAnnused /timer start")
    await expect(page.get_by_test_id("composer")).to_be_focused()


async def test_a_wrong_option_says_so_beside_it(page: "Page", small_bot: SmallBot) -> None:
    """What is missing or out of range is said at its field, and nothing is sent."""
    assert small_bot.user
    await page.get_by_test_id("composer").fill("/timer start minutes:500")
    form = page.get_by_test_id("slash-form")
    await expect(form.get_by_label("minutes")).to_have_value("500")
    await form.get_by_role("button", name="Run this command").click()
    await expect(form.get_by_text("This option is required.")).to_be_visible()
    await expect(form.get_by_text("At most 90, please.")).to_be_visible()
    await expect(form.get_by_label("name")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await expect(form).to_have_count(0)
    await expect(page.locator("[data-message-id]")).to_have_count(0)


async def test_an_ephemeral_answer_can_be_dismissed(page: "Page", small_bot: SmallBot) -> None:
    """An answer for one person says so, is not shown to others, and goes when it is dismissed."""
    assert small_bot.user
    await page.get_by_test_id("composer").fill("/timer whisper")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Run this command").click()
    await expect(last(page)).to_contain_text("Only you can see this")
    await page.get_by_test_id("person-ben").click()
    await expect(page.get_by_test_id("person-ben")).to_be_checked()
    await expect(page.locator(".content", has_text="Between us")).to_have_count(0)
    await page.get_by_test_id("person-ann").click()
    await expect(page.locator(".content", has_text="Between us")).to_be_visible()
    await page.get_by_role("button", name="Dismiss message").click()
    await expect(page.locator(".content", has_text="Between us")).to_have_count(0)


async def test_a_slow_command_is_thinking_and_a_silent_one_fails(page: "Page", small_bot: SmallBot) -> None:
    """A deferred answer shows that the bot is thinking; no answer at all shows that it did not respond."""
    for command in ("slow", "mute"):
        await page.get_by_test_id("composer").fill(f"/{command}")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Run this command").click()
    await expect(page.get_by_text("Pomodoro is thinking…")).to_be_visible()
    await expect(page.get_by_text("The application did not respond")).to_be_visible()
    small_bot.think.set()
    await expect(page.locator(".content", has_text="Thought enough")).to_be_visible()
    await expect(page.get_by_text("Pomodoro is thinking…")).to_have_count(0)


async def test_apps_are_in_the_menus_of_messages_and_people(page: "Page", small_bot: SmallBot, post: Post) -> None:
    """A message's menu runs commands on messages, a name's menu commands on people."""
    assert small_bot.user
    text = await post("drink water")
    await text.hover()
    await page.get_by_role("toolbar").get_by_role("button", name="More").click()
    await page.get_by_role("menuitem", name="Remind me").click()
    await expect(page.locator(".content", has_text="Will remind you of: drink water")).to_be_visible()
    await page.get_by_role("button", name="Ben", exact=True).click()
    await page.get_by_role("menuitem", name="Focus of").click()
    await expect(page.locator(".content", has_text="Ben focused")).to_be_visible()
