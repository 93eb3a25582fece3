"""Statements: those that were compiled for one test's database serve the next, and a test may note what is read.

SQLAlchemy keeps what it has compiled with an engine, and each test has some of its own. To compile anew for each
took a tenth of the time of `chat/`, and a quarter where a test opens its database again and again.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlalchemy.util import LRUCache


class _OfAnyEngine(LRUCache[Any, Any]):
    """What was compiled, by statement and kind of dialect; SQLAlchemy's own key has the dialect of one engine."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_shared(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_shared(key), compiled)


def _shared(key: Any) -> Any:
    dialect, *statement = key
    return type(dialect), *statement


_COMPILED = _OfAnyEngine(5_000)


def share() -> None:
    """Let all engines of this process, present and future, use it."""
    event.listen(Engine, "engine_connect", _look_there)


def _look_there(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_COMPILED)


@contextlib.contextmanager
def noted() -> Iterator[list[str]]:
    """Record the statements run by all databases of this process meanwhile, each on one line."""
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(Engine, "before_cursor_execute", note)
