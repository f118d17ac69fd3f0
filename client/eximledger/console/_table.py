"""Who may open which page, and who may send which form: ONE table. A page without a row does not start.

The ledger decides by itself on every act, whatever the table says: the table is the first door, not the last.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eximledger.serving.officers import Standing

__all__ = ["OPEN", "TABLE"]

_EVERYBODY: Final = frozenset({Standing.BANK, Standing.FX_BUREAU, Standing.CUSTOMS})
_BANKS: Final = frozenset({Standing.BANK})
_BANKS_AND_SAFE: Final = _BANKS | {Standing.FX_BUREAU}
_DESK: Final = frozenset({Standing.MAKER, Standing.CHECKER})
_CHECKER: Final = frozenset({Standing.CHECKER})
_POLICY: Final = frozenset({Standing.POLICY})
_POLICY_MAKERS: Final = _DESK | _POLICY
_MAKER: Final = frozenset({Standing.MAKER})
_WRITERS: Final = frozenset({Standing.MAKER, Standing.FX_BUREAU, Standing.CUSTOMS})
_SAFE: Final = frozenset({Standing.FX_BUREAU})

OPEN: Final = frozenset({"ways", "language", "static"})
"""What anybody is shown who is not signed in."""

TABLE: Final[Mapping[str, frozenset[Standing]]] = {
    # the first page, lists, search
    "work": _EVERYBODY,
    "search": _EVERYBODY,
    "list_loans": _BANKS_AND_SAFE,
    "loans_as_csv": _BANKS_AND_SAFE,
    "loans_as_workbook": _BANKS_AND_SAFE,
    "list_papers": _EVERYBODY,
    "trail": _EVERYBODY,
    "trail_as_csv": _EVERYBODY,
    "network": _EVERYBODY,
    "portfolio": _BANKS_AND_SAFE,
    "portfolio_as_workbook": _BANKS_AND_SAFE,
    "supervision": _SAFE,
    "show_policy": _BANKS_AND_SAFE,
    "propose_policy": _POLICY_MAKERS,
    "confirm_policy": _POLICY,
    "switch_officer": _EVERYBODY,
    # one loan, paper, exporter
    "show_loan": _BANKS_AND_SAFE,
    "loan_history": _BANKS_AND_SAFE,
    "report_page": _BANKS_AND_SAFE,
    "report_pdf": _BANKS_AND_SAFE,
    "loan_proof": _BANKS_AND_SAFE,
    "letter_docx": _BANKS,
    "letter_page": _BANKS,
    "show_paper": _EVERYBODY,
    "attached_file": _BANKS,
    "attach_file": _MAKER,
    "show_declaration": _BANKS_AND_SAFE,
    "show_exporter": _EVERYBODY,
    # papers and applications
    "upload_form": _WRITERS,
    "upload_preview": _WRITERS,
    "file_papers": _WRITERS,
    "show_filed": _WRITERS,
    "application_form": _MAKER,
    "apply_for_loan": _MAKER,
    # what is done to a loan
    "check_loan": _DESK,
    "decide_on_loan": _DESK,
    "propose_step": _DESK,
    "conversion_form": _DESK,
    "convert_loan": _DESK,
    "mark_overdue": _DESK,
    "lapse_loan": _DESK,
    "loan_screening": _BANKS_AND_SAFE,
    "propose_clearing": _DESK,
    "confirm_clearing": _CHECKER,
    "approve_loan": _CHECKER,
    "confirm_step": _CHECKER,
}
