"""Modals as people fill them in: from values by custom_id to the components of a submission, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground.components import LABEL, ROW, TEXT, walk
from bot.playground.controls import CHECKBOX, CHECKBOX_GROUP, FILE_UPLOAD, RADIO_GROUP, SELECTS, TEXT_INPUT

if TYPE_CHECKING:
    from bot.playground.wire import Json

_LISTS = (*SELECTS, CHECKBOX_GROUP, FILE_UPLOAD)


def values(components: list[Json]) -> dict[str, Any]:
    """Return the values of a submission by custom_id."""
    return {
        one["custom_id"]: one.get("values", one.get("value"))
        for one in walk(components)
        if "custom_id" in one and ("value" in one or "values" in one)
    }


def filled(components: list[Json], given: dict[str, Any]) -> list[Json]:
    """Return the components of a submission; ValueError with a sentence for what the form would not let through.

    A text that is not given stays as the modal shows it.
    """
    fields = {one["custom_id"] for one in walk(components) if "custom_id" in one}
    if unknown := set(given) - fields:
        raise ValueError(
            f"The modal has no field {', '.join(sorted(unknown))}; it has {', '.join(sorted(fields))}."
        )
    return [_outer(one, given) for one in components]


def _outer(one: Json, given: dict[str, Any]) -> Json:
    if one["type"] == ROW:
        return {"type": ROW, "id": one["id"], "components": [_field(inner, given) for inner in one["components"]]}
    if one["type"] == LABEL:
        return {"type": LABEL, "id": one["id"], "component": _field(one["component"], given)}
    return {"type": TEXT, "id": one["id"]}


def _field(one: Json, given: dict[str, Any]) -> Json:
    name, kind = one["custom_id"], one["type"]
    out: Json = {"type": kind, "id": one["id"], "custom_id": name}
    if kind == TEXT_INPUT:
        text = given.get(name)
        text = one.get("value", "") if text is None else str(text)
        _check_text(one, text)
        return out | {"value": text}
    if kind in _LISTS:
        chosen = [str(value) for value in given.get(name) or _defaults(one)]
        offered = {option["value"] for option in one.get("options", [])}
        if offered and not set(chosen) <= offered:
            raise ValueError(f"{name} offers {', '.join(sorted(offered))}, not {', '.join(chosen)}.")
        low = one.get("min_values", 1) if one.get("required", True) else 0
        if not low <= len(chosen) <= one.get("max_values", 1):
            raise ValueError(f"{name} takes {low} to {one.get('max_values', 1)} values, not {len(chosen)}.")
        return out | {"values": chosen}
    value = given.get(name)
    if kind == RADIO_GROUP:
        value = next(iter(_defaults(one)), None) if value is None else str(value)
        if value is None and one.get("required", True):
            raise ValueError(f"{name} needs a choice.")
        return out | {"value": value}
    if kind == CHECKBOX:
        return out | {"value": one.get("default", False) if value is None else bool(value)}
    raise ValueError(f"{name} is of a type that nobody can fill in.")


def _check_text(one: Json, text: str) -> None:
    if not text and not one.get("required", True):
        return
    low, high = max(one.get("min_length", 0), 1 if one.get("required", True) else 0), one.get("max_length", 4000)
    if not low <= len(text) <= high:
        raise ValueError(f"{one['custom_id']} takes {low} to {high} characters, not {len(text)}.")


def _defaults(one: Json) -> list[str]:
    return [option["value"] for option in one.get("options", []) if option.get("default")]


def picked(components: list[Json], given: dict[str, Any]) -> list[str]:
    """Return the ids that were chosen in selects of users, roles and channels."""
    kinds = {one["custom_id"]: one["type"] for one in walk(components) if "custom_id" in one}
    chosen = [given[name] or [] for name, kind in kinds.items() if kind in SELECTS[1:] and name in given]
    return [str(value) for values_ in chosen for value in values_]
