"""Tokens of bots, in Discord's shape."""

from __future__ import annotations

import base64
import secrets


def fresh(bot_id: str) -> str:
    """Return a new token: the bot's id in base64, six characters and 38 more, each part after a dot."""
    parts = base64.urlsafe_b64encode(bot_id.encode()).decode().rstrip("="), secrets.token_urlsafe(5)[:6]
    return ".".join((*parts, secrets.token_urlsafe(29)[:38]))
