"""A request that answers a question by a button or menu; it is served as the command line of the choice."""

import contextlib
from collections.abc import Sequence

import discord
from discord import ui

from bot.chat.components.button import plain
from bot.chat.runtime.final_answers import PASSING, OutcomeUnknown
from bot.chat.runtime.request import InteractionRequest
from bot.chat.runtime.upload import Upload


class AnswerRequest(InteractionRequest):
    """The question's message becomes the answer, or the card takes its place; a refusal leaves it as it is.

    Where the person alone is to see the answer (``is_alone``), the question stays as well.
    """

    def __init__(self, interaction: discord.Interaction, *, is_alone: bool) -> None:
        super().__init__(interaction)
        self.is_alone = is_alone
        self._message = interaction.message
        self._is_public = self._message is not None and not self._message.flags.ephemeral
        # Others see the answer where they saw the question, unless it is for one alone.
        self.private = is_alone or self.guild is None or not self._is_public

    async def reply(self, content: str) -> None:
        """Turn the question into this text."""
        await self.reply_with(plain(content))

    async def reply_with(self, view: ui.LayoutView, uploads: Sequence[Upload] = ()) -> int | None:
        """Turn the question into this card."""
        if self.is_alone:
            await self.reply_privately(view, uploads)
            return None
        await self.redraw(view, uploads or None)
        return self._message.id if self._message and self._is_public else None

    async def defer(self) -> None:
        """Defer the answer: to a message of its own where the question stays."""
        await self._defer(as_message=self.is_alone)

    async def reply_privately(self, view: ui.LayoutView, uploads: Sequence[Upload] = (), part: int = 0) -> None:
        """Answer with a card that only the person sees; a question that is for all can still become another."""
        if not (self.is_alone or self._answer.is_given):
            await self.acknowledge()
        await super().reply_privately(view, uploads, part)

    async def post(self, view: ui.LayoutView) -> int | None:
        """Turn the question into a card for all to see; replace one that was ephemeral."""
        if not self._is_public or not self._message:
            await self.acknowledge()
            card_id = await super().post(view)
            with contextlib.suppress(discord.HTTPException, *PASSING):
                await self.interaction.delete_original_response()
            return card_id
        try:
            await self.redraw(view)
        except OutcomeUnknown:
            raise
        except (discord.HTTPException, *PASSING):
            return await super().post(view)
        return self._message.id

    async def refuse(self, content: str) -> None:
        """Explain the refusal to the person only, and keep the question: another choice may work."""
        await super().reply(content)
