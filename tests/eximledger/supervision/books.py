"""Loans of several banks, made up, as the ledger would answer them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st
from tests.eximledger_chaincode.contracts import trade

from eximledger_chaincode.contracts.state.records import document_json, encode, record_json, record_of
from eximledger_chaincode.documents import (
    Entry,
    FinancedDeclaration,
    LoanApplication,
    Money,
    Party,
    minor_units,
)
from eximledger_chaincode.lending.loan import HOLDING, Loan, LoanState
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.steps import Payment, Proposal, Step
from hlf_chaincode.canonical import sha256_hex

NOW = datetime(2026, 9, 2, 3, 0, tzinfo=UTC)
DAY = date(2026, 9, 2)
BANKS = ("AlphaMSP", "BetaMSP", "GammaMSP")
EXPORTERS = (trade.DONGYU, trade.OTHER)
RATES = {"USD": Fraction(57, 8), "JPY": Fraction(1, 21), "KWD": Fraction(233, 10)}
UNRATED = "CHF"
COUNTRIES = {trade.number_of(serial): "DE" if serial % 2 else "JP" for serial in range(1, 6)}
"""Declarations 6 and on tell no country."""

_PERSON = Person(msp_id="AlphaMSP", name="maker")


def loan(
    bank: str = "AlphaMSP",
    loan_id: str = "L-1",
    state: LoanState = LoanState.APPROVED,
    amount: Money | None = None,
    holds: dict[int, Money] | None = None,
    applicant: Party = trade.DONGYU,
) -> Loan:
    """A loan in a state, on declarations by serial."""
    items = holds or {1: Money.of("70000.00", "USD")}
    application = LoanApplication(
        loan_id=loan_id,
        applicant=applicant,
        applied_on=DAY,
        amount=amount or Money.of("300000.00", "CNY"),
        matures_on=date(2027, 1, 15),
        expected_receipt_on=date(2026, 12, 31),
        declarations=tuple(
            FinancedDeclaration(declaration_number=trade.number_of(serial), amount=held)
            for serial, held in items.items()
        ),
    )
    content = document_json(application)
    entry = Entry(
        kind="application", id=loan_id, number=loan_id, exporter=application.exporter, dated=DAY, version=1,
        issuer=bank, written_by=str(_PERSON), written_at=NOW, filed_at=NOW, transaction_id="",
        sha256=sha256_hex(content),
    )  # fmt: skip
    paid: tuple[Payment, ...] = ()
    if state in {LoanState.DISBURSED, LoanState.CLOSED, LoanState.WRITTEN_OFF}:
        paid = (_payment(Step.DISBURSEMENT, application.amount),)
        if state is LoanState.CLOSED:
            paid = (*paid, _payment(Step.REPAYMENT, application.amount))
    return Loan.model_validate({
        "loan_id": loan_id, "bank": bank, "state": state, "version": 1,
        "application": record_of("application", record_json(encode(entry), content)),
        "applied_by": _PERSON, "applied_at": NOW, "opened_at": NOW, "applicants": (_PERSON,),
        "policy_sha256": "0" * 64, "payments": paid, "updated_at": NOW,
        "held": application.declarations if state in HOLDING else (),
    })  # fmt: skip


def _payment(step: Step, amount: Money) -> Payment:
    proposal = Proposal(step=step, amount=amount, day=DAY, reference="P-1")
    return Payment(
        proposal=proposal, proposed_by=_PERSON, confirmed_by=_PERSON, at=NOW, principal=amount,
        interest=Money.zero(amount.currency),
    )  # fmt: skip


def moneys(currencies: tuple[str, ...] = (*RATES, UNRATED, "CNY")) -> st.SearchStrategy[Money]:
    """More than zero, up to what money can say."""
    units = st.integers(1, 10**12) | st.integers(10**25, 10**28)
    return st.builds(
        lambda currency, amount: Money(amount=amount.scaleb(-minor_units(currency)), currency=currency),
        st.sampled_from(currencies),
        units.map(Decimal),
    )


def loans() -> st.SearchStrategy[list[Loan]]:
    """Loans of several banks in every state."""
    one = st.builds(
        loan,
        bank=st.sampled_from(BANKS),
        loan_id=st.integers(1, 10**6).map(lambda serial: f"L-{serial}"),
        state=st.sampled_from(list(LoanState)),
        amount=moneys(("CNY",)),
        holds=st.dictionaries(st.integers(1, 8), moneys(), min_size=1, max_size=4),
        applicant=st.sampled_from(EXPORTERS),
    )
    return st.lists(one, max_size=8)
