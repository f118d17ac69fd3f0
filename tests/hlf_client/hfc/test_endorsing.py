"""Who is asked to endorse, what of their answers counts, and who never sees a transient value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import pytest
from tests.hlf_client.hfc.peers import FakeWire, away, endorsed, nobody_may, node, plan, refusal

from hlf_client import Proposal
from hlf_client.errors import EndorsementFailed, LedgerUnavailable, NotAuthorized, Refused
from hlf_client.gateway import Timeouts
from hlf_client.hfc._discovery import Touched
from hlf_client.hfc._endorsing import Endorsing
from hlf_client.hfc._pipe import RequestFailed
from hlf_client.hfc._wire import Node, Wire
from hlf_client.identity import Identity
from hlf_client.wire.messages import draft, serialized_identity

MEMBERS = {
    "BankMSP": [node("peer0.bank"), node("peer1.bank")],
    "SafeMSP": [node("peer0.safe")],
    "CustomsMSP": [node("peer0.customs")],
}
EVERYONE = ["peer0.bank", "peer0.customs", "peer0.safe"]
BANK_AND_SAFE = plan({"b": ["BankMSP"], "s": ["SafeMSP"]}, {"b": 1, "s": 1})
ANYBODY = plan({"b": ["BankMSP"], "s": ["SafeMSP"], "c": ["CustomsMSP"]}, {"b": 1}, {"s": 1}, {"c": 1})


class Case:
    """One member's endorsing, and what it asked discovery."""

    def __init__(self, wire: FakeWire, identity: Identity) -> None:
        self.wire = wire
        self.questions: list[Touched] = []
        self._creator = serialized_identity(identity.msp_id, identity.certificate)
        self.endorsing = Endorsing(cast("Wire", wire), identity.msp_id, self._discover, Timeouts())

    async def _discover(self, peer: Node, channel: str, about: Touched) -> bytes:
        self.questions.append(about)
        return self.wire.discovered

    def proposal(self, *organizations: str, transient: bool = False) -> Proposal:
        values = {"value": b"secret"} if transient else None
        drafted = draft(self._creator, "bank", "exim", [b"f"], values)
        return Proposal(drafted.content, drafted.transaction_id, "bank", organizations, b"signed")

    async def endorsers(self, *organizations: str, transient: bool = False) -> list[str]:
        found = await self.endorsing.collect(self.proposal(*organizations, transient=transient), MEMBERS)
        return sorted(str(each.peer) for each in found)


@pytest.fixture
def case(wire: FakeWire, identity: Identity) -> Case:
    wire.answers = {str(peer): [endorsed()] for peers in MEMBERS.values() for peer in peers}
    return Case(wire, identity)


async def test_one_peer_of_each_organisation_endorses_and_nobody_is_asked_why(case: Case) -> None:
    assert await case.endorsers() == EVERYONE
    assert sorted(case.wire.asked) == EVERYONE
    assert not case.questions


async def test_named_organisations_and_no_others_are_asked(case: Case) -> None:
    assert await case.endorsers("SafeMSP") == ["peer0.safe"]
    assert case.wire.asked == ["peer0.safe"]


async def test_an_organisation_that_the_profile_does_not_know_cannot_be_named(case: Case) -> None:
    with pytest.raises(EndorsementFailed, match="no endorsing peer of StrangerMSP"):
        await case.endorsers("StrangerMSP")
    assert not case.wire.asked


async def test_another_peer_of_the_organisation_stands_in_for_one_that_is_away(case: Case) -> None:
    case.wire.answers["peer0.bank"] = [away()]
    assert await case.endorsers() == ["peer0.customs", "peer0.safe", "peer1.bank"]


async def test_the_own_peers_refusal_is_the_answer_whatever_others_say(case: Case) -> None:
    case.wire.answers["peer0.bank"] = [refusal('{"error":"Refused","message":"no"}', 422)]
    with pytest.raises(Refused, match="no"):
        await case.endorsers()
    assert "peer1.bank" not in case.wire.asked


@pytest.mark.parametrize("answer", [refusal("private data is not here"), away()])
async def test_who_refuses_is_left_out_when_the_policy_can_do_without(case: Case, answer: bytes) -> None:
    case.wire.answers["peer0.customs"] = [answer]
    case.wire.discovered = BANK_AND_SAFE
    assert await case.endorsers() == ["peer0.bank", "peer0.safe"]


