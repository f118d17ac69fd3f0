"""Which modules are changed, those of money and authority first, and which tests have to notice."""

from __future__ import annotations

from typing import Final

__all__ = ["MODULES", "PACKAGE", "TESTS"]

PACKAGE: Final = "eximledger_chaincode"

MODULES: Final = (
    "lending/roles",
    "contracts/loanbook/approval",
    "contracts/loanbook/steps",
    "contracts/loanbook/proposable",
    "contracts/loanbook/taking",
    "contracts/loanbook/judging",
    "contracts/loanbook/receipts",
    "lending/accounts/account",
    "lending/accounts/interest",
    "lending/steps",
    "lending/accounts/offers",
    "contracts/loanbook/applying",
    "contracts/register/holding",
    "contracts/register/balance",
    "contracts/register/keying",
    "contracts/register/matching",
    "contracts/register/positions",
    "contracts/register/presenting",
    "lending/claim",
    "lending/matching",
    "lending/register",
    "lending/loan",
    "lending/floors",
    "lending/time",
    "lending/consent/certificates",
    "lending/consent/signed",
    "lending/consent/standing",
    "lending/consent/papers",
    "rules/basis/eligibility",
    "rules/basis/grade",
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
    "lending/likeness/fingerprints",
    "lending/collecting/naming",
    "contracts/papers/receipts",
    "contracts/papers/filing",
    "lending/collecting/credits",
    "rules/duplicates",
)
"""Files of the package, without their ending."""

_SLOW: Final = (
    "contracts/test_channel_graph",
    "contracts/test_sums",
    "rules/test_properties",
    "rules/test_rule_set",
)
_BASE: Final = "tests/eximledger_chaincode"
TESTS: Final = (
    *(f"{_BASE}/{folder}" for folder in ("lending", "contracts", "rules")),
    *(f"--ignore={_BASE}/{test}.py" for test in _SLOW),
)
"""Only these: what they let live, the slower tests and those on whole ledgers may still notice."""
