"""Who was given a declaration: what customs, and SAFE, may ask."""

from __future__ import annotations

from collections.abc import Sequence

from eximledger_chaincode.contracts.papers.copying import Following
from eximledger_chaincode.contracts.state.keys import following_key
from eximledger_chaincode.contracts.state.members import Consortium, require_role
from eximledger_chaincode.contracts.state.names import CUSTOMS, MAIN_COLLECTION
from eximledger_chaincode.contracts.state.records import decode
from eximledger_chaincode.contracts.state.vault import open_vault
from eximledger_chaincode.documents import Value
from eximledger_chaincode.lending.roles import Role
from hlf_chaincode.contract import Context

__all__ = ["Recipient", "read_recipients"]


class Recipient(Value):
    """A bank that has a copy of a declaration, and whose it was when it got it."""

    declaration_number: str
    bank: str
    exporter: str


async def read_recipients(context: Context, consortium: Consortium, numbers: Sequence[str]) -> list[Recipient]:
    """By declaration and bank."""
    require_role(context, consortium, {Role.CUSTOMS, Role.FX_BUREAU})
    main = await open_vault(context, MAIN_COLLECTION[CUSTOMS])
    stored = await main.get_many([following_key("declaration", number) for number in numbers])
    return [
        Recipient(declaration_number=number, bank=bank, exporter=exporter)
        for number, value in zip(numbers, stored, strict=True)
        if value is not None
        for bank, exporter in sorted(decode(Following, value).banks.items())
    ]
