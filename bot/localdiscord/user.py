"""Users: people and bots, as everyone sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.localdiscord.wire import Json


@dataclass(slots=True)
class User:
    """One account.

    `dm_blocked` tells that it takes no direct messages from the bot, `installed` that it has added the app to
    itself, `nitro` that it may write longer messages, `two_factor` that it has two-factor authentication (for a
    bot, that its owner has).
    """

    id: str
    username: str
    global_name: str | None = None
    bot: bool = False
    dm_blocked: bool = False
    installed: bool = False
    nitro: bool = False
    two_factor: bool = True

    @property
    def shown_name(self) -> str:
        """The name that people read."""
        return self.global_name or self.username

    def wire(self) -> Json:
        """Return the user in Discord's form (`UserResponse`)."""
        wire: Json = {
            "id": self.id,
            "username": self.username,
            "avatar": None,
            "discriminator": "0000" if self.bot else "0",
            "public_flags": 0,
            "flags": 0,
            "banner": None,
            "accent_color": None,
            "global_name": self.global_name,
            "avatar_decoration_data": None,
            "collectibles": None,
            "primary_guild": None,
        }
        if self.bot:
            wire["bot"] = True
        return wire
