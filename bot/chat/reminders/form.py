"""The forms of reminders: about a message, to change one, and to snooze one."""

from typing import Any

import discord
from discord import ui

from bot.chat.components.form import Form
from bot.domain.reminders.reminder import LONGEST
from bot.messages.catalogue import N_, gettext

_WHEN = N_("20m, tomorrow 9am, 24 Dec 18:00")
# The usual choice for a message: submitting the form unchanged takes one press.
_SOON = "1h"
# Enough for any rule that can be set, with its end: what a field is filled with may not be longer than the field.
LONGEST_LINE = 200


def of_message(message_id: int, *, is_elsewhere: bool) -> Form:
    """Ask when to be reminded of a message; where the bot is not a member, by direct message only."""
    form = Form("reminder", "new", message_id, title=gettext("Remind me of this message"))
    form.add_text("when", gettext("When?"), LONGEST_LINE, default=_SOON, hint=gettext(_WHEN))
    what = gettext("What should I say?")
    form.add_text("what", what, LONGEST, gettext("Answer this"), required=False, is_long=True)
    every = gettext("weekday; mon and thu; 2 weeks")
    form.add_text("every", gettext("How does it repeat?"), LONGEST_LINE, every, required=False)
    if not is_elsewhere:
        here = discord.SelectOption(
            label=gettext("Here"), description=gettext("with a ping"), value="here", default=True
        )
        direct = discord.SelectOption(label=gettext("By direct message"), value="direct")
        where: ui.Select[Any] = ui.Select(custom_id="where", options=[here, direct])
        form.add_item(ui.Label(text=gettext("Where?"), component=where))
    return form


def of_change(timer_id: int, what: str, every: str) -> Form:
    """Ask what to change in a pending reminder."""
    form = Form("reminder", "edit", timer_id, title=gettext("Change this reminder"))
    when = gettext("20m, tomorrow 9am, 24 Dec 18:00; empty keeps it")
    form.add_text("when", gettext("Another time"), LONGEST_LINE, when, required=False)
    form.add_text("what", gettext("What should I say?"), LONGEST, default=what, required=False, is_long=True)
    repeated, never = gettext("How does it repeat?"), gettext("weekday; never")
    form.add_text("every", repeated, LONGEST_LINE, never, default=every, required=False)
    return form


def of_snooze(timer_id: int) -> Form:
    """Ask until when to snooze a reminder."""
    form = Form("reminder", "snooze", timer_id, title=gettext("Snooze"))
    form.add_text("when", gettext("Until when?"), LONGEST_LINE, gettext(_WHEN))
    return form


def of_zone(reminder_id: int) -> Form:
    """Ask for the person's time zone."""
    form = Form("reminder", "zone", reminder_id, title=gettext("Set my time zone"))
    form.add_text("zone", gettext("Where do you live?"), LONGEST_LINE, gettext("A city, or Europe/Berlin"))
    return form
