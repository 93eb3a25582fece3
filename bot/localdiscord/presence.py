"""Presences: the status and the activities that a bot tells of itself.

Source: https://discord.com/developers/docs/events/gateway-events#update-presence
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.localdiscord.wire import Json

_STATUSES = {"online", "dnd", "idle", "invisible", "offline"}
_REQUIRED = {"since", "activities", "status"}


def read(data: Any) -> Json:
    """Return a presence that was sent; raise ValueError where Discord rejects it."""
    if not fits(data) or not data.keys() >= _REQUIRED or data["status"] is None:
        raise ValueError("It needs since, activities and a status.")
    presence: Json = data
    return presence


def fits(data: Any) -> bool:
    """Return whether what there is of a presence is of its right type: an IDENTIFY may have only a part."""
    if not isinstance(data, dict):
        return False
    status, since, activities = (data.get(name) for name in ("status", "since", "activities"))
    return (
        (status is None or (isinstance(status, str) and status in _STATUSES))
        and (since is None or (isinstance(since, int | float) and not isinstance(since, bool)))
        and isinstance(data.get("afk"), bool | None)
        and (activities is None or (isinstance(activities, list) and all(map(_is_activity, activities))))
    )


def _is_activity(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("name"), str) and type(value.get("type")) is int
