"""Who is asked to endorse, and what becomes of different answers. Without a gateway the client decides both.

- Organisations that the caller names must all endorse.
- Otherwise one peer of each organisation on the channel is asked. The own peer's refusal is the answer; another one
  that refuses, is away or differs is left out, if the policy (as discovery knows it) can do without.
- Transient values go to the own peer first, and then only to the organisations whose peers may hold the private
  collections that the simulation touched.

A peer may be a block behind the others: those that do not agree are asked again for a second.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from google.protobuf.message import DecodeError

from hlf_chaincode.protos.peer.proposal_pb2 import ChaincodeProposalPayload
from hlf_chaincode.protos.peer.proposal_pb2 import Proposal as ProposalMessage
from hlf_chaincode.protos.peer.proposal_response_pb2 import ProposalResponse
from hlf_client.errors import EndorsementFailed, FabricError, PeerRefusal
from hlf_client.hfc._discovery import Plan, Touched, plan_of, touched
from hlf_client.hfc._errors import Refused, is_away, of_refusal, of_request
from hlf_client.hfc._pipe import RequestFailed
from hlf_client.hfc._wire import Node, Signed, Wire
from hlf_client.ledger import Proposal
from hlf_client.wire.timeouts import Timeouts

__all__ = ["Ask", "Endorsement", "Endorsing", "Members"]

_log = logging.getLogger("hlf_client.hfc")

_AGREE_SECONDS: Final = 1.0
_PAUSE: Final = 0.05
_DIFFER: Final = "ProposalResponsePayloads do not match: peers are blocks apart, or the chaincode is not deterministic"

Members: TypeAlias = Mapping[str, Sequence[Node]]
"""Peers by their organisation's MSP."""
Ask: TypeAlias = Callable[[Node, str, Touched], Awaitable[bytes]]
"""Puts a signed question about a channel to a peer's discovery service."""


@dataclass(frozen=True, slots=True)
class Endorsement:
    """A peer's answer: the whole response as it came, what it signed, and what the chaincode answered."""

    peer: Node
    response: bytes = field(repr=False)
    payload: bytes = field(repr=False)
    result: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Round:
    """What one round of asking brought: those who agree, those who differ from them, those who refused."""

    agreeing: list[Endorsement]
    differing: list[Endorsement]
    refused: list[Refused]

    @property
    def is_unanimous(self) -> bool:
        return not self.differing and not self.refused

    def left_out(self) -> tuple[PeerRefusal, ...]:
        differing = (PeerRefusal(str(each.peer), each.peer.msp_id, _DIFFER) for each in self.differing)
        return (*(each.peer for each in self.refused), *differing)


