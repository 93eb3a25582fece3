"""Lookup of the timer or reminder that a person means by a name, a ``#number``, or nothing at all."""

import re
from collections.abc import Mapping, Sequence

from bot.domain.errors import NotYours, TooLate, UnknownReminder, UnknownTimer, UserError
from bot.domain.question import Choice, Question
from bot.domain.spelling import nearest
from bot.domain.timers import choices, name
from bot.domain.timers.command import (
    ACTS,
    CHANGES,
    ActOnTimers,
    ChangeTimers,
    Command,
    Rename,
    StartTimer,
    TimerVerb,
)
from bot.domain.timers.timer import Actor, State, Timer
from bot.messages.catalogue import N_, Template

# Only this many characters of a name or reminder text are compared: folding is slow, and there may be many.
_COMPARED = 200
_WHICH = N_("Which one?")
# The most of somebody's own timers that are offered in place of an unknown one.
_MOST_OFFERED = 4
# Words for the only timer there is.
_IT = {"it", "this", "that", "timer", "the timer", "my timer", "this timer", "the pomodoro"}
_IT |= {"please", "pls", "now", "it please", "it now"}
_NUMBER = re.compile(r"#\d{1,19}")
# What people say around a name: *with my tea timer*.
_AROUND = re.compile(r"\A(?:with )?(?:(?:the|my|this|that) )?(.+?)(?: (?:timer|pomodoro))?\Z", re.IGNORECASE)
_NUMBERED = re.compile(r"\A(?:(?:the )?(?:timer|number|no\.?|nr\.?) )*(?:# ?)?(?=\d{1,19}\Z)", re.IGNORECASE)
# The error if there are several, and none is in the state that a verb is for.
_NO_TIMER = {
    State.PAUSED: (N_("None of your timers is paused."), "pomodoro list"),
    State.RUNNING: (N_("All your timers are already paused."), "pomodoro list"),
}
_NO_REMINDER = {
    State.PAUSED: (N_("None of your reminders is paused."), "remind list"),
    State.RUNNING: (N_("All your reminders are already paused."), "remind list"),
}


def may_command(actor: Actor, timer: Timer) -> bool:
    """Return whether a person may change a timer: its owner may, and moderators in its channel."""
    return actor.user_id == timer.owner_id or (actor.can_manage and actor.channel_id == timer.channel_id)


def is_here(actor: Actor, timer: Timer) -> bool:
    """Return whether somebody is in the place of a timer."""
    return (actor.guild_id, actor.channel_id) == (timer.guild_id, timer.channel_id)


def must_be_in_reach(actor: Actor, timer: Timer) -> None:
    """Raise ``UserError`` if a button is pressed away from its timer's channel by anybody but its owner."""
    if actor.user_id != timer.owner_id:
        must_be_here(actor, timer)


def must_be_here(actor: Actor, timer: Timer) -> None:
    """Raise ``UserError`` if a button is pressed away from its timer's channel."""
    if not is_here(actor, timer):
        raise UserError(N_("That belongs somewhere else, so it doesn't work here."))


def pick(target: str | None, live: Sequence[Timer], actor: Actor, verb: str, rest: str = "") -> Timer:
    """Return the live timer that ``actor`` means and may change.

    ``live`` holds the actor's own timers and those of the channel; their own take precedence. ``rest`` is what the
    command says after the timer. Raises ``UnknownTimer``, ``NotYours``, or ``Question`` if several fit.
    """
    timer = look(target, live, actor, verb, rest)
    if verb == "rename" and timer.owner_id != actor.user_id:
        # It is the owner's task in their log, too, where a delete could not find a moderator's words.
        raise NotYours(N_("Only its owner can rename it."), "pomodoro list")
    if not may_command(actor, timer):
        raise NotYours(
            N_("#{id} isn't yours. Only its owner or a moderator can {verb} it."),
            "pomodoro list",
            id=timer.id,
            verb=CHANGES[verb],
        )
    return timer


def pick_all(command: ChangeTimers, live: Sequence[Timer], actor: Actor) -> list[Timer]:
    """Return the live timers that a command is to change. Raises as ``pick`` does."""
    if isinstance(command, ActOnTimers) and command.every:
        fitting = _fitting_verb(_own(live, actor), command.verb)
        if not fitting:
            raise UnknownTimer(N_("You don't have a timer running."), "pomodoro 25m")
        return list(fitting)
    try:
        return [pick(command.target, live, actor, command.verb, command.rest)]
    except UnknownTimer:
        if not isinstance(command, ActOnTimers) or not command.each:
            raise
    picked = [pick(target, live, actor, command.verb) for target in command.each]
    return list({timer.id: timer for timer in picked}.values())


def look(target: str | None, live: Sequence[Timer], actor: Actor, verb: str, rest: str = "") -> Timer:
    """Return the live timer that ``actor`` means, whoever owns it: everyone may look."""
    own = _own(live, actor)
    others = [timer for timer in live if timer.owner_id != actor.user_id]
    bare = (target or "").rstrip(" .!?")
    names = () if target is None else (target, _AROUND.sub(r"\1", target), bare, _NUMBERED.sub("#", bare, count=1))
    # Most are the same word, and each is held against all timers.
    fits = (_fitting(called, own) or _fitting(called, others) for called in dict.fromkeys(names))
    named = next(filter(None, fits), [])
    if target is not None and not named and target.casefold() in _IT:
        target = None
    # Without a name, only one's own timers are meant.
    fitting = _fitting_verb(own, verb) if target is None else named
    if fitting:
        return _only(fitting, f"pomodoro {verb}", rest)
    if target is None:
        raise UnknownTimer(N_("You don't have a timer running."), "pomodoro 25m")
    if _NUMBER.fullmatch(target):
        raise UnknownTimer(N_("There's no timer {number} running."), "pomodoro list", number=target)
    raise UnknownTimer(
        N_("There's no timer called “{quote}” running."), "pomodoro list", quote=target[: name.LONGEST]
    )


