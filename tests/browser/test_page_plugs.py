"""The channels, the people, the plugs, and what happens when they are pulled."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.playground.playground import Playground
from tests.browser.hand import last, write
from tests.browser.small_bot import SmallBot

pytest.importorskip("playwright", reason="playwright comes with pip install '.[test]'")
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Locator, Page, WebSocketRoute

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def advanced(page: "Page") -> "Locator":
    """Open the panel and its folded section."""
    await page.get_by_test_id("faults-toggle").click()
    await page.get_by_test_id("advanced").click()
    return page.get_by_test_id("faults-panel")


async def test_a_button_says_what_it_is_for(page: "Page") -> None:
    """Each button in the panel has an accessible name that says what the text beside it says."""
    panel = await advanced(page)
    add = panel.get_by_role("button", name="Add: A month of sample history", exact=True)
    await expect(add).to_have_attribute("aria-description", "For Ann, so that there is something in !stats here.")
    await expect(panel.get_by_role("button", name="Kill", exact=True)).to_have_attribute(
        "aria-description", "Ends it in mid-sentence, as a power cut does (SIGKILL)."
    )


async def test_unread_channels_are_marked(page: "Page", local: Playground) -> None:
    """A channel with something new is marked, one that mentions you counts, and opening it clears both."""
    ben, quiet, focus = local.person("ben"), local.channel("quiet"), local.channel("focus")
    await ben.say(quiet, "anyone?")
    await ben.say(focus, f"<@{local.person('ann').id}>!")
    await expect(page.get_by_role("link", name="quiet, unread")).to_be_visible()
    link = page.get_by_role("link", name="focus, unread, 1 mention")
    await expect(link.locator(".badge")).to_have_text("1")
    await link.click()
    await expect(page.get_by_role("link", name="focus", exact=True)).to_be_visible()
    await expect(page).to_have_title("#focus · Playground")


async def test_one_can_speak_as_another(page: "Page", local: Playground) -> None:
    """The switch at the bottom left changes who speaks, and only a moderator may delete others' words."""
    general = local.channel("general")
    await write(page, "I am Ann")
    await expect(last(page)).to_contain_text("I am Ann")
    await page.get_by_role("radio", name="Speak as Ben").click()
    await expect(page.get_by_role("radio", name="Speak as Ben")).to_be_checked()
    await write(page, "I am Ben")
    await expect(page.locator("[data-message-id] .content")).to_have_text(["I am Ann", "I am Ben"])
    await page.locator("[data-message-id]").first.click(button="right")
    await expect(page.get_by_role("menuitem", name="Reply")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Delete")).to_have_count(0)
    await page.keyboard.press("Escape")
    await page.get_by_role("radio", name="Speak as Mia").click()
    await expect(page.get_by_role("radio", name="Speak as Mia")).to_be_checked()
    await page.locator("[data-message-id]").first.click(button="right")
    await page.get_by_role("menuitem", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.locator("[data-message-id]")).to_have_count(1)
    assert [message["content"] for message in local.messages(general)] == ["I am Ben"]


async def test_written_just_after_a_switch(page: "Page", local: Playground) -> None:
    """Anything done between a switch and the playground's answer counts as the new person's."""
    held: list[str | bytes] = []
    lines: list[tuple[WebSocketRoute, WebSocketRoute]] = []

    def hold(line: "WebSocketRoute") -> None:
        def keep(frame: str | bytes) -> None:
            held.append(frame)

        server = line.connect_to_server()
        server.on_message(keep)
        lines.append((line, server))

    await page.route_web_socket("**/play/socket*", hold)
    await page.get_by_role("radio", name="Speak as Ben").click()
    await write(page, "I am Ben")
    ((line, server),) = lines
    server.on_message(line.send)
    for frame in held:
        line.send(frame)
    await expect(last(page)).to_have_attribute("data-author", "Ben")


async def test_channels_are_switched_by_keys(page: "Page") -> None:
    """Alt with the arrows goes through the channels, then the direct messages, and elsewhere last."""
    await page.keyboard.press("Alt+ArrowDown")
    await expect(page.get_by_role("link", name="focus")).to_have_attribute("aria-current", "page")
    await page.keyboard.press("Alt+ArrowUp")
    await page.keyboard.press("Alt+ArrowUp")
    await expect(page.get_by_role("link", name="Weekend plans")).to_have_attribute("aria-current", "page")
    await page.keyboard.press("Alt+ArrowUp")
    await page.keyboard.press("Alt+ArrowUp")
    await expect(page.get_by_role("link", name="Pomodoro")).to_have_attribute("aria-current", "page")
    await expect(page.get_by_test_id("composer")).to_have_attribute("placeholder", "Message @Pomodoro")


async def test_plugs_turn_the_playgrounds_switches(page: "Page", local: Playground) -> None:
    """Each control of the panel sets its switch in the playground, and shows its state."""
    panel = await advanced(page)
    await panel.get_by_test_id("rest-times").fill("3")
    async with page.expect_response("**/play/faults"):
        await panel.get_by_label("503 Unavailable").check()
    switches = local.faults.switches()
    assert (switches["rest"], switches["rest_times"]) == ("503", 3)
    async with page.expect_response("**/play/faults"):
        await panel.get_by_label("As it should").check()
    assert local.faults.switches()["rest"] is None
    async with page.expect_response("**/play/faults"):
        await panel.get_by_role("switch", name="Stays down").check()
    assert local.faults.gateway_down
    async with page.expect_response("**/play/faults"):
        await panel.get_by_role("switch", name="Message Content").uncheck()
    assert not local.faults.message_content
    local.faults.refuse_resume = True
    await expect(panel.get_by_role("switch", name="Refuse to resume")).to_be_checked()


async def test_a_redraw_keeps_the_input(page: "Page", local: Playground) -> None:
    """When the panel is redrawn, a half-typed number, its caret and the focus stay."""
    panel = await advanced(page)
    times = panel.get_by_test_id("rest-times")
    await times.press_sequentially("12")
    local.faults.refuse_resume = True
    await expect(panel.get_by_role("switch", name="Refuse to resume")).to_be_checked()
    await expect(times).to_be_focused()
    await page.keyboard.press("3")
    await expect(times).to_have_value("123")


async def test_the_panel_of_a_bot_started_elsewhere(page: "Page") -> None:
    """If the bot was started elsewhere, controls that need its process or data are disabled."""
    panel = await advanced(page)
    for name in ("demo", "history", "start-over", "bot-kill", "bot-stop", "bot-start"):
        await expect(panel.get_by_test_id(name)).to_be_disabled()


async def test_messages_while_the_bot_is_away(page: "Page", local: Playground, small_bot: SmallBot) -> None:
    """A line above the box says that the bot is away, and one at each message that it is lost, until it resumes."""
    assert small_bot.user
    note, lost = page.get_by_role("note"), last(page).locator(".unheard")
    await expect(page.get_by_text("Pomodoro connected")).to_be_visible()
    await expect(note).not_to_be_visible()
    local.faults.gateway_down = True
    await expect(note).to_contain_text("Pomodoro is not connected")
    await write(page, "hello?")
    await expect(lost).to_contain_text("Discord doesn't deliver this to it later")
    await page.set_viewport_size({"width": 360, "height": 740})
    icon, words = [await part.bounding_box() for part in await lost.locator(":scope > *").all()]
    assert icon
    assert words
    assert words["x"] > icon["x"] + icon["width"], "they stand side by side"
    await lost.get_by_role("button", name="Write it again").click()
    await expect(page.get_by_test_id("composer")).to_have_value("hello?")
    await page.reload()
    await expect(lost).to_be_visible()
    local.faults.gateway_down = False
    await local.wait_connected(timeout=60)  # discord.py tries again after a while, and then after a longer one
    await expect(note).not_to_be_visible()
    await expect(lost).not_to_be_visible()


async def test_the_panel_shows_how_the_bot_is(page: "Page", local: Playground, small_bot: SmallBot) -> None:
    """The panel shows whether the bot is connected and counts its requests, also after a reconnect."""
    assert small_bot.user
    await advanced(page)
    await expect(page.get_by_test_id("status-bot")).to_have_text("connected")
    await write(page, "!embed")
    await expect(page.get_by_test_id("status-sent")).not_to_have_text("0")
    local.faults.gateway_down = True
    async with page.expect_response("**/play/gateway/drop"):
        await page.get_by_test_id("gateway-drop").click()
    await expect(page.get_by_test_id("status-bot")).to_have_text("not connected")


async def test_a_person_can_block_the_bots_dms(page: "Page", local: Playground, small_bot: SmallBot) -> None:
    """While a person blocks its DMs, the bot's message to them is refused; afterwards it arrives again."""
    discord = pytest.importorskip("discord")
    ann = await small_bot.fetch_user(int(local.person("ann").id))
    await advanced(page)
    block = page.get_by_role("switch", name="Block the bot's DMs")
    async with page.expect_response("**/play/people/*"):
        await block.check()
    with pytest.raises(discord.Forbidden):
        await ann.send("hello")
    async with page.expect_response("**/play/people/*"):
        await block.uncheck()
    await ann.send("hello")
    await page.get_by_role("link", name="Pomodoro, unread, 1 mention").click()
    await expect(last(page)).to_contain_text("hello")


async def test_the_page_waits_for_the_playground_to_come_back(context: "BrowserContext", tmp_path: Path) -> None:
    """When the playground stops, the page says so, and catches up by itself once it is back."""
    archive = tmp_path / "playground.db"
    page = await context.new_page()
    async with Playground(archive=archive) as local:
        token = local.token
        port = int(local.page_url.rstrip("/").rsplit(":", 1)[1])
        await page.goto(local.page_url)
        await write(page, "before")
        await expect(last(page)).to_contain_text("before")
    await expect(page.get_by_text("Playground stopped — waiting for it to come back.")).to_be_visible()
    async with Playground(port=port, token=token, archive=archive) as local:
        await local.person("ben").say(local.channel("general"), "after")
        await expect(page.get_by_text("Playground stopped")).not_to_be_visible()
        await expect(page.locator(".content")).to_have_text(["before", "after"])
