"""The whole product as a newcomer meets it: `python -m bot playground`, in a browser."""

import re
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.browser.hand import write

pytest.importorskip("playwright", reason="playwright comes with pip install '.[test]'")
from playwright.async_api import expect

from tests.browser.product import Playground, card_of, held, message, opened

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page

pytestmark = pytest.mark.asyncio(loop_scope="session")
COUNTDOWN = re.compile(r"in \d+ seconds?")
expect.set_options(timeout=60_000)  # a bot, a browser and other tests share two cores


@pytest_asyncio.fixture(loop_scope="session")
async def playground(tmp_path: Path) -> AsyncIterator[Playground]:
    """A playground where nothing has happened yet."""
    opened = Playground(tmp_path / "data")
    await opened.start()
    yield opened
    assert await opened.stop() == 0


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Playground]:
    """A playground shared by tests that leave nothing in each other's way: starting one takes seconds."""
    opened = Playground(tmp_path_factory.mktemp("shared") / "data")
    await opened.start()
    yield opened
    assert await opened.stop() == 0


@pytest_asyncio.fixture(loop_scope="session")
async def new_page(context: "BrowserContext", playground: Playground) -> "Page":
    return await opened(context, playground)


@pytest_asyncio.fixture(loop_scope="session")
async def page(context: "BrowserContext", shared: Playground) -> "Page":
    return await opened(context, shared)


async def test_a_newcomers_first_minute(new_page: "Page") -> None:
    """Tea and then eggs are started, the cards count down by themselves, and eggs are called before tea."""
    await write(new_page, "!pomodoro tea 7")
    card = await card_of(new_page, "#1 · 7 s")
    await expect(card).to_contain_text(COUNTDOWN)
    countdowns = COUNTDOWN.findall(await card.inner_text())
    await write(new_page, "!pomodoro eggs 2")
    await expect(message(new_page, "#2 · 2 s")).to_be_visible()
    await expect(card).not_to_contain_text(countdowns[0])
    await expect(message(new_page, "POMODORO! tea")).to_contain_text("@Ann")
    texts = await new_page.locator('[data-author="Pomodoro"] .content').all_inner_texts()
    called = [text.split()[1] for text in texts if text.startswith("POMODORO!")]
    assert called == ["eggs", "tea"]
    await expect(card).to_contain_text("Finished at")
    await expect(card.get_by_role("button", name="Cancel")).to_have_count(0)


async def test_buttons(page: "Page") -> None:
    """Pause, Resume, +5 min and Cancel work under a card; Ben may look but not touch."""
    await write(page, "!pomodoro tea 10h")  # hours: it makes no difference how quick this machine is
    card = await card_of(page, " · 10 h")
    for button, text in (
        ("Pause", "Paused with 9 h"),
        ("+5 min", "Paused with 10 h"),
        ("Resume", "in 10 hours"),
    ):
        await card.get_by_role("button", name=button).click()
        await expect(card).to_contain_text(text)
    await page.get_by_role("radio", name="Speak as Ben").click()
    await card.get_by_role("button", name="Cancel").click()
    await expect(message(page, "isn't your")).to_contain_text("Only you can see this")
    await page.get_by_role("radio", name="Speak as Mia").click()
    await card.get_by_role("button", name="Cancel").click()
    await expect(card).to_contain_text("Cancelled")


async def test_slash_picker(page: "Page") -> None:
    """The slash picker leads to the fields, a timer is started, and its name is offered for a cancel."""
    composer = page.get_by_test_id("composer")
    await composer.press_sequentially("/pomodoro st")
    await page.get_by_role("option", name="start").first.click()
    form = page.get_by_test_id("slash-form")
    await form.get_by_role("button", name="name").or_(form.get_by_label("name")).first.click()
    await form.get_by_label("name").fill("green tea")
    await form.get_by_label("name").press("Enter")
    card = await card_of(page, "green tea")
    await expect(card).to_contain_text("25 min")
    await composer.press_sequentially("/pomodoro canc")
    await page.get_by_role("option", name="cancel").first.click()
    await form.get_by_label("timer").press_sequentially("gre")
    await page.get_by_role("option", name="green tea").click()
    await expect(form.get_by_label("timer")).not_to_have_value("gre")
    await form.get_by_label("timer").press("Enter")
    await expect(message(page, "Cancelled green tea")).to_be_visible()
    await expect(card).to_contain_text("Cancelled")


