"""What the bot says, in Discord's markdown, with user input escaped."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.errors import UserError
from bot.domain.focus import parser as focus_parser
from bot.domain.reminders import parser as reminder_parser
from bot.domain.stats import parser as stats_parser
from bot.domain.time.duration import spoken
from bot.domain.timers import command as timer_command
from bot.domain.timers import name
from bot.domain.timers.timer import Actor, State, Timer

# A message holds 2,000 characters; this leaves room for a closing line.
_ROOM = 1_800
# From here on a message says how late it is; less is the round trip to Discord.
LATE = timedelta(seconds=10)
# A backslash before any of these makes Discord show it as it is: no formatting, no mention, no link.
_ACTIVE = re.compile(r"[\\*_~`|<>\[\]@]|:(?=//)|(?i:\.(?=gg\b|com/invite))")
# Subcommands of each slash command; anything else is what to start.
_VERBS: Mapping[str, Collection[str]] = {
    "pomodoro": {*timer_command.Verb, "extend", "list", "help", "start"},
    "focus": focus_parser.VERBS,
    "remind": reminder_parser.VERBS,
    "stats": stats_parser.VERBS,
    "settings": {"show", "prefix", "timers"},
    "help": {""},
    "privacy": {"show", "share", "unshare", "export", "delete"},
}
# How a slash command spells what is typed without a verb.
_FIELDS: Mapping[str, Callable[[str], str]] = {
    "remind": lambda rest: f"set {reminder_parser.example(rest)}",
    "stats": lambda rest: f"me period: {rest}" if rest else "me",
    "leaderboard": lambda rest: f"span: {rest}" if rest else "",
    "goal": lambda rest: f"day: {rest.removesuffix(' a day')}" if rest else "",
    "privacy": lambda _: "show",
}


def harmless(raw: str) -> str:
    """Escape what people typed, so that it is shown as typed: it pings nobody and formats nothing.

    It must not stand at the beginning of a line, where ``#`` and ``-`` have a meaning too.
    """
    return _ACTIVE.sub(r"\\\g<0>", raw)


def refusal(refused: UserError, prefix: str) -> str:
    """Say what was wrong, and show a command that would have been right."""
    sentence = refused.sentence.replace("{}", harmless(name.visible(refused.quote)))
    return f"{sentence}\nTry `{command(refused.example, prefix)}`" if refused.example else sentence


def command(example: str, prefix: str) -> str:
    """Spell an example as this person would type it: with a prefix, or as a slash command."""
    first, _, rest = example.partition(" ")
    verb, _, more = rest.partition(" ")
    if prefix == "/" and (first, verb) == ("remind", "edit"):
        which, _, change = more.partition(" ")
        rest = f"edit reminder: {which} {reminder_parser.example(change)}"
    elif prefix == "/" and verb not in _VERBS.get(first, ()):
        rest = _FIELDS[first](rest) if first in _FIELDS else f"start {rest}"
    return f"{prefix}{first} {rest}".rstrip()


def failure(incident: str) -> str:
    """Say that it was the bot's own fault, with the incident's id in the log."""
    return f"Something went wrong on my side, and I have written it down as `{incident}`. Please try again."


def unknown_here() -> str:
    """Say that the bot cannot see the chosen role, channel or person here."""
    return "I cannot see what you have chosen from here; choose another, or leave it out."


def unheard(incident: str, prefix: str, listed: str) -> str:
    """Say that what was asked for is done, though the answer to it could not be sent; ``listed`` shows it."""
    listed = command(listed, prefix)
    return f"That is done, but my answer did not get through (`{incident}`). `{listed}` shows how things stand."


def unanswered(incident: str) -> str:
    """Say that the answer to a question could not be sent."""
    return f"I could not get my answer through to you (`{incident}`). Please ask again."


def relative(moment: datetime) -> str:
    """Format a moment so that each reader's client counts down to it."""
    return f"<t:{round(moment.timestamp())}:R>"


def clock_time(moment: datetime) -> str:
    """Format a moment as a time of day, in each reader's own zone."""
    return f"<t:{round(moment.timestamp())}:T>"


