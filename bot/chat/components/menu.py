"""A menu of timers under a message, to act on one of them."""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

# Discord's limits: 25 options a menu, 100 characters a label.
MENU_ENTRIES, _LABEL = 25, 100


class Menu(
    ui.DynamicItem[ui.Select[Any]], template=r"(?P<kind>timer|reminder|log)s:(?P<what>[a-z]+):(?P<first>\d{1,4})"
):
    """A menu that dispatches ``{kind}_menu`` with the interaction and the chosen timer's id.

    Its entries are timers as (id, name); ``what`` goes into the custom id, and ``first`` tells the menus of one
    message apart.
    """

    def __init__(
        self, kind: str, what: str, first: int, entries: Sequence[tuple[int, str]], placeholder: str | None = None
    ) -> None:
        options = [
            discord.SelectOption(label=_fitting(name), description=f"#{number}", value=str(number))
            for number, name in entries
        ]
        custom_id = f"{kind}s:{what}:{first}"
        super().__init__(ui.Select(placeholder=placeholder, options=options, custom_id=custom_id))
        self._event = f"{kind}_menu"

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Rebuild the menu from a message that Discord sent back."""
        del interaction
        chosen = item.options if isinstance(item, ui.Select) else []
        entries = [(int(option.value), option.label) for option in chosen]
        return cls(match["kind"], match["what"], int(match["first"]), entries)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the choice on to the cog that listens."""
        interaction.client.dispatch(self._event, interaction, int(self.item.values[0]))


def _fitting(name: str) -> str:
    line = " ".join(name.split())
    return line if len(line) <= _LABEL else f"{line[: _LABEL - 1]}…"
