"""Channels as a file says them: who is a member, who orders, which rules hold, what they ask of a chaincode."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from hlf_network.consortium._members import Name, Part, Role

__all__ = [
    "Batch",
    "Capabilities",
    "ChaincodeName",
    "Channel",
    "ChannelChaincode",
    "ChannelName",
    "Collection",
    "Consensus",
    "FurtherChaincode",
    "Policies",
    "size_in_bytes",
]

ChannelName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9.-]{0,248}$")]
Duration = Annotated[str, Field(pattern=r"^\d+(ms|s|m)$")]
ChaincodeName = Annotated[str, Field(pattern=r"^[a-zA-Z0-9]+([-_][a-zA-Z0-9]+)*$")]
Size = Annotated[str, Field(pattern=r"^\d+ ?(KiB|MiB)$")]

_UNITS = {"KiB": 1 << 10, "MiB": 1 << 20}


class Consensus(StrEnum):
    """How orderers agree: `raft` stands the loss of less than half, `bft` lies of less than a third."""

    RAFT = "raft"
    BFT = "bft"


class Batch(Part):
    """When a block is cut: after so long, so many transactions or so many bytes."""

    timeout: Duration = "150ms"
    messages: Annotated[int, Field(ge=1, le=100_000)] = 500
    preferred_bytes: Size = "2 MiB"
    absolute_bytes: Size = "10 MiB"


class Policies(Part):
    """A channel's policies: `ANY|ALL|MAJORITY Name` over the members' own, or a signature policy.

    A majority grows with the members. Where there are many, `admins` and `lifecycle_endorsement` name a few:
    `OutOf(2, fx-bureau.admin, customs.admin, 'EximbankMSP.admin')`.
    """

    readers: str = "ANY Readers"
    writers: str = "ANY Writers"
    admins: str = "MAJORITY Admins"
    endorsement: str = "MAJORITY Endorsement"
    lifecycle_endorsement: str = "MAJORITY Endorsement"


class Collection(Part):
    """A private data collection; with `per: ROLE` one for each channel member of that role, {msp} in its texts."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+(\{msp\})?$")]
    per: Role | None = None
    members: str
    endorsement: str | None = None
    required_peers: Annotated[int, Field(ge=0)] = 0
    maximum_peers: Annotated[int, Field(ge=0)] = 3
    block_to_live: Annotated[int, Field(ge=0)] = 0
    member_only_read: bool = True
    member_only_write: bool = True


class ChannelChaincode(Part):
    """What this channel demands of the chaincode: who must endorse, and which data stay private.

    `endorsement` is a policy, or `/Channel/Application/Endorsement` for the channel's own.
    """

    endorsement: str
    collections: tuple[Collection, ...] = ()


class FurtherChaincode(ChannelChaincode):
    """What a channel demands of a chaincode beside the first, named as in the consortium's `chaincodes`."""

    name: ChaincodeName


class Capabilities(Part):
    """Fabric's feature levels; left out, they follow `fabric`."""

    channel: Literal["V2_0", "V3_0"] | None = None
    orderer: Literal["V2_0"] = "V2_0"
    application: Literal["V2_0", "V2_5"] = "V2_5"


class Channel(Part):
    """A ledger shared by some of the organisations."""

    name: ChannelName
    members: tuple[Name, ...]
    orderers: tuple[Name, ...] = ()
    """Whose orderers order it; left out, everybody's."""
    consensus: Consensus | None = Field(default=None, strict=False)
    batch: Batch = Batch()
    policies: Policies = Policies()
    capabilities: Capabilities = Capabilities()
    chaincode: ChannelChaincode | None = None
    chaincodes: tuple[FurtherChaincode, ...] = ()


def size_in_bytes(size: str) -> int:
    """`2 MiB` in bytes."""
    number, unit = re.fullmatch(r"(\d+) ?(\w+)", size).groups()  # type: ignore[union-attr]  # checked by `Size`
    return int(number) * _UNITS[unit]
