"""Scenery: what the world of a local Discord is called before anybody does anything in it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.localdiscord.channel import TEXT, VOICE

# Each channel has an id of its own that never changes, from a block of ten.
MOST_CHANNELS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenery:
    """The names that a world starts with; ids go by position, and are the same at every start.

    `people` are two members and a moderator. `channels` are (name, type, topic). `bot_permissions` is what the
    bot's invite asked for, `bot_color` the colour of its managed role. `elsewhere` is a guild (its channel is
    `elsewhere_channel`) and `group` a group chat of all people that the bot is not in.
    """

    bot: str = "Robin"
    bot_permissions: tuple[str, ...] = ("MUTE_MEMBERS", "SET_VOICE_CHANNEL_STATUS")
    bot_color: int = 0
    other_bot: str = "robo"
    people: tuple[str, str, str] = ("ann", "ben", "mia")
    owner: str = "olive"
    guild: str = "Town Hall"
    channels: tuple[tuple[str, int, str | None], ...] = (
        ("general", TEXT, "Talk, and try the bot"),
        ("random", TEXT, None),
        ("quiet", TEXT, None),
        ("Lounge", VOICE, None),
    )
    moderator_role: str = "Moderator"
    elsewhere: str = "Book Club"
    elsewhere_channel: str = "lounge"
    group: str = "Weekend plans"

    def __post_init__(self) -> None:
        if not 1 <= len(self.channels) <= MOST_CHANNELS:
            raise ValueError(f"A world starts with 1 to {MOST_CHANNELS} channels; create_channel makes more.")


TOWN_HALL = Scenery()
