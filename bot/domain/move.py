"""Moves: what each request makes of a session that goes on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain import focus_request as ask
from bot.domain.focus_request import Request
from bot.domain.participant import Notify, Participant
from bot.domain.plan import UNNAMED, Plan
from bot.domain.session import Session
from bot.domain.timer import Actor

# What a session becomes at a moment.
Move = Callable[[Session, datetime], Session]


def move(asked: Request, actor: Actor) -> Move:
    """Give the move that somebody asks for. What cannot be done raises a ``Refusal`` when it is made."""
    made = _MOVES[type(asked)]
    return lambda session, now: made(asked, session, actor, now)


def toggle_rest(actor: Actor) -> Move:
    """Let somebody rest, or come back from it."""

    def made(session: Session, now: datetime) -> Session:
        is_resting = session.person(actor.user_id).resting
        return session.back(actor.user_id, now) if is_resting else session.rest(actor.user_id, now)

    return made


def describe(actor: Actor, task: str | None, notify: Notify) -> Move:
    """Note what somebody will do, and how to tell them; one who is not in it, comes in."""

    def made(session: Session, now: datetime) -> Session:
        if all(one.user_id != actor.user_id for one in session.present):
            session = session.join(actor.user_id, now)
        return session.change_person(actor.user_id, lambda one: replace(one, task=task, notify=notify))

    return made


def vanish(user_id: int) -> Move:
    """Let somebody go who wants nothing kept of them: of a host's words for it, only the lengths stay."""

    def made(session: Session, now: datetime) -> Session:
        left = session.leave(user_id, now)
        if user_id != session.timer.owner_id:
            return left
        return replace(left, plan=left.plan.plain, timer=replace(left.timer, name=UNNAMED))

    return made


def still_here(actor: Actor) -> Move:
    """Note that somebody is there; any move does, so this one does nothing else."""
    return lambda session, _: session.change_person(actor.user_id, _same)


def _same(person: Participant) -> Participant:
    return person


def _edited(session: Session, asked: ask.Edit) -> Plan:
    if asked.plan:
        return session.plan.then(session.at, asked.plan)
    lengths = {"focus": asked.focus, "short": asked.short, "long": asked.long}
    return session.plan.edited(session.at, rounds=asked.rounds, **lengths)


_MOVES: dict[type[Request], Callable[[Any, Session, Actor, datetime], Session]] = {
    ask.Stop: lambda _, old, who, now: old.stop(who, now),
    ask.Pause: lambda _, old, who, now: old.pause(who, now),
    ask.Resume: lambda _, old, who, now: old.resume(who, now),
    ask.Skip: lambda _, old, who, now: old.skip(who, now),
    ask.Extend: lambda asked, old, who, now: old.extend(who, asked.by, now),
    ask.Edit: lambda asked, old, who, now: old.edit(who, _edited(old, asked), now),
    ask.Host: lambda asked, old, who, _: old.hand_over(who, asked.user_id),
    ask.Join: lambda asked, old, who, now: old.join(who.user_id, now, asked.task),
    ask.Leave: lambda _, old, who, now: old.leave(who.user_id, now),
    ask.Rest: lambda _, old, who, now: old.rest(who.user_id, now),
    ask.Back: lambda _, old, who, now: old.back(who.user_id, now),
    ask.Task: lambda asked, old, who, _: old.change_person(who.user_id, lambda one: replace(one, task=asked.text)),
    ask.Notify: lambda asked, old, who, _: old.change_person(
        who.user_id, lambda one: replace(one, notify=Notify(asked.how))
    ),
}
