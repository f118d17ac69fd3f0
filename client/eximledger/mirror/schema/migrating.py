"""The schema brought up to this release's, by Alembic; the views made anew, and the tallies counted.

Alembic is imported where there is something to bring up: a mirror that stands opens without it.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, column, delete, insert, inspect, select, table, text

from eximledger.mirror.schema.database import WRITING, database_errors
from eximledger.mirror.schema.tables import MIRRORED
from eximledger.mirror.schema.tallies import count_anew
from eximledger.mirror.schema.views import create_views, drop_views, views_id
from hlf_client.errors import NotFound, Refused

__all__ = ["HEAD", "require_mirror", "revision_of", "upgrade"]

_VIEWS: Final = "views"
_VERSION: Final = table("alembic_version", column("version_num"))
"""Where Alembic keeps it."""
_LOCK: Final = 0x4558494D
"""By which one process at a time brings a PostgreSQL up."""
_ALEMBIC: Final = threading.Lock()
"""Alembic keeps the connection at work in a global of its own."""
_MIGRATIONS: Final = Path(__file__).with_name("migrations")


HEAD: Final = "0002"
"""The revision that this release works with: the newest of the migrations."""


def revision_of(connection: Connection) -> str | None:
    """The revision of a database; None where it has no mirror."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    found: str | None = connection.execute(select(_VERSION.c.version_num)).scalar_one_or_none()
    return found


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
    if found != HEAD:
        raise Refused(f"the mirror has schema {found}, this release reads {HEAD}: bring it up (mirror run)")


def upgrade(engine: Engine) -> None:
    """Bring the schema up, in one transaction; views and tallies only where this release has others. Raises `Refused`
    for a database that a later release wrote."""
    with database_errors(engine), engine.execution_options(**WRITING).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        found = revision_of(connection)
        if found != HEAD:
            _migrate(connection, found)
        _bring_views_up(connection)


def _migrate(connection: Connection, found: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise Refused(f"the mirror was made by a later release (schema {found}): use that, or another database")
    drop_views(connection)
    with _ALEMBIC:
        command.upgrade(config, HEAD)


def _bring_views_up(connection: Connection) -> None:
    now = views_id(connection)
    stands = connection.execute(select(MIRRORED.c.value).where(MIRRORED.c.name == _VIEWS)).scalar_one_or_none()
    if stands == now:
        return
    create_views(connection)
    count_anew(connection)
    connection.execute(delete(MIRRORED).where(MIRRORED.c.name == _VIEWS))
    connection.execute(insert(MIRRORED).values(name=_VIEWS, value=now))
