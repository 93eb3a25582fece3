"""Twenty-five things that people want of the bot, each done by hand on the page, and how much of a hand that takes.

A want gets everything ready first. From its first press or line on, what the hand does is counted, until what was
wanted is seen on the page.
"""

import re
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

from playwright.async_api import expect

from tests.browser.hand import write
from tests.browser.product import card_of, held, message

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page


class Hand:
    """A hand that counts its presses, and the lines that it writes, in the composer or in a form's field."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.presses = 0
        self.lines = 0
        self._began: float | None = None

    async def prepare(self, line: str, answer: str | re.Pattern[str]) -> "Locator":
        """Write what does not count, and hold on to its answer."""
        await write(self.page, line)
        return await card_of(self.page, answer)

    async def speak_as(self, name: str) -> None:
        await self.page.get_by_role("radio", name=f"Speak as {name}").click()

    async def press(self, element: "Locator", *, button: str = "") -> None:
        self._act()
        self.presses += 1
        if button:
            element = element.get_by_role("button", name=button, exact=True)
        await element.click()

    async def open_menu(self, element: "Locator") -> None:
        self._act()
        self.presses += 1
        await element.locator(".content").click(button="right")

    async def write(self, line: str) -> None:
        self._act()
        self.lines += 1
        await write(self.page, line)

    async def fill(self, label: str, line: str) -> None:
        self._act()
        self.lines += 1
        await self.page.get_by_role("dialog").get_by_label(label).fill(line)

    async def submit(self) -> None:
        await self.press(self.page.get_by_role("dialog"), button="Submit")

    async def sees(self, text: str | re.Pattern[str]) -> None:
        await expect(message(self.page, text)).to_be_visible()

    @property
    def seconds(self) -> float:
        """Seconds since its first action."""
        return time.monotonic() - self._began if self._began else 0.0

    def _act(self) -> None:
        self._began = self._began or time.monotonic()


Want: TypeAlias = Callable[[Hand], Awaitable[None]]
WANTS: dict[str, Want] = {}


def want(name: str) -> Callable[[Want], Want]:
    """Add a want to the table."""

    def add(doing: Want) -> Want:
        WANTS[name] = doing
        return doing

    return add


@want("start a timer")
async def start(hand: Hand) -> None:
    await hand.write("!pomodoro essay 25m")
    await hand.sees(re.compile("essay.*Ends in 25 minutes", re.DOTALL))


@want("how long is left?")
async def left(hand: Hand) -> None:
    await hand.write("!pomodoro left essay")
    await hand.sees(re.compile("essay.* left"))


@want("five minutes more")
async def more(hand: Hand) -> None:
    card = await hand.prepare("!pomodoro letter 20m", "letter")
    await hand.press(card, button="+5 min")
    await expect(card).to_contain_text("Ends in 25 minutes")


@want("pause it")
async def pause(hand: Hand) -> None:
    card = await hand.prepare("!pomodoro soup 20m", "soup")
    await hand.press(card, button="Pause")
    await expect(card).to_contain_text("Paused")


@want("rename it")
async def rename(hand: Hand) -> None:
    card = await hand.prepare("!pomodoro tea 20m", re.compile("tea"))
    await hand.write("!pomodoro rename tea to green tea")
    await expect(card).to_contain_text("green tea")


@want("stop it")
async def stop(hand: Hand) -> None:
    card = await hand.prepare("!pomodoro cake 20m", "cake")
    await hand.press(card, button="Cancel")
    await expect(card).to_contain_text("Cancelled")


@want("take that back")
async def undo(hand: Hand) -> None:
    card = await hand.prepare("!pomodoro bread 20m", "bread")
    await hand.prepare("!pomodoro cancel bread", "Cancelled bread")
    await hand.write("!pomodoro undo")
    await expect(card).to_contain_text("Ends in")


@want("cancel all of it")
async def cancel_all(hand: Hand) -> None:
    await hand.prepare("!pomodoro rice 20m", "rice")
    await hand.prepare("!pomodoro beans 20m", "beans")
    await hand.write("!pomodoro cancel all")
    await hand.sees(re.compile(r"Cancelled .*beans"))


@want("the same again")
async def again(hand: Hand) -> None:
    over = await hand.prepare("!pomodoro eggs 1", "POMODORO! eggs")
    await hand.press(over, button="Again")
    await hand.sees(re.compile("eggs.*Ends", re.DOTALL))


@want("my time zone")
async def zone(hand: Hand) -> None:
    await hand.write("!remind timezone Paris")
    await hand.sees("Europe/Paris")


@want("remind me of this")
async def of_this(hand: Hand) -> None:
    await write(hand.page, "The plan is in the drawer")
    plan = await held(hand.page, hand.page.locator("[data-message-id]").filter(has_text="The plan is").last)
    await hand.open_menu(plan)
    await hand.press(hand.page.get_by_role("menuitem", name="Remind me"))
    await hand.submit()
    await hand.sees("Come back to this message")


@want("snooze until …")
async def snooze(hand: Hand) -> None:
    due = await hand.prepare("!remind 1s water", re.compile("⏰ @Ann water"))
    await hand.press(due, button="⋯")
    await hand.fill("Until when?", "tomorrow 8:15")
    await hand.submit()
    await expect(due).to_contain_text("Snoozed until")


@want("every 2nd Tuesday")
async def second_tuesday(hand: Hand) -> None:
    await hand.write("!remind every 2nd tuesday 9:00 bins")
    question = await card_of(hand.page, "every 2nd tuesday 9:00")
    await hand.press(question, button="Every month on the 2nd Tuesday at 9:00")
    await expect(question).to_contain_text("bins")


@want("a break")
async def take_five(hand: Hand) -> None:
    over = await hand.prepare("!pomodoro pasta 1", "POMODORO! pasta")
    await hand.press(over, button="Take 5")
    await hand.sees(re.compile("Ends in 5 minutes"))


@want("remind Ben")
async def remind_ben(hand: Hand) -> None:
    await hand.write("!remind @Ben 20m stretch")
    question = await card_of(hand.page, "ping somebody else")
    await hand.press(question, button="Remind me")
    await expect(question).to_contain_text("stretch")


@want("what is pending here?")
async def list_here(hand: Hand) -> None:
    await hand.speak_as("Mia")
    await hand.write("!remind list here")
    question = await card_of(hand.page, "moderators")
    await hand.press(question, button="Show me")
    await hand.sees(re.compile("Only you can see this.*bins", re.DOTALL))
    await hand.speak_as("Ann")


@want("focus 50/10")
async def plan(hand: Hand) -> None:
    await hand.write("!focus 50/10")
    await hand.sees(re.compile("Focus.*Ends in an hour|Focus.*Ends in 50 minutes", re.DOTALL))


@want("join")
async def join(hand: Hand) -> None:
    card = await card_of(hand.page, re.compile("Next: Short break"))
    await hand.speak_as("Ben")
    await hand.press(card, button="Join")
    await expect(card).to_contain_text("@Ben")
    await hand.page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    await hand.speak_as("Ann")


@want("my task")
async def task(hand: Hand) -> None:
    card = await card_of(hand.page, re.compile("Next: Short break"))
    await hand.press(card, button="My task")
    await hand.fill("Your task", "outline")
    await hand.submit()
    await expect(card).to_contain_text("outline")


@want("ping me no more")
async def quiet(hand: Hand) -> None:
    await hand.write("!focus notify silent")
    await hand.sees(re.compile("silent|won't ping|quiet|mention"))


@want("whose turn is it?")
async def whose_turn(hand: Hand) -> None:
    await hand.write("!focus whose turn")
    await hand.sees(re.compile("Focus.*hosted by", re.DOTALL))


@want("skip the break")
async def skip(hand: Hand) -> None:
    await hand.prepare("!focus skip", re.compile("Short break"))
    card = await card_of(hand.page, re.compile("Next: Focus"))
    await hand.press(card, button="⋯")
    menu = message(hand.page, "Only you can see this")
    await hand.press(menu, button="Skip")
    await hand.sees(re.compile("Focus · 2 of"))


@want("my week")
async def week(hand: Hand) -> None:
    await hand.write("!stats")
    await hand.press(await card_of(hand.page, "private"), button="Show me")
    await hand.sees("this week")


@want("add what I did")
async def add(hand: Hand) -> None:
    await hand.write("!stats add 50m essay yesterday 14:00")
    await hand.sees(re.compile("Added.*essay"))


@want("all you keep of me")
async def export(hand: Hand) -> None:
    await hand.write("!privacy export")
    await hand.sees(re.compile("export|everything|direct message", re.IGNORECASE))
