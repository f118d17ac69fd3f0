"""Filing many files: each once whatever happens in between, the sound ones whatever the others are."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.eximledger.filing.declarations import write_declarations
from tests.eximledger.filing.invoices import invoice, write_invoices
from tests.eximledger.formats.test_camt_natures import entry, statement

from eximledger.desk import Boundary, LoanDesk, Moment
from eximledger.filing import Journal, Outcome, Progress, State, file_many, files_in
from eximledger.filing import _many as many
from eximledger.testing import LedgerNetwork
from eximledger_chaincode.documents import FxReceipt, ReceiptStatus
from hlf_client import info
from hlf_client.errors import InvalidDocument


@pytest.fixture
def network(tmp_path: Path, exim_network_factory: Callable[..., LedgerNetwork]) -> LedgerNetwork:
    return exim_network_factory(tmp_path / "exim.db")


@pytest.fixture
def desk(network: LedgerNetwork) -> LoanDesk:
    return LoanDesk(network.connect("eximbank"))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "BATCH_PAPERS", 10)
    monkeypatch.setattr(many, "_CHUNK", 8)


def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "filed", ["EximbankMSP"])


async def versions(desk: LoanDesk) -> dict[str, int]:
    page = await desk.documents("invoice", page_size=1000)
    return {entry.number: entry.version for entry in page.entries}


def height(tmp_path: Path) -> int:
    return next(each.info.height for each in info(tmp_path / "exim.db").channels if each.info.name == "bank")


async def test_files_are_filed_in_batches_and_known_again(desk: LoanDesk, tmp_path: Path) -> None:
    files = write_invoices(tmp_path / "in", range(25))
    seen: list[Progress] = []
    with journal(tmp_path) as noted:
        before = height(tmp_path)
        first = await file_many(desk, files_in([tmp_path / "in"]), journal=noted, on_progress=seen.append)
        assert (first.files, first.filed, first.papers, first.refused) == (25, 25, {"new": 25}, 0)
        assert height(tmp_path) - before == 3
        assert [each.done for each in seen] == sorted(each.done for each in seen)
        assert (seen[-1].done, seen[-1].total) == (25, 25)
        again = await file_many(desk, files, journal=noted)
    assert (again.known, again.filed, again.papers) == (25, 0, {})
    assert height(tmp_path) - before == 3
    assert await versions(desk) == {f"B-{number}": 1 for number in range(25)}


async def test_cut_before_the_journal_knows_nothing_is_doubled(network: LedgerNetwork, tmp_path: Path) -> None:
    """The ledger has taken a batch, and the process ends before it is noted."""
    files = write_invoices(tmp_path / "in", range(25))
    commits = 0

    async def dies(boundary: Boundary) -> None:
        nonlocal commits
        commits += boundary.moment is Moment.COMMITTED
        if commits == 2:
            raise KeyboardInterrupt

    with journal(tmp_path) as noted, pytest.raises(KeyboardInterrupt):
        await file_many(LoanDesk(network.connect("eximbank"), interceptor=dies), files, journal=noted)
    desk = LoanDesk(network.connect("eximbank"))
    assert len(await versions(desk)) == 20
    with journal(tmp_path) as noted:
        rest = await file_many(desk, files, journal=noted)
    assert (rest.known, rest.papers) == (10, {"unchanged": 10, "new": 5})
    assert set((await versions(desk)).values()) == {1}
    assert len(await versions(desk)) == 25


async def test_one_bad_file_costs_no_other(desk: LoanDesk, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write_invoices(folder, range(12))
    (folder / "a-letter.txt").write_text("call the exporter")
    (folder / "b-cut.xml").write_text(invoice("C-1")[:-30])
    (folder / "c-more.txt").write_text("call him again")
    (folder / "invoice-00003-not-ours.json").write_text(
        '{"kind": "rate", "schema_version": 1, "quoted_on": "2026-04-01", "currency": "USD", "unit": 100, "cny": "700"}'
    )
    seen: list[Outcome] = []
    summary = await file_many(desk, files_in([folder]), on_file=seen.append)
    assert (summary.filed, summary.refused, summary.papers) == (12, 4, {"new": 12})
    refused = [each for each in seen if each.state is State.REFUSED]
    assert {each.path.name for each in refused} == {
        "a-letter.txt", "b-cut.xml", "c-more.txt", "invoice-00003-not-ours.json",
    }  # fmt: skip
    assert all(each.error is not None for each in refused)
    most = summary.refusals[0]
    assert (most.files, [Path(name).name for name in most.examples]) == (2, ["a-letter.txt", "c-more.txt"])
    assert any("a rate is filed by role fx-bureau" in each.reason for each in summary.refusals)


async def test_what_the_ledger_refuses_is_found_within_its_batch(
    network: LedgerNetwork, desk: LoanDesk, tmp_path: Path
) -> None:
    """A cancelled declaration cannot be declared again: the eleven that came with it are filed."""
    customs = LoanDesk(network.connect("customs"))
    (cancelled,) = write_declarations(tmp_path / "first", [5], status="cancelled")
    assert (await file_many(customs, [cancelled])).filed == 1
    files = write_declarations(tmp_path / "in", range(9), status="declared")
    seen: list[Outcome] = []
    summary = await file_many(customs, files, on_file=seen.append)
    assert (summary.filed, summary.papers, summary.refused) == (8, {"new": 8}, 1)
    assert [each.path.name for each in seen if each.error is not None] == [files[5].name]
    assert "is cancelled" in summary.refusals[0].reason
    assert "…" in summary.refusals[0].reason


async def test_a_credit_of_several_reports_in_one_file(network: LedgerNetwork, tmp_path: Path) -> None:
    """In an archive of a bank: the report of the day, the statement and the notification, each with the credit."""
    booked = statement(entry("4000.00"))
    forms = (("camt.052", "BkToCstmrAcctRpt", "Rpt"), ("camt.053", "BkToCstmrStmt", "Stmt"),
             ("camt.054", "BkToCstmrDbtCdtNtfctn", "Ntfctn"))  # fmt: skip
    archive = tmp_path / "bank.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for form, message, report in forms:
            text = booked.decode().replace("camt.053", form).replace("BkToCstmrStmt", message)
            made.writestr(f"{form}.xml", text.replace("<Stmt>", f"<{report}>").replace("</Stmt>", f"</{report}>"))
    desk = LoanDesk(network.connect("safe"))
    done = await file_many(desk, [archive], exporter="91520690MA6DMR0B5K")
    assert (done.filed, done.refused, done.papers) == (1, 0, {"new": 1, "amended": 1, "unchanged": 1})
    (standing,) = (await desk.documents("receipt")).entries
    receipt = (await desk.document("receipt", standing.id)).document
    assert isinstance(receipt, FxReceipt)
    assert (receipt.status, standing.version) == (ReceiptStatus.BOOKED, 2)


async def test_two_versions_in_one_folder_are_two_versions(desk: LoanDesk, tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(invoice("V-1", "100.00"))
    (tmp_path / "b.xml").write_text(invoice("V-1", "110.00"))
    (tmp_path / "c.xml").write_text(invoice("V-1", "110.00"))
    files = [tmp_path / name for name in ("a.xml", "b.xml", "c.xml")]
    with journal(tmp_path) as noted:
        summary = await file_many(desk, files, journal=noted)
        assert (summary.papers, summary.known) == ({"new": 1, "amended": 1}, 1)
        assert (await file_many(desk, files, journal=noted)).known == 3
    record = await desk.document("invoice", "V-1")
    assert record.version == 2
    assert "110.00" in record.document.model_dump_json()


async def test_a_journal_counts_only_where_the_ledger_says_the_same(
    desk: LoanDesk, tmp_path: Path, exim_network_factory: Callable[..., LedgerNetwork]
) -> None:
    files = write_invoices(tmp_path / "in", range(5))
    with journal(tmp_path) as noted:
        await file_many(desk, files, journal=noted)
        other = LoanDesk(exim_network_factory(tmp_path / "other.db").connect("eximbank"))
        assert (await file_many(other, files, journal=noted)).papers == {"new": 5}
    assert len(await versions(other)) == 5


async def test_a_known_file_does_not_undo_an_amendment(desk: LoanDesk, tmp_path: Path) -> None:
    (file,) = write_invoices(tmp_path / "in", [1])
    with journal(tmp_path) as noted:
        await file_many(desk, [file], journal=noted)
        later = tmp_path / "later.xml"
        later.write_text(invoice("B-1", "99.00"))
        await file_many(desk, [later], journal=noted)
        assert (await file_many(desk, [file], journal=noted)).known == 1
    assert await versions(desk) == {"B-1": 2}
    assert (await file_many(desk, [file])).papers == {"amended": 1}


async def test_another_reading_of_the_same_bytes_is_another_file(desk: LoanDesk, tmp_path: Path) -> None:
    (file,) = write_invoices(tmp_path / "in", [1])
    with journal(tmp_path) as noted:
        await file_many(desk, [file], journal=noted)
    with Journal(tmp_path / "filed", ["EximbankMSP", "copies"]) as noted:
        assert (await file_many(desk, [file], journal=noted)).known == 0


async def test_without_a_desk_files_are_only_read(tmp_path: Path) -> None:
    files = write_invoices(tmp_path / "in", range(3))
    summary = await file_many(None, files)
    assert (summary.read, summary.filed, summary.papers) == (3, 0, {})


def test_a_journal_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "filed").write_bytes(b"this is a letter to the exporter" * 100)
    with pytest.raises(InvalidDocument, match="filed is no journal"):
        journal(tmp_path)


def test_a_journal_is_its_owners_alone(tmp_path: Path) -> None:
    with journal(tmp_path):
        assert (tmp_path / "filed").stat().st_mode & 0o077 == 0


def test_a_killed_command_goes_on(tmp_path: Path) -> None:
    """SIGKILL in the middle of a run; the same command again files the rest and nothing twice."""
    write_invoices(tmp_path / "in", range(1200))
    command = [sys.executable, "-m", "eximledger", "document", "put", "in", "--json"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("EXIM_")}
    first = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL)
    filed = tmp_path / "exim.db.filed"
    while first.poll() is None and not (filed.exists() and _noted(filed)):
        pass
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert '"refused": 0' in second.stdout
    done = int(second.stdout.split('"known": ')[1].split(",")[0])
    assert 0 < done <= 1200
    third = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert '"known": 1200' in third.stdout
    listed = [sys.executable, "-m", "eximledger", "document", "list", "invoice", "--limit", "1000", "--json"]
    page = subprocess.run(listed, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout
    assert page.count('"version": 1') == 1000
    assert '"version": 2' not in page


def _noted(journal: Path) -> bool:
    with sqlite3.connect(journal) as database:
        try:
            return database.execute("SELECT 1 FROM filed").fetchone() is not None
        except sqlite3.Error:
            return False
