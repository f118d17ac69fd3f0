"""The fixed names: the chaincode, its channels and its private collections."""

from __future__ import annotations

from typing import Final

from eximledger_chaincode import CHAINCODE
from eximledger_chaincode.documents import BANK, CUSTOMS, FX, KINDS, Kind, document_type
from hlf_chaincode.errors import Refused

__all__ = [
    "BANK",
    "CHAINCODE",
    "CUSTOMS",
    "FX",
    "MATCHING",
    "collection_of",
    "papers_of",
    "placement_of",
    "require_channel",
    "shared_with",
]


MATCHING: Final = "matching"
"""The collection of the matching secret; its one member is the fx-bureau."""


def placement_of(kind: str, channel: str) -> Kind:
    """A kind's row, asked for on the channel where it lives.

    Raises `InvalidDocument` for an unknown kind, `Refused` on the wrong channel.
    """
    placement = KINDS[document_type(kind).KIND]
    if placement.channel != channel:
        raise Refused(
            f"a {kind} is kept on channel {placement.channel}, not on {channel}: call it there",
            kind=kind,
            channel=placement.channel,
        )
    return placement


def require_channel(contract: str, wanted: str, channel: str) -> None:
    """Raises `Refused` where a contract's function is called on another channel than its own."""
    if channel != wanted:
        raise Refused(f"{contract} lives on channel {wanted}, not on {channel}: call it there", channel=wanted)


def collection_of(msp_id: str) -> str:
    """The private data collection of a bank's papers; its members are that bank and every fx-bureau."""
    return f"papers-{msp_id}"


def papers_of(msp_id: str) -> str:
    """The collection of all that is a bank's own: it and the fx-bureau, endorsed by both."""
    return f"papers-{msp_id}"


def shared_with(msp_id: str) -> str:
    """The collection of what a channel's writer alone puts there for a bank."""
    return f"shared-{msp_id}"
