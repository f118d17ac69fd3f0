"""Contracts: classes whose async methods are a chaincode's functions, and the chaincode that routes calls to them.

    class Ledger(Contract):
        name = "ledger"

        @transaction
        async def put(self, context: Context, id: str, amount: Money) -> Entry: ...

Arguments and results are what a client in any language can write: a parameter annotated `str` (constrained or not)
takes the raw UTF-8 text, every other one JSON that pydantic validates; a result goes out as canonical JSON. A class is
checked when it is defined: a broken rule is an error that names it, never a surprise on a peer.

What stands on what: _chaincode -> _declaring -> _arguments.
"""

from __future__ import annotations

from hlf_chaincode.contract._arguments import (
    MAX_JSON_BYTES,
    MAX_TEXT_BYTES,
    MAX_TRANSIENT_BYTES,
    MAX_TRANSIENT_VALUES,
    validated,
)
from hlf_chaincode.contract._chaincode import GET_METADATA, Chaincode
from hlf_chaincode.contract._declaring import (
    Context,
    Contract,
    ContractError,
    Encoded,
    Function,
    query,
    transaction,
)

__all__ = [
    "GET_METADATA",
    "MAX_JSON_BYTES",
    "MAX_TEXT_BYTES",
    "MAX_TRANSIENT_BYTES",
    "MAX_TRANSIENT_VALUES",
    "Chaincode",
    "Context",
    "Contract",
    "ContractError",
    "Encoded",
    "Function",
    "query",
    "transaction",
    "validated",
]
