"""The components that people press, choose from and type into: their limits, and how Discord gives them back.

Source of limits: https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.playground.errors import Form
    from bot.playground.wire import Json

BUTTON, STRING_SELECT, TEXT_INPUT = 2, 3, 4
SELECTS = (3, 5, 6, 7, 8)
FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 19, 21, 22, 23
_LINK, _PREMIUM = 5, 6
_MOST_OPTIONS = 25


def custom_id(form: Form, path: str, raw: Json) -> str:
    """Check and return a component's custom_id: 1 to 100 characters."""
    form.length(f"{path}.custom_id", raw.get("custom_id"), 100, 1)
    return str(raw.get("custom_id"))


def emoji(form: Form, path: str, raw: Any) -> Json:
    """Check and return an emoji: a custom one by its id, or a character that is one."""
    name = str(raw.get("name") or "")
    if raw.get("id"):
        return {"id": str(raw["id"]), "name": name, "animated": bool(raw.get("animated"))}
    if not name or (name.isascii() and name[:1] not in "#*0123456789"):
        form.fail(f"{path}.name", "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")
    return {"name": name}


def button(form: Form, path: str, raw: Json) -> Json:
    """Check and return a button: a custom_id, or a url when it is a link, never both."""
    style = raw.get("style")
    form.choice(f"{path}.style", style, (1, 2, 3, 4, 5, 6))
    out: Json = {"style": style}
    if style == _LINK:
        if raw.get("custom_id"):
            form.fail(
                path,
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified",
            )
        form.length(f"{path}.url", raw.get("url"), 512, 1)
        if not str(raw.get("url")).startswith(("http://", "https://", "discord://")):
            form.fail(
                f"{path}.url", "URL_TYPE_INVALID_SCHEME", "Scheme must be one of ('http', 'https', 'discord')."
            )
        out["url"] = raw.get("url")
    elif style != _PREMIUM:
        if raw.get("url"):
            form.fail(
                path,
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified",
            )
        out["custom_id"] = custom_id(form, path, raw)
    if raw.get("label") is not None:
        form.length(f"{path}.label", raw["label"], 80)
        out["label"] = raw["label"]
    if raw.get("emoji"):
        out["emoji"] = emoji(form, f"{path}.emoji", raw["emoji"])
    if not out.get("label") and not out.get("emoji") and style != _PREMIUM:
        form.fail(path, "BUTTON_COMPONENT_EMPTY", "A button needs a label or an emoji")
    if raw.get("disabled"):
        out["disabled"] = True
    return out


def _options(form: Form, path: str, raw: Json, most: int = _MOST_OPTIONS) -> list[Json]:
    options = raw.get("options") or []
    if not 1 <= len(options) <= most:
        form.bad_length(f"{path}.options", most, 1)
    seen: set[str] = set()
    out: list[Json] = []
    for index, option in enumerate(options):
        spot = f"{path}.options.{index}"
        form.length(f"{spot}.label", option.get("label"), 100, 1)
        form.length(f"{spot}.value", option.get("value"), 100, 1)
        if option.get("value") in seen:
            form.fail(
                f"{spot}.value",
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        seen.add(str(option.get("value")))
        kept: Json = {"label": option.get("label"), "value": option.get("value")}
        if option.get("description"):
            form.length(f"{spot}.description", option["description"], 100)
            kept["description"] = option["description"]
        if option.get("emoji"):
            kept["emoji"] = emoji(form, f"{spot}.emoji", option["emoji"])
        if option.get("default"):
            kept["default"] = True
        out.append(kept)
    return out


def _range(form: Form, path: str, raw: Json, most: int) -> Json:
    low = 1 if raw.get("min_values") is None else raw["min_values"]
    high = 1 if raw.get("max_values") is None else raw["max_values"]
    if not 0 <= low <= most:
        form.fail(f"{path}.min_values", "NUMBER_TYPE_MAX", f"int value should be between 0 and {most}.")
    if not max(low, 1) <= high <= most:
        form.fail(f"{path}.max_values", "NUMBER_TYPE_MAX", f"int value should be between {max(low, 1)} and {most}.")
    return {"min_values": low, "max_values": high}


def select(form: Form, path: str, raw: Json) -> Json:
    """Check and return a select of any kind: 1 to 25 options where they are its own."""
    out: Json = {"custom_id": custom_id(form, path, raw)}
    most = _MOST_OPTIONS
    if raw["type"] == STRING_SELECT:
        out["options"] = _options(form, path, raw)
        most = max(1, len(out["options"]))
    elif raw.get("default_values"):
        out["default_values"] = raw["default_values"]
    out |= _range(form, path, raw, most)
    if raw.get("placeholder") is not None:
        form.length(f"{path}.placeholder", raw["placeholder"], 150)
        out["placeholder"] = raw["placeholder"]
    if raw.get("disabled"):
        out["disabled"] = True
    if raw["type"] == 8 and raw.get("channel_types"):
        out["channel_types"] = raw["channel_types"]
    return out


def text_input(form: Form, path: str, raw: Json, *, in_label: bool) -> Json:
    """Check and return a modal's text field: up to 4000 characters."""
    form.choice(f"{path}.style", raw.get("style"), (1, 2))
    out: Json = {"custom_id": custom_id(form, path, raw), "style": raw.get("style")}
    out["required"] = raw.get("required") is not False
    if not in_label:
        form.length(f"{path}.label", raw.get("label"), 45, 1)
        out["label"] = raw.get("label")
    for name, longest in (("value", 4000), ("placeholder", 100)):
        if raw.get(name) is not None:
            form.length(f"{path}.{name}", raw[name], longest)
            out[name] = raw[name]
    for name, smallest in (("min_length", 0), ("max_length", 1)):
        if raw.get(name) is not None:
            if not smallest <= raw[name] <= 4000:
                form.fail(f"{path}.{name}", "NUMBER_TYPE_MAX", f"int value should be between {smallest} and 4000.")
            out[name] = raw[name]
    return out


def choices(form: Form, path: str, raw: Json) -> Json:
    """Check and return a modal's radio group, check boxes or file upload."""
    out: Json = {"custom_id": custom_id(form, path, raw), "required": raw.get("required") is not False}
    if raw["type"] in {RADIO_GROUP, CHECKBOX_GROUP}:
        out["options"] = _options(form, path, raw, 10)
    if raw["type"] in {CHECKBOX_GROUP, FILE_UPLOAD}:
        out |= _range(form, path, raw, 10)
    if raw["type"] == CHECKBOX:
        out["default"] = bool(raw.get("default"))
    return out
