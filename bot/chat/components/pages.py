"""Pages of a long list, and the buttons that turn them."""

from collections.abc import Sequence
from typing import TypeVar

from discord import ui

from bot.chat.components.button import Button

T = TypeVar("T")


def cut(entries: Sequence[T], page: int, size: int) -> tuple[Sequence[T], int, int]:
    """Return a page of entries, its number, and the number of pages; ``page`` is clamped to those there are."""
    pages = max(1, -(-len(entries) // size))
    page = min(max(page, 1), pages)
    return entries[(page - 1) * size : page * size], page, pages


def add_turns(view: ui.LayoutView, kind: str, list_id: int, page: int, pages: int, *more: int) -> None:
    """Add buttons to the pages before and after, if there are several; they carry the list's id and ``more``."""
    if pages > 1:
        turns = (("◀", page - 1, page > 1), ("▶", page + 1, page < pages))
        buttons = (
            Button(kind, "page", list_id, to, *more, label=label, disabled=not there) for label, to, there in turns
        )
        view.add_item(ui.ActionRow(*buttons))
