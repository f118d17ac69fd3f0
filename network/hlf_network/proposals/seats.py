"""What proposals need of whoever runs them: three seams, so that a whole network and one member's host serve alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from hlf_chaincode.protos.common.common_pb2 import Block, Envelope
from hlf_chaincode.protos.common.configtx_pb2 import Config
from hlf_network.channels.config import Address, MemberConfig, OrdererNode
from hlf_network.proposals.definitions import DefinitionNote

__all__ = ["ChannelReader", "Directory", "Ordering"]


class ChannelReader(Protocol):
    """A channel as the reader's own peer or orderer has it: never as a proposer says."""

    def genesis(self, channel: str) -> Block: ...

    def config(self, channel: str) -> Config: ...

    def definitions(self, channel: str) -> Sequence[DefinitionNote] | None:
        """The chaincodes; None when no peer is there to say."""
        ...


class Ordering(Protocol):
    """Orderers to send to."""

    def order(self, envelope: Envelope, is_committed: Callable[[float], bool], *, what: str) -> None:
        """Have an envelope ordered, and see it committed. Raises NetworkError with the orderer's words."""
        ...


class Directory(Protocol):
    """What is public of organisations, by name: from a network's folder, or from the cards that members sent."""

    def member(self, name: str) -> MemberConfig: ...

    def orderer(self, name: str) -> OrdererNode:
        """`orderer0.eximbank`. Raises InvalidDocument for a name that nobody has."""
        ...

    def orderers(self) -> Sequence[OrdererNode]: ...

    def down(self, channel: str) -> Collection[Address]:
        """Orderers that are known not to answer for a channel."""
        ...
