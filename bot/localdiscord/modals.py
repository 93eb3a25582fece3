"""Modals as people fill them in: from values by custom_id to the components of a submission, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.localdiscord.components import LABEL, ROW, TEXT, walk
from bot.localdiscord.controls import CHECKBOX, CHECKBOX_GROUP, FILE_UPLOAD, RADIO_GROUP, SELECTS, TEXT_INPUT

if TYPE_CHECKING:
    from bot.localdiscord.wire import Json

_LISTS = (*SELECTS, CHECKBOX_GROUP, FILE_UPLOAD)


def values(components: list[Json]) -> dict[str, Any]:
    """Return the values of a submission by custom_id."""
    return {
        part["custom_id"]: part.get("values", part.get("value"))
        for part in walk(components)
        if "custom_id" in part and ("value" in part or "values" in part)
    }


def filled(components: list[Json], given: dict[str, Any]) -> list[Json]:
    """Return the components of a submission; ValueError with a sentence for what the form would not let through.

    A text that is not given stays as the modal shows it.
    """
    fields = {part["custom_id"] for part in walk(components) if "custom_id" in part}
    if unknown := set(given) - fields:
        raise ValueError(
            f"The modal has no field {', '.join(sorted(unknown))}; it has {', '.join(sorted(fields))}."
        )
    return [_outer(part, given) for part in components]


def _outer(part: Json, given: dict[str, Any]) -> Json:
    if part["type"] == ROW:
        return {"type": ROW, "id": part["id"], "components": [_field(inner, given) for inner in part["components"]]}
    if part["type"] == LABEL:
        return {"type": LABEL, "id": part["id"], "component": _field(part["component"], given)}
    return {"type": TEXT, "id": part["id"]}


def _field(field: Json, given: dict[str, Any]) -> Json:
    name, kind = field["custom_id"], field["type"]
    out: Json = {"type": kind, "id": field["id"], "custom_id": name}
    if kind == TEXT_INPUT:
        text = given.get(name)
        text = field.get("value", "") if text is None else str(text)
        _check_text(field, text)
        return out | {"value": text}
    if kind in _LISTS:
        chosen = [str(value) for value in given.get(name) or _defaults(field)]
        offered = {option["value"] for option in field.get("options", [])}
        if offered and not set(chosen) <= offered:
            raise ValueError(f"{name} offers {', '.join(sorted(offered))}, not {', '.join(chosen)}.")
        low = field.get("min_values", 1) if field.get("required", True) else 0
        if not low <= len(chosen) <= field.get("max_values", 1):
            raise ValueError(f"{name} takes {low} to {field.get('max_values', 1)} values, not {len(chosen)}.")
        return out | {"values": chosen}
    value = given.get(name)
    if kind == RADIO_GROUP:
        value = next(iter(_defaults(field)), None) if value is None else str(value)
        if value is None and field.get("required", True):
            raise ValueError(f"{name} needs a choice.")
        return out | {"value": value}
    if kind == CHECKBOX:
        return out | {"value": field.get("default", False) if value is None else bool(value)}
    raise ValueError(f"{name} is of a type that nobody can fill in.")


def _check_text(field: Json, text: str) -> None:
    if not text and not field.get("required", True):
        return
    low, high = (
        max(field.get("min_length", 0), 1 if field.get("required", True) else 0),
        field.get("max_length", 4000),
    )
    if not low <= len(text) <= high:
        raise ValueError(f"{field['custom_id']} takes {low} to {high} characters, not {len(text)}.")


def _defaults(field: Json) -> list[str]:
    return [option["value"] for option in field.get("options", []) if option.get("default")]


def picked(components: list[Json], given: dict[str, Any]) -> list[str]:
    """Return the ids that were chosen in selects of users, roles and channels."""
    kinds = {part["custom_id"]: part["type"] for part in walk(components) if "custom_id" in part}
    chosen = [given[name] or [] for name, kind in kinds.items() if kind in SELECTS[1:] and name in given]
    return [str(value) for values_ in chosen for value in values_]
