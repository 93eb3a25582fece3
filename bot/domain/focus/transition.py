"""Transitions: how each command changes a running session."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.errors import NotYours, TooLate
from bot.domain.focus.command import (
    Command,
    EditSession,
    ExtendPhase,
    FocusVerb,
    Host,
    Join,
    Kind,
    Notify,
    Task,
    kind_of,
)
from bot.domain.focus.participant import Notification, find
from bot.domain.focus.plan import UNNAMED, Plan
from bot.domain.focus.session import Session
from bot.domain.timers.timer import Actor
from bot.messages.catalogue import N_

# The session after a change at a moment.
Transition = Callable[[Session, datetime], Session]


def meant(command: Command, session: Session, actor: Actor) -> Command:
    """Return what a command means to somebody: joining with a task while being in already sets it."""
    if isinstance(command, Join) and command.task and find(session.present, actor.user_id):
        return Task(command.task)
    return command


def transition(command: Command, actor: Actor) -> Transition:
    """Return the transition of a command. It raises a ``UserError`` when applied where it is not possible."""
    move = _TRANSITIONS[kind_of(command)]
    return lambda session, now: move(command, session, actor, now)


def toggle_rest(actor: Actor) -> Transition:
    """Rest, or come back from it."""

    def move(session: Session, now: datetime) -> Session:
        is_resting = session.person(actor.user_id).resting
        return session.back(actor.user_id, now) if is_resting else session.rest(actor.user_id, now)

    return move


def describe(actor: Actor, task: str | None, notify: Notification) -> Transition:
    """Set a person's task and how to notify them, joining them first if needed."""

    def move(session: Session, now: datetime) -> Session:
        if not find(session.present, actor.user_id):
            session = session.join(actor.user_id, now)
        return session.change_person(actor.user_id, lambda person: replace(person, task=task, notify=notify))

    return move


def vanish(user_id: int) -> Transition:
    """Remove a person whose data is deleted: of a plan that a host named, only the lengths stay."""

    def move(session: Session, now: datetime) -> Session:
        left = session.leave(user_id, now)
        if user_id != session.timer.owner_id:
            return left
        return replace(left, plan=left.plan.plain, timer=replace(left.timer, name=UNNAMED))

    return move


def depart(user_ids: Collection[int]) -> Transition:
    """Remove people who left the server; where nobody stays, the session ends."""

    def move(session: Session, now: datetime) -> Session:
        for person in session.present:
            if person.user_id in user_ids and not session.is_over:
                session = session.leave(person.user_id, now)
        return session

    return move


def seat(user_id: int) -> Transition:
    """Add somebody for as long as they sit in the linked voice channel."""
    return lambda session, now: session.join(user_id, now, by_voice=True)


def unseat(user_id: int) -> Transition:
    """Remove somebody who left that voice channel."""
    return lambda session, now: session.leave(user_id, now)


def move(session: Session, actor: Actor, channel_id: int) -> Session:
    """Go on in another channel, with a new card. Only the host may. Raises ``TooLate`` and ``NotYours``."""
    session.must_be_live()
    if actor.user_id != session.timer.owner_id:
        raise NotYours(N_("Only the host can move the session to another channel."), "focus leave")
    if not session.stranded:
        raise TooLate(N_("The session carries on in <#{channel_id}>."), channel_id=session.timer.channel_id)
    timer = replace(session.timer, channel_id=channel_id, card_id=None)
    return replace(session, timer=timer, stranded=False)


def still_here(actor: Actor) -> Transition:
    """Note that somebody is there; any transition does, so this one changes nothing else."""
    return lambda session, _: session.change_person(actor.user_id, lambda person: person)


def _edited(session: Session, command: EditSession, actor: Actor) -> Plan:
    if command.plan:
        # The words of a moderator who was never in it could not be found when they delete their data.
        rest = command.plan if find(session.people, actor.user_id) else command.plan.plain
        return session.plan.then(session.at, rest)
    lengths = {"focus": command.focus, "short": command.short, "long": command.long}
    return session.plan.edited(session.at, rounds=command.rounds, **lengths)


_TRANSITIONS: dict[Kind, Callable[[Any, Session, Actor, datetime], Session]] = {
    FocusVerb.STOP: lambda _, old, who, now: old.stop(who, now),
    FocusVerb.PAUSE: lambda _, old, who, now: old.pause(who, now),
    FocusVerb.RESUME: lambda _, old, who, now: old.resume(who, now),
    FocusVerb.SKIP: lambda _, old, who, now: old.skip(who, now),
    ExtendPhase: lambda command, old, who, now: old.extend(who, command.by, now),
    EditSession: lambda command, old, who, now: old.edit(who, _edited(old, command, who), now),
    Host: lambda command, old, who, _: old.hand_over(who, command.user_id),
    Join: lambda command, old, who, now: old.join(who.user_id, now, command.task),
    FocusVerb.LEAVE: lambda _, old, who, now: old.leave(who.user_id, now),
    FocusVerb.REST: lambda _, old, who, now: old.rest(who.user_id, now),
    FocusVerb.BACK: lambda _, old, who, now: old.back(who.user_id, now),
    Task: lambda command, old, who, _: old.change_person(
        who.user_id, lambda person: replace(person, task=command.text)
    ),
    Notify: lambda command, old, who, _: old.change_person(
        who.user_id, lambda person: replace(person, notify=command.how)
    ),
}
