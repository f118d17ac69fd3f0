"""The transactions: consortium, documents, financing, loans.

May import `rules`, `lending`, `documents`, and Fabric's `contract` and `stub`; nothing of the package imports it but
the entry points. What `exim()` serves is imported by it: who only wants a channel's name waits for no contract.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eximledger_chaincode.contracts.state.names import BANK, CHAINCODE, CUSTOMS, FX

if TYPE_CHECKING:
    from hlf_chaincode.contract import Chaincode

__all__ = ["BANK", "CHAINCODE", "CUSTOMS", "FX", "exim"]


def exim() -> Chaincode:
    """The one chaincode of the consortium, the same on every channel."""
    from eximledger_chaincode.contracts.consortium import ConsortiumContract
    from eximledger_chaincode.contracts.documents import DocumentsContract
    from eximledger_chaincode.contracts.financing import FinancingContract
    from eximledger_chaincode.contracts.loans import LoansContract
    from hlf_chaincode.contract import Chaincode

    return Chaincode(
        CHAINCODE,
        [ConsortiumContract(), DocumentsContract(), FinancingContract(), LoansContract()],
        title="eximledger",
    )
