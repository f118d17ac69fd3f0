"""Nodes that have lost their disk: an orderer is put into its channels anew, a peer is waited for until it knows all.

A raft orderer has promised the others what it has on its disk. One that comes back under its old name without that may
vote twice or forget what it has acknowledged, and ends as soon as its leader counts on it ("tocommit is out of range").
So it is taken out of the channel's consenters and put in again, as a new one that has promised nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial

from hlf_chaincode.protos.common.configtx_pb2 import ConfigGroup
from hlf_chaincode.protos.common.ledger_pb2 import BlockchainInfo
from hlf_client.admin.participation import OrdererAdmin
from hlf_client.errors import FabricError
from hlf_network._session import Session
from hlf_network.channels.config import block_config
from hlf_network.channels.consenters import has_consenter, is_raft, with_consenter, without_consenter
from hlf_network.consortium import Channel, Orderer, Organization, Peer
from hlf_network.engine.docker import wait_until_healthy
from hlf_network.engine.nodes import Container
from hlf_network.errors import NetworkError
from hlf_network.progress import in_parallel
from hlf_network.steps.raising import change_channel, current_config, is_seated, newest_config_block

__all__ = [
    "clear_broken_orderers",
    "clear_stuck_orderers",
    "lost_consenters",
    "readmit_lost_orderers",
    "require_steady",
    "wait_for_peers",
]

BROKEN = b"tocommit("
"""In the last words of an orderer that has less on its disk than it has promised."""
LAST_LINES = 5000
"""In which they are looked for: an orderer that has just been started again has written hundreds since."""
LESS = "had less than it had promised: its ledger is fetched anew"
STANDSTILL_SECONDS = 180.0
STUCK_SECONDS = 30.0
"""Longer than the choice of a leader, and than the first blocks take after it."""


def clear_broken_orderers(session: Session, containers: Sequence[Container]) -> list[str]:
    """Take away the disk of orderers that end again and again because it is not what they had; the names of them."""
    present = {state.name: state for state in session.engine.containers()}
    cleared = []
    for container in containers:
        state = present.get(container.name)
        if container.kind != "orderer" or state is None or not state.restarts:
            continue
        if BROKEN in b"".join(session.engine.logs(container.name, tail=LAST_LINES)):
            session.engine.remove([container.name])
            session.engine.remove_volumes(container.volumes)
            cleared.append(f"{container.name} {LESS}")
    return cleared


def clear_stuck_orderers(session: Session, containers: Iterable[Container]) -> list[str]:
    """Start those raft orderers on an empty disk that have joined a channel and get nowhere in it, while a majority
    goes on: somebody has started them with less than they had promised. What was done.

    They are not seen by their log: one ends some seconds after `up` has looked, another waits for messages to a number
    that it has in the channel no more. Only where all members are on this host, who then take it in again.
    """
    consortium = session.consortium
    if consortium.is_spread:
        return []
    joined = _joined(session)
    found = in_parallel([partial(_stuck, session, channel, joined) for channel in consortium.channels])
    stuck = {f"{consortium.name}-{name}" for names in found for name in names}
    cleared = [container for container in containers if container.name in stuck]
    for container in cleared:
        session.engine.remove([container.name])
        session.engine.remove_volumes(container.volumes)
        session.engine.ensure_container(container)
        wait_until_healthy(session.engine, container)
    return [f"{container.name} {LESS}" for container in cleared]


def readmit_lost_orderers(session: Session) -> list[str]:
    """Have every raft orderer whose channels are gone join them again, as a new consenter; what was done.

    Only where all members are on this host, and so all keys that sign for it: elsewhere it is a proposal.
    """
    consortium = session.consortium
    if consortium.is_spread:
        return []
    admins = [(owner, orderer, session.orderer_admin(owner, orderer)) for owner, orderer in consortium.orderers]
    joined = _joined(session)
    done = []
    for channel in consortium.channels:
        others = [admin for *_, admin in admins if channel.name in joined[admin.name]]
        if len(others) == len(admins) or not any(other.height(channel.name) > 1 for other in others):
            continue  # whole, or so young that nobody has promised anything
        for owner, orderer, admin in admins:
            if channel.name not in joined[admin.name] and _readmit(session, channel, owner, orderer, admin):
                _catch_up(f"{admin.name} on {channel.name}", partial(admin.height, channel.name), others[0], channel)
                done.append(f"{admin.name} joined channel {channel.name} as a new consenter")
    return done


def lost_consenters(session: Session) -> frozenset[tuple[str, str]]:
    """Raft orderers of this host (by name, with the channel) that have lost what they have promised to others.

    Where all members are on this host they are put in anew; elsewhere that is a proposal, and until they are out they
    must not join: whoever joins as the old one may vote twice.
    """
    consortium, found = session.consortium, set[tuple[str, str]]()
    if not consortium.is_spread:
        return frozenset()
    for channel in consortium.channels:
        block = newest_config_block(session, channel)
        if block is None or not is_raft(block_config(block).channel_group) or not _has_history(session, channel):
            continue
        for owner in (one for one in consortium.here if one in consortium.ordering(channel)):
            for orderer in owner.orderers:
                admin = session.orderer_admin(owner, orderer)
                if channel.name not in admin.channels() and is_seated(session, block, owner, orderer):
                    found.add((admin.name, channel.name))
    return frozenset(found)


def wait_for_peers(session: Session, joined: Sequence[tuple[Organization, Peer, Channel]]) -> None:
    """Wait until peers that have just joined have every block of their channels.

    That takes minutes where private data was theirs alone: Fabric asks others for it before it goes on without.
    """
    here = session.consortium.here
    orderers = [session.orderer_admin(owner, orderer) for owner in here for orderer in owner.orderers]
    in_parallel([partial(_wait_for_peer, session, *one, orderers) for one in joined])


def require_steady(session: Session, since: dict[str, int]) -> None:
    """Raises NetworkError with the last words of a node that ends again and again; `since` counts earlier ends."""
    for state in session.engine.containers():
        if state.status == "restarting" or state.restarts > since.get(state.name, 0):
            words = b"".join(session.engine.logs(state.name, tail=5)).decode(errors="replace").strip()
            raise NetworkError(f"{state.name} ends again and again: {words or 'without a word'}")


def _joined(session: Session) -> dict[str, frozenset[str]]:
    """The channels that each orderer of this host has joined, by its name."""
    admins = [session.orderer_admin(owner, orderer) for owner, orderer in session.consortium.orderers]
    return dict(zip((admin.name for admin in admins), in_parallel([one.channels for one in admins]), strict=True))


def _stuck(session: Session, channel: Channel, joined: Mapping[str, frozenset[str]]) -> list[str]:
    """Consenters of a raft channel that are behind and do not move within the time that anybody needs."""
    nodes = [(owner, orderer) for owner in session.consortium.ordering(channel) for orderer in owner.orderers]
    admins = {admin.name: admin for admin in (session.orderer_admin(*node) for node in nodes)}
    heights = {name: admin.height(channel.name) for name, admin in admins.items() if channel.name in joined[name]}
    goal = max(heights.values(), default=0)
    behind = [name for name, height in heights.items() if height < goal]
    block = newest_config_block(session, channel) if behind else None
    if block is None or not is_raft(block_config(block).channel_group):
        return []
    seated = [name for name, node in zip(admins, nodes, strict=True) if is_seated(session, block, *node)]
    if 2 * sum(heights.get(name) == goal for name in seated) <= len(seated):
        return []  # without one of those that are behind nothing is ordered: its disk is needed
    asked = [name for name in behind if name in seated]
    moves = in_parallel([partial(_moves, admins[name], channel, goal) for name in asked])
    return [name for name, moved in zip(asked, moves, strict=True) if not moved]


def _moves(admin: OrdererAdmin, channel: Channel, goal: int) -> bool:
    first, deadline = None, time.monotonic() + STUCK_SECONDS
    while time.monotonic() < deadline:
        with suppress(FabricError):  # one that ends again and again does not always answer
            now = admin.height(channel.name)
            if now >= goal or (first is not None and now > first):
                return True
            first = now
        time.sleep(0.1)
    return False


def _has_history(session: Session, channel: Channel) -> bool:
    """Whether anything has been ordered, as a peer of this host knows."""
    for owner in session.consortium.here:
        for peer in owner.peers:
            with suppress(FabricError):
                return _height(session, owner, peer, channel) > 1
    return False


def _height(session: Session, owner: Organization, peer: Peer, channel: Channel) -> int:
    query = (channel.name, "qscc", b"GetChainInfo", channel.name.encode())
    answer = session.peer(owner, peer).query(session.admin(owner), *query)
    return int(BlockchainInfo.FromString(answer).height)


def _readmit(session: Session, channel: Channel, owner: Organization, orderer: Orderer, admin: OrdererAdmin) -> bool:
    config = current_config(session, channel)
    entry = session.consenters(owner)[owner.orderers.index(orderer)]
    address = entry.address
    if config is None or not is_raft(config) or not has_consenter(config, address):
        return False

    def out(group: ConfigGroup) -> ConfigGroup:
        return without_consenter(group, address)

    def back(group: ConfigGroup) -> ConfigGroup:
        return with_consenter(group, entry)

    for wanted in (out, back):
        change_channel(session, channel, wanted)
    block = newest_config_block(session, channel)
    return block is not None and admin.join(channel.name, block)


def _wait_for_peer(
    session: Session, owner: Organization, peer: Peer, channel: Channel, orderers: Sequence[OrdererAdmin]
) -> None:
    height = partial(_height, session, owner, peer, channel)
    for orderer in _answering(orderers, channel):
        _catch_up(f"{peer.name}.{owner.name} on {channel.name}", height, orderer, channel)
        return


def _answering(orderers: Sequence[OrdererAdmin], channel: Channel) -> Iterator[OrdererAdmin]:
    for orderer in orderers:
        try:
            orderer.height(channel.name)
        except FabricError:
            continue
        yield orderer


def _catch_up(who: str, height: Callable[[], int], other: OrdererAdmin, channel: Channel) -> None:
    """As long as it moves it may take as long as it takes."""
    goal, last, deadline = other.height(channel.name), 0, time.monotonic() + STANDSTILL_SECONDS
    while (now := height()) < goal:
        if now > last:
            last, deadline = now, time.monotonic() + STANDSTILL_SECONDS
        if time.monotonic() > deadline:
            raise NetworkError(f"{who} stands at block {now} of {goal} and gets no further: see its log.")
        time.sleep(0.1)
