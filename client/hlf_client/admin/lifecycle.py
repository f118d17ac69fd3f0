"""The chaincode's life on peers and channels: install, approve, check, commit (system chaincode `_lifecycle`).

Proposals go straight to the peers whose endorsement is needed, so nothing waits for gossip to have introduced them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

from google.protobuf.message import Message

from hlf_chaincode.policies import EndorsementPolicy
from hlf_chaincode.protos.common.policies_pb2 import SignaturePolicyEnvelope
from hlf_chaincode.protos.peer.collection_pb2 import (
    CollectionConfig,
    CollectionConfigPackage,
    CollectionPolicyConfig,
    StaticCollectionConfig,
)
from hlf_chaincode.protos.peer.lifecycle.lifecycle_pb2 import (
    ApproveChaincodeDefinitionForMyOrgArgs,
    CheckCommitReadinessArgs,
    CheckCommitReadinessResult,
    CommitChaincodeDefinitionArgs,
    InstallChaincodeArgs,
    InstallChaincodeResult,
    QueryApprovedChaincodeDefinitionArgs,
    QueryApprovedChaincodeDefinitionResult,
    QueryChaincodeDefinitionArgs,
    QueryChaincodeDefinitionResult,
    QueryInstalledChaincodesResult,
)
from hlf_chaincode.protos.peer.policy_pb2 import ApplicationPolicy
from hlf_client.admin.calls import Call, assemble
from hlf_client.admin.nodes import OrdererClient, PeerClient, PeerError, order
from hlf_client.admin.package import ChaincodePackage
from hlf_client.admin.signatory import Signatory
from hlf_client.errors import NetworkError

__all__ = [
    "CHANNELS_OWN",
    "ApprovalLost",
    "CollectionTerms",
    "Committed",
    "Definition",
    "Participant",
    "approve",
    "approved_package",
    "commit",
    "committed",
    "committed_of",
    "filled",
    "install",
    "installed",
    "readiness",
    "submit",
    "wait_until_ready",
]

AgreedT = TypeVar(
    "AgreedT", ApproveChaincodeDefinitionForMyOrgArgs, CheckCommitReadinessArgs, CommitChaincodeDefinitionArgs
)

LIFECYCLE = "_lifecycle"
LOST = "private data matching public hash version is not available"
CHANNELS_OWN: Final = "/Channel/Application/Endorsement"
"""In place of a chaincode's endorsement policy: the channel's, which a new member enters without a new definition."""


class ApprovalLost(NetworkError):
    """An organisation's approval is on the channel as a hash only: its text was its own peers' alone, and they lost
    it. Nobody can approve that sequence again; the next one can be."""


class CollectionTerms(Protocol):
    """What members agree on of a private data collection; policies as text."""

    @property
    def name(self) -> str: ...
    @property
    def members(self) -> str: ...
    @property
    def endorsement(self) -> str | None: ...
    @property
    def required_peers(self) -> int: ...
    @property
    def maximum_peers(self) -> int: ...
    @property
    def block_to_live(self) -> int: ...
    @property
    def member_only_read(self) -> bool: ...
    @property
    def member_only_write(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Participant:
    """An organisation in a deployment: its admin and its peers."""

    msp_id: str
    admin: Signatory
    peers: tuple[PeerClient, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a channel agrees on: name, version, sequence, who must endorse, which collections there are."""

    name: str
    version: str
    sequence: int
    endorsement: str
    collections: Sequence[CollectionTerms] = ()
    init_required: bool = False

    @property
    def validation_parameter(self) -> bytes:
        """The endorsement policy as the lifecycle's messages have it. Raises `InvalidDocument`."""
        if self.endorsement.startswith("/"):
            policy = ApplicationPolicy(channel_config_policy_reference=self.endorsement)
        else:
            policy = ApplicationPolicy(signature_policy=_signature_policy(self.endorsement))
        return bytes(policy.SerializeToString(deterministic=True))


