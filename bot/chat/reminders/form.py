"""The forms of reminders: about a message, to change one, and to snooze one."""

from typing import Any

import discord
from discord import ui

from bot.chat.components.form import Form
from bot.domain.reminders.reminder import LONGEST
from bot.messages.catalogue import N_, gettext

_WHEN = N_("20m, tomorrow 9am, 24 Dec 18:00")
# Enough for any rule that can be set, with its end: what a field is filled with may not be longer than the field.
_LONGEST_LINE = 200


def of_message(message_id: int, *, is_elsewhere: bool) -> Form:
    """Ask when to be reminded of a message; where the bot is not a member, by direct message only."""
    form = Form("reminder", "new", message_id, title=gettext("Remind me of this message"))
    form.add_item(_field("when", gettext("When?"), gettext(_WHEN)))
    form.add_item(_field("what", gettext("What shall I say?"), gettext("Answer this"), required=False, long=True))
    every = gettext("weekday; mon and thu; 2 weeks")
    form.add_item(_field("every", gettext("How does it repeat?"), every, required=False))
    if not is_elsewhere:
        here = discord.SelectOption(
            label=gettext("Here"), description=gettext("with a mention"), value="here", default=True
        )
        direct = discord.SelectOption(label=gettext("By direct message"), value="direct")
        where: ui.Select[Any] = ui.Select(custom_id="where", options=[here, direct])
        form.add_item(ui.Label(text=gettext("Where?"), component=where))
    return form


def of_change(timer_id: int, what: str, every: str) -> Form:
    """Ask what to change in a pending reminder."""
    form = Form("reminder", "edit", timer_id, title=gettext("Change this reminder"))
    when = gettext("20m, tomorrow 9am, 24 Dec 18:00; empty: as it is")
    form.add_item(_field("when", gettext("Another time"), when, required=False))
    form.add_item(_field("what", gettext("What shall I say?"), "", default=what, required=False, long=True))
    repeated = gettext("How does it repeat?")
    form.add_item(_field("every", repeated, gettext("weekday; never"), default=every, required=False))
    return form


def of_snooze(timer_id: int) -> Form:
    """Ask until when to snooze a reminder."""
    form = Form("reminder", "snooze", timer_id, title=gettext("Snooze"))
    form.add_item(_field("when", gettext("Until when?"), gettext(_WHEN)))
    return form


def _field(
    custom_id: str, label: str, placeholder: str, *, default: str = "", required: bool = True, long: bool = False
) -> ui.Label[Any]:
    words: ui.TextInput[Any] = ui.TextInput(
        custom_id=custom_id,
        placeholder=placeholder or None,
        default=default or None,
        required=required,
        style=discord.TextStyle.long if long else discord.TextStyle.short,
        max_length=LONGEST if long else _LONGEST_LINE,
    )
    return ui.Label(text=label, component=words)
