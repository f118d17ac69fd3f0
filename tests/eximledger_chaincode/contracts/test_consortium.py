"""consortium: founded once, changed by a majority."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.trade import EXIMBANK, FLOORS, MEMBERS, OFFICER, SAFE, STRANGER, TRADEBANK
from tests.eximledger_chaincode.lending.consent.issuing import ROOT, SOUND, issued
from tests.hlf_chaincode.memory_peer import CommitInvalid, MemoryLedger

from eximledger_chaincode.contracts import exim
from eximledger_chaincode.contracts.state.keys import MEMBERS_KEY
from eximledger_chaincode.contracts.state.members import Consortium
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


async def test_one_member_is_a_consortium() -> None:
    """Who tries it out founds it alone."""
    ledger = MemoryLedger(exim(), ["fx"])
    alone = [each for each in MEMBERS if each["msp_id"] == "SafeMSP"]
    assert await ledger.submit(SAFE, "fx", "consortium:configure", alone) == alone


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
    configured, proposed, wanted = "consortium.configured", "consortium.proposed", EVERYBODY[:3]
    assert ledger.channels["fx"].events == [
        (configured, {"members": EVERYBODY}),
        *((proposed, {"by": voter.msp_id, "members": wanted}) for voter in (SAFE, EXIMBANK)),
        (configured, {"members": wanted}),
    ]


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
    assert await floors(await trade.founded("bank")) == FLOORS
    ledger = MemoryLedger(exim(), ["bank"])
    await ledger.submit(SAFE, "bank", "consortium:configure", MEMBERS)
    assert await floors(ledger) == Floors()


async def test_floors_take_the_votes_of_a_majority_for_just_these() -> None:
    ledger = await trade.founded("bank")
    other = STRICTER.model_copy(update={"max_tenor_days": 121})
    for voter, wanted in ((SAFE, STRICTER), (EXIMBANK, other), (OFFICER, STRICTER), (SAFE, STRICTER)):
        await ledger.submit(voter, "bank", "consortium:configure", MEMBERS, wanted)
        assert await floors(ledger) == FLOORS
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
        assert await floors(ledger) == FLOORS
    assert await ledger.submit(TRADEBANK, "bank", "consortium:configure", FEWER) == FEWER
    assert await floors(ledger) == FLOORS


async def test_one_member_lowers_no_floor() -> None:
    ledger = await trade.founded("bank")
    lower = Floors(never_financed_modes=(), always_matched=(), max_financed_percent=Decimal(100))
    for _ in range(3):
        await ledger.submit(TRADEBANK, "bank", "consortium:configure", MEMBERS, lower)
    assert await floors(ledger) == FLOORS


# -- who votes ---------------------------------------------------------------------------------------------------------

MORE = sorted(
    [*MEMBERS, {"msp_id": "RuralbankMSP", "name": "Rural Bank", "role": "bank"}], key=lambda one: one["msp_id"]
)
FOUNDERS = ["CustomsMSP", "EximbankMSP", "SafeMSP"]


async def test_where_voters_are_named_two_of_three_let_a_bank_in() -> None:
    ledger = MemoryLedger(exim(), ["fx"])
    await ledger.submit(SAFE, "fx", "consortium:configure", MEMBERS, None, list(reversed(FOUNDERS)))
    assert await ledger.evaluate(TRADEBANK, "fx", "consortium:voters") == FOUNDERS
    (policy,) = ledger.channels["fx"].policies.values()
    assert (
        str(EndorsementPolicy.from_bytes(policy)) == "OutOf(2, 'CustomsMSP.peer', 'EximbankMSP.peer', 'SafeMSP.peer')"
    )
    with pytest.raises(NotAuthorized, match="TradebankMSP has no vote"):
        await ledger.submit(TRADEBANK, "fx", "consortium:configure", MORE, endorsers=FOUNDERS)
    assert await ledger.submit(EXIMBANK, "fx", "consortium:configure", MORE, endorsers=FOUNDERS) == MEMBERS
    assert await ledger.submit(SAFE, "fx", "consortium:configure", MORE, endorsers=FOUNDERS) == MORE
    assert await ledger.evaluate(TRADEBANK, "fx", "consortium:voters") == FOUNDERS


async def test_one_voter_does_not_choose_the_voters() -> None:
    ledger = MemoryLedger(exim(), ["fx"])
    await ledger.submit(SAFE, "fx", "consortium:configure", MEMBERS, None, FOUNDERS)
    await ledger.submit(SAFE, "fx", "consortium:configure", MEMBERS, None, ["SafeMSP"], endorsers=FOUNDERS)
    assert await ledger.evaluate(SAFE, "fx", "consortium:voters") == FOUNDERS
    await ledger.submit(EXIMBANK, "fx", "consortium:configure", MEMBERS, None, [], endorsers=FOUNDERS)
    assert await ledger.evaluate(SAFE, "fx", "consortium:voters") == FOUNDERS, "two ballots, for different voters"
    await ledger.submit(OFFICER, "fx", "consortium:configure", MEMBERS, None, [], endorsers=FOUNDERS)
    assert await ledger.evaluate(SAFE, "fx", "consortium:voters") == EVERYBODY


async def test_a_voter_is_a_member_and_stays_one() -> None:
    ledger = MemoryLedger(exim(), ["fx"])
    with pytest.raises(InvalidDocument, match="voters: StrangerMSP is no member"):
        await ledger.submit(SAFE, "fx", "consortium:configure", MEMBERS, None, ["StrangerMSP"])
    await ledger.submit(SAFE, "fx", "consortium:configure", MEMBERS, None, FOUNDERS)
    without_customs = [one for one in MEMBERS if one["msp_id"] != "CustomsMSP"]
    with pytest.raises(InvalidDocument, match="voters: CustomsMSP is no member"):
        await ledger.submit(SAFE, "fx", "consortium:configure", without_customs, endorsers=FOUNDERS)


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


@pytest.mark.parametrize("schema_version", [2, 3, 4])
async def test_a_ledger_of_an_earlier_schema_is_refused_with_a_sentence(schema_version: int) -> None:
    ledger = await trade.founded()
    old = json.dumps(OLD | {"schema_version": schema_version}).encode()
    ledger.channels["customs"].values["", MEMBERS_KEY] = old
    with pytest.raises(Refused, match=rf"between two releases \(schema {schema_version}\), .*found a new one"):
        await ledger.endorse(EXIMBANK, "customs", "documents:put", "declaration", trade.declaration())


# -- exporters' authorities --------------------------------------------------------------------------------------------


def with_authority(*pems: str, member: str = "SafeMSP") -> list[object]:
    return [{**each, "exporters_authority": list(pems)} if each["msp_id"] == member else {**each} for each in MEMBERS]


async def test_a_vote_names_an_exporters_authority_and_replaces_it() -> None:
    ledger = await trade.founded("customs")
    next_one = issued("Exporters, the next").pem
    for wanted in (with_authority(ROOT.pem), with_authority(ROOT.pem, next_one), with_authority(next_one), MEMBERS):
        for voter in (SAFE, EXIMBANK):
            assert await ledger.submit(voter, "customs", "consortium:configure", wanted) != wanted
        assert await ledger.submit(OFFICER, "customs", "consortium:configure", wanted) == wanted
        assert await ledger.evaluate(TRADEBANK, "customs", "consortium:members") == wanted


def test_the_authorities_of_a_consortium_are_those_of_its_members() -> None:
    other = issued("Exporters at sea").pem
    customs, *rest = with_authority(ROOT.pem)
    assert isinstance(customs, dict)
    consortium = Consortium.model_validate({"members": [customs | {"exporters_authority": [other]}, *rest]})
    assert consortium.exporters_authorities == (other, ROOT.pem)
    assert Consortium.model_validate({"members": MEMBERS}).exporters_authorities == ()


@pytest.mark.parametrize(
    ("members", "why"),
    [
        (with_authority("no certificate"), "one X.509 certificate"),
        (with_authority(SOUND.pem), "not an authority's"),
        (with_authority(ROOT.pem + SOUND.pem), "nothing else"),
        (with_authority(ROOT.pem, ROOT.pem), "named twice"),
        (with_authority(*[ROOT.pem] * 6), "at most 5"),
        (with_authority(ROOT.pem, member="TradebankMSP"), "a bank does not vouch"),
    ],
)
async def test_what_may_not_vouch_for_exporters_is_refused(members: list[object], why: str) -> None:
    ledger = MemoryLedger(exim(), ["customs"])
    with pytest.raises(InvalidDocument, match=why):
        await ledger.submit(SAFE, "customs", "consortium:configure", members)
