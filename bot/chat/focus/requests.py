"""Focus: carries out commands on shared sessions, and answers them."""

import asyncio
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from discord import ui

from bot.chat.focus import answer_text, cards, form, voice_channels
from bot.chat.focus.text import mentions
from bot.chat.focus.voice_channels import seated
from bot.chat.runtime.deleted import is_deleted
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.topics import topics
from bot.chat.services import Services
from bot.chat.text import Markup, escape
from bot.domain.errors import NotYours, UnknownSession, UserError
from bot.domain.focus import begin, command as focus_command, preset, rounds
from bot.domain.focus.command import At, Command
from bot.domain.focus.plan import UNNAMED, Plan
from bot.domain.focus.session import Session
from bot.domain.focus.transition import meant, transition
from bot.domain.question import MOST_CHOICES, Choice, Question
from bot.domain.time.zone import UTC
from bot.domain.timers.timer import Actor
from bot.messages.catalogue import N_, gettext
from bot.service.presets import KnownPlans

_USUAL = "classic"
# How many cards of a list are looked for, each by a request; there is no link to the others.
_LOOKED_FOR = 10


class FocusRequests:
    """Carries out commands; each is answered once."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._focus = services.focus
        self._sessions = services.focus.sessions

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
                await request.reply(answer_text.presets(await self._services.presets.known(actor)))
            case focus_command.SavePreset(called, plan, for_server):
                await self._services.presets.save(actor, called, plan, for_server=for_server)
                await request.reply(answer_text.kept(called, plan, request.prefix))
            case focus_command.VoiceAuto(is_on):
                await self._set_voice_auto(request, is_on=is_on)
            case focus_command.ForgetPreset("", for_server):
                raise _which_preset(await self._services.presets.known(actor), for_server=for_server)
            case focus_command.ForgetPreset(called, for_server):
                await self._services.presets.forget(actor, called, for_server=for_server)
                await request.reply(gettext("Deleted the plan {name}.", name=escape(called)))
            case _:
                await self._change(request, command)

    async def _start(self, request: Request, command: focus_command.StartSession) -> None:
        request.must_write("focus join")
        if not request.can_post:
            raise UserError(N_("I can't post in this channel, so I can't run a session here."), "focus start")
        rules = await self._services.rules.of(request.actor.guild_id)
        if rules.starter_role and not (request.actor.can_manage or rules.starter_role in request.role_ids):
            raise NotYours(
                N_("Only <@&{role_id}> can start sessions here, but you can join one."),
                "focus join",
                role_id=rules.starter_role,
            )
        own_zone = (await self._services.preferences.of(request.actor.user_id)).zone
        if own_zone is None and (command.until or isinstance(command.begin, At)):
            raise begin.by_utc(command, self._services.clock.now())
        begins_at = begin.moment(command, self._services.clock.now(), own_zone or UTC)
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
            await self._focus.voice.sync({channel.id: voice_channels.occupants(channel)})
            session = await self._sessions.by_id(session.timer.id)
        await self._show(request, session, cards.live(session, seated=seated(self._focus.client, session)))

    async def _change(self, request: Request, command: Command) -> None:
        actor = request.actor
        # The text appears on the session's card, for everybody to read.
        has_words = isinstance(command, focus_command.Join) and command.task
        if has_words or isinstance(command, focus_command.Task | focus_command.EditSession):
            request.must_write("focus join")
        going = await self._here(actor, command)
        await self._focus.departures.remove_departed(going.timer.id)
        stage = going.stage if command == focus_command.FocusVerb.SKIP else None  # two who skip mean the same phase
        command = meant(command, going, actor)
        if isinstance(command, focus_command.Host) and command.user_id is None:
            raise _which_host(going)
        if command == focus_command.Task(""):
            if not isinstance(request, InteractionRequest):
                raise Question(N_("What are you working on?"), Choice(N_("My task"), "focus task", alone=True))
            await request.open_form(form.of_task("task", going, going.person(actor.user_id)))
            return
        session = await self._sessions.change(going.timer.id, transition(command, actor), stage, by=actor.user_id)
        # A typed command is answered by the new card; an interaction needs an answer of its own.
        if session.stage == going.stage or isinstance(request, InteractionRequest):
            await request.reply(answer_text.done(command, session, request.prefix))

    async def _here(self, actor: Actor, command: Command) -> Session:
        """Return the session of the channel. Raises ``Question`` if there is none: it may be started."""
        try:
            return await self._sessions.here(actor)
        except UnknownSession as refused:
            match command:
                case focus_command.Join(task) | focus_command.Task(task):
                    wanted = focus_command.StartSession(None, None, task=task)
                case _:
                    wanted = focus_command.StartSession(None, None)
            raise Question(refused.template, Choice(N_("Start a session"), wanted.line)) from None

    async def _list(self, request: Request) -> None:
        guild_id = request.actor.guild_id
        sessions = await self._sessions.in_guild(guild_id) if guild_id else []
        seen = [session for session in sessions if request.may_mention_channel(session.timer.channel_id)]
        looked_for = await asyncio.gather(*map(self._with_card, seen[:_LOOKED_FOR]))
        await request.reply(answer_text.listing([*looked_for, *map(_without_card, seen[_LOOKED_FOR:])]))

    async def _set_voice_auto(self, request: Request, *, is_on: bool) -> None:
        user_id = request.actor.user_id
        await self._services.preferences.set(user_id, voice_auto=is_on)
        if is_on and (channel_id := voice_channels.seat(request)):
            await self._focus.voice.moved(user_id, None, channel_id)
        await request.reply(answer_text.voice_auto(is_on=is_on))

    async def _status(self, request: Request) -> None:
        """Say how a session stands; where its card was deleted, post it again."""
        session = await self._with_card(await self._here(request.actor, focus_command.FocusVerb.STATUS))
        in_voice = seated(self._focus.client, session)
        if session.timer.card_id or not (request.can_post and request.may_write):
            await request.reply(answer_text.status(session, in_voice))
            return
        _, efforts = await self._sessions.look(session.timer.id)
        questions = await self._focus.presence.open_questions(session.timer.id)
        card = cards.newest(session, efforts, unconfirmed=questions, seated=in_voice)
        await self._show(request, session, card)

    async def _show(self, request: Request, session: Session, card: ui.LayoutView) -> None:
        card_id = await request.post(card)
        if card_id is not None:
            await self._sessions.set_card(session, card_id)

    async def _with_card(self, session: Session) -> Session:
        """Return a session as it is, without its card where that was deleted."""
        timer = session.timer
        if timer.card_id is None or not await is_deleted(self._focus.client, timer.channel_id, timer.card_id):
            return session
        await self._sessions.forget_card(timer.channel_id, [timer.card_id])
        return _without_card(session)

    async def _plan(
        self,
        actor: Actor,
        command: focus_command.StartSession,
        usual: Plan | None,
        begins_at: datetime | None,
        zone: ZoneInfo,
    ) -> tuple[str, Plan]:
        """Return the title and plan of a session. Raises ``Question`` if no plan has that name."""
        if command.plan:
            return UNNAMED, command.plan
        if command.until:
            return UNNAMED, rounds.until(command, begins_at or self._services.clock.now(), zone)
        if command.plan_name is None and usual:
            return UNNAMED, usual
        title = command.plan_name or _USUAL
        known = await self._services.presets.known(actor)
        plan = known.find(title)
        if plan is None:
            raise preset.unknown(command, known.names, topics()["focus"])
        return title, plan


def _without_card(session: Session) -> Session:
    return replace(session, timer=replace(session.timer, card_id=None))


def _which_host(session: Session) -> UserError:
    """Ask who is to be the host; a button has no room for a mention, so people are numbered."""
    others = [person.user_id for person in session.present if person.user_id != session.timer.owner_id][
        :MOST_CHOICES
    ]
    if not others:
        return UnknownSession(N_("They'd have to join first: the host has to be in the session."), "focus join")
    lines = (
        Choice(N_("Number {number}"), f"focus host <@{user_id}>", {"number": number})
        for number, user_id in enumerate(others, 1)
    )
    return Question(
        N_("Who should be the host? The buttons are in this order: {people}"),
        *lines,
        people=Markup(mentions(others)),
    )


def _which_preset(known: KnownPlans, *, for_server: bool) -> UserError:
    names = known.of_server if for_server else known.own
    end = " server" if for_server else ""
    if not names:
        return UserError(N_("There are no saved plans."), "focus presets")
    return Question(
        N_("Which one?"), *(Choice(N_("{name}"), f"focus forget {saved}{end}", {"name": saved}) for saved in names)
    )
