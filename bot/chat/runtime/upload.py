"""Files that go with an answer."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that goes with an answer; ``alt`` says what a picture shows."""

    name: str
    content: bytes
    alt: str | None = None

    @property
    def file(self) -> discord.File:
        """Make a new file for discord.py; each try needs its own."""
        return discord.File(io.BytesIO(self.content), self.name, description=self.alt)

    @property
    def gallery(self) -> ui.MediaGallery[Any]:
        """Show the picture within a message."""
        return ui.MediaGallery(discord.MediaGalleryItem(f"attachment://{self.name}", description=self.alt))


def without_pictures(view: ui.LayoutView) -> ui.LayoutView:
    """Take the pictures out of a view, where they may not be posted."""
    for item in list(view.walk_children()):
        if isinstance(item, ui.MediaGallery):
            (item.parent if isinstance(item.parent, ui.Container) else view).remove_item(item)
    return view


def redrawn(view: ui.LayoutView | ui.View | None, uploads: Sequence[Upload] | None) -> dict[str, Any]:
    """Return the options of an edit that redraws a message with these files; None leaves those that it has."""
    # Repeated, since discord.py omits the client's default where only a view changes.
    options: dict[str, Any] = {"view": view, "allowed_mentions": discord.AllowedMentions.none()}
    return options if uploads is None else options | {"attachments": [upload.file for upload in uploads]}
