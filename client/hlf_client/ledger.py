"""The Ledger interface: what LoanDesk, the CLI and banks call, whichever ledger hosts the contracts.

A transaction passes through stages, each a plain value that can be signed elsewhere and rebuilt from its bytes in
another process:

    Proposal --endorse--> PreparedTransaction --order--> SubmittedTransaction --commit_status--> CommitStatus

`evaluate` and `submit` walk them in one call, signing with the ledger's own identity.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self, TypeAlias

from hlf_chaincode.canonical import canonical_json
from hlf_client._clock import Clock

__all__ = [
    "Argument",
    "BlockEvent",
    "BlockTransaction",
    "ChaincodeEvent",
    "ChannelInfo",
    "Checkpoint",
    "Commit",
    "CommitStatus",
    "Ledger",
    "PreparedTransaction",
    "Proposal",
    "Signable",
    "SubmittedTransaction",
    "encode_argument",
    "encode_transient",
]

Argument: TypeAlias = object
"""An argument of a contract function: text and bytes travel as they are, everything else as canonical JSON."""


def encode_argument(value: Argument) -> bytes:
    """The bytes of one argument. Raises TypeError for what has no canonical JSON (a float)."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    return canonical_json(value)


def encode_transient(transient: Mapping[str, bytes] | None) -> dict[str, bytes]:
    """The transient map as it travels. Raises TypeError for a value that is no bytes, by its name alone."""
    values = dict(transient or {})
    for name, value in values.items():
        if not isinstance(value, bytes):
            raise TypeError(f"transient {name!r}: bytes are wanted, not {type(value).__name__}")
    return values


class Signable:
    """What waits for a signature, here or elsewhere: ECDSA signs `digest`, Ed25519 signs `content`."""

    __slots__ = ()
    content: bytes
    signature: bytes

    @property
    def digest(self) -> bytes:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content).digest()

    def signed(self, signature: bytes) -> Self:
        """The same with a signature, wherever that was made."""
        return replace(self, signature=signature)  # type: ignore[type-var]  # each of them is a dataclass


@dataclass(frozen=True, slots=True)
class Proposal(Signable):
    """A call, not yet endorsed."""

    content: bytes = field(repr=False)  # arguments and transient data are in it
    transaction_id: str
    channel: str
    endorsing_organizations: tuple[str, ...] = ()
    signature: bytes = b""
    timestamp: datetime | None = field(default=None, compare=False)
    """The transaction's time, UTC; None where the content was made elsewhere."""


@dataclass(frozen=True, slots=True)
class PreparedTransaction(Signable):
    """Endorsed, not yet ordered. `result` is what the contract will have answered when it commits,
    `endorsing_organizations` the MSP ids of those whose peers endorsed it."""

    content: bytes = field(repr=False)
    transaction_id: str
    channel: str
    result: bytes = field(repr=False)
    signature: bytes = b""
    endorsing_organizations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubmittedTransaction:
    """Handed to ordering; whether it is valid only `commit_status` tells."""

    transaction_id: str
    channel: str
    result: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CommitStatus:
    """The fate of an ordered transaction; `code` is Fabric's TxValidationCode by name, VALID when it counts."""

    transaction_id: str
    block_number: int
    code: str

    @property
    def is_valid(self) -> bool:
        return self.code == "VALID"


