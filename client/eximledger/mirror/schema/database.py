"""The database that a mirror is kept in: SQLite's file or a PostgreSQL, by its URL; and its errors as ours."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from hlf_client.errors import InvalidDocument, LedgerUnavailable

__all__ = ["DEFAULT_DATABASE", "WRITING", "database_errors", "open_database"]

DEFAULT_DATABASE: Final = "sqlite:///exim-mirror.db"
_DRIVERS: Final = {
    "sqlite": "sqlite",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
WRITING: Final[Mapping[str, bool]] = {"exim_writing": True}
"""Options of an engine whose transactions write."""
_BUSY: Final = 30.0
"""Seconds for which SQLite waits for another process's write."""


def open_database(url: str) -> Engine:
    """The engine of `sqlite:///PATH` or `postgresql://USER@HOST/NAME`; nothing is asked of it yet.

    Raises `InvalidDocument` for a URL that is neither.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": _BUSY, "check_same_thread": False})
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine
    return create_engine(parsed, pool_pre_ping=True, pool_size=5, max_overflow=20)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        return parsed.set(drivername=_DRIVERS[parsed.drivername])
    except (ArgumentError, KeyError):
        raise InvalidDocument(
            "database: give sqlite:///PATH or postgresql://USER@HOST/NAME", field="database", reason="no such URL"
        ) from None


def _begin(connection: Connection) -> None:
    """What writes takes the lock at once, so that it waits for another writer and does not fail after it has read."""
    writes = connection.get_execution_options().keys() >= WRITING.keys()
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare(connection: object, _record: object) -> None:
    """Readers go on while the mirror writes. What a power cut takes from the end is read from the ledger again, for the
    checkpoint goes with it: so the disk is not waited for. Transactions are begun by hand, those of DDL, too."""
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - the engine is SQLite's
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")  # what was purged from the ledger is not left in the file's pages


@contextmanager
def database_errors(engine: Engine) -> Iterator[None]:
    """What the database says as `LedgerUnavailable`, without its statements: these hold what papers say."""
    try:
        yield
    except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error) as error:  # COPY is the driver's own
        origin = error.orig if isinstance(error, DBAPIError) and error.orig else error
        said = [] if isinstance(origin, SQLAlchemyError) else str(origin).strip().splitlines()
        reason = said[0] if said else type(error).__name__
        place = engine.url.render_as_string(hide_password=True)
        raise LedgerUnavailable(f"the mirror's database {place} does not answer: {reason}") from None
