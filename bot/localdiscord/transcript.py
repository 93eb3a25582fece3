"""A transcript: everything that happened in a local Discord, in order, to debug a failed test."""

from __future__ import annotations

import json
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from bot.localdiscord.components import walk
from bot.localdiscord.controls import BUTTON
from bot.localdiscord.interaction import AUTOCOMPLETE, COMMAND, COMPONENT
from bot.localdiscord.invocation import parts_of
from bot.localdiscord.local import text_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.localdiscord.backend import Backend
    from bot.localdiscord.events import Event
    from bot.localdiscord.exchange import Exchange
    from bot.localdiscord.wire import Json

_MOST_LINES, _LONGEST = 1000, 400
_MESSAGES = {"MESSAGE_CREATE": "", "MESSAGE_UPDATE": " changes it to"}
# What is told by a message, or says nothing about why a test failed.
_LEFT_OUT = {
    "CHANNEL_PINS_UPDATE",
    "COMMANDS",
    "INTERACTION_MODAL",
    "INTERACTION_SUCCESS",
    "PERSON_UPDATE",
    "PRESENCE_UPDATE",
    "TYPING_START",
}
_CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
_CALLBACKS = {5: "will answer later", 6: "acknowledges", 9: "shows a form"}


class Transcript:
    """Listens from when it is made on, and keeps the last thousand lines; `listeners` are told of each.

    A line has the seconds since then, where it was, who did it and what: messages and their changes,
    interactions and what became of them, requests that were refused or lost, and connections to the gateway.
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.lines: deque[str] = deque(maxlen=_MOST_LINES)
        self.listeners: list[Callable[[str], None]] = []
        self._world = backend.world
        self._began = time.monotonic()
        self._connected = len(backend.gateway.connected)
        backend.events.listeners.append(self._hear)
        backend.gateway.bell.listeners.append(self._count_connections)
        backend.record.listeners.append(self._note)

    def text(self, most: int = 200) -> str:
        """Return the last lines, oldest first."""
        lines = list(self.lines)
        left_out = [f"… {len(lines) - most} lines before"] if len(lines) > most else []
        return "\n".join([*left_out, *lines[-most:]])

    def _add(self, where: str, what: str) -> None:
        text = what if len(what) <= _LONGEST else f"{what[:_LONGEST]}…"
        line = f"{time.monotonic() - self._began:8.3f}  {where:<12}  {text}"
        self.lines.append(line)
        for listener in list(self.listeners):
            listener(line)

    def _hear(self, event: Event) -> None:
        if event.name in _LEFT_OUT:
            return
        where = self._place(event)
        if event.message and event.name in _MESSAGES:
            wire = event.message.wire(self._world, event.reader_id)
            alone = f" (for {self._name(event.reader_id)} alone)" if event.reader_id else ""
            self._add(where, f"{wire['author']['username']}{_MESSAGES[event.name]}{alone}: {_shown(wire)}")
        elif event.name == "INTERACTION_CREATE":
            self._add(where, f"{_user(event.data)['username']} {_invoked(event.data)}")
        elif event.name == "INTERACTION_FAILURE":
            self._add("interaction", f"failed for {self._name(event.reader_id)}: {event.data['reason']}")
        elif event.name == "AUTOCOMPLETE":
            offered = ", ".join(str(choice["name"]) for choice in event.data["choices"])
            self._add("interaction", f"{self._name(event.reader_id)} is offered: {offered or 'nothing'}")
        else:
            self._add(where, _told(event))

    def _note(self, exchange: Exchange) -> None:
        if exchange.status == 0:
            self._add("REST", f"{exchange.method} {exchange.path} was not answered")
        elif exchange.status >= 400:
            why = json.dumps(exchange.response, ensure_ascii=False)
            by_fault = " by a fault" if exchange.faulty else ""
            self._add("REST", f"{exchange.method} {exchange.path} refused with {exchange.status}{by_fault}: {why}")
        elif exchange.route == _CALLBACK and exchange.request.get("type") in _CALLBACKS:
            self._add("interaction", f"{self._world.bot.username} {_CALLBACKS[exchange.request['type']]}")

    def _count_connections(self) -> None:
        connected = len(self.backend.gateway.connected)
        if connected != self._connected:
            self._add("gateway", f"{connected} connected, {self._connected} before")
            self._connected = connected

    def _place(self, event: Event) -> str:
        channel = event.channel
        if channel is None:
            guild = self._world.guilds.get(event.guild_id or "")
            return guild.name if guild else ""
        if channel.guild_id is None:
            return channel.name or "@" + ", ".join(user.username for user in channel.recipients)
        return f"#{channel.name}"

    def _name(self, user_id: str | None) -> str:
        user = self._world.users.get(user_id or "")
        return user.username if user else "somebody"


def _user(interaction: Json) -> Json:
    user: Json = interaction["member"]["user"] if "member" in interaction else interaction["user"]
    return user


def _shown(message: Json) -> str:
    """Return a message in one line: its text, its buttons in brackets, its files."""
    parts = [text_of(message).replace("\n", " ⏎ ")]
    for part in walk(message["components"]):
        if part["type"] == BUTTON:
            parts.append(f"[{part.get('label') or part.get('custom_id') or part.get('url')}]")
        elif "options" in part:
            parts.append(f"[{part.get('custom_id')}: {' | '.join(option['label'] for option in part['options'])}]")
    parts += [f"📎 {file['filename']}" for file in message["attachments"]]
    return " ".join(part for part in parts if part) or "(nothing to read)"


def _invoked(interaction: Json) -> str:
    data: Json = interaction["data"]
    kind = interaction["type"]
    if kind in {COMMAND, AUTOCOMPLETE}:
        words, given, _ = parts_of(data)
        options = " ".join(f"{name}:{value}" for name, value in given.items())
        line = " ".join(part for part in (f"/{data['name']}", *words, options) if part)
        return f"{'uses' if kind == COMMAND else 'is typing'} {line}"
    if kind == COMPONENT:
        label = _label(interaction["message"]["components"], data["custom_id"])
        values = f" with {', '.join(data['values'])}" if "values" in data else ""
        return f"presses [{label}]{values}"
    return f"sends the form: {json.dumps(_values(data['components']), ensure_ascii=False)}"


def _label(components: list[Json], custom_id: str) -> str:
    labels = [part.get("label") for part in walk(components) if part.get("custom_id") == custom_id]
    return str(next(filter(None, labels), custom_id))


def _values(components: list[Json]) -> dict[str, Any]:
    return {
        part["custom_id"]: part.get("value", part.get("values")) for part in walk(components) if "custom_id" in part
    }


def _told(event: Event) -> str:
    """Return an event by its name, and by what it is about where that has a name or an id."""
    about = event.data.get("name") or event.data.get("user") or event.data.get("id") or ""
    if isinstance(about, dict):
        about = about.get("username", "")
    return f"{event.name.lower().replace('_', ' ')} {about}".strip()
