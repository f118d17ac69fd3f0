"""What a place must offer so that all can be gathered there: the ledger file, or a network of real peers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from hlf_client import Ledger

__all__ = ["HASHES", "Part", "Venue"]

HASHES = "hashes of private keys and values"
"""Where hashed read and write sets are found: SHA-256 after SHA-256, 32 bytes each."""


class Part(NamedTuple):
    """Bytes, and where in a block (or beside it) they were."""

    where: str
    data: bytes


class Venue(Protocol):
    """A running consortium of two banks, a guest bank, SAFE and customs, and what each member's own nodes know."""

    @property
    def channels(self) -> Mapping[str, Sequence[str]]:
        """The members of each channel, by the names that people address them by."""
        ...

    def people(self, member: str) -> Sequence[str]:
        """A member's first user, its checker where it has one, and its administrator, as `member/user`."""
        ...

    def connect(self, person: str) -> Ledger: ...

    def collections(self, channel: str) -> Sequence[str]:
        """The names of all private collections of a channel."""
        ...

    async def blocks(self, member: str, channel: str) -> Sequence[Part]:
        """Every block as a member's peer has it: its bytes, and each part of what is nested in it."""
        ...

    async def own(self, member: str, channel: str) -> Sequence[Part]:
        """What the member's own peer stores: public state, and the private data of the member's collections."""
        ...

    def logs(self, member: str) -> Iterable[Part]:
        """What the member's nodes and chaincode servers have logged."""
        ...

    async def settle(self) -> None:
        """Until every member's peer has every block."""
        ...

    async def bend(self, member: str) -> None:
        """Have the member's peer run chaincode of its own making from now on, with `Eavesdropper` in it."""
        ...
