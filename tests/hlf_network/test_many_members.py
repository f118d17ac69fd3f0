"""Three hundred members: what a channel's configuration and definition weigh, and who signs when one more joins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.hlf_network.many_members import BY_CHANNEL, FEW, consortium_of

from hlf_chaincode.protos.common.common_pb2 import Envelope, Payload
from hlf_chaincode.protos.common.configtx_pb2 import Config, ConfigGroup, ConfigUpdate, ConfigUpdateEnvelope
from hlf_chaincode.protos.peer.lifecycle.lifecycle_pb2 import CommitChaincodeDefinitionArgs
from hlf_chaincode.protos.peer.policy_pb2 import ApplicationPolicy
from hlf_client.admin.lifecycle import Definition, filled
from hlf_client.errors import InvalidDocument
from hlf_network._session import Session
from hlf_network.channels.config import block_config, channel_group, genesis_block
from hlf_network.channels.signing import signers_of
from hlf_network.channels.update import compute_update, desired_config, signed_update
from hlf_network.consortium import Consortium, parse_consortium
from hlf_network.errors import NetworkError

Offline = Callable[[Consortium, Path], Session]


@pytest.fixture(scope="module")
def session(offline: Offline, tmp_path_factory: pytest.TempPathFactory) -> Session:
    """Material of 301, on disk once; configurations of fewer are made from the same."""
    return offline(consortium_of(301), tmp_path_factory.mktemp("many"))


def of_banks(session: Session, banks: int, policies: str = FEW) -> Session:
    return Session(consortium_of(banks, policies), session.layout, session.ports, session.engine, session.recorder)


def config_of(session: Session, banks: int, policies: str = FEW) -> ConfigGroup:
    smaller = of_banks(session, banks, policies)
    return channel_group(smaller.channel_settings(smaller.consortium.channels[0]))


def joining(session: Session, banks: int, policies: str = FEW) -> tuple[Config, ConfigUpdate]:
    """What a channel of so many banks has, and the update by which one more joins."""
    larger = of_banks(session, banks + 1, policies)
    config = Config(channel_group=config_of(session, banks, policies))
    settings = larger.channel_settings(larger.consortium.channels[0])
    update = compute_update("loans", config, desired_config(config.channel_group, settings))
    assert update is not None
    return config, update


def test_config_and_definition_grow_by_a_constant_a_bank(session: Session) -> None:
    sizes: dict[str, dict[int, int]] = {"config": {}, "definition": {}}
    for banks in (100, 200, 300):
        part = of_banks(session, banks)
        channel = part.consortium.channels[0]
        sizes["config"][banks] = genesis_block(part.channel_settings(channel)).ByteSize()
        assert channel.chaincode is not None
        definition = Definition(
            "exim",
            "1.0",
            1,
            part.consortium.policy_text(channel, channel.chaincode.endorsement),
            part.consortium.collections(channel),
        )
        sizes["definition"][banks] = filled(CommitChaincodeDefinitionArgs(), definition).ByteSize()
    for name, limit in (("config", 5_000), ("definition", 400)):
        first = sizes[name][200] - sizes[name][100]
        second = sizes[name][300] - sizes[name][200]
        assert abs(second - first) <= 100 * 10, (name, sizes)  # DER, lengths and indexes vary by a few bytes
        assert second / 100 < limit, (name, sizes)


def test_by_the_channels_policy_a_definition_does_not_change_with_its_members() -> None:
    found = set()
    for banks in (3, 4):
        consortium = consortium_of(banks, endorsement=BY_CHANNEL)
        channel = consortium.channels[0]
        assert channel.chaincode is not None
        definition = Definition("exim", "1.0", 1, channel.chaincode.endorsement, consortium.collections(channel))
        policy = ApplicationPolicy.FromString(definition.validation_parameter)
        assert policy.channel_config_policy_reference == BY_CHANNEL
        found.add(filled(CommitChaincodeDefinitionArgs(), definition).SerializeToString(deterministic=True))
    assert len(found) == 1


def test_a_genesis_block_knows_all_three_hundred(session: Session) -> None:
    part = of_banks(session, 300)
    group = block_config(genesis_block(part.channel_settings(part.consortium.channels[0]))).channel_group
    application = group.groups["Application"].groups
    assert len(application) == 302
    assert application["Lender299MSP"].values["MSP"].value
    assert "AnchorPeers" not in application["Lender299MSP"].values
    assert "AnchorPeers" in application["Lender000MSP"].values


def test_two_sign_when_the_three_hundred_and_first_joins(session: Session) -> None:
    config, update = joining(session, 300)
    everybody = {one.msp: one for one in session.consortium.organizations}
    signers = signers_of(update, config.channel_group, everybody)
    assert len(signers) == 2
    assert signers_of(update, config.channel_group, {"TollMSP", "Lender000MSP", "Lender017MSP"}) == (
        "Lender000MSP",
        "TollMSP",
    )
    with pytest.raises(NetworkError, match="/Channel/Application/Admins"):
        signers_of(update, config.channel_group, set(everybody) - {"TollMSP", "BureauMSP"})
    envelope = signed_update(update, "loans", [session.admin(everybody[msp]) for msp in signers])
    assert len(signatures(envelope)) == 2
    assert envelope.ByteSize() < 60_000
    named = update.write_set.groups["Application"].policies
    changed = {name for name, policy in named.items() if policy.policy.value}
    assert changed == {"Readers", "Writers", "Endorsement"}, "who is named by a role is named with the newcomer"
    assert all(b"Lender300MSP" in named[name].policy.value for name in changed)


def signatures(envelope: Envelope) -> list[object]:
    return list(ConfigUpdateEnvelope.FromString(Payload.FromString(envelope.payload).data).signatures)


def test_by_a_majority_half_of_all_must_sign(session: Session) -> None:
    config, update = joining(session, 300, "{lifecycle_endorsement: 'AND(bureau.peer, customs.peer)'}")
    everybody = {one.msp: one for one in session.consortium.organizations}
    assert len(signers_of(update, config.channel_group, everybody)) == 302 // 2 + 1
    with pytest.raises(NetworkError, match="do not suffice"):
        signers_of(update, config.channel_group, sorted(everybody)[:151])


def test_a_member_signs_alone_for_its_own_anchor_peers(session: Session) -> None:
    part = of_banks(session, 20)
    settings = part.channel_settings(part.consortium.channels[0])
    config = Config(channel_group=channel_group(settings))
    wanted = ConfigGroup()
    wanted.CopyFrom(config.channel_group)
    wanted.groups["Application"].groups["Lender000MSP"].values["AnchorPeers"].value = b""
    update = compute_update("loans", config, wanted)
    assert update is not None
    assert signers_of(update, config.channel_group, {one.msp for one in part.consortium.organizations}) == (
        "Lender000MSP",
    )


@pytest.mark.parametrize(
    ("policies", "reason"),
    [
        ("{}", "do not suffice for this"),
        ("{lifecycle_endorsement: AND('Lender001MSP.peer')}", "do not suffice for this"),
        ("{admins: AND('NobodyMSP.admin'), lifecycle_endorsement: OR(bureau.peer)}", "NobodyMSP"),
        ("{admins: AND(insurer.admin), lifecycle_endorsement: OR(bureau.peer)}", "has the role insurer"),
    ],
)
def test_policies_that_could_never_be_met_are_told(policies: str, reason: str) -> None:
    with pytest.raises(InvalidDocument, match=reason):
        consortium_of(7, policies)


def test_a_channel_needs_somebody_with_a_peer() -> None:
    text = """
organizations: [{name: a, role: bank}, {name: o, role: orderer, orderers: [{name: orderer0}]}]
channels: [{name: loans, members: [a]}]
"""
    with pytest.raises(InvalidDocument, match="at least one member that runs a peer"):
        parse_consortium(text)
