"""Commands: slash commands by their picker and form, and those in menus."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from bot.playground.playground import Playground
from tests.browser.hand import Post, last
from tests.browser.small_bot import SmallBot

pytest.importorskip("playwright", reason="playwright comes with pip install '.[test]'")
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")


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


async def test_commands_that_come_while_they_are_looked_for(
    page: "Page", local: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The picker fills as soon as the bot has registered its commands, without another key."""
    await page.keyboard.type("/sl")
    await page.get_by_text("The bot has registered no commands yet.").wait_for()
    async with SmallBot().running(local, monkeypatch):
        await expect(page.get_by_role("option").first).to_contain_text("/slow")


async def test_a_wrong_option_says_so_beside_it(page: "Page", small_bot: SmallBot) -> None:
    """A missing or out-of-range value is reported at its field, and nothing is sent."""
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
    await page.get_by_role("option", name="/timer whisper").wait_for()
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


async def test_a_slow_command_is_thinking_and_a_silent_one_fails(
    page: "Page", small_bot: SmallBot, give_up: Callable[[], None]
) -> None:
    """A deferred answer shows that the bot is thinking; a missing one shows that it did not respond."""
    for command in ("slow", "mute"):
        await page.get_by_test_id("composer").fill(f"/{command}")
        await page.get_by_role("option", name=f"/{command}").wait_for()
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Run this command").click()
    await expect(page.get_by_text("Pomodoro is thinking…")).to_be_visible()
    give_up()
    await expect(page.get_by_text("The application did not respond")).to_be_visible()
    small_bot.think.set()
    await expect(page.locator(".content", has_text="Thought enough")).to_be_visible()
    await expect(page.get_by_text("Pomodoro is thinking…")).to_have_count(0)


async def test_a_message_s_menu_opens_the_form_of_an_app(page: "Page", small_bot: SmallBot, post: Post) -> None:
    """A command in a message's menu, from the bar or by a right click, opens its form.

    Its answer is ephemeral, and has no apps in its own menu.
    """
    assert small_bot.user
    text = await post("drink water")
    for opened in ("the bar", "a right click"):
        await text.hover()
        if opened == "the bar":
            await page.get_by_role("toolbar").get_by_role("button", name="More").click()
        else:
            await text.click(button="right")
        apps = page.get_by_role("menu", name="Message").get_by_role("group", name="Apps")
        await apps.get_by_role("menuitem", name="Remind me").click()
        form = page.get_by_role("dialog", name="Remind me")
        await form.get_by_label("When").fill(f"after {opened}")
        await form.get_by_role("button", name="Submit").click()
        await expect(form).to_have_count(0)
        await expect(last(page).locator(".content")).to_have_text(f"after {opened}: drink water")
        await expect(last(page)).to_contain_text("Only you can see this")
    await last(page).click(button="right")
    await expect(page.get_by_role("menu", name="Message")).to_be_visible()
    await expect(page.get_by_role("group", name="Apps")).to_have_count(0)


async def test_a_message_s_menu_is_reached_by_keys(page: "Page", small_bot: SmallBot, post: Post) -> None:
    """The keyboard alone reaches a message, its menu, the form, and the message again."""
    assert small_bot.user
    await post("drink tea")
    await post("drink water")
    await last(page).focus()
    await page.keyboard.press("ArrowUp")
    await expect(page.locator("[data-message-id]").first).to_be_focused()
    more = page.get_by_role("toolbar").get_by_role("button", name="More")
    while not await more.evaluate("node => node === document.activeElement"):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.keyboard.press("End")
    await expect(page.get_by_role("menuitem", name="Remind me")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog").get_by_label("When")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(last(page).locator(".content")).to_have_text("tomorrow: drink tea")
    await expect(more).to_be_focused()


async def test_a_menu_fits_a_phone(page: "Page", small_bot: SmallBot, post: Post) -> None:
    """At a phone's width the menu and the form of an app are within the window."""
    assert small_bot.user
    await page.set_viewport_size({"width": 360, "height": 560})
    text = await post("drink water")
    await text.hover()
    await page.get_by_role("toolbar").get_by_role("button", name="More").click()
    entry = page.get_by_role("menuitem", name="Remind me")
    await expect(entry).to_be_in_viewport(ratio=1)
    await entry.click()
    await expect(page.get_by_role("dialog", name="Remind me")).to_be_in_viewport(ratio=1)
    assert await page.evaluate("document.documentElement.scrollWidth") == 360


async def test_people_have_apps_in_their_menus(page: "Page", small_bot: SmallBot, post: Post) -> None:
    """A name's menu runs commands on people."""
    assert small_bot.user
    await post("drink water")
    await page.get_by_role("button", name="Ben", exact=True).click()
    await page.get_by_role("menuitem", name="Focus of").click()
    await expect(page.locator(".content", has_text="Ben focused")).to_be_visible()
