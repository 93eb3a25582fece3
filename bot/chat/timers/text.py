"""What the bot says about a person's own timers, in Discord's markdown, with user input escaped."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.chat.text import clock_time, escape, fitting, late, paused_left, reason_of, relative
from bot.domain.time.duration import spoken
from bot.domain.timers.command import Act
from bot.domain.timers.timer import Actor, State, Timer
from bot.messages.catalogue import N_, gettext, listed, ngettext
from bot.pictures.amount import spoken as amount
from bot.service.focus_log import Today

# Characters of names in one sentence.
_ROOM = 1_200
_LATE = N_("-# finished {late} ago"), N_("-# finished {late} ago, while I was offline")


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
    about = {"name": escape(timer.name), "owner_id": timer.owner_id}
    if timer.counts_from is None:
        headline = gettext("TIME IS UP! {name} · <@{owner_id}>", **about)
    else:
        headline = gettext("POMODORO! {name} · <@{owner_id}>", **about)
    why = late(timer.due_at or now, now, awake_since, _LATE)
    return f"{headline}\n{why}" if why else headline


def day(today: Today) -> str:
    """Say how long somebody has focused today, and how many days in a row that makes."""
    if not today.streak:
        return gettext("-# Today {amount}", amount=amount(today.total))
    return ngettext(
        "-# Today {amount} · 🔥 {number:,} day in a row",
        "-# Today {amount} · 🔥 {number:,} days in a row",
        today.streak,
        amount=amount(today.total),
    )


def listing(
    timers: Sequence[Timer], undelivered: Sequence[tuple[Timer, str]], actor: Actor, *, private: bool
) -> str:
    """List the timers of a channel; the actor's own elsewhere too where nobody else can read it.

    ``undelivered`` are the actor's own timers that are over, each with the reason why it could not be announced.
    """
    over = {timer.id for timer, _ in undelivered}
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
                name=escape(timer.name),
                reason=reason_of(reason),
            )
            for timer, reason in undelivered
        ]
    elif undelivered:
        lines.append(gettext("-# I couldn't deliver something to you. `/pomodoro list` shows it, just to you."))
    return fitting(lines)


def left(timer: Timer, now: datetime) -> str:
    """Say how much time a timer has left."""
    about = {"name": escape(timer.name), "left": spoken(timer.left(now)), "id": timer.id}
    if timer.state is State.PAUSED:
        return gettext("**{name}** is paused with {left} left. (#{id})", **about)
    if timer.due_at is None:
        return gettext("**{name}** has {left} left. (#{id})", **about)
    return gettext("**{name}** has {left} left – it ends {when}. (#{id})", when=relative(timer.due_at), **about)


def done(act: Act, before: Sequence[Timer], after: Sequence[Timer]) -> str:
    """Confirm what was done to one timer, or to several."""
    if len(after) > 1 and act.done_to_several:
        return gettext(act.done_to_several, timers=_all_named(after))
    (timer,) = after
    template = act.done_while_running if timer.due_at and act.done_while_running else act.done
    return gettext(
        template,
        name=escape(timer.name),
        id=timer.id,
        old=escape(next(old.name for old in before if old.id == timer.id)),
        status=status(timer),
        left=paused_left(timer.remaining or timedelta()),
        when=relative(timer.due_at) if timer.due_at else "",
        **act.arguments,
    )


def undone(timers: Sequence[Timer]) -> str:
    """Confirm that a change is undone."""
    if len(timers) > 1:
        return gettext("Undone – {timers} are back.", timers=_all_named(timers))
    (timer,) = timers
    return gettext("Undone. {name} (#{id}): {status}.", name=escape(timer.name), id=timer.id, status=status(timer))


def _all_named(timers: Sequence[Timer]) -> str:
    """Name as many as a sentence has room for, and say how many more there are."""
    names = [f"{escape(timer.name)} (#{timer.id})" for timer in timers]
    lengths = itertools.accumulate(map(len, names))
    fitting = [name for name, length in zip(names, lengths, strict=True) if length <= _ROOM]
    more = len(names) - len(fitting)
    return listed([*fitting, gettext("{count} more", count=more)] if more else fitting)


def _line(timer: Timer) -> str:
    if timer.due_at:
        when = relative(timer.due_at)
    else:
        when = gettext("paused with {left} left", left=paused_left(timer.remaining or timedelta()))
    return f"`#{timer.id}` {escape(timer.name)} · {when} · <@{timer.owner_id}>"
