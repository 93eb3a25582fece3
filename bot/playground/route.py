"""Routes: which part of the backend answers which REST request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bot.playground.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.playground.attachments import Upload
    from bot.playground.backend import Backend
    from bot.playground.channel import Channel
    from bot.playground.wire import Json


@dataclass(slots=True)
class Call:
    """One request: where it goes, and what it brings."""

    backend: Backend
    path: dict[str, str]
    query: Mapping[str, str]
    body: Any
    uploads: list[Upload] = field(default_factory=list)

    @property
    def form(self) -> Json:
        """The JSON object in the body; raise 50035 when it is something else."""
        if self.body is None:
            return {}
        if not isinstance(self.body, dict):
            raise invalid("", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return self.body

    @property
    def bot_id(self) -> str:
        """The id of the bot, which is also that of its application."""
        return self.backend.world.bot.id

    def channel(self) -> Channel:
        """Return the channel that the address names, if the bot sees it; raise 10003 or 50001."""
        channel = self.backend.world.channel(self.path["channel_id"])
        self.backend.world.require(channel, self.bot_id)
        return channel

    def number(self, name: str, default: int, most: int) -> int:
        """Return a number from the query, between 1 and `most`; raise 50035."""
        text = self.query.get(name, str(default))
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise invalid(name, "NUMBER_TYPE_MAX", f"int value should be between 1 and {most}.")
        return int(text)


if TYPE_CHECKING:
    Answer = tuple[int, Any]
    Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(slots=True, frozen=True)
class Route:
    """One address.  `public` needs no bot token; `unlimited` is outside the global rate limit."""

    method: str
    template: str
    handler: Handler
    public: bool = False
    unlimited: bool = False

    def match(self, parts: list[str]) -> dict[str, str] | None:
        """Return the parameters when the address is this route's."""
        found: dict[str, str] = {}
        for wanted, part in zip(self.template.split("/")[1:], parts, strict=True):
            if wanted.startswith("{"):
                found[wanted[1:-1]] = part
            elif wanted != part:
                return None
        return found


class Routes:
    """A table of routes; fixed words win over parameters."""

    def __init__(self) -> None:
        self._table: dict[tuple[str, int], list[Route]] = {}

    def add(
        self, method: str, template: str, *, public: bool = False, unlimited: bool = False
    ) -> Callable[[Handler], Handler]:
        """Register the decorated handler."""

        def register(handler: Handler) -> Handler:
            self._insert(Route(method, template, handler, public, unlimited))
            return handler

        return register

    def include(self, other: Routes) -> None:
        """Take in another table."""
        for routes in other._table.values():
            for route in routes:
                self._insert(route)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Return the route of a request and its parameters."""
        parts = path.split("/")[1:]
        for route in self._table.get((method, len(parts)), []):
            if (found := route.match(parts)) is not None:
                return route, found
        return None

    def _insert(self, route: Route) -> None:
        same = self._table.setdefault((route.method, route.template.count("/")), [])
        same.append(route)
        # a brace sorts after every letter and "@", so the fixed words come first
        same.sort(key=lambda one: one.template)
