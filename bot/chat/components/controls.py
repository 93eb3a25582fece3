"""Controls: all kinds of buttons and menus that the bot posts, and telling whether a custom id is one of theirs."""

from typing import Any

import discord

from bot.chat.components import form
from bot.chat.components.button import Button, ExampleButton
from bot.chat.components.choice_menu import ChoiceMenu
from bot.chat.components.menu import Menu

CONTROLS = (Button, ChoiceMenu, ExampleButton, Menu)


def is_unknown(interaction: discord.Interaction[Any]) -> bool:
    """Return whether what was pressed or submitted belongs to another version, or to no version."""
    data: Any = interaction.data
    if interaction.type is discord.InteractionType.modal_submit:
        return not form.CUSTOM_ID.fullmatch(data["custom_id"])
    if interaction.type is not discord.InteractionType.component:
        return False
    templates = (control.__discord_ui_compiled_template__ for control in CONTROLS)
    return not any(template.fullmatch(data["custom_id"]) for template in templates)
