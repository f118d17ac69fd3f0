"""The API without asyncio: the same calls, from any number of threads."""

from __future__ import annotations

import asyncio
import inspect
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from eximledger.desk import LoanDesk as AsyncLoanDesk
from eximledger.formats import read
from eximledger.sync import LoanDesk, connect, revoke
from hlf_client.errors import NotAuthorized, NotFound

DONGYU = Path(__file__).resolve().parents[3] / "examples" / "dongyu"


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"embedded:{tmp_path / 'exim.db'}"


def signature(function: Callable[..., object]) -> list[tuple[str, object, object, object]]:
    parameters = inspect.signature(function).parameters.values()
    return [(one.name, one.kind, one.default, one.annotation) for one in parameters]


def test_the_desk_has_every_method_of_the_asyncio_one_with_its_signature() -> None:
    methods = inspect.getmembers(AsyncLoanDesk, inspect.iscoroutinefunction)
    names = {name for name, _ in methods if not name.startswith("_")}
    assert names == {name for name in vars(LoanDesk) if not name.startswith("_")}
    for name in sorted(names):
        mine, theirs = getattr(LoanDesk, name), getattr(AsyncLoanDesk, name)
        assert signature(mine) == signature(theirs), name
        assert inspect.signature(mine).return_annotation == inspect.signature(theirs).return_annotation, name


def test_papers_are_filed_and_read(url: str) -> None:
    papers = read(DONGYU / "customs" / "declarations-2026.csv").documents
    with connect(url, "customs") as ledger:
        assert ledger.msp_id == "CustomsMSP"
        assert ledger.channels == ["customs"] or "customs" in ledger.channels
        desk = LoanDesk(ledger)
        desk.file(papers)
        assert desk.document("declaration", papers[0].number).document == papers[0]
        with pytest.raises(NotFound):
            desk.document("declaration", "224820260000999999")


def test_many_threads_use_one_desk(url: str) -> None:
    invoice = read(DONGYU / "eximbank" / "invoice-DY-CI-260401-05.xml").documents[0]
    with connect(url, "eximbank") as ledger:
        desk = LoanDesk(ledger)

        def file(number: int) -> str:
            (filed,) = desk.file(invoice.model_copy(update={"invoice_number": f"T-{number}"}))
            return filed.entry.id

        with ThreadPoolExecutor(16) as pool:
            ids = set(pool.map(file, range(100)))
        assert len(ids) == 100
        assert {entry.id for entry in desk.documents("invoice", page_size=500).entries} == ids


def test_events_are_iterated_and_closed(url: str) -> None:
    paper = read(DONGYU / "customs" / "declarations-2026.csv").documents[0]
    with connect(url, "customs") as ledger:
        LoanDesk(ledger).file(paper)
        events = ledger.chaincode_events("customs", start=0)
        blocks = ledger.block_events("customs", start=0)
        assert next(blocks).number == 0
        assert next(events).channel == "customs"
        for listening in (events, blocks):
            listening.close()


def test_a_certificate_is_revoked(url: str) -> None:
    with connect(url, "customs") as ledger:
        LoanDesk(ledger).members()
    assert "customs" in revoke(url, "customs/officer")
    with pytest.raises(NotAuthorized, match="nobody"):
        revoke(url, "nobody/at/all")


async def test_a_call_from_a_coroutine_is_refused(url: str) -> None:
    ledger = await asyncio.to_thread(connect, url, "customs")
    with pytest.raises(RuntimeError, match="asyncio API"):
        ledger.evaluate("customs", "consortium:members")
    await asyncio.to_thread(ledger.close)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
async def test_a_forked_worker_connects_anew(url: str) -> None:
    program = (
        "import os, sys\n"
        "from eximledger.sync import connect\n"
        f"connect({url!r}, 'customs').close()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        f"    with connect({url!r}, 'customs') as ledger:\n"
        "        ledger.evaluate('customs', 'consortium:members')\n"
        "    os._exit(7)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-W", "ignore", "-c", program)
    assert await asyncio.wait_for(process.wait(), 30) == 7


def test_one_background_thread_serves_all(url: str) -> None:
    ledgers = [connect(url, who) for who in ("customs", "safe", "eximbank")]
    assert [thread.name for thread in threading.enumerate()].count("hlf-client") == 1
    for ledger in ledgers:
        ledger.close()
