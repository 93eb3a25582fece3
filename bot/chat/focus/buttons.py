"""The buttons and the form of a session's card, however old it is."""

from bot.chat.components.button import plain
from bot.chat.components.form import FormValues
from bot.chat.components.validation import exactly, unknown
from bot.chat.focus import answer_text, cards, direct_text, form as forms
from bot.chat.runtime.request import InteractionRequest
from bot.chat.runtime.request_cog import RequestCog, pressed
from bot.chat.services import FocusServices
from bot.domain.errors import TooLate
from bot.domain.focus import command as focus_command
from bot.domain.focus.command import Command
from bot.domain.focus.parser import FIVE_MINUTES
from bot.domain.focus.participant import PhaseOutcome, find
from bot.domain.focus.session import Session
from bot.domain.focus.transition import Transition, describe, still_here, toggle_rest, transition
from bot.domain.timers.lookup import must_be_here
from bot.domain.timers.timer import Actor

# The stage of a session that has not begun.
_DOORS_OPEN = -1
# Buttons about rounds that are over.
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
_CHANGES = {*_PRESSED, "me", "here"}


class FocusButtons(RequestCog):
    """Carries out buttons. Each is answered once: the card is redrawn, or the presser gets an ephemeral note."""

    @property
    def _focus(self) -> FocusServices:
        return self._services.focus

    @pressed("focus_button")
    async def press(self, request: InteractionRequest, action: str, *numbers: int) -> None:
        """Carry out a button; it has the session's id, and its stage when it was shown. Raises ``UserError``."""
        timer_id, stage = exactly(2, numbers, least=_DOORS_OPEN)
        actor = request.actor
        if action not in _AFTERWARDS:
            await self._focus.departures.remove_departed(timer_id)
        if action == "join":
            await self._join(request, timer_id, stage)
            return
        if action in _CHANGES:
            await self._carry_out(request, timer_id, action, stage)
            return
        session = await self._focus.sessions.by_id(timer_id)
        _must_be_asked_here(actor, session, action)
        match action:
            case "done" | "partly" | "not_yet":
                await self._focus.sessions.review(actor.user_id, timer_id, stage, PhaseOutcome(action))
                await request.acknowledge()
            case "was_here" | "was_away":
                was_there = action == "was_here"
                focused = await self._focus.presence.confirm(actor.user_id, timer_id, was_there=was_there)
                await request.reply(answer_text.confirmed(focused, was_there=was_there))
            case "move":  # the number is the channel's
                await self._focus.destinations.check(actor, session, stage)
                session = await self._focus.stranding.move(actor, timer_id, stage)
                await request.redraw(plain(direct_text.stranded(session, actor.user_id)))
            case "task":
                await self._ask_for_task(request, action, session)
            case "more":
                session.must_be_live()
                await request.reply_with(cards.menu(session, actor, answer_text.choices(session, actor)))
            case _:
                raise unknown()

    async def _carry_out(self, request: InteractionRequest, timer_id: int, action: str, stage: int) -> None:
        actor = request.actor
        session = await self._change(actor, timer_id, action, _transition_of(action, actor), stage)
        message = request.interaction.message
        if message and message.flags.ephemeral:  # which the answer replaces
            answer = answer_text.done(_command_of(action, session, actor), session, request.prefix)
            await request.redraw(cards.menu(session, actor, answer))
        else:
            await request.acknowledge()

    async def _change(
        self, actor: Actor, timer_id: int, action: str, then: Transition, stage: int | None = None
    ) -> Session:
        """Change a session, which is read once: where the button was pressed is judged under its lock too."""

        def must_be_asked_here(session: Session) -> None:
            _must_be_asked_here(actor, session, action)

        return await self._focus.sessions.change(timer_id, then, stage, by=actor.user_id, check=must_be_asked_here)

    async def _join(self, request: InteractionRequest, timer_id: int, stage: int) -> None:
        """Add a person; one who has joined already gets a button to leave, also from an earlier card."""
        actor = request.actor
        try:
            session = await self._change(
                actor, timer_id, "join", transition(focus_command.Join(None), actor), stage
            )
        except TooLate:
            session = await self._focus.sessions.by_id(timer_id)
            if session.is_over or not find(session.present, actor.user_id):
                raise
            await request.reply_with(cards.already_in(session))
        else:
            await self._ask_for_task(request, "join", session)

    @pressed("focus_form")
    async def take_form(self, request: InteractionRequest, action: str, values: FormValues, *numbers: int) -> None:
        """Save a person's task and notification; if they have left meanwhile, they join again."""
        del action
        timer_id, _ = exactly(2, numbers, least=_DOORS_OPEN)
        task, notify = forms.read_task(values)
        if task:
            request.must_write("focus join")
        await self._focus.departures.remove_departed(timer_id)
        described = describe(request.actor, task, notify)
        await self._change(request.actor, timer_id, "task", described)
        await request.acknowledge()

    async def _ask_for_task(self, request: InteractionRequest, action: str, session: Session) -> None:
        person = session.person(request.actor.user_id)
        if action == "join" and (person.task or not request.may_write):
            await request.acknowledge()
            return
        await request.open_form(forms.of_task(action, session, person))


def _must_be_asked_here(actor: Actor, session: Session, action: str) -> None:
    """Raise ``UserError`` for a press from elsewhere; some buttons are shown in direct messages too."""
    if actor.guild_id is not None or action not in _DIRECTLY:
        must_be_here(actor, session.timer)


def _transition_of(action: str, actor: Actor) -> Transition:
    match action:
        case "me":
            return toggle_rest(actor)
        case "here":
            return still_here(actor)
        case _:
            return transition(_PRESSED[action], actor)


def _command_of(action: str, session: Session, actor: Actor) -> Command:
    person = find(session.present, actor.user_id)
    rest = focus_command.FocusVerb.REST if person and person.resting else focus_command.FocusVerb.BACK
    return _PRESSED.get(action, rest)
