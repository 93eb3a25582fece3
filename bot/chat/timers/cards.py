"""Cards: how a timer looks in a channel, and the buttons under it and under its announcement."""

import discord
from discord import ui

from bot.chat.components.button import Button
from bot.chat.text import escape
from bot.chat.timers import text
from bot.domain.time.duration import spoken
from bot.domain.timers import name
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
    "rest": (N_("Take 5"), discord.ButtonStyle.secondary),
    "done": (N_("Done"), discord.ButtonStyle.secondary),
    "day": (N_("My day"), discord.ButtonStyle.secondary),
}
_PICTURE = {State.RUNNING: "🍅", State.PAUSED: "⏸️", State.DONE: "✅", State.CANCELLED: "🚫"}
_KITCHEN = "⏲️"


def card(timer: Timer) -> ui.LayoutView:
    """Show a timer as it stands; it needs no edits to count down, since Discord's clients do that."""
    picture = _KITCHEN if timer.counts_from is None and timer.state is State.RUNNING else _PICTURE[timer.state]
    title = f"### {picture} {escape(timer.name)}\n{text.status(timer)}"
    about = f"-# #{timer.id} · {spoken(timer.length)} · <@{timer.owner_id}>"
    box = ui.Container[ui.LayoutView](ui.TextDisplay(title), accent_colour=_COLOUR[timer.state])
    box.add_item(ui.TextDisplay(about))
    if timer.state in LIVE:
        toggle = "pause" if timer.state is State.RUNNING else "resume"
        buttons = [_button(action, timer) for action in (toggle, "extend", "cancel")]
        box.add_item(ui.ActionRow(*buttons, *_offer(timer)))
    return ui.LayoutView(timeout=None).add_item(box)


def announcement_buttons(timer: Timer, *, has_day: bool) -> ui.View:
    """Offer what may follow: again, a break, or done; and *My day* where the announcement doesn't tell it."""
    view = ui.View(timeout=None)
    is_break = timer.name == name.BREAK
    actions = ("again", "done") if is_break else ("again", "rest", "done")
    day = () if has_day or is_break or timer.counts_from is None else ("day",)
    for button in (*(_button(action, timer) for action in (*actions, *day)), *_offer(timer)):
        view.add_item(button)
    return view


def _offer(timer: Timer) -> list[Button]:
    if timer.offer is None:
        return []
    label = gettext("Make it {length}", length=spoken(timer.offer))
    return [Button("timer", "make", timer.id, int(timer.offer.total_seconds()), label=label)]


def _button(action: str, timer: Timer) -> Button:
    label, style = _BUTTONS[action]
    return Button("timer", action, timer.id, label=gettext(label), style=style)
