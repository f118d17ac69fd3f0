"""What single fields cannot show: names used twice, unknown members, policies that name nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

from hlf_chaincode.policies import ChannelPolicy, EndorsementPolicy, ImplicitMeta, Share, parse_channel_policy
from hlf_client.admin.lifecycle import CHANNELS_OWN
from hlf_client.errors import InvalidDocument
from hlf_network.consortium._channels import Channel, ChannelChaincode, Consensus, Policies
from hlf_network.consortium._members import Orderer, Organization, Peer
from hlf_network.consortium._model import Consortium
from hlf_network.consortium._yaml import Place, dotted

__all__ = ["Contradiction", "contradictions", "may_commit"]

Contradiction: TypeAlias = tuple[Place, str]
"""Where in the file, and what is wrong there."""


def contradictions(consortium: Consortium) -> Iterator[Contradiction]:
    """All of them, the plainest first: later ones may only follow from an earlier one."""
    yield from _repeated(consortium)
    for index, organization in enumerate(consortium.organizations):
        yield from _of_organization(organization, ("organizations", index))
    for index, channel in enumerate(consortium.channels):
        yield from _of_channel(consortium, channel, ("channels", index))
    for index, organization in enumerate(consortium.organizations):
        if organization.orderers:
            yield from _half_known(consortium, index, organization)
    yield from _of_ordering(consortium)


def _of_organization(organization: Organization, at: Place) -> Iterator[Contradiction]:
    for number, user in enumerate(organization.users):
        if user.name == "admin":
            yield (*at, "users", number, "name"), "admin is always made: choose another name"
    if organization.role == "orderer" and organization.peers:
        yield (*at, "peers"), "an organisation of role orderer runs no peers"


def _of_ordering(consortium: Consortium) -> Iterator[Contradiction]:
    orderers = len(consortium.orderers)
    if not orderers and consortium.channels:
        yield ("organizations",), "no organisation runs an orderer: at least one is needed"
    if consortium.consensus is Consensus.BFT:
        if not consortium.is_fabric_3:
            yield ("consensus",), f"bft needs Fabric 3, and `fabric` says {consortium.fabric}"
        if orderers < 4:
            yield ("consensus",), f"bft needs at least 4 orderers to stand the loss of one; there are {orderers}"


def _half_known(consortium: Consortium, index: int, organization: Organization) -> Iterator[Contradiction]:
    """An organisation that a channel knows for its orderers only, while its peers are elsewhere.

    A peer takes any channel that knows a certificate's MSP to check gossip messages against, also one where the sender
    is no reader (Fabric 2.5 and 3.1, mcs.go): then it turns down good messages at random, and peers lose each other.
    """
    for channel in consortium.channels:
        if organization not in consortium.ordering(channel):
            continue
        if organization.name not in channel.members and organization.peers:
            yield (
                ("organizations", index, "orderers"),
                f"{organization.name} runs peers and orderers, so it must be a member of channel {channel.name} too; "
                f"or give the orderers to an organisation of role orderer",
            )


# names and ports ----------------------------------------------------------------


def _repeated(consortium: Consortium) -> Iterator[Contradiction]:
    """What must be one's own and is another's already."""
    seen: dict[tuple[str, str | int], Place] = {}
    for kind, value, place in _own(consortium):
        first = seen.setdefault((kind, value), place)
        if first is not place:
            yield place, f"{kind} {value} is already that of {dotted(first[:-1])}"


def _own(consortium: Consortium) -> Iterator[tuple[str, str | int, Place]]:
    """Kind, value and place of everything that no two may share."""
    for index, organization in enumerate(consortium.organizations):
        at: Place = ("organizations", index)
        yield "name", organization.name, (*at, "name")
        yield "MSP id", organization.msp, (*at, "msp")
        yield from _own_of_nodes(organization, "peers", organization.peers, at)
        yield from _own_of_nodes(organization, "orderers", organization.orderers, at)
        for number, user in enumerate(organization.users):
            yield f"user of {organization.name}", user.name, (*at, "users", number, "name")
    for index, channel in enumerate(consortium.channels):
        yield "channel", channel.name, ("channels", index, "name")
    if consortium.chaincode:
        yield "chaincode", consortium.chaincode.name, ("chaincode", "name")
    for index, chaincode in enumerate(consortium.chaincodes):
        yield "chaincode", chaincode.name, ("chaincodes", index, "name")


def _own_of_nodes(
    organization: Organization, kind: str, nodes: Sequence[Peer | Orderer], at: Place
) -> Iterator[tuple[str, str | int, Place]]:
    for number, node in enumerate(nodes):
        here: Place = (*at, kind, number)
        yield "host name", organization.host_of(node), (*here, "name")
        for field in ("port", "operations_port", "admin_port"):
            if port := getattr(node, field, 0):
                host = f" of {organization.reached_at}" if organization.reached_at else ""
                yield f"port{host}", port, (*here, field)


# channels -----------------------------------------------------------------------


def _of_channel(consortium: Consortium, channel: Channel, at: Place) -> Iterator[Contradiction]:
    yield from _of_members(consortium, channel, at)
    is_bft = consortium.consensus_of(channel) is Consensus.BFT
    if is_bft and channel.orderers and sum(len(owner.orderers) for owner in consortium.ordering(channel)) < 4:
        yield (*at, "orderers"), "bft needs at least 4 orderers to stand the loss of one"
    if is_bft and consortium.channel_capability(channel) != "V3_0":
        yield (*at, "capabilities", "channel"), "bft needs the channel capability V3_0"
    if not consortium.is_fabric_3 and channel.capabilities.channel == "V3_0":
        yield (*at, "capabilities", "channel"), f"V3_0 needs Fabric 3, and `fabric` says {consortium.fabric}"
    yield from _of_policies(consortium, channel, (*at, "policies"))
    if channel.chaincode is not None:
        if consortium.chaincode is None:
            yield (*at, "chaincode"), "the file describes no `chaincode`"
        yield from _of_chaincode(consortium, channel, (*at, "chaincode"), channel.chaincode)
    for number, terms in enumerate(channel.chaincodes):
        here: Place = (*at, "chaincodes", number)
        if terms.name not in {one.name for one in consortium.chaincodes}:
            yield (*here, "name"), f"`chaincodes` of the file describes no {terms.name}"
        if terms.name in {other.name for other in channel.chaincodes[:number]}:
            yield (*here, "name"), f"{terms.name} stands here twice"
        yield from _of_chaincode(consortium, channel, here, terms)


def _of_members(consortium: Consortium, channel: Channel, at: Place) -> Iterator[Contradiction]:
    with_peers = {organization.name: bool(organization.peers) for organization in consortium.organizations}
    seen: set[str] = set()
    for number, member in enumerate(channel.members):
        if member not in with_peers:
            yield (*at, "members", number), f"there is no organisation {member!r} in this file"
        if member in seen:
            yield (*at, "members", number), f"{member} stands here twice"
        seen.add(member)
    for number, name in enumerate(channel.orderers):
        if name not in {owner.name for owner, _ in consortium.orderers}:
            yield (*at, "orderers", number), f"no organisation {name!r} in this file runs orderers"
    if not any(with_peers.get(member) for member in channel.members):
        yield (*at, "members"), "a channel needs at least one member that runs a peer"


def _of_policies(consortium: Consortium, channel: Channel, at: Place) -> Iterator[Contradiction]:
    known = {organization.msp for organization in consortium.organizations}
    seated = [member.msp for member in consortium.seated(channel)]
    runs_any = channel.chaincode or channel.chaincodes
    for field in Policies.model_fields:
        try:
            policy = parse_channel_policy(consortium.policy_text(channel, getattr(channel.policies, field)))
        except InvalidDocument as error:
            yield (*at, field), str(error)
            continue
        unknown = set() if isinstance(policy, ImplicitMeta) else policy.msp_ids - known
        if unknown:
            yield (*at, field), f"there is no organisation with the MSP id {min(unknown)} in this file"
        elif field == "lifecycle_endorsement" and runs_any and not _suffice(channel, policy, seated):
            yield (
                (*at, field),
                "the members of the channel that run peers do not suffice for this, so no chaincode could be committed",
            )


def may_commit(consortium: Consortium, channel: Channel, msps: Collection[str]) -> bool:
    """Whether these members' peers suffice to commit a chaincode's definition on a channel."""
    text = consortium.policy_text(channel, channel.policies.lifecycle_endorsement)
    return _suffice(channel, parse_channel_policy(text), msps)


def _suffice(channel: Channel, policy: ChannelPolicy, msps: Collection[str]) -> bool:
    """Whether a peer of each of these members satisfies it; what is not over `Endorsement` is not judged."""
    members = len(channel.members)
    if isinstance(policy, EndorsementPolicy):
        return policy.satisfied_by((msp, "peer") for msp in msps)
    needed = {Share.ANY: 1, Share.ALL: members}.get(policy.share, members // 2 + 1)
    return policy.name != "Endorsement" or len(msps) >= needed


def _of_chaincode(
    consortium: Consortium, channel: Channel, at: Place, chaincode: ChannelChaincode
) -> Iterator[Contradiction]:
    msps = {member.msp for member in consortium.members(channel)}
    texts: list[tuple[Place, str]] = []
    if chaincode.endorsement != CHANNELS_OWN:
        texts.append(((*at, "endorsement"), chaincode.endorsement))
    for number, collection in enumerate(chaincode.collections):
        here: Place = (*at, "collections", number)
        if (collection.per is not None) != ("{msp}" in collection.name):
            yield (*here, "name"), "`per` and {msp} in the name go together"
        if collection.per and collection.per not in {member.role for member in consortium.members(channel)}:
            yield (*here, "per"), f"no member of channel {channel.name} has the role {collection.per}"
        if collection.maximum_peers < collection.required_peers:
            yield (*here, "maximum_peers"), "must not be less than required_peers"
        for field in ("members", "endorsement"):
            text = getattr(collection, field)
            if text:
                texts.append(((*here, field), text.replace("{msp}", next(iter(msps), ""))))
    for place, text in texts:
        try:
            policy = EndorsementPolicy.parse(consortium.policy_text(channel, text))
        except InvalidDocument as error:
            yield place, str(error)
            continue
        unknown = sorted(policy.msp_ids - msps)
        if unknown:
            yield place, f"{unknown[0]} is not a member of channel {channel.name}"
