"""What can be financed, in the loan's currency, and what an enterprise's quota leaves of it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.eximledger_chaincode.rules import cases

from eximledger_chaincode.documents import DeclarationStatus, Money
from eximledger_chaincode.lending.verdict import Decision
from eximledger_chaincode.rules import reconcile
from eximledger_chaincode.rules.basis.eligibility import financed_percent, unvalued_today
from eximledger_chaincode.rules.basis.grade import is_within

RATES = (cases.rate(), cases.rate(quoted_on=cases.TODAY))
EUROS = cases.rate(currency="EUR", unit=100, cny=800, quoted_on=cases.TODAY)


@pytest.mark.parametrize(
    ("asked", "eligible"),
    [("500000 CNY", "568000.00 CNY"), ("70000 USD", "80000.00 USD"), ("60000 EUR", "71000.00 EUR")],
)
def test_a_loan_in_any_currency_is_worth_its_share_of_what_is_occupied(asked: str, eligible: str) -> None:
    """100,000 USD at 80 %: 7.1 yuan are a dollar, 8 a euro."""
    amount, currency = asked.split()
    application = cases.application(amount=Money.of(amount, currency))
    verdict = reconcile(cases.case(application, *RATES, EUROS))
    assert f"{verdict.eligible.amount} {verdict.eligible.currency}" == eligible


def test_without_a_rate_of_its_currency_a_loan_finances_nothing_and_says_which_is_wanted() -> None:
    case = cases.case(cases.application(amount=cases.eur(60_000)), *RATES)
    verdict = reconcile(case)
    assert (verdict.verdict, verdict.eligible) == (Decision.REJECT, cases.eur(0))
    assert [(each.currency, each.day) for each in unvalued_today(case)] == [("EUR", cases.TODAY)]


def test_a_cancelled_declaration_finances_nothing() -> None:
    verdict = reconcile(cases.case(cases.declaration(status=DeclarationStatus.CANCELLED)))
    assert verdict.eligible == cases.cny(0)


def test_a_policy_may_finance_all_of_what_is_occupied() -> None:
    assert financed_percent(cases.case(policy=cases.policy(financed_percent=Decimal(100)))) == 100


@pytest.mark.parametrize("quota", ["710000 CNY", "100000 USD"])
@pytest.mark.parametrize("amount", ["99999.99", "100000", "100000.01"])
def test_a_quota_holds_to_the_last_cent_in_its_own_currency_and_in_another(amount: str, quota: str) -> None:
    most = Money.of(*quota.split())
    case = cases.case(cases.application(amount=cases.usd(amount)), *RATES)
    assert is_within(case, most) is (Decimal(amount) <= 100_000)
