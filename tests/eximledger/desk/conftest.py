"""A ledger on which tradebank's loan on one export has been applied for and checked, copied for each test."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.dongyu import DONGYU
from tests.eximledger.bank import authorised

from eximledger.desk import LoanDesk
from eximledger.formats import read
from eximledger.testing import LedgerNetwork, exim_ledger
from eximledger_chaincode.documents import Document, LoanApplication


def documents_in(folder: Path) -> list[Document]:
    files = sorted(path for path in folder.iterdir() if path.is_file())
    found = [document for path in files for document in read(path).documents]
    return [document for document in found if not isinstance(document, LoanApplication)]


def application_in(folder: Path) -> LoanApplication:
    (application,) = read(folder / "application.json").documents
    assert isinstance(application, LoanApplication)
    return application


async def prepare(network: LedgerNetwork) -> None:
    for member in ("customs", "safe", "tradebank"):
        await LoanDesk(network.connect(member)).file(documents_in(DONGYU / member))
    desk = LoanDesk(network.connect("tradebank"))
    application = application_in(DONGYU / "tradebank")
    for bank in ("tradebank", "eximbank"):
        await authorised(LoanDesk(network.connect(bank)), application.exporter)
    loan = await desk.apply(application)
    await desk.check(loan.loan_id)
    await network.finish()


@pytest.fixture(scope="session")
def checked_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger file, closed: papers filed, loan TB-2026-044 checked."""
    path = tmp_path_factory.mktemp("checked") / "exim.db"
    network = exim_ledger(path)
    asyncio.run(prepare(network))
    network.close()
    return path


@pytest.fixture
def checked_copy(checked_ledger: Path, tmp_path: Path) -> Path:
    shutil.copytree(checked_ledger.parent, tmp_path / "ledger")
    return tmp_path / "ledger" / checked_ledger.name


@pytest.fixture
def checked(checked_copy: Path, exim_network_factory: Callable[..., LedgerNetwork]) -> LedgerNetwork:
    """The checked ledger, open; strict, so that contracts run for every endorser."""
    return exim_network_factory(checked_copy, strict=True)
