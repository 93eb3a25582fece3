"""The greeting: what the bot says to words that are no command, where they are clearly meant for it."""

import re

from discord.ext import commands

from bot.chat.help.text import THINGS_TO_TRY
from bot.chat.runtime.misread import MisreadMessages
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import topics
from bot.domain.errors import UserError
from bot.domain.question import Choice, Question, as_typed
from bot.domain.spelling import is_slip
from bot.domain.time.duration import written
from bot.domain.timers import parser, small_talk, time_words
from bot.domain.timers.choices import start
from bot.domain.timers.command import StartTimer
from bot.domain.timers.length import is_number, length_at_end, length_at_front
from bot.domain.timers.name import DEFAULT
from bot.messages.catalogue import N_

_REMIND = N_("Remind me")
_WHICH = N_("What should I do?")
# The commands whose verbs are typed without their names, and the most of a text that is read for it.
_WITH_VERBS = ("pomodoro", "remind", "focus")
_SEARCHED = 400
_ZONED = re.compile(r"\A(?:set )?(?:my )?(?:time ?zone|tz)(?: is| to|:)? ?|\Ai(?:'m| am| live) in ", re.IGNORECASE)
_HELLO = N_(
    "Hi! I run timers, focus sessions and reminders. Here are three things to try, and `{command}` has more."
)


class Greeting(commands.Cog):
    """Answers a bare mention, and whatever is written to the bot directly; in a channel it asks about a slip."""

    def __init__(self, misread: MisreadMessages, runner: RequestRunner) -> None:
        self._misread = misread
        self._runner = runner

    @commands.Cog.listener()
    async def on_unknown_command(self, context: commands.Context[commands.Bot]) -> None:
        """Answer words behind a prefix that are no command, or leave them to other bots."""
        prefix = context.prefix or ""
        words = context.message.content.removeprefix(prefix).strip()
        is_bare_mention = not words and prefix.startswith("<@")
        if slip := slip_of(words):
            await self._put(context, slip, is_ruled=True)
        elif is_bare_mention or (context.guild is None and words):
            await self._put(context, request_without_name(words) or _hello(context), is_ruled=False)
        else:
            self._misread.add(context.message.id, context.message.content)

    async def _put(self, context: commands.Context[commands.Bot], question: Question, *, is_ruled: bool) -> None:
        async def ask() -> None:
            raise question

        await self._runner.serve(self._runner.typed(context), ask, is_ruled=is_ruled)


def slip_of(words: str) -> Question | None:
    """Ask whether a command was meant whose name is one slip away, or has a mark behind it: *help!*."""
    name, *rest = words.split(maxsplit=1) or [""]
    bare = name.rstrip(".,:;!?")
    near = (known for known in topics() if bare.isalpha() and (bare.casefold() == known or is_slip(bare, known)))
    meant = next(near, None)
    if meant is None:
        return None
    line = " ".join([meant, *rest])
    return Question(
        N_("I don't know “{quote}”. Did you mean this?"),
        as_typed(line),
        quote=name,
    )


def request_without_name(words: str) -> Question | None:
    """Ask which command was meant by words that would do behind its name: *stop*, *tea 5m*, *tomorrow 9am call*."""
    words = " ".join(words[:_SEARCHED].split())
    if (zoned := _ZONED.search(words)) and (place := words[zoned.end() :].strip()):
        return Question(_WHICH, Choice(N_("Set my time zone"), f"remind timezone {place}"))
    if choices := _timed(words) or _verbs(words):
        return Question(_WHICH, *choices)
    return None


def _verbs(words: str) -> list[Choice]:
    """Offer what begins with a verb to each command that has it."""
    typed = [(name, topics()[name].read(words)) for name in _WITH_VERBS]
    return [as_typed(f"{name} {words}") for name, asked in typed if asked.text != asked.words]


def _timed(words: str) -> list[Choice]:
    """Offer what says how long, or when, as a reminder or a timer."""
    if small_talk.answer(words, "pomodoro"):
        return []
    timers = topics()["pomodoro"]
    end = length_at_end(words) or length_at_front(words)
    if is_number(words) or (end and end[0].is_bare):
        return [as_typed(f"pomodoro {words}")]
    try:
        meant = parser.parse(timers.read(words), timers)
    except Question as question:
        is_moment = time_words.has_moment(words) or time_words.ends_at_moment(words)
        return [Choice(_REMIND, f"remind {words}")] if is_moment else list(question.choices)
    except UserError:
        return []
    if not isinstance(meant, StartTimer) or end is None:
        return []
    timer = Choice(N_("Start a timer"), start("pomodoro", meant.name, meant.length).line)
    reminder = Choice(_REMIND, f"remind {written(meant.length)} {meant.name}")
    return [timer] if meant.name == DEFAULT else [reminder, timer]


def _hello(context: commands.Context[commands.Bot]) -> Question:
    return Question(_HELLO, *THINGS_TO_TRY, command="help" if context.guild is None else "/help")
