"""Faults: what can be made to go wrong, from a test or from the page's switches.

    fault = local.faults.fail("503", only="POST /channels/{id}/messages", times=2)
    local.faults.fail(failures.rate_limit(2.5, scope="global"))
    local.faults.fail(failures.cloudflare_page(429, 1015), only="PATCH", times=1)
    local.faults.fail(failures.altered(replaced("id", None)), times=1)
    local.faults.alter_event("MESSAGE_CREATE", without("author"), times=1)
    local.faults.break_gateway("reset", times=3)
    late = local.faults.hold_ready()
    fault.off()

Whatever has no `times` goes on until its `off()`, or until `clear()`.
"""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from bot.localdiscord.failures import NAMED, Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.localdiscord.alteration import Alteration
    from bot.localdiscord.wire import Json

T = TypeVar("T")

Break = Literal["refuse", "reset", "hello", "ready"]
"""How a gateway connection is broken: answered with 503, closed without an answer, or closed once HELLO has been
sent, or READY (or RESUMED)."""

# The types of the page's switches; the others are on or off.
_TYPES: dict[str, tuple[type, ...]] = {
    "rest": (str, type(None)),
    "only": (str, type(None)),
    "rest_times": (int, type(None)),
}


class Fault(Generic[T]):
    """A fault that is on.

    `left` is how often it will strike yet (None: until it is off), `struck` how often it has.  `where` narrows it:
    for a request to "POST", "POST /channels/{id}/messages" or "* /channels/{id}", whatever the parameters are
    called; for an event to its name.
    """

    def __init__(self, what: T, where: str | None, times: int | None, changed: Callable[[], None]) -> None:
        self.what = what
        self.where = where
        self.left = times
        self.struck = 0
        self._changed = changed
        self._over = asyncio.Event()

    @property
    def on(self) -> bool:
        """Whether it will strike again."""
        return self.left != 0 and not self._over.is_set()

    def strike(self) -> T:
        """Count an occurrence, and return its fault."""
        self.struck += 1
        if self.left is not None:
            self.left -= 1
        self._changed()
        return self.what

    def off(self) -> None:
        """Switch it off, and let go of what it holds up."""
        self._over.set()
        self._changed()

    async def over(self) -> None:
        """Wait until it is switched off; having struck for the last time is not enough."""
        await self._over.wait()


