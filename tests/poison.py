"""Poison: gateway events that discord.py cannot parse, by name, with the defect and its cause."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from bot.localdiscord.alteration import replaced, without
from bot.localdiscord.local import LocalDiscord

if TYPE_CHECKING:
    from bot.localdiscord.alteration import Alteration

EVENTS: Sequence[tuple[str, "Alteration", Callable[[LocalDiscord], Any]]] = [
    ("CHANNEL_CREATE", without("id"), lambda discord: discord.create_channel("new")),
    ("CHANNEL_DELETE", replaced("", None), lambda discord: discord.delete_channel(discord.create_channel("new"))),
    ("GUILD_CREATE", without("channels.0.id"), lambda discord: discord.add_guild("Other")),
    (
        "MESSAGE_CREATE",
        without("author"),
        lambda discord: discord.person("ann").say(discord.channel("general"), "x"),
    ),
    (
        "VOICE_STATE_UPDATE",
        replaced("user_id", []),
        lambda discord: discord.person("ann").join_voice(discord.channel("Study")),
    ),
]
