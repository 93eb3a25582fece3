"""Cards: how a timer looks in a channel, and the buttons under it and under its announcement."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.chat.components.button import Button
from bot.chat.components.menu import MENU_ENTRIES, Menu
from bot.chat.components.plain import plain
from bot.chat.text import harmless
from bot.chat.timers import text
from bot.domain.time.duration import spoken
from bot.domain.timers.timer import LIVE, State, Timer
from bot.messages.catalogue import N_, gettext

_COLOUR = {
    State.RUNNING: discord.Colour(0xE5533D),
    State.PAUSED: discord.Colour(0xE0A526),
    State.DONE: discord.Colour(0x3FA45B),
    State.CANCELLED: discord.Colour(0x80848E),
}
_BUTTONS = {
    "pause": (N_("Pause"), discord.ButtonStyle.secondary),
    "resume": (N_("Resume"), discord.ButtonStyle.success),
    "extend": (N_("+5 min"), discord.ButtonStyle.secondary),
    "cancel": (N_("Cancel"), discord.ButtonStyle.danger),
    "again": (N_("Again"), discord.ButtonStyle.success),
    "overtime": (N_("+5 min"), discord.ButtonStyle.secondary),
}
_PICTURE = {State.RUNNING: "🍅", State.PAUSED: "⏸️", State.DONE: "✅", State.CANCELLED: "🚫"}


def card(timer: Timer) -> ui.LayoutView:
    """Show a timer as it stands; it needs no edits to count down, since Discord's clients do that."""
    title = f"### {_PICTURE[timer.state]} {harmless(timer.name)}\n{text.status(timer)}"
    about = f"-# #{timer.id} · {spoken(timer.length)} · <@{timer.owner_id}>"
    box = ui.Container[ui.LayoutView](ui.TextDisplay(title), accent_colour=_COLOUR[timer.state])
    box.add_item(ui.TextDisplay(about))
    if timer.state in LIVE:
        toggle = "pause" if timer.state is State.RUNNING else "resume"
        box.add_item(ui.ActionRow(*(_button(action, timer) for action in (toggle, "extend", "cancel"))))
    view = ui.LayoutView(timeout=None)
    return view.add_item(box)


def announcements(words: str, timers: Sequence[Timer]) -> ui.LayoutView:
    """Show the announcements of several timers in one message, with menus to start one of them again."""
    view = plain(words)
    for first in range(0, len(timers), MENU_ENTRIES):
        entries = [(timer.id, timer.name) for timer in timers[first : first + MENU_ENTRIES]]
        view.add_item(ui.ActionRow(Menu("timer", "again", first, entries, gettext("Start one again …"))))
    return view


def announcement_buttons(timer: Timer) -> ui.View:
    """Offer to go on: the same again, or five minutes more."""
    view = ui.View(timeout=None)
    for action in ("again", "overtime"):
        view.add_item(_button(action, timer))
    return view


def _button(action: str, timer: Timer) -> Button:
    label, style = _BUTTONS[action]
    return Button("timer", action, timer.id, label=gettext(label), style=style)
