"""Writing, answering, changing and reading messages."""

import re
from typing import TYPE_CHECKING

import pytest

from bot.playground.playground import Playground
from tests.browser.hand import Post, last, write
from tests.browser.small_bot import dot

pytest.importorskip("playwright", reason="playwright comes with pip install '.[test]'")
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, FilePayload, Page

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_newcomer_is_shown_what_to_try(page: "Page") -> None:
    """The empty `general` offers some things to try, and a click writes one into the box."""
    await expect(page.get_by_role("list", name="Things to try").get_by_role("button")).to_have_count(6)
    await page.get_by_role("button", name="!pomodoro tea 5").click()
    await expect(page.get_by_test_id("composer")).to_have_value("!pomodoro tea 5")
    await expect(page.get_by_test_id("composer")).to_be_focused()


async def test_enter_sends_and_shift_enter_does_not(page: "Page", local: Playground) -> None:
    """Enter sends what is in the box; Shift with Enter begins a new line; names become mentions."""
    await page.get_by_test_id("composer").fill("to @Ben")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("and #quiet ")
    await page.keyboard.press("Enter")
    await expect(last(page).locator(".pill")).to_have_text(["@Ben", "quiet"])
    ben, quiet = local.person("ben").id, local.channel("quiet").id
    assert local.messages(local.channel("general"))[-1]["content"] == f"to <@{ben}>\nand <#{quiet}>"


async def test_a_message_has_no_stray_words(page: "Page", post: Post) -> None:
    """Parts that a message lacks leave nothing behind, such as the 0 of a flag."""
    await post("hello")
    stray = "body => [...body.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).length"
    assert await last(page).locator(".message-body").evaluate(stray) == 0


async def test_the_mention_picker_by_keyboard(page: "Page") -> None:
    """Typing @ lists people; arrows move, Enter inserts one without sending the message."""
    await page.get_by_test_id("composer").press_sequentially("hi @m")
    await expect(page.get_by_role("option").first).to_contain_text("Mia")
    await page.keyboard.press("Enter")
    await expect(page.get_by_test_id("composer")).to_have_value("hi @Mia ")
    await expect(page.locator("[data-message-id]")).to_have_count(0)


async def test_replies_point_at_their_message(page: "Page", local: Playground, post: Post) -> None:
    """A reply shows the current text of the message it answers and links to it, or says that it was deleted."""
    first = await post("the first of all")
    await first.hover()
    await page.get_by_role("toolbar").get_by_role("button", name="Reply").click()
    await write(page, "an answer")
    reply = last(page)
    await expect(reply.locator(".reply-line")).to_contain_text("the first of all")
    await reply.get_by_role("button", name="Go to the message by Ben").click()
    await expect(first.locator("xpath=ancestor::li[1]")).to_be_focused()
    general = local.channel("general")
    await local.person("ben").edit(local.messages(general)[0], "the very first")
    await expect(reply.locator(".reply-line")).to_contain_text("the very first")
    await page.get_by_test_id("person-ben").click()
    await first.hover()
    await page.get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.locator("[data-message-id]")).to_have_count(1)
    await page.reload()
    await expect(page.locator(".reply-line")).to_have_text("Original message was deleted")
    assert len(local.messages(general)) == 1


async def test_the_up_arrow_edits_ones_last_message(page: "Page") -> None:
    """The up arrow in an empty box opens one's own last message; Enter saves it as edited."""
    await write(page, "tee")
    await expect(last(page)).to_contain_text("tee")
    await page.keyboard.press("ArrowUp")
    editor = page.get_by_role("textbox", name="Edit message")
    await expect(editor).to_be_focused()
    await editor.fill("tea")
    await page.keyboard.press("Enter")
    await expect(last(page).locator(".content")).to_have_text("tea(edited)")
    await expect(page.get_by_test_id("composer")).to_be_focused()


async def test_messages_of_one_author_are_grouped(page: "Page", post: Post) -> None:
    """An author's next message stands under the first without another header."""
    await post("one")
    await post("two")
    await expect(page.locator("[data-message-id]")).to_have_count(2)
    await expect(page.locator(".message-head")).to_have_count(1)


