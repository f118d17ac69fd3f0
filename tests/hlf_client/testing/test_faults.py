"""Failures on demand are what a client meets on Fabric: typed errors, and blocks that say what became of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from hlf_chaincode.contract import Chaincode, Context, Contract, query, transaction
from hlf_client.errors import CommitFailed, EndorsementFailed, InvalidDocument, LedgerUnavailable
from hlf_client.repeating import repeat_conflicts
from hlf_client.testing import Fabric

CHANNEL = "mychannel"
TWO_OF_THREE = "OutOf(2, 'Org1MSP.peer', 'Org2MSP.peer', 'Org3MSP.peer')"


class Assets(Contract):
    @transaction
    async def put(self, context: Context, key: str, value: str) -> None:
        await context.stub.put_state(key, value.encode())
        context.set_event("Put", {"key": key})

    @query
    async def get(self, context: Context, key: str) -> str:
        return (await context.stub.get_state(key) or b"").decode()


@pytest.fixture
def fabric() -> Iterator[Fabric]:
    with Fabric(Chaincode("basic", [Assets()]), organizations=("Org1", "Org2", "Org3"), policy=TWO_OF_THREE) as made:
        yield made


async def test_another_peer_endorses_in_the_place_of_one_that_is_away(fabric: Fabric) -> None:
    ledger = fabric.connect("Org1")
    with fabric.faults.peer_away("Org2MSP"):
        await ledger.submit(CHANNEL, "put", "a", "red")
        with pytest.raises(EndorsementFailed, match="away") as named:
            await ledger.submit(CHANNEL, "put", "a", "blue", endorsing_organizations=["Org1MSP", "Org2MSP"])
        assert [each.msp_id for each in named.value.peers] == ["Org2MSP"]
        with fabric.faults.peer_away("Org3MSP"), pytest.raises(EndorsementFailed, match="no combination of peers"):
            await ledger.submit(CHANNEL, "put", "a", "blue")
    await ledger.submit(CHANNEL, "put", "a", "green", endorsing_organizations=["Org1MSP", "Org2MSP"])
    assert await ledger.evaluate(CHANNEL, "get", "a") == b'"green"'


async def test_whose_own_peer_is_away_reaches_nothing(fabric: Fabric) -> None:
    ledger, other = fabric.connect("Org1"), fabric.connect("Org2")
    proposal = ledger.propose(CHANNEL, "put", "a", "red")
    prepared = await ledger.endorse(proposal.signed(await ledger.sign(proposal.digest)))
    prepared = prepared.signed(await ledger.sign(prepared.digest))
    submitted = await ledger.order(prepared)
    with fabric.faults.peer_away("Org1MSP"):
        for call in (
            lambda: ledger.evaluate(CHANNEL, "get", "a"),
            lambda: ledger.submit(CHANNEL, "put", "a", "blue"),
            lambda: ledger.order(prepared),
            lambda: ledger.commit_status(submitted),
            lambda: ledger.channel_info(CHANNEL),
        ):
            with pytest.raises(LedgerUnavailable, match="Org1MSP is away"):
                await call()
        with pytest.raises(LedgerUnavailable):
            ledger.block_events(CHANNEL)
        await other.submit(CHANNEL, "put", "a", "theirs")
    assert (await ledger.commit_status(submitted)).code == "VALID"


async def test_a_listener_ends_with_its_peer_and_goes_on_from_its_checkpoint(fabric: Fabric) -> None:
    ledger, other = fabric.connect("Org1"), fabric.connect("Org2")
    events = ledger.chaincode_events(CHANNEL, start=0)
    await other.submit(CHANNEL, "put", "a", "1")
    first = await anext(events)
    with fabric.faults.peer_away("Org1MSP"):
        await other.submit(CHANNEL, "put", "b", "1")
        with pytest.raises(LedgerUnavailable):
            await asyncio.wait_for(anext(events), 30)
    again = ledger.chaincode_events(CHANNEL, after=first.checkpoint)
    assert (await anext(again)).payload == b'{"key":"b"}'


async def test_endorsements_that_differ_name_the_peer(fabric: Fabric) -> None:
    ledger = fabric.connect("Org1")
    fabric.faults.endorsement_differs("Org2MSP")
    with pytest.raises(EndorsementFailed, match="do not match") as differing:
        await ledger.submit(CHANNEL, "put", "a", "red")
    assert [each.msp_id for each in differing.value.peers] == ["Org2MSP"]
    await ledger.submit(CHANNEL, "put", "a", "red")


@pytest.mark.parametrize("code", ["MVCC_READ_CONFLICT", "PHANTOM_READ_CONFLICT", "ENDORSEMENT_POLICY_FAILURE"])
async def test_an_invalid_commit_stands_in_a_block_and_changes_nothing(fabric: Fabric, code: str) -> None:
    ledger = fabric.connect("Org1")
    await ledger.submit(CHANNEL, "put", "a", "before")
    fabric.faults.commit_invalid(code)
    with pytest.raises(CommitFailed) as failed:
        await ledger.submit(CHANNEL, "put", "a", "after")
    assert (failed.value.code, failed.value.is_read_conflict) == (code, code.endswith("READ_CONFLICT"))
    blocks = ledger.block_events(CHANNEL, start=failed.value.block_number)
    (seen,) = (await anext(blocks)).transactions
    assert (seen.transaction_id, seen.code) == (failed.value.transaction_id, code)
    assert await ledger.evaluate(CHANNEL, "get", "a") == b'"before"'


async def test_a_client_that_repeats_conflicts_is_tried_with_one(fabric: Fabric) -> None:
    ledger = fabric.connect("Org1")
    fabric.faults.commit_invalid()
    told: list[CommitFailed] = []
    await repeat_conflicts(lambda: ledger.submit(CHANNEL, "put", "a", "again"), told=told.append)
    assert [each.code for each in told] == ["MVCC_READ_CONFLICT"]
    assert await ledger.evaluate(CHANNEL, "get", "a") == b'"again"'


async def test_a_transaction_of_stages_meets_the_fault_too(fabric: Fabric) -> None:
    ledger = fabric.connect("Org1")
    fabric.faults.commit_invalid()
    proposal = ledger.propose(CHANNEL, "put", "a", "red")
    prepared = await ledger.endorse(proposal.signed(await ledger.sign(proposal.digest)))
    submitted = await ledger.order(prepared.signed(await ledger.sign(prepared.digest)))
    assert (await ledger.commit_status(submitted)).code == "MVCC_READ_CONFLICT"


def test_a_code_that_cannot_be_made_is_refused(fabric: Fabric) -> None:
    with pytest.raises(InvalidDocument, match="BAD_PAYLOAD cannot be made on demand"):
        fabric.faults.commit_invalid("BAD_PAYLOAD")
