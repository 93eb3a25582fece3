"""The cards of statistics: words, a picture, and buttons to see another."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.chat.talk import Upload
from bot.chat.views.button import Button
from bot.chat.views.menu import Menu
from bot.domain.stats_request import View
from bot.pictures.picture import Picture, Theme

_STYLE = discord.ButtonStyle
_LABELS = {View.WEEK: "Week", View.YEAR: "Year", View.HOURS: "Hours"}
_THEMES = {Theme.DARK: (Theme.LIGHT, "☀️"), Theme.LIGHT: (Theme.DARK, "🌙")}
THEMES = tuple(Theme)


def words(said: str, *buttons: Button) -> ui.LayoutView:
    """Show words, and buttons below them."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(said))
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    return view


def picture(said: str, drawn: Picture) -> tuple[ui.LayoutView, list[Upload]]:
    """Show a picture below words."""
    upload = Upload("focus.png", drawn.png, drawn.alt)
    view = words(said)
    view.add_item(ui.MediaGallery(discord.MediaGalleryItem("attachment://focus.png", description=drawn.alt)))
    return view, [upload]


def mine(
    said: str, drawn: Picture, shown: View, theme: Theme, owner_id: int, day: int
) -> tuple[ui.LayoutView, list[Upload]]:
    """Show somebody's own; ``day`` is one of the week or the last of the year, counted as Python does."""
    view, uploads = picture(said, drawn)
    numbers = (owner_id, THEMES.index(theme), day)
    buttons = [
        Button("stats", other, *numbers, label=label, disabled=other is shown) for other, label in _LABELS.items()
    ]
    other_theme, label = _THEMES[theme]
    buttons.append(Button("stats", f"{shown}_again", owner_id, THEMES.index(other_theme), day, label=label))
    view.add_item(ui.ActionRow(*buttons))
    return view, uploads


def entries(said: str, listed: Sequence[tuple[int, str]]) -> ui.LayoutView:
    """Show somebody's last entries, with a menu to choose one."""
    view = words(said)
    if listed:
        view.add_item(ui.ActionRow(Menu("log", "entry", 0, listed, "Set one right …")))
    return view


def entry(said: str, entry_id: int) -> ui.LayoutView:
    """Show an entry, with what can be done about it."""
    shorten = Button("log", "shorten", entry_id, label="Shorten")
    return words(said, shorten, Button("log", "remove", entry_id, label="Take away", style=_STYLE.danger))


def ask_to_delete(said: str, user_id: int) -> ui.LayoutView:
    """Ask before all is deleted."""
    delete = Button("privacy", "delete", user_id, label="Delete it all", style=_STYLE.danger)
    return words(said, delete, Button("privacy", "keep", user_id, label="Keep it"))
