"""What peers and orderers say, as typed errors that keep their own words; and what hfc itself cannot do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

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
from hlf_client.hfc._pipe import RequestFailed
from hlf_client.wire.endpoint import DEMANDS_CERTIFICATE, is_turned_away

__all__ = ["Refused", "is_away", "naming", "of_order", "of_refusal", "of_request"]

_AWAY: Final = frozenset({"UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"})
_ORDERING: Final = "order"
_FORBIDDEN: Final = ("access denied", "creator is malformed", "creator org unknown", "FORBIDDEN", "permission denied")


class Refused(Exception):
    """A peer's refusal in its own words; `is_away` when it said none, for it was not there."""

    def __init__(self, peer: PeerRefusal, status: int = 500, *, is_away: bool = False) -> None:
        super().__init__(peer.message)
        self.peer = peer
        self.status = status
        self.is_away = is_away


@contextmanager
def naming(transaction_id: str) -> Iterator[None]:
    """Let whoever cannot learn a transaction's fate know which one to ask for later."""
    try:
        yield
    except LedgerUnavailable as error:
        error.details.setdefault("transaction_id", transaction_id)
        raise


def is_away(error: RequestFailed) -> bool:
    """Whether the node was not there, so that another may be asked."""
    return error.kind == "rpc" and error.code in _AWAY


def of_refusal(refused: Refused, transaction_id: str, others: Sequence[PeerRefusal] = ()) -> FabricError:
    """The error of a call that a peer refused: the contract's own where it is one."""
    said, peers = refused.peer.message, (refused.peer, *others)
    if said.startswith("{"):
        return from_message(refused.status, said)
    where = f"{refused.peer.msp_id} at {refused.peer.address}"
    if is_turned_away(said):
        return NotAuthorized(f"{where} {DEMANDS_CERTIFICATE} ({said})")
    if refused.is_away:
        return LedgerUnavailable(f"{where} does not answer ({said})", transaction_id=transaction_id)
    if any(word in said for word in _FORBIDDEN):
        return NotAuthorized(f"{where} does not let this identity in ({said})")
    if "incorrect timestamp" in said:
        clock = "this machine's clock is more than 15 minutes off the peers': set it"
        return EndorsementFailed(clock, transaction_id=transaction_id, peers=peers)
    return EndorsementFailed(f"{where} answers {refused.status}: {said}", transaction_id=transaction_id, peers=peers)


def of_request(error: RequestFailed, doing: str, node: object, transaction_id: str = "") -> FabricError:
    """The error of a request that got no answer from its node."""
    more = {"transaction_id": transaction_id} if transaction_id else {}
    if error.kind == "program":
        return FabricError(f"{doing}: a fault in hfc or its worker ({error})", **more)
    if error.kind == "limit" and error.code == "frame":
        reason = "is larger than the worker's pipe takes"
        return InvalidDocument(f"{doing}: the answer {reason}", field="request", reason=reason)
    if error.code == "PERMISSION_DENIED":
        return NotAuthorized(f"{doing}: {node} does not let this identity in ({error.details})")
    if is_turned_away(error.details) and doing != _ORDERING:  # an orderer that was asked before may have taken it
        return NotAuthorized(f"{doing}: {node} {DEMANDS_CERTIFICATE} ({error})")
    return LedgerUnavailable(f"{doing}: {node} does not answer ({error})", **more)


def of_order(status: int, info: str, orderer: object, transaction_id: str) -> FabricError:
    """The error for the status with which an orderer turned a transaction down (common.Status)."""
    said = f"{orderer} answers {status}" + (f": {info}" if info else "")
    if status == 403:
        return NotAuthorized(f"order: {said}", transaction_id=transaction_id)
    if status in {400, 413}:
        return InvalidDocument(f"order: {said}", field="transaction", reason=info or "refused")
    if status == 404:
        return NotFound(f"order: {said}")
    return LedgerUnavailable(f"order: {said}", transaction_id=transaction_id)
