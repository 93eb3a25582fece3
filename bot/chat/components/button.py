"""Buttons whose custom ids encode what they do, so that they work after a restart."""

import re
from typing import Any, Self

import discord
from discord import ui

from bot.domain.ellipsis import on_one_line, truncated

# Discord's limits: 80 characters a label, 100 a custom id, of which an example's prefix takes 8.
_LABEL, _LONGEST_LINE = 80, 92


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
        caption = label and on_one_line(label, _LABEL)
        super().__init__(ui.Button(label=caption, style=style, custom_id=custom_id, disabled=disabled))
        self._event = f"{kind}_button"
        self._action = action
        self._numbers = numbers

    @classmethod
    async def from_custom_id(cls, _: Any, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Rebuild the button from a message that Discord sent back."""
        numbers = map(int, match["numbers"].split(":"))
        return cls(match["kind"], match["action"], *numbers, label=getattr(item, "label", None))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on to the cog that listens."""
        interaction.client.dispatch(self._event, interaction, self._action, *self._numbers)


def plain(words: str, *buttons: Button) -> ui.LayoutView:
    """Show text with buttons below."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(words))
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    return view


class ExampleButton(ui.DynamicItem[ui.Button[Any]], template=rf"example:(?P<line>[^\n]{{1,{_LONGEST_LINE}}})"):
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
    async def from_custom_id(cls, _: Any, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Rebuild the button from a message that Discord sent back."""
        return cls(match["line"], getattr(item, "label", None))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the press on to the cog that listens."""
        interaction.client.dispatch("example_button", interaction, self._line)
