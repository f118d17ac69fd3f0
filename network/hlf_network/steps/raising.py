"""Channels as consortium.yaml wants them: genesis blocks made, nodes joined, configurations brought up to date."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Sequence
from functools import partial

from hlf_chaincode.protos.common.common_pb2 import Block
from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup
from hlf_client.admin.nodes import PeerClient, PeerError, order
from hlf_client.admin.signatory import Signatory
from hlf_client.errors import InvalidDocument, LedgerUnavailable
from hlf_network._session import Session
from hlf_network.channels.config import block_config, genesis_block
from hlf_network.channels.signing import signers_of
from hlf_network.channels.update import compute_update, signed_update
from hlf_network.consortium import Channel, Orderer, Organization, Peer
from hlf_network.engine.nodes import node_address
from hlf_network.errors import NetworkError
from hlf_network.material.layout import write_public
from hlf_network.progress import in_parallel
from hlf_network.proposals.changes.consenters import seats_of
from hlf_network.proposals.changes.members import revocations
from hlf_network.proposals.changes.wanted import desired_config

__all__ = [
    "change_channel",
    "current_config",
    "ensure_blocks",
    "is_seated",
    "join_orderers",
    "join_peers",
    "newest_config_block",
    "publish_revocations",
    "require_members",
    "update_channels",
]

MEMBERSHIP_SECONDS = 60.0


def ensure_blocks(session: Session) -> None:
    """Make the genesis blocks that are not there yet; one that is there is what the channel began with."""
    for channel in session.consortium.channels:
        path = session.layout.block(channel.name)
        if not path.is_file():
            block = genesis_block(session.channel_settings(channel))
            write_public(path, block.SerializeToString(deterministic=True))


def join_orderers(session: Session, *, but: Container[tuple[str, str]] = ()) -> int:
    """Join every orderer to every channel, `but` these (orderer, channel); the number of joins that were needed."""
    jobs = [
        partial(_join_orderer, session, owner, orderer, but)
        for owner in session.consortium.here
        for orderer in owner.orderers
    ]
    return sum(in_parallel(jobs))


def join_peers(session: Session) -> list[tuple[Organization, Peer, Channel]]:
    """Join every member's peers to its channels; the joins that were needed."""
    jobs = [partial(_join_peer, session, owner, peer) for owner in session.consortium.here for peer in owner.peers]
    return [one for joined in in_parallel(jobs) for one in joined]


def require_members(session: Session) -> None:
    """Raises InvalidDocument for a channel with a member that the file does not name any more.

    Looked for before anything is changed: the chaincode's definition would name one collection less than its state
    has, and its peers would be refused half-way. Only where all members are on this host: elsewhere each learns of
    newcomers in its own time.
    """
    if session.consortium.is_spread:
        return
    alive = {state.name for state in session.engine.containers() if state.status == "running"}
    known = {owner.msp: owner.name for owner in session.consortium.organizations}
    for channel in session.consortium.channels:
        config = current_config(session, channel, among=alive)
        if config is None:
            continue
        wanted = {member.msp for member in session.consortium.members(channel)}
        for msp in sorted(set(config.groups["Application"].groups) - wanted):
            raise InvalidDocument(
                f"Channel {channel.name} has the member {known.get(msp, msp)}, and consortium.yaml does not name it "
                f"there any more: put it back. To take a member out is for the channel's members to sign, and comes "
                f"before the file; what it was told, it keeps.",
                field=f"channels[{channel.name}].members",
            )


def update_channels(session: Session) -> tuple[str, ...]:
    """Bring the configuration of running channels to what consortium.yaml says; the names of those changed. Where
    others run on hosts of their own, what is their affair too is a proposal: only our own revocations are told.

    Members, anchor peers, batch settings and orderer endpoints follow the file, revocation lists the MSP folders.
    Nothing is ever taken away: to remove a member is a decision that its channel's members sign by themselves.
    """
    if session.consortium.is_spread:
        listed = [owner for owner in session.consortium.here if session.layout.revocation_lists(owner)]
        return tuple(dict.fromkeys(name for owner in listed for name in publish_revocations(session, owner)))
    changed = in_parallel([partial(_update_channel, session, channel) for channel in session.consortium.channels])
    return tuple(channel.name for channel, was in zip(session.consortium.channels, changed, strict=True) if was)


def _join_orderer(session: Session, owner: Organization, orderer: Orderer, but: Container[tuple[str, str]]) -> int:
    admin = session.orderer_admin(owner, orderer)
    joined = admin.channels()
    ordered = [channel for channel in session.consortium.channels if owner in session.consortium.ordering(channel)]
    missing = [one for one in ordered if one.name not in joined and (admin.name, one.name) not in but]
    return sum(admin.join(one.name, _joined_by(session, one, owner, orderer)) for one in missing)


def _joined_by(session: Session, channel: Channel, owner: Organization, orderer: Orderer) -> Block:
    """The first block, as all did who founded the channel; for one that comes later and is to follow, the newest, for
    the consenters that it names can be asked."""
    newest = newest_config_block(session, channel)
    if newest is None or is_seated(session, newest, owner, orderer):
        return _block(session, channel)
    return newest


