"""The policy value: text, bytes as protobuf writes them, satisfaction as Fabric evaluates it."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hlf_chaincode.endorsement import (
    MAX_ENDORSER_SETS,
    EndorsementPolicy,
    OutOf,
    Principal,
    Role,
    Rule,
    all_of,
    any_of,
)
from hlf_chaincode.errors import InvalidDocument

BANK = "AND('SafeMSP.peer', OR('EximbankMSP.peer', 'TradebankMSP.peer'))"

names = st.sampled_from(["SafeMSP", "EximbankMSP", "TradebankMSP", "Org-1.example.com", "A"])
principals = st.builds(Principal, names, st.sampled_from(Role))
fewer = settings(max_examples=60, deadline=None)


def nodes(inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    lists = st.lists(inner, min_size=1, max_size=4)
    return lists.flatmap(lambda rules: st.integers(1, len(rules)).map(lambda n: OutOf(n, tuple(rules))))


policies = nodes(st.recursive(principals, nodes, max_leaves=8)).map(EndorsementPolicy)


def official_bytes(policy: EndorsementPolicy) -> bytes:
    policies_pb2 = pytest.importorskip("hlf_chaincode.protos.common.policies_pb2")
    principal_pb2 = pytest.importorskip("hlf_chaincode.protos.msp.msp_principal_pb2")

    def message(rule: Rule) -> object:
        if isinstance(rule, Principal):
            return policies_pb2.SignaturePolicy(signed_by=policy.principals.index(rule))
        n_out_of = policies_pb2.SignaturePolicy.NOutOf(n=rule.n, rules=[message(each) for each in rule.rules])
        return policies_pb2.SignaturePolicy(n_out_of=n_out_of)

    identities = [
        principal_pb2.MSPPrincipal(
            principal_classification=principal_pb2.MSPPrincipal.ROLE,
            principal=principal_pb2.MSPRole(
                msp_identifier=principal.msp_id, role=int(principal.role)
            ).SerializeToString(),
        )
        for principal in policy.principals
    ]
    envelope = policies_pb2.SignaturePolicyEnvelope(version=0, rule=message(policy.rule), identities=identities)
    encoded: bytes = envelope.SerializeToString(deterministic=True)
    return encoded


@fewer
@given(policies)
def test_bytes_are_those_of_fabrics_own_definitions(policy: EndorsementPolicy) -> None:
    assert policy.to_bytes() == official_bytes(policy)


@fewer
@given(policies)
def test_bytes_and_text_come_back_as_the_same_policy(policy: EndorsementPolicy) -> None:
    assert EndorsementPolicy.from_bytes(policy.to_bytes()) == policy
    assert EndorsementPolicy.parse(str(policy)) == policy


def test_text_is_written_as_fabric_writes_it() -> None:
    policy = EndorsementPolicy(
        all_of(Principal("SafeMSP"), any_of(Principal("EximbankMSP"), Principal("TradebankMSP")))
    )
    assert str(policy) == BANK
    assert EndorsementPolicy.parse(BANK.replace(" ", "")) == policy
    assert EndorsementPolicy.parse("outof(2,'A.admin','B.client','C.member')").rule == OutOf(
        2, (Principal("A", Role.ADMIN), Principal("B", Role.CLIENT), Principal("C", Role.MEMBER))
    )


@pytest.mark.parametrize(
    "text",
    ["", "AND(", "AND()", "AND('A.peer'", "AND('A.peer') x", "XOR('A.peer')", "OutOf(3,'A.peer')", "OutOf(0,'A.peer')",
     "AND('A.boss')", "AND('A')", "AND('A.peer',)", "'A.peer", "OutOf('A.peer')", "AND(" * 40],
)  # fmt: skip
def test_wrong_text_is_named_as_such(text: str) -> None:
    with pytest.raises(InvalidDocument, match="endorsement policy: expected") as raised:
        EndorsementPolicy.parse(text)
    assert raised.value.field == "policy"


@fewer
@given(st.binary(max_size=60))
def test_any_other_bytes_are_refused_with_a_typed_error(data: bytes) -> None:
    try:
        policy = EndorsementPolicy.from_bytes(data)
    except InvalidDocument:
        return
    assert policy.principals


@fewer
@given(policies, st.data())
def test_truncated_bytes_never_pass(policy: EndorsementPolicy, data: st.DataObject) -> None:
    whole = policy.to_bytes()
    cut = data.draw(st.integers(0, len(whole) - 1))
    with suppress(InvalidDocument):
        assert EndorsementPolicy.from_bytes(whole[:cut]) != policy


@pytest.mark.parametrize(
    ("endorsers", "enough"),
    [
        ((), False),
        (("SafeMSP",), False),
        (("EximbankMSP", "TradebankMSP"), False),
        (("SafeMSP", "EximbankMSP"), True),
        (("TradebankMSP", "SafeMSP"), True),
        (("SafeMSP", "CustomsMSP"), False),
    ],
)
def test_satisfaction(endorsers: Iterable[str], enough: bool) -> None:
    assert EndorsementPolicy.parse(BANK).satisfied_by((msp, "peer") for msp in endorsers) is enough


def test_a_role_is_asked_for_and_any_role_is_a_member() -> None:
    assert not EndorsementPolicy.parse("AND('A.peer')").satisfied_by([("A", "client")])
    assert EndorsementPolicy.parse("AND('A.member')").satisfied_by([("A", "client")])


def test_one_signer_fills_one_place() -> None:
    twice = EndorsementPolicy.parse("AND('A.peer', OR('A.peer', 'B.peer'))")
    assert not twice.satisfied_by([("A", "peer")])
    assert twice.satisfied_by([("A", "peer"), ("A", "peer")])
    assert [[p.msp_id for p in choice] for choice in twice.minimal_sets()] == [["A", "A"], ["A", "B"]]


@fewer
@given(policies)
def test_every_minimal_set_satisfies(policy: EndorsementPolicy) -> None:
    for choice in policy.minimal_sets():
        assert policy.satisfied_by((p.msp_id, p.role.name.lower()) for p in choice)


@pytest.mark.parametrize(
    "text", [BANK, "OutOf(2, 'A.peer', 'B.peer', AND('C.peer', 'D.peer'))", "AND(OR('A.peer', 'B.peer'), 'A.peer')"]
)
def test_none_of_a_minimal_set_can_be_left_out(text: str) -> None:
    policy = EndorsementPolicy.parse(text)
    choices = policy.minimal_sets()
    assert choices
    for choice in choices:
        signers = [(p.msp_id, "peer") for p in choice]
        for left_out in range(len(signers)):
            assert not policy.satisfied_by(signers[:left_out] + signers[left_out + 1 :])


def test_many_choices_are_bounded() -> None:
    many = OutOf(8, tuple(Principal(f"Org{i}") for i in range(30)))
    assert len(EndorsementPolicy(many).minimal_sets()) == MAX_ENDORSER_SETS
