"""A connection to a ledger that may still be opening: what `connect` returns, so that no event loop waits for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar, cast

from hlf_client._clock import Clock
from hlf_client.embedded._sharing import Opened
from hlf_client.errors import LedgerUnavailable
from hlf_client.identity import Identity
from hlf_client.ledger import (
    Argument,
    BlockEvent,
    ChaincodeEvent,
    ChannelInfo,
    Checkpoint,
    Commit,
    CommitStatus,
    PreparedTransaction,
    Proposal,
    SubmittedTransaction,
)

if TYPE_CHECKING:
    from hlf_client.embedded._ledger import EmbeddedLedger
    from hlf_client.embedded._network import EmbeddedNetwork
    from hlf_client.wire.blocks import PrivateDataEvent
    from hlf_client.wire.written import Caller

__all__ = ["Connection"]

EventT = TypeVar("EventT")


class Connection:
    """A `Ledger`: an `EmbeddedLedger` as soon as its file is open, and founded where it is new.

    Whatever is awaited, `async with` too, waits for that without holding the event loop, and raises what went wrong
    there. The properties and `propose` wait in the calling thread when they are used before.
    """

    def __init__(self, opened: Opened, who: Callable[[EmbeddedNetwork], Identity], *, chaincode: str) -> None:
        self._opened = opened
        self._who = who
        self._chaincode = chaincode
        self._ledger: EmbeddedLedger | None = None
        self._open = True

    async def _ready(self) -> EmbeddedLedger:
        if self._ledger is not None:
            return self._ledger
        self._check_open()
        await self._opened.network()
        return self._now

    @property
    def _now(self) -> EmbeddedLedger:
        """The ledger, waited for by this thread."""
        if self._ledger is None:
            self._check_open()
            network = self._opened.wait()
            from hlf_client.embedded._ledger import EmbeddedLedger

            self._ledger = EmbeddedLedger(network, self._who(network), chaincode=self._chaincode)
        return self._ledger

    def _check_open(self) -> None:
        if not self._open:
            raise LedgerUnavailable("this connection was closed: connect again")

    @property
    def network(self) -> EmbeddedNetwork:
        """What this connection shares with others of the process."""
        return self._now.network

    @property
    def msp_id(self) -> str:
        return self._now.msp_id

    @property
    def certificate(self) -> bytes:
        return self._now.certificate

    @property
    def certificate_hash(self) -> str:
        return self._now.certificate_hash

    @property
    def channels(self) -> Sequence[str]:
        return self._now.channels

    @property
    def clock(self) -> Clock:
        return self._now.clock

    async def evaluate(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> bytes:
        ledger = await self._ready()
        return await ledger.evaluate(
            channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
        )

    async def submit(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Commit:
        ledger = await self._ready()
        return await ledger.submit(
            channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
        )

    def propose(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Proposal:
        return self._now.propose(
            channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
        )

    async def sign(self, digest: bytes) -> bytes:
        return await (await self._ready()).sign(digest)

    async def sign_content(self, content: bytes) -> bytes:
        return await (await self._ready()).sign_content(content)

    async def evaluate_proposal(self, proposal: Proposal) -> bytes:
        return await (await self._ready()).evaluate_proposal(proposal)

    async def endorse(self, proposal: Proposal) -> PreparedTransaction:
        return await (await self._ready()).endorse(proposal)

    async def order(self, transaction: PreparedTransaction) -> SubmittedTransaction:
        return await (await self._ready()).order(transaction)

    async def commit_status(self, transaction: SubmittedTransaction) -> CommitStatus:
        return await (await self._ready()).commit_status(transaction)

    def chaincode_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[ChaincodeEvent]:
        return self._listen(lambda ledger: ledger.chaincode_events(channel, start=start, after=after))

    def block_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[BlockEvent]:
        return self._listen(lambda ledger: ledger.block_events(channel, start=start, after=after))

    def private_data_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[PrivateDataEvent]:
        """As `EmbeddedLedger.private_data_events`."""
        return self._listen(lambda ledger: ledger.private_data_events(channel, start=start, after=after))

    def _listen(self, events: Callable[[EmbeddedLedger], AsyncIterator[EventT]]) -> AsyncIterator[EventT]:
        return self._listen_later(events) if self._ledger is None else events(self._ledger)

    async def _listen_later(
        self, events: Callable[[EmbeddedLedger], AsyncIterator[EventT]]
    ) -> AsyncGenerator[EventT, None]:
        found = cast("AsyncGenerator[EventT, None]", events(await self._ready()))
        async with aclosing(found):
            async for event in found:
                yield event

    async def channel_info(self, channel: str, *, organization: str = "") -> ChannelInfo:
        return await (await self._ready()).channel_info(channel, organization=organization)

    async def caller_of(self, channel: str, transaction_id: str) -> Caller:
        """As `EmbeddedLedger.caller_of`."""
        return await (await self._ready()).caller_of(channel, transaction_id)

    async def close(self) -> None:
        """What is being founded is founded first."""
        if self._open:
            self._open = False
            if self._ledger is not None:
                await self._ledger.close()
            await self._opened.release()

    async def __aenter__(self) -> Self:
        try:
            await self._ready()
        except BaseException:
            if self._open:  # nobody waits here for a founding that goes on
                self._open = False
                self._opened.forsake()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
