"""The ledger of the desk's tests: tradebank's loan on one export, applied for and checked."""

from __future__ import annotations

from tests.eximledger.desk.conftest import checked, checked_copy, checked_ledger

__all__ = ["checked", "checked_copy", "checked_ledger"]
