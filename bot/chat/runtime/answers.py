"""Answers: presses under a question or of what nobody knows, and edits of the message that led to a question."""

from collections.abc import Sequence

import discord
from discord.ext import commands

from bot.chat.components.choice_menu import ALONE
from bot.chat.components.given import exactly, unknown
from bot.chat.runtime.answer_request import AnswerRequest
from bot.chat.runtime.misread import MisreadMessages
from bot.chat.runtime.pressed_line import serve_line
from bot.chat.runtime.request import InteractionRequest
from bot.chat.runtime.request_runner import RequestRunner
from bot.domain.errors import TooLate
from bot.messages.catalogue import N_
from bot.service.questions import Questions


class Answers(commands.Cog):
    """Serves the chosen line, and reads a misunderstood command again once it is edited."""

    def __init__(
        self, client: commands.Bot, questions: Questions, misread: MisreadMessages, runner: RequestRunner
    ) -> None:
        self._client = client
        self._questions = questions
        self._misread = misread
        self._runner = runner
        # The questions whose answers are being served.
        self._in_progress: set[int] = set()

    @commands.Cog.listener()
    async def on_question_button(self, interaction: discord.Interaction, action: str, *numbers: int) -> None:
        """Serve a choice, whether from a button or a menu."""
        request = AnswerRequest(interaction, is_alone=action == ALONE)
        await self._runner.serve(request, lambda: self._answer(request, numbers), is_command=False)

    @commands.Cog.listener()
    async def on_strange_control(self, interaction: discord.Interaction) -> None:
        """Say that a control which this version does not know does nothing."""
        await self._runner.press(interaction, _refuse)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Read a misunderstood command again after an edit; a loaded embed is an update, but no edit."""
        message = payload.message
        if message.edited_at:
            async with self._misread.edited(message.id, message.content) as is_read:
                if is_read:
                    await self._client.on_message(message)

    async def _answer(self, request: AnswerRequest, numbers: Sequence[int]) -> None:
        number, choice = exactly(2, numbers)
        if number in self._in_progress:  # a double click
            await request.acknowledge()
            return
        self._in_progress.add(number)
        try:
            question = await self._questions.to_answer(request.actor, number)
            if not 0 <= choice < len(question.lines):
                raise TooLate(N_("I don't know that choice. Please ask me again."))
            request.take_up(question)
            await serve_line(self._client, request, question.lines[choice])
            self._misread.forget(question.asked_by)
            if not request.is_alone:
                await self._questions.answered(number)
        finally:
            self._in_progress.discard(number)


async def _refuse(request: InteractionRequest) -> None:
    del request
    raise unknown()
