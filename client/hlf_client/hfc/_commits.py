"""The fate of transactions: heard in the blocks that a peer delivers, looked up where it was there before.

One listener for each channel serves all who wait. It is begun before a transaction goes to the orderer, so nothing that
is ordered here is missed.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress
from typing import Final, TypeAlias

from hlf_chaincode.protos.peer.events_pb2 import FilteredBlock
from hlf_chaincode.protos.peer.transaction_pb2 import TxValidationCode
from hlf_client.errors import FabricError, LedgerUnavailable
from hlf_client.ledger import CommitStatus

__all__ = ["Commits"]

_MAX_EXPECTED: Final = 10_000
"""Transactions whose fate nobody has asked for yet; older ones are looked up."""
_DUPLICATE: Final = "DUPLICATE_TXID"

Deliver: TypeAlias = Callable[[int], AsyncGenerator[FilteredBlock, None]]
"""Filtered blocks from a number on."""
LookUp: TypeAlias = Callable[[str], Awaitable[CommitStatus | None]]
"""What a peer has stored of a transaction, if anything."""


class Commits:
    """The commits of one channel."""

    def __init__(self, height: Callable[[], Awaitable[int]], deliver: Deliver, look_up: LookUp) -> None:
        self._height = height
        self._deliver = deliver
        self._look_up = look_up
        self._beginning = asyncio.Lock()
        self._listener: asyncio.Task[None] | None = None
        self._expected: OrderedDict[str, asyncio.Future[CommitStatus]] = OrderedDict()

    async def expect(self, transaction_id: str) -> None:
        """Hear of a transaction from now on: to be called before it is ordered."""
        await self._listen()
        self._future(transaction_id)

    async def status(self, transaction_id: str, seconds: float) -> CommitStatus:
        """Wait for a transaction's fate. Raises `LedgerUnavailable` when no block holds it in time."""
        found: CommitStatus | None = None
        if transaction_id not in self._expected:
            await self.expect(transaction_id)
            with suppress(LedgerUnavailable):  # who cannot be asked now may yet be heard
                found = await self._look_up(transaction_id)
        heard = self._expected[transaction_id]
        if found is None:
            found = await self._heard(heard, transaction_id, seconds)
        if self._expected.get(transaction_id) is heard:
            del self._expected[transaction_id]
        return found

    async def _heard(self, heard: asyncio.Future[CommitStatus], transaction_id: str, seconds: float) -> CommitStatus:
        try:
            async with asyncio.timeout(seconds):
                status = await asyncio.shield(heard)
        except TimeoutError:
            stored = await self._look_up(transaction_id)
            if stored is None:
                raise LedgerUnavailable(
                    f"transaction {transaction_id} is in no block yet: ask its commit status later",
                    transaction_id=transaction_id,
                ) from None
            return stored
        if status.code == _DUPLICATE:  # it was committed before, and that is its fate
            return await self._look_up(transaction_id) or status
        return status

    def _future(self, transaction_id: str) -> asyncio.Future[CommitStatus]:
        future = self._expected.get(transaction_id)
        if future is None or future.done():
            future = self._expected[transaction_id] = asyncio.get_running_loop().create_future()
            future.add_done_callback(_retrieve)
            while len(self._expected) > _MAX_EXPECTED:
                self._expected.popitem(last=False)
        return future

    async def _listen(self) -> None:
        async with self._beginning:
            if self._listener is None or self._listener.done():
                first = await self._height()
                self._listener = asyncio.create_task(self._hear(first))

    async def _hear(self, first: int) -> None:
        try:
            async with aclosing(self._deliver(first)) as blocks:
                async for block in blocks:
                    self._settle(block)
        except FabricError as error:
            for future in self._expected.values():
                if not future.done():
                    future.set_exception(error)

    def _settle(self, block: FilteredBlock) -> None:
        for each in block.filtered_transactions:
            future = self._expected.get(each.txid)
            if future is not None and not future.done():
                code = TxValidationCode.Name(each.tx_validation_code)
                future.set_result(CommitStatus(each.txid, int(block.number), code))

    async def close(self) -> None:
        """Stop listening; who still waits is told so."""
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
        for future in self._expected.values():
            if not future.done():
                future.set_exception(LedgerUnavailable("this connection was closed"))


def _retrieve(future: asyncio.Future[CommitStatus]) -> None:
    """A fate that nobody asks for is no unhandled error."""
    if not future.cancelled():
        future.exception()