@dataclass(frozen=True, slots=True)
class Committed:
    """The definition that a channel has now; its policies as bytes."""

    version: str
    sequence: int
    validation_parameter: bytes
    collections: bytes
    approvals: frozenset[str]

    def has_terms_of(self, wanted: Definition) -> bool:
        """Whether a definition says the same but for its sequence."""
        collections = _collection_package(wanted.collections).SerializeToString(deterministic=True)
        return (self.version, self.validation_parameter, self.collections) == (
            wanted.version,
            wanted.validation_parameter,
            collections,
        )


def install(participant: Participant, package: ChaincodePackage) -> int:
    """Install a package on every peer of an organisation that lacks it; the number of peers that did."""
    done = 0
    for peer in participant.peers:
        if package.id in installed(peer, participant.admin):
            continue
        arguments = InstallChaincodeArgs(chaincode_install_package=package.content)
        try:
            answer = _query(peer, participant.admin, "", "InstallChaincode", arguments)
        except PeerError as error:
            if "already successfully installed" in error.reason:
                continue
            raise
        given = InstallChaincodeResult.FromString(answer).package_id
        assert given == package.id, f"the peer computes package id {given}, we {package.id}"  # noqa: S101
        done += 1
    return done


def installed(peer: PeerClient, admin: Signatory) -> frozenset[str]:
    """The package ids that a peer has."""
    answer = peer.query(admin, "", LIFECYCLE, b"QueryInstalledChaincodes", b"")
    found = QueryInstalledChaincodesResult.FromString(answer).installed_chaincodes
    return frozenset(chaincode.package_id for chaincode in found)


def approve(
    participant: Participant, orderers: Sequence[OrdererClient], channel: str, definition: Definition, package_id: str
) -> None:
    """Approve a definition for one organisation, and wait until it is committed on all of its peers."""
    arguments = filled(ApproveChaincodeDefinitionForMyOrgArgs(), definition)
    arguments.source.local_package.package_id = package_id
    args = (b"ApproveChaincodeDefinitionForMyOrg", _bytes(arguments))
    submit(participant.admin, participant.peers[:1], participant.peers, orderers, channel, args)


def approved_package(participant: Participant, channel: str, name: str, sequence: int) -> str | None:
    """The package that an organisation approved for a sequence; None when it approved none.

    Raises ApprovalLost where its peer has lost what the channel knows it to have approved."""
    arguments = QueryApprovedChaincodeDefinitionArgs(name=name, sequence=sequence)
    try:
        answer = _query(participant.peers[0], participant.admin, channel, "QueryApprovedChaincodeDefinition", arguments)
    except PeerError as error:
        if LOST in error.reason:
            raise ApprovalLost(f"{participant.msp_id} has lost its approval of {name} on channel {channel}.") from error
        if "could not fetch approved chaincode definition" in error.reason:
            return None
        raise
    source = QueryApprovedChaincodeDefinitionResult.FromString(answer).source
    return str(source.local_package.package_id)


def readiness(participant: Participant, channel: str, definition: Definition) -> dict[str, bool]:
    """Who has approved this very definition, by MSP."""
    arguments = filled(CheckCommitReadinessArgs(), definition)
    answer = _query(participant.peers[0], participant.admin, channel, "CheckCommitReadiness", arguments)
    return dict(CheckCommitReadinessResult.FromString(answer).approvals)


def wait_until_ready(
    participants: Sequence[Participant],
    channel: str,
    definition: Definition,
    *,
    approved_by: Sequence[str] | None = None,
    seconds: float = 60.0,
) -> None:
    """Wait until every participant's first peer knows of these members' approvals (all participants', when left out),
    so that they endorse alike."""
    msps = approved_by or [participant.msp_id for participant in participants]
    deadline = time.monotonic() + seconds
    for participant in participants:
        while True:
            approvals = readiness(participant, channel, definition)
            missing = [msp for msp in msps if not approvals.get(msp)]
            if not missing:
                break
            if time.monotonic() > deadline:
                raise NetworkError(
                    f"On channel {channel} {', '.join(missing)} have not approved {definition.name} "
                    f"{definition.version}, sequence {definition.sequence}, as {participant.msp_id} sees it."
                )
            time.sleep(0.05)


