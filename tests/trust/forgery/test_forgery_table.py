"""Every write and query of every contract, tried by everybody on the embedded ledger; the page of it is in docs/."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.trust.forgery.embedded import EmbeddedVenue
from tests.trust.forgery.matrix import Matrix, play, read_papers
from tests.trust.forgery.rights import PAPERS, WRITES
from tests.trust.forgery.story import QUERIES, SECRET, STEPS, Story, described
from tests.trust.forgery.table import markdown

from eximledger.testing import LedgerNetwork, ManualClock
from eximledger_chaincode.contracts import exim
from hlf_client import verify

PAGE = Path(__file__).resolve().parents[3] / "docs" / "forgery-table.md"


@dataclass(frozen=True)
class Played:
    network: LedgerNetwork
    writes: Matrix
    reads: Matrix


@pytest.fixture
async def played(exim_network_factory: Callable[..., LedgerNetwork], tmp_path: Path) -> AsyncIterator[Played]:
    """The story played to its end, and the lender's papers asked for by everybody."""
    clock = ManualClock(datetime(2026, 9, 1, 2, tzinfo=UTC))
    network = exim_network_factory(tmp_path / "forgery.db", clock=clock)
    venue = EmbeddedVenue(network, clock)
    story = Story(77, await venue.members())
    yield Played(network, await play(venue, story), await read_papers(venue, story))
    await network.finish()


def test_every_function_of_every_contract_has_its_row() -> None:
    """A new transaction or query makes this fail until somebody has said whose it is."""
    assert {function for _, function, _ in WRITES} == described(exim().metadata, "SUBMIT")
    assert {function for _, function, _ in PAPERS} == described(exim().metadata, "EVALUATE")
    assert {step.row for step in STEPS if step.thing} == set(WRITES)
    assert {(channel, function) for channel, function, _ in PAPERS} == set(QUERIES)


async def test_everybody_may_do_what_is_stated_and_nothing_else(played: Played) -> None:
    assert played.writes.surprises == []
    assert played.reads.surprises == []
    assert set(played.writes.cells) == set(WRITES)
    page = markdown(played.writes, played.reads)
    if os.environ.get("EXIM_TRUST"):
        PAGE.write_text(page)
    assert PAGE.read_text() == page, "docs/forgery-table.md is out of date: run this with EXIM_TRUST=1, read the diff"


async def test_no_block_holds_what_stands_in_a_private_paper(played: Played) -> None:
    """Only the lender's and SAFE's collection does; nothing of the file that others may read."""
    await played.network.finish()
    spaces = "SELECT id FROM namespace WHERE "
    with closing(sqlite3.connect(played.network.path)) as connection:

        def stored(statement: str) -> bytes:
            return b"".join(row[0] for row in connection.execute(statement))

        lenders = stored(f"SELECT value FROM state WHERE namespace IN ({spaces} collection = 'papers-TradebankMSP')")
        public = stored(f"SELECT value FROM state WHERE namespace IN ({spaces} hashed OR collection = '')")
        blocks = stored("SELECT content FROM tx")
    assert SECRET.encode() in lenders
    assert SECRET.encode() not in public + blocks
    assert verify(played.network.path).is_good
