"""Answers to questions: by button or menu, or by editing the message that was misunderstood."""

from collections.abc import Sequence

import discord
from discord.ext import commands

from bot.chat.components.choice_menu import ALONE
from bot.chat.components.validation import exactly, unknown
from bot.chat.runtime.answer_request import AnswerRequest
from bot.chat.runtime.command_line import serve_line
from bot.chat.runtime.request import InteractionRequest
from bot.chat.runtime.request_cog import RequestCog, pressed
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.services import Services
from bot.domain.errors import TooLate
from bot.messages.catalogue import N_


class Answers(RequestCog):
    """Serves the chosen line, and reads a misunderstood command again once it is edited."""

    def __init__(self, services: Services, runner: RequestRunner) -> None:
        super().__init__(services, runner)
        # The questions whose answers are being served.
        self._in_progress: set[int] = set()

    @commands.Cog.listener()
    async def on_question_button(self, interaction: discord.Interaction, action: str, *numbers: int) -> None:
        """Serve a choice, whether from a button or a menu."""
        request = AnswerRequest(interaction, is_alone=action == ALONE)
        await self.runner.serve(request, lambda: self._answer(request, numbers), obeys_rules=False)

    @pressed("unknown_control")
    async def refuse(self, _: InteractionRequest) -> None:
        """Say that a control which this version does not know does nothing."""
        raise unknown()

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Read a misunderstood command again after an edit; a loaded embed is an update, but no edit."""
        message = payload.message
        if message.edited_at:
            async with self.runner.misread.edited(message.id, message.content) as is_read:
                if is_read:
                    await self._services.client.on_message(message)

    async def _answer(self, request: AnswerRequest, numbers: Sequence[int]) -> None:
        number, choice = exactly(2, numbers)
        if number in self._in_progress:  # a double click
            await request.acknowledge()
            return
        self._in_progress.add(number)
        try:
            question = await self._services.questions.to_answer(request.actor, number)
            async with self.runner.misread.answering(question.asked_by):
                await self._serve(request, number, choice)
        finally:
            self._in_progress.discard(number)

    async def _serve(self, request: AnswerRequest, number: int, choice: int) -> None:
        question = await self._services.questions.to_answer(request.actor, number)  # an edit may have come first
        if not 0 <= choice < len(question.lines):
            raise TooLate(N_("I don't know that choice. Please ask me again."))
        request.take_over(question)
        await serve_line(self._services.client, request, question.lines[choice])
        if not request.is_alone:
            await self._services.questions.answered(number)
