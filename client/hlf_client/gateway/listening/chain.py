"""Whether the chain of blocks that a peer shows holds together."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace

from hlf_chaincode.protos.common.common_pb2 import Block
from hlf_client.ledger import ChannelInfo
from hlf_client.wire.blocks import header_hash

__all__ = ["ChainCheck", "ChainProblem", "check_chain"]


@dataclass(frozen=True, slots=True)
class ChainProblem:
    """Where a chain does not hold together."""

    block: int
    what: str


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """How far the chain that a peer shows holds together: each block names the one before it by its hash, and its own
    transactions by theirs. Compare `last_hash` at a height with what other members' peers say."""

    channel: str
    height: int
    transactions: int
    last_hash: str
    problem: ChainProblem | None = None

    def followed_by(self, block: Block) -> ChainCheck:
        """With one block more, or the problem that it has."""
        header, last = block.header, bytes.fromhex(self.last_hash)
        what = ""
        if header.number != self.height:
            what = f"comes in the place of block {self.height}"
        elif bytes(header.previous_hash) != last:
            what = "does not name the block before it by its hash"
        elif hashlib.sha256(b"".join(block.data.data)).digest() != header.data_hash:
            what = "does not hold the transactions whose hash it names"
        if what:
            return self.broken_at(int(header.number), what)
        return ChainCheck(self.channel, self.height + 1, self.transactions + len(block.data.data), header_hash(header))

    def broken_at(self, block: int, what: str) -> ChainCheck:
        """The same with a problem."""
        return replace(self, problem=ChainProblem(block, what))


async def check_chain(
    info: ChannelInfo, blocks: AsyncIterator[Block], progress: Callable[[int], None] | None
) -> ChainCheck:
    """Follow blocks from the first to the last that `info` speaks of."""
    check = ChainCheck(info.name, 0, 0, "")
    while check.problem is None and check.height < info.height:
        check = check.followed_by(await anext(blocks))
        if progress is not None:
            progress(check.height)
    if check.problem is None and check.last_hash != info.last_hash:
        return check.broken_at(info.height - 1, "is not the block that the peer's index names as the last one")
    return check
