"""consortium: founded once, changed by a majority."""

from __future__ import annotations

import pytest
from tests.chaincode.contracts import trade
from tests.chaincode.contracts.trade import EXIMBANK, MEMBERS, SAFE, STRANGER
from tests.chaincode.memory_peer import CommitInvalid, MemoryLedger

from eximledger_chaincode.contracts import exim
from eximledger_chaincode.endorsement import EndorsementPolicy
from eximledger_chaincode.errors import InvalidDocument, NotAuthorized, Refused


async def test_members_are_sorted_and_the_same_again_change_nothing() -> None:
    ledger = MemoryLedger(exim(), ["fx"])
    assert await ledger.submit(SAFE, "fx", "consortium:configure", list(reversed(MEMBERS))) == MEMBERS
    assert await ledger.evaluate(EXIMBANK, "fx", "consortium:members") == MEMBERS
    envelope = await ledger.call(EXIMBANK, "fx", "consortium:configure", MEMBERS)
    assert (envelope.writes, envelope.policies, envelope.event) == ({}, {}, None)
    assert [name for name, _ in ledger.channels["fx"].events] == ["consortium.configured"]


async def test_a_change_needs_a_majority_of_the_members_peers() -> None:
    ledger = await trade.founded("fx")
    (policy,) = ledger.channels["fx"].policies.values()
    peers = "'CustomsMSP.peer', 'EximbankMSP.peer', 'SafeMSP.peer', 'TradebankMSP.peer'"
    assert str(EndorsementPolicy.from_bytes(policy)) == f"OutOf(3, {peers})"
    fewer = MEMBERS[:3]
    alone = await ledger.endorse(SAFE, "fx", "consortium:configure", fewer, endorsers=["SafeMSP", "EximbankMSP"])
    with pytest.raises(CommitInvalid, match="ENDORSEMENT_POLICY_FAILURE"):
        ledger.commit(alone)
    most = ["SafeMSP", "EximbankMSP", "CustomsMSP"]
    await ledger.submit(SAFE, "fx", "consortium:configure", fewer, endorsers=most)
    assert await ledger.evaluate(EXIMBANK, "fx", "consortium:members") == fewer


async def test_only_a_member_configures() -> None:
    ledger = MemoryLedger(exim(), ["fx"])
    with pytest.raises(NotAuthorized):
        await ledger.submit(STRANGER, "fx", "consortium:configure", MEMBERS)
    await ledger.submit(SAFE, "fx", "consortium:configure", MEMBERS)
    with pytest.raises(NotAuthorized):
        await ledger.submit(
            STRANGER, "fx", "consortium:configure",
            [*MEMBERS, {"msp_id": "StrangerMSP", "name": "Stranger", "role": "bank"}],
        )  # fmt: skip


@pytest.mark.parametrize(
    ("members", "field"),
    [
        ([], "members"),
        ([MEMBERS[0], MEMBERS[0]], "members"),
        ([{**MEMBERS[0], "role": "king"}], "members.0.role"),
        ([{**MEMBERS[0], "msp_id": "a b"}], "members.0.msp_id"),
    ],
)
async def test_wrong_members_are_named(members: list[object], field: str) -> None:
    ledger = MemoryLedger(exim(), ["fx"])
    with pytest.raises(InvalidDocument) as raised:
        await ledger.submit(SAFE, "fx", "consortium:configure", members)
    assert raised.value.field == field


async def test_before_it_is_founded_nobody_is_a_member() -> None:
    with pytest.raises(Refused, match="consortium:configure"):
        await MemoryLedger(exim(), ["fx"]).evaluate(SAFE, "fx", "consortium:members")
