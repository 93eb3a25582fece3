"""The cards of reminders: confirmations, pending and due ones, each with its buttons."""

from collections.abc import Collection, Sequence

import discord
from discord import ui

from bot.chat.components import pages
from bot.chat.components.button import Button, plain
from bot.chat.components.menu import bundle
from bot.domain.reminders.reminder import Reminder
from bot.domain.timers.timer import State
from bot.messages.catalogue import N_, gettext

_STYLE = discord.ButtonStyle
_LABELS = {
    "done": (N_("Done"), _STYLE.success),
    "snooze_ten": (N_("Snooze 10 min"), _STYLE.secondary),
    "snooze_hour": (N_("1 h"), _STYLE.secondary),
    "snooze_tomorrow": (N_("Tomorrow 9:00"), _STYLE.secondary),
    "snooze_other": ("⋯", _STYLE.secondary),
    "stop": (N_("Stop repeating"), _STYLE.danger),
    "keep": (N_("Keep it, just for me"), _STYLE.success),
    "edit": (N_("Edit"), _STYLE.secondary),
    "pause": (N_("Pause"), _STYLE.secondary),
    "resume": (N_("Resume"), _STYLE.success),
    "cancel": (N_("Cancel"), _STYLE.danger),
    "undo": (N_("Undo"), _STYLE.secondary),
    "revert": (N_("Undo"), _STYLE.secondary),
    "wake": (N_("Undo"), _STYLE.secondary),
    "zone": (N_("Set my time zone"), _STYLE.secondary),
}


def confirmation(
    words: str, reminder: Reminder, before_id: int | None = None, *, asks_zone: bool = False
) -> ui.LayoutView:
    """Confirm a new or changed reminder, with a button to undo or revert it, and one to set the time zone."""
    zone = [_button("zone", reminder.id)] if asks_zone else []
    if before_id is None:
        return plain(words, _button("undo", reminder.id), *zone)
    return plain(words, _button("revert", reminder.id, before_id, reminder.timer.version), *zone)


def zone(words: str) -> ui.LayoutView:
    """Say which time zone somebody has, with a button to set one's own."""
    return plain(words, _button("zone", 0))


def due(words: str, reminder: Reminder, series: Reminder | None, *, is_barred: bool = False) -> ui.LayoutView:
    """Show a due reminder with its buttons; one ``is_barred`` from its channel can go on as a direct message."""
    actions = ("done", "snooze_ten", "snooze_hour", "snooze_tomorrow", "snooze_other")
    view = plain(words, *(_button(action, reminder.id) for action in actions))
    if series and series.is_pending:
        choices = ("keep", "stop") if is_barred else ("stop",)
        view.add_item(ui.ActionRow(*(_button(action, reminder.id, series.id) for action in choices)))
    return view


def snoozed(words: str, reminder_id: int, snoozed_id: int, *, asks_zone: bool) -> ui.LayoutView:
    """Show a snoozed reminder, with a button to undo that, and one to set the time zone."""
    zone = [_button("zone", snoozed_id)] if asks_zone else []
    return plain(words, _button("wake", reminder_id, snoozed_id), *zone)


def pending(words: str, reminder: Reminder) -> ui.LayoutView:
    """Show a pending reminder, with its buttons."""
    toggle = "resume" if reminder.timer.state is State.PAUSED else "pause"
    return plain(words, *(_button(action, reminder.id) for action in ("edit", toggle, "cancel")))


def listing(
    words: str, visible: Sequence[Reminder], page: int, count: int, owner_id: int, channel_id: int
) -> ui.LayoutView:
    """Show a page of somebody's reminders: those of one channel only, unless ``channel_id`` is 0."""
    view = bundle(words, "reminder", "pending", [reminder.timer for reminder in visible], gettext("Change one …"))
    pages.add_turns(view, "reminder", owner_id, page, count, channel_id)
    return view


def _button(action: str, *numbers: int) -> Button:
    label, style = _LABELS[action]
    return Button("reminder", action, *numbers, label=gettext(label), style=style)


def allowed_mentions(reminders: Sequence[Reminder], mentioned: Collection[int]) -> discord.AllowedMentions:
    """Allow the mentions of these reminders, except of people whom an earlier message has ``mentioned``."""
    calls = {reminder.calls for reminder in reminders if reminder.calls}
    return discord.AllowedMentions(
        users=[
            discord.Object(user_id)
            for call in calls
            if call[2:3].isdigit() and (user_id := int(call.removeprefix("<@").removesuffix(">"))) not in mentioned
        ],
        roles=[
            discord.Object(call.removeprefix("<@&").removesuffix(">")) for call in calls if call.startswith("<@&")
        ],
        everyone=bool(calls & {"@everyone", "@here"}),
        replied_user=False,
    )
