"""Presses: the buttons and the form of a session's card, however old it is."""

from collections.abc import Sequence

import discord
from discord.ext import commands

from bot.chat.components.form import Given
from bot.chat.components.given import exactly, unknown
from bot.chat.components.plain_view import plain
from bot.chat.focus import answer_text, cards, direct_text
from bot.chat.focus import form as forms
from bot.chat.focus.services import FocusServices
from bot.chat.runtime.request import InteractionRequest
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.speaking import must_write
from bot.domain.errors import TooLate
from bot.domain.focus import command as focus_command
from bot.domain.focus.command import Command
from bot.domain.focus.parser import FIVE_MINUTES
from bot.domain.focus.participant import PhaseOutcome, find
from bot.domain.focus.session import Session
from bot.domain.focus.transition import Transition, describe, still_here, toggle_rest, transition
from bot.domain.timers import name
from bot.domain.timers.lookup import must_be_here
from bot.domain.timers.timer import Actor
from bot.messages.catalogue import N_

# Presses about rounds that are over.
_AFTERWARDS = {"done", "partly", "not_yet", "was_here", "was_away"}
# Buttons that direct messages have too.
_DIRECTLY = {"was_here", "was_away", "move", "stop", "leave"}
_PRESSED: dict[str, Command] = {
    "leave": focus_command.FocusVerb.LEAVE,
    "pause": focus_command.FocusVerb.PAUSE,
    "resume": focus_command.FocusVerb.RESUME,
    "start": focus_command.FocusVerb.RESUME,
    "skip": focus_command.FocusVerb.SKIP,
    "extend": focus_command.ExtendPhase(FIVE_MINUTES),
    "stop": focus_command.FocusVerb.STOP,
}


class FocusPresses(commands.Cog):
    """Carries out presses. Each is answered once: the card is redrawn, or the presser gets an ephemeral note."""

    def __init__(self, services: FocusServices, runner: RequestRunner) -> None:
        self._services = services
        self._sessions = services.sessions
        self._runner = runner

    @commands.Cog.listener()
    async def on_focus_button(self, interaction: discord.Interaction, action: str, *numbers: int) -> None:
        """Serve a button under a session's card."""
        await self._runner.press(interaction, lambda request: self._press(request, action, numbers))

    @commands.Cog.listener()
    async def on_focus_form(
        self, interaction: discord.Interaction, action: str, given: Given, *numbers: int
    ) -> None:
        """Serve the task form."""
        del action
        await self._runner.press(interaction, lambda request: self._take_form(request, given, numbers))

    async def _press(self, request: InteractionRequest, action: str, numbers: Sequence[int]) -> None:
        """Carry out a button; it has the session's id, and its stage when it was shown. Raises ``UserError``."""
        timer_id, stage = exactly(2, numbers)
        actor = request.actor
        session = await self._sessions.by_id(timer_id)
        _must_be_asked_here(actor, session, action)
        if action not in _AFTERWARDS:
            await self._services.departures.at_press(timer_id)
        match action:
            case "done" | "partly" | "not_yet":
                await self._sessions.review(actor.user_id, timer_id, stage, PhaseOutcome(action))
                await request.acknowledge()
            case "was_here" | "was_away":
                was_there = action == "was_here"
                focused = await self._services.presence.confirm(actor.user_id, timer_id, was_there=was_there)
                await request.say(answer_text.confirmed(focused, was_there=was_there))
            case "move":  # the number is the channel's
                await self._services.elsewhere.check(actor, session, stage)
                session = await self._services.stranding.move(actor, timer_id, stage)
                await request.redraw(plain(direct_text.stranded(session, actor.user_id)))
            case "join":
                await self._join(request, session, stage)
            case "task":
                await self._ask_for_task(request, action, session)
            case "more":
                session = await self._sessions.by_id(
                    timer_id
                )  # without those who have left, who may have hosted it
                if session.is_over:
                    raise TooLate(N_("This session has ended."), "focus start")
                await request.tell(cards.menu(session, actor, answer_text.choices(session, actor)))
            case _:
                session = await self._sessions.change(timer_id, _pressed(action, actor), stage, by=actor.user_id)
                if _is_note(request):
                    answer = answer_text.done(_meant(action, session, actor), session, request.prefix)
                    await request.redraw(cards.menu(session, actor, answer))
                else:
                    await request.acknowledge()

    async def _join(self, request: InteractionRequest, session: Session, stage: int) -> None:
        """Let somebody in; somebody who is in already is offered to leave."""
        actor = request.actor
        if not session.is_over and find(session.present, actor.user_id):
            await request.tell(cards.already_in(session))
            return
        join = transition(focus_command.Join(None), actor)
        session = await self._sessions.change(session.timer.id, join, stage, by=actor.user_id)
        await self._ask_for_task(request, "join", session)

    async def _take_form(self, request: InteractionRequest, given: Given, numbers: Sequence[int]) -> None:
        """Save somebody's task and how to notify them; whoever has left meanwhile joins again."""
        timer_id, _ = exactly(2, numbers)
        task, notify = forms.read_task(given)
        must_be_here(request.actor, (await self._sessions.by_id(timer_id)).timer)
        if task:
            must_write(request, "focus join")
        await self._services.departures.at_press(timer_id)
        described = describe(request.actor, name.visible(task or "") or None, notify)
        await self._sessions.change(timer_id, described, by=request.actor.user_id)
        await request.acknowledge()

    async def _ask_for_task(self, request: InteractionRequest, action: str, session: Session) -> None:
        person = session.person(request.actor.user_id)
        if action == "join" and (person.task or not request.may_write):
            await request.acknowledge()
            return
        await request.ask(forms.of_task(action, session, person))


def _must_be_asked_here(actor: Actor, session: Session, action: str) -> None:
    """Raise ``UserError`` for a press from elsewhere; some buttons are shown in direct messages too."""
    if actor.guild_id is not None or action not in _DIRECTLY:
        must_be_here(actor, session.timer)


def _is_note(request: InteractionRequest) -> bool:
    """Return whether the pressed message is ephemeral, so that the answer replaces it."""
    message = request.interaction.message
    return message is not None and message.flags.ephemeral


def _pressed(action: str, actor: Actor) -> Transition:
    """Return the transition that a button stands for."""
    match action:
        case "me":
            return toggle_rest(actor)
        case "here":
            return still_here(actor)
        case _:
            if action not in _PRESSED:
                raise unknown()
            return transition(_PRESSED[action], actor)


def _meant(action: str, session: Session, actor: Actor) -> Command:
    """Return the command that a press amounted to, given the session that it led to."""
    person = find(session.present, actor.user_id)
    rest = focus_command.FocusVerb.REST if person and person.resting else focus_command.FocusVerb.BACK
    return _PRESSED.get(action, rest)
