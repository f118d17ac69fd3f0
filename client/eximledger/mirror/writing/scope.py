"""Which of a member's private collections are mirrored, and whose papers stand in each."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from eximledger_chaincode.contracts.state.names import BANK, MAIN_COLLECTION, papers_of, shared_with
from eximledger_chaincode.lending.roles import Role

__all__ = ["PUBLIC", "Scope", "origin_of"]

PUBLIC: Final = ""
"""In place of a collection's name: the open state."""
_PAPERS: Final = papers_of("")


def origin_of(channel: str, collection: str, key_hash: bytes) -> str:
    """Where a row comes from, by the hash of the ledger's key."""
    return hashlib.sha256(b"\x00".join((channel.encode(), collection.encode(), key_hash))).hexdigest()


@dataclass(frozen=True, slots=True)
class Scope:
    """A member by its role. SAFE and customs have what was written, a bank its copies; SAFE leaves these out."""

    msp_id: str
    role: Role

    def bank_of(self, channel: str, collection: str) -> str | None:
        """The bank whose papers a collection holds, empty for what is no bank's own; None for what is not mirrored."""
        if channel == BANK:
            bank = collection.removeprefix(_PAPERS)
            is_read = collection.startswith(_PAPERS) and (self.role is Role.FX_BUREAU or bank == self.msp_id)
            return bank if is_read else None
        read = shared_with(self.msp_id) if self.role is Role.BANK else MAIN_COLLECTION.get(channel)
        return "" if collection == read else None
