"""The fixed names: the chaincode, its channels and its private collections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eximledger_chaincode import CHAINCODE
from eximledger_chaincode.documents import BANK, CUSTOMS, FX, KINDS, Kind, document_type
from hlf_chaincode.errors import Refused
from hlf_chaincode.wording import with_article

__all__ = [
    "BANK",
    "CHAINCODE",
    "CUSTOMS",
    "FX",
    "MAIN_COLLECTION",
    "MATCHING",
    "papers_of",
    "placement_of",
    "require_channel",
    "shared_with",
]


def placement_of(kind: str, channel: str) -> Kind:
    """A kind's row, asked for on the channel where it lives.

    Raises `InvalidDocument` for an unknown kind, `Refused` on the wrong channel.
    """
    placement = KINDS[document_type(kind).KIND]
    if placement.channel != channel:
        raise Refused(
            f"{with_article(kind)} is kept on channel {placement.channel}, not on {channel}: call it there",
            kind=kind,
            channel=placement.channel,
        )
    return placement


def require_channel(contract: str, wanted: str, channel: str) -> None:
    """Raises `Refused` where a contract's function is called on another channel than its own."""
    if channel != wanted:
        raise Refused(f"{contract} lives on channel {wanted}, not on {channel}: call it there", channel=wanted)


MATCHING: Final = "matching"
"""SAFE's own collection on the bank channel: the secret under which papers are matched."""

MAIN_COLLECTION: Final[Mapping[str, str]] = {CUSTOMS: "declarations", FX: "receipts"}
"""By channel, the collection of who writes there and SAFE."""


def papers_of(msp_id: str) -> str:
    """The collection of a bank's papers and loans on the bank channel; its members are that bank and SAFE."""
    return f"papers-{msp_id}"


def shared_with(msp_id: str) -> str:
    """The collection of what a channel's writer lets a bank have: copies, and on the bank channel tokens."""
    return f"shared-{msp_id}"
