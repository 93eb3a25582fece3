"""Routes: which part of the backend answers which REST request."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping

    from bot.localdiscord.attachments import Upload
    from bot.localdiscord.backend import Backend
    from bot.localdiscord.channel import Channel
    from bot.localdiscord.wire import Json


@dataclass(slots=True)
class Call:
    """One request: where it goes, and what it brings.

    `query` and `body` hold only what Discord knows and the route acts on, each of its right type (see
    `Inspection`).
    """

    backend: Backend
    path: Mapping[str, str]
    query: Json
    body: Any
    uploads: list[Upload] = field(default_factory=list)

    @property
    def form(self) -> Json:
        """The JSON object in the body."""
        body: Json = self.body
        return body

    @property
    def bot_id(self) -> str:
        """The id of the bot, which is also that of its application."""
        return self.backend.world.bot.id

    def channel(self) -> Channel:
        """Return the channel that the address names, if the bot sees it; raise 10003 or 50001."""
        channel = self.backend.world.channel(self.path["channel_id"])
        self.backend.world.require(channel, self.bot_id)
        return channel


if TYPE_CHECKING:
    Answer = tuple[int, Any]
    Handler = Callable[[Call], Awaitable[Answer]]


@dataclass(slots=True, frozen=True)
class Route:
    """One address.

    `acts_on` are the fields of Discord's body, and `reads` the parameters of its query, that the handler acts on;
    the others that Discord has are refused by name.  `public` needs no bot token, `apart` is outside the global
    rate limit, and `unlimited` is outside every limit.
    """

    method: str
    template: str
    handler: Handler
    acts_on: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    public: bool = False
    apart: bool = False
    unlimited: bool = False

    @property
    def name(self) -> str:
        """The method and the template."""
        return f"{self.method} {self.template}"

    def match(self, parts: list[str]) -> dict[str, str] | None:
        """Return the parameters when the address is this route's."""
        parameters: dict[str, str] = {}
        for wanted, part in zip(self.template.split("/")[1:], parts, strict=True):
            if wanted.startswith("{"):
                parameters[wanted[1:-1]] = part
            elif wanted != part:
                return None
        return parameters


class Routes:
    """A table of routes; fixed words win over parameters."""

    def __init__(self) -> None:
        self._table: dict[tuple[str, int], list[Route]] = {}

    def __iter__(self) -> Iterator[Route]:
        """Yield all routes, by their addresses."""
        routes = [route for same in self._table.values() for route in same]
        return iter(sorted(routes, key=lambda route: (route.template, route.method)))

    def add(
        self,
        method: str,
        template: str,
        *,
        acts_on: str = "",
        reads: str = "",
        public: bool = False,
        apart: bool = False,
        unlimited: bool = False,
    ) -> Callable[[Handler], Handler]:
        """Register the decorated handler; `acts_on` and `reads` are names with spaces between them."""

        def register(handler: Handler) -> Handler:
            fields, parameters = frozenset(acts_on.split()), frozenset(reads.split())
            self._insert(Route(method, template, handler, fields, parameters, public, apart, unlimited))
            return handler

        return register

    def include(self, other: Routes) -> None:
        """Take in another table."""
        for route in other:
            self._insert(route)

    def find(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """Return the route of a request and its parameters."""
        parts = path.split("/")[1:]
        for route in self._table.get((method, len(parts)), []):
            if (parameters := route.match(parts)) is not None:
                return route, parameters
        return None

    def _insert(self, route: Route) -> None:
        same = self._table.setdefault((route.method, route.template.count("/")), [])
        same.append(route)
        # a brace sorts after every letter and "@", so the fixed words come first
        same.sort(key=lambda other: other.template)
