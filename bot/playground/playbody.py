"""Bodies of the page's requests, held against what they may be: who writes one by hand is told what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.localdiscord.inspection import Inspection
from bot.localdiscord.shape import of_route

if TYPE_CHECKING:
    from bot.localdiscord.wire import Json

_SAY = "POST /channels/{channel_id}/messages"
_OF_A_MESSAGE = ("content", "message_reference", "nonce", "attachments", "allowed_mentions", "flags")
_SCALAR = (str, int, float, type(None))
_TYPES: dict[str, tuple[type, ...]] = {
    "data": (dict, type(None)),
    "options": (list, type(None)),
    "components": (list, type(None)),
    "component": (dict,),
    "values": (list, type(None)),
    "name": (str,),
    "custom_id": (str,),
    "value": _SCALAR,
    "nonce": _SCALAR,
    "type": (int,),
}
_REQUIRED = {"options": ("name", "type"), "components": ("type",)}


def message(raw: Any) -> Json:
    """Return the body of a message; raise 50035 where Discord's own would be wrong."""
    inspection = Inspection(creating=True)
    body: Json = inspection.body(of_route(_SAY)["body"], raw, _OF_A_MESSAGE)
    inspection.form.raise_if_any()
    return body


def interaction(raw: Json) -> Json:
    """Return the body of an interaction; raise ValueError with a sentence for a field of a wrong type."""
    for name, value in raw.items():
        if name in _TYPES and not isinstance(value, _TYPES[name]):
            raise ValueError(f"{name} is of a wrong type.")
        if name in {"data", "component"} and isinstance(value, dict):
            interaction(value)
        for inner in value if isinstance(value, list) else ():
            _check_item(name, inner)
    return raw


def _check_item(name: str, item: Any) -> None:
    if name not in _REQUIRED:
        if not isinstance(item, _SCALAR):
            raise ValueError(f"{name} are of a wrong type.")
        return
    if not isinstance(item, dict) or not item.keys() >= set(_REQUIRED[name]):
        raise ValueError(f"Each of {name} has its {' and '.join(_REQUIRED[name])}.")
    interaction(item)
