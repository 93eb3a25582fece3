"""The choices under a question: buttons, or a menu where there are more than a row of buttons holds."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.chat.components.button import Button, plain
from bot.domain.ellipsis import on_one_line
from bot.messages.catalogue import gettext

# The action of a button whose answer is ephemeral.
ALONE = "alone"
# Discord's limits: five buttons a row, and 100 characters an option's label.
_BUTTONS, _OPTION = 5, 100
_MENU = re.compile(r"question:menu:(?P<number>\d{1,20})")
_BUTTON = re.compile(rf"question:(?:choose|{ALONE}):(?P<number>\d{{1,20}}):(?P<choice>\d{{1,3}})")


class ChoiceMenu(ui.DynamicItem[ui.Select[Any]], template=_MENU):
    """A menu of a question's choices that dispatches ``question_button``, as a button for each would."""

    def __init__(self, number: int, labels: Sequence[str]) -> None:
        options = [
            discord.SelectOption(label=on_one_line(label, _OPTION), value=str(choice))
            for choice, label in enumerate(labels)
        ]
        menu: ui.Select[Any] = ui.Select(
            placeholder=gettext("Choose …"), options=options, custom_id=f"question:menu:{number}"
        )
        super().__init__(menu)
        self._number = number

    @classmethod
    async def from_custom_id(cls, _: Any, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """Rebuild the menu from a message that Discord sent back."""
        labels = [option.label for option in item.options] if isinstance(item, ui.Select) else []
        return cls(int(match["number"]), labels)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Pass the choice on to the cog that listens."""
        value = self.item.values[0] if self.item.values else ""
        choice = int(value) if value.isdecimal() else -1  # no question has that
        interaction.client.dispatch("question_button", interaction, "choose", self._number, choice)


def choices(words: str, number: int, labels: Sequence[str], alone: Collection[int] = ()) -> ui.LayoutView:
    """Show a question with its choices; those whose numbers are in ``alone`` get ephemeral answers."""
    if len(labels) > _BUTTONS:
        return plain(words).add_item(ui.ActionRow(ChoiceMenu(number, labels)))
    buttons = (
        Button("question", ALONE if choice in alone else "choose", number, choice, label=label)
        for choice, label in enumerate(labels)
    )
    return plain(words, *buttons)


def offered(parts: Iterable[object]) -> tuple[int, dict[int, str]]:
    """Return the number of the question that a message's components ask, and its labels by choice, if any."""
    number, labels = 0, {}
    for part in parts:
        custom_id = getattr(part, "custom_id", None) or ""
        if button := _BUTTON.fullmatch(custom_id):
            number = int(button["number"])
            labels[int(button["choice"])] = getattr(part, "label", None) or ""
        elif menu := _MENU.fullmatch(custom_id):
            number = int(menu["number"])
            labels |= {int(option.value): option.label for option in getattr(part, "options", ())}
    return number, labels
