"""A button under an example, which does for whoever presses it what the example says."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.domain.ellipsis import truncated

# Discord's limits: 80 characters a label, 100 a custom id, of which 8 say what it is.
_LABEL, _LINE = 80, 92


class ExampleButton(ui.DynamicItem[ui.Button[Any]], template=rf"example:(?P<line>[^\n]{{1,{_LINE}}})"):
    """A button that dispatches ``example_button`` with the interaction and its ``line``.

    The line is a whole request as it would be typed, without the prefix, and its custom id carries it: so it can be
    pressed by anybody, again and again, for as long as its message stands.
    """

    def __init__(
        self, line: str, label: str | None, style: discord.ButtonStyle = discord.ButtonStyle.secondary
    ) -> None:
        caption = label and truncated(label, _LABEL)
        super().__init__(ui.Button(label=caption, style=style, custom_id=f"example:{line}"))
        self._line = line

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py's signature
        item: ui.Item[Any],
        match: re.Match[str],
    ) -> Self:
        """Rebuild the button from a message that Discord sent back."""
        return cls(match["line"], getattr(item, "label", None))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on to the cog that listens."""
        interaction.client.dispatch("example_button", interaction, self._line)
