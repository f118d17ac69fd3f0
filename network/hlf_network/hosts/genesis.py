"""A channel's first block from public files, and whether a block that somebody hands over is that one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hlf_chaincode.protos.common.common_pb2 import Block
from hlf_client.errors import InvalidDocument
from hlf_client.wire.evidence import channel_authorities, first_block
from hlf_client.wire.evidence import read_block as read_evidence
from hlf_network._settings import channel_settings
from hlf_network.cards import Card
from hlf_network.channels.config import genesis_block
from hlf_network.consortium import ChannelFile
from hlf_network.hosts.composing import channel_consortium

__all__ = ["BlockRefused", "check_block", "fingerprint", "found", "read_block"]

MAX_BYTES = 32 << 20


class BlockRefused(InvalidDocument):
    """A first block that is not joined; `reason` is a word for programs: unreadable, fingerprint, member or content."""

    def __init__(self, source: str, reason: str, words: str) -> None:
        super().__init__(f"{source} is not joined: {words}.", file=source, reason=reason)


def found(file: ChannelFile, cards: Mapping[str, Card]) -> Block:
    """The first block of a channel. The same file and cards give the same bytes, whoever makes it."""
    consortium = channel_consortium(file, cards)
    return genesis_block(
        channel_settings(
            consortium,
            consortium.channels[0],
            {name: cards[name].member_config for name in file.named},
            {name: cards[name].consenters for name in file.named},
        )
    )


def fingerprint(block: Block) -> str:
    """The hash of a channel's first block, by which proofs name the network too. Raises InvalidDocument for another."""
    return first_block(read_evidence(block.SerializeToString(deterministic=True))).hash


def read_block(path: Path) -> Block:
    """A channel's first block from a file. Raises BlockRefused."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES)
        first_block(read_evidence(content))
    except OSError as error:
        raise BlockRefused(str(path), "unreadable", f"it cannot be read: {error.strerror}") from error
    except InvalidDocument as error:
        raise BlockRefused(str(path), "unreadable", f"it is no channel's first block: {error}") from error
    return Block.FromString(content)


def check_block(
    block: Block, expected: str, file: ChannelFile, cards: Mapping[str, Card], own: Card, *, source: str
) -> None:
    """Refuse a block that is not what its file and cards make, or not the one that was compared by fingerprint.

    A member that came in later is not in it: then its fingerprint alone decides, as the members told it.
    """
    has = fingerprint(block)
    if has != expected.lower().replace(":", "").strip():
        raise BlockRefused(source, "fingerprint", f"its fingerprint is {has}, not {expected}")
    evidence = read_evidence(block.SerializeToString(deterministic=True))
    name = first_block(evidence).channel
    if name != file.name:
        raise BlockRefused(source, "content", f"it founds channel {name}, and the file is that of {file.name}")
    known = {one.msp_id: one for group in channel_authorities(evidence) for one in group}
    if own.msp not in known:
        return
    if known[own.msp].roots != own.member_config.root_certificates:
        raise BlockRefused(source, "member", f"it gives {own.msp} authorities that are not ours")
    made = found(file, cards)
    if made.SerializeToString(deterministic=True) != block.SerializeToString(deterministic=True):
        raise BlockRefused(
            source,
            "content",
            "the channel's file and the members' cards make another one; compare both with `channel show`",
        )