async def test_bad_input_is_answered(page: "Page") -> None:
    """Nonsense is answered by a question with buttons, and a name in markdown is shown as typed."""
    await write(page, "!pomodoro tea nan")
    await expect(message(page, "I don't know the length")).to_be_visible()
    await write(page, "!pomodoro __y__ **x** 10m")
    await expect(message(page, " · 10 min")).to_contain_text("__y__ **x**")


async def test_pulling_the_plug(new_page: "Page", playground: Playground) -> None:
    """The bot keeps its word after a kill by the demo button, by hand, or with the whole playground."""
    await write(new_page, "!pomodoro eggs 10h")
    card = await card_of(new_page, "#1 · 10 h")
    await new_page.get_by_test_id("faults-toggle").click()
    await new_page.get_by_test_id("demo").click()
    steps = new_page.locator("#demo li")
    await expect(new_page.locator("#demo")).to_contain_text("said it as soon as it was back")
    assert await steps.evaluate_all("all => all.map(one => one.dataset.state)") == ["done"] * 5
    await expect(new_page.locator(".content").filter(has_text="POMODORO! tea")).to_have_count(1)
    await new_page.locator("#demo").get_by_role("button", name="Close").click()
    await new_page.get_by_test_id("advanced").click()
    await new_page.get_by_test_id("bot-kill").click()
    await expect(new_page.get_by_test_id("status-process")).to_have_text("stopped")
    looks = "node => [getComputedStyle(node).color, node.offsetHeight]"
    both = new_page.get_by_role("button", name="Start it", exact=True)
    assert len({str(await button.evaluate(looks)) for button in await both.all()}) == 1
    await new_page.get_by_role("note").get_by_role("button", name="Start it").click()
    await expect(new_page.get_by_text("Pomodoro connected")).to_be_visible()
    await card.get_by_role("button", name="Pause").click()
    await expect(card).to_contain_text("Paused with 9 h")
    assert await playground.stop() == 0
    await expect(new_page.get_by_text("waiting for it to come back")).to_be_visible()
    await playground.start()
    await expect(new_page.get_by_text("Pomodoro connected")).to_be_visible()
    await card.get_by_role("button", name="Resume").click()
    await expect(card).to_contain_text("Ends in")


async def test_a_session_of_two(page: "Page") -> None:
    """Ann starts a session, Ben joins with a task; they pause, skip, review and stop it."""
    await write(page, "!focus 2x(5h focus, 5m break)")
    card = await card_of(page, "Focus · 1 of 2")
    await page.get_by_role("radio", name="Speak as Ben").click()
    await card.get_by_role("button", name="Join").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Your task").fill("the first page")
    await form.get_by_role("button", name="Submit").click()
    await expect(card).to_contain_text("the first page")
    await page.get_by_role("radio", name="Speak as Ann").click()
    await card.get_by_role("button", name="⋯").click()
    menu = message(page, "Only you can see this")
    await menu.get_by_role("button", name="Pause", exact=True).click()
    await expect(menu).to_contain_text("Paused for everyone")
    await expect(card).to_contain_text("Paused with 4 h")
    await card.get_by_role("button", name="Resume").click()
    await expect(card).to_contain_text("Ends in 5 hours")
    await menu.get_by_role("button", name="Skip").click()
    following = await card_of(page, "Next: Focus 2 of 2")
    await expect(card).to_have_count(0)
    await menu.get_by_role("button", name="Stop").click()
    recap = await card_of(page, "Session stopped")
    await expect(recap).to_contain_text("the first page")
    await expect(following).to_have_count(0)


