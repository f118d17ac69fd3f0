"""A ledger connection that waits."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from hlf_client import (
    Argument,
    BlockEvent,
    ChaincodeEvent,
    ChannelInfo,
    Checkpoint,
    Clock,
    Commit,
    CommitStatus,
    PreparedTransaction,
    Proposal,
    SubmittedTransaction,
    utc_now,
)
from hlf_client import Ledger as AsyncLedger
from hlf_client import connect as connect_async
from hlf_client.identity import Identity
from hlf_client.sync._loop import each, wait_for

if TYPE_CHECKING:
    from hlf_client.embedded import HostedConsortium

__all__ = ["Ledger", "connect"]


def connect(
    url: str | Path,
    identity: Identity | str | None = None,
    *,
    chaincode: str,
    consortium: HostedConsortium | None = None,
    clock: Clock = utc_now,
) -> Ledger:
    """`hlf_client.connect`, to be closed when done (`with connect(...) as ledger`)."""

    async def opened() -> AsyncLedger:
        return connect_async(url, identity, chaincode=chaincode, consortium=consortium, clock=clock)

    return Ledger(wait_for(opened()))


class Ledger:
    """One member's connection; `connection` is the asyncio one, which belongs to the background loop."""

    def __init__(self, connection: AsyncLedger) -> None:
        self.connection = connection

    @property
    def msp_id(self) -> str:
        """The organisation in whose name this connection acts."""
        return self.connection.msp_id

    @property
    def certificate_hash(self) -> str:
        """SHA-256 (hex) of this connection's certificate."""
        return self.connection.certificate_hash

    @property
    def channels(self) -> Sequence[str]:
        """The channels that this organisation has joined, sorted."""
        return self.connection.channels

    def evaluate(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> bytes:
        """Ask one peer; writes nothing."""
        return wait_for(
            self.connection.evaluate(
                channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
            )
        )

    def submit(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Commit:
        """Endorse, order and wait until the transaction is committed."""
        return wait_for(
            self.connection.submit(
                channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
            )
        )

    def propose(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Proposal:
        """An unsigned proposal, to be signed here with `sign` or elsewhere."""
        return self.connection.propose(
            channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
        )

    def sign(self, digest: bytes) -> bytes:
        """Sign a stage's digest with this connection's own key."""
        return wait_for(self.connection.sign(digest))

    def sign_content(self, content: bytes) -> bytes:
        """Sign a stage's content with this connection's own key, of whichever kind it is."""
        return wait_for(self.connection.sign_content(content))

    def evaluate_proposal(self, proposal: Proposal) -> bytes:
        """Ask with a signed proposal."""
        return wait_for(self.connection.evaluate_proposal(proposal))

    def endorse(self, proposal: Proposal) -> PreparedTransaction:
        """Have a signed proposal endorsed."""
        return wait_for(self.connection.endorse(proposal))

    def order(self, transaction: PreparedTransaction) -> SubmittedTransaction:
        """Hand a signed transaction to ordering."""
        return wait_for(self.connection.order(transaction))

    def commit_status(self, transaction: SubmittedTransaction) -> CommitStatus:
        """Wait until the transaction is in a block."""
        return wait_for(self.connection.commit_status(transaction))

    def chaincode_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> Generator[ChaincodeEvent, None, None]:
        """Events as they come; each `next` waits for one. Close the iterator (or let it go) when done."""
        return each(lambda: self.connection.chaincode_events(channel, start=start, after=after))

    def block_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> Generator[BlockEvent, None, None]:
        """Blocks as they come; each `next` waits for one. Close the iterator (or let it go) when done."""
        return each(lambda: self.connection.block_events(channel, start=start, after=after))

    def channel_info(self, channel: str) -> ChannelInfo:
        """A channel's height and the hash of its last block."""
        return wait_for(self.connection.channel_info(channel))

    def close(self) -> None:
        """Let go of the ledger."""
        wait_for(self.connection.close())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
