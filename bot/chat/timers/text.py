"""What the bot says about a person's own timers, in Discord's markdown, with user input escaped."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.chat.text import LATE, clock_time, fitting, harmless, paused_left, reason_of, relative
from bot.domain.time.duration import in_full, spoken
from bot.domain.timers.command import TimerVerb
from bot.domain.timers.timer import Actor, State, Timer
from bot.messages.catalogue import N_, gettext, listed, ngettext
from bot.pictures.amount import spoken as amount
from bot.service.my_day import Today

_DONE = {
    TimerVerb.CANCEL: N_("Cancelled {name} (#{id})."),
    TimerVerb.PAUSE: N_("Paused {name} (#{id}) with {left} left."),
    TimerVerb.RESUME: N_("Resumed {name} (#{id}). {status}."),
}
_DONE_TO_SEVERAL = {
    TimerVerb.CANCEL: N_("Cancelled {timers}."),
    TimerVerb.PAUSE: N_("Paused {timers}."),
    TimerVerb.RESUME: N_("Resumed {timers}."),
}


def status(timer: Timer) -> str:
    """Say briefly how a timer stands."""
    if timer.state is State.PAUSED:
        return gettext("Paused with {left} left", left=paused_left(timer.remaining or timedelta()))
    if timer.state is State.CANCELLED:
        return gettext("Cancelled")
    if timer.due_at is None:
        return gettext("Finished")
    time = clock_time(timer.due_at, timer.length + timer.extended)
    if timer.state is State.DONE:
        return gettext("Finished at {time}", time=time)
    return gettext("Ends {when} · {time}", when=relative(timer.due_at), time=time)


def announcement(timer: Timer, now: datetime, awake_since: datetime) -> str:
    """Say that a timer is over and, if that is late, how late and why."""
    about = {"name": harmless(timer.name), "owner_id": timer.owner_id}
    if timer.counts_from is None:
        headline = gettext("TIME IS UP! {name} · <@{owner_id}>", **about)
    else:
        headline = gettext("POMODORO! {name} · <@{owner_id}>", **about)
    late = now - (timer.due_at or now)
    if late < LATE:
        return headline
    if timer.due_at and timer.due_at < awake_since:
        why = gettext("-# finished {late} ago, while I was offline", late=spoken(late))
    else:
        why = gettext("-# finished {late} ago", late=spoken(late))
    return f"{headline}\n{why}"


def day(of: Today) -> str:
    """Say how long somebody has focused today, and how many days in a row that makes."""
    if not of.streak:
        return gettext("-# Today {amount}", amount=amount(of.total))
    return ngettext(
        "-# Today {amount} · 🔥 {number:,} day in a row",
        "-# Today {amount} · 🔥 {number:,} days in a row",
        of.streak,
        amount=amount(of.total),
    )


def listing(timers: Sequence[Timer], unheard: Sequence[tuple[Timer, str]], actor: Actor, *, private: bool) -> str:
    """List the timers of a channel; the actor's own elsewhere too where nobody else can read it.

    ``unheard`` are the actor's own timers that are over, each with the reason why it could not be announced.
    """
    over = {timer.id for timer, _ in unheard}
    timers = [timer for timer in timers if timer.id not in over]
    here = [timer for timer in timers if timer.channel_id == actor.channel_id]
    elsewhere = [timer for timer in timers if timer.channel_id != actor.channel_id]
    lines = [_line(timer) for timer in here] or [gettext("No timers running here.")]
    if elsewhere and private:
        lines += [f"{_line(timer)} · <#{timer.channel_id}>" for timer in elsewhere]
    elif elsewhere:
        lines.append(
            gettext(
                "-# You've got {count} more in other places. `/pomodoro list` shows them just to you.",
                count=len(elsewhere),
            )
        )
    if private:
        lines += [
            gettext(
                "-# {name} finished, but I couldn't tell you: {reason}.",
                name=harmless(timer.name),
                reason=reason_of(reason),
            )
            for timer, reason in unheard
        ]
    elif unheard:
        lines.append(gettext("-# I couldn't deliver something to you. `/pomodoro list` shows it, just to you."))
    return fitting(lines)


def left(timer: Timer, now: datetime) -> str:
    """Say how much time a timer has left."""
    about = {"name": harmless(timer.name), "left": spoken(timer.left(now)), "id": timer.id}
    if timer.state is State.PAUSED:
        return gettext("**{name}** is paused with {left} left. (#{id})", **about)
    if timer.due_at is None:
        return gettext("**{name}** has {left} left. (#{id})", **about)
    return gettext("**{name}** has {left} left – it ends {when}. (#{id})", when=relative(timer.due_at), **about)


def acted(verb: TimerVerb, timers: Sequence[Timer]) -> str:
    """Confirm what was done to one timer or several."""
    if len(timers) > 1:
        return gettext(_DONE_TO_SEVERAL[verb], timers=listed([_named(timer) for timer in timers]))
    (timer,) = timers
    left = paused_left(timer.remaining or timedelta())
    return gettext(_DONE[verb], name=harmless(timer.name), id=timer.id, status=status(timer), left=left)


def extended(timer: Timer, by: timedelta) -> str:
    """Confirm an extension, with its unit."""
    about = {"name": harmless(timer.name), "id": timer.id, "length": in_full(by)}
    if timer.due_at is None:
        return gettext("Extended {name} (#{id}) by {length}. {status}.", status=status(timer), **about)
    return gettext("Extended {name} (#{id}) by {length}. It ends {when}.", when=relative(timer.due_at), **about)


def renamed(timer: Timer, old: str) -> str:
    """Confirm another name."""
    return gettext("{old} is now called {name}. (#{id})", old=harmless(old), name=harmless(timer.name), id=timer.id)


def taken_back(timers: Sequence[Timer]) -> str:
    """Confirm that a change is taken back."""
    if len(timers) > 1:
        return gettext("Undone – {timers} are back.", timers=listed([_named(timer) for timer in timers]))
    (timer,) = timers
    return gettext(
        "Undone. {name} (#{id}): {status}.", name=harmless(timer.name), id=timer.id, status=status(timer)
    )


def _named(timer: Timer) -> str:
    return f"{harmless(timer.name)} (#{timer.id})"


def _line(timer: Timer) -> str:
    if timer.due_at:
        when = relative(timer.due_at)
    else:
        when = gettext("paused with {left} left", left=paused_left(timer.remaining or timedelta()))
    return f"`#{timer.id}` {harmless(timer.name)} · {when} · <@{timer.owner_id}>"
