"""Chaincode that a curious member could run on its own peer: it asks for everything and checks nothing."""

from __future__ import annotations

from typing import ClassVar

from eximledger_chaincode.contracts import exim
from hlf_chaincode.contract import Chaincode, Context, Contract, query

__all__ = ["Eavesdropper", "eavesdropping"]


class Eavesdropper(Contract):
    """What the stub gives to whoever writes the chaincode. Answers in hexadecimal digits, key and value by turns."""

    name: ClassVar[str] = "eavesdropper"

    @query
    async def private(self, context: Context, collection: str, key: str) -> str | None:
        """A private value."""
        value = await context.stub.get_private_data(collection, key)
        return None if value is None else value.hex()

    @query
    async def private_hash(self, context: Context, collection: str, key: str) -> str | None:
        """The hash of a private value, which every member's peer has."""
        value = await context.stub.get_private_data_hash(collection, key)
        return None if value is None else value.hex()

    @query
    async def private_range(self, context: Context, collection: str) -> list[str]:
        """All of a collection, as far as this peer has it."""
        rows = [row async for row in context.stub.get_private_data_by_range(collection, "", "")]
        return [text for row in rows for text in (row.key.encode().hex(), row.value.hex())]


def eavesdropping() -> Chaincode:
    """The honest contracts, and the door to what is stored."""
    return Chaincode("exim", [*exim().contracts.values(), Eavesdropper()])
