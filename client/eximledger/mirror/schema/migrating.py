"""The schema brought up to this release's, by Alembic; the views made anew, and the tallies counted."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, delete, insert, select, text

from eximledger.mirror.schema.database import WRITING, database_errors
from eximledger.mirror.schema.tables import MIRRORED
from eximledger.mirror.schema.tallies import count_anew
from eximledger.mirror.schema.views import create_views, drop_views, views_id
from hlf_client.errors import NotFound, Refused

__all__ = ["head", "require_mirror", "revision_of", "upgrade"]

_VIEWS: Final = "views"
_LOCK: Final = 0x4558494D
"""By which one process at a time brings a PostgreSQL up."""
_ALEMBIC: Final = threading.Lock()
"""Alembic keeps the connection at work in a global of its own."""
_MIGRATIONS: Final = Path(__file__).with_name("migrations")


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def head() -> str:
    """The revision that this release works with."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None  # noqa: S101 - there is a first migration
    return found


def revision_of(connection: Connection) -> str | None:
    """The revision of a database; None where it has no mirror."""
    return MigrationContext.configure(connection).get_current_revision()


def require_mirror(engine: Engine) -> None:
    """For who only reads, and makes nothing. Raises `NotFound` where there is no mirror, `Refused` where it has another
    release's schema."""
    path = engine.url.database if engine.url.get_backend_name() == "sqlite" else None
    place = engine.url.render_as_string()
    if path is not None and not Path(path).exists():
        raise NotFound(f"there is no mirror in {place}: make one (mirror run)", database=place)
    with database_errors(engine), engine.connect() as connection:
        found = revision_of(connection)
    if found is None:
        raise NotFound(f"there is no mirror in {place}: make one (mirror run)", database=place)
    if found != head():
        raise Refused(f"the mirror has schema {found}, this release reads {head()}: bring it up (mirror run)")


def upgrade(engine: Engine) -> None:
    """Bring the schema up, in one transaction; views and tallies only where this release has others. Raises `Refused`
    for a database that a later release wrote."""
    with database_errors(engine), engine.execution_options(**WRITING).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        found = revision_of(connection)
        known = {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}
        if found is not None and found not in known:
            raise Refused(f"the mirror was made by a later release (schema {found}): use that, or another database")
        if found != head():
            drop_views(connection)
            with _ALEMBIC:
                command.upgrade(_config(connection), "head")
        _bring_views_up(connection)


def _bring_views_up(connection: Connection) -> None:
    now = views_id(connection)
    stands = connection.execute(select(MIRRORED.c.value).where(MIRRORED.c.name == _VIEWS)).scalar_one_or_none()
    if stands == now:
        return
    create_views(connection)
    count_anew(connection)
    connection.execute(delete(MIRRORED).where(MIRRORED.c.name == _VIEWS))
    connection.execute(insert(MIRRORED).values(name=_VIEWS, value=now))
