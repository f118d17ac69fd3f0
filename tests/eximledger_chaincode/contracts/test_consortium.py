"""consortium: founded once, changed by a majority."""

from __future__ import annotations

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.trade import EXIMBANK, MEMBERS, OFFICER, SAFE, STRANGER, TRADEBANK
from tests.hlf_chaincode.memory_peer import CommitInvalid, MemoryLedger

from eximledger_chaincode.contracts import exim
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, Refused
from hlf_chaincode.policies import EndorsementPolicy

FEWER = MEMBERS[:3]
EVERYBODY = [member["msp_id"] for member in MEMBERS]


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
    alone = await ledger.endorse(SAFE, "fx", "consortium:configure", FEWER, endorsers=["SafeMSP", "EximbankMSP"])
    with pytest.raises(CommitInvalid, match="ENDORSEMENT_POLICY_FAILURE"):
        ledger.commit(alone)


async def test_a_change_needs_the_votes_of_a_majority_of_members() -> None:
    """However many peers endorse: they do so by software."""
    ledger = await trade.founded("fx")
    for voter in (SAFE, EXIMBANK, SAFE):
        assert await ledger.submit(voter, "fx", "consortium:configure", FEWER, endorsers=EVERYBODY) == MEMBERS
    ballots = await ledger.evaluate(TRADEBANK, "fx", "consortium:ballots")
    assert ballots == [{"msp_id": msp_id, "members": FEWER} for msp_id in ("EximbankMSP", "SafeMSP")]
    assert await ledger.submit(OFFICER, "fx", "consortium:configure", FEWER, endorsers=EVERYBODY) == FEWER
    assert await ledger.evaluate(EXIMBANK, "fx", "consortium:members") == FEWER
    assert await ledger.evaluate(EXIMBANK, "fx", "consortium:ballots") == []
    names = [name for name, _ in ledger.channels["fx"].events]
    configured, proposed = "consortium.configured", "consortium.proposed"
    assert names == [configured, proposed, proposed, configured]


async def test_votes_for_different_members_do_not_add_up_and_a_vote_can_be_taken_back() -> None:
    ledger = await trade.founded("fx")
    others = [{**MEMBERS[0], "name": "Customs of Guiyang"}, *MEMBERS[1:]]
    for voter, wanted in ((SAFE, FEWER), (EXIMBANK, FEWER), (OFFICER, others), (SAFE, MEMBERS), (OFFICER, FEWER)):
        assert await ledger.submit(voter, "fx", "consortium:configure", wanted, endorsers=EVERYBODY) == MEMBERS
    assert await ledger.submit(TRADEBANK, "fx", "consortium:configure", FEWER, endorsers=EVERYBODY) == FEWER


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
