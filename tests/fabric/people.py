"""People at real peers: they sign proposals, choose who endorses, and hand in what they got.

An attacker needs no gateway and no SDK, so these tests use none: what refuses here is a peer or an orderer.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import grpc

from eximledger_chaincode.contracts import exim
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.private_call import ANSWER, opened
from hlf_chaincode.protos.common.common_pb2 import Envelope
from hlf_chaincode.protos.peer.proposal_pb2 import ChaincodeProposalPayload, Proposal
from hlf_client.admin.calls import Call, Endorsement, assemble
from hlf_client.admin.nodes import PeerClient, PeerError, order
from hlf_client.admin.signatory import Signatory
from hlf_client.errors import CommitFailed, LedgerUnavailable, from_message
from hlf_client.private import PrivateCall
from hlf_network._session import Session

__all__ = ["Denied", "Outcome", "Person", "answer_of", "encoded", "transient_of"]

WITNESSES = {"customs": ("customs",), "fx": ("safe",), "bank": ("safe",)}
"""Whose peers must endorse on a channel, beside a bank's own on `bank`."""
OF_SAFE = frozenset({"register:match", "register:rotate", "register:retire"})
"""What SAFE's peer alone endorses on `bank`."""
PRIVATE = frozenset(
    f"{contract.name}:{function.name}"
    for contract in exim().contracts.values()
    for function in contract.functions.values()
    if function.private
)
"""Functions whose arguments travel by transient and whose answers are sealed."""
SECONDS = 30.0


class Denied(Exception):
    """A peer turned a proposal away before any chaincode saw it; the message is the peer's."""


@dataclass(frozen=True)
class Outcome:
    """A committed transaction and its answer; `call` and `envelope` are what an eavesdropper could have copied."""

    result: bytes
    block_number: int
    call: Call
    envelope: Envelope


def encoded(arguments: Sequence[object]) -> list[bytes]:
    """Text as it is, everything else as canonical JSON."""
    return [
        each if isinstance(each, bytes) else each.encode() if isinstance(each, str) else canonical_json(each)
        for each in arguments
    ]


def transient_of(call: Call) -> dict[str, bytes]:
    """What travels beside a proposal and stands in no block."""
    return dict(ChaincodeProposalPayload.FromString(Proposal.FromString(call.proposal).payload).TransientMap)


def answer_of(call: Call, result: bytes) -> bytes:
    """What a chaincode answered to a call: opened where it is sealed."""
    key = transient_of(call).get(ANSWER)
    return result if key is None else opened(key, call.transaction_id, result)


class Person:
    """Somebody with a certificate. Refusals come as the contract's typed errors or as the peer's own words."""

    def __init__(self, session: Session, organization: str, signatory: Signatory, chaincode: str = "exim") -> None:
        self.session = session
        self.organization = organization
        self.signatory = signatory
        self.chaincode = chaincode

    def propose(
        self, channel: str, function: str, *arguments: object, transient: Mapping[str, bytes] | None = None
    ) -> Call:
        """A private function's arguments go by transient; `transient` stands in place of what would."""
        open_, hidden = encoded(arguments), transient or {}
        if function in PRIVATE:
            open_, hidden = [], transient or PrivateCall.of(*open_).transient
        return Call.build(self.signatory, channel, self.chaincode, [function.encode(), *open_], hidden)

    def ask(
        self,
        channel: str,
        function: str,
        *arguments: object,
        at: str | None = None,
        transient: Mapping[str, bytes] | None = None,
    ) -> bytes:
        """The answer of one organisation's peer, the own one's unless another is named."""
        call = self.propose(channel, function, *arguments, transient=transient)
        return answer_of(call, self.endorsed_by(call, at or self.organization)[0].result)

    def endorsed_by(self, call: Call, *organizations: str) -> list[Endorsement]:
        """Each peer's endorsement. Raises the typed error of the first whose chaincode refuses, or `Denied`."""
        endorsements = []
        for name in organizations:
            try:
                endorsements.append(self._peer(name).endorse(call))
            except PeerError as error:
                if error.reason.startswith("{"):
                    raise from_message(error.chaincode_status, error.reason) from error
                raise
            except LedgerUnavailable as error:
                if isinstance(error.__cause__, grpc.RpcError) and error.__cause__.code() is grpc.StatusCode.UNKNOWN:
                    raise Denied(error.message) from error
                raise
        return endorsements

    def submit(
        self,
        channel: str,
        function: str,
        *arguments: object,
        transient: Mapping[str, bytes] | None = None,
        endorsers: Sequence[str] = (),
    ) -> Outcome:
        """Endorsed by those whom honest clients ask, or by `endorsers`; ordered; committed at the own peer.

        Raises CommitFailed when the peers find it invalid.
        """
        proposal = self.propose(channel, function, *arguments, transient=transient)
        has_own = channel == "bank" and self.organization != "safe" and function not in OF_SAFE
        own = (self.organization,) if has_own else ()
        endorsements = self.endorsed_by(proposal, *(endorsers or (*own, *WITNESSES[channel])))
        return self.commit(proposal, endorsements)

    def commit(self, call: Call, endorsements: Sequence[Endorsement]) -> Outcome:
        envelope = assemble(call, endorsements, self.signatory)
        answer = answer_of(call, endorsements[0].result)
        return Outcome(answer, self.order(call, envelope), call, envelope)

    def order(self, call: Call, envelope: Envelope) -> int:
        """Have any envelope ordered; the number of its block. Raises CommitFailed when it is invalid there."""
        peer = self._peer(self.organization)
        block: list[int] = []

        def is_committed(seconds: float) -> bool:
            number = peer.wait_for_commit(self.signatory, call.channel, call.transaction_id, seconds=seconds)
            block.extend([] if number is None else [number])
            return number is not None

        order(self.session.orderers(), envelope, is_committed, what=call.transaction_id)
        return block[0]

    def wait_until_known(self, outcome: Outcome, *organizations: str) -> None:
        """Until these organisations' peers have the transaction too."""
        deadline = time.monotonic() + SECONDS
        for name in organizations:
            call = outcome.call
            seconds = deadline - time.monotonic()
            number = self._peer(name).wait_for_commit(
                self.signatory, call.channel, call.transaction_id, seconds=seconds
            )
            assert number is not None, f"{name}'s peer has no block {outcome.block_number}"

    def code_of(self, call: Call, endorsements: Sequence[Endorsement]) -> str:
        """What the peers make of a transaction when it is in a block."""
        try:
            self.commit(call, endorsements)
        except CommitFailed as error:
            return error.code
        return "VALID"

    def _peer(self, name: str) -> PeerClient:
        owner = self.session.consortium.organization(name)
        return self.session.peer(owner, owner.peers[0])
