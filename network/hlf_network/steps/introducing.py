"""Peers that know each other, by gossip: some seconds after they joined; before that no client finds endorsers."""

from __future__ import annotations

import time
from functools import partial
from typing import Final

from hlf_client.admin import Signatory
from hlf_client.admin.discovery import endorsers_of
from hlf_client.admin.nodes import PeerClient
from hlf_client.errors import FabricError
from hlf_network._session import Session
from hlf_network.progress import in_parallel

__all__ = ["await_introductions"]

SECONDS: Final = 15.0
PAUSE: Final = 0.1


def await_introductions(session: Session) -> list[str]:
    """Wait until every peer finds who endorses each chaincode of its channels; in words who still does not.

    Only where all members are on this host: others may come up tomorrow.
    """
    consortium = session.consortium
    if not all(consortium.is_here(owner) for owner in consortium.organizations):
        return []
    asked = [
        partial(_introduced, session.peer(owner, peer), session.admin(owner), channel.name, chaincode.name, SECONDS)
        for chaincode in consortium.all_chaincodes
        for channel in consortium.running(chaincode)
        for owner in consortium.seated(channel)
        for peer in owner.peers
    ]
    return [silent for silent in in_parallel(asked) if silent]


def _introduced(peer: PeerClient, admin: Signatory, channel: str, chaincode: str, seconds: float) -> str:
    """Empty once the peer names endorsers; else what it lacks, after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            endorsers_of(peer, admin, channel, chaincode)
        except FabricError as unknown:
            if time.monotonic() > deadline:
                return f"{peer.endpoint.name} finds no endorsers on {channel} yet: {unknown}"
            time.sleep(PAUSE)
        else:
            return ""
