"""A plain view: text with buttons below."""

from discord import ui

from bot.chat.components.button import Button


def plain(words: str, *buttons: Button) -> ui.LayoutView:
    """Show text with buttons below."""
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay(words))
    if buttons:
        view.add_item(ui.ActionRow(*buttons))
    return view