def status(timer: Timer) -> str:
    """Say briefly how a timer stands."""
    if timer.state is State.PAUSED:
        return f"Paused with {spoken(timer.remaining or timedelta())} left"
    if timer.state is State.CANCELLED:
        return "Cancelled"
    if timer.due_at is None:
        return "Finished"
    if timer.state is State.DONE:
        return f"Finished at {clock_time(timer.due_at)}"
    return f"Ends {relative(timer.due_at)} · {clock_time(timer.due_at)}"


def announcement(timer: Timer, now: datetime, awake_since: datetime) -> str:
    """Say that a timer is over and, if that is late, how late and why."""
    headline = f"POMODORO! {harmless(timer.name)} · <@{timer.owner_id}>"
    late = now - (timer.due_at or now)
    if late < LATE:
        return headline
    why = ", while I was away" if timer.due_at and timer.due_at < awake_since else ""
    return f"{headline}\n-# finished {spoken(late)} ago{why}"


def redirected(timers: Sequence[Timer]) -> str:
    """Explain why a direct message replaces a message in a channel."""
    return f"-# I could not say this in <#{timers[0].channel_id}>."


def listing(timers: Sequence[Timer], unheard: Sequence[tuple[Timer, str]], actor: Actor, *, private: bool) -> str:
    """List the timers of a channel; the actor's own elsewhere too where nobody else can read it.

    ``unheard`` are the actor's own timers that are over, each with the reason why it could not be announced.
    """
    over = {timer.id for timer, _ in unheard}
    timers = [timer for timer in timers if timer.id not in over]
    here = [timer for timer in timers if timer.channel_id == actor.channel_id]
    elsewhere = [timer for timer in timers if timer.channel_id != actor.channel_id]
    lines = [_line(timer) for timer in here] or ["No timer is going here."]
    if elsewhere and private:
        lines += [f"{_line(timer)} · <#{timer.channel_id}>" for timer in elsewhere]
    elif elsewhere:
        lines.append(f"-# You have {len(elsewhere)} more elsewhere; `/pomodoro list` shows them to you alone.")
    if private:
        lines += [f"-# {harmless(timer.name)} is over, but {reason}." for timer, reason in unheard]
    elif unheard:
        lines.append(
            "-# There is something that I could not tell you; `/pomodoro list` does, and you alone see it."
        )
    return fitting(lines)


def tried_again(messages: int) -> str:
    """Say that undelivered messages are being retried."""
    if not messages:
        return "There is nothing left that I could not tell you."
    return "I am trying to tell you once more; the list shows what I cannot."


def fitting(lines: Sequence[str]) -> str:
    """Join as many lines as one message holds, and say how many more there are."""
    shown: list[str] = []
    for number, line in enumerate(lines):
        if sum(map(len, shown)) + len(line) > _ROOM:
            shown.append(f"-# … and {len(lines) - number} more")
            break
        shown.append(line)
    return "\n".join(shown)


def left(timer: Timer, now: datetime) -> str:
    """Say how much time a timer has left."""
    if timer.state is State.PAUSED:
        return f"**{harmless(timer.name)}** is paused with {spoken(timer.left(now))} left. (#{timer.id})"
    ends = f", it ends {relative(timer.due_at)}" if timer.due_at else ""
    return f"**{harmless(timer.name)}** has {spoken(timer.left(now))} left{ends}. (#{timer.id})"


def changed(timer: Timer, verb: str) -> str:
    """Confirm what was done to a timer."""
    return f"{verb} {harmless(timer.name)} (#{timer.id}). {status(timer)}."


def introduction(prefix: str) -> str:
    """Show example commands."""
    lines = (
        "tea 5m",
        "green tea 1h30m",
        "list",
        "time tea",
        "pause tea",
        "resume tea",
        "extend tea 5m",
        "cancel tea",
    )
    typed = "\n".join(command(f"pomodoro {line}", prefix) for line in lines)
    return f"I keep time for you. Durations are seconds (90), units (1h30m) or a clock (25:00).\n```\n{typed}\n```"


def _line(timer: Timer) -> str:
    when = relative(timer.due_at) if timer.due_at else status(timer).lower()
    return f"`#{timer.id}` {harmless(timer.name)} · {when} · <@{timer.owner_id}>"
