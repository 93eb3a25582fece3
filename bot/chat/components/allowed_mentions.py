"""Allowed mentions: Discord pings nobody but those whom a message names here."""

from collections.abc import Iterable

import discord


def only(user_ids: Iterable[int]) -> discord.AllowedMentions:
    """Allow mentions of these people, and of nobody else."""
    return discord.AllowedMentions(users=[discord.Object(user_id) for user_id in user_ids], replied_user=False)