async def test_a_file_is_sent_and_a_picture_shown(page: "Page") -> None:
    """Files chosen in the composer arrive; a picture is shown with its alt text."""
    picked: list[FilePayload] = [
        {"name": "dot.png", "mimeType": "image/png", "buffer": dot()},
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"notes"},
    ]
    await page.get_by_test_id("file-input").set_input_files(picked)
    await expect(page.get_by_role("list", name="Files to send").get_by_role("listitem")).to_have_count(2)
    await write(page, "look")
    picture = last(page).get_by_role("img")
    await expect(picture).to_have_attribute("alt", re.compile("dot"))
    await expect(picture).to_have_js_property("naturalWidth", 40)
    await expect(last(page).get_by_test_id("file")).to_contain_text("notes.txt")


async def test_a_thread_is_made_of_a_message(page: "Page", post: Post) -> None:
    """A thread made from a message opens, and stands under its channel at the left."""
    text = await post("let us talk")
    await text.hover()
    await page.get_by_role("button", name="Create thread").click()
    await page.get_by_label("Thread name").fill("talk")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="talk", level=2).first).to_be_visible()
    await expect(page.get_by_role("link", name="talk")).to_have_attribute("aria-current", "page")
    await write(page, "hello thread")
    await expect(last(page)).to_contain_text("hello thread")


async def test_the_list_stays_at_its_end(page: "Page", post: Post) -> None:
    """New messages keep the newest in view, but not from someone who is reading further up."""
    for number in range(12):
        element = await post(f"line {number}\n\n\n.")
    await expect(element).to_be_in_viewport()
    await page.locator(".scroller").evaluate("node => { node.scrollTop = 0 }")
    await expect(page.get_by_role("button", name="Jump to the newest")).to_be_visible()
    late = await post("late")
    await expect(late).not_to_be_in_viewport()
    await page.get_by_role("button", name="Jump to the newest").click()
    await expect(late).to_be_in_viewport()


async def test_typing_is_shown_until_the_message_comes(page: "Page", context: "BrowserContext") -> None:
    """The name of a person typing shows below the box until their message arrives."""
    other = await context.new_page()
    await other.goto(page.url)
    await other.get_by_test_id("person-ben").click()
    await expect(other.get_by_test_id("person-ben")).to_be_checked()
    await other.get_by_test_id("composer").fill("tea?")
    await expect(page.get_by_test_id("typing")).to_have_text("Ben is typing…")
    await other.keyboard.press("Enter")
    await expect(last(page)).to_contain_text("tea?")
    await expect(page.get_by_test_id("typing")).to_be_empty()


async def test_reactions_are_counted_and_pressed(page: "Page", local: Playground) -> None:
    """A reaction shows how many gave it; pressing it adds one's own, pressing again takes it back."""
    ben = local.person("ben")
    message = await ben.say(local.channel("general"), "done")
    await ben.react(message, "⭐")
    reaction = page.get_by_role("group", name="Reactions").get_by_role("button")
    await expect(reaction).to_have_text("⭐1")
    await reaction.click()
    await expect(reaction).to_have_text("⭐2")
    await expect(reaction).to_have_attribute("aria-pressed", "true")
    await reaction.click()
    await expect(reaction).to_have_text("⭐1")


async def test_older_messages_come_as_one_scrolls_up(page: "Page", local: Playground) -> None:
    """A long channel opens at its end, and loads older messages when scrolled up."""
    quiet, ben = local.channel("quiet"), local.person("ben")
    for number in range(70):
        await ben.say(quiet, f"line {number}")
    await page.get_by_role("link", name="quiet, unread").click()
    await expect(page.get_by_text("line 69", exact=True)).to_be_in_viewport()
    await page.reload()
    await expect(page.get_by_text("line 69", exact=True)).to_be_in_viewport()
    await expect(page.locator("[data-message-id]")).to_have_count(50)
    await page.locator("[data-message-id]").first.scroll_into_view_if_needed()
    await expect(page.locator("[data-message-id]")).to_have_count(70)
    await expect(page.get_by_role("heading", name="quiet").last).to_be_attached()
