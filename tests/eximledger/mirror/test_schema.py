"""The database's schema: what the migrations make is what the tables say, on both databases; the views answer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, create_engine, inspect, select, text

from eximledger.mirror import open_database, require_mirror, upgrade
from eximledger.mirror.schema.database import database_errors
from eximledger.mirror.schema.migrating import HEAD, revision_of
from eximledger.mirror.schema.tables import METADATA
from eximledger.mirror.schema.views import VIEWS
from hlf_client.errors import InvalidDocument, LedgerUnavailable, NotFound, Refused


def test_the_migrations_make_the_tables(engine: Engine) -> None:
    upgrade(engine)
    names = {view.name for view in VIEWS}

    def is_ours(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or name not in names

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        assert compare_metadata(context, METADATA) == []
        assert revision_of(connection) == HEAD
        found = inspect(connection)
        for table in METADATA.sorted_tables:
            indexes = {index["name"] for index in found.get_indexes(table.name)}
            assert indexes == {index.name for index in table.indexes}, table.name


def test_a_schema_that_stands_is_left_alone(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP VIEW overdue"))
    upgrade(engine)
    assert "overdue" not in inspect(engine).get_view_names()  # nobody waits for views that are what they were
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM mirrored WHERE name = 'views'"))
    upgrade(engine)
    assert set(inspect(engine).get_view_names()) == {view.name for view in VIEWS}


def test_a_later_releases_schema_is_refused(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for asked in (upgrade, require_mirror):
        with pytest.raises(Refused, match="9999"):
            asked(engine)


def test_who_only_reads_makes_nothing(engine: Engine, database: str) -> None:
    with pytest.raises(NotFound, match="mirror run"):
        require_mirror(engine)
    if database.startswith("sqlite"):
        assert not engine.url.database or not Path(engine.url.database).exists()


def test_every_view_answers_on_an_empty_mirror(engine: Engine) -> None:
    upgrade(engine)
    with engine.connect() as connection:
        for view in VIEWS:
            assert connection.execute(select(view.table)).all() == []


def test_columns_and_views_say_what_they_mean(postgresql: object, engines: Callable[[str], Engine]) -> None:
    assert [c for table in METADATA.sorted_tables for c in table.c if not c.comment] == []
    assert [table.name for table in METADATA.sorted_tables if not table.comment] == []
    engine = engines(postgresql.database())  # type: ignore[attr-defined]  # the fixture's own
    upgrade(engine)
    said = text("SELECT obj_description('overdue'::regclass), col_description('overdue'::regclass, 7)")
    with engine.connect() as connection:
        comment, days = connection.execute(said).one()
    assert "past their maturity" in comment
    assert "non-performing" in days


@pytest.mark.parametrize("url", ["mysql://localhost/x", "no url", "", "http://localhost"])
def test_another_url_is_refused(url: str) -> None:
    with pytest.raises(InvalidDocument, match="sqlite:///PATH"):
        open_database(url)


def test_a_database_that_does_not_answer_is_said_without_its_password_or_statement() -> None:
    password = "said-to-nobody"
    engine = open_database(f"postgresql://officer:{password}@127.0.0.1:1/mirror")
    with pytest.raises(LedgerUnavailable) as error, database_errors(engine), engine.connect():
        pass
    assert password not in str(error.value)
    engine.dispose()
    plain = create_engine("sqlite://")
    with pytest.raises(LedgerUnavailable) as error, database_errors(plain), plain.connect() as connection:
        connection.execute(text("INSERT INTO nothing VALUES ('what a paper says')"))
    assert "what a paper says" not in str(error.value)
    plain.dispose()
