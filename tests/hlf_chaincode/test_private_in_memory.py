"""The ledger in memory with private calls and private collections: what it hides and refuses, as Fabric does."""

from __future__ import annotations

from typing import ClassVar

import pytest
from tests.hlf_chaincode.memory_peer import Collection, CommitInvalid, MemoryLedger, identity

from hlf_chaincode.contract import Chaincode, Context, Contract, query, transaction
from hlf_chaincode.errors import FabricError, InvalidDocument, NotAuthorized

BANK, OTHER = identity("BankMSP"), identity("OtherMSP")


class Notes(Contract):
    name: ClassVar[str] = "notes"

    @transaction(private=True)
    async def write(self, context: Context, collection: str, text: str) -> str:
        await context.stub.put_private_data(collection, "note", text.encode())
        return f"{text}, written"

    @query
    async def read(self, context: Context, collection: str) -> str:
        return (await context.stub.get_private_data(collection, "note") or b"").decode()


def collection(channel: str, name: str) -> Collection:
    return Collection(("BankMSP", "SafeMSP"), members_only=name == "own", endorsement="OR('SafeMSP.peer')")


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger(Chaincode("notes", [Notes()]), ["bank"], collections=collection)


async def test_open_arguments_of_a_private_function_go_by_transient(ledger: MemoryLedger) -> None:
    envelope = await ledger.endorse(BANK, "bank", "notes:write", "own", "17 motors")
    assert envelope.transaction.arguments == (b"notes:write",)
    assert b"motors" not in envelope.response.payload
    assert envelope.result == b'"17 motors, written"'
    assert await ledger.submit(BANK, "bank", "notes:write", "own", "18 motors") == "18 motors, written"
    with pytest.raises(InvalidDocument, match="private"):
        await ledger.endorse(BANK, "bank", "notes:write", "own", "17 motors", raw=True)


async def test_collections_keep_strangers_out_and_need_their_own_endorsers(ledger: MemoryLedger) -> None:
    by_bank, by_safe = [
        await ledger.endorse(BANK, "bank", "notes:write", "own", "x", endorsers=[msp]) for msp in ("BankMSP", "SafeMSP")
    ]
    with pytest.raises(CommitInvalid, match="ENDORSEMENT_POLICY_FAILURE"):
        ledger.commit(by_bank)
    ledger.commit(by_safe)
    with pytest.raises(NotAuthorized):
        await ledger.evaluate(OTHER, "bank", "notes:read", "own")
    assert await ledger.evaluate(OTHER, "bank", "notes:read", "open") == ""
    with pytest.raises(FabricError, match="the peer of OtherMSP does not hold"):
        await ledger.endorse(OTHER, "bank", "notes:read", "open", at="OtherMSP")
