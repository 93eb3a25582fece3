"""Looks: light and dark, contrast, narrow windows, and names for screen readers."""

from typing import TYPE_CHECKING

import pytest

from tests.browser.hand import Post, last, write
from tests.browser.small_bot import SmallBot

pytest.importorskip("playwright", reason="playwright comes with pip install '.[test]'")
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="session")


CONTRAST = """() => {
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const solid = (node) => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || node.closest(":disabled, .unseen, .skip")) continue;
    if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(solid(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const words = node.textContent.trim().slice(0, 20);
    if (ratio < 4.5) poor.push(`${node.tagName}.${node.className} "${words}" ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_words_stand_out_in_light_and_dark(
    page: "Page", small_bot: SmallBot, post: Post, scheme: str
) -> None:
    """In the system's colour scheme every word has WCAG AA contrast against its background."""
    assert small_bot.user
    await page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    await post("# Head\n-# small `code` [link](https://example.org) <@1> <t:1767225600:R>\n> quote")
    await write(page, "!card")
    await expect(last(page).locator(".container")).to_be_visible()
    await page.get_by_test_id("faults-toggle").click()
    assert await page.evaluate(CONTRAST) == []
    ground = await page.locator("#chat").evaluate("node => getComputedStyle(node).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") == (scheme == "light")


async def test_the_chosen_colours_are_remembered(page: "Page") -> None:
    """The light/dark switch overrides the system's scheme, and survives a reload."""
    await page.get_by_test_id("theme").click()
    await expect(page.get_by_test_id("theme")).to_have_attribute("aria-label", "Colours: light")
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("data-theme", "light")
    await expect(page.locator("#chat")).to_have_css("background-color", "rgb(255, 255, 255)")


async def test_the_page_fits_a_phone(page: "Page", small_bot: SmallBot) -> None:
    """At a phone's width nothing runs over the edge, and channels and plugs are drawers that Escape closes."""
    assert small_bot.user
    await page.set_viewport_size({"width": 360, "height": 740})
    await write(page, "!card")
    await expect(last(page).locator(".container")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    assert await page.locator(".scroller").evaluate("node => node.scrollWidth - node.clientWidth") == 0
    await expect(page.get_by_role("link", name="focus")).not_to_be_visible()
    await page.get_by_test_id("sidebar-toggle").click()
    await page.get_by_role("link", name="focus").click()
    await expect(page.get_by_role("link", name="focus")).not_to_be_visible()
    await expect(page.get_by_test_id("composer")).to_have_attribute("placeholder", "Message #focus")
    await page.get_by_test_id("faults-toggle").click()
    await expect(page.get_by_test_id("faults-panel")).to_be_in_viewport()
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("faults-panel")).not_to_be_visible()


async def test_everything_has_a_name(page: "Page", small_bot: SmallBot) -> None:
    """Every control has an accessible name, and messages are announced to screen readers."""
    assert small_bot.user
    await write(page, "!buttons")
    await expect(last(page).get_by_role("button", name="Pause")).to_be_visible()
    await page.get_by_test_id("faults-toggle").click()
    await page.get_by_test_id("advanced").click()
    await expect(page.locator("#announcer")).to_have_text("Pomodoro: Pick")
    nameless = """() => [...document.querySelectorAll("button, a[href], input:not([hidden]), textarea")]
      .filter((node) => !(node.ariaLabel || node.innerText?.trim() || node.labels?.length))
      .map((node) => node.outerHTML)"""
    assert await page.evaluate(nameless) == []
    # Screen readers announce the text; pictures have none.
    misnamed = """() => [...document.querySelectorAll(":is(button, a)[aria-label]")]
      .filter((node) => !node.ariaLabel.includes(node.innerText.replace(/\\s+/g, " ").trim()))
      .map((node) => `${node.ariaLabel}: ${node.innerText}`)"""
    assert await page.evaluate(misnamed) == []
    assert await page.locator("h1").all_inner_texts() == ["general"]