class Faults:
    """The switches and the faults that are on.

    `message_content` is the portal's toggle.  `gateway_down` hangs up all connections and answers new ones with
    503.
    """

    def __init__(self) -> None:
        self.listeners: list[Callable[[str], None]] = []
        self._requests: list[Fault[Failure]] = []
        self._events: list[Fault[Alteration]] = []
        self._connections: list[Fault[tuple[Break, int]]] = []
        self._ready: list[Fault[None]] = []
        self._members: list[Fault[None]] = []
        self._holding: set[Fault[Any]] = set()
        self._page: tuple[str, Fault[Failure]] | None = None
        self.gateway_down = False
        self.refuse_resume = False
        self.message_content = True

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        self._tell(name)

    def _tell(self, name: str) -> None:
        for listener in list(self.listeners):
            listener(name)

    def fail(self, what: Failure | str, *, only: str | None = None, times: int | None = None) -> Fault[Failure]:
        """Let the bot's REST requests fail; `what` is of `failures`, or one of its names such as "503" or "lost".

        Where several faults fit a request, the one that was switched on first strikes.
        """
        if isinstance(what, str):
            if what not in NAMED:
                raise ValueError(f"There is no REST fault {what!r}; there are {', '.join(NAMED)}.")
            what = NAMED[what]
        return self._add(self._requests, what, only, times, "rest")

    def alter_event(self, name: str, alteration: Alteration, *, times: int | None = None) -> Fault[Alteration]:
        """Change the data of gateway events of a name, such as by `alteration.without("author.id")`."""
        return self._add(self._events, alteration, name, times, "events")

    def break_gateway(self, how: Break, *, times: int | None = None, code: int = 4000) -> Fault[tuple[Break, int]]:
        """Break gateway connections that are made from now on; `code` is what "hello" and "ready" close with."""
        return self._add(self._connections, (how, code), None, times, "gateway")

    def hold_ready(self, *, times: int | None = None) -> Fault[None]:
        """Leave IDENTIFY without an answer until the fault is switched off."""
        return self._add(self._ready, None, None, times, "ready")

    def silence_members(self, *, times: int | None = None) -> Fault[None]:
        """Leave requests for guild members without an answer."""
        return self._add(self._members, None, None, times, "members")

    def clear(self) -> None:
        """Switch all faults off, and the gateway on."""
        self.gateway_down = self.refuse_resume = False
        among: tuple[Iterable[Fault[Any]], ...] = (
            self._requests,
            self._events,
            self._connections,
            self._ready,
            self._members,
        )
        for fault in [*itertools.chain(*among), *self._holding]:
            fault.off()
        self._holding.clear()

    def _add(self, among: list[Fault[T]], what: T, where: str | None, times: int | None, name: str) -> Fault[T]:
        among[:] = [fault for fault in among if fault.on]
        fault = Fault(what, where, times, lambda: self._tell(name))
        among.append(fault)
        self._tell(name)
        return fault

    def strike_request(self, method: str, template: str) -> Fault[Failure] | None:
        """Return the fault that hits a request of the bot, counting it; None when it is spared."""
        fault = self._strike(self._requests, lambda where: _fits(where, method, template))
        if fault and fault.what.hangs:
            self._holding.add(fault)
        return fault

    def strike_connection(self) -> tuple[Break, int] | None:
        """Return how to break a new gateway connection, and its close code; None to leave it alone."""
        fault = self._strike(self._connections, lambda _: True)
        return fault.what if fault else None

    def strike_ready(self) -> Fault[None] | None:
        """Return the fault that holds READY up."""
        fault = self._strike(self._ready, lambda _: True)
        if fault:
            self._holding.add(fault)
        return fault

    def strike_members(self) -> Fault[None] | None:
        """Return the fault that leaves a request for members unanswered; None where it is answered."""
        return self._strike(self._members, lambda _: True)

    def altered(self, event: str, data: Json) -> Json:
        """Return an event's data with its alterations."""
        fault = self._strike(self._events, lambda where: where == event)
        altered: Json = fault.what(data) if fault else data
        return altered

    @staticmethod
    def _strike(among: list[Fault[T]], fits: Callable[[str], bool]) -> Fault[T] | None:
        for fault in among:
            if fault.on and (fault.where is None or fits(fault.where)):
                fault.strike()
                return fault
        return None

    def patch(self, changes: Json) -> None:
        """Set switches as the page asks; raise ValueError with a sentence for a wrong name, value or type.

        `rest` names the failure of REST requests, `only` the route and `rest_times` how many are hit.
        """
        for name in changes:
            if name not in self.switches():
                raise ValueError(f"There is no switch {name!r}; there are {', '.join(self.switches())}.")
            if type(changes[name]) not in _TYPES.get(name, (bool,)):
                raise ValueError(f"The switch {name} is of a wrong type.")
        if "rest" in changes:
            self._turn_rest(changes["rest"], changes.get("only"), changes.get("rest_times"))
        for name in ("gateway_down", "refuse_resume", "message_content"):
            if name in changes:
                setattr(self, name, changes[name])

    def _turn_rest(self, name: str | None, only: str | None, times: int | None) -> None:
        fault = self.fail(name, only=only, times=times) if name else None
        if self._page:
            self._page[1].off()
        self._page = (name, fault) if name and fault else None

    def switches(self) -> Json:
        """Return how the page's switches stand."""
        name, fault = self._page if self._page and self._page[1].on else (None, None)
        return {
            "rest": name,
            "rest_times": fault.left if fault else None,
            "only": fault.where if fault else None,
            "gateway_down": self.gateway_down,
            "refuse_resume": self.refuse_resume,
            "message_content": self.message_content,
        }


def _fits(where: str, method: str, template: str) -> bool:
    """Return whether a request is of the kind that `where` names."""
    wanted, _, route = where.partition(" ")
    if wanted not in {"*", method}:
        return False
    first, second = route.split("/"), template.split("/")
    return not route or (
        len(first) == len(second)
        and all(a == b or (a.startswith("{") and b.startswith("{")) for a, b in zip(first, second, strict=True))
    )
