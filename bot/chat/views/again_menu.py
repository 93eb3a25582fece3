"""The menu under an announcement of several timers: start one of them again."""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

# Discord takes 25 entries in a menu.
MENU_ENTRIES = 25


class AgainMenu(ui.DynamicItem[ui.Select[Any]], template=r"timers:again:(?P<first>\d{1,4})"):
    """A menu that raises the event ``timer_menu`` with the interaction and the chosen timer's id.

    Its entries are timers as (id, name); ``first`` tells the menus of one message apart.
    """

    def __init__(self, first: int, entries: Sequence[tuple[int, str]]) -> None:
        options = [
            discord.SelectOption(label=name, description=f"#{number}", value=str(number))
            for number, name in entries
        ]
        super().__init__(
            ui.Select(placeholder="Start one again …", options=options, custom_id=f"timers:again:{first}")
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str]
    ) -> Self:
        """Make the menu of a message that came back from Discord."""
        del interaction
        chosen = item.options if isinstance(item, ui.Select) else []
        return cls(int(match["first"]), [(int(option.value), option.label) for option in chosen])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the choice on to the cog that listens."""
        interaction.client.dispatch("timer_menu", interaction, int(self.item.values[0]))
