"""Copies: what people snooze for themselves of what came for all; each comes to whoever snoozed it."""

from typing import Any

from tests.universe.promise import EARLY, Promise


class Copies:
    """Keeps them among the promises, by the token and who snoozed it."""

    def __init__(self, promises: dict[str, Promise]) -> None:
        self._promises = promises
        self._known: dict[str, list[Promise]] = {}

    def of(self, token: str) -> list[Promise]:
        """Return those of a token, of anybody."""
        return self._known.get(token, [])

    def begin(self, promise: Promise, user_id: str, at: float) -> Promise:
        """Return somebody's own, which may be there already."""
        key = f"{promise.token}/{user_id}"
        if key not in self._promises:
            copy = Promise(promise.token, user_id, promise.place_id, at, promise.guild_id, about=promise.about)
            copy.number = promise.token
            self._promises[key] = copy
            self._known.setdefault(promise.token, []).append(copy)
        return self._promises[key]

    def announced(self, token: str, message: Any, at: float) -> Promise | None:
        """Return what a message announces by a token: rather what has come, and pings whoever snoozed it."""
        original = self._promises.get(token)
        come = [copy for copy in self.of(token) if _has_come(copy, at)]
        pinged = [copy for copy in come if copy.owner_id in message.pinged]
        is_open = original is not None and _has_come(original, at)
        return next(iter(pinged or ([] if is_open else come)), original)


def _has_come(promise: Promise, at: float) -> bool:
    return any(due.is_open and due.lo <= at + EARLY for due in promise.dues)
