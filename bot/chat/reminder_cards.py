"""The cards of reminders: what was understood, what is pending, and what has come, and the buttons of each."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.chat.views.button import Button
from bot.chat.views.menu import MENU_ENTRIES, Menu
from bot.domain.reminder import Reminder
from bot.domain.timer import State, Timer

_STYLE = discord.ButtonStyle
_LABELS = {
    "done": ("Done", _STYLE.success),
    "snooze_ten": ("Snooze 10 min", _STYLE.secondary),
    "snooze_hour": ("1 h", _STYLE.secondary),
    "snooze_tomorrow": ("Tomorrow 9:00", _STYLE.secondary),
    "snooze_other": ("…", _STYLE.secondary),
    "stop": ("Stop repeating", _STYLE.danger),
    "edit": ("Edit", _STYLE.secondary),
    "pause": ("Pause", _STYLE.secondary),
    "resume": ("Resume", _STYLE.success),
    "cancel": ("Cancel", _STYLE.danger),
    "undo": ("Undo", _STYLE.secondary),
    "revert": ("Undo", _STYLE.secondary),
    "wake": ("Undo", _STYLE.secondary),
}


def said(words: str, *buttons: Button) -> ui.LayoutView:
    """Show words, and buttons below them."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(words))
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    return view


def confirmation(words: str, reminder: Reminder, before_id: int | None = None) -> ui.LayoutView:
    """Show what was understood, with a way back: to nothing, or to what it was before."""
    if before_id is None:
        return said(words, _button("undo", reminder.id))
    return said(words, _button("revert", reminder.id, before_id, reminder.timer.version))


def due(words: str, reminder: Reminder, series: Reminder | None) -> ui.LayoutView:
    """Show a reminder whose time has come: it can be done with, put off, and stopped for good."""
    actions = ("done", "snooze_ten", "snooze_hour", "snooze_tomorrow", "snooze_other")
    view = said(words, *(_button(action, reminder.id) for action in actions))
    if series and series.is_pending:
        view.add_item(ui.ActionRow(_button("stop", reminder.id, series.id)))
    return view


def snoozed(words: str, reminder_id: int, snoozed_id: int) -> ui.LayoutView:
    """Show a reminder that is put off, with a way back."""
    return said(words, _button("wake", reminder_id, snoozed_id))


def bundle(words: str, timers: Sequence[Timer]) -> ui.LayoutView:
    """Show several whose time has come, with menus to choose one of them."""
    view = said(words)
    for first in range(0, len(timers), MENU_ENTRIES):
        entries = [(timer.id, timer.name) for timer in timers[first : first + MENU_ENTRIES]]
        view.add_item(ui.ActionRow(Menu("reminder", "due", first, entries, "Snooze one, or be done with it …")))
    return view


def pending(words: str, reminder: Reminder) -> ui.LayoutView:
    """Show one that is pending, with what can be done to it."""
    toggle = "resume" if reminder.timer.state is State.PAUSED else "pause"
    return said(words, *(_button(action, reminder.id) for action in ("edit", toggle, "cancel")))


def listing(
    words: str, shown: Sequence[Reminder], page: int, pages: int, owner_id: int, channel_id: int
) -> ui.LayoutView:
    """Show a page of somebody's reminders; of those in one channel alone, unless ``channel_id`` is 0."""
    view = said(words)
    if shown:
        entries = [(one.id, one.timer.name) for one in shown]
        view.add_item(ui.ActionRow(Menu("reminder", "pending", 0, entries, "Change one …")))
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
    return Button("reminder", action, *numbers, label=label, style=style)


def allowed_mentions(reminders: Sequence[Reminder]) -> discord.AllowedMentions:
    """Let a message mention those whom these reminders call, and nobody else."""
    calls = {one.calls for one in reminders if one.calls}
    return discord.AllowedMentions(
        users=[discord.Object(one.removeprefix("<@").removesuffix(">")) for one in calls if one[2:3].isdigit()],
        roles=[discord.Object(one.removeprefix("<@&").removesuffix(">")) for one in calls if one.startswith("<@&")],
        everyone=bool(calls & {"@everyone", "@here"}),
        replied_user=False,
    )
