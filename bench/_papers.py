"""What benchmarks file: declarations in any number, and the Dongyu case up to its second check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from eximledger.demo import write_papers
from eximledger.desk import LoanDesk
from eximledger.formats import read
from eximledger.testing import signed_authorisation
from eximledger_chaincode.contracts.state.records import document_json, record_list
from eximledger_chaincode.documents import ExportDeclaration, LoanApplication
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import Ledger, utc_now
from hlf_client.private import submit_private

__all__ = ["LOAN", "declaration_model", "declarations", "file_dongyu", "put_declarations"]

DONGYU = Path(__file__).parents[1] / "examples" / "dongyu"
LOAN = "DY-2026-001"
BATCH = 500
_EXPORTERS = 50
_DAYS = 300


@lru_cache(maxsize=1)
def declaration_model() -> ExportDeclaration:
    """The first declaration of the Dongyu case: others are made of it."""
    model = read(DONGYU / "customs" / "declarations-2026.csv").documents[0]
    assert isinstance(model, ExportDeclaration)
    return model


@lru_cache(maxsize=1)
def _exporters() -> list[str]:
    """Codes of companies that do not exist, with right check characters."""
    from stdnum.cn import uscc

    found = []
    for number in range(_EXPORTERS):
        body = f"91520600{number:09}"
        found.append(body + uscc.calc_check_digit(body))
    return found


def declarations(first: int, count: int) -> Iterator[ExportDeclaration]:
    """Different declarations by number, exporter and day."""
    model, exporters = declaration_model(), _exporters()
    days = {name: day for name, day in model if isinstance(day, date)}
    for number in range(first, first + count):
        seller = model.consignor.model_copy(update={"uscc": exporters[number % _EXPORTERS]})
        yield model.model_copy(
            update={
                "declaration_number": f"224820260{number + 1:09}",
                "consignor": seller,
                **{name: day - timedelta(days=number % _DAYS) for name, day in days.items()},
            }
        )


async def put_declarations(ledger: Ledger, first: int, count: int) -> None:
    """File declarations, 500 in a transaction."""
    for start in range(first, first + count, BATCH):
        papers = [document_json(one) for one in declarations(start, min(BATCH, first + count - start))]
        await submit_private(
            ledger,
            "customs",
            "documents:put_many",
            "declaration",
            record_list(papers),
            endorsing_organizations=["CustomsMSP"],
        )


async def file_dongyu(connect: Callable[[str], Ledger]) -> LoanDesk:
    """The Dongyu case with its corrected papers filed and applied for: the desk of the bank that checks it."""
    with TemporaryDirectory() as folder:
        return await _filed(connect, write_papers(Path(folder), day_in_china(utc_now())))


async def _filed(connect: Callable[[str], Ledger], papers: Path) -> LoanDesk:
    for member, folders in (
        ("customs", ("customs", "corrected/customs")),
        ("safe", ("safe",)),
        ("eximbank", ("eximbank", "corrected/eximbank")),
    ):
        desk = LoanDesk(connect(member))
        for folder in folders:
            files = sorted(path for path in (papers / folder).iterdir() if path.is_file())
            await desk.file([document for path in files for document in read(path).documents])
    (application,) = read(papers / "corrected" / "application.json").documents
    assert isinstance(application, LoanApplication)
    today = day_in_china(utc_now())
    await desk.authorise(signed_authorisation(application.exporter, desk.ledger.msp_id, today))
    await desk.apply(application)
    return desk
