"""Whatever is typed, each request is answered once and correctly, and only a timer's owner is ever pinged."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st

from bot.localdiscord.local import LocalDiscord, text_of
from tests.chat.conftest import Running
from tests.chat.nasty import ANYTHING, BOT, GRAMMAR, NASTY, REMINDERS, right, right_reminder
from tests.chat.reminder_typist import ReminderTypist
from tests.chat.typist import Typist
from tests.clock import ManualClock
from tests.effort import part

# One bot for all examples, and several texts in each. A text is named where it fails: it need not be shrunk.
_FUZZ = settings(
    max_examples=max(1, settings().max_examples // 10),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@pytest.fixture
async def unlimited(discord: LocalDiscord, clock: ManualClock, sqlite: str) -> AsyncIterator[Running]:
    """A bot without limits that forgets nothing."""
    bot = Running(discord, clock, sqlite)
    # Few threads: on a manual clock each looks again and again.
    limits = ("max_timers_per_user", "max_timers_per_guild", "max_reminders_per_user", "keep_finished_days")
    await bot.start(max_countdown_threads=5, **dict.fromkeys(limits, 0))
    yield bot
    await bot.stop()


@pytest.fixture
async def typist(
    unlimited: Running, tmp_path: Path, log: list[dict[str, str]], caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Typist]:
    """A person who types to a bot without limits; everything is checked once more at the end."""
    typist = Typist(unlimited, tmp_path / "test.db", log, caplog)
    yield typist
    await unlimited.stop()
    typist.close()


@pytest.fixture
async def reminded(
    unlimited: Running, tmp_path: Path, log: list[dict[str, str]], caplog: pytest.LogCaptureFixture
) -> AsyncIterator[ReminderTypist]:
    """A person who asks that bot for reminders."""
    typist = ReminderTypist(unlimited, tmp_path / "test.db", log, caplog)
    yield typist
    await unlimited.stop()
    typist.close()


@pytest.mark.thorough
async def test_nasty_text(typist: Typist) -> None:
    """Each of the texts that break bots is answered once: as it is, in quotes after a mention, and unfinished.

    By default half of them are written in one of these ways, and half in another.
    """
    (card,) = await typist.type(["!pomodoro first 24h"])
    for first in range(0, len(NASTY), 16):
        texts = NASTY[first : first + 16]
        await typist.type(f"!pomodoro {text}" for text in part(texts, 0))
        await typist.type((f'{BOT} pomodoro "{text}" 10m' for text in part(texts, 1)), reply_to=card)
        for text in part(texts, 2):
            await typist.complete(text)
        await typist.type(["!pomodoro list"])
        await typist.settle()
    await typist.start_again()
    await typist.settle()


async def test_edited(typist: Typist) -> None:
    """A command that is edited afterwards is not run again, and chatter edited into a command is not run at all."""
    messages = [await typist.chat(text) for text in ("hello", "!pomodoro tea 5m")]
    await typist.answered(messages[1:])
    for message in messages:
        await typist.ann.edit(message, "!pomodoro tea 10m")
    await typist.type(["!pomodoro help"])
    await typist.settle()


@_FUZZ
@given(st.lists(ANYTHING | GRAMMAR, min_size=16, max_size=16))
async def test_any_text(typist: Typist, texts: list[str]) -> None:
    """Any text after the command is answered once: with a card where it started a timer, else with a sentence."""
    await typist.type(f"!pomodoro {text}" for text in texts)
    await typist.settle()


@_FUZZ
@given(st.lists(right(), min_size=16, max_size=16))
async def test_right_text(typist: Typist, requests: list[tuple[str, str, int]]) -> None:
    """Any text with a duration after it starts one timer of that name and length, shown on the card as typed."""
    cards = await typist.type(f"!pomodoro {typed}" for typed, *_ in requests)
    for card, (_, name, seconds) in zip(cards, requests, strict=True):
        assert typist.started(card) == (name, seconds)
        title, *_ = text_of(card).splitlines()
        assert re.sub(r"\\([^0-9A-Za-z\s])|(?<=@)\u200b", r"\1", title) == f"### 🍅 {name}"
    await typist.settle()


@_FUZZ
@given(st.lists(ANYTHING | GRAMMAR, min_size=16, max_size=16))
async def test_no_command(typist: Typist, texts: list[str]) -> None:
    """Text that is no command is not answered: chatter, and words that only begin like our commands."""
    for text in texts:
        for typed in (f"!pomodoro_{text}", f"{BOT} .{text}", f"x {text} !pomodoro tea 5"):
            await typist.chat(typed)
    await typist.type(["!pomodoro help"])
    await typist.settle()


@_FUZZ
@given(st.lists(st.tuples(ANYTHING | GRAMMAR, ANYTHING | GRAMMAR), min_size=8, max_size=8))
async def test_slash(typist: Typist, pairs: list[tuple[str, str]]) -> None:
    """Any text in an option of a slash command is answered once, and so is autocomplete of a name."""
    typist.bot.advance(2)
    await asyncio.gather(
        *(typist.press("start", name=first, duration="5m") for first, _ in pairs),
        *(typist.press("start", name=first, duration=second) for first, second in pairs),
        *(typist.press("time", timer=first) for first, _ in pairs),
        *(typist.press("extend", timer=first, by=second) for first, second in pairs),
    )
    for first, _ in pairs:
        await typist.complete(first)
    await typist.settle()


@pytest.mark.thorough
async def test_nasty_reminders(reminded: ReminderTypist) -> None:
    """Each of the texts that break bots works as a reminder, harmless wherever it is shown."""
    (card,) = await reminded.type(["!remind 24h first"])
    for first in range(0, len(NASTY), 16):
        texts = NASTY[first : first + 16]
        await reminded.type(f"!remind 20m {text}"[:2000] for text in part(texts, 0))
        await reminded.type((f'{BOT} remind "{text}" 10m' for text in part(texts, 1)), reply_to=card)
        await reminded.type(f"!remind {text}" for text in part(texts, 2))
        for text in part(texts, 3):
            await reminded.complete(text)
        await asyncio.gather(*(reminded.press("set", when="1h", what=text) for text in part(texts, 4)))
        await reminded.type(["!remind list"])
        await reminded.settle()


@_FUZZ
@given(st.lists(ANYTHING | REMINDERS, min_size=16, max_size=16))
async def test_any_reminder(reminded: ReminderTypist, texts: list[str]) -> None:
    """Any text after the command is answered once: with the reminder as understood, where it is one."""
    await reminded.type(f"!remind {text}" for text in texts)
    await reminded.settle()


@_FUZZ
@given(st.lists(right_reminder(), min_size=16, max_size=16))
async def test_right_reminder(reminded: ReminderTypist, requests: list[tuple[str, str, int]]) -> None:
    """Any text beside a time sets a reminder with exactly that text at exactly that time."""
    asked_at = reminded.bot.clock.now().timestamp()
    answers = await reminded.type(f"!remind {typed}" for typed, *_ in requests)
    for answer, (_, text, seconds) in zip(answers, requests, strict=True):
        name, due_at = reminded.started(answer, "due_at / 1000.0")
        assert name == text
        # The texts are typed two seconds after the clock was read, which has milliseconds, unlike a reminder.
        assert due_at == int(asked_at + 2) + seconds
        style = "t" if int(due_at) // 86_400 == int(asked_at + 2) // 86_400 else "F"  # days of UTC
        assert f"<t:{round(due_at)}:{style}> (<t:{round(due_at)}:R>)" in text_of(answer)
    await reminded.settle()


@_FUZZ
@given(st.lists(st.tuples(ANYTHING | REMINDERS, ANYTHING | REMINDERS), min_size=6, max_size=6))
async def test_reminder_slash(reminded: ReminderTypist, pairs: list[tuple[str, str]]) -> None:
    """Any text in an option of a slash command is answered once, and so is autocomplete."""
    reminded.bot.advance(2)
    await asyncio.gather(
        *(reminded.press("set", when=first, what=second) for first, second in pairs),
        *(reminded.press("set", when="20m", what=first, every=second) for first, second in pairs),
        *(reminded.press("edit", reminder=first, when=second) for first, second in pairs),
        *(reminded.press("pause", reminder=first) for first, _ in pairs),
        *(reminded.press("timezone", zone=first) for first, _ in pairs),
    )
    for first, _ in pairs:
        await reminded.complete(first)
    await reminded.settle()
