"""The policy language: text to Fabric's bytes, and mistakes told."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hlf_chaincode.protos.common import policies_pb2
from hlf_chaincode.protos.msp import msp_principal_pb2
from hlf_network.policies import (
    NOf,
    PolicyError,
    Principal,
    expand_roles,
    parse_policy,
    parse_rule,
    signature_policy,
)

Rule = Principal | NOf
principals = st.builds(Principal, st.sampled_from(["AMSP", "BMSP", "C.x-MSP"]), st.sampled_from(["member", "peer"]))


def compound(inner: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    return st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda rules: st.integers(1, len(rules)).map(lambda n: NOf(n, tuple(rules)))
    )


rules = st.recursive(principals, compound, max_leaves=8)


def text_of(rule: Rule) -> str:
    if isinstance(rule, Principal):
        return f"'{rule.msp}.{rule.role}'"
    return f"OutOf({rule.n}, {', '.join(text_of(part) for part in rule.rules)})"


@given(rules)
def test_reading_what_was_written_gives_the_same_rule(rule: Rule) -> None:
    assert parse_policy(text_of(rule)).rule == rule


def satisfied(rule: Any, envelope: Any, msps: set[str]) -> bool:
    """Fabric's reading of the protobuf: an independent way to ask who must sign."""
    if rule.HasField("signed_by"):
        role = vars(msp_principal_pb2)["MSPRole"].FromString(envelope.identities[rule.signed_by].principal)
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
    envelope = signature_policy(parse_policy(text))
    read = vars(policies_pb2)["SignaturePolicyEnvelope"].FromString(envelope.SerializeToString())
    assert satisfied(read.rule, read, signers) is enough


def test_a_principal_is_listed_once() -> None:
    envelope = signature_policy(parse_policy("OR(AND('A.peer', 'B.peer'), AND('A.peer', 'C.peer'))"))
    assert len(envelope.identities) == 3


def test_roles_expand_outside_quotes_only() -> None:
    text = "AND(OR(bank.peer), 'bank.peer', fx-bureau.member)"
    expanded = expand_roles(text, {"bank": ["AMSP", "BMSP"], "fx-bureau": ["SMSP"]})
    assert expanded == "AND(OR('AMSP.peer', 'BMSP.peer'), 'bank.peer', 'SMSP.member')"
    with pytest.raises(PolicyError, match="no member of the channel has the role customs"):
        expand_roles("OR(customs.peer)", {"bank": ["AMSP"]})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AND()",
        "AND('A.peer'",
        "OR('A.boss')",
        "OutOf(3, 'A.peer')",
        "'A.peer' x",
        "NOT('A.peer')",
        "OutOf('A.peer')",
    ],
)
def test_what_is_no_policy_is_refused(text: str) -> None:
    with pytest.raises(PolicyError):
        parse_policy(text)


@given(st.text(alphabet="AND(OR,)'. 12f", max_size=60))
def test_no_text_does_worse_than_a_policy_error(text: str) -> None:
    try:
        parse_rule(text)
    except PolicyError:
        return


def test_a_bottomless_policy_is_refused() -> None:
    with pytest.raises(PolicyError, match="nested deeper"):
        parse_policy("OR(" * 500 + "'A.peer'" + ")" * 500)
