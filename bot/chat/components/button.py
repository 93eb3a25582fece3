"""A button whose custom id encodes its action and target, so that it works after a restart."""

import re
from typing import Any, Self

import discord
from discord import ui


class Button(
    ui.DynamicItem[ui.Button[Any]],
    template=r"(?P<kind>timer|focus|reminder|channel|stats|log|privacy|question):(?P<action>(?!menu:)[a-z_]+):(?P<numbers>-?\d{1,20}(?::-?\d{1,20}){0,3})",
):
    """A button that dispatches ``{kind}_button`` with the interaction, action and numbers when pressed.

    ``kind`` says which cog handles it: ``focus`` stands for a session, ``channel`` for what is pending in one,
    ``log`` for an entry of the focus log. There are one to four numbers; the first is usually the timer's id.
    Menus of choices have custom ids that only look like a button's.
    """

    def __init__(
        self,
        kind: str,
        action: str,
        *numbers: int,
        label: str | None,
        style: discord.ButtonStyle = discord.ButtonStyle.secondary,
        disabled: bool = False,
    ) -> None:
        custom_id = ":".join((kind, action, *map(str, numbers)))
        super().__init__(ui.Button(label=label, style=style, custom_id=custom_id, disabled=disabled))
        self._event = f"{kind}_button"
        self._action = action
        self._numbers = numbers

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],  # noqa: ARG003 - discord.py's signature
        item: ui.Item[Any],
        match: re.Match[str],
    ) -> Self:
        """Rebuild the button from a message that Discord sent back."""
        numbers = map(int, match["numbers"].split(":"))
        return cls(match["kind"], match["action"], *numbers, label=getattr(item, "label", None))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on to the cog that listens."""
        interaction.client.dispatch(self._event, interaction, self._action, *self._numbers)
