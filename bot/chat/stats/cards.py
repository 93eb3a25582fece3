"""The cards of statistics: text, a picture, and buttons to switch to another."""

from collections.abc import Sequence

import discord
from discord import ui

from bot.chat.components.button import Button, plain
from bot.chat.components.menu import add_menus
from bot.chat.runtime.upload import Upload
from bot.domain.stats.command import View
from bot.messages.catalogue import N_, gettext
from bot.pictures.picture import Picture, Theme

_STYLE = discord.ButtonStyle
_LABELS = {View.WEEK: N_("Week"), View.YEAR: N_("Year"), View.HOURS: N_("Hours")}
_THEMES = {Theme.DARK: (Theme.LIGHT, "☀️"), Theme.LIGHT: (Theme.DARK, "🌙")}
THEMES = tuple(Theme)


def picture(words: str, drawn: Picture) -> tuple[ui.LayoutView, list[Upload]]:
    """Show a picture below text."""
    upload = Upload("focus.png", drawn.png, drawn.alt)
    return plain(words).add_item(upload.gallery), [upload]


def mine(
    words: str, drawn: Picture, current: View, theme: Theme, owner_id: int, day: int
) -> tuple[ui.LayoutView, list[Upload]]:
    """Show somebody's own statistics; ``day`` is in the week or the last of the year, as a Python ordinal."""
    view, uploads = picture(words, drawn)
    numbers = (owner_id, THEMES.index(theme), day)
    buttons = [
        Button("stats", other, *numbers, label=gettext(label), disabled=other is current)
        for other, label in _LABELS.items()
    ]
    other_theme, label = _THEMES[theme]
    buttons.append(Button("stats", f"{current}_again", owner_id, THEMES.index(other_theme), day, label=label))
    view.add_item(ui.ActionRow(*buttons))
    return view, uploads


def entries(
    words: str, listed: Sequence[tuple[int, str]], owner_id: int, page: int, *, has_older: bool
) -> ui.LayoutView:
    """Show a page of somebody's entries, with a menu to choose one, and buttons to the next pages."""
    view = add_menus(plain(words), "log", "entry", listed, gettext("Correct one …"))
    if page or has_older:
        newer = Button("log", "newer", max(page - 1, 0), owner_id, label=gettext("Newer"), disabled=not page)
        older = Button("log", "older", page + 1, owner_id, label=gettext("Older"), disabled=not has_older)
        view.add_item(ui.ActionRow(newer, older))
    return view


def entry(words: str, entry_id: int) -> ui.LayoutView:
    """Show an entry, with its buttons."""
    shorten = Button("log", "shorten", entry_id, label=gettext("Shorten"))
    remove = Button("log", "remove", entry_id, label=gettext("Remove"), style=_STYLE.danger)
    return plain(words, shorten, remove)


def corrected(words: str, entry_id: int) -> ui.LayoutView:
    """Show what was corrected, with a button to undo that."""
    return plain(words, Button("log", "undo", entry_id, label=gettext("Undo")))


def added(words: str, entry_id: int) -> ui.LayoutView:
    """Show what was added, with a button to remove it again."""
    return plain(words, Button("log", "remove", entry_id, label=gettext("Undo")))
