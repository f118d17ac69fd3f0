"""Every write and query of every contract, tried by everybody on the embedded ledger; the page of it is in docs/."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from tests.trust.forgery.case import SECRET, Story
from tests.trust.forgery.embedded import EmbeddedVenue
from tests.trust.forgery.matrix import Cast, Matrix, play_later, play_out
from tests.trust.forgery.rights import CHANNELS, LATER, QUERIES_OF, READS, WRITES
from tests.trust.forgery.story import ENDING, STEPS, described, later, queries
from tests.trust.forgery.table import markdown

from eximledger.testing import LedgerNetwork, ManualClock, exim_ledger
from eximledger_chaincode.contracts import exim
from eximledger_chaincode.documents import KINDS
from hlf_client import verify

on_one_loop = pytest.mark.asyncio(loop_scope="module")
PAGE = Path(__file__).resolve().parents[3] / "docs" / "forgery-table.md"


@dataclass(frozen=True)
class Played:
    network: LedgerNetwork
    writes: Matrix
    elsewhere: Matrix
    reads: Matrix


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Played]:
    """The story played to its end, and the lender's papers asked for by everybody."""
    clock = ManualClock(datetime(2026, 9, 1, 2, tzinfo=UTC))
    network = exim_ledger(tmp_path_factory.mktemp("forgery") / "exim.db", clock=clock)
    venue = EmbeddedVenue(network, clock)
    story = Story(77, await venue.members())
    cast = await Cast.of(venue, {step.rightful for step in (*STEPS, *ENDING) if step.thing and step.rightful})
    writes, elsewhere, reads = await play_out(venue, cast, story)
    writes.cells |= (await play_later(venue, cast, story, clock.advance)).cells
    yield Played(network, writes, elsewhere, reads)
    await cast.close()
    await network.finish()
    network.close()


def test_every_function_of_every_contract_has_its_row() -> None:
    """A new transaction or query makes this fail until somebody has said whose it is."""
    assert {function for _, function, _ in (*WRITES, *LATER)} == described(exim().metadata, "SUBMIT")
    assert set(QUERIES_OF) == described(exim().metadata, "EVALUATE")
    assert {step.row for step in (*STEPS, *ENDING) if step.thing} == set(WRITES)
    assert {step.row for _, steps in later(Story(1, ())) for step in steps if step.thing} == set(LATER)
    assert {function for _, function in READS} <= set(QUERIES_OF)
    assert set(queries(Story(1, ()), "bank")) == set(QUERIES_OF)


def test_every_kind_of_paper_is_filed_in_the_story() -> None:
    """So is a new kind: somebody has said whose it is to write."""
    story = Story(1, ())
    filed = {str(step.call(story).arguments[0]) for step in STEPS if step.function.startswith("documents:")}
    assert filed | {"application", "policy", "watch-list", "own-watch-list"} == set(KINDS)


@on_one_loop
async def test_everybody_may_do_what_is_stated_and_nothing_else(played: Played) -> None:
    assert played.writes.surprises == []
    assert played.elsewhere.surprises == []
    assert played.reads.surprises == []
    assert set(played.writes.cells) == {*WRITES, *LATER}
    everywhere = {(name, function) for name in CHANNELS for function in described(exim().metadata, "SUBMIT")}
    assert {row[:2] for row in (*played.writes.cells, *played.elsewhere.cells)} == everywhere
    assert {row[:2] for row in played.reads.cells} == {(name, each) for name in CHANNELS for each in QUERIES_OF}
    page = markdown(played.writes, played.elsewhere, played.reads)
    if os.environ.get("EXIM_TRUST"):
        PAGE.write_text(page)
    assert PAGE.read_text() == page, "docs/forgery-table.md is out of date: run this with EXIM_TRUST=1, read the diff"


@on_one_loop
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
