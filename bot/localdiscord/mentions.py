"""Mentions: whom a message names, and whom of them it may ping.

A name in a text pings only where `allowed_mentions` lets it, and never within code; what is kept back is not in
the message's `mentions` either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.errors import Form
    from bot.localdiscord.message import Message
    from bot.localdiscord.wire import Json
    from bot.localdiscord.world import World

_USER, _ROLE, _EVERYONE = re.compile(r"<@!?(\d+)>"), re.compile(r"<@&(\d+)>"), re.compile(r"@(everyone|here)\b")
# what a backslash escapes opens no code; the possessive `++` keeps a text of nothing but backticks quick
_CODE = re.compile(r"(\\[^0-9A-Za-z\s])|```.+?```|(`++).*?[^`]\2(?!`)", re.DOTALL)


@dataclass(slots=True)
class Mentions:
    """Whom a message mentions (ids), and `pinged`: the users who really get a notification."""

    users: list[str] = field(default_factory=list)
    roles: list[str] = field(default_factory=list)
    everyone: bool = False
    pinged: list[str] = field(default_factory=list)


def check(form: Form, allowed: Json) -> None:
    """Check `allowed_mentions`: a kind is either parsed or listed, never both."""
    parse = allowed.get("parse") or []
    for kind in ("users", "roles"):
        listed = allowed.get(kind) or []
        if kind in parse and listed:
            form.fail(
                f"allowed_mentions.{kind}",
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )


def find(
    world: World, channel: Channel, author_id: str, texts: list[str], allowed: Json | None, replied: Message | None
) -> Mentions:
    """Return what a message with these texts mentions and pings.

    Roles that are not mentionable, and @everyone, ping only for an author with MENTION_EVERYONE.
    """
    text = "\n".join(_CODE.sub(lambda match: match[1] or " ", text) for text in texts)
    guild = world.guild_of(channel)
    mighty = world.may(channel, author_id, "MENTION_EVERYONE")
    mentions = Mentions()
    for user_id in _USER.findall(text):
        if user_id in world.users and _lets(allowed, "users", user_id):
            mentions.users.append(user_id)
    if replied and not replied.webhook_id and (allowed is None or allowed.get("replied_user")):
        mentions.users.append(replied.author["id"])
    mentions.users = list(dict.fromkeys(mentions.users))
    if guild:
        for role_id in dict.fromkeys(_ROLE.findall(text)):
            role = guild.roles.get(role_id)
            if role and (role.mentionable or mighty) and _lets(allowed, "roles", role_id):
                mentions.roles.append(role_id)
        mentions.everyone = bool(_EVERYONE.search(text)) and mighty and _lets(allowed, "everyone", "")
    for user in world.readers(channel):
        member = guild.members.get(user.id) if guild else None
        by_role = member is not None and not set(mentions.roles).isdisjoint(member.roles)
        if user.id != author_id and (mentions.everyone or by_role or user.id in mentions.users):
            mentions.pinged.append(user.id)
    return mentions


def _lets(allowed: Json | None, kind: str, target: str) -> bool:
    if allowed is None:
        return True
    listed: list[Any] = allowed.get(kind) or [] if kind != "everyone" else []
    return kind in (allowed.get("parse") or []) or target in map(str, listed)
