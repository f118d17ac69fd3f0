"""Blocks as peers deliver them, one after the other without end; and the events in them.

A peer that goes, or a worker that dies, costs nothing but time: the delivery is opened again, at the next peer of the
own organisation, behind the last block that was handed on.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from typing import Final, TypeAlias

from hlf_chaincode.protos.common.common_pb2 import (
    Block,
    BlockMetadataIndex,
    ChannelHeader,
    Envelope,
    HeaderType,
    Payload,
)
from hlf_chaincode.protos.peer.chaincode_event_pb2 import ChaincodeEvent as EventMessage
from hlf_chaincode.protos.peer.events_pb2 import FilteredBlock
from hlf_chaincode.protos.peer.proposal_pb2 import ChaincodeAction
from hlf_chaincode.protos.peer.proposal_response_pb2 import ProposalResponsePayload
from hlf_chaincode.protos.peer.transaction_pb2 import ChaincodeActionPayload, Transaction, TxValidationCode
from hlf_client.errors import FabricError, LedgerUnavailable, NotAuthorized, NotFound
from hlf_client.hfc._errors import of_request
from hlf_client.hfc._pipe import RequestFailed
from hlf_client.hfc._wire import Node, Signed, Wire
from hlf_client.ledger import ChaincodeEvent, Checkpoint
from hlf_client.wire.messages import blocks_request

__all__ = ["Listening", "events_after"]

_log = logging.getLogger("hlf_client.hfc")

_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 5.0
_FORBIDDEN, _NOT_FOUND = 403, 404

Sign: TypeAlias = Callable[[bytes], Awaitable[bytes]]
"""Signs a message."""


class Listening:
    """Opens deliveries in the name of one identity."""

    def __init__(self, wire: Wire, creator: bytes, sign: Sign) -> None:
        self._wire = wire
        self._creator = creator
        self._sign = sign

    async def blocks(self, peers: Sequence[Node], channel: str, first: int) -> AsyncGenerator[Block, None]:
        """Whole blocks from number `first` on."""
        async with aclosing(self._resumed(peers, channel, first, filtered=False)) as delivered:
            async for content in delivered:
                yield Block.FromString(content)

    async def filtered(self, peers: Sequence[Node], channel: str, first: int) -> AsyncGenerator[FilteredBlock, None]:
        """Blocks as ids and validation codes from number `first` on."""
        async with aclosing(self._resumed(peers, channel, first, filtered=True)) as delivered:
            async for content in delivered:
                yield FilteredBlock.FromString(content)

    async def _resumed(
        self, peers: Sequence[Node], channel: str, at: int, *, filtered: bool
    ) -> AsyncGenerator[bytes, None]:
        if not peers:
            raise NotFound(f"the profile names no peer of one's own on {channel}", channel=channel)
        turn, pause = 0, _PAUSE
        while True:
            peer = peers[turn % len(peers)]
            try:
                async with aclosing(self._once(peer, channel, at, filtered=filtered)) as delivered:
                    async for content in delivered:
                        yield content
                        pause, at = _PAUSE, at + 1
            except LedgerUnavailable as error:
                _log.warning("blocks of %s: %s, going on at block %d", channel, error, at)
            turn += 1
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - spreads clients, keeps no secret
            pause = min(_LONGEST_PAUSE, pause * 2)

    async def _once(self, peer: Node, channel: str, at: int, *, filtered: bool) -> AsyncGenerator[bytes, None]:
        """One delivery, until it ends with a typed error."""
        payload = blocks_request(self._creator, channel, at, peer.endpoint.tls_hash)
        signed = Signed(payload, await self._sign(payload))
        try:
            async with aclosing(self._wire.deliver(peer, signed, filtered=filtered)) as delivered:
                async for content in delivered:
                    if isinstance(content, int):
                        raise _ended(peer, channel, content)
                    yield content
        except RequestFailed as error:
            raise of_request(error, f"blocks of {channel}", peer) from error


def _ended(peer: Node, channel: str, status: int) -> FabricError:
    """A peer ended the delivery with a status of its own (common.Status)."""
    said = f"blocks of {channel}: {peer} ended the delivery with status {status}"
    if status == _FORBIDDEN:
        return NotAuthorized(said, channel=channel)
    return NotFound(said, channel=channel) if status == _NOT_FOUND else LedgerUnavailable(said)


def events_after(block: Block, channel: str, chaincode: str, seen: Checkpoint | None) -> Iterator[ChaincodeEvent]:
    """The chaincode's events of valid transactions in a block; in `seen`'s own block those behind its transaction."""
    number = int(block.header.number)
    events = list(_events(block, channel, chaincode))
    if seen is None or seen.transaction_id is None or seen.block_number != number:
        yield from events
        return
    order = [transaction_id for transaction_id, _ in _transactions(block)]
    passed = set(order[: order.index(seen.transaction_id) + 1] if seen.transaction_id in order else order)
    yield from (event for event in events if event.transaction_id not in passed)


def _events(block: Block, channel: str, chaincode: str) -> Iterator[ChaincodeEvent]:
    codes = block.metadata.metadata[BlockMetadataIndex.TRANSACTIONS_FILTER]
    for place, (transaction_id, data) in enumerate(_transactions(block)):
        if not data or codes[place] != TxValidationCode.VALID:
            continue
        for action in Transaction.FromString(data).actions:
            endorsed = ChaincodeActionPayload.FromString(action.payload).action.proposal_response_payload
            result = ChaincodeAction.FromString(ProposalResponsePayload.FromString(endorsed).extension)
            event = EventMessage.FromString(result.events)
            if event.event_name and event.chaincode_id == chaincode:
                yield ChaincodeEvent(
                    channel=channel,
                    block_number=int(block.header.number),
                    transaction_id=transaction_id,
                    chaincode=event.chaincode_id,
                    name=event.event_name,
                    payload=bytes(event.payload),
                )


def _transactions(block: Block) -> Iterator[tuple[str, bytes]]:
    """Each transaction's id, and its content where a chaincode was called."""
    for envelope in block.data.data:
        payload = Payload.FromString(Envelope.FromString(envelope).payload)
        header = ChannelHeader.FromString(payload.header.channel_header)
        yield header.tx_id, payload.data if header.type == HeaderType.ENDORSER_TRANSACTION else b""
