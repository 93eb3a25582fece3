"""Reads the components of a message or a modal as Discord does: checks what shapes do not tell, and numbers them.

`ComponentReader.message` knows both worlds: rows of controls (V1), and the layout blocks of Components V2,
whose texts stand in for content and embeds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.localdiscord import controls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.localdiscord.errors import Form
    from bot.localdiscord.wire import Json

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
MOST_V2, MOST_ROWS, MOST_TEXT = 40, 5, 4000


def walk(components: list[Json]) -> Iterator[Json]:
    """Yield every component of a tree, outer before inner, in reading order."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        for name in ("accessory", "component"):
            if isinstance(component.get(name), dict):
                yield from walk([component[name]])


def texts(components: list[Json]) -> list[str]:
    """Return the texts of all text displays, in reading order."""
    return [str(component.get("content", "")) for component in walk(components) if component["type"] == TEXT]


class ComponentReader:
    """Reads the components of a message or modal; errors go to `form`, and `media` resolves files."""

    def __init__(self, form: Form, media: Callable[[str, str], Json]) -> None:
        self._form = form
        self._media = media
        self._custom_ids: set[str] = set()
        self._ids: set[int] = set()
        self._taken: set[int] = set()
        self._next = 0

    def message(self, raw: list[Json], *, v2: bool) -> list[Json]:
        """Return a message's components as Discord would store them."""
        everything = list(walk(raw))
        self._ids = {component["id"] for component in everything if component.get("id")}
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
        self._ids = {component["id"] for component in walk(raw) if component.get("id")}
        return self._all(raw, path, (ROW, LABEL, TEXT))

    def _all(self, raw: list[Json], path: str, allowed: tuple[int, ...]) -> list[Json]:
        return [self._component(component, f"{path}.{index}", allowed) for index, component in enumerate(raw)]

    def _number(self, raw: Json, path: str) -> int:
        if number := raw.get("id"):
            if number in self._taken:
                self._form.fail(f"{path}.id", "COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
            self._taken.add(number)
            return int(number)
        self._next += 1
        while self._next in self._ids:
            self._next += 1
        return self._next

    def _component(self, raw: Any, path: str, allowed: tuple[int, ...]) -> Json:
        kind = raw["type"]
        if kind not in allowed:
            shown = ", ".join(map(str, allowed))
            self._form.fail(path, "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({shown}).')
            return {"type": kind, "id": 0}
        out: Json = {"type": kind, "id": self._number(raw, path)}
        if kind in _READERS:
            out |= _READERS[kind](self, raw, path)
        elif kind == controls.BUTTON:
            out |= controls.button(self._form, path, raw)
        elif kind in controls.SELECTS:
            out |= controls.select(self._form, path, raw, in_modal=path.endswith(".component"))
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
        inner = raw["components"]
        modal = any(component.get("type") == controls.TEXT_INPUT for component in inner)
        out = self._all(inner, f"{path}.components", (controls.TEXT_INPUT,) if modal else _IN_ROW)
        single = modal or any(component["type"] in controls.SELECTS for component in out)
        if single and len(out) > 1:
            self._form.bad_length(f"{path}.components", 1, 1)
        return {"components": out}

    def _section(self, raw: Json, path: str) -> Json:
        out: Json = {"components": self._all(raw["components"], f"{path}.components", (TEXT,))}
        out["accessory"] = self._component(raw["accessory"], f"{path}.accessory", (controls.BUTTON, THUMBNAIL))
        return out

    def _text(self, raw: Json, path: str) -> Json:
        self._form.filled(f"{path}.content", raw["content"])
        return {"content": raw["content"]}

    def _picture(self, raw: Json, path: str) -> Json:
        return {
            "media": self._media(f"{path}.media.url", raw["media"]["url"]),
            "description": raw.get("description"),
            "spoiler": bool(raw.get("spoiler")),
        }

    def _gallery(self, raw: Json, path: str) -> Json:
        items = enumerate(raw["items"])
        return {"items": [self._picture(item, f"{path}.items.{index}") for index, item in items]}

    def _file(self, raw: Json, path: str) -> Json:
        url = raw["file"]["url"]
        if not url.startswith("attachment://"):
            message = "Scheme must be one of ('attachment',)."
            self._form.fail(f"{path}.file.url", "URL_TYPE_INVALID_SCHEME", message)
        media = self._media(f"{path}.file.url", url)
        name = url.removeprefix("attachment://").rsplit("/", 1)[-1]
        return {"file": media, "name": name, "size": media.pop("size", None), "spoiler": bool(raw.get("spoiler"))}

    def _separator(self, raw: Json, _path: str) -> Json:
        return {"spacing": raw.get("spacing") or 1, "divider": raw.get("divider") is not False}

    def _container(self, raw: Json, path: str) -> Json:
        out: Json = {"accent_color": raw.get("accent_color"), "spoiler": bool(raw.get("spoiler"))}
        return out | {"components": self._all(raw["components"], f"{path}.components", _IN_CONTAINER)}

    def _label(self, raw: Json, path: str) -> Json:
        self._form.filled(f"{path}.label", raw["label"])
        out: Json = {"label": raw["label"]}
        if raw.get("description") is not None:
            out["description"] = raw["description"]
        out["component"] = self._component(raw["component"], f"{path}.component", _IN_LABEL)
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