def is_seated(session: Session, block: Block, owner: Organization, orderer: Orderer) -> bool:
    """Whether a config block has the orderer among its consenters."""
    seats = seats_of(block_config(block).channel_group)
    return node_address(session.ports, owner, orderer) in {seat.address for seat in seats}


def _join_peer(session: Session, owner: Organization, peer: Peer) -> list[tuple[Organization, Peer, Channel]]:
    client, admin = session.peer(owner, peer), session.admin(owner)
    joined = client.channels(admin)
    missing = [channel for channel in session.consortium.channels_of(owner) if channel.name not in joined]
    joined_now = [channel for channel in missing if client.join(admin, _block(session, channel))]
    for channel in missing:
        _known_config(client, admin, channel)
    return [(owner, peer, channel) for channel in joined_now]


def _known_config(client: PeerClient, admin: Signatory, channel: Channel) -> Block:
    """The channel's newest config block, once the peer knows its own organisation as a member: a new member's peer
    begins at a block that does not know it, and any peer takes a moment to take in the first."""
    deadline = time.monotonic() + MEMBERSHIP_SECONDS
    while True:
        try:
            return client.config_block(admin, channel.name)
        except (PeerError, LedgerUnavailable) as error:
            if time.monotonic() > deadline:
                words = f"{client.endpoint.name} has not come to know itself as a member of channel {channel.name}"
                raise NetworkError(f"{words}: {error}") from error
            time.sleep(0.05)


def _block(session: Session, channel: Channel) -> Block:
    return Block.FromString(session.layout.block(channel.name).read_bytes())


def _update_channel(session: Session, channel: Channel) -> bool:
    return change_channel(session, channel, lambda config: desired_config(config, session.channel_settings(channel)))


def current_config(session: Session, channel: Channel, *, among: Container[str] | None = None) -> ConfigGroup | None:
    """A channel's configuration as a peer of it has it, one `among` those where given; None while nobody has joined."""
    block = newest_config_block(session, channel, among=among)
    return None if block is None else block_config(block).channel_group


def newest_config_block(session: Session, channel: Channel, *, among: Container[str] | None = None) -> Block | None:
    """The newest config block of a channel, as a peer of it has it."""
    seat = _joined_member(session, channel, among)
    return None if seat is None else _known_config(seat[1], session.admin(seat[0]), channel)


def change_channel(
    session: Session,
    channel: Channel,
    wanted: Callable[[ConfigGroup], ConfigGroup],
) -> bool:
    """Bring a channel's configuration to what is wanted, signed by as few as it asks for; whether it had to be. False
    also while nobody has joined the channel."""
    seat = _joined_member(session, channel)
    if seat is None:
        return False
    member, peer = seat
    config = block_config(_known_config(peer, session.admin(member), channel))
    update = compute_update(channel.name, config, wanted(config.channel_group))
    if update is None:
        return False
    owners = {organization.msp: organization for organization in session.consortium.here}
    signers = signers_of(update, config.channel_group, owners)
    envelope = signed_update(update, channel.name, [session.admin(owners[msp]) for msp in signers])
    order(
        session.orderers(channel),
        envelope,
        partial(_has_sequence, session.admin(member), peer, channel.name, config.sequence + 1),
        what=f"The update of channel {channel.name}",
    )
    return True


def publish_revocations(session: Session, organization: Organization) -> tuple[str, ...]:
    """Put an organisation's revocation lists into all its channels, by its own administrator's signature alone.

    The names of the channels that did not have them yet. An MSP is changed by whom its own policy Admins names.
    """
    member = session.member_config(organization)
    channels = _channels_with(session, organization)
    jobs = [partial(change_channel, session, channel, partial(revocations, member=member)) for channel in channels]
    return tuple(channel.name for channel, was in zip(channels, in_parallel(jobs), strict=True) if was)


def _channels_with(session: Session, organization: Organization) -> Sequence[Channel]:
    """Channels that know the organisation's MSP: as a member, or because it orders."""
    consortium = session.consortium
    return [
        channel
        for channel in consortium.channels
        if organization.name in channel.members or organization in consortium.ordering(channel)
    ]


def _joined_member(
    session: Session, channel: Channel, among: Container[str] | None = None
) -> tuple[Organization, PeerClient] | None:
    """A peer of the channel to ask, one of those containers where some are named; None while nobody has joined."""
    for member in session.consortium.seated(channel):
        for peer in member.peers if session.consortium.is_here(member) else ():
            if among is not None and f"{session.consortium.name}-{peer.name}.{member.name}" not in among:
                continue
            client = session.peer(member, peer)
            if channel.name in client.channels(session.admin(member)):
                return member, client
    return None


def _has_sequence(admin: Signatory, peer: PeerClient, channel: str, sequence: int, seconds: float) -> bool:
    """Whether the peer has this configuration or a later one within `seconds`."""
    deadline = time.monotonic() + seconds
    while block_config(peer.config_block(admin, channel)).sequence < sequence:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
