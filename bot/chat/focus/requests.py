"""Focus: carries out commands on shared sessions, and answers them."""

from datetime import datetime
from typing import assert_never

from bot.chat.focus import answers, cards, voice
from bot.chat.focus.form import TaskForm
from bot.chat.runtime.request import InteractionRequest, Request
from bot.domain.errors import NoPlaceToSpeak, NotYours
from bot.domain.focus import command as focus_command
from bot.domain.focus.command import At, Command, In
from bot.domain.focus.parser import FIVE_MINUTES
from bot.domain.focus.participant import Notify, Outcome
from bot.domain.focus.plan import UNNAMED
from bot.domain.focus.session import Session
from bot.domain.focus.transition import Transition, describe, still_here, toggle_rest, transition
from bot.domain.time import when
from bot.domain.timers import name
from bot.domain.timers.timer import Actor
from bot.engine.clock import Clock
from bot.messages.catalogue import N_
from bot.service.preferences import Preferences
from bot.service.presets import Presets
from bot.service.rules import ServerRules
from bot.service.sessions import Sessions

_USUAL = "classic"
_PRESSED: dict[str, Command] = {
    "leave": focus_command.Verb.LEAVE,
    "pause": focus_command.Verb.PAUSE,
    "resume": focus_command.Verb.RESUME,
    "start": focus_command.Verb.RESUME,
    "skip": focus_command.Verb.SKIP,
    "extend": focus_command.Extend(FIVE_MINUTES),
    "stop": focus_command.Verb.STOP,
}


class Focus:
    """Carries out commands and presses; each is answered once."""

    def __init__(
        self, sessions: Sessions, presets: Presets, preferences: Preferences, rules: ServerRules, clock: Clock
    ) -> None:
        self._sessions = sessions
        self._rules = rules
        self._presets = presets
        self._preferences = preferences
        self._clock = clock

    async def do(self, request: Request, command: Command) -> None:
        """Carry out a command, typed or slash. Raises ``UserError``."""
        actor = request.actor
        match command:
            case focus_command.Start():
                await self._start(request, command)
            case focus_command.Verb.STATUS:
                await request.say(answers.status(await self._sessions.here(actor)))
            case focus_command.Verb.LIST:
                all_of_them = await self._sessions.in_guild(actor.guild_id) if actor.guild_id else []
                seen = [session for session in all_of_them if request.sees(session.timer.channel_id)]
                await request.say(answers.listing(seen))
            case focus_command.Verb.PRESETS:
                await request.say(answers.presets(await self._presets.known(actor)))
            case focus_command.SavePreset(called, plan, for_server):
                await self._presets.keep(actor, called, plan, for_server=for_server)
                await request.say(answers.kept(called, plan, request.prefix))
            case focus_command.ForgetPreset(called, for_server):
                await self._presets.forget(actor, called, for_server=for_server)
                await request.say(answers.forgotten(called))
            case (
                focus_command.Verb.STOP
                | focus_command.Verb.PAUSE
                | focus_command.Verb.RESUME
                | focus_command.Verb.SKIP
                | focus_command.Extend()
                | focus_command.Join()
                | focus_command.Verb.LEAVE
                | focus_command.Task()
                | focus_command.Verb.REST
                | focus_command.Verb.BACK
                | focus_command.Notify()
                | focus_command.Host()
                | focus_command.Edit()
            ):
                going = await self._sessions.here(actor)
                stage = (
                    going.stage if command == focus_command.Verb.SKIP else None
                )  # two who skip mean the same phase
                session = await self._sessions.change(going.timer.id, transition(command, actor), stage)
                await request.say(answers.done(command, session))
            case _:
                assert_never(command)

    async def press(self, request: InteractionRequest, action: str, timer_id: int, stage: int) -> None:
        """Carry out a button that was shown at this stage of the session. Raises ``UserError``."""
        actor = request.actor
        match action:
            case "done" | "partly" | "not_yet":
                await self._sessions.review(actor.user_id, timer_id, stage, Outcome(action))
                await request.say(answers.reviewed(Outcome(action)))
            case "join":
                session = await self._sessions.change(timer_id, transition(focus_command.Join(None), actor), stage)
                await self._ask_for_task(request, action, session)
            case "task":
                await self._ask_for_task(request, action, await self._sessions.by_id(timer_id))
            case _:
                await self._sessions.change(timer_id, _pressed(action, actor), stage)
                await request.acknowledge()

    async def take_form(self, request: InteractionRequest, timer_id: int, task: str | None, notify: Notify) -> None:
        """Save somebody's task and how to notify them; whoever has left meanwhile joins again."""
        await self._sessions.change(timer_id, describe(request.actor, name.visible(task or "") or None, notify))
        await request.acknowledge()

    async def _start(self, request: Request, command: focus_command.Start) -> None:
        if not request.can_post:
            raise NoPlaceToSpeak(
                N_("I may not write in this channel, so I cannot run a session here."), "focus start"
            )
        rules = await self._rules.of(request.actor.guild_id)
        if rules.starter_role and not (request.actor.can_manage or rules.starter_role in request.role_ids):
            raise NotYours(
                N_("Sessions are started by <@&{role_id}> here; you can join one."),
                "focus join",
                role_id=rules.starter_role,
            )
        plan, title = command.plan, command.plan_name or UNNAMED
        if plan is None and command.plan_name is None and rules.plan:
            plan = rules.plan
        elif plan is None:
            title = command.plan_name or _USUAL
            plan = await self._presets.find(request.actor, title)
        channel = voice.find(request.guild, command.voice) if command.voice else None
        session = await self._sessions.start(
            request.actor,
            title,
            plan,
            request.key,
            begins_at=await self._begins_at(request.actor, command.begin),
            auto=command.auto,
            warn=command.warn,
            voice_id=channel.id if channel else None,
            in_voice=voice.occupants(channel) if channel else (),
        )
        card_id = await request.show(cards.live(session))
        if card_id is not None:
            await self._sessions.set_card(session, card_id)

    async def _ask_for_task(self, request: InteractionRequest, action: str, session: Session) -> None:
        person = session.person(request.actor.user_id)
        if action == "join" and person.task:
            await request.acknowledge()
            return
        await request.ask(TaskForm(action, session.timer.id, session.stage, person.task, person.notify))

    async def _begins_at(self, actor: Actor, begin: In | At | None) -> datetime | None:
        now = self._clock.now()
        match begin:
            case None:
                return None
            case In(delay):
                return now + delay
            case At(time):
                zone = await self._preferences.zone(actor.user_id)
                return when.parse(f"at {time:%H:%M}", now, zone).moment


def _pressed(action: str, actor: Actor) -> Transition:
    """Return the transition that a button stands for."""
    match action:
        case "me":
            return toggle_rest(actor)
        case "here":
            return still_here(actor)
        case _:
            return transition(_PRESSED[action], actor)
