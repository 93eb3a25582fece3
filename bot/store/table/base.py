"""What all tables are made of."""

from typing import Any

from sqlalchemy import BigInteger, Integer, MetaData, text

metadata = MetaData()
# SQLite numbers rows automatically only where the key is spelled INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")


def where(condition: str) -> dict[str, Any]:
    """Return the options of a partial index for either database."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
