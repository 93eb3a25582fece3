"""The forms of reminders: about a message, to change one, and to snooze one."""

from typing import Any

import discord
from discord import ui

from bot.chat.components.form import Form
from bot.domain.reminders.reminder import LONGEST
from bot.domain.time.when_phrase import LONGEST as LONGEST_WHEN

_WHEN = "20m, tomorrow 9am, 24 Dec 18:00"


def of_message(message_id: int, *, is_elsewhere: bool) -> Form:
    """Ask when to be reminded of a message; where the bot is not a member, by direct message only."""
    form = Form("reminder", "new", message_id, title="Remind me of this message")
    form.add_item(_field("when", "When?", _WHEN))
    form.add_item(_field("what", "What shall I say?", "Answer this", required=False, long=True))
    form.add_item(_field("every", "How does it repeat?", "weekday; mon and thu; 2 weeks", required=False))
    if not is_elsewhere:
        here = discord.SelectOption(label="Here", description="with a mention", value="here", default=True)
        direct = discord.SelectOption(label="By direct message", value="direct")
        where: ui.Select[Any] = ui.Select(custom_id="where", options=[here, direct])
        form.add_item(ui.Label(text="Where?", component=where))
    return form


def of_change(timer_id: int, what: str, every: str) -> Form:
    """Ask what to change in a pending reminder."""
    form = Form("reminder", "edit", timer_id, title="Change this reminder")
    form.add_item(_field("when", "Another time", f"{_WHEN}; empty: as it is", required=False))
    form.add_item(_field("what", "What shall I say?", "", default=what, required=False, long=True))
    form.add_item(_field("every", "How does it repeat?", "weekday; never", default=every, required=False))
    return form


def of_snooze(timer_id: int) -> Form:
    """Ask until when to snooze a reminder."""
    form = Form("reminder", "snooze", timer_id, title="Snooze")
    form.add_item(_field("when", "Until when?", _WHEN))
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
        max_length=LONGEST if long else LONGEST_WHEN,
    )
    return ui.Label(text=label, component=words)