def instead(refused: UnknownTimer, command: Command, live: Sequence[Timer], actor: Actor) -> UserError:
    """Ask what was meant by a name that no timer has: one of the person's own, similar names first, or a new one.

    A number is not a slip: its timer is over.
    """
    target = command.target if isinstance(command, ChangeTimers) else None
    if not isinstance(command, ChangeTimers) or target is None or target.startswith("#"):
        return refused
    if command.verb == TimerVerb.AGAIN:
        return Question(refused.template, choices.start("pomodoro", target), **refused.arguments)
    starts = () if isinstance(command, Rename) else command.starts
    near = nearest(target, [timer.name for timer in _own(live, actor)])
    own = sorted(_own(live, actor), key=lambda timer: timer.name.casefold() != (near or "").casefold())
    timers = [
        _choice(timer, f"pomodoro {command.verb} #{timer.id} {command.rest}".rstrip())
        for timer in own[:_MOST_OFFERED]
    ]
    template = (
        N_("There's no timer called “{quote}” running. Which one do you mean?") if timers else refused.template
    )
    return Question(template, *timers, *starts, **refused.arguments) if timers or starts else refused


def must_be_new(start: StartTimer, live: Sequence[Timer], actor: Actor) -> None:
    """Raise ``Question`` if a start's name may tell one of the person's own timers to change: *update tea 10m*."""
    if start.changed and (known := _fitting(start.changed, _own(live, actor))):
        raise Question(
            N_("Do you want to extend “{name}”, or start a new timer?"),
            choices.extend("pomodoro", f"#{known[0].id}", start.length),
            choices.start("pomodoro", known[0].name, start.length),
            choices.start("pomodoro", start.name, start.length),
            name=choices.label(known[0].name),
        )


def latest(target: str | None, over: Sequence[Timer]) -> Timer:
    """Return the timer that ended last, of a name or number if given. Raises ``UnknownTimer``."""
    fitting = list(over) if target is None else _fitting(target, over)
    if target is not None and not fitting and target.casefold() in _IT:
        fitting, target = list(over), None
    if fitting:
        return fitting[0]
    if target is None:
        raise UnknownTimer(N_("None of your timers has finished yet."), "pomodoro 25m")
    raise UnknownTimer(N_("You don't have a finished timer called “{quote}”."), quote=target[: name.LONGEST])


def pick_reminder(target: str | None, own: Sequence[Timer], verb: str, rest: str = "") -> Timer:
    """Return the own reminder that a person means: by its text, the start of it, or its number.

    Raises ``UnknownReminder``, or a ``Question`` where several fit.
    """
    fitting = (
        _fitting_verb(own, verb, _NO_REMINDER)
        if target is None
        else _fitting(target, own) or _beginning(target, own)
    )
    if fitting:
        return _only(fitting, f"remind {verb}", rest)
    if target is None:
        raise UnknownReminder(N_("You don't have any reminders."), "remind 20m stretch")
    if _NUMBER.fullmatch(target):
        raise UnknownReminder(N_("You don't have a reminder {number}."), "remind list", number=target)
    raise UnknownReminder(
        N_("You don't have a reminder called “{quote}”."), "remind list", quote=target[: name.LONGEST]
    )


def _own(live: Sequence[Timer], actor: Actor) -> list[Timer]:
    return [timer for timer in live if timer.owner_id == actor.user_id]


def _fitting_verb(
    own: Sequence[Timer], verb: str, none: Mapping[State, tuple[Template, str]] = _NO_TIMER
) -> Sequence[Timer]:
    """Return the timers that a verb applies to; all, if there is only one, which then says why it doesn't.

    Raises ``TooLate`` if there are several and it can be said of none, with what ``none`` has for the state that
    it is for: a template and an example.
    """
    wanted = ACTS[verb].fits if verb in ACTS else None
    fitting = [timer for timer in own if wanted in {None, timer.state}]
    if wanted is None or fitting or len(own) < 2:
        return fitting or own
    raise TooLate(*none[wanted])


def _only(fitting: Sequence[Timer], command: str, rest: str) -> Timer:
    """Return the only match. Raises ``Question`` if there are more."""
    if len(fitting) > 1:
        raise Question(_WHICH, *(_choice(timer, f"{command} #{timer.id} {rest}".rstrip()) for timer in fitting))
    return fitting[0]


def _choice(timer: Timer, line: str) -> Choice:
    # A button holds 80 characters: the number comes first, since names can begin alike.
    arguments = {"id": timer.id, "name": timer.name[:_COMPARED]}
    return Choice(N_("#{id} {name}"), line, arguments, channel_id=timer.channel_id)


def _fitting(target: str, timers: Sequence[Timer]) -> list[Timer]:
    wanted = _folded(target)
    by_name = [timer for timer in timers if _folded(timer.name) == wanted]
    by_number = [timer for timer in timers if target.removeprefix("#") == str(timer.id)]
    return by_number or by_name if target.startswith("#") else by_name or by_number


def _beginning(target: str, timers: Sequence[Timer]) -> list[Timer]:
    wanted = _folded(target)
    return [timer for timer in timers if _folded(timer.name).startswith(wanted)]


def _folded(called: str) -> str:
    return name.folded(called[:_COMPARED])
