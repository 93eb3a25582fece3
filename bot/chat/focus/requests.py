"""Focus: carries out commands on shared sessions, and answers them."""

import asyncio
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.focus import answer_text, cards, form, left_out, voice_channels
from bot.chat.focus.seats import seated
from bot.chat.focus.services import FocusServices
from bot.chat.runtime.posts import is_gone
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.speaking import must_write
from bot.chat.runtime.topics import topics
from bot.domain.errors import NoPlaceToSpeak, NotYours, UnknownSession
from bot.domain.focus import begin, preset, rounds
from bot.domain.focus import command as focus_command
from bot.domain.focus.command import At, Command
from bot.domain.focus.plan import UNNAMED, Plan
from bot.domain.focus.session import Session
from bot.domain.focus.start_line import line
from bot.domain.focus.transition import meant, transition
from bot.domain.question import Choice, Question
from bot.domain.time import time_of_day
from bot.domain.time.zone import UTC
from bot.domain.timers.timer import Actor
from bot.engine.clock import Clock
from bot.messages.catalogue import N_
from bot.service.preferences import Preferences
from bot.service.presets import Presets
from bot.service.rules import ServerRules

_USUAL = "classic"


class FocusRequests:
    """Carries out commands; each is answered once."""

    def __init__(
        self, services: FocusServices, presets: Presets, preferences: Preferences, rules: ServerRules, clock: Clock
    ) -> None:
        self._sessions = services.sessions
        self._services = services
        self._rules = rules
        self._presets = presets
        self._preferences = preferences
        self._clock = clock

    async def do(self, request: Request, command: Command) -> None:
        """Carry out a command, typed or slash. Raises ``UserError``."""
        actor = request.actor
        match command:
            case focus_command.StartSession():
                await self._start(request, command)
            case focus_command.FocusVerb.STATUS:
                await self._status(request)
            case focus_command.FocusVerb.LIST:
                await self._list(request)
            case focus_command.FocusVerb.PRESETS:
                await request.say(answer_text.presets(await self._presets.known(actor)))
            case focus_command.SavePreset(called, plan, for_server):
                await self._presets.keep(actor, called, plan, for_server=for_server)
                await request.say(answer_text.kept(called, plan, request.prefix))
            case focus_command.VoiceAuto(is_on):
                await self._set_voice_auto(request, is_on=is_on)
            case focus_command.ForgetPreset("", for_server):
                raise left_out.preset(await self._presets.known(actor), for_server=for_server)
            case focus_command.ForgetPreset(called, for_server):
                await self._presets.forget(actor, called, for_server=for_server)
                await request.say(answer_text.forgotten(called))
            case _:
                await self._change(request, command)

    async def _start(self, request: Request, command: focus_command.StartSession) -> None:
        must_write(request, "focus join")
        if not request.can_post:
            raise NoPlaceToSpeak(N_("I can't post in this channel, so I can't run a session here."), "focus start")
        rules = await self._rules.of(request.actor.guild_id)
        if rules.starter_role and not (request.actor.can_manage or rules.starter_role in request.role_ids):
            raise NotYours(
                N_("Only <@&{role_id}> can start sessions here, but you can join one."),
                "focus join",
                role_id=rules.starter_role,
            )
        own_zone = (await self._preferences.of(request.actor.user_id)).zone
        if own_zone is None and (command.until or isinstance(command.begin, At)):
            raise begin.by_utc(command, self._clock.now())
        begins_at = begin.moment(command, self._clock.now(), own_zone or UTC)
        title, plan = await self._plan(request.actor, command, rules.plan, begins_at, own_zone or UTC)
        channel = voice_channels.find(request, command)
        session = await self._sessions.start(
            request.actor,
            title,
            plan,
            request.key,
            begins_at=begins_at,
            auto=command.auto,
            warn=command.warn,
            voice_id=channel.id if channel else None,
            task=command.task,
        )
        if channel:
            await self._services.voice.sync({channel.id: voice_channels.occupants(channel)})
            session = await self._sessions.by_id(session.timer.id)
        card_id = await request.show(cards.live(session, seated=seated(self._services.client, session)))
        if card_id is not None:
            await self._sessions.set_card(session, card_id)

    async def _change(self, request: Request, command: Command) -> None:
        """Change the session of the channel."""
        actor = request.actor
        # These words go on the session's card, where everybody reads them.
        has_words = isinstance(command, focus_command.Join) and command.task
        if has_words or isinstance(command, focus_command.Task | focus_command.EditSession):
            must_write(request, "focus join")
        going = await self._here(actor, command)
        await self._services.departures.at_press(going.timer.id)
        stage = going.stage if command == focus_command.FocusVerb.SKIP else None  # two who skip mean the same phase
        command = meant(command, going, actor)
        if isinstance(command, focus_command.Host) and command.user_id is None:
            raise left_out.host(going)
        if command == focus_command.Task(""):
            if not isinstance(request, InteractionRequest):
                raise left_out.task()
            await request.ask(form.of_task("task", going, going.person(actor.user_id)))
            return
        session = await self._sessions.change(going.timer.id, transition(command, actor), stage, by=actor.user_id)
        # A typed command is answered by the new card; an interaction needs an answer of its own.
        if session.stage == going.stage or isinstance(request, InteractionRequest):
            await request.say(answer_text.done(command, session, request.prefix))

    async def _here(self, actor: Actor, command: Command) -> Session:
        """Return the session of the channel. Raises ``Question`` where there is none: it may be started."""
        try:
            return await self._sessions.here(actor)
        except UnknownSession as refused:
            match command:
                case focus_command.Join(task) | focus_command.Task(task):
                    wanted = focus_command.StartSession(None, None, task=task)
                case _:
                    wanted = focus_command.StartSession(None, None)
            raise Question(refused.template, Choice(N_("Start a session"), line(wanted))) from None

    async def _list(self, request: Request) -> None:
        guild_id = request.actor.guild_id
        all_of_them = await self._sessions.in_guild(guild_id) if guild_id else []
        seen = [session for session in all_of_them if request.sees(session.timer.channel_id)]
        await request.say(answer_text.listing(await asyncio.gather(*map(self._with_card, seen))))

    async def _set_voice_auto(self, request: Request, *, is_on: bool) -> None:
        user_id = request.actor.user_id
        await self._preferences.set(user_id, voice_auto=is_on)
        if is_on and (channel_id := voice_channels.seat(request)):
            await self._services.voice.moved(user_id, None, channel_id)
        await request.say(answer_text.voice_auto(is_on=is_on))

    async def _status(self, request: Request) -> None:
        """Say how a session stands; where its card was deleted, post it again."""
        session = await self._with_card(await self._here(request.actor, focus_command.FocusVerb.STATUS))
        in_voice = seated(self._services.client, session)
        if session.timer.card_id or not (request.can_post and request.may_write):
            await request.say(answer_text.status(session, in_voice))
            return
        _, efforts = await self._sessions.look(session.timer.id)
        questions = await self._services.presence.open_questions(session.timer.id)
        card_id = await request.show(cards.newest(session, efforts, unconfirmed=questions, seated=in_voice))
        if card_id is not None:
            await self._sessions.set_card(session, card_id)

    async def _with_card(self, session: Session) -> Session:
        """Return a session as it is, without its card where that was deleted."""
        timer = session.timer
        if timer.card_id is None or not await is_gone(self._services.client, timer.channel_id, timer.card_id):
            return session
        await self._sessions.lose_card(timer.channel_id, [timer.card_id])
        return replace(session, timer=replace(timer, card_id=None))

    async def _plan(
        self,
        actor: Actor,
        command: focus_command.StartSession,
        usual: Plan | None,
        begins_at: datetime | None,
        zone: ZoneInfo,
    ) -> tuple[str, Plan]:
        """Return the title and plan of a session. Raises ``Question`` where no plan has that name."""
        if command.plan:
            return UNNAMED, command.plan
        if command.until:
            start = begins_at or self._clock.now()
            return UNNAMED, rounds.filling(time_of_day.until(command.until, start, zone))
        if command.plan_name is None and usual:
            return UNNAMED, usual
        title = command.plan_name or _USUAL
        known = await self._presets.known(actor)
        plan = known.find(title)
        if plan is None:
            raise preset.unknown(command, known.names, topics()["focus"])
        return title, plan
