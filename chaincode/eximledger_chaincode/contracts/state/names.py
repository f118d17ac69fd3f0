"""The fixed names: the chaincode, its channels, its private collections, and which kind of document lives where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from eximledger_chaincode import CHAINCODE
from eximledger_chaincode.documents import document_type
from eximledger_chaincode.lending.roles import Role
from hlf_chaincode.errors import Refused

__all__ = [
    "BANK",
    "CHAINCODE",
    "CUSTOMS",
    "FX",
    "PLACEMENTS",
    "Placement",
    "collection_of",
    "placement_of",
    "require_channel",
]

CUSTOMS: Final = "customs"
FX: Final = "fx"
BANK: Final = "bank"


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a kind lives and who writes it; `private` papers are in the writing bank's own collection."""

    channel: str
    writer: Role
    private: bool = False


PLACEMENTS: Final[Mapping[str, Placement]] = {
    "declaration": Placement(CUSTOMS, Role.CUSTOMS),
    "classification": Placement(FX, Role.FX_BUREAU),
    "rate": Placement(FX, Role.FX_BUREAU),
    "receipt": Placement(FX, Role.FX_BUREAU),
    "contract": Placement(BANK, Role.BANK, private=True),
    "invoice": Placement(BANK, Role.BANK, private=True),
    "transport": Placement(BANK, Role.BANK, private=True),
    "packing-list": Placement(BANK, Role.BANK, private=True),
    "policy": Placement(BANK, Role.BANK),
    "application": Placement(BANK, Role.BANK),
}


def placement_of(kind: str, channel: str) -> Placement:
    """The placement of a kind. Raises `InvalidDocument` for an unknown kind, `Refused` on the wrong channel."""
    placement = PLACEMENTS[document_type(kind).KIND]
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
