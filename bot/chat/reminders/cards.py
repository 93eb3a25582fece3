"""The cards of reminders: confirmations, pending and due ones, each with its buttons."""

from collections.abc import Collection, Sequence

import discord
from discord import ui

from bot.chat.components.button import Button
from bot.chat.components.menu import MENU_ENTRIES, Menu
from bot.chat.components.plain import plain
from bot.domain.reminders.reminder import Reminder
from bot.domain.timers.timer import State, Timer
from bot.messages.catalogue import N_, gettext

_STYLE = discord.ButtonStyle
_LABELS = {
    "done": (N_("Done"), _STYLE.success),
    "snooze_ten": (N_("Snooze 10 min"), _STYLE.secondary),
    "snooze_hour": (N_("1 h"), _STYLE.secondary),
    "snooze_tomorrow": (N_("Tomorrow 9:00"), _STYLE.secondary),
    "snooze_other": ("…", _STYLE.secondary),
    "stop": (N_("Stop repeating"), _STYLE.danger),
    "edit": (N_("Edit"), _STYLE.secondary),
    "pause": (N_("Pause"), _STYLE.secondary),
    "resume": (N_("Resume"), _STYLE.success),
    "cancel": (N_("Cancel"), _STYLE.danger),
    "undo": (N_("Undo"), _STYLE.secondary),
    "revert": (N_("Undo"), _STYLE.secondary),
    "wake": (N_("Undo"), _STYLE.secondary),
}


def confirmation(words: str, reminder: Reminder, before_id: int | None = None) -> ui.LayoutView:
    """Confirm a new or changed reminder, with a button to undo or revert it."""
    if before_id is None:
        return plain(words, _button("undo", reminder.id))
    return plain(words, _button("revert", reminder.id, before_id, reminder.timer.version))


def due(words: str, reminder: Reminder, series: Reminder | None) -> ui.LayoutView:
    """Show a due reminder, with buttons for done, snooze and, where it repeats, stop."""
    actions = ("done", "snooze_ten", "snooze_hour", "snooze_tomorrow", "snooze_other")
    view = plain(words, *(_button(action, reminder.id) for action in actions))
    if series and series.is_pending:
        view.add_item(ui.ActionRow(_button("stop", reminder.id, series.id)))
    return view


def snoozed(words: str, reminder_id: int, snoozed_id: int) -> ui.LayoutView:
    """Show a snoozed reminder, with a button to undo that."""
    return plain(words, _button("wake", reminder_id, snoozed_id))


def bundle(words: str, timers: Sequence[Timer]) -> ui.LayoutView:
    """Show several due reminders, with menus to choose one of them."""
    view = plain(words)
    placeholder = gettext("Snooze one, or be done with it …")
    for first in range(0, len(timers), MENU_ENTRIES):
        entries = [(timer.id, timer.name) for timer in timers[first : first + MENU_ENTRIES]]
        view.add_item(ui.ActionRow(Menu("reminder", "due", first, entries, placeholder)))
    return view


def pending(words: str, reminder: Reminder) -> ui.LayoutView:
    """Show a pending reminder, with its buttons."""
    toggle = "resume" if reminder.timer.state is State.PAUSED else "pause"
    return plain(words, *(_button(action, reminder.id) for action in ("edit", toggle, "cancel")))


def listing(
    words: str, shown: Sequence[Reminder], page: int, pages: int, owner_id: int, channel_id: int
) -> ui.LayoutView:
    """Show a page of somebody's reminders: those of one channel only, unless ``channel_id`` is 0."""
    view = plain(words)
    if shown:
        entries = [(reminder.id, reminder.timer.name) for reminder in shown]
        view.add_item(ui.ActionRow(Menu("reminder", "pending", 0, entries, gettext("Change one …"))))
    if pages > 1:
        turns = (("◀", page - 1, page > 1), ("▶", page + 1, page < pages))
        view.add_item(
            ui.ActionRow(
                *(
                    Button("reminder", "page", owner_id, to, channel_id, label=label, disabled=not there)
                    for label, to, there in turns
                )
            )
        )
    return view


def _button(action: str, *numbers: int) -> Button:
    label, style = _LABELS[action]
    return Button("reminder", action, *numbers, label=gettext(label), style=style)


def allowed_mentions(reminders: Sequence[Reminder], mentioned: Collection[int]) -> discord.AllowedMentions:
    """Allow mentions of whom these reminders call, except those whom an earlier message has ``mentioned``."""
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
