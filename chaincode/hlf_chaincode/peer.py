"""What Fabric's peer offers to a chaincode during one transaction, message by message.

The seam below `LedgerStub`: the shim implements it over the wire, the embedded ledger over SQLite. Names follow the
peer's chaincode protocol (fabric-protos peer/chaincode_shim.proto); `collection` is "" for the public state.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

__all__ = ["Batch", "KeyModification", "KeyValue", "Peer", "Response", "Transaction"]


@dataclass(frozen=True, slots=True)
class KeyValue:
    key: str
    value: bytes


@dataclass(frozen=True, slots=True)
class KeyModification:
    """One past write of a key."""

    transaction_id: str
    value: bytes
    is_delete: bool
    timestamp: datetime


@dataclass(frozen=True, slots=True)
class Response:
    """A chaincode's answer: status 200 to 399 is a result; anything else an error, whose payload is lost."""

    status: int
    message: str = ""
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Batch:
    """Part of a range or history: at most 100 entries. `iterator` continues it while `has_more`.

    `bookmark` is the key at which the next page starts, "" at the end; only paged ranges have one.
    """

    entries: tuple[KeyValue, ...] | tuple[KeyModification, ...]
    has_more: bool
    iterator: str
    bookmark: str = ""


@dataclass(frozen=True, slots=True)
class Transaction:
    """What the peer hands to a chaincode with a proposal.

    `creator_msp` and `creator_certificate` (PEM) are the identity that signed the proposal; `timestamp` is the
    proposal's (UTC, aware): the only clock a contract has.
    """

    id: str
    channel: str
    timestamp: datetime
    creator_msp: str
    creator_certificate: bytes
    arguments: tuple[bytes, ...]
    transient: Mapping[str, bytes]


class Peer(Protocol):
    """The requests of one transaction. Each may raise an `FabricError`; a read never sees this transaction's writes."""

    async def get_state(self, key: str, collection: str = "") -> bytes:
        """The committed value; empty when there is none."""
        ...

    async def get_states(self, keys: Sequence[str], collection: str = "") -> Sequence[bytes]:
        """Values in the order of `keys` (GET_STATE_MULTIPLE; one by one on peers before 3.1)."""
        ...

    async def put_state(self, key: str, value: bytes, collection: str = "") -> None: ...

    async def put_states(self, writes: Mapping[str, bytes], collection: str = "") -> None:
        """WRITE_BATCH_STATE; one by one on peers before 3.1."""
        ...

    async def delete_state(self, key: str, collection: str = "") -> None: ...

    async def purge_private_data(self, collection: str, key: str) -> None: ...

    async def get_private_data_hash(self, collection: str, key: str) -> bytes:
        """SHA-256 of the private value, for members and others alike; empty when there is none."""
        ...

    async def get_state_by_range(
        self, start: str, end: str, collection: str = "", *, page_size: int = 0, bookmark: str = ""
    ) -> Batch:
        """Keys from `start` (included) to `end` (excluded), sorted. `page_size` 0: not paged. Private: never paged."""
        ...

    async def get_history_for_key(self, key: str) -> Batch:
        """All writes of a key, newest first."""
        ...

    async def get_query_result(
        self, query: str, collection: str = "", *, page_size: int = 0, bookmark: str = ""
    ) -> Batch:
        """What a rich query finds. Raises `NotSupported` where the state database has none. Private: never paged."""
        ...

    async def query_state_next(self, iterator: str) -> Batch: ...

    async def query_state_close(self, iterator: str) -> None: ...

    async def get_state_validation_parameter(self, key: str, collection: str = "") -> bytes:
        """The key's own endorsement policy (SignaturePolicyEnvelope bytes); empty when it has none."""
        ...

    async def put_state_validation_parameter(self, key: str, policy: bytes, collection: str = "") -> None: ...

    async def invoke_chaincode(self, chaincode: str, arguments: Sequence[bytes], channel: str) -> Response:
        """Call another chaincode: on this channel ("") as part of this transaction, on another as a query."""
        ...
