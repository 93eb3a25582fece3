"""What the bot says about a person's own timers, in Discord's markdown, with user input escaped."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.chat.text import LATE, clock_time, command, fitting, harmless, reason_of, relative
from bot.domain.time.duration import spoken
from bot.domain.timers.timer import Actor, State, Timer
from bot.messages.catalogue import gettext

_EXAMPLES = (
    "tea 5m",
    "green tea 1h30m",
    "list",
    "time tea",
    "pause tea",
    "resume tea",
    "extend tea 5m",
    "cancel tea",
)


def status(timer: Timer) -> str:
    """Say briefly how a timer stands."""
    if timer.state is State.PAUSED:
        return gettext("Paused with {left} left", left=spoken(timer.remaining or timedelta()))
    if timer.state is State.CANCELLED:
        return gettext("Cancelled")
    if timer.due_at is None:
        return gettext("Finished")
    if timer.state is State.DONE:
        return gettext("Finished at {time}", time=clock_time(timer.due_at))
    return gettext("Ends {when} · {time}", when=relative(timer.due_at), time=clock_time(timer.due_at))


def announcement(timer: Timer, now: datetime, awake_since: datetime) -> str:
    """Say that a timer is over and, if that is late, how late and why."""
    headline = gettext("POMODORO! {name} · <@{owner_id}>", name=harmless(timer.name), owner_id=timer.owner_id)
    late = now - (timer.due_at or now)
    if late < LATE:
        return headline
    if timer.due_at and timer.due_at < awake_since:
        why = gettext("-# finished {late} ago, while I was away", late=spoken(late))
    else:
        why = gettext("-# finished {late} ago", late=spoken(late))
    return f"{headline}\n{why}"


def listing(timers: Sequence[Timer], unheard: Sequence[tuple[Timer, str]], actor: Actor, *, private: bool) -> str:
    """List the timers of a channel; the actor's own elsewhere too where nobody else can read it.

    ``unheard`` are the actor's own timers that are over, each with the reason why it could not be announced.
    """
    over = {timer.id for timer, _ in unheard}
    timers = [timer for timer in timers if timer.id not in over]
    here = [timer for timer in timers if timer.channel_id == actor.channel_id]
    elsewhere = [timer for timer in timers if timer.channel_id != actor.channel_id]
    lines = [_line(timer) for timer in here] or [gettext("No timer is going here.")]
    if elsewhere and private:
        lines += [f"{_line(timer)} · <#{timer.channel_id}>" for timer in elsewhere]
    elif elsewhere:
        lines.append(
            gettext(
                "-# You have {count} more elsewhere; `/pomodoro list` shows them to you alone.",
                count=len(elsewhere),
            )
        )
    if private:
        lines += [
            gettext("-# {name} is over, but {reason}.", name=harmless(timer.name), reason=reason_of(reason))
            for timer, reason in unheard
        ]
    elif unheard:
        lines.append(
            gettext("-# There is something that I could not tell you; `/pomodoro list` does, and you alone see it.")
        )
    return fitting(lines)


def left(timer: Timer, now: datetime) -> str:
    """Say how much time a timer has left."""
    about = {"name": harmless(timer.name), "left": spoken(timer.left(now)), "id": timer.id}
    if timer.state is State.PAUSED:
        return gettext("**{name}** is paused with {left} left. (#{id})", **about)
    if timer.due_at is None:
        return gettext("**{name}** has {left} left. (#{id})", **about)
    return gettext("**{name}** has {left} left, it ends {when}. (#{id})", when=relative(timer.due_at), **about)


def changed(timer: Timer, template: str) -> str:
    """Confirm what was done to a timer, by a template such as ``Paused {name} (#{id}). {status}.``."""
    return gettext(template, name=harmless(timer.name), id=timer.id, status=status(timer))


def introduction(prefix: str) -> str:
    """Show example commands."""
    typed = "\n".join(command(f"pomodoro {example}", prefix) for example in _EXAMPLES)
    how = gettext("I keep time for you. Durations are seconds (90), units (1h30m) or a clock (25:00).")
    return f"{how}\n```\n{typed}\n```"


def _line(timer: Timer) -> str:
    if timer.due_at:
        when = relative(timer.due_at)
    else:
        when = gettext("paused with {left} left", left=spoken(timer.remaining or timedelta()))
    return f"`#{timer.id}` {harmless(timer.name)} · {when} · <@{timer.owner_id}>"