class Endorsing:
    """Collects endorsements for one member."""

    def __init__(self, wire: Wire, msp_id: str, ask: Ask, timeouts: Timeouts) -> None:
        self._wire = wire
        self._timeouts = timeouts
        self._msp_id = msp_id
        self._ask = ask

    async def simulate(self, proposal: Proposal, organizations: Sequence[Sequence[Node]]) -> Endorsement:
        """The answer of the first peer that is there. Raises the typed error of the last that was asked."""
        error: FabricError = EndorsementFailed(
            "the profile names no peer to ask", transaction_id=proposal.transaction_id
        )
        for peers in organizations:
            try:
                return await self._of_organization(proposal, peers, self._timeouts.evaluate)
            except Refused as refused:
                error = of_refusal(refused, proposal.transaction_id)
                if not refused.is_away:
                    break
        raise error

    async def collect(self, proposal: Proposal, members: Members) -> list[Endorsement]:
        """Endorsements that agree and, as far as can be known, are enough."""
        if proposal.endorsing_organizations:
            named = {name: members.get(name, ()) for name in proposal.endorsing_organizations}
            missing = [name for name, peers in named.items() if not peers]
            if missing:
                raise EndorsementFailed(
                    f"the profile knows no endorsing peer of {', '.join(missing)} on {proposal.channel}",
                    transaction_id=proposal.transaction_id,
                )
            return await self._agreed(proposal, named, all_needed=True)
        if _has_transient(proposal.content):
            members = await self._who_may_see(proposal, members)
        return await self._agreed(proposal, members, all_needed=False)

    async def _who_may_see(self, proposal: Proposal, members: Members) -> Members:
        own = members.get(self._msp_id)
        if not own:
            raise EndorsementFailed(
                f"transient values are not sent to other members' peers unasked, and {self._msp_id} has none on "
                f"{proposal.channel}: name endorsing_organizations",
                transaction_id=proposal.transaction_id,
            )
        first = await self.simulate(proposal, [own])
        about = touched(first.payload)
        if not about.is_private:
            return members
        plan = await self._plan(proposal, first.peer, about)
        return {name: peers for name, peers in members.items() if name in plan.organizations}

    async def _agreed(self, proposal: Proposal, members: Members, *, all_needed: bool) -> list[Endorsement]:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _AGREE_SECONDS
        while True:
            found = await self._round(proposal, members)
            self._raise_refusal(found, proposal)
            if found.is_unanimous:
                return found.agreeing
            late = loop.time() > deadline
            if not all_needed and (late or not found.differing) and await self._is_enough(proposal, found.agreeing):
                _log.warning("endorse: %s left out", ", ".join(each.address for each in found.left_out()))
                return found.agreeing
            if late:
                raise _failed(found, proposal)
            await asyncio.sleep(_PAUSE)

    async def _round(self, proposal: Proposal, members: Members) -> _Round:
        answers = await asyncio.gather(*(self._answer(proposal, peers) for peers in members.values()))
        endorsed = [each for each in answers if isinstance(each, Endorsement)]
        payload = self._leading(endorsed)
        return _Round(
            [each for each in endorsed if each.payload == payload],
            [each for each in endorsed if each.payload != payload],
            [each for each in answers if isinstance(each, Refused)],
        )

    def _leading(self, endorsed: Sequence[Endorsement]) -> bytes:
        """What the own peer says or, where it was not asked, most of the others."""
        own = [each.payload for each in endorsed if each.peer.msp_id == self._msp_id]
        payloads = own or [each.payload for each in endorsed]
        return max(payloads, key=payloads.count, default=b"")

    def _raise_refusal(self, found: _Round, proposal: Proposal) -> None:
        """Raise the own peer's refusal; that of the first one when nobody endorses."""
        spoken = [each for each in found.refused if not each.is_away]
        own = [each for each in spoken if each.peer.msp_id == self._msp_id]
        nobody = (spoken or found.refused) if not found.agreeing else []
        for refused in (*own[:1], *nobody[:1]):
            others = tuple(each.peer for each in found.refused if each is not refused)
            raise of_refusal(refused, proposal.transaction_id, others)

    async def _is_enough(self, proposal: Proposal, agreeing: Sequence[Endorsement]) -> bool:
        plan = await self._plan(proposal, agreeing[0].peer, touched(agreeing[0].payload))
        return plan.is_satisfied_by(each.peer.msp_id for each in agreeing)

    async def _plan(self, proposal: Proposal, peer: Node, about: Touched) -> Plan:
        try:
            return plan_of(await self._ask(peer, proposal.channel, about), proposal.channel)
        except RequestFailed as error:
            raise of_request(error, "discovery", peer, proposal.transaction_id) from error

    async def _answer(self, proposal: Proposal, peers: Sequence[Node]) -> Endorsement | Refused:
        try:
            return await self._of_organization(proposal, peers, self._timeouts.endorse)
        except Refused as refused:
            return refused

    async def _of_organization(self, proposal: Proposal, peers: Sequence[Node], seconds: float) -> Endorsement:
        """The answer of an organisation's first peer that is there. Raises `Refused`."""
        refused: Refused | None = None
        for peer in peers:
            try:
                answer = await self._wire.propose(peer, Signed(proposal.content, proposal.signature), seconds)
            except RequestFailed as error:
                if error.kind != "rpc":
                    raise of_request(error, "propose", peer, proposal.transaction_id) from error
                said = PeerRefusal(str(peer), peer.msp_id, error.details or error.code)
                refused = Refused(said, is_away=is_away(error))
                if not refused.is_away:
                    break
            else:
                return _read(peer, answer)
        assert refused is not None  # noqa: S101 - an organisation without peers is not asked
        raise refused


def _read(peer: Node, answer: bytes) -> Endorsement:
    response = ProposalResponse.FromString(answer)
    status, message = int(response.response.status), str(response.response.message)
    if not 200 <= status < 400 or not response.payload:
        raise Refused(PeerRefusal(str(peer), peer.msp_id, message), status)
    return Endorsement(peer, answer, bytes(response.payload), bytes(response.response.payload))


def _failed(found: _Round, proposal: Proposal) -> EndorsementFailed:
    why = _DIFFER if found.differing else "the policy cannot do without those who do not endorse"
    return EndorsementFailed(why, transaction_id=proposal.transaction_id, peers=found.left_out())


def _has_transient(proposal: bytes) -> bool:
    try:
        payload = ChaincodeProposalPayload.FromString(ProposalMessage.FromString(proposal).payload)
    except DecodeError:
        return False  # which the peers refuse
    return bool(payload.TransientMap)
