"""Answers to questions: by button or menu, in words, or by editing the message that was misunderstood."""

from collections.abc import Sequence
from dataclasses import replace

import discord
from discord.ext import commands

from bot.chat.components.choice_menu import ALONE
from bot.chat.components.validation import exactly, unknown
from bot.chat.runtime.answer_request import AnswerRequest
from bot.chat.runtime.command_line import serve_line
from bot.chat.runtime.message_request import MessageRequest
from bot.chat.runtime.misread import ORIGINAL
from bot.chat.runtime.request import InteractionRequest, Request
from bot.chat.runtime.request_cog import RequestCog, pressed
from bot.chat.runtime.request_runner import RequestRunner
from bot.chat.runtime.typed_answers import AskedQuestion
from bot.chat.services import Services
from bot.domain.errors import NotYours, TooLate, UserError
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
        self._services.client.typed_answers.answered(interaction.channel_id)
        request = AnswerRequest(interaction, is_alone=action == ALONE)
        await self.runner.serve(request, lambda: self._answer(request, numbers), obeys_rules=False)

    @commands.Cog.listener()
    async def on_typed_answer(self, message: discord.Message, asked: AskedQuestion, choice: int) -> None:
        """Serve a choice that was named in words; the question becomes the answer, as by a press."""
        request = self.runner.written(message)
        is_others = False

        async def work() -> None:
            nonlocal is_others
            try:
                await self._services.questions.to_answer(request.actor, asked.number)
            except NotYours:
                is_others = True
                return
            try:
                await self._answer(request, (asked.number, choice), asked)
            except UserError:
                request.read_as(ORIGINAL)  # the question stays: another choice may work
                raise

        await self.runner.serve(request, work, obeys_rules=False)
        if is_others:  # others may talk about a question, too, or give a command of their own
            await self._services.client.process_commands(message)

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

    async def _answer(self, request: Request, numbers: Sequence[int], asked: AskedQuestion | None = None) -> None:
        number, choice = exactly(2, numbers)
        if number in self._in_progress:  # a double click
            if isinstance(request, AnswerRequest):
                await request.acknowledge()
            return
        self._in_progress.add(number)
        try:
            question = await self._services.questions.to_answer(request.actor, number)
            async with self.runner.misread.answering(question.asked_by):
                if asked and isinstance(request, MessageRequest):
                    request.edition = replace(request.edition, answer_id=asked.message_id)
                await self._serve(request, number, choice)
        finally:
            self._in_progress.discard(number)

    async def _serve(self, request: Request, number: int, choice: int) -> None:
        question = await self._services.questions.to_answer(request.actor, number)  # an edit may have come first
        if not 0 <= choice < len(question.lines):
            raise TooLate(N_("I don't know that choice. Please ask me again."))
        request.key, request.about_id = question.key, question.about_id  # so that the answer is idempotent
        await serve_line(self._services.client, request, question.lines[choice])
        if not request.is_alone:
            await self._services.questions.answered(number)
