"""What SAFE sees across all banks: exposure, duplicates, what is over-held, consents by officers, limits of matching.

`Supervisor` reads page by page over any `hlf_client.Ledger`; what is made of the pages is pure. Sums run, and what has
to be laid side by side lies in a file that nobody else sees, so memory does not grow with loans. May import `desk` and
the chaincode package's values; `cli` imports it.
"""

from __future__ import annotations

from eximledger.supervision._consents import BankConsents, ConsentReport, OfficersConsent
from eximledger.supervision._duplicates import Duplicate, FinancedPaper, PaperIndex
from eximledger.supervision._exposure import Dimension, Exposure, ExposureRow, RunningExposure
from eximledger.supervision._holds import Holder, HoldIndex, HoldReport, KeptWithoutLoan, OverHeld, over_held
from eximledger.supervision._sums import Amount, RunningSum, Total, cny_of
from eximledger.supervision._supervisor import Supervisor
from eximledger.supervision._tables import (
    ReportTable,
    consent_tables,
    duplicate_tables,
    exposure_tables,
    hold_tables,
    matching_tables,
)

__all__ = [
    "Amount",
    "BankConsents",
    "ConsentReport",
    "Dimension",
    "Duplicate",
    "Exposure",
    "ExposureRow",
    "FinancedPaper",
    "HoldIndex",
    "HoldReport",
    "Holder",
    "KeptWithoutLoan",
    "OfficersConsent",
    "OverHeld",
    "PaperIndex",
    "ReportTable",
    "RunningExposure",
    "RunningSum",
    "Supervisor",
    "Total",
    "cny_of",
    "consent_tables",
    "duplicate_tables",
    "exposure_tables",
    "hold_tables",
    "matching_tables",
    "over_held",
]