@pytest.mark.parametrize("answer", [refusal("out of order"), away()])
async def test_who_is_needed_and_refuses_fails_it_with_its_words(case: Case, answer: bytes) -> None:
    case.wire.answers["peer0.safe"] = [answer]
    case.wire.discovered = BANK_AND_SAFE
    with pytest.raises(EndorsementFailed, match="cannot do without") as failure:
        await case.endorsers()
    assert [(each.address, each.msp_id) for each in failure.value.peers] == [("peer0.safe", "SafeMSP")]


async def test_a_named_organisation_that_refuses_is_not_left_out(case: Case) -> None:
    case.wire.answers["peer0.safe"] = [refusal("out of order")]
    with pytest.raises(EndorsementFailed) as failure:
        await case.endorsers("BankMSP", "SafeMSP")
    assert failure.value.peers[0].message == "out of order"
    assert not case.questions


@pytest.mark.parametrize("first", [endorsed("of the block before"), refusal("not here yet")])
async def test_a_peer_that_is_a_block_behind_is_asked_again(case: Case, first: bytes) -> None:
    case.wire.answers["peer0.safe"] = [first, endorsed()]
    case.wire.discovered = BANK_AND_SAFE
    assert await case.endorsers() == EVERYONE
    assert case.wire.asked.count("peer0.safe") == 2


async def test_peers_that_stay_different_fail_it_or_are_left_out_as_the_policy_says(case: Case) -> None:
    case.wire.answers["peer0.safe"] = [endorsed("something else")]
    case.wire.discovered = ANYBODY
    assert await case.endorsers() == ["peer0.bank", "peer0.customs"]
    case.wire.discovered = BANK_AND_SAFE
    with pytest.raises(EndorsementFailed, match="do not match"):
        await case.endorsers()
    with pytest.raises(EndorsementFailed, match="do not match"):
        await case.endorsers("BankMSP", "SafeMSP")


async def test_nobody_there_is_no_refusal(case: Case) -> None:
    case.wire.answers = {name: [away()] for name in case.wire.answers}
    with pytest.raises(LedgerUnavailable) as failure:
        await case.endorsers()
    assert failure.value.details["transaction_id"]


async def test_who_may_not_come_in_is_told_so(case: Case) -> None:
    denied = RequestFailed("rpc", "UNKNOWN", "error validating proposal: access denied: channel [bank]")
    case.wire.answers = {name: [denied] for name in case.wire.answers}
    with pytest.raises(NotAuthorized):
        await case.endorsers()


async def test_transient_values_go_to_the_own_peer_and_to_those_who_may_hold_them(case: Case) -> None:
    case.wire.answers = {name: [endorsed(collections=["bank-safe"])] for name in case.wire.answers}
    case.wire.discovered = BANK_AND_SAFE
    assert await case.endorsers(transient=True) == ["peer0.bank", "peer0.safe"]
    assert case.wire.asked[0] == "peer0.bank"
    assert "peer0.customs" not in case.wire.asked
    assert case.questions == [Touched((("exim", ("bank-safe",)),))]


async def test_transient_values_without_a_collection_are_for_all_endorsers(case: Case) -> None:
    assert await case.endorsers(transient=True) == EVERYONE
    assert not case.questions


@pytest.mark.parametrize("answer", [nobody_may(), b"nonsense"])
async def test_transient_values_stay_here_when_discovery_cannot_tell_who_may_hold_them(
    case: Case, answer: bytes
) -> None:
    case.wire.answers["peer0.bank"] = [endorsed(collections=["one", "another"])]
    case.wire.discovered = answer
    with pytest.raises(EndorsementFailed):
        await case.endorsers(transient=True)
    assert case.wire.asked == ["peer0.bank"]


async def test_a_member_without_a_peer_names_who_may_see_its_transient_values(case: Case) -> None:
    others = {name: peers for name, peers in MEMBERS.items() if name != "BankMSP"}
    with pytest.raises(EndorsementFailed, match="name endorsing_organizations"):
        await case.endorsing.collect(case.proposal(transient=True), others)
    assert not case.wire.asked


@pytest.mark.parametrize(
    ("endorsers", "enough"),
    [(["BankMSP", "SafeMSP"], True), (["BankMSP"], False), (["SafeMSP", "SafeMSP"], False), ([], False)],
)
def test_a_layout_counts_the_peers_of_each_group(endorsers: Sequence[str], enough: bool) -> None:
    from hlf_client.hfc._discovery import plan_of

    assert plan_of(BANK_AND_SAFE, "bank").is_satisfied_by(endorsers) is enough
    both = plan({"s": ["SafeMSP"]}, {"s": 2})
    assert plan_of(both, "bank").is_satisfied_by(["SafeMSP"]) is False
