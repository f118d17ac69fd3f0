"""One request of a contract to the peer, as something that can be awaited without any event loop.

A contract's coroutine is a conversation: it stops at each request and goes on with the peer's answer. Whoever runs it
sends the answer in; there is no task, future or thread for a transaction (docs/decisions/0007-chaincode-server.md).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from hlf_chaincode.protos.peer.chaincode_shim_pb2 import ChaincodeMessage

__all__ = ["Request"]


@dataclass(frozen=True, slots=True)
class Request:
    """A message to the peer. Awaiting it gives the payload of the answer, or raises what the peer's refusal means."""

    kind: ChaincodeMessage.Type
    payload: bytes

    def __await__(self) -> Generator[Request, bytes, bytes]:
        return (yield self)
