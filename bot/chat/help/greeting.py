"""The greeting: answers words that are not a command, but clearly addressed to the bot."""

import re

from discord.ext import commands

from bot.chat.help.cards import THINGS_TO_TRY
from bot.chat.runtime.request_cog import RequestCog
from bot.chat.runtime.topics import topics
from bot.domain.errors import UserError
from bot.domain.focus import parser as focus_parser
from bot.domain.focus.repair import is_plan
from bot.domain.invocation import Invocation, in_digits
from bot.domain.privacy import is_own_data
from bot.domain.question import Choice, Question, as_typed
from bot.domain.spelling import is_slip
from bot.domain.time import period
from bot.domain.time.duration import written
from bot.domain.timers import parser, small_talk, time_words, unclear
from bot.domain.timers.choices import start
from bot.domain.timers.command import ExtendTimer, StartTimer
from bot.domain.timers.length import is_number, length_at_end, length_at_front
from bot.domain.timers.name import DEFAULT
from bot.messages.catalogue import N_

_REMIND = N_("Remind me")
_WHICH = N_("What should I do?")
# The commands whose verbs are typed without their names, and the most of a text that is read for it.
_WITH_VERBS = ("pomodoro", "remind", "focus", "stats", "privacy")
_SEARCHED = 400
_ZONED = re.compile(r"\A(?:set )?(?:my )?(?:time ?zone|tz)(?: is| to|:)? ?|\Ai(?:'m| am| live) in ", re.IGNORECASE)
# What people call their reminders and their statistics.
_OTHERS = {"my reminders": "remind list", "my stats": "stats", "my goal": "goal", "my data": "privacy"}
_SESSION = {
    f"{verb}{session}" for verb in ("", "start ", "start a ", "a ") for session in ("focus session", "session")
}
_SESSION |= {"start focus", "let's focus", "lets focus"}
_REMINDING = re.compile(r"\bremind\b", re.IGNORECASE)
_HELLO = N_(
    "Hi! I run timers, focus sessions and reminders. Here are three things to try, and `{command}` has more."
)


class Greeting(RequestCog):
    """Answers a bare mention, and whatever is written to the bot directly; in a channel it asks about a slip."""

    @commands.Cog.listener()
    async def on_unknown_command(self, context: commands.Context[commands.Bot]) -> None:
        """Answer words after a prefix that are not a command, or leave them to other bots."""
        prefix = context.prefix or ""
        words = context.message.content.removeprefix(prefix).strip()
        is_bare_mention = not words and prefix.startswith("<@")
        if slip := slip_of(words):
            await self._put(context, slip, obeys_rules=True)
        elif is_bare_mention or (context.guild is None and words):
            hello = Question(_HELLO, *THINGS_TO_TRY, command="help" if context.guild is None else "/help")
            talk = small_talk.reply(words)
            answer = Question(talk, *THINGS_TO_TRY) if talk else hello
            await self._put(context, request_without_name(words) or answer, obeys_rules=False)
        else:
            self.runner.misread.add(context.message.id, context.message.content)

    async def _put(self, context: commands.Context[commands.Bot], question: Question, *, obeys_rules: bool) -> None:
        async def ask() -> None:
            raise question

        await self.runner.serve(self.runner.typed(context), ask, obeys_rules=obeys_rules)


def slip_of(words: str) -> Question | None:
    """Ask whether a command was meant whose name is one slip away, or has a mark behind it: *help!*."""
    name, *rest = words.split(maxsplit=1) or [""]
    bare = name.rstrip(".,:;!?")
    near = (known for known in topics() if bare.isalpha() and (bare.casefold() == known or is_slip(bare, known)))
    meant = next(near, None)
    if meant is None:
        return None
    line = " ".join([meant, *rest])
    return Question(N_("I don't know “{quote}”. Did you mean this?"), as_typed(line), quote=name)


def request_without_name(words: str) -> Question | None:
    """Ask which command is meant by words that would follow its name: *stop*, *tea 5m*, *tomorrow 9am call*."""
    words = " ".join(in_digits(words[:_SEARCHED]).split())
    if (zoned := _ZONED.search(words)) and (place := words[zoned.end() :].strip()):
        return Question(_WHICH, Choice(N_("Set my time zone"), f"remind timezone {place}"))
    if words.casefold() in _SESSION:
        return Question(_WHICH, as_typed("focus start"))
    if choices := _timed(words) or _verbs(words) or _others(words):
        return Question(_WHICH, *choices)
    return None


def _verbs(words: str) -> list[Choice]:
    """Offer what begins with a verb to each command that has it."""
    typed = [(name, topics()[name].read(words)) for name in _WITH_VERBS]
    meant = [(name, asked) for name, asked in typed if asked.text != asked.words]
    if (own := dict(meant).get("privacy")) and own.words and is_own_data(own):  # delete my data
        return [as_typed(f"privacy {own.verb}")]
    if "focus" in dict(meant) and not _is_of_session(dict(meant)["focus"]):
        meant = [(name, asked) for name, asked in meant if name != "focus"]
    return [as_typed(f"{name} {words}") for name, asked in meant if name != "privacy" or is_own_data(asked)]


def _is_of_session(asked: Invocation) -> bool:
    """Return whether a session's verb fits the words after it: *stop*, but not *stop tea*."""
    try:
        focus_parser.parse(asked, topics()["focus"])
    except UserError:
        return False
    return True


def _others(words: str) -> list[Choice]:
    """Offer a period, a plan, or what the bot has of this person, by name."""
    plain = words.casefold().rstrip(" .!?")
    if plain in _OTHERS or plain in period.NAMES:
        return [as_typed(_OTHERS.get(plain, f"stats {plain}"))]
    if _REMINDING.search(plain):
        return [Choice(_REMIND, f"remind {words}")]
    return [as_typed(f"focus {words}")] if is_plan(words) or plain.startswith("on ") else []


def _timed(words: str) -> list[Choice]:
    """Offer what says how long, or when, as a reminder or a timer."""
    if small_talk.answer(words, "pomodoro") or words.casefold() in period.NAMES:
        return []
    timers, words = topics()["pomodoro"], unclear.put_right(words)
    is_moment = time_words.has_moment(words) or time_words.ends_at_moment(words)
    end = length_at_end(words) or length_at_front(words)
    if is_number(words) or (end and end[0].is_bare and not is_moment):
        return [as_typed(f"pomodoro {words}")]
    try:
        meant = parser.parse(timers.read(words), timers)
    except UserError as refused:
        if not isinstance(refused, Question) or _verbs(words):
            return []
        return [Choice(_REMIND, f"remind {words}")] if is_moment else list(refused.choices)
    if isinstance(meant, ExtendTimer):  # 5 more minutes
        names = () if _verbs(words) else ("pomodoro", "focus")
        return [as_typed(f"{name} {words}") for name in names[: 1 if meant.target else 2]]
    return _started(meant) if isinstance(meant, StartTimer) and end else []


def _started(meant: StartTimer) -> list[Choice]:
    """Offer a timer, and where it has a name a reminder too."""
    timer = Choice(N_("Start a timer"), start("pomodoro", meant.name, meant.length).line)
    reminder = Choice(_REMIND, f"remind {written(meant.length)} {meant.name}")
    return [timer] if meant.name == DEFAULT else [reminder, timer]
