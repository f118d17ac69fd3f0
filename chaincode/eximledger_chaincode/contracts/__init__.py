"""The transactions: consortium, documents, financing, loans.

May import `rules`, `lending`, `documents`, and Fabric's `contract` and `stub`;
nothing of the package imports it but the entry points.
"""

from __future__ import annotations

from eximledger_chaincode.contracts.consortium import ConsortiumContract
from eximledger_chaincode.contracts.documents import DocumentsContract
from eximledger_chaincode.contracts.financing import FinancingContract
from eximledger_chaincode.contracts.loans import LoansContract
from eximledger_chaincode.contracts.state.names import BANK, CHAINCODE, CUSTOMS, FX
from hlf_chaincode.contract import Chaincode

__all__ = ["BANK", "CHAINCODE", "CUSTOMS", "FX", "exim"]


def exim() -> Chaincode:
    """The one chaincode of the consortium, the same on every channel."""
    return Chaincode(
        CHAINCODE,
        [ConsortiumContract(), DocumentsContract(), FinancingContract(), LoansContract()],
        title="eximledger",
    )
