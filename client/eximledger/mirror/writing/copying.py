"""Many rows at one time: PostgreSQL's COPY, where there are enough of them; elsewhere one statement for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from sqlalchemy import Connection, Table, insert, text
from sqlalchemy.dialects.postgresql import Insert as InsertPostgresql
from sqlalchemy.dialects.sqlite import Insert as InsertSqlite

from eximledger.mirror.writing.papers import Values

__all__ = ["insert_or_ignore", "insert_rows", "plain_row", "replace_rows"]

_WORTH_IT: Final = 50
"""Rows from which on COPY is quicker than statements."""


def insert_or_ignore(connection: Connection, table: Table) -> InsertPostgresql | InsertSqlite:
    """An insert that may meet a row; both databases say it alike."""
    return InsertPostgresql(table) if connection.dialect.name == "postgresql" else InsertSqlite(table)


def insert_rows(connection: Connection, table: Table, rows: Sequence[Values]) -> int:
    """Rows that are new; how many they are."""
    if _is_copied(connection, rows):
        _copy(connection, table, table.name, rows)
    elif rows:
        connection.execute(insert(table), [*map(plain_row, rows)])
    return len(rows)


def replace_rows(connection: Connection, table: Table, rows: Sequence[Values]) -> int:
    """Rows of which some may stand already: read again, or under another key now."""
    key = [column.name for column in table.primary_key.columns]
    if _is_copied(connection, rows):
        incoming = f"incoming_{table.name}"
        names = ", ".join(f'"{column.name}"' for column in table.c)
        changed = ", ".join(f'"{each.name}" = excluded."{each.name}"' for each in table.c if each.name not in key)
        connection.execute(text(f"CREATE TEMPORARY TABLE {incoming} (LIKE {table.name}) ON COMMIT DROP"))
        _copy(connection, table, incoming, rows)
        connection.execute(
            text(
                f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {incoming} "  # noqa: S608 - names of our own schema
                f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}"
            )
        )
        connection.execute(text(f"DROP TABLE {incoming}"))
    elif rows:
        new = insert_or_ignore(connection, table)
        updated = {column.name: new.excluded[column.name] for column in table.c if column.name not in key}
        statement = new.on_conflict_do_update(index_elements=key, set_=updated)
        connection.execute(statement, [*map(plain_row, rows)])
    return len(rows)


def _is_copied(connection: Connection, rows: Sequence[Values]) -> bool:
    return len(rows) >= _WORTH_IT and connection.dialect.name == "postgresql"


def _copy(connection: Connection, table: Table, into: str, rows: Sequence[Values]) -> None:
    """On the connection's own transaction. Values are those that PostgreSQL takes as they are."""
    names = [column.name for column in table.c]
    quoted = ", ".join(f'"{name}"' for name in names)
    raw = cast("Any", connection.connection.driver_connection)  # psycopg's, which knows COPY
    with raw.cursor() as cursor, cursor.copy(f"COPY {into} ({quoted}) FROM STDIN") as copy:
        for row in map(plain_row, rows):
            copy.write_row([row[name] for name in names])


def plain_row(row: Values) -> Values:
    """PostgreSQL's text has no U+0000; the paper's own text has it escaped."""
    for name, value in row.items():
        if isinstance(value, str) and "\x00" in value:
            row = {**row, name: value.replace("\x00", "\ufffd")}
    return row
