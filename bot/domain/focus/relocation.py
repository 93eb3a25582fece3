"""Relocation: a session may lose its channel, and move to another."""

from dataclasses import replace

from bot.domain.errors import NotYours, TooLate
from bot.domain.focus.session import Session
from bot.domain.timers.timer import Actor
from bot.messages.catalogue import N_


def strand(session: Session) -> Session:
    """Mark it as stranded: the bot can't post in its channel any more. It ends with the phase, unless it moves."""
    return session if session.is_over else replace(session, stranded=True)


def move(session: Session, actor: Actor, channel_id: int) -> Session:
    """Go on in another channel, where it gets a new card. Raises ``TooLate``, or ``NotYours`` but for the host."""
    if session.is_over:
        raise TooLate(N_("This session has ended."), "focus start")
    if actor.user_id != session.timer.owner_id:
        raise NotYours(N_("Only the host can move the session to another channel."), "focus leave")
    if not session.stranded:
        raise TooLate(N_("The session carries on in <#{channel_id}>."), channel_id=session.timer.channel_id)
    timer = replace(session.timer, channel_id=channel_id, card_id=None)
    return replace(session, timer=timer, stranded=False)
