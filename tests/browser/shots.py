"""Pictures of what people see, to be looked at: on a desk and on a phone, dark and light.

`python -m tests.browser.shots FOLDER` plays each scene once, and takes it in all four looks; with `--readme`, the
README's three pictures instead.
"""

import argparse
import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from tests.browser.conftest import ARGUMENTS, chromium
from tests.browser.hand import write
from tests.browser.product import Playground, card_of, message, opened

SIZES = {"desk": (1200, 820), "phone": (390, 844)}
# The README's pictures: which scene each shows, and how high the window is for a message to begin at its top.
README = {"tea": ("playground", 570), "break": ("session", 525), "reminders": ("reminders", 655)}
README_WIDTH, README_SCALE = 780, 2


class Stage:
    """A page that Ann and Ben use, and what others see on it meanwhile."""

    def __init__(self, page: Page, watch: Callable[[str], Awaitable[None]]) -> None:
        self.page = page
        self.watch = watch

    async def go_to(self, channel: str) -> None:
        await self.page.get_by_role("link", name=channel).click()

    async def speak_as(self, name: str) -> None:
        await self.page.get_by_role("radio", name=f"Speak as {name}").click()

    async def write(self, line: str, answer: str | re.Pattern[str]) -> None:
        await write(self.page, line)
        await message(self.page, answer).wait_for()


async def first_minute(stage: Stage) -> None:
    await stage.watch("first")
    await stage.write("!pomodoro tea 5", "POMODORO! tea")
    await stage.watch("tea")
    await stage.write("!pomodoro essay 25m", re.compile("essay.*25 min", re.DOTALL))
    await stage.watch("card")


async def reminder(stage: Stage) -> None:
    await stage.go_to("quiet")
    await stage.write("!remind 2s stretch", re.compile("⏰ @Ann stretch"))
    await stage.write("!remind tomorrow at 9 call mum", "call mum")
    await stage.watch("reminders")


async def session(stage: Stage) -> None:
    await stage.go_to("focus")
    await stage.write("!focus 60s focus, 5m break, 25m focus", "Next: Break")
    card = await card_of(stage.page, "Next: Break")
    for name, button, task in (("Ann", "My task", "the essay"), ("Ben", "Join", "write tests")):
        await stage.speak_as(name)
        await card.get_by_role("button", name=button).click()
        form = stage.page.get_by_role("dialog")
        await form.get_by_label("Your task").fill(task)
        await form.get_by_role("button", name="Submit").click()
        await card.filter(has_text=task).wait_for()
    await stage.watch("session")
    await message(stage.page, "go?").wait_for(timeout=90_000)
    await stage.watch("break")
    await stage.speak_as("Ann")
    await stage.write("!focus stop", re.compile("focused for"))
    await stage.watch("recap")


async def help_and_plugs(stage: Stage) -> None:
    await stage.go_to("general")
    await stage.write("!help", "Three things to try")
    await stage.watch("help")
    await stage.write("!help remind", "remind timezone Berlin")
    await stage.watch("help-remind")
    await stage.page.get_by_test_id("faults-toggle").click()
    await stage.watch("plugs")


async def at(browser: Browser, url: str, size: tuple[int, int], scale: float, scheme: str) -> Page:
    """Open the playground as a person with such a screen sees it."""
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale, locale="en-GB",
        timezone_id="Europe/Paris", color_scheme="light" if scheme == "light" else "dark",
    )  # fmt: skip
    page = await context.new_page()
    await page.goto(url)
    await page.get_by_text("Pomodoro connected").wait_for(state="attached", timeout=30_000)
    return page


async def shoot(folder: Path, *, readme: bool) -> None:
    """Play all scenes and photograph them."""
    with tempfile.TemporaryDirectory() as data:
        playground = Playground(Path(data))
        await playground.start()
        try:
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=chromium(playwright), args=ARGUMENTS)
                await play(browser, playground, folder, readme=readme)
        finally:
            await playground.stop()


async def play(browser: Browser, playground: Playground, folder: Path, *, readme: bool) -> None:
    """Play all scenes before onlookers who take them."""
    page = await opened(await browser.new_context(locale="en-GB", timezone_id="Europe/Paris"), playground)
    page.set_default_timeout(20_000)

    async def take(name: str, size: tuple[int, int], scale: float, scheme: str, *, plugs: bool = False) -> None:
        onlooker = await at(browser, page.url, size, scale, scheme)
        if plugs:
            await onlooker.get_by_test_id("faults-toggle").click()
        await settled(onlooker)
        await onlooker.screenshot(path=folder / f"{name}.png")
        await onlooker.context.close()

    async def watch(scene: str) -> None:
        for device, size in SIZES.items():
            for scheme in ("dark", "light"):
                await take(f"{scene}-{device}-{scheme}", size, 1.5, scheme, plugs=scene == "plugs")

    async def watch_for_readme(scene: str) -> None:
        if scene in README:
            name, height = README[scene]
            await take(name, (README_WIDTH, height), README_SCALE, "light")

    stage = Stage(page, watch_for_readme if readme else watch)
    for scene in (first_minute, reminder, session, help_and_plugs):
        await scene(stage)


async def settled(page: Page) -> None:
    """Wait until the newest message and all pictures are there."""
    await page.get_by_test_id("composer").wait_for()
    await page.wait_for_function("() => [...document.images].every((image) => image.complete)")
    await page.wait_for_timeout(400)


def main() -> None:
    """Parse the arguments and take the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.shots", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to put them")
    parser.add_argument("--readme", action="store_true", help="take the README's pictures instead")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(shoot(given.folder, readme=given.readme))


if __name__ == "__main__":
    main()
