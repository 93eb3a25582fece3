"""Focus: what people ask of shared sessions is done here, and shown to them."""

from datetime import datetime

from bot.chat import focus_answers as answers
from bot.chat import focus_cards as cards
from bot.chat import voice
from bot.chat.talk import Pressed, Talk
from bot.chat.views.task_form import TaskForm
from bot.domain import focus_request as ask
from bot.domain import name, when
from bot.domain.errors import NoPlaceToSpeak, NotYours
from bot.domain.focus_request import At, In, Request
from bot.domain.focus_words import FIVE_MINUTES
from bot.domain.move import Move, describe, move, still_here, toggle_rest
from bot.domain.participant import Notify, Outcome
from bot.domain.plan import UNNAMED
from bot.domain.session import Session
from bot.domain.timer import Actor
from bot.engine.clock import Clock
from bot.service.preferences import Preferences
from bot.service.presets import Presets
from bot.service.rules import ServerRules
from bot.service.sessions import Sessions

_USUAL = "classic"
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

    def __init__(
        self, sessions: Sessions, presets: Presets, preferences: Preferences, rules: ServerRules, clock: Clock
    ) -> None:
        self._sessions = sessions
        self._rules = rules
        self._presets = presets
        self._preferences = preferences
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
                all_of_them = await self._sessions.in_guild(actor.guild_id) if actor.guild_id else []
                seen = [one for one in all_of_them if talk.sees(one.timer.channel_id)]
                await talk.say(answers.listing(seen))
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
                stage = going.stage if asked == ask.Skip() else None  # two who skip mean the same phase
                session = await self._sessions.change(going.timer.id, move(asked, actor), stage)
                await talk.say(answers.done(asked, session))

    async def press(self, talk: Pressed, action: str, timer_id: int, stage: int) -> None:
        """Do what a button says that was shown at a stage of a session. Raises ``Refusal``."""
        actor = talk.actor
        match action:
            case "done" | "partly" | "not_yet":
                await self._sessions.review(actor.user_id, timer_id, stage, Outcome(action))
                await talk.say(answers.reviewed(Outcome(action)))
            case "join":
                session = await self._sessions.change(timer_id, move(ask.Join(None), actor), stage)
                await self._ask_for_task(talk, action, session)
            case "task":
                await self._ask_for_task(talk, action, await self._sessions.by_id(timer_id))
            case _:
                await self._sessions.change(timer_id, _pressed(action, actor), stage)
                await talk.acknowledge()

    async def take_form(self, talk: Pressed, timer_id: int, task: str | None, notify: Notify) -> None:
        """Note what somebody will do, and how to tell them; whoever has left meanwhile comes in again."""
        await self._sessions.change(timer_id, describe(talk.actor, name.visible(task or "") or None, notify))
        await talk.acknowledge()

    async def _start(self, talk: Talk, asked: ask.Start) -> None:
        if not talk.can_post:
            raise NoPlaceToSpeak("I may not write in this channel, so I cannot run a session here.", "focus start")
        rules = await self._rules.of(talk.actor.guild_id)
        if rules.starter_role and not (talk.actor.moderator or rules.starter_role in talk.role_ids):
            raise NotYours(
                f"Sessions are started by <@&{rules.starter_role}> here; you can join one.", "focus join"
            )
        plan, title = asked.plan, asked.plan_name or UNNAMED
        if plan is None and asked.plan_name is None and rules.plan:
            plan = rules.plan
        elif plan is None:
            title = asked.plan_name or _USUAL
            plan = await self._presets.find(talk.actor, title)
        channel = voice.find(talk.guild, asked.voice) if asked.voice else None
        session = await self._sessions.start(
            talk.actor,
            title,
            plan,
            talk.request,
            begins_at=await self._begins_at(talk.actor, asked.begin),
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
        await talk.ask(TaskForm(action, session.timer.id, session.stage, person.task, person.notify))

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


def _pressed(action: str, actor: Actor) -> Move:
    """Give the move that a button stands for."""
    match action:
        case "me":
            return toggle_rest(actor)
        case "here":
            return still_here(actor)
        case _:
            return move(_PRESSED[action], actor)
