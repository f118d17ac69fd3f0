"""The first transaction of our contracts on a channel: what each member is.

A contract asks the role of its caller's organisation; roles are ledger state, set by `consortium:configure` under a
majority of its voters. A new channel knows none, so a network whose chaincode has these contracts begins with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from hlf_chaincode.policies import ImplicitMeta, parse_channel_policy
from hlf_client.admin.lifecycle import submit
from hlf_client.admin.nodes import PeerError
from hlf_client.admin.signatory import Signatory
from hlf_network._session import Session
from hlf_network.consortium import Chaincode, Channel, Consortium, Organization
from hlf_network.progress import in_parallel

__all__ = ["tell_roles"]

Members: TypeAlias = Mapping[str, Mapping[str, object]]
"""By MSP id, each as `consortium:configure` takes it."""

_REFUSED = 422
"""The contracts' status for a channel that has no members yet."""


def tell_roles(session: Session, chaincode: Chaincode, channels: Sequence[Channel]) -> tuple[str, ...]:
    """Bring the contracts of these channels to know the file's members and their roles; what was changed.

    Where they know others already, each voter whose administrator's key is at hand casts its vote, until a majority
    has decided. Raises NetworkError with the contract's words, as when the members' peers run other contracts.
    """
    return tuple(filter(None, in_parallel([partial(_tell, session, chaincode, channel) for channel in channels])))


def _tell(session: Session, chaincode: Chaincode, channel: Channel) -> str:
    voting = _Voting(session, chaincode, channel)
    present = voting.members()
    wanted = _wanted(session.consortium, present or {})
    if present == wanted:
        return ""
    told = f"roles told on {channel.name}"
    if present is None:
        first = session.consortium.seated(channel)[0]
        voting.vote(session.admin(first), wanted, _voters(session, channel))
        return told
    voters, open_votes = _voters(session, channel) or None, voting.electorate()
    cast = []
    for owner in session.consortium.organizations:
        if owner.msp in open_votes and _has_admin(session, owner):
            voting.vote(session.admin(owner), wanted, voters)
            cast.append(owner.msp)
            if voting.members() == wanted:
                return told
    absent = sorted(open_votes - set(cast))
    return f"voted for the roles on {channel.name}: {', '.join(cast)}; no majority without {', '.join(absent)}"


@dataclass(frozen=True, slots=True)
class _Voting:
    """What a channel's contracts know of the members, and the way to vote on it."""

    session: Session
    chaincode: Chaincode
    channel: Channel

    def members(self) -> Members | None:
        """By MSP id; None before the first `configure`."""
        try:
            answer = self._ask(b"consortium:members")
        except PeerError as error:
            if error.chaincode_status != _REFUSED:
                raise
            return None
        return {entry["msp_id"]: entry for entry in json.loads(answer)}

    def electorate(self) -> frozenset[str]:
        return frozenset(json.loads(self._ask(b"consortium:voters")))

    def vote(self, admin: Signatory, wanted: Members, voters: Sequence[str] | None) -> None:
        """Endorsed by a peer of each member that the contracts know, whose majority guards the members' key."""
        seated = [self.session.participant(owner) for owner in self.session.consortium.seated(self.channel)]
        known = self.members() or wanted
        endorsers = [member.peers[0] for member in seated if member.msp_id in known]
        everyone = [peer for member in seated for peer in member.peers]
        entries = [wanted[msp] for msp in sorted(wanted)]
        texts = (json.dumps(entries, ensure_ascii=False), "null", json.dumps(voters))
        arguments = (b"consortium:configure", *(text.encode() for text in texts))
        orderers, name = self.session.orderers(self.channel), self.chaincode.name
        submit(admin, endorsers, everyone, orderers, self.channel.name, arguments, chaincode=name)

    def _ask(self, function: bytes) -> bytes:
        first = self.session.participant(self.session.consortium.seated(self.channel)[0])
        return first.peers[0].query(first.admin, self.channel.name, self.chaincode.name, function)


def _wanted(consortium: Consortium, present: Members) -> Members:
    """The file's members and roles; what else the contracts know of a member stays."""
    return {
        owner.msp: {
            "name": owner.title or owner.name,
            **present.get(owner.msp, {}),
            "msp_id": owner.msp,
            "role": owner.role,
        }
        for owner in consortium.organizations
        if consortium.channels_of(owner)
    }


def _has_admin(session: Session, owner: Organization) -> bool:
    return (session.layout.user(owner, "admin") / "msp").is_dir()


def _voters(session: Session, channel: Channel) -> list[str]:
    """Who decides on the channel's members decides on the contracts' too: whom a policy `admins` names, else all."""
    policy = parse_channel_policy(session.consortium.policy_text(channel, channel.policies.admins))
    named = frozenset[str]() if isinstance(policy, ImplicitMeta) else policy.msp_ids
    return sorted(named & {member.msp for member in session.consortium.members(channel)})
