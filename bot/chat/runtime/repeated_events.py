"""Repeated events: Discord may send an event again, as after a RESUME, but a command is carried out once."""

from collections.abc import Callable
from typing import Any

import structlog

_log = structlog.get_logger(__name__)

# How many events of a kind are remembered, the newest.
_KEPT = 10_000
Parser = Callable[[Any], None]


class RepeatedEvents:
    """Skips events of one kind whose id came before."""

    def __init__(self, parse: Parser) -> None:
        self._parse = parse
        self._seen: dict[Any, None] = {}

    def parse(self, data: Any) -> None:
        """Let discord.py parse an event, unless it is a repeated one."""
        if data["id"] in self._seen:
            _log.info("event_repeated")
            return
        self._seen[data["id"]] = None
        if len(self._seen) > _KEPT:
            del self._seen[next(iter(self._seen))]
        self._parse(data)
