"""The transactions, one contract in each module; `register` is in `matching`.

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
    from eximledger_chaincode.contracts.authorisations import AuthorisationsContract
    from eximledger_chaincode.contracts.calendar import CalendarContract
    from eximledger_chaincode.contracts.consortium import ConsortiumContract
    from eximledger_chaincode.contracts.copies import CopiesContract
    from eximledger_chaincode.contracts.documents import DocumentsContract
    from eximledger_chaincode.contracts.financing import FinancingContract
    from eximledger_chaincode.contracts.loans import LoansContract
    from eximledger_chaincode.contracts.matching import RegisterContract
    from eximledger_chaincode.contracts.policies import PoliciesContract
    from eximledger_chaincode.contracts.screening import ScreeningContract
    from eximledger_chaincode.contracts.supervision import SupervisionContract
    from eximledger_chaincode.contracts.watch import WatchContract
    from eximledger_chaincode.documents.parts.names.comparison import read_tables
    from eximledger_chaincode.rules import rule_set_id
    from hlf_chaincode.contract import Chaincode

    rule_set_id()  # of the files as they are loaded: who replaces them under a running server changes no id
    read_tables()
    contracts = (
        AuthorisationsContract(), CalendarContract(), ConsortiumContract(), CopiesContract(), DocumentsContract(),
        FinancingContract(), LoansContract(), PoliciesContract(), RegisterContract(), ScreeningContract(),
        SupervisionContract(), WatchContract(),
    )  # fmt: skip
    return Chaincode(CHAINCODE, contracts, title="eximledger")
