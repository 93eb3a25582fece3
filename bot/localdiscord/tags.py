"""Tags: what the posts of a forum or media channel are sorted by.

Source: https://discord.com/developers/docs/resources/channel#forum-tag-object
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.localdiscord.emoji import is_emoji
from bot.localdiscord.errors import DiscordError, Form

if TYPE_CHECKING:
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.snowflake import Snowflakes
    from bot.localdiscord.wire import Json

MOST_APPLIED = 5
REQUIRE_TAG = 1 << 4


def available(form: Form, raw: Any, snowflakes: Snowflakes) -> list[Json]:
    """Check and return a channel's `available_tags`; a tag without an id is new.

    Raise 40061 where two have one name.
    """
    tags: list[Json] = []
    for index, tag in enumerate(raw or []):
        if tag.get("emoji_id") is not None and tag.get("emoji_name") is not None:
            message = "At most one of emoji_id and emoji_name may be set"
            form.fail(f"available_tags.{index}", "TAG_EMOJI_MUTUALLY_EXCLUSIVE", message)
        if tag.get("emoji_name") and not is_emoji(tag["emoji_name"]):
            form.fail(f"available_tags.{index}.emoji_name", "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")
        tags.append(
            {
                "id": str(tag.get("id") or snowflakes.next()),
                "name": tag.get("name"),
                "moderated": bool(tag.get("moderated")),
                "emoji_id": tag.get("emoji_id"),
                "emoji_name": tag.get("emoji_name"),
            }
        )
    names = [tag["name"] for tag in tags]
    if len(set(names)) < len(names):
        raise DiscordError(40061)
    return tags


def applied(channel: Channel, raw: Any, *, moderator: bool) -> list[str]:
    """Check and return the tags of a post in a channel.

    Raise 50035 for more than five, an unknown one or one twice, 40067 for none where one is required, 50013 where
    one is for moderators only.
    """
    ids = [str(tag_id) for tag_id in raw or []]
    form = Form()
    if len(ids) > MOST_APPLIED:
        form.bad_length("applied_tags", MOST_APPLIED)
    known = {tag["id"]: tag for tag in channel.tags}
    for index, tag_id in enumerate(ids):
        if tag_id not in known:
            form.fail(f"applied_tags.{index}", "BASE_TYPE_CHOICES", "Value is not one of the channel's tags.")
        elif tag_id in ids[:index]:
            message = f'The set already contains "{tag_id}"'
            form.fail(f"applied_tags.{index}", "SET_TYPE_ALREADY_CONTAINS_VALUE", message)
    form.raise_if_any()
    if not ids and channel.flags & REQUIRE_TAG:
        raise DiscordError(40067)
    if not moderator and any(known[tag_id]["moderated"] for tag_id in ids):
        raise DiscordError(50013)
    return ids
