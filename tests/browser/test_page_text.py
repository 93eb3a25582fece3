"""The text of messages: markdown, mentions, timestamps, and nothing that could ever run.

The tests share a page, on which each looks at messages of its own: to open one takes half a second of CPU.
"""

import re
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.playground.playground import Playground
from tests.browser.conftest import page_of, playground, profile
from tests.browser.hand import Post, last

pytest.importorskip("playwright", reason="playwright comes with pip install '.[test]'")
from playwright.async_api import expect

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def local() -> AsyncIterator[Playground]:
    async with playground() as discord:
        yield discord
        assert discord.backend.record.crashes == []


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def context(browser: "Browser") -> "AsyncIterator[BrowserContext]":
    async with profile(browser) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def page(context: "BrowserContext", local: Playground) -> "Page":
    return await page_of(context, local)


async def test_markdown_becomes_elements(post: Post) -> None:
    """Each of Discord's marks is drawn as the element it stands for, also when nested."""
    text = await post("**bold *and italic*** __under__ ~~gone~~ `code` [site](https://example.org/a_(b))")
    await expect(text.locator("strong em")).to_have_text("and italic")
    await expect(text.locator("u")).to_have_text("under")
    await expect(text.locator("s")).to_have_text("gone")
    await expect(text.locator("code")).to_have_text("code")
    await expect(text.get_by_role("link", name="site")).to_have_attribute("href", "https://example.org/a_(b)")


async def test_blocks_become_elements(post: Post) -> None:
    """Headings, subtext, quotes, nested lists and code blocks stand as blocks of their own."""
    text = await post("# One\n## Two\n-# small\n> said\n- a\n  - b\n1. c\n```py\nx = '*'\n```")
    await expect(text.get_by_role("heading", name="One")).to_have_attribute("data-level", "1")
    await expect(text.get_by_role("heading", name="Two")).to_have_attribute("data-level", "2")
    await expect(text.locator(".subtext")).to_have_text("small")
    await expect(text.locator("blockquote")).to_have_text("said")
    await expect(text.locator("ul ul li")).to_have_text("b")
    await expect(text.locator("ol li")).to_have_text("c")
    await expect(text.locator("pre")).to_have_text("x = '*'")


@pytest.mark.parametrize(
    ("sent", "content"),
    [
        (r"\*a\* \_b\_ \`c\` \~\~d\~\~ \|\|e\|\|", "*a* _b_ `c` ~~d~~ ||e||"),
        (r"\# head", "# head"),
        (r"1\. one", "1. one"),
        (r"\> quote \<@1> \[a\]\(https\://x.y\)", "> quote <@1> [a](https://x.y)"),
        (r"two \\ one \a", r"two \ one \a"),
        ("snake_case_name 2 * 3 * 4 **open", "snake_case_name 2 * 3 * 4 **open"),
    ],
)
async def test_escapes_are_shown_literally(post: Post, sent: str, content: str) -> None:
    """A backslash before punctuation removes its meaning and is not shown itself."""
    text = await post(sent)
    await expect(text).to_have_text(content)
    await expect(text.locator("*")).to_have_count(0)


@pytest.mark.parametrize(
    "attack",
    [
        "<img src=x onerror=window.pwned=1>",
        "<script>window.pwned=1</script>",
        "**<b onclick=window.pwned=1>x</b>**",
        "```<svg onload=window.pwned=1>```",
        "[x](javascript:window.pwned=1)",
        "[x](https://a.b\"onmouseover='window.pwned=1')",
        "||<iframe srcdoc='<script>top.pwned=1</script>'>||",
    ],
)
async def test_a_message_can_never_become_markup(page: "Page", post: Post, attack: str) -> None:
    """Whatever a message contains, it is text: no element of its own, no script, no address but http."""
    text = await post(attack)
    await text.hover()
    assert await page.evaluate("window.pwned") is None
    await expect(text.locator("img, script, svg, iframe, b, [onclick], [onmouseover]")).to_have_count(0)
    await expect(text.locator("a:not([href^='https://'])")).to_have_count(0)


async def test_mentions_are_pills_and_only_real_ones_ping(post: Post, local: Playground) -> None:
    """Mentions show names; a message is highlighted for whom the server says it mentions."""
    ann = local.person("ann")
    text = await post(f"<@{ann.id}> see <#{local.channel('quiet').id}>")
    await expect(text.locator(".pill")).to_have_text(["@Ann", "quiet"])
    message = text.locator("xpath=ancestor::li")
    await expect(message).to_have_class(re.compile("pings"))
    literal = await post("`<@1>` @everyone")
    await expect(literal.locator("code")).to_have_text("<@1>")
    await expect(literal.locator("xpath=ancestor::li[1]")).not_to_have_class(re.compile("pings"))


async def test_spoilers_open_when_pressed(page: "Page", post: Post) -> None:
    """A spoiler hides its text until it is pressed, by mouse or by key."""
    text = await post("||tea||")
    cover = text.get_by_role("button", name="Spoiler")
    await expect(text.get_by_text("tea")).not_to_be_visible()
    await cover.focus()
    await page.keyboard.press("Enter")
    await expect(text.get_by_text("tea")).to_be_visible()


async def test_timestamps_tick_by_themselves(browser: "Browser", local: Playground) -> None:
    """A relative time counts down and up in Discord's words without any edit of its message."""
    # Of its own, since its clock is stopped.
    async with profile(browser) as context:
        page = await context.new_page()
        now = int(time.time())
        await page.clock.install(time=now)
        await page.clock.pause_at(now + 1)
        await local.person("ben").say(local.channel("general"), f"<t:{now + 126}:R> and <t:{now + 11}:R>")
        await page.goto(local.page_url)
        long, short = last(page).locator("time").nth(0), last(page).locator("time").nth(1)
        await expect(long).to_have_text("in 2 minutes")
        await expect(short).to_have_text("in 10 seconds")
        await page.clock.run_for(5000)
        await expect(short).to_have_text("in 5 seconds")
        await page.clock.run_for(8000)
        await expect(short).to_have_text("3 seconds ago")
        await page.clock.run_for(40_000)
        await expect(long).to_have_text("in a minute")


async def test_timestamps_are_in_the_readers_zone(post: Post, page: "Page") -> None:
    """Every style is written in the reader's own zone and language, with the whole date as its tip."""
    text = await post(
        "<t:1767225600:t> <t:1767225600:T> <t:1767225600:d> <t:1767225600:D> <t:1767225600:F> <t:1767225600>"
    )
    await expect(text.locator("time")).to_have_text(
        [
            "01:00",
            "01:00:00",
            "01/01/2026",
            "1 January 2026",
            re.compile("Thursday,? 1 January 2026 at 01:00"),
            "1 January 2026 at 01:00",
        ]
    )
    await text.locator("time").first.hover()
    await expect(page.get_by_role("tooltip")).to_have_text(re.compile("Thursday,? 1 January 2026"))