@dataclass(frozen=True, slots=True)
class Commit:
    """A transaction that is valid and durable, with the contract's answer."""

    transaction_id: str
    block_number: int
    result: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a listener has come: `block_number` is the next block to read, or, with `transaction_id`, the block in
    which everything up to and including that transaction has been processed."""

    block_number: int
    transaction_id: str | None = None

    @property
    def next_block(self) -> int:
        """The next block, for who reads whole ones: a block of which a part was processed has been seen."""
        return self.block_number if self.transaction_id is None else self.block_number + 1


@dataclass(frozen=True, slots=True)
class ChaincodeEvent:
    """An event that a contract set in a valid transaction."""

    channel: str
    block_number: int
    transaction_id: str
    chaincode: str
    name: str
    payload: bytes = field(repr=False)

    @property
    def checkpoint(self) -> Checkpoint:
        """Where to go on after this event."""
        return Checkpoint(self.block_number, self.transaction_id)


@dataclass(frozen=True, slots=True)
class BlockTransaction:
    transaction_id: str
    code: str
    creator_msp: str
    timestamp: datetime


@dataclass(frozen=True, slots=True)
class BlockEvent:
    """One block as it was committed, valid and invalid transactions alike."""

    channel: str
    number: int
    hash: str
    previous_hash: str
    transactions: tuple[BlockTransaction, ...]

    @property
    def checkpoint(self) -> Checkpoint:
        """Where to go on after this block."""
        return Checkpoint(self.number + 1)


@dataclass(frozen=True, slots=True)
class ChannelInfo:
    """A channel's height (number of blocks) and the hash of its last block."""

    name: str
    height: int
    last_hash: str


class Ledger(Protocol):
    """One member's connection. Safe for concurrent use within its event loop.

    Raises the contract's typed error (`InvalidDocument`, `NotAuthorized`, `NotFound`, `Conflict`, `Refused`),
    `EndorsementFailed`, `CommitFailed`, or `LedgerUnavailable`. Private values travel in `transient` only.
    """

    @property
    def msp_id(self) -> str:
        """The organisation in whose name this connection acts."""
        ...

    @property
    def certificate(self) -> bytes:
        """This connection's certificate (PEM)."""
        ...

    @property
    def certificate_hash(self) -> str:
        """SHA-256 (hex) of this connection's certificate (DER): who acts, as contracts record it."""
        ...

    @property
    def channels(self) -> Sequence[str]:
        """The channels that this organisation has joined, sorted."""
        ...

    @property
    def clock(self) -> Clock:
        """What gives its proposals their time."""
        ...

    async def evaluate(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> bytes:
        """Ask one peer; writes nothing. `function` is `contract:function`."""
        ...

    async def submit(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Commit:
        """Endorse, order and wait until the transaction is committed. Never repeated behind the caller's back: an
        invalid transaction raises `CommitFailed`."""
        ...

    def propose(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Proposal:
        """An unsigned proposal, to be signed here with `sign` or elsewhere."""
        ...

    async def sign(self, digest: bytes) -> bytes:
        """Sign a stage's digest with this connection's own key."""
        ...

    async def sign_content(self, content: bytes) -> bytes:
        """Sign a stage's content with this connection's own key, of whichever kind it is."""
        ...

    async def evaluate_proposal(self, proposal: Proposal) -> bytes:
        """Ask with a signed proposal."""
        ...

    async def endorse(self, proposal: Proposal) -> PreparedTransaction:
        """Have a signed proposal endorsed."""
        ...

    async def order(self, transaction: PreparedTransaction) -> SubmittedTransaction:
        """Hand a signed transaction to ordering."""
        ...

    async def commit_status(self, transaction: SubmittedTransaction) -> CommitStatus:
        """Wait until the transaction is in a block."""
        ...

    def chaincode_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[ChaincodeEvent]:
        """Events of valid transactions from block `start`, or after a checkpoint, or from the next block on (as of
        when it is first awaited, or before); it goes on waiting for new ones until the iterator is closed."""
        ...

    def block_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[BlockEvent]:
        """Blocks from `start`, or after a checkpoint, or from the next one on, valid and invalid transactions alike."""
        ...

    async def channel_info(self, channel: str, *, organization: str = "") -> ChannelInfo:
        """A channel's height and the hash of its last block, as the own peer has them; with an MSP id as a peer of that
        organisation says. Raises `EndorsementFailed` where it has no peer on the channel."""
        ...

    async def close(self) -> None:
        """Let go of the ledger."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
