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
from bot.chat.runtime.ask import ask
from bot.chat.runtime.command_line import CommandLine
from bot.chat.runtime.final_answers import PASSING
from bot.chat.runtime.message_request import MessageRequest, NoWayToAnswer
from bot.chat.runtime.misread import MisreadMessages, keys_of
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.user_rate_limiter import PER_COMMAND, Flood, UserRateLimiter
from bot.chat.services import Services
from bot.domain.errors import UserError
from bot.domain.lease import LeaseLost
from bot.domain.question import Question
from bot.engine.circuit_breaker import Breaker, asker
from bot.engine.sliding_window import SlidingWindows
from bot.messages.catalogue import N_, gettext
from bot.service.saving import has_saved

_log = structlog.get_logger(__name__)


class RequestRunner:
    """Serves requests until it is closed, and knows how many it is serving."""

    def __init__(self, services: Services, breaker: Breaker, commands_per_10s: int) -> None:
        self._services = services
        self._breaker = breaker
        clock = services.clock
        self._user_limiter = UserRateLimiter(clock, commands_per_10s)
        self._suggestions = UserRateLimiter(clock, commands_per_10s * PER_COMMAND)
        # People who refused a direct message get no other for ten minutes, unless they write one themselves.
        self._refusals = SlidingWindows(clock, 600.0, 1)
        self.misread = MisreadMessages(clock)
        self._serving = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False
        # Requests still being served get no answer: the client is closed, or another process has taken over.
        self._is_aborted = False

    def typed(self, context: commands.Context[commands.Bot] | CommandLine) -> Request:
        """Return the request of a typed command, or of a line that was picked from choices."""
        return context.request if isinstance(context, CommandLine) else self.written(context.message)

    def written(self, message: discord.Message) -> MessageRequest:
        """Return the request of a typed message."""
        guild = message.guild
        if guild is None:
            self._refusals.forget(message.author.id)
        prefix = self._services.rules.prefix_at_hand(guild.id if guild else None)
        return MessageRequest(message, prefix, self._refusals, self._services.client.deleted_channels)

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
        obeys_rules: bool = False,
        list_command: str = "pomodoro list",
    ) -> None:
        """Serve a button, a menu or a form, see ``serve``."""
        request = InteractionRequest(interaction)
        await self.serve(request, lambda: work(request), obeys_rules=obeys_rules, list_command=list_command)

    async def serve(
        self,
        request: Request,
        work: Callable[[], Awaitable[None]],
        *,
        obeys_rules: bool = True,
        list_command: str = "pomodoro list",
    ) -> None:
        """Do the work; answer a ``UserError`` with its sentence, a failure of ours with the id of its log line.

        Work calls Discord only once it is done; if that call fails, the answer says so, with the ``list_command``
        if anything was saved. Work that ``obeys_rules`` is refused where the server's rules do not allow it.
        """
        asked_by = request.actor.user_id, request.actor.guild_id
        request.list_command = list_command
        # Admitted already, as a button: this is the command line that it stands for.
        if request.is_admitted:
            await self._apply_rules(request, obeys_rules=obeys_rules)
            await work()
            return
        # Discord does not count invalid answers to interactions: those are always served.
        is_blocked = self._breaker.open_for() or self._breaker.invalid_requests.are_spent(*asked_by)
        if self._closed or (is_blocked and isinstance(request, MessageRequest)):
            return
        if not isinstance(request, MessageRequest):
            await self._serve(request, work, obeys_rules=obeys_rules)
            return
        with self.misread.reading(request.message.id) as edition:
            request.read_as(edition)
            await self._serve(request, lambda: self._read(request, work), obeys_rules=obeys_rules)

    async def _read(self, request: MessageRequest, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work of a message; what was asked about an earlier edition needs no answer any more."""
        if request.edition.number:
            await self._services.questions.withdraw(keys_of(request.message.id))
        await work()

    async def _serve(self, request: Request, work: Callable[[], Awaitable[None]], *, obeys_rules: bool) -> None:
        asker.set((request.actor.user_id, request.actor.guild_id))
        has_saved.set(False)
        self._serving += 1
        self._idle.clear()
        try:
            self._user_limiter.enter(request.actor.user_id)
            request.is_admitted = True
            await self._apply_rules(request, obeys_rules=obeys_rules)
            await work()
        except UserError as refused:
            await self._refuse(request, refused)
        except LeaseLost:
            _log.warning("request_left_to_another")
        except Exception as error:  # noqa: BLE001 - logged with its id, and answered
            if self._is_aborted:
                return
            incident = secrets.token_hex(3)
            if isinstance(error, (discord.HTTPException, NoWayToAnswer, *PASSING)):
                _log.warning("answer_failed", incident=incident, error=type(error).__name__)
                words = gettext("My answer got lost (`{incident}`). Please ask again.", incident=incident)
                if has_saved.get():
                    words = text.answer_lost(incident, request.prefix, request.list_command)
                await self._answer(request, words)
            else:
                _log.exception("request_failed", incident=incident)
                await self._answer(request, text.failure(incident))
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
            self._is_aborted = True
            _log.warning("requests_broken_off", requests=self._serving)

    async def _apply_rules(self, request: Request, *, obeys_rules: bool) -> None:
        """Let keepers manage what others started. Raises ``UserError`` if commands are not allowed."""
        rules = await self._services.rules.of(None if request.is_user_install else request.actor.guild_id)
        if rules.keeper_role in request.role_ids and rules.keeper_role:
            request.actor = replace(request.actor, can_manage=True)
        if obeys_rules and rules.channels and not rules.channels.intersection(request.place_ids):
            raise UserError(N_("In this server I only work in {channels}."), channels=text.channels(rules.channels))

    async def _refuse(self, request: Request, refused: UserError) -> None:
        """Ask what was meant, or say why nothing was done."""
        if not isinstance(request, MessageRequest):
            await self._answer(request, refused)
        elif not isinstance(refused, Flood):
            await self._answer(request, refused)
            message = request.message
            self.misread.add(message.id, message.content, request.edition, request.answer_id)

    async def _answer(self, request: Request, answer: str | UserError) -> None:
        if self._is_aborted:
            return
        try:
            if isinstance(answer, Question) and answer.choices:
                await ask(self._services.questions, request, answer, self._services.client.typed_answers)
                return
            words = text.refusal(answer, request.prefix) if isinstance(answer, UserError) else answer
            await (request.refuse if isinstance(request, AnswerRequest) else request.reply)(words)
        except NoWayToAnswer:
            _log.info("answer_impossible")
        except (discord.HTTPException, LeaseLost, *PASSING) as error:
            _log.warning("answer_failed", error=type(error).__name__)
