"""Blocks and contract events read back from the file, and the wait for the next ones.

Listeners of the committing process are woken at once; what another process commits is found within `_POLL` seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Final

from hlf_client.embedded.definition import ChannelConfig
from hlf_client.embedded.storage.channel import Channel
from hlf_client.embedded.storage.codes import ValidationCode
from hlf_client.embedded.storage.database import place_of, version_of
from hlf_client.embedded.storage.frame import FrameError
from hlf_client.embedded.storage.snapshots import Snapshot, Snapshots
from hlf_client.embedded.storage.transaction import Transaction, decode_config
from hlf_client.errors import LedgerUnavailable
from hlf_client.ledger import BlockEvent, BlockTransaction, ChaincodeEvent, Checkpoint

__all__ = [
    "Announcer",
    "block_events",
    "block_transaction",
    "blocks_from",
    "chaincode_events",
    "height_of",
    "ordinary",
    "transactions_of",
    "wait",
]

_POLL: Final = 0.25
_BLOCKS: Final = 32
"""Blocks read at a time."""

_HEIGHT: Final = "SELECT height FROM channel WHERE id = ?"
_READ: Final = "SELECT number, hash, previous_hash FROM block WHERE channel = ? AND number >= ? ORDER BY number LIMIT ?"
_TRANSACTIONS: Final = "SELECT id, code, content FROM tx WHERE place >= ? AND place < ? ORDER BY place"


class Announcer:
    """Wakes who waits for the next block, in whichever thread it waits."""

    def __init__(self) -> None:
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def announce(self) -> None:
        for loop, event in tuple(self._waiting):
            with contextlib.suppress(RuntimeError):  # its loop was closed
                loop.call_soon_threadsafe(event.set)

    @contextlib.contextmanager
    def listen(self) -> Iterator[asyncio.Event]:
        """An event that is set at every block from now on."""
        entry = (asyncio.get_running_loop(), asyncio.Event())
        self._waiting.add(entry)
        try:
            yield entry[1]
        finally:
            self._waiting.discard(entry)


def height_of(snapshots: Snapshots, channel: Channel) -> int:
    """Number of blocks of a channel."""
    with snapshots.ahead() as snapshot:  # where a listener begins; what it hears is read by itself
        height: int = snapshot.rows(_HEIGHT, (channel.id,))[0][0]
    return height


async def block_events(
    snapshots: Snapshots, announcer: Announcer, channel: Channel, first: int
) -> AsyncIterator[BlockEvent]:
    """Blocks from number `first` on, without end."""
    with announcer.listen() as news:
        while True:
            news.clear()
            async with snapshots.open() as snapshot:
                blocks = [
                    (number, block_hash, previous, transactions_of(snapshot, channel, number))
                    for number, block_hash, previous in blocks_from(snapshot, channel, first, _BLOCKS)
                ]
            for number, block_hash, previous, rows in blocks:
                transactions = tuple(block_transaction(channel, *row) for row in rows)
                yield BlockEvent(channel.name, number, block_hash.hex(), previous.hex(), transactions)
                first = number + 1
            if not blocks:
                await wait(news)


async def chaincode_events(
    snapshots: Snapshots, announcer: Announcer, channel: Channel, chaincode: str, first: int, after: Checkpoint | None
) -> AsyncIterator[ChaincodeEvent]:
    """Events of one chaincode's valid transactions from block `first` on, without those up to `after`."""
    with announcer.listen() as news:
        while True:
            news.clear()
            async with snapshots.open() as snapshot:
                numbers = [row[0] for row in blocks_from(snapshot, channel, first, _BLOCKS)]
                blocks = [(number, transactions_of(snapshot, channel, number)) for number in numbers]
            for number, rows in blocks:
                valid = [ordinary(channel, content) for _, code, content in rows if code == ValidationCode.VALID]
                for transaction in _unread([each for each in valid if each], number, after):
                    event = transaction.result.event
                    if event and transaction.call.chaincode == chaincode:
                        name = transaction.call.transaction_id
                        yield ChaincodeEvent(channel.name, number, name, chaincode, *event)
                first = number + 1
            if not blocks:
                await wait(news)


async def wait(news: asyncio.Event) -> None:
    """Until the next block of this process, or for as long as another process's may go unseen."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(news.wait(), _POLL)


def _unread(transactions: list[Transaction], number: int, after: Checkpoint | None) -> list[Transaction]:
    """Those after the checkpoint's transaction in its block; none of that block when it is not among them."""
    if after is None or after.transaction_id is None or number != after.block_number:
        return transactions
    names = [each.call.transaction_id for each in transactions]
    return transactions[names.index(after.transaction_id) + 1 :] if after.transaction_id in names else []


def blocks_from(snapshot: Snapshot, channel: Channel, first: int, most: int) -> list[tuple[int, bytes, bytes]]:
    """Number, hash and the hash before of at most so many blocks."""
    return snapshot.rows(_READ, (channel.id, first, most))


def transactions_of(snapshot: Snapshot, channel: Channel, number: int) -> list[tuple[bytes, int, bytes]]:
    """Id, code and content of a block's transactions."""
    start, end = version_of(number, 0), version_of(number + 1, 0)
    return snapshot.rows(_TRANSACTIONS, (place_of(channel.id, start), place_of(channel.id, end)))


def ordinary(channel: Channel, content: bytes) -> Transaction | None:
    """The decoded transaction; None for a configuration."""
    try:
        return None if decode_config(content) is not None else Transaction.decode(content)
    except FrameError as error:
        raise _damaged(channel) from error


def block_transaction(channel: Channel, name: bytes, code: int, content: bytes) -> BlockTransaction:
    """A transaction as listeners are told of it."""
    fate = ValidationCode(code).name
    transaction = ordinary(channel, content)
    if transaction is None:
        try:
            config = ChannelConfig.model_validate_json(decode_config(content) or b"")
        except ValueError as error:
            raise _damaged(channel) from error
        return BlockTransaction(name.hex(), fate, config.orderer_msp_id, config.created)
    return BlockTransaction(name.hex(), fate, transaction.call.creator_msp, transaction.call.timestamp)


def _damaged(channel: Channel) -> LedgerUnavailable:
    return LedgerUnavailable(f"a block of channel {channel.name} is damaged: verify the ledger")
