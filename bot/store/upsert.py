"""Insert or update a row in one statement: between two, another process could insert it."""

import importlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Insert, Table


def upsert(table: Table, dialect: str, changes: Mapping[str, Any] | None = None) -> Insert:
    """Return an INSERT that changes the row of the same key, where there is one; all of it without ``changes``."""
    insert: Any = importlib.import_module(f"sqlalchemy.dialects.{dialect}").insert(table)
    key = table.primary_key.columns
    if changes is None:
        changes = {column.name: insert.excluded[column.name] for column in table.c if column.name not in key}
    statement: Insert = insert.on_conflict_do_update(index_elements=list(key), set_=changes)
    return statement
