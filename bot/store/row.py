"""Rows: what a table has of a record whose fields are its columns."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def row_of(record: "DataclassInstance") -> dict[str, Any]:
    """Return a record's fields by name, as they are: ``dataclasses.asdict`` would copy each value."""
    return {field.name: getattr(record, field.name) for field in fields(record)}