def commit(
    participants: Sequence[Participant], orderers: Sequence[OrdererClient], channel: str, definition: Definition
) -> None:
    """Commit a definition, endorsed by one peer of each participant, and wait until all their peers have it."""
    arguments = filled(CommitChaincodeDefinitionArgs(), definition)
    endorsers = [participant.peers[0] for participant in participants]
    everyone = [peer for participant in participants for peer in participant.peers]
    args = (b"CommitChaincodeDefinition", _bytes(arguments))
    submit(participants[0].admin, endorsers, everyone, orderers, channel, args)


def committed(participant: Participant, channel: str, name: str) -> Committed | None:
    """What a channel has committed; None when it has nothing of that name."""
    arguments = QueryChaincodeDefinitionArgs(name=name)
    try:
        answer = _query(participant.peers[0], participant.admin, channel, "QueryChaincodeDefinition", arguments)
    except PeerError as error:
        if "is not defined" in error.reason:
            return None
        raise
    return committed_of(QueryChaincodeDefinitionResult.FromString(answer))


def committed_of(result: QueryChaincodeDefinitionResult) -> Committed:
    """A channel's definition as its peers tell of it."""
    return Committed(
        version=result.version,
        sequence=result.sequence,
        validation_parameter=bytes(result.validation_parameter),
        collections=bytes(result.collections.SerializeToString(deterministic=True)),
        approvals=frozenset(msp for msp, given in result.approvals.items() if given),
    )


def filled(arguments: AgreedT, definition: Definition) -> AgreedT:
    """With what members approve and commit of a definition, as each of the lifecycle's messages has it."""
    arguments.sequence, arguments.name, arguments.version = definition.sequence, definition.name, definition.version
    arguments.validation_parameter = definition.validation_parameter
    arguments.init_required = definition.init_required
    arguments.collections.CopyFrom(_collection_package(definition.collections))
    return arguments


def _collection_package(collections: Sequence[CollectionTerms]) -> CollectionConfigPackage:
    return CollectionConfigPackage(config=[_collection_config(collection) for collection in collections])


def _signature_policy(text: str) -> SignaturePolicyEnvelope:
    return SignaturePolicyEnvelope.FromString(EndorsementPolicy.parse(text).to_bytes())


def _collection_config(collection: CollectionTerms) -> CollectionConfig:
    members = _signature_policy(collection.members)
    config = StaticCollectionConfig(
        name=collection.name,
        member_orgs_policy=CollectionPolicyConfig(signature_policy=members),
        required_peer_count=collection.required_peers,
        maximum_peer_count=collection.maximum_peers,
        block_to_live=collection.block_to_live,
        member_only_read=collection.member_only_read,
        member_only_write=collection.member_only_write,
    )
    if collection.endorsement:
        endorsement = _signature_policy(collection.endorsement)
        config.endorsement_policy.CopyFrom(ApplicationPolicy(signature_policy=endorsement))
    return CollectionConfig(static_collection_config=config)


def _query(peer: PeerClient, admin: Signatory, channel: str, function: str, arguments: Message) -> bytes:
    return peer.query(admin, channel, LIFECYCLE, function.encode(), _bytes(arguments))


def submit(
    admin: Signatory,
    endorsers: Sequence[PeerClient],
    everyone: Sequence[PeerClient],
    orderers: Sequence[OrdererClient],
    channel: str,
    args: Sequence[bytes],
    *,
    chaincode: str = LIFECYCLE,
) -> None:
    """Have a call endorsed by these peers and ordered, and wait until everyone has it."""
    call = Call.build(admin, channel, chaincode, args)
    envelope = assemble(call, [peer.endorse(call) for peer in endorsers], admin)

    def everyone_has_it(seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        return all(
            peer.wait_for_commit(admin, channel, call.transaction_id, seconds=max(deadline - time.monotonic(), 0.1))
            is not None
            for peer in everyone
        )

    order(orderers, envelope, everyone_has_it, what=f"{args[0].decode()} on channel {channel}")


def _bytes(message: Message) -> bytes:
    return message.SerializeToString(deterministic=True)
