"""The schema brought up to this release's, by Alembic; the views made anew."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from eximledger.mirror.schema.views import create_views, drop_views
from hlf_client.errors import Refused

__all__ = ["head", "revision_of", "upgrade"]

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


def upgrade(engine: Engine) -> None:
    """Bring the schema up, in one transaction. Raises `Refused` for a database that a later release wrote."""
    with engine.begin() as connection:
        found = revision_of(connection)
        known = {each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()}
        if found is not None and found not in known:
            raise Refused(f"the mirror was made by a later release (schema {found}): use that, or another database")
        if found != head():
            drop_views(connection)
            command.upgrade(_config(connection), "head")
        create_views(connection)
