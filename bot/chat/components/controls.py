"""Controls: all kinds of buttons and menus that the bot posts, and which custom ids are none of its."""

from typing import Any

import discord

from bot.chat.components import form
from bot.chat.components.button import Button
from bot.chat.components.choice_menu import ChoiceMenu
from bot.chat.components.example import ExampleButton
from bot.chat.components.menu import Menu

CONTROLS = (Button, ChoiceMenu, ExampleButton, Menu)


def is_strange(interaction: discord.Interaction[Any]) -> bool:
    """Return whether what was pressed or submitted is of another version, or of nobody's."""
    data: Any = interaction.data
    if interaction.type is discord.InteractionType.modal_submit:
        return not form.CUSTOM_ID.fullmatch(data["custom_id"])
    if interaction.type is not discord.InteractionType.component:
        return False
    templates = (control.__discord_ui_compiled_template__ for control in CONTROLS)
    return not any(template.fullmatch(data["custom_id"]) for template in templates)
