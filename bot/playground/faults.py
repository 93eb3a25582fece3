"""Faults: what can be made to go wrong, from a test or from the page's switches."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.playground.wire import Json

RestFault = Literal["500", "502", "503", "429", "drop", "lost", "hang"]
REST_FAULTS: tuple[RestFault, ...] = ("500", "502", "503", "429", "drop", "lost", "hang")


class Faults:
    """The switches.

    `rest` is what happens to the bot's REST requests (`drop`: the connection closes before the request is acted
    upon; `lost`: after it; `hang`: no answer until the switch is turned), `rest_times` to how many more of them
    (None: until switched off), `only` to which (`"POST /channels/{id}/messages"`; None: all).
    `message_content` is the portal's toggle.
    """

    def __init__(self) -> None:
        self.listeners: list[Callable[[str], None]] = []
        self._turned = asyncio.Event()
        self.rest: RestFault | None = None
        self.rest_times: int | None = None
        self.only: str | None = None
        self.retry_after = 1.0
        self.gateway_down = False
        self.refuse_resume = False
        self.message_content = True

    def __setattr__(self, name: str, value: object) -> None:
        if name == "rest":
            self.release()
            self._turned = asyncio.Event()
        self._turn(name, value)

    def _turn(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        for listener in list(self.listeners):
            listener(name)

    def strike(self, method: str, template: str) -> RestFault | None:
        """Return the fault that hits a request of the bot, counting it; None when it is spared."""
        if self.rest is None or (self.only and not _same(self.only, f"{method} {template}")):
            return None
        fault = self.rest
        if self.rest_times is not None:
            self.rest_times -= 1
            if self.rest_times <= 0:
                # those that were hit before go on hanging
                self._turn("rest", None)
                self.rest_times = None
        return fault

    async def hang(self) -> None:
        """Wait until the switch `rest` is turned, to whatever."""
        await self._turned.wait()

    def release(self) -> None:
        """Let go of requests that hang."""
        self._turned.set()

    def patch(self, changes: Json) -> None:
        """Turn switches as the page asks; raise ValueError with a sentence on one that is not there."""
        for name, value in changes.items():
            if name == "rest" and value not in {None, *REST_FAULTS}:
                raise ValueError(f"There is no REST fault {value!r}; there are {', '.join(REST_FAULTS)}.")
            if name not in self.switches():
                raise ValueError(f"There is no switch {name!r}; there are {', '.join(self.switches())}.")
            setattr(self, name, value)

    def switches(self) -> Json:
        """Return how the switches stand."""
        names = ("rest", "rest_times", "only", "gateway_down", "refuse_resume", "message_content")
        return {name: getattr(self, name) for name in names}


def _same(wanted: str, route: str) -> bool:
    """Compare routes whatever their parameters are called."""
    first, second = wanted.split("/"), route.split("/")
    return len(first) == len(second) and all(
        a == b or (a.startswith("{") and b.startswith("{")) for a, b in zip(first, second, strict=True)
    )
