"""The form that corrects the length of an entry."""

from typing import Any

from discord import ui

from bot.chat.components.form import Form
from bot.messages.catalogue import gettext


def of_entry(entry_id: int, counted: str) -> Form:
    """Ask for a length shorter than was counted."""
    form = Form("log", "shorten", entry_id, title=gettext("How long was it really?"))
    length: ui.TextInput[Any] = ui.TextInput(custom_id="length", placeholder="20m", max_length=20)
    limit = gettext("Less than {length}", length=counted)
    form.add_item(ui.Label(text=gettext("Length"), description=limit, component=length))
    return form
