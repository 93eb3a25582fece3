"""Focus: what people ask of shared sessions is done here, and shown to them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.chat import focus_answers as answers
from bot.chat import focus_cards as cards
from bot.chat import voice
from bot.chat.talk import Pressed, Talk
from bot.chat.views.task_modal import TaskModal
from bot.domain import focus_request as ask
from bot.domain.errors import NoPlaceToSpeak
from bot.domain.focus_request import FIVE_MINUTES, Request
from bot.domain.focus_request import At, In
from bot.domain.participant import Notify, Outcome
from bot.domain.plan import Plan
from bot.domain.session import Session
from bot.domain.timer import Actor
from bot.engine.clock import Clock
from bot.service.presets import Presets
from bot.service.sessions import Move, Sessions

_PRESSED: dict[str, Request] = {
    "leave": ask.Leave(),
    "pause": ask.Pause(),
    "resume": ask.Resume(),
    "start": ask.Resume(),
    "skip": ask.Skip(),
    "extend": ask.Extend(FIVE_MINUTES),
    "stop": ask.Stop(),
}


class Focus:
    """Does requests and presses; each is answered once."""

    def __init__(self, sessions: Sessions, presets: Presets, clock: Clock) -> None:
        self._sessions = sessions
        self._presets = presets
        self._clock = clock

    async def do(self, talk: Talk, asked: Request) -> None:
        """Do what was typed, or asked by a slash command. Raises ``Refusal``."""
        actor = talk.actor
        match asked:
            case ask.Start():
                await self._start(talk, asked)
            case ask.Status():
                await talk.say(answers.status(await self._sessions.here(actor)))
            case ask.ListAll():
                here = await self._sessions.in_guild(actor.guild_id) if actor.guild_id else []
                await talk.say(answers.listing(here))
            case ask.Presets():
                await talk.say(answers.presets(await self._presets.known(actor)))
            case ask.SavePreset(called, plan, for_server):
                await self._presets.keep(actor, called, plan, for_server=for_server)
                await talk.say(answers.kept(called, plan, talk.prefix))
            case ask.ForgetPreset(called, for_server):
                await self._presets.forget(actor, called, for_server=for_server)
                await talk.say(answers.forgotten(called))
            case ask.Help():
                await talk.say(answers.introduction(talk.prefix))
            case _:
                going = await self._sessions.here(actor)
                session = await self._sessions.change(going.timer.id, self._move(asked, actor))
                await talk.say(answers.done(asked, session))

    async def press(self, talk: Pressed, action: str, timer_id: int, stage: int) -> None:
        """Do what a button says that was shown at a stage of a session. Raises ``Refusal``."""
        actor = talk.actor
        match action:
            case "done" | "partly" | "not_yet":
                await self._sessions.review(actor.user_id, timer_id, stage, Outcome(action))
                await talk.say(answers.reviewed(Outcome(action)))
            case "join":
                session = await self._sessions.change(timer_id, self._move(ask.Join(None), actor), stage)
                await self._ask_for_task(talk, action, session)
            case "task":
                await self._ask_for_task(talk, action, await self._sessions.by_id(timer_id))
            case _:
                await self._sessions.change(timer_id, self._pressed(action, actor), stage)
                await talk.acknowledge()

    async def take_form(self, talk: Pressed, timer_id: int, task: str | None, notify: Notify) -> None:
        """Note what somebody will do, and how to tell them; whoever has left meanwhile comes in again."""

        def move(session: Session, now: datetime) -> Session:
            user_id = talk.actor.user_id
            if all(one.user_id != user_id for one in session.present):
                session = session.join(user_id, now)
            return session.change_person(user_id, lambda one: replace(one, task=task, notify=notify))

        await self._sessions.change(timer_id, move)
        await talk.acknowledge()

    async def _start(self, talk: Talk, asked: ask.Start) -> None:
        if not talk.can_post:
            raise NoPlaceToSpeak("I may not write in this channel, so I cannot run a session here.", "focus start")
        plan = asked.plan or await self._presets.find(talk.actor, asked.plan_name or "classic")
        channel = voice.find(talk.guild, asked.voice) if asked.voice else None
        session = await self._sessions.start(
            talk.actor,
            asked.plan_name or "focus",
            plan,
            talk.request,
            begins_at=self._begins_at(asked.begin),
            auto=asked.auto,
            warn=asked.warn,
            voice_id=channel.id if channel else None,
            in_voice=voice.occupants(channel) if channel else (),
        )
        card_id = await talk.show(cards.live(session))
        if card_id is not None:
            await self._sessions.set_card(session, card_id)

    async def _ask_for_task(self, talk: Pressed, action: str, session: Session) -> None:
        person = session.person(talk.actor.user_id)
        if action == "join" and person.task:
            await talk.acknowledge()
            return
        await talk.ask(TaskModal(action, session.timer.id, session.stage, person.task, person.notify))

    def _begins_at(self, begin: In | At | None) -> datetime | None:
        now = self._clock.now()
        match begin:
            case None:
                return None
            case In(delay):
                return now + delay
            case At(time):
                today = datetime.combine(now.date(), time, UTC)
                return today if today > now else today + timedelta(days=1)

    def _pressed(self, action: str, actor: Actor) -> Move:
        match action:
            case "me":
                return lambda old, now: (
                    old.back(actor.user_id, now) if old.person(actor.user_id).resting else old.rest(actor.user_id, now)
                )
            case "here":
                return lambda old, _: old.change_person(actor.user_id, lambda one: one)
            case _:
                return self._move(_PRESSED[action], actor)

    def _move(self, asked: Request, actor: Actor) -> Move:
        """Say what a request makes of a session."""
        who = actor.user_id
        match asked:
            case ask.Stop():
                return lambda old, now: old.stop(actor, now)
            case ask.Pause():
                return lambda old, now: old.pause(actor, now)
            case ask.Resume():
                return lambda old, now: old.resume(actor, now)
            case ask.Skip():
                return lambda old, now: old.skip(actor, now)
            case ask.Extend(by):
                return lambda old, now: old.extend(actor, by, now)
            case ask.Join(task):
                return lambda old, now: old.join(who, now, task)
            case ask.Leave():
                return lambda old, now: old.leave(who, now)
            case ask.Rest():
                return lambda old, now: old.rest(who, now)
            case ask.Back():
                return lambda old, now: old.back(who, now)
            case ask.Task(text):
                return lambda old, _: old.change_person(who, lambda one: replace(one, task=text))
            case ask.Notify(how):
                return lambda old, _: old.change_person(who, lambda one: replace(one, notify=Notify(how)))
            case ask.Host(user_id):
                return lambda old, _: old.hand_over(actor, user_id)
            case ask.Edit():
                return lambda old, now: old.edit(actor, _edited(old, asked), now)
            case _:
                raise AssertionError(asked)


def _edited(session: Session, asked: ask.Edit) -> Plan:
    if asked.plan:
        return session.plan.then(session.at, asked.plan)
    return session.plan.edited(
        session.at, focus=asked.focus, short=asked.short, long=asked.long, rounds=asked.rounds
    )
