"""The request runner: serves every request, so that each is answered once, whatever happens."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace

import discord
import structlog
from discord.ext import commands

from bot.chat import text
from bot.chat.components.suggestions import Suggestions
from bot.chat.runtime.answer_request import AnswerRequest
from bot.chat.runtime.asking import ask
from bot.chat.runtime.closed_doors import ClosedDoors, NoWayToAnswer
from bot.chat.runtime.final_answers import PASSING
from bot.chat.runtime.gone_channels import GoneChannels
from bot.chat.runtime.message_request import MessageRequest
from bot.chat.runtime.misread import MisreadMessages
from bot.chat.runtime.pressed_line import PressedLine
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.user_rate_limiter import Flood, UserRateLimiter
from bot.domain.errors import NoPlaceToSpeak, UserError
from bot.domain.lease import LeaseLost
from bot.domain.question import Question
from bot.engine.circuit_breaker import Breaker
from bot.engine.invalid_requests import asker
from bot.messages.catalogue import N_
from bot.service.questions import Questions
from bot.service.rules import ServerRules
from bot.service.saving import has_saved

_log = structlog.get_logger(__name__)


class RequestRunner:
    """Serves requests until it is closed, and knows how many it is serving."""

    def __init__(
        self,
        user_limiter: UserRateLimiter,
        suggestions: UserRateLimiter,
        rules: ServerRules,
        doors: ClosedDoors,
        gone_channels: GoneChannels,
        breaker: Breaker,
        questions: Questions,
        misread: MisreadMessages,
    ) -> None:
        self._user_limiter = user_limiter
        self._suggestions = suggestions
        self._doors = doors
        self._gone_channels = gone_channels
        self._breaker = breaker
        self._rules = rules
        self._questions = questions
        self._misread = misread
        self._serving = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False
        # Requests still being served get no answer: the client is closed, or another process has taken over.
        self._broken_off = False

    def typed(self, context: commands.Context[commands.Bot] | PressedLine) -> Request:
        """Return the request of a typed command, or of a line that was picked from choices."""
        if isinstance(context, PressedLine):
            return context.request
        guild = context.guild
        if guild is None:
            self._doors.wrote(context.author.id)
        prefix = self._rules.prefix_at_hand(guild.id if guild else None)
        return MessageRequest(context.message, prefix, self._doors, self._gone_channels)

    async def suggest(
        self, interaction: discord.Interaction, choose: Callable[[], Awaitable[Suggestions]]
    ) -> Suggestions:
        """Return suggestions; none beyond the person's limit, without reading the database, or where that fails."""
        try:
            self._suggestions.enter(interaction.user.id)
            return await choose()
        except UserError:
            return []

    async def press(
        self,
        interaction: discord.Interaction,
        work: Callable[[InteractionRequest], Awaitable[None]],
        *,
        is_command: bool = False,
        listed: str = "pomodoro list",
    ) -> None:
        """Serve a button, a menu or a form, see ``serve``; its server's rules bind it only if it ``is_command``."""
        request = InteractionRequest(interaction)
        await self.serve(request, lambda: work(request), is_command=is_command, listed=listed)

    async def serve(
        self,
        request: Request,
        work: Callable[[], Awaitable[None]],
        *,
        is_command: bool = True,
        is_ruled: bool = True,
        listed: str = "pomodoro list",
    ) -> None:
        """Do the work; answer a ``UserError`` with its sentence, a failure of ours with the id of its log line.

        Work calls Discord only once it is done; if that call fails, the answer says so, with the command that
        ``listed`` names if anything was saved. A command obeys the rules of its server if it ``is_ruled``.
        """
        asked_by = request.actor.user_id, request.actor.guild_id
        if isinstance(request, InteractionRequest) and request.is_admitted:  # being served: this is its line
            request.listed = listed
            await self._go_by_rules(request, is_ruled=is_command and is_ruled)
            await work()
            return
        if self._closed or (isinstance(request, MessageRequest) and not self._may_answer(*asked_by)):
            return
        if not isinstance(request, MessageRequest):
            await self._serve(request, work, is_ruled=is_command and is_ruled, listed=listed)
            return
        with self._misread.reading(request.message.id) as edition:
            request.read_as(edition)
            await self._serve(request, work, is_ruled=is_command and is_ruled, listed=listed)

    async def _serve(
        self, request: Request, work: Callable[[], Awaitable[None]], *, is_ruled: bool, listed: str
    ) -> None:
        asker.set((request.actor.user_id, request.actor.guild_id))
        has_saved.set(False)
        self._serving += 1
        self._idle.clear()
        try:
            self._user_limiter.enter(request.actor.user_id)
            if isinstance(request, InteractionRequest):
                request.is_admitted = True
            await self._go_by_rules(request, is_ruled=is_ruled)
            await work()
        except UserError as refused:
            await self._refuse(request, refused)
        except LeaseLost:
            _log.warning("request_left_to_another")
        except Exception as error:  # noqa: BLE001 - logged with its id, and answered
            if self._broken_off:
                return
            incident = secrets.token_hex(3)
            if isinstance(error, (discord.HTTPException, NoWayToAnswer, *PASSING)):
                _log.warning("answer_failed", incident=incident, error=type(error).__name__)
                is_done = has_saved.get()
                listed = (isinstance(request, InteractionRequest) and request.listed) or listed
                sentence = text.unheard(incident, request.prefix, listed) if is_done else text.unanswered(incident)
                await self._tell(request, sentence)
            else:
                _log.exception("request_failed", incident=incident)
                await self._tell(request, text.failure(incident))
        finally:
            self._serving -= 1
            if not self._serving:
                self._idle.set()

    async def close(self, within: float) -> None:
        """Take no more requests, and wait at most ``within`` seconds for those being served."""
        self._closed = True
        try:
            async with asyncio.timeout(within):
                await self._idle.wait()
        except TimeoutError:
            self._broken_off = True
            _log.warning("requests_broken_off", requests=self._serving)

    def _may_answer(self, user_id: int, guild_id: int | None) -> bool:
        """Return whether the bot may answer a message; it serves no other.

        Discord does not count invalid answers to interactions, so those are always served.
        """
        return not (self._breaker.open_for() or self._breaker.invalid_requests.are_spent(user_id, guild_id))

    async def _go_by_rules(self, request: Request, *, is_ruled: bool) -> None:
        """Let keepers command what others started. Raises ``NoPlaceToSpeak`` where commands are not allowed."""
        rules = await self._rules.of(None if request.is_elsewhere else request.actor.guild_id)
        if rules.keeper_role in request.role_ids and rules.keeper_role:
            request.actor = replace(request.actor, can_manage=True)
        if is_ruled and rules.channels and not rules.channels.intersection(request.place_ids):
            raise NoPlaceToSpeak(
                N_("In this server I only work in {channels}."), channels=text.channels(rules.channels)
            )

    async def _refuse(self, request: Request, refused: UserError) -> None:
        """Ask what was meant, or say why nothing was done."""
        if not isinstance(request, MessageRequest):
            await self._tell(request, refused)
        elif not isinstance(refused, Flood):
            await self._tell(request, refused)
            message = request.message
            self._misread.add(message.id, message.content, request.edition, request.answer_id)

    async def _tell(self, request: Request, answer: str | UserError) -> None:
        if self._broken_off:
            return
        try:
            if isinstance(answer, Question) and answer.choices:
                await ask(self._questions, request, answer)
                return
            words = text.refusal(answer, request.prefix) if isinstance(answer, UserError) else answer
            await (request.refuse if isinstance(request, AnswerRequest) else request.say)(words)
        except NoWayToAnswer:
            _log.info("answer_impossible")
        except (discord.HTTPException, LeaseLost, *PASSING) as error:
            _log.warning("answer_failed", error=type(error).__name__)
