"""All that a mirror holds, to be compared with another's."""

from __future__ import annotations

from sqlalchemy import Engine, select

from eximledger.mirror.schema.tables import CHECKPOINT, METADATA

__all__ = ["Rows", "counts", "rows_of"]

Rows = dict[str, list[tuple[object, ...]]]


def rows_of(engine: Engine) -> Rows:
    """Every row of every table, but for when it was written."""
    found: Rows = {}
    with engine.connect() as connection:
        for table in METADATA.sorted_tables:
            columns = [column for column in table.c if column is not CHECKPOINT.c.written_at]
            found[table.name] = sorted((tuple(row) for row in connection.execute(select(*columns))), key=repr)
    return found


def counts(rows: Rows) -> dict[str, int]:
    return {table: len(found) for table, found in rows.items()}
