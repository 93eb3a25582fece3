"""The components that people press, choose from and type into: what shapes do not tell, and how they come back.

Source of limits: https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.localdiscord.emoji import is_emoji

if TYPE_CHECKING:
    from bot.localdiscord.errors import Form
    from bot.localdiscord.wire import Json

BUTTON, STRING_SELECT, TEXT_INPUT = 2, 3, 4
SELECTS = (3, 5, 6, 7, 8)
FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 19, 21, 22, 23
_LINK = 5
_MOST_OPTIONS, _MOST_FILES, _MOST_TEXT = 25, 10, 4000


def emoji(form: Form, path: str, raw: Json) -> Json:
    """Check and return an emoji; a custom one is refused, since there are none here."""
    if raw.get("id"):
        form.fail(f"{path}.id", "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")
    elif not is_emoji(raw["name"]):
        form.fail(f"{path}.name", "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")
    return {"name": raw["name"]}


def button(form: Form, path: str, raw: Json) -> Json:
    """Check and return a button: a custom_id, or a url when it is a link, never both."""
    style = raw.get("style")
    form.choice(f"{path}.style", style, (1, 2, 3, 4, _LINK))
    out: Json = {"style": style}
    if style == _LINK:
        if raw.get("custom_id"):
            form.fail(
                path,
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified",
            )
        form.filled(f"{path}.url", raw.get("url"))
        if not str(raw.get("url") or "https://").startswith(("http://", "https://", "discord://")):
            form.fail(
                f"{path}.url", "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https', 'discord')."
            )
        out["url"] = raw.get("url")
    else:
        if raw.get("url"):
            form.fail(
                path,
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified",
            )
        form.length(f"{path}.custom_id", raw.get("custom_id"), 100, 1)
        out["custom_id"] = raw.get("custom_id")
    if raw.get("label") is not None:
        out["label"] = raw["label"]
    if raw.get("emoji"):
        out["emoji"] = emoji(form, f"{path}.emoji", raw["emoji"])
    if not (out.get("label") or "").strip() and not out.get("emoji"):
        form.fail(path, "BUTTON_COMPONENT_EMPTY", "A button needs a label or an emoji")
    if raw.get("disabled"):
        out["disabled"] = True
    return out


def _options(form: Form, path: str, raw: Json) -> list[Json]:
    seen: set[str] = set()
    out: list[Json] = []
    for index, option in enumerate(raw["options"]):
        spot = f"{path}.options.{index}"
        if option["value"] in seen:
            message = "The specified option value is already used"
            form.fail(spot, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
        seen.add(option["value"])
        form.filled(f"{spot}.label", option["label"])
        kept: Json = {"label": option["label"], "value": option["value"]}
        if option.get("description"):
            kept["description"] = option["description"]
        if option.get("emoji"):
            kept["emoji"] = emoji(form, f"{spot}.emoji", option["emoji"])
        if option.get("default"):
            kept["default"] = True
        out.append(kept)
    return out


def _range(form: Form, path: str, raw: Json, most: int, *, high: int = 1, in_modal: bool = True) -> Json:
    """Check and return how many values there may be; `high` is what `max_values` is where it is not named."""
    low = 1 if raw.get("min_values") is None else raw["min_values"]
    high = high if raw.get("max_values") is None else raw["max_values"]
    if not 0 <= low <= most:
        form.fail(f"{path}.min_values", "NUMBER_TYPE_MAX", f"int value should be between 0 and {most}.")
    if in_modal and not low and raw.get("required") is not False:
        form.fail(f"{path}.min_values", "NUMBER_TYPE_MIN", "int value should be greater than or equal to 1.")
    if not max(low, 1) <= high <= most:
        form.fail(f"{path}.max_values", "NUMBER_TYPE_MAX", f"int value should be between {max(low, 1)} and {most}.")
    return {"min_values": low, "max_values": high}


def _check_defaults(form: Form, path: str, out: Json) -> None:
    """Check that no more options are chosen from the start than may be chosen at all."""
    if sum("default" in option for option in out["options"]) > out.get("max_values", 1):
        message = "The number of default options must not exceed max_values"
        form.fail(f"{path}.options", "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", message)


def select(form: Form, path: str, raw: Json, *, in_modal: bool) -> Json:
    """Check and return a select of any kind: 1 to 25 options where they are its own."""
    out: Json = {"custom_id": raw["custom_id"]}
    most = _MOST_OPTIONS
    if raw["type"] == STRING_SELECT:
        out["options"] = _options(form, path, raw)
        most = len(out["options"])
    out |= _range(form, path, raw, most, in_modal=in_modal)
    if raw["type"] == STRING_SELECT:
        _check_defaults(form, path, out)
    elif chosen := raw.get("default_values"):
        if not out["min_values"] <= len(chosen) <= out["max_values"] or any(
            chosen.count(value) > 1 for value in chosen
        ):
            message = "The number of default values must be between min_values and max_values"
            form.fail(f"{path}.default_values", "SELECT_COMPONENT_INVALID_DEFAULT_VALUES", message)
        out["default_values"] = chosen
    if raw.get("placeholder") is not None:
        out["placeholder"] = raw["placeholder"]
    if raw.get("disabled"):
        if in_modal:
            form.fail(f"{path}.disabled", "COMPONENT_DISABLED_IN_MODAL", "A select in a modal cannot be disabled")
        out["disabled"] = True
    if raw.get("required") is False:
        out["required"] = False
    if raw["type"] == 8 and raw.get("channel_types"):
        out["channel_types"] = raw["channel_types"]
    return out


def text_input(form: Form, path: str, raw: Json, *, in_label: bool) -> Json:
    """Check and return a modal's text field: up to 4000 characters."""
    out: Json = {"custom_id": raw["custom_id"], "style": raw["style"]}
    out["required"] = raw.get("required") is not False
    if not in_label:
        form.length(f"{path}.label", raw.get("label"), 45, 1)
        out["label"] = raw.get("label")
    low, high = raw.get("min_length") or 0, raw.get("max_length") or _MOST_TEXT
    if low > high:
        message = f"int value should be greater than or equal to {low}."
        form.fail(f"{path}.max_length", "NUMBER_TYPE_MIN", message)
    if raw.get("value"):
        form.length(f"{path}.value", raw["value"], high)
    names = ("value", "placeholder", "min_length", "max_length")
    return out | {name: raw[name] for name in names if raw.get(name) is not None}


def choices(form: Form, path: str, raw: Json) -> Json:
    """Check and return a modal's radio group, check boxes or file upload."""
    out: Json = {"custom_id": raw["custom_id"], "required": raw.get("required") is not False}
    if raw["type"] in {RADIO_GROUP, CHECKBOX_GROUP}:
        out["options"] = _options(form, path, raw)
    if raw["type"] == CHECKBOX_GROUP:
        out |= _range(form, path, raw, len(out["options"]), high=len(out["options"]))
    elif raw["type"] == FILE_UPLOAD:
        out |= _range(form, path, raw, _MOST_FILES)
    if "options" in out:
        _check_defaults(form, path, out)
    if raw["type"] == CHECKBOX:
        out["default"] = bool(raw.get("default"))
    return out
