"""What a peer knows of its own chain: heights, single blocks, and where listening begins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

from hlf_chaincode.protos.common.common_pb2 import Block
from hlf_chaincode.protos.common.ledger_pb2 import BlockchainInfo
from hlf_client.errors import EndorsementFailed, NotFound
from hlf_client.ledger import ChannelInfo, Checkpoint

__all__ = ["QUERIES", "Ask", "SystemQueries"]

QUERIES: Final = "qscc"
"""The system chaincode that answers for the chain."""

Ask: TypeAlias = Callable[..., Awaitable[bytes]]
"""Evaluates a function of `QUERIES` on a channel."""


class SystemQueries:
    """Asks the gateway peer for what it has of a channel."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def chain_info(self, channel: str, organization: str = "") -> ChannelInfo:
        """The channel's height and last hash; as a peer of another organisation says, where one is named."""
        of = (organization,) if organization else ()
        found = BlockchainInfo.FromString(await self._ask(channel, "GetChainInfo", of=of))
        return ChannelInfo(channel, int(found.height), bytes(found.currentBlockHash).hex())

    async def stored_block(self, channel: str, of: int | str) -> bytes:
        """A block (`common.Block`) by its number or a transaction's id. Raises `NotFound`."""
        function = "GetBlockByNumber" if isinstance(of, int) else "GetBlockByTxID"
        try:
            return await self._ask(channel, function, str(of))
        except EndorsementFailed as error:
            what = f"block {of}" if isinstance(of, int) else f"transaction {of}"
            raise NotFound(f"the peer has no {what} on {channel} ({error})", channel=channel) from error

    async def first_block(self, channel: str, start: int | None, after: Checkpoint | None) -> int:
        """Where blocks begin."""
        if after is not None:
            return after.next_block
        return (await self.chain_info(channel)).height if start is None else start

    async def begin(self, channel: str, start: int | None, after: Checkpoint | None) -> Checkpoint:
        """Where events begin. A gateway that is given a transaction which its block does not hold sends nothing for
        ever; such a checkpoint stands for its whole block."""
        if after is None or after.transaction_id is None:
            return Checkpoint(await self.first_block(channel, start, after))
        try:
            block = Block.FromString(await self.stored_block(channel, after.transaction_id))
        except NotFound:
            return Checkpoint(after.next_block)
        return after if block.header.number == after.block_number else Checkpoint(after.next_block)
