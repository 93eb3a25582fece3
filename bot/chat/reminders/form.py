"""The forms of reminders: about a message, to change one, and to snooze one."""

from bot.chat.components.form import Form, option
from bot.domain.reminders.reminder import LONGEST
from bot.messages.catalogue import N_, gettext

_WHEN = N_("20m, tomorrow 9am, 24 Dec 18:00")
_WHAT, _EVERY = N_("What should I say?"), N_("How does it repeat?")
# The usual choice for a message: submitting the form unchanged takes one press.
_SOON = "1h"
LONGEST_LINE = 200
# Enough for any rule that can be set, spelled out with its end: Discord shows no form if a field is filled with
# more than it may hold.
LONGEST_RULE = 500


def of_message(message_id: int, *, is_user_install: bool) -> Form:
    """Ask when to be reminded of a message; where the bot is not a member, by direct message only."""
    form = Form("reminder", "new", message_id, title=gettext("Remind me of this message"))
    form.add_text("when", N_("When?"), LONGEST_LINE, default=_SOON, hint=_WHEN)
    form.add_text("what", _WHAT, LONGEST, N_("Answer this"), required=False, is_long=True)
    form.add_text("every", _EVERY, LONGEST_RULE, N_("weekday; mon and thu; 2 weeks"), required=False)
    if not is_user_install:
        here = option("here", N_("Here"), N_("with a ping"), default=True)
        form.add_choice("where", N_("Where?"), [here, option("direct", N_("By direct message"))])
    return form


def of_change(timer_id: int, what: str, every: str) -> Form:
    """Ask what to change in a pending reminder."""
    form = Form("reminder", "edit", timer_id, title=gettext("Change this reminder"))
    when = N_("20m, tomorrow 9am, 24 Dec 18:00; empty keeps it")
    form.add_text("when", N_("Another time"), LONGEST_LINE, when, required=False)
    form.add_text("what", _WHAT, LONGEST, default=what, required=False, is_long=True)
    form.add_text("every", _EVERY, LONGEST_RULE, N_("weekday; never"), default=every, required=False)
    return form


def of_snooze(timer_id: int) -> Form:
    """Ask until when to snooze a reminder."""
    form = Form("reminder", "snooze", timer_id, title=gettext("Snooze"))
    form.add_text("when", N_("Until when?"), LONGEST_LINE, _WHEN)
    return form


def of_zone(reminder_id: int) -> Form:
    """Ask for the person's time zone."""
    form = Form("reminder", "zone", reminder_id, title=gettext("Set my time zone"))
    form.add_text("zone", N_("Where do you live?"), LONGEST_LINE, N_("A city, or Europe/Berlin"))
    return form
