"""Gateway intents: which events a session asked for.

Source: https://discord.com/developers/docs/events/gateway#gateway-intents
"""

from __future__ import annotations

GUILDS, MEMBERS, MODERATION, WEBHOOKS, VOICE, PRESENCES = 1 << 0, 1 << 1, 1 << 2, 1 << 5, 1 << 7, 1 << 8
GUILD_MESSAGES, GUILD_REACTIONS, GUILD_TYPING = 1 << 9, 1 << 10, 1 << 11
DM_MESSAGES, DM_REACTIONS, DM_TYPING = 1 << 12, 1 << 13, 1 << 14
MESSAGE_CONTENT = 1 << 15
KNOWN = (1 << 18) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25

"""Bit 17 is not documented any more; Discord takes it, and interactions.py asks for it."""

PRESENCE_FLAG, MEMBERS_FLAG, CONTENT_FLAG = 1 << 13, 1 << 15, 1 << 19
"""The application's flags that tell of the portal's toggles (those of apps in under 100 guilds)."""


def application_flags(*, message_content: bool) -> int:
    """Return the application's public flags: the portal grants all privileged intents, but for its one toggle."""
    return MEMBERS_FLAG | PRESENCE_FLAG | (CONTENT_FLAG if message_content else 0)


_BY_PREFIX = (
    ("MESSAGE_REACTION_", GUILD_REACTIONS, DM_REACTIONS),
    ("MESSAGE_", GUILD_MESSAGES, DM_MESSAGES),
    ("TYPING_START", GUILD_TYPING, DM_TYPING),
    ("CHANNEL_PINS_UPDATE", GUILDS, DM_MESSAGES),
    ("CHANNEL_", GUILDS, 0),
    ("THREAD_", GUILDS, 0),
    ("GUILD_MEMBER_", MEMBERS, 0),
    ("GUILD_BAN_", MODERATION, 0),
    ("GUILD_", GUILDS, 0),
    ("VOICE_CHANNEL_STATUS", GUILDS, 0),
    ("VOICE_STATE_UPDATE", VOICE, 0),
    ("PRESENCE_UPDATE", PRESENCES, 0),
    ("WEBHOOKS_UPDATE", WEBHOOKS, 0),
)


def needed(event: str, *, in_guild: bool) -> int | None:
    """Return the intent that an event needs, 0 where it is never sent, None where it needs none."""
    for prefix, guild, direct in _BY_PREFIX:
        if event.startswith(prefix):
            return guild if in_guild else direct
    return None
