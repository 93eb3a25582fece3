"""Reads the components of a message or a modal as Discord does: checks, numbers and completes them.

`ComponentReader.message` knows both worlds: rows of controls (V1), and the layout blocks of Components V2,
whose texts stand in for content and embeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.playground import controls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.playground.errors import Form
    from bot.playground.wire import Json

ROW, SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 1, 9, 10, 11, 12, 13, 14, 17, 18
V2_TOP = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER)
_IN_CONTAINER = (ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR)
_IN_ROW = (controls.BUTTON, *controls.SELECTS)
_IN_LABEL = (
    *controls.SELECTS,
    controls.TEXT_INPUT,
    controls.FILE_UPLOAD,
    controls.RADIO_GROUP,
    controls.CHECKBOX_GROUP,
    controls.CHECKBOX,
)
MOST_V2, MOST_ROWS, MOST_BUTTONS, MOST_TEXT = 40, 5, 5, 4000


def walk(components: list[Json]) -> Iterator[Json]:
    """Yield every component of a tree, outer before inner, in reading order."""
    for one in components:
        yield one
        yield from walk(one.get("components") or [])
        for name in ("accessory", "component"):
            if isinstance(one.get(name), dict):
                yield from walk([one[name]])


def texts(components: list[Json]) -> list[str]:
    """Return the texts of all text displays, in reading order."""
    return [str(one.get("content", "")) for one in walk(components) if one["type"] == TEXT]


class ComponentReader:
    """Reads one message's or modal's components; what is wrong goes to `form`, files are resolved by `media`."""

    def __init__(self, form: Form, media: Callable[[str, str], Json]) -> None:
        self._form = form
        self._media = media
        self._custom_ids: set[str] = set()
        self._ids: set[int] = set()
        self._next = 0

    def message(self, raw: list[Json], *, v2: bool) -> list[Json]:
        """Return a message's components as Discord would store them."""
        everything = list(walk(raw))
        self._ids = {one["id"] for one in everything if one.get("id")}
        if v2:
            if len(everything) > MOST_V2:
                self._form.fail(
                    "components",
                    "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
                    f"The total number of components must not exceed {MOST_V2}",
                )
            if sum(map(len, texts(raw))) > MOST_TEXT:
                self._form.fail(
                    "components",
                    "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
                    f"The total text must be {MOST_TEXT} or fewer in length.",
                )
        elif len(raw) > MOST_ROWS:
            self._form.bad_length("components", MOST_ROWS, 1)
        return self._all(raw, "components", V2_TOP if v2 else (ROW,))

    def modal(self, raw: list[Json], path: str) -> list[Json]:
        """Return a modal's components: labels, texts, and the older rows with one text input."""
        self._ids = {one["id"] for one in walk(raw) if one.get("id")}
        return self._all(raw, path, (ROW, LABEL, TEXT))

    def _all(self, raw: list[Json], path: str, allowed: tuple[int, ...]) -> list[Json]:
        return [self._one(one, f"{path}.{index}", allowed) for index, one in enumerate(raw)]

    def _number(self, raw: Json) -> int:
        if raw.get("id"):
            return int(raw["id"])
        self._next += 1
        while self._next in self._ids:
            self._next += 1
        return self._next

    def _one(self, raw: Any, path: str, allowed: tuple[int, ...]) -> Json:
        kind = raw.get("type") if isinstance(raw, dict) else None
        if kind not in allowed:
            self._form.choice(f"{path}.type", kind, allowed)
            return {"type": kind, "id": 0}
        out: Json = {"type": kind, "id": self._number(raw)}
        if kind in _READERS:
            out |= _READERS[kind](self, raw, path)
        elif kind == controls.BUTTON:
            out |= controls.button(self._form, path, raw)
        elif kind in controls.SELECTS:
            out |= controls.select(self._form, path, raw)
        elif kind == controls.TEXT_INPUT:
            out |= controls.text_input(self._form, path, raw, in_label=path.endswith(".component"))
        else:
            out |= controls.choices(self._form, path, raw)
        if name := out.get("custom_id"):
            if name in self._custom_ids:
                self._form.fail(
                    f"{path}.custom_id",
                    "COMPONENT_CUSTOM_ID_DUPLICATED",
                    "Component custom id cannot be duplicated",
                )
            self._custom_ids.add(name)
        return out

    def _row(self, raw: Json, path: str) -> Json:
        inner = raw.get("components") or []
        modal = any(one.get("type") == controls.TEXT_INPUT for one in inner)
        out = self._all(inner, f"{path}.components", (controls.TEXT_INPUT,) if modal else _IN_ROW)
        single = modal or any(one["type"] in controls.SELECTS for one in out)
        if not 1 <= len(out) <= (1 if single else MOST_BUTTONS):
            self._form.bad_length(f"{path}.components", 1 if single else MOST_BUTTONS, 1)
        return {"components": out}

    def _section(self, raw: Json, path: str) -> Json:
        inner = raw.get("components") or []
        if not 1 <= len(inner) <= 3:
            self._form.bad_length(f"{path}.components", 3, 1)
        out: Json = {"components": self._all(inner, f"{path}.components", (TEXT,))}
        out["accessory"] = self._one(raw.get("accessory"), f"{path}.accessory", (controls.BUTTON, THUMBNAIL))
        return out

    def _text(self, raw: Json, path: str) -> Json:
        self._form.length(f"{path}.content", raw.get("content"), MOST_TEXT, 1)
        return {"content": raw.get("content")}

    def _picture(self, raw: Json, path: str) -> Json:
        description = raw.get("description")
        if description is not None:
            self._form.length(f"{path}.description", description, 1024)
        return {
            "media": self._media(f"{path}.media.url", str((raw.get("media") or {}).get("url"))),
            "description": description,
            "spoiler": bool(raw.get("spoiler")),
        }

    def _gallery(self, raw: Json, path: str) -> Json:
        items = raw.get("items") or []
        if not 1 <= len(items) <= 10:
            self._form.bad_length(f"{path}.items", 10, 1)
        return {"items": [self._picture(item, f"{path}.items.{index}") for index, item in enumerate(items)]}

    def _file(self, raw: Json, path: str) -> Json:
        url = str((raw.get("file") or {}).get("url"))
        media = self._media(f"{path}.file.url", url)
        name = url.removeprefix("attachment://").rsplit("/", 1)[-1]
        return {"file": media, "name": name, "size": media.pop("size", None), "spoiler": bool(raw.get("spoiler"))}

    def _separator(self, raw: Json, path: str) -> Json:
        spacing = raw.get("spacing") or 1
        self._form.choice(f"{path}.spacing", spacing, (1, 2))
        return {"spacing": spacing, "divider": raw.get("divider") is not False}

    def _container(self, raw: Json, path: str) -> Json:
        inner = raw.get("components") or []
        if not inner:
            self._form.bad_length(f"{path}.components", MOST_V2, 1)
        color = raw.get("accent_color")
        if color is not None and not 0 <= color <= 0xFFFFFF:
            self._form.fail(
                f"{path}.accent_color", "NUMBER_TYPE_MAX", "int value should be less than or equal to 16777215."
            )
        out = self._all(inner, f"{path}.components", _IN_CONTAINER)
        return {"accent_color": color, "spoiler": bool(raw.get("spoiler")), "components": out}

    def _label(self, raw: Json, path: str) -> Json:
        self._form.length(f"{path}.label", raw.get("label"), 45, 1)
        out: Json = {"label": raw.get("label")}
        if raw.get("description") is not None:
            self._form.length(f"{path}.description", raw["description"], 100)
            out["description"] = raw["description"]
        out["component"] = self._one(raw.get("component"), f"{path}.component", _IN_LABEL)
        return out


_READERS: dict[int, Callable[[ComponentReader, Json, str], Json]] = {
    ROW: ComponentReader._row,  # noqa: SLF001 - the table of this class's own methods
    SECTION: ComponentReader._section,  # noqa: SLF001
    TEXT: ComponentReader._text,  # noqa: SLF001
    THUMBNAIL: ComponentReader._picture,  # noqa: SLF001
    GALLERY: ComponentReader._gallery,  # noqa: SLF001
    FILE: ComponentReader._file,  # noqa: SLF001
    SEPARATOR: ComponentReader._separator,  # noqa: SLF001
    CONTAINER: ComponentReader._container,  # noqa: SLF001
    LABEL: ComponentReader._label,  # noqa: SLF001
}
