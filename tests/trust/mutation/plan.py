"""Which modules are changed, those of money and authority first, and which tests have to notice."""

from __future__ import annotations

from typing import Final

__all__ = ["MODULES", "PACKAGE", "TESTS"]

PACKAGE: Final = "eximledger_chaincode"

MODULES: Final = (
    "lending/roles",
    "contracts/loanbook/approval",
    "contracts/loanbook/steps",
    "contracts/loanbook/applying",
    "contracts/register/holding",
    "contracts/register/balance",
    "contracts/register/matching",
    "lending/claim",
    "lending/register",
    "lending/loan",
    "lending/floors",
    "lending/time",
    "rules/basis/eligibility",
    "rules/authority",
    "contracts/policies",
    "contracts/papers/policy",
    "contracts/calendar",
    "contracts/state/calendar",
    "contracts/state/members",
    "contracts/consortium",
    "contracts/loans",
    "rules/claims",
    "rules/loans",
    "lending/valuation",
    "lending/collecting/tally",
    "contracts/loanbook/facts",
    "lending/fingerprints",
    "lending/collecting/naming",
    "contracts/papers/receipts",
    "contracts/papers/filing",
    "lending/collecting/credits",
    "rules/duplicates",
)
"""Files of the package, without their ending."""

TESTS: Final = tuple(f"tests/eximledger_chaincode/{folder}" for folder in ("lending", "contracts", "rules"))
"""Only these: what they let live, the slower tests on whole ledgers may still notice."""
