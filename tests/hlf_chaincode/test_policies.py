"""The policy language: text, bytes as protobuf writes them, satisfaction as Fabric evaluates it, mistakes told."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.policies import (
    MAX_ENDORSER_SETS,
    EndorsementPolicy,
    ImplicitMeta,
    OutOf,
    Principal,
    Role,
    Rule,
    Share,
    all_of,
    any_of,
    parse_channel_policy,
)
from hlf_chaincode.protos.common.policies_pb2 import SignaturePolicy, SignaturePolicyEnvelope
from hlf_chaincode.protos.msp.msp_principal_pb2 import MSPPrincipal, MSPRole

BANK = "AND('SafeMSP.peer', OR('EximbankMSP.peer', 'TradebankMSP.peer'))"

names = st.sampled_from(["SafeMSP", "EximbankMSP", "TradebankMSP", "Org-1.example.com", "A"])
principals = st.builds(Principal, names, st.sampled_from(Role))
fewer = settings(max_examples=60, deadline=None)


def nodes(inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    lists = st.lists(inner, min_size=1, max_size=4)
    return lists.flatmap(lambda rules: st.integers(1, len(rules)).map(lambda n: OutOf(n, tuple(rules))))


policies = nodes(st.recursive(principals, nodes, max_leaves=8)).map(EndorsementPolicy)


def official_bytes(policy: EndorsementPolicy) -> bytes:
    def message(rule: Rule) -> SignaturePolicy:
        if isinstance(rule, Principal):
            return SignaturePolicy(signed_by=policy.principals.index(rule))
        n_out_of = SignaturePolicy.NOutOf(n=rule.n, rules=[message(each) for each in rule.rules])
        return SignaturePolicy(n_out_of=n_out_of)

    identities = [
        MSPPrincipal(
            principal_classification=MSPPrincipal.ROLE,
            principal=MSPRole(msp_identifier=principal.msp_id, role=principal.role.name).SerializeToString(),
        )
        for principal in policy.principals
    ]
    envelope = SignaturePolicyEnvelope(version=0, rule=message(policy.rule), identities=identities)
    encoded: bytes = envelope.SerializeToString(deterministic=True)
    return encoded


@fewer
@given(policies)
def test_bytes_are_those_of_fabrics_own_definitions(policy: EndorsementPolicy) -> None:
    assert policy.to_bytes() == official_bytes(policy)


@fewer
@given(policies)
def test_text_tree_bytes_tree_text(policy: EndorsementPolicy) -> None:
    text = str(policy)
    read = EndorsementPolicy.parse(text)
    back = EndorsementPolicy.from_bytes(read.to_bytes())
    assert policy == read == back
    assert str(back) == text
    assert policy.to_bytes() == back.to_bytes()


@fewer
@given(policies)
def test_every_rule_may_be_written_with_its_number(policy: EndorsementPolicy) -> None:
    def numbered(rule: Rule) -> str:
        if isinstance(rule, Principal):
            return str(rule)
        return f"outof({rule.n},{','.join(map(numbered, rule.rules))})"

    assert EndorsementPolicy.parse(numbered(policy.rule)) == policy


def test_the_bytes_never_change() -> None:
    """What two versions of this package write into one transaction must be the same, whatever protobuf does."""
    assert EndorsementPolicy.parse("OR('A.peer', AND('B.member', 'A.peer'))").to_bytes().hex() == (
        "12161214080112020800120c120a080212020801120208001a0712050a014110031a0512030a0142"
    )


def test_one_role_alone_is_written_within_and() -> None:
    alone = EndorsementPolicy.parse("'A.peer'")
    assert alone.rule == Principal("A")
    assert str(alone) == "AND('A.peer')"
    assert EndorsementPolicy.from_bytes(alone.to_bytes()) == alone


def satisfied(rule: SignaturePolicy, envelope: SignaturePolicyEnvelope, msps: set[str]) -> bool:
    """Fabric's reading of the protobuf: an independent way to ask who must sign."""
    if rule.HasField("signed_by"):
        role = MSPRole.FromString(envelope.identities[rule.signed_by].principal)
        return role.msp_identifier in msps
    given = sum(satisfied(part, envelope, msps) for part in rule.n_out_of.rules)
    return bool(given >= rule.n_out_of.n)


