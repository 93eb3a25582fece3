"""What the bot says, in Discord's markdown, with what people typed made harmless."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain import focus_words, name, reminder_words, request, stats_words
from bot.domain.duration import spoken
from bot.domain.errors import Refusal
from bot.domain.timer import Actor, State, Timer

# A message holds 2,000 characters; this leaves room for a closing line.
_ROOM = 1_800
# Said to be late from here on; below it is the way to Discord and back.
LATE = timedelta(seconds=10)
# A backslash before any of these makes Discord show it as it is: no formatting, no mention, no link.
_ACTIVE = re.compile(r"[\\*_~`|<>\[\]@]|:(?=//)|(?i:\.(?=gg\b|com/invite))")
# What may follow a slash command's name; anything else is what to start.
_VERBS: Mapping[str, Collection[str]] = {
    "pomodoro": {*request.Verb, "extend", "list", "help", "start"},
    "focus": focus_words.VERBS,
    "remind": reminder_words.VERBS,
    "stats": stats_words.VERBS,
    "settings": {"show", "prefix", "timers"},
    "help": {""},
    "privacy": {"show", "share", "unshare", "export", "delete"},
}
# How a slash command takes what is typed without a verb.
_FIELDS: Mapping[str, Callable[[str], str]] = {
    "remind": lambda rest: f"set {reminder_words.example(rest)}",
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


def refusal(refused: Refusal, prefix: str) -> str:
    """Say what was wrong, and show a command that would have been right."""
    said = refused.sentence.replace("{}", harmless(name.visible(refused.quote)))
    return f"{said}\nTry `{command(refused.example, prefix)}`" if refused.example else said


def command(example: str, prefix: str) -> str:
    """Spell an example as this person would type it: by prefix, or as a slash command."""
    first, _, rest = example.partition(" ")
    verb, _, more = rest.partition(" ")
    if prefix == "/" and (first, verb) == ("remind", "edit"):
        which, _, change = more.partition(" ")
        rest = f"edit reminder: {which} {reminder_words.example(change)}"
    elif prefix == "/" and verb not in _VERBS.get(first, ()):
        rest = _FIELDS[first](rest) if first in _FIELDS else f"start {rest}"
    return f"{prefix}{first} {rest}".rstrip()


def failure(incident: str) -> str:
    """Say that it was the bot's own fault, with the id under which the log has it."""
    return f"Something went wrong on my side, and I have written it down as `{incident}`. Please try again."


def unknown_here() -> str:
    """Say that a role, a channel or a person that was chosen is not known to the bot in this place."""
    return "I cannot see what you have chosen from here; choose another, or leave it out."


def unheard(incident: str, prefix: str, listed: str) -> str:
    """Say that what was asked for is done, though the answer to it could not be sent; ``listed`` shows it."""
    listed = command(listed, prefix)
    return f"That is done, but my answer did not get through (`{incident}`). `{listed}` shows how things stand."


def relative(moment: datetime) -> str:
    """Spell a moment so that every reader's own client counts down to it."""
    return f"<t:{round(moment.timestamp())}:R>"


def clock_time(moment: datetime) -> str:
    """Spell a moment as a time of day, in every reader's own zone."""
    return f"<t:{round(moment.timestamp())}:T>"


def status(timer: Timer) -> str:
    """Say in a few words how a timer stands."""
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
    """Say that a timer is over, and, where it is said late, how late and why."""
    said = f"POMODORO! {harmless(timer.name)} · <@{timer.owner_id}>"
    late = now - (timer.due_at or now)
    if late < LATE:
        return said
    why = ", while I was away" if timer.due_at and timer.due_at < awake_since else ""
    return f"{said}\n-# finished {spoken(late)} ago{why}"


def redirected(timers: Sequence[Timer]) -> str:
    """Say why a person is told directly of what should have been said in a channel."""
    return f"-# I could not say this in <#{timers[0].channel_id}>."


def listing(
    timers: Sequence[Timer], undelivered: Sequence[tuple[Timer, str]], actor: Actor, *, private: bool
) -> str:
    """List the timers of a channel; one's own elsewhere too where nobody else reads along.

    ``undelivered`` are one's own timers that are over, each with the reason why nobody could be told.
    """
    here = [timer for timer in timers if timer.channel_id == actor.channel_id]
    elsewhere = [timer for timer in timers if timer.channel_id != actor.channel_id]
    lines = [_line(timer) for timer in here] or ["No timer is going here."]
    if elsewhere and private:
        lines += [f"{_line(timer)} · <#{timer.channel_id}>" for timer in elsewhere]
    elif elsewhere:
        lines.append(f"-# You have {len(elsewhere)} more elsewhere; `/pomodoro list` shows them to you alone.")
    if private:
        lines += [f"-# {harmless(timer.name)} is over, but {reason}." for timer, reason in undelivered]
    elif undelivered:
        lines.append(
            "-# There is something that I could not tell you; `/pomodoro list` does, and you alone see it."
        )
    return fitting(lines)


def fitting(lines: Sequence[str]) -> str:
    """Put lines together, as many as one message holds, and say how many more there are."""
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
    """Show what can be asked."""
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
