"""Every write of every contract tried by everybody at real peers, and what an outsider's peer has of private papers.

The embedded ledger's table is docs/forgery-table.md; here the same story must have the same outcome.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

import pytest
import pytest_asyncio
from tests.fabric.consortium import Members
from tests.fabric.venue import FabricVenue
from tests.trust.forgery.case import SECRET, Story
from tests.trust.forgery.matrix import Cast, Matrix, play_out
from tests.trust.forgery.rights import WRITES
from tests.trust.forgery.story import ENDING, STEPS

from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.rules import Decision, Verdict
from hlf_client.gateway import GatewayLedger

pytestmark = [
    pytest.mark.skipif("EXIM_TRUST" not in os.environ, reason="more than five minutes on peers: make trust"),
    pytest.mark.fabric,
    pytest.mark.asyncio(loop_scope="module"),
]

SERIAL = 7700


@dataclass(frozen=True)
class Played:
    venue: FabricVenue
    writes: Matrix
    elsewhere: Matrix
    reads: Matrix

    def connect(self, person: str) -> GatewayLedger:
        return self.venue.connect(person.partition("/")[0], self.venue.identity(person))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def played(members: Members, lent: Verdict) -> AsyncIterator[Played]:
    assert lent.verdict is Decision.APPROVE
    venue = FabricVenue(members)
    try:
        story = Story(SERIAL, members.roles, day_in_china(venue.now()))
        cast = await Cast.of(venue, {step.rightful for step in (*STEPS, *ENDING) if step.thing and step.rightful})
        try:
            writes, elsewhere, reads = await play_out(venue, cast, story)
        finally:
            await cast.close()
        yield Played(venue, writes, elsewhere, reads)
    finally:
        await venue.close()


async def test_everybody_may_do_what_is_stated_and_nothing_else(played: Played) -> None:
    assert not played.writes.surprises, "\n".join(played.writes.surprises)
    assert not played.elsewhere.surprises, "\n".join(played.elsewhere.surprises)
    assert not played.reads.surprises, "\n".join(played.reads.surprises)
    assert set(played.writes.cells) == set(WRITES)


async def test_no_block_that_an_outsider_gets_holds_what_stands_in_a_private_paper(played: Played) -> None:
    outsider = played.connect("eximbank/maker")
    height = (await outsider.channel_info("bank")).height
    blocks = [await outsider.stored_block("bank", number) for number in range(height)]
    await outsider.close()
    assert any(b"documents:put_many" in block for block in blocks)
    assert not [number for number, block in enumerate(blocks) if SECRET.encode() in block]


async def test_blocks_with_private_data_show_a_paper_to_its_bank_and_the_bureau_only(played: Played) -> None:
    people = ("tradebank/checker", "safe/officer", "eximbank/admin")
    seen = {person: await _private(played.connect(person)) for person in people}
    assert SECRET.encode() in seen["tradebank/checker"]
    assert SECRET.encode() in seen["safe/officer"]
    assert SECRET.encode() not in seen["eximbank/admin"]


async def _private(ledger: GatewayLedger) -> bytes:
    """All private values of the channel `bank` that a member's peer hands out."""
    height, values = (await ledger.channel_info("bank")).height, b""
    async with aclosing(ledger.private_data_events("bank", start=0)) as events:  # type: ignore[type-var]  # an asynchronous generator
        async for event in events:
            values += b"".join(write.value or b"" for write in event.writes)
            if event.block.number == height - 1:
                break
    await ledger.close()
    return values
