"""Policies of a consortium file and of a channel's config; the language itself is hlf_chaincode's."""

from __future__ import annotations

import pytest

from hlf_chaincode.policies import EndorsementPolicy
from hlf_chaincode.protos.common import policies_pb2
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_client.errors import InvalidDocument
from hlf_network.channels.policies import certificates_policy, config_policy
from hlf_network.consortium._roles import expand_roles

MESSAGES = vars(policies_pb2)


def test_roles_expand_outside_quotes_only() -> None:
    text = "AND(OR(bank.peer), 'bank.peer', fx-bureau.member)"
    expanded = expand_roles(text, {"bank": ["AMSP", "BMSP"], "fx-bureau": ["SMSP"]})
    assert expanded == "AND(OR('AMSP.peer', 'BMSP.peer'), 'bank.peer', 'SMSP.member')"


def test_a_role_that_nobody_has_is_named() -> None:
    with pytest.raises(InvalidDocument, match="no member of the channel has the role customs"):
        expand_roles("OR(customs.peer)", {"bank": ["AMSP"]})


def test_a_share_of_the_members_is_an_implicit_meta_policy() -> None:
    policy = config_policy("MAJORITY Admins")
    assert policy.type == MESSAGES["Policy"].IMPLICIT_META
    read = MESSAGES["ImplicitMetaPolicy"].FromString(policy.value)
    assert (read.rule, read.sub_policy) == (MESSAGES["ImplicitMetaPolicy"].MAJORITY, "Admins")


def test_a_signature_policy_stands_in_a_config_as_its_bytes() -> None:
    text = "OR('AMSP.admin', 'BMSP.member')"
    policy = config_policy(text)
    assert policy.type == MESSAGES["Policy"].SIGNATURE
    assert policy.value == EndorsementPolicy.parse(text).to_bytes()


def test_what_is_neither_is_refused() -> None:
    with pytest.raises(InvalidDocument, match="MAJORITY and a policy's name"):
        config_policy("MOST Admins")


def test_certificates_are_each_one_place() -> None:
    policy = certificates_policy(2, [("AMSP", b"a"), ("BMSP", b"b"), ("BMSP", b"c")])
    envelope = MESSAGES["SignaturePolicyEnvelope"].FromString(policy.value)
    assert policy.type == MESSAGES["Policy"].SIGNATURE
    assert envelope.rule.n_out_of.n == 2
    assert [rule.signed_by for rule in envelope.rule.n_out_of.rules] == [0, 1, 2]
    read = [SerializedIdentity.FromString(each.principal) for each in envelope.identities]
    assert [(each.mspid, each.id_bytes) for each in read] == [("AMSP", b"a"), ("BMSP", b"b"), ("BMSP", b"c")]
    assert {each.principal_classification for each in envelope.identities} == {2}
