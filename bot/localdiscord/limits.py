"""Rate limits: the global one, buckets by route, and the count of invalid requests.

Windows are fixed and begin with their first request, as Discord's do; `sliding` makes them slide, which is
stricter.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

DEFAULT_RULES: dict[str, tuple[int, float]] = {
    "POST /channels/{channel_id}/messages": (5, 5.0),
    "PATCH /channels/{channel_id}/messages/{message_id}": (5, 5.0),
    "DELETE /channels/{channel_id}/messages/{message_id}": (5, 1.0),
    "POST /channels/{channel_id}/typing": (5, 5.0),
    "PUT /channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me": (1, 0.25),
    "POST /webhooks/{webhook_id}/{webhook_token}": (5, 2.0),
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}": (5, 2.0),
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original": (5, 2.0),
    "POST /users/@me/channels": (10, 10.0),
    "rename": (2, 600.0),
    "edit old": (3, 6.0),
    "create command": (200, 86_400.0),
    "invalid": (10_000, 600.0),
}
"""Requests and seconds by route, or by name for the limits that hide behind a route."""


@dataclass(slots=True)
class Window:
    """One limit's window: how many may come in how many seconds."""

    limit: int
    seconds: float
    times: deque[float] = field(default_factory=deque)

    def wait(self, now: float, *, sliding: bool) -> float:
        """Return the seconds until another request may come; 0 when it may now."""
        self._forget(now, sliding=sliding)
        return 0.0 if len(self.times) < self.limit else self.reset_after(now)

    def reset_after(self, now: float) -> float:
        """Return the seconds until the window opens again."""
        return max(0.001, self.times[0] + self.seconds - now) if self.times else self.seconds

    def _forget(self, now: float, *, sliding: bool) -> None:
        if not self.times or now - self.times[0] < self.seconds:
            return
        if not sliding:
            self.times.clear()
            return
        while self.times and now - self.times[0] >= self.seconds:
            self.times.popleft()


@dataclass(slots=True, frozen=True)
class Verdict:
    """What became of a request: `retry_after` is set when it was refused; `headers` go on the answer."""

    headers: dict[str, str]
    retry_after: float | None = None
    everywhere: bool = False


@dataclass
class Limits:
    """The limits in force.  Set `enabled`, `global_limit`, `sliding`, or entries of `rules` to tune them.

    `rate_limited` counts refusals, `invalid` every answer with 401, 403 or 429: ten thousand in ten minutes bar an
    address for the rest of them.
    """

    enabled: bool = True
    global_limit: int = 50
    global_seconds: float = 1.0
    sliding: bool = False
    rules: dict[str, tuple[int, float]] = field(default_factory=lambda: dict(DEFAULT_RULES))
    default_rule: tuple[int, float] = (50, 1.0)
    rate_limited: int = 0
    invalid: int = 0
    clock: Callable[[], float] = time.monotonic
    _windows: dict[tuple[str, str], Window] = field(default_factory=dict)

    def check(self, route: str, major: str, *, counted_globally: bool) -> Verdict:
        """Count one request and say whether it may pass."""
        if not self.enabled:
            return Verdict({})
        now = self.clock()
        if counted_globally:
            everywhere = self._window("global", "", (self.global_limit, self.global_seconds))
            if wait := everywhere.wait(now, sliding=self.sliding):
                return self._refuse(
                    wait, {"X-RateLimit-Scope": "global", "X-RateLimit-Global": "true"}, everywhere=True
                )
        else:
            everywhere = None
        window = self._window(route, major, self.rules.get(route, self.default_rule))
        wait = window.wait(now, sliding=self.sliding)
        if not wait:
            window.times.append(now)
            if everywhere:
                everywhere.times.append(now)
        after = window.reset_after(now)
        headers = {
            "X-RateLimit-Limit": str(window.limit),
            "X-RateLimit-Remaining": str(max(0, window.limit - len(window.times))),
            "X-RateLimit-Reset": f"{time.time() + after:.3f}",
            "X-RateLimit-Reset-After": f"{after:.3f}",
            "X-RateLimit-Bucket": hashlib.md5(route.encode(), usedforsecurity=False).hexdigest(),
        }
        return self._refuse(wait, headers | {"X-RateLimit-Scope": "user"}) if wait else Verdict(headers)

    def hidden(self, name: str, major: str) -> float:
        """Count one use of a limit that no header tells of; return the seconds to wait, 0 when it may pass."""
        if not self.enabled:
            return 0.0
        now = self.clock()
        window = self._window(name, major, self.rules[name])
        wait = window.wait(now, sliding=self.sliding)
        if wait:
            self.rate_limited += 1
        else:
            window.times.append(now)
        return wait

    def note_invalid(self) -> None:
        """Count an invalid request."""
        self.invalid += 1
        self._window("invalid", "", self.rules["invalid"]).times.append(self.clock())

    def barred_for(self) -> float:
        """Return for how many seconds Cloudflare lets nothing through, after too many invalid requests."""
        window = self._window("invalid", "", self.rules["invalid"])
        return window.wait(self.clock(), sliding=self.sliding) if self.enabled else 0.0

    def forget(self) -> None:
        """Empty all windows, as if nobody had asked for anything yet."""
        self._windows.clear()

    def _window(self, name: str, major: str, rule: tuple[int, float]) -> Window:
        window = self._windows.setdefault((name, major), Window(*rule))
        window.limit, window.seconds = rule
        return window

    def _refuse(self, wait: float, headers: dict[str, str], *, everywhere: bool = False) -> Verdict:
        self.rate_limited += 1
        return Verdict(headers | {"Retry-After": f"{wait:.3f}"}, wait, everywhere)
