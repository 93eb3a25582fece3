"""The greeting: what the bot says to words that are no command, where they are clearly meant for it."""

from discord.ext import commands

from bot.chat.help.text import THINGS_TO_TRY
from bot.chat.runtime.misread import MisreadMessages
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.topics import topics
from bot.domain.question import Choice, Question
from bot.domain.spelling import is_slip
from bot.domain.time import duration
from bot.domain.timers.choices import quoted
from bot.messages.catalogue import N_

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
            await self._put(context, reminder_or_timer(words) or _hello(context), is_ruled=False)
        else:
            self._misread.add(context.message.id, context.message.content)

    async def _put(self, context: commands.Context[commands.Bot], question: Question, *, is_ruled: bool) -> None:
        async def ask() -> None:
            raise question

        await self._runner.serve(self._runner.typed(context), ask, is_ruled=is_ruled)


def slip_of(words: str) -> Question | None:
    """Ask whether a command with a similar name was meant."""
    name, *rest = words.split(maxsplit=1) or [""]
    meant = next((known for known in topics() if name.isalpha() and is_slip(name, known)), None)
    if meant is None:
        return None
    line = " ".join([meant, *rest])
    return Question(
        N_("I don't know “{quote}”. Did you mean this?"),
        Choice(N_("Yes: {line}"), line, {"line": line}),
        quote=name,
    )


def reminder_or_timer(words: str) -> Question | None:
    """Ask what a text is for that begins or ends with a duration."""
    split = words.split()
    for size in (2, 1):
        for length, text in ((split[:size], split[size:]), (split[-size:], split[:-size])):
            joined = "".join(length)
            if text and not joined.isdecimal() and duration.read(joined) is not None:
                about = " ".join(text)
                return Question(
                    N_("Should I remind you, or start a timer?"),
                    Choice(N_("Remind me"), f"remind {joined} {about}"),
                    Choice(N_("Start a timer"), f"pomodoro {quoted(about)} {joined}"),
                )
    return None


def _hello(context: commands.Context[commands.Bot]) -> Question:
    return Question(_HELLO, *THINGS_TO_TRY, command="help" if context.guild is None else "/help")
