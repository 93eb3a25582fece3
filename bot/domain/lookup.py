"""Which timer or reminder a person means by a name, a ``#number``, or nothing at all."""

from collections.abc import Sequence

from bot.domain import name
from bot.domain.errors import AmbiguousTimer, NotYours, UnknownReminder, UnknownTimer
from bot.domain.timer import Actor, Timer


def may_command(actor: Actor, timer: Timer) -> bool:
    """Tell whether someone may change a timer: its owner, and moderators in its channel."""
    return actor.user_id == timer.owner_id or (actor.moderator and actor.channel_id == timer.channel_id)


def pick(which: str | None, live: Sequence[Timer], actor: Actor, verb: str) -> Timer:
    """Find the one live timer that ``actor`` means and may command.

    ``live`` holds the actor's own timers and those of the channel. Own ones go before others'.
    Raises ``UnknownTimer``, ``AmbiguousTimer`` or ``NotYours`` with what to say instead.
    """
    timer = look(which, live, actor, verb)
    if not may_command(actor, timer):
        raise NotYours(
            f"#{timer.id} is somebody else's timer; its owner or a moderator can {verb} it.",
            "pomodoro tea 5m",
        )
    return timer


def look(which: str | None, live: Sequence[Timer], actor: Actor, verb: str) -> Timer:
    """Find the one live timer that ``actor`` means, whoever's it is: everyone may look."""
    own = [timer for timer in live if timer.owner_id == actor.user_id]
    others = [timer for timer in live if timer.owner_id != actor.user_id]
    # With nothing said, only one's own timers are meant.
    fitting = own if which is None else _fitting(which, own) or _fitting(which, others)
    if fitting:
        return _only(fitting, "timers", f"pomodoro {verb}")
    if which is None:
        raise UnknownTimer("You have no timer going.", "pomodoro tea 5m")
    raise UnknownTimer("I know no timer “{}” that is still going.", "pomodoro list", which[: name.LONGEST])


def pick_reminder(which: str | None, own: Sequence[Timer], verb: str) -> Timer:
    """Find the one of somebody's own reminders that they mean: by its words, how they begin, or its number.

    Raises ``UnknownReminder`` and ``AmbiguousTimer``.
    """
    fitting = own
    if which is not None:
        begins = [timer for timer in own if name.begins(timer.name, which)]
        fitting = _fitting(which, own) or begins
    if fitting:
        return _only(fitting, "reminders", f"remind {verb}")
    if which is None:
        raise UnknownReminder("You have no reminder pending.", "remind 20m stretch")
    raise UnknownReminder("You have no reminder “{}” pending.", "remind list", which[: name.LONGEST])


def _only(fitting: Sequence[Timer], what: str, command: str) -> Timer:
    """Give the one timer that fits. Raises ``AmbiguousTimer`` where there are more."""
    if len(fitting) > 1:
        numbers = ", ".join(f"#{timer.id}" for timer in fitting[:10])
        raise AmbiguousTimer(
            f"{len(fitting)} {what} fit ({numbers}); say which by its number.", f"{command} #{fitting[0].id}"
        )
    return fitting[0]


def _fitting(which: str, timers: Sequence[Timer]) -> list[Timer]:
    by_name = [timer for timer in timers if name.same(which, timer.name)]
    by_number = [timer for timer in timers if which.removeprefix("#") == str(timer.id)]
    return by_number or by_name if which.startswith("#") else by_name or by_number
