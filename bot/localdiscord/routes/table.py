"""The table of all routes."""

from bot.localdiscord.route import Routes
from bot.localdiscord.routes import (
    accounts,
    callbacks,
    channels,
    commands,
    guilds,
    members,
    messages,
    reactions,
    threads,
    webhooks,
)

ALL_ROUTES = Routes()
for _subject in (accounts, callbacks, channels, commands, guilds, members, messages, reactions, threads, webhooks):
    ALL_ROUTES.include(_subject.routes)
