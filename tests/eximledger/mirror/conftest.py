"""A ledger on which the Dongyu case was walked, and databases of both kinds to mirror it into."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from tests.dongyu import DONGYU
from tests.postgresql import PostgreSQL, running_postgresql

from eximledger.demo import run
from eximledger.mirror import open_database
from eximledger.testing import LedgerNetwork, exim_ledger


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    with running_postgresql() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, of each kind in its turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'mirror.db'}"
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return server.database()


@pytest.fixture
def engines() -> Iterator[Callable[[str], Engine]]:
    """Opens databases, and closes them after the test."""
    opened: list[Engine] = []

    def make(url: str) -> Engine:
        opened.append(open_database(url))
        return opened[-1]

    yield make
    for engine in opened:
        engine.dispose()


@pytest.fixture
def engine(database: str, engines: Callable[[str], Engine]) -> Engine:
    return engines(database)


@pytest.fixture(scope="session")
def walked_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger's file, closed: the Dongyu case from its papers to a loan that was repaid."""
    path = tmp_path_factory.mktemp("walked") / "exim.db"
    network = exim_ledger(path)

    async def walk() -> None:
        await run(network.connect, DONGYU, lambda _told: None)
        await network.finish()

    asyncio.run(walk())
    network.close()
    return path


@pytest.fixture
def walked_copy(walked_ledger: Path, tmp_path: Path) -> Path:
    shutil.copytree(walked_ledger.parent, tmp_path / "ledger")
    return tmp_path / "ledger" / walked_ledger.name


@pytest.fixture
def walked(walked_copy: Path, exim_network_factory: Callable[..., LedgerNetwork]) -> LedgerNetwork:
    """The ledger, open, and the test's own."""
    return exim_network_factory(walked_copy)
