"""The world of the playground: what this bot and its server are called."""

from __future__ import annotations

from bot.localdiscord.channel import TEXT, VOICE
from bot.localdiscord.scenery import Scenery

STUDY_HALL = Scenery(
    bot="Pomodoro",
    bot_color=0xE74C3C,
    guild="Study Hall",
    channels=(
        ("general", TEXT, "Talk, and try the bot"),
        ("focus", TEXT, "Sessions together"),
        ("quiet", TEXT, None),
        ("Study", VOICE, None),
    ),
)
