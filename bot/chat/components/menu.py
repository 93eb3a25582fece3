"""A menu of timers under a message, to act on one of them."""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.chat.components.button import plain
from bot.domain.ellipsis import on_one_line
from bot.domain.timers.timer import Timer

# Discord's limits: 25 options a menu, 100 characters a label.
_ENTRIES, _LABEL = 25, 100
# Below 2^63, the most that a column holds.
_ID = re.compile(r"[0-9]{1,18}|[1-8][0-9]{18}")


class Menu(
    ui.DynamicItem[ui.Select[Any]],
    template=r"(?P<kind>timer|reminder|channel|log)s:(?P<what>[a-z]+):(?P<first>\d{1,4})",
):
    """A menu that dispatches ``{kind}_menu`` with the interaction and the chosen timer's id.

    Its entries are timers as (id, name); ``what`` goes into the custom id, and ``first`` tells the menus of one
    message apart.
    """

    def __init__(
        self, kind: str, what: str, first: int, entries: Sequence[tuple[int, str]], placeholder: str | None = None
    ) -> None:
        options = [
            discord.SelectOption(label=on_one_line(name, _LABEL), description=f"#{number}", value=str(number))
            for number, name in entries
        ]
        custom_id = f"{kind}s:{what}:{first}"
        super().__init__(ui.Select(placeholder=placeholder, options=options, custom_id=custom_id))
        self._event = f"{kind}_menu"

    @classmethod
    async def from_custom_id(cls, _: Any, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Rebuild the menu from a message that Discord sent back."""
        chosen = item.options if isinstance(item, ui.Select) else []
        entries = [(int(option.value), option.label) for option in chosen if _ID.fullmatch(option.value)]
        return cls(match["kind"], match["what"], int(match["first"]), entries)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the choice on to the cog that listens."""
        value = self.item.values[0] if self.item.values else ""
        # No row has the id 0, so it is answered as unknown.
        interaction.client.dispatch(self._event, interaction, int(value) if _ID.fullmatch(value) else 0)


def add_menus(
    view: ui.LayoutView, kind: str, what: str, entries: Sequence[tuple[int, str]], placeholder: str
) -> ui.LayoutView:
    """Add as many menus as these entries need, to pick one of them."""
    for first in range(0, len(entries), _ENTRIES):
        view.add_item(ui.ActionRow(Menu(kind, what, first, entries[first : first + _ENTRIES], placeholder)))
    return view


def bundle(words: str, kind: str, what: str, timers: Sequence[Timer], placeholder: str) -> ui.LayoutView:
    """Show a text about several timers, with menus to pick one of them."""
    return add_menus(plain(words), kind, what, [(timer.id, timer.name) for timer in timers], placeholder)
