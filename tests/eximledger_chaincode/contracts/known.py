"""What bank, customs and SAFE know of the sound case of the rules' tests, of which a test says what is different."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.cases import TODAY, record

from eximledger_chaincode.contracts.casefile.facts import FxFacts, LoanFacts
from eximledger_chaincode.contracts.papers.answers import CustomsFacts

RECEIVED = date(2026, 4, 7)


def known(**changes: object) -> tuple[LoanFacts, CustomsFacts, FxFacts]:
    """Each channel's facts, all in dollars; what is changed is named as there."""
    loan: dict[str, object] = {
        "loan_id": "L-1", "bank": "EximbankMSP", "version": 1, "applied_at": datetime(2026, 4, 10, tzinfo=UTC),
        "applied_by": cases.MAKER, "applicants": (), "policy_sha256": "0" * 64,
        "application": record(cases.application()), "policy": cases.policy(), "roles": {},
    }  # fmt: skip
    customs: dict[str, object] = {
        "declarations": (record(cases.declaration()),), "declared": (), "since": TODAY, "until": TODAY,
    }  # fmt: skip
    fx: dict[str, object] = {"receipts": (record(cases.receipt(value_on=RECEIVED)),)}
    for facts, model in ((loan, LoanFacts), (customs, CustomsFacts), (fx, FxFacts)):
        facts |= {name: value for name, value in changes.items() if name in model.model_fields}
    return LoanFacts.model_validate(loan), CustomsFacts.model_validate(customs), FxFacts.model_validate(fx)
