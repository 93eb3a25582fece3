"""Insert or update a row in one statement: between two, another process could insert it."""

import importlib
from typing import Any

from sqlalchemy import Table


def insert_into(table: Table, dialect: str) -> Any:
    """Return a database's own INSERT, which takes ``on_conflict_do_update``."""
    return importlib.import_module(f"sqlalchemy.dialects.{dialect}").insert(table)
