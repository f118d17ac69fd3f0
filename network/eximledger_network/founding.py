"""The first transaction of our contracts on a channel: what each member is.

A contract asks the role of its caller's organisation; roles are ledger state, set by `consortium:configure` under a
majority of its voters. A new channel knows none, so a network whose chaincode has these contracts begins with it.
"""

from __future__ import annotations

import json
from functools import partial

from hlf_chaincode.policies import ImplicitMeta, parse_channel_policy
from hlf_client.admin.lifecycle import submit
from hlf_client.admin.nodes import PeerError
from hlf_network._session import Session
from hlf_network.consortium import Chaincode, Channel
from hlf_network.progress import in_parallel

__all__ = ["tell_roles"]

_REFUSED = 422
"""The contracts' status for a channel that has no members yet."""


def tell_roles(session: Session, chaincode: Chaincode) -> tuple[str, ...]:
    """Configure every channel whose contracts do not know the file's members yet; the names of those configured.

    Raises NetworkError with the contract's words, as when the members' peers run other contracts.
    """
    channels = [channel for channel in session.consortium.channels if channel.chaincode]
    told = in_parallel([partial(_tell, session, chaincode, channel) for channel in channels])
    return tuple(channel.name for channel, was in zip(channels, told, strict=True) if was)


def _tell(session: Session, chaincode: Chaincode, channel: Channel) -> bool:
    members = [session.participant(member) for member in session.consortium.seated(channel)]
    roles = [
        {"msp_id": owner.msp, "name": owner.title or owner.name, "role": owner.role}
        for owner in session.consortium.organizations
        if session.consortium.channels_of(owner)
    ]
    first = members[0]
    voters = _voters(session, channel)
    try:
        answer = first.peers[0].query(first.admin, channel.name, chaincode.name, b"consortium:members")
    except PeerError as error:
        if error.chaincode_status != _REFUSED:
            raise
    else:
        if {member["msp_id"]: member["role"] for member in json.loads(answer)} == {
            role["msp_id"]: role["role"] for role in roles
        }:
            return False
    endorsers = [member.peers[0] for member in members]
    everyone = [peer for member in members for peer in member.peers]
    texts = (json.dumps(roles, ensure_ascii=False), "null", json.dumps(voters))
    arguments = (b"consortium:configure", *(text.encode() for text in texts))
    submit(first.admin, endorsers, everyone, session.orderers(), channel.name, arguments, chaincode=chaincode.name)
    return True


def _voters(session: Session, channel: Channel) -> list[str]:
    """Who decides on the channel's members decides on the contracts' too: whom a policy `admins` names, else all."""
    policy = parse_channel_policy(session.consortium.policy_text(channel, channel.policies.admins))
    named = frozenset[str]() if isinstance(policy, ImplicitMeta) else policy.msp_ids
    return sorted(named & {member.msp for member in session.consortium.members(channel)})
