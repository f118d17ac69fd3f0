"""consortium: founded once, changed by a majority."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.trade import EXIMBANK, MEMBERS, OFFICER, SAFE, STRANGER, TRADEBANK
from tests.hlf_chaincode.memory_peer import CommitInvalid, MemoryLedger

from eximledger_chaincode.contracts import exim
from eximledger_chaincode.contracts.state.keys import MEMBERS_KEY
from eximledger_chaincode.lending.floors import Floors
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


async def test_a_consortium_of_nobody_is_none() -> None:
    """Nobody could change it again."""
    ledger = MemoryLedger(exim(), ["fx"])
    with pytest.raises(InvalidDocument, match="members"):
        await ledger.submit(SAFE, "fx", "consortium:configure", [])
    assert await ledger.submit(SAFE, "fx", "consortium:configure", MEMBERS) == MEMBERS
    with pytest.raises(InvalidDocument, match="members"):
        await ledger.submit(SAFE, "fx", "consortium:configure", [])


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
    assert isinstance(ballots, list)
    assert [(ballot["msp_id"], ballot["members"]) for ballot in ballots] == [
        ("EximbankMSP", FEWER), ("SafeMSP", FEWER),
    ]  # fmt: skip
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


# -- floors ------------------------------------------------------------------------------------------------------------

STRICTER = Floors(max_financed_percent=Decimal(70), max_tenor_days=120)


async def floors(ledger: MemoryLedger) -> Floors:
    return Floors.model_validate(await ledger.evaluate(TRADEBANK, "bank", "consortium:floors"))


async def test_floors_are_founded_with_the_members() -> None:
    ledger = MemoryLedger(exim(), ["bank"])
    await ledger.submit(SAFE, "bank", "consortium:configure", MEMBERS, STRICTER)
    assert await floors(ledger) == STRICTER
    assert await floors(await trade.founded("bank")) == Floors()


async def test_floors_take_the_votes_of_a_majority_for_just_these() -> None:
    ledger = await trade.founded("bank")
    other = STRICTER.model_copy(update={"max_tenor_days": 121})
    for voter, wanted in ((SAFE, STRICTER), (EXIMBANK, other), (OFFICER, STRICTER), (SAFE, STRICTER)):
        await ledger.submit(voter, "bank", "consortium:configure", MEMBERS, wanted)
        assert await floors(ledger) == Floors()
    ballots = await ledger.evaluate(TRADEBANK, "bank", "consortium:ballots")
    assert isinstance(ballots, list)
    assert [(each["msp_id"], each["floors"]["max_tenor_days"]) for each in ballots] == [
        ("CustomsMSP", 120), ("EximbankMSP", 121), ("SafeMSP", 120),
    ]  # fmt: skip
    await ledger.submit(EXIMBANK, "bank", "consortium:configure", MEMBERS, STRICTER)
    assert await floors(ledger) == STRICTER
    assert await ledger.evaluate(TRADEBANK, "bank", "consortium:ballots") == []


async def test_a_vote_for_members_alone_is_one_for_the_present_floors() -> None:
    """So a vote for floors and one for members do not add up to a change of both."""
    ledger = await trade.founded("bank")
    await ledger.submit(SAFE, "bank", "consortium:configure", MEMBERS, STRICTER)
    for voter in (EXIMBANK, OFFICER):
        await ledger.submit(voter, "bank", "consortium:configure", FEWER)
        assert await floors(ledger) == Floors()
    assert await ledger.submit(TRADEBANK, "bank", "consortium:configure", FEWER) == FEWER
    assert await floors(ledger) == Floors()


async def test_one_member_lowers_no_floor() -> None:
    ledger = await trade.founded("bank")
    lower = Floors(never_financed_modes=(), always_matched=(), max_financed_percent=Decimal(100))
    for _ in range(3):
        await ledger.submit(TRADEBANK, "bank", "consortium:configure", MEMBERS, lower)
    assert await floors(ledger) == Floors()


# -- how many, and how old ---------------------------------------------------------------------------------------------


async def test_there_are_more_members_than_a_hundred() -> None:
    banks = [{"msp_id": f"Bank{n:03}MSP", "name": f"Bank {n}", "role": "bank"} for n in range(300)]
    members = sorted([*MEMBERS, *banks], key=lambda member: member["msp_id"])
    ledger = MemoryLedger(exim(), ["bank"])
    assert await ledger.submit(SAFE, "bank", "consortium:configure", members) == members
    assert await ledger.evaluate(EXIMBANK, "bank", "consortium:members") == members
    (policy,) = ledger.channels["bank"].policies.values()
    assert str(EndorsementPolicy.from_bytes(policy)).startswith("OutOf(153, ")


OLD = {"kind": "consortium", "schema_version": 1, "members": MEMBERS, "ballots": []}


@pytest.mark.parametrize(
    ("channel", "function", "arguments"),
    [
        ("bank", "consortium:configure", (MEMBERS,)),
        ("bank", "consortium:members", ()),
        ("bank", "loans:apply", (trade.application(),)),
        ("bank", "loans:get", ("L-1",)),
        ("bank", "loans:approve", ("L-1", 1, "0" * 64, [])),
        ("bank", "policies:propose", (trade.policy(),)),
        ("bank", "calendar:open", (trade.APPLIED,)),
        ("bank", "financing:balance", (trade.number_of(1),)),
        ("customs", "documents:put", ("declaration", trade.declaration())),
        ("fx", "documents:put", ("rate", trade.rate())),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_ledger_of_an_earlier_release_is_refused_with_a_sentence(
    channel: str, function: str, arguments: tuple[object, ...]
) -> None:
    ledger = await trade.founded()
    for each in ledger.channels.values():
        each.values["", MEMBERS_KEY] = json.dumps(OLD).encode()
    with pytest.raises(Refused, match=r"written by release 0\.2 or earlier, .*found a new one"):
        await ledger.endorse(EXIMBANK, channel, function, *arguments)