async def test_a_reminder(page: "Page") -> None:
    """A reminder comes, is snoozed, woken and marked done; another is undone, one cancelled in the list."""
    await write(page, "!remind timezone Europe/Berlin")
    await expect(message(page, "Your time zone is Europe/Berlin")).to_be_visible()
    await write(page, "!remind 2s stretch")
    await expect(message(page, "I'll remind you")).to_contain_text("stretch")
    due = page.locator('[data-message-id][data-author="Pomodoro"]').filter(
        has=page.get_by_role("button", name="Done")
    )
    await due.get_by_role("button", name="Snooze 10 min").click()
    come = await card_of(page, "Snoozed until")
    await expect(come).to_contain_text("in 10 minutes")
    await come.get_by_role("button", name="Undo").click()
    await come.get_by_role("button", name="Done", exact=True).click()
    await expect(come).to_contain_text("✅ Done")
    await write(page, "!remind tomorrow 9:00 stand-up every weekday")
    await expect(message(page, "every weekday")).to_contain_text("stand-up")
    await write(page, "!remind in 2 hours water the plants")
    set_ = await card_of(page, "water the plants")
    await set_.get_by_role("button", name="Undo").click()
    await expect(set_).to_contain_text("Undone: water the plants")
    await write(page, "!remind list")
    listed = await card_of(page, re.compile(r"#\d+ stand-up"))
    await listed.get_by_text("Change one").click()
    await page.get_by_role("option", name="stand-up").click()
    theirs = message(page, "Only you can see this").filter(has=page.get_by_role("button", name="Cancel"))
    chosen = await held(page, theirs)
    await chosen.get_by_role("button", name="Cancel").click()
    await expect(chosen).to_contain_text("Cancelled: stand-up")


async def test_a_finished_pomodoro_in_pictures(new_page: "Page") -> None:
    """A finished pomodoro is in a picture with a description; a button changes the picture; an export downloads."""
    await write(new_page, "!pomodoro tea 2")
    await expect(message(new_page, "POMODORO! tea")).to_be_visible()
    await write(new_page, "!stats here")
    picture_card = await card_of(new_page, "this week")
    picture = picture_card.locator(".gallery img")
    await expect(picture).to_have_attribute(
        "alt", re.compile(r"^Focus by task, .*: 2 s in total\..* By task: “tea” 2 s\.$")
    )
    await expect(picture).to_have_js_property("complete", value=True)
    await expect(picture).to_have_js_property("naturalWidth", 700)
    await picture_card.get_by_role("button", name="Year").click()
    await expect(picture).to_have_attribute("alt", re.compile(r"^Focus a day, .*: 2 s in total, on 1 day"))
    await expect(picture).to_have_js_property("naturalWidth", 700)
    await new_page.get_by_test_id("composer").press_sequentially("/privacy exp")
    await new_page.get_by_role("option", name="export").first.click()
    await new_page.keyboard.press("Enter")
    export = message(new_page, "Here's everything I store about you")
    async with new_page.expect_download() as downloading:
        await export.get_by_test_id("file").click()
    download = await downloading.value
    assert download.suggested_filename == "pomodoro.zip"
    with zipfile.ZipFile(await download.path()) as files:
        assert {"timers.json", "timers.csv", "focus_log.csv"} <= set(files.namelist())


async def test_sample_history(new_page: "Page") -> None:
    """One press adds a month of sample history, and starting over removes it with all messages."""
    await new_page.get_by_role("button", name="add a month of sample history").click()
    await expect(new_page.get_by_test_id("composer")).to_have_value("!stats here")
    await new_page.keyboard.press("Enter")
    await expect(message(new_page, "in a row")).to_contain_text("best day")
    await new_page.get_by_test_id("faults-toggle").click()
    await new_page.get_by_test_id("history").click()
    panel = new_page.get_by_test_id("faults-panel")
    await expect(panel).to_contain_text("There is a month of history already")
    await new_page.get_by_test_id("start-over").click()
    await new_page.get_by_role("dialog").get_by_role("button", name="Start over").click()
    await expect(new_page.locator("[data-message-id]")).to_have_count(0)
    await expect(new_page.get_by_text("Pomodoro connected")).to_be_visible()
    await write(new_page, "!stats here")
    await expect(message(new_page, "No focus time yet")).to_be_visible()
