"""What gateway peers say, as typed errors that keep every peer's own words.

A gateway answers with a gRPC status, and each peer's refusal in its details (`wire.refusals`). A contract's error comes
as `chaincode response STATUS, MESSAGE` in one of these texts.
"""

from __future__ import annotations

import re
from typing import Final

import grpc
import grpc.aio

from hlf_client.errors import (
    EndorsementFailed,
    FabricError,
    InvalidDocument,
    LedgerUnavailable,
    NotAuthorized,
    NotFound,
    PeerRefusal,
    from_message,
)
from hlf_client.wire.endpoint import DEMANDS_CERTIFICATE, is_turned_away
from hlf_client.wire.refusals import RpcFailure, refusals

__all__ = ["RpcFailure", "is_transient", "outcome_unknown", "typed_error"]

_ANSWERED: Final = re.compile(r"chaincode response (\d+), (.*)", re.DOTALL)
_CLOCK: Final = "incorrect timestamp"
_TRANSIENT: Final = frozenset({grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED})


def is_transient(error: RpcFailure, *, ordering: bool = False) -> bool:
    """Whether another gateway peer, or the same one later, may answer the same request.

    `ordering`: an orderer that has no leader yet makes a gateway give up an envelope as ABORTED.
    """
    code, texts = error.code(), _texts(error, refusals(error))
    if ordering and code is grpc.StatusCode.ABORTED:
        return not _denied(code, texts) and not any(_TOO_LARGE in text for text in texts)
    return code in _TRANSIENT and not any(_CLOCK in text for text in texts) and not is_turned_away(texts[0])


def typed_error(error: RpcFailure, *, doing: str, transaction_id: str = "") -> FabricError:
    """The error to raise for a failed call, with all that was said; `doing` is what was tried, in a word or two."""
    peers = refusals(error)
    texts = _texts(error, peers)
    answered = next((found for found in map(_ANSWERED.search, texts) if found), None)
    if answered is None:
        typed = _of_network(error.code(), doing, transaction_id, texts)
    else:
        typed = _of_chaincode(int(answered[1]), answered[2])
    typed.transaction_id, typed.grpc_code, typed.peers = transaction_id, error.code().name, peers
    return typed


def outcome_unknown(transaction_id: str, unclear: LedgerUnavailable) -> LedgerUnavailable:
    """The error of a transaction that may have been taken, and whose fate cannot be learnt now."""
    error = LedgerUnavailable(
        f"whether transaction {transaction_id} took effect is not known: ask for its commit status later ({unclear})",
        transaction_id=transaction_id,
    )
    error.grpc_code, error.peers, error.repeated = unclear.grpc_code, unclear.peers, True
    return error


def _of_chaincode(status: int, message: str) -> FabricError:
    if message.startswith("{"):
        return from_message(status, message)
    return EndorsementFailed(f"the chaincode answers {status}: {message}")


def _of_network(code: grpc.StatusCode, doing: str, transaction_id: str, texts: list[str]) -> FabricError:
    said, codes = texts[0] or code.name, grpc.StatusCode
    if is_turned_away(said):
        return NotAuthorized(f"{doing}: the peer {DEMANDS_CERTIFICATE} ({said})")
    if any(_CLOCK in text for text in texts):
        return EndorsementFailed("this machine's clock is more than 15 minutes off the peers': set it")
    if _denied(code, texts):
        said = next((text for text in texts if _refuses(text)), said)
        return NotAuthorized(f"{doing}: the peers do not let this identity in ({said})")
    if doing == _ORDERING and any(_TOO_LARGE in text for text in texts):
        told = f"{doing}: the transaction is larger than the orderers take ({said})"
        return InvalidDocument(told, field="request", reason=_LARGER)
    if code in _TRANSIENT or code is codes.CANCELLED or (code is codes.ABORTED and doing == _ORDERING):
        more = {"transaction_id": transaction_id} if transaction_id else {}
        return LedgerUnavailable(f"{doing}: the gateway does not answer or cannot reach others ({said})", **more)
    if code is codes.RESOURCE_EXHAUSTED:
        return _exhausted(doing, said)
    if code is codes.INVALID_ARGUMENT:
        return InvalidDocument(f"{doing}: {said}", field="request", reason=said)
    if code is codes.NOT_FOUND:
        return NotFound(f"{doing}: the peer knows no such channel ({said})")
    if code is codes.UNIMPLEMENTED:
        return LedgerUnavailable(f"{doing}: this peer has no gateway (Fabric 2.4 and later have one)")
    return EndorsementFailed(f"{doing}: {said}")


def _denied(code: grpc.StatusCode, texts: list[str]) -> bool:
    return code is grpc.StatusCode.PERMISSION_DENIED or any(map(_refuses, texts))


def _refuses(text: str) -> bool:
    return any(word in text for word in _NOT_LET_IN)


_ORDERING: Final = "order"
_TOO_LARGE: Final = "exceeds maximum allowed"
"""In what orderers say to a transaction beyond the channel's `absolute_max_bytes`."""
_LARGER: Final = "is larger than the orderers take"
_NOT_LET_IN: Final = (
    "access denied", "FORBIDDEN", "with policy [/Channel/Application/Writers]", "client identity expired"
)  # fmt: skip
"""In what peers and orderers say to whom they do not let in: a certificate that is not good, expired, or a node's."""


def _exhausted(doing: str, said: str) -> FabricError:
    if "larger than" in said or "exceeds" in said:
        reason = "is larger than the peers take"
        return InvalidDocument(f"{doing}: the message {reason} ({said})", field="request", reason=reason)
    return LedgerUnavailable(f"{doing}: the gateway has too much to do ({said})")


def _texts(error: RpcFailure, peers: tuple[PeerRefusal, ...]) -> list[str]:
    return [error.details() or "", *(peer.message for peer in peers)]
