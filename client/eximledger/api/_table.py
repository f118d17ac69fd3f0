"""Who may call what: ONE table. A route without a row does not start; docs/http.md shows the table.

The ledger decides by itself on every call, whatever the table says: the table is the first door, not the last.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from eximledger.serving.admission import Scope
from eximledger.serving.officers import Standing

__all__ = ["EVERYBODY", "OPEN", "TABLE", "Row"]


@dataclass(frozen=True, slots=True)
class Row:
    """As what one must stand, in one of these ways, and which scope a token must have; None: no token may."""

    who: frozenset[Standing]
    scope: Scope | None


EVERYBODY: Final = frozenset({Standing.BANK, Standing.FX_BUREAU, Standing.CUSTOMS})
_BANKS: Final = frozenset({Standing.BANK})
_BANKS_AND_SAFE: Final = _BANKS | {Standing.FX_BUREAU}
_MAKER: Final = frozenset({Standing.MAKER})
_CHECKER: Final = frozenset({Standing.CHECKER})
_DESK: Final = _MAKER | _CHECKER
_POLICY: Final = frozenset({Standing.POLICY})
_SAFE: Final = frozenset({Standing.FX_BUREAU})
_CUSTOMS: Final = frozenset({Standing.CUSTOMS})
_AUTHORITIES: Final = _SAFE | _CUSTOMS
_WRITERS: Final = _MAKER | _AUTHORITIES

OPEN: Final = frozenset({"describe", "explain_problem", "health"})
"""What anybody may call who is not signed in."""

TABLE: Final[Mapping[str, Row]] = {
    # who is signed in
    "who_am_i": Row(EVERYBODY, Scope.READ),
    "list_tokens": Row(EVERYBODY, None),
    "make_token": Row(EVERYBODY, None),
    "revoke_token": Row(EVERYBODY, None),
    "own_audit": Row(EVERYBODY, Scope.READ),
    # loans
    "list_loans": Row(_BANKS_AND_SAFE, Scope.READ),
    "apply_for_loan": Row(_MAKER, Scope.LOANS),
    "get_loan": Row(_BANKS_AND_SAFE, Scope.READ),
    "loan_history": Row(_BANKS_AND_SAFE, Scope.READ),
    "loan_account": Row(_BANKS_AND_SAFE, Scope.READ),
    "loan_schedule": Row(_BANKS_AND_SAFE, Scope.READ),
    "loan_offers": Row(_BANKS_AND_SAFE, Scope.READ),
    "loan_letter": Row(_BANKS, Scope.READ),
    "loan_report": Row(_BANKS_AND_SAFE, Scope.READ),
    "loan_proof": Row(_BANKS_AND_SAFE, Scope.READ),
    "preview_loan": Row(
        _BANKS_AND_SAFE, Scope.LOANS
    ),  # what the bank has no copy of yet is pulled, in the person's name
    "check_loan": Row(_DESK, Scope.LOANS),
    "refer_loan": Row(_DESK, Scope.LOANS),
    "withdraw_loan": Row(_DESK, Scope.LOANS),
    "lapse_loan": Row(_DESK, Scope.LOANS),
    "mark_overdue": Row(_DESK, Scope.LOANS),
    "propose_step": Row(_DESK, Scope.LOANS),
    "preview_bill": Row(_DESK, Scope.LOANS),
    "approve_loan": Row(_CHECKER, Scope.DECIDE),
    "reject_loan": Row(_CHECKER, Scope.DECIDE),
    "confirm_step": Row(_CHECKER, Scope.DECIDE),
    "loan_events": Row(_BANKS_AND_SAFE, Scope.READ),
    # papers
    "list_papers": Row(EVERYBODY, Scope.READ),
    "file_papers": Row(_WRITERS, Scope.PAPERS),
    "upload_papers": Row(_WRITERS, Scope.PAPERS),
    "get_paper": Row(EVERYBODY, Scope.READ),
    "paper_history": Row(EVERYBODY, Scope.READ),
    "attach_file": Row(_MAKER, Scope.PAPERS),
    "list_attachments": Row(_BANKS_AND_SAFE, Scope.READ),
    "get_attachment": Row(_BANKS, Scope.READ),
    "list_kinds": Row(EVERYBODY, Scope.READ),
    "search_all": Row(EVERYBODY, Scope.READ),
    "get_balance": Row(_BANKS_AND_SAFE, Scope.READ),
    # exporters' consent
    "get_consents": Row(EVERYBODY, Scope.READ),
    "file_authorisation": Row(_MAKER, Scope.PAPERS),
    "file_officer_consent": Row(_MAKER, Scope.PAPERS),
    "file_revocation": Row(_WRITERS, Scope.PAPERS),
    "purge_copies": Row(_WRITERS, Scope.PAPERS),
    "pull_copies": Row(_DESK, Scope.PAPERS),
    "keep_copies": Row(_DESK, Scope.PAPERS),
    "list_recipients": Row(_AUTHORITIES, Scope.READ),
    # watch lists
    "list_watch_lists": Row(_BANKS_AND_SAFE, Scope.READ),
    "get_watch_entry": Row(_BANKS_AND_SAFE, Scope.READ),
    "upload_watch_list": Row(_MAKER | _SAFE, Scope.PAPERS),
    "discard_watch_list": Row(_MAKER | _SAFE, Scope.PAPERS),
    "screen_loans": Row(_DESK | _SAFE, Scope.LOANS),
    "propose_clearing": Row(_DESK, Scope.LOANS),
    "confirm_clearing": Row(_CHECKER, Scope.DECIDE),
    # price bands
    "get_price_bands": Row(EVERYBODY, Scope.READ),
    "compute_price_bands": Row(_CUSTOMS, Scope.MEMBER),
    "publish_price_bands": Row(_CUSTOMS, Scope.MEMBER),
    # the member
    "list_members": Row(EVERYBODY, Scope.READ),
    "get_floors": Row(EVERYBODY, Scope.READ),
    "cast_vote": Row(EVERYBODY, Scope.MEMBER),
    "get_business_day": Row(_BANKS_AND_SAFE, Scope.READ),
    "open_business_day": Row(_SAFE, Scope.MEMBER),
    "get_generations": Row(_SAFE, Scope.READ),
    "rotate_secret": Row(_SAFE, Scope.MEMBER),
    "rekey_register": Row(_SAFE, Scope.MEMBER),
    "retire_secret": Row(_SAFE, Scope.MEMBER),
    "get_policies": Row(_BANKS_AND_SAFE, Scope.READ),
    "propose_policy": Row(_BANKS, Scope.MEMBER),
    "confirm_policy": Row(_POLICY, Scope.MEMBER),
    # looking over it
    "supervise_exposure": Row(_SAFE, Scope.READ),
    "supervise_duplicates": Row(_SAFE, Scope.READ),
    "supervise_holds": Row(_SAFE, Scope.READ),
    "supervise_consents": Row(_SAFE, Scope.READ),
    "supervise_matching": Row(_SAFE, Scope.READ),
    "get_portfolio": Row(_BANKS_AND_SAFE, Scope.READ),
    "list_acts": Row(EVERYBODY, Scope.READ),
    "mirror_status": Row(EVERYBODY, Scope.READ),
    "list_rule_sets": Row(EVERYBODY, Scope.READ),
    "list_rules": Row(EVERYBODY, Scope.READ),
    "replay_cases": Row(_BANKS_AND_SAFE, Scope.READ),
}
