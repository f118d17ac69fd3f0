"""What is sent to a peer, as bytes: a contract's request, its answer, and why it was turned away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hlf_chaincode.errors import FabricError
from hlf_chaincode.peer import Response
from hlf_chaincode.protos.peer.chaincode_event_pb2 import ChaincodeEvent
from hlf_chaincode.protos.peer.chaincode_shim_pb2 import ChaincodeMessage
from hlf_chaincode.protos.peer.proposal_response_pb2 import Response as WireResponse
from hlf_chaincode.shim.stream.request import Request

__all__ = ["TIMED_OUT", "Answer", "Key", "Step", "encode", "ended", "outcome_of", "step_of", "turned_away"]

TIMED_OUT: Final = 504

Key = tuple[str, str]
"""A transaction on a stream: its channel and its id."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The end of a transaction: the contract's response and its event, name and payload."""

    response: Response
    event: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What a turn of a contract came to: a message for the peer, and the answer's status where it was the last."""

    data: bytes
    status: int | None = None


def step_of(key: Key, turn: Request | Answer) -> Step:
    if isinstance(turn, Answer):
        return ended(key, turn)
    return Step(encode(ChaincodeMessage(type=turn.kind, payload=turn.payload, channel_id=key[0], txid=key[1])))


def ended(key: Key, answer: Answer) -> Step:
    """COMPLETED, with whatever status."""
    channel, transaction_id = key
    response = answer.response
    wire = WireResponse(status=response.status, message=response.message, payload=response.payload)
    message = ChaincodeMessage(
        type=ChaincodeMessage.COMPLETED, payload=wire.SerializeToString(), channel_id=channel, txid=transaction_id
    )
    if answer.event is not None:
        name, payload = answer.event
        message.chaincode_event.CopyFrom(ChaincodeEvent(tx_id=transaction_id, event_name=name, payload=payload))
    return Step(encode(message), response.status)


def turned_away(key: Key, why: str) -> bytes:
    """ERROR, not a response: a gateway then asks another peer."""
    payload = f"{why}: try again".encode()
    return encode(ChaincodeMessage(type=ChaincodeMessage.ERROR, payload=payload, channel_id=key[0], txid=key[1]))


def outcome_of(status: int) -> str:
    """A status as metrics and spans name it."""
    if status == TIMED_OUT:
        return "timeout"
    if status >= FabricError.status:
        return "bug"
    return "ok" if 200 <= status < 400 else "error"


def encode(message: ChaincodeMessage) -> bytes:
    data: bytes = message.SerializeToString()
    return data