@pytest.mark.parametrize(
    ("text", "signers", "enough"),
    [
        ("AND('AMSP.peer', 'BMSP.peer')", {"AMSP"}, False),
        ("AND('AMSP.peer', 'BMSP.peer')", {"AMSP", "BMSP"}, True),
        ("OR('AMSP.peer', 'BMSP.peer')", {"BMSP"}, True),
        ("OutOf(2, 'AMSP.peer', 'BMSP.peer', 'CMSP.peer')", {"AMSP", "CMSP"}, True),
        ("OutOf(2, 'AMSP.peer', 'BMSP.peer', 'CMSP.peer')", {"CMSP"}, False),
        ("and(or('AMSP.peer','BMSP.peer'),'CMSP.peer')", {"BMSP", "CMSP"}, True),
    ],
)
def test_the_bytes_ask_for_the_right_signers(text: str, signers: set[str], enough: bool) -> None:
    policy = EndorsementPolicy.parse(text)
    read = SignaturePolicyEnvelope.FromString(policy.to_bytes())
    assert satisfied(read.rule, read, signers) is enough
    assert policy.satisfied_by((msp, "peer") for msp in signers) is enough


def test_a_principal_is_listed_once() -> None:
    policy = EndorsementPolicy.parse("OR(AND('A.peer', 'B.peer'), AND('A.peer', 'C.peer'))")
    assert len(SignaturePolicyEnvelope.FromString(policy.to_bytes()).identities) == 3
    assert policy.msp_ids == {"A", "B", "C"}


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
     "AND('A.boss')", "AND('A')", "AND('A.peer',)", "'A.peer", "'A.peer' x", "OutOf('A.peer')", "NOT('A.peer')",
     "OutOf(12345678901, 'A.peer')", "AND(" * 40, "OR(" * 500 + "'A.peer'" + ")" * 500],
)  # fmt: skip
def test_wrong_text_is_named_as_such(text: str) -> None:
    with pytest.raises(InvalidDocument, match="endorsement policy: expected") as raised:
        EndorsementPolicy.parse(text)
    assert raised.value.field == "policy"


def test_a_channel_may_ask_for_a_share_of_its_members_own_policies() -> None:
    assert parse_channel_policy("MAJORITY Admins") == ImplicitMeta(Share.MAJORITY, "Admins")
    assert str(parse_channel_policy("ANY Readers")) == "ANY Readers"
    assert parse_channel_policy(BANK) == EndorsementPolicy.parse(BANK)


@pytest.mark.parametrize("text", ["", "MOST Admins", "ANY admins", "ANY Admins\n", "ANY  Admins", "ANY", "OR('A.x')"])
def test_what_is_no_channel_policy_says_what_would_be(text: str) -> None:
    with pytest.raises(InvalidDocument, match=r"channel policy: expected .*, or ANY, ALL or MAJORITY") as raised:
        parse_channel_policy(text)
    assert raised.value.field == "policy"


@fewer
@given(st.text(alphabet="AND(OR,)'. 12f", max_size=60))
def test_no_text_does_worse_than_a_typed_error(text: str) -> None:
    with suppress(InvalidDocument):
        parse_channel_policy(text)


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


def test_who_asks_is_not_left_out_of_many_choices() -> None:
    banks = tuple(Principal(f"Bank{number:03}MSP") for number in range(300))
    policy = EndorsementPolicy(all_of(Principal("SafeMSP"), any_of(*banks)))
    last = banks[-1].msp_id
    assert policy.minimal_sets(first=last)[0] == (banks[-1], Principal("SafeMSP"))
    assert [{p.msp_id for p in choice} for choice in policy.minimal_sets(among={"SafeMSP", last})] == [
        {"SafeMSP", last}
    ]
    assert policy.minimal_sets(among={last}) == ()


def test_a_majority_of_three_hundred_is_found_at_once() -> None:
    members = tuple(Principal(f"Bank{number:03}MSP") for number in range(300))
    choices = EndorsementPolicy(OutOf(151, members)).minimal_sets(first=members[-1].msp_id)
    assert len(choices) == MAX_ENDORSER_SETS
    assert all(len(choice) == 151 and members[-1] in choice for choice in choices)


def test_only_those_able_are_chosen() -> None:
    policy = EndorsementPolicy.parse("OutOf(2, 'A.peer', 'B.peer', AND('C.peer', 'D.peer'))")
    chosen = [[p.msp_id for p in choice] for choice in policy.minimal_sets(among={"B", "C", "D"})]
    assert chosen == [["B", "C", "D"]]
    assert [p.msp_id for p in policy.minimal_sets(first="B")[0]] == ["A", "B"]
