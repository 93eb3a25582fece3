"""Lookup of the timer or reminder that a person means by a name, a ``#number``, or nothing at all."""

from collections.abc import Sequence

from bot.domain.errors import AmbiguousTimer, NotYours, UnknownReminder, UnknownTimer
from bot.domain.timers import name
from bot.domain.timers.timer import Actor, Timer
from bot.messages.catalogue import N_, Template

# Only this many characters of a name or reminder text are compared: folding is slow, and there may be many.
_COMPARED = 200
_SEVERAL_TIMERS = N_("{count} timers fit ({numbers}); say which by its number.")
_SEVERAL_REMINDERS = N_("{count} reminders fit ({numbers}); say which by its number.")


def may_command(actor: Actor, timer: Timer) -> bool:
    """Return whether a person may change a timer: its owner may, and moderators in its channel."""
    return actor.user_id == timer.owner_id or (actor.can_manage and actor.channel_id == timer.channel_id)


def pick(which: str | None, live: Sequence[Timer], actor: Actor, verb: str) -> Timer:
    """Return the live timer that ``actor`` means and may change.

    ``live`` holds the actor's own timers and those of the channel; their own take precedence.
    Raises ``UnknownTimer``, ``AmbiguousTimer`` or ``NotYours``.
    """
    timer = look(which, live, actor, verb)
    if not may_command(actor, timer):
        raise NotYours(
            N_("#{id} is somebody else's timer; only its owner or a moderator can change it."),
            "pomodoro tea 5m",
            id=timer.id,
        )
    return timer


def look(which: str | None, live: Sequence[Timer], actor: Actor, verb: str) -> Timer:
    """Return the live timer that ``actor`` means, whoever owns it: everyone may look."""
    own = [timer for timer in live if timer.owner_id == actor.user_id]
    others = [timer for timer in live if timer.owner_id != actor.user_id]
    # Without a name, only one's own timers are meant.
    fitting = own if which is None else _fitting(which, own) or _fitting(which, others)
    if fitting:
        return _only(fitting, _SEVERAL_TIMERS, f"pomodoro {verb}")
    if which is None:
        raise UnknownTimer(N_("You have no timer going."), "pomodoro tea 5m")
    raise UnknownTimer(
        N_("I know no timer “{quote}” that is still going."), "pomodoro list", quote=which[: name.LONGEST]
    )


def pick_reminder(which: str | None, own: Sequence[Timer], verb: str) -> Timer:
    """Return the own reminder that a person means: by its text, the start of it, or its number.

    Raises ``UnknownReminder`` and ``AmbiguousTimer``.
    """
    fitting = own if which is None else _fitting(which, own) or _beginning(which, own)
    if fitting:
        return _only(fitting, _SEVERAL_REMINDERS, f"remind {verb}")
    if which is None:
        raise UnknownReminder(N_("You have no reminder pending."), "remind 20m stretch")
    raise UnknownReminder(N_("You have no reminder “{quote}” pending."), "remind list", quote=which[: name.LONGEST])


def _only(fitting: Sequence[Timer], sentence: Template, command: str) -> Timer:
    """Return the only match. Raises ``AmbiguousTimer`` where there are more."""
    if len(fitting) > 1:
        numbers = ", ".join(f"#{timer.id}" for timer in fitting[:10])
        raise AmbiguousTimer(sentence, f"{command} #{fitting[0].id}", count=len(fitting), numbers=numbers)
    return fitting[0]


def _fitting(which: str, timers: Sequence[Timer]) -> list[Timer]:
    wanted = _folded(which)
    by_name = [timer for timer in timers if _folded(timer.name) == wanted]
    by_number = [timer for timer in timers if which.removeprefix("#") == str(timer.id)]
    return by_number or by_name if which.startswith("#") else by_name or by_number


def _beginning(which: str, timers: Sequence[Timer]) -> list[Timer]:
    wanted = _folded(which)
    return [timer for timer in timers if _folded(timer.name).startswith(wanted)]


def _folded(called: str) -> str:
    return name.folded(called[:_COMPARED])
