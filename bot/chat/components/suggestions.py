"""Suggestions for an option of a slash command, by what is typed so far."""

from collections.abc import Iterable
from itertools import islice

from discord import app_commands

from bot.domain.ellipsis import on_one_line

# Discord's limits: 25 suggestions of 100 characters.
MOST, _LONGEST = 25, 100

Suggestions = list[app_commands.Choice[str]]


def suggestion(name: str, rest: str, value: str) -> app_commands.Choice[str]:
    """Suggest a value by a name that somebody gave it, shortened to leave room for ``rest``."""
    return app_commands.Choice(name=on_one_line(name, _LONGEST - len(rest)) + rest, value=value)


def named(names: Iterable[str]) -> Suggestions:
    """Suggest names as they are, as many as fit."""
    return [app_commands.Choice(name=name, value=name) for name in islice(names, MOST)]
