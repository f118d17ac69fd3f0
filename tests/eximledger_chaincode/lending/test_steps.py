"""What each step of two persons says, all of it shown to the second one, and what an exchange gives."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError
from tests.eximledger_chaincode.rules import cases

from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.steps import Exchange, Payment, Proposal, RepaidBy, Step

PAID: dict[str, object] = {"amount": {"amount": "100.00", "currency": "USD"}, "day": "2031-05-04", "reference": "P-1"}
BILL: dict[str, object] = {
    "declarations": [{"declaration_number": "224820310000418807", "amount": {"amount": "7.00", "currency": "USD"}}],
    "contracts": ["C-12"],
    "expected_receipt_on": "2031-09-30",
}
EXCHANGE: dict[str, object] = {"money": {"amount": "713.25", "currency": "CNY"}, "base": "USD", "rate": "7.1325"}
CONDITION: dict[str, object] = {"condition": "signed-contract", "reference": "SC-44"}
OVERRIDE: dict[str, object] = {"finding": "0" * 64, "reason": "seen by the branch"}
VALUES: dict[str, object] = PAID | {
    "exchange": EXCHANGE,
    "conditions": [CONDITION],
    "source": "buyer",
    "receipt": "fx-receipt:9",
    "matures_on": "2031-11-02",
    "rate_percent": "4.2",
    "overrides": [OVERRIDE],
    "insurer": "SINOSURE-3",
    "bill": BILL,
    "reason": "the buyer asks for time",
}
MUST = {
    Step.DISBURSEMENT: {"amount", "day", "reference"},
    Step.REPAYMENT: {"amount", "day", "reference"},
    Step.EXTENSION: {"matures_on", "reason"},
    Step.CONVERSION: {"bill"},
    Step.INDEMNITY: {"amount", "day", "reference", "insurer"},
    Step.WITHDRAWAL: {"reason"},
    Step.WRITE_OFF: {"reason"},
}
MAY = {
    Step.DISBURSEMENT: {"exchange", "conditions"},
    Step.REPAYMENT: {"exchange", "source", "receipt"},
    Step.EXTENSION: {"rate_percent", "overrides"},
    Step.CONVERSION: {"conditions", "matures_on", "rate_percent", "overrides"},
}


def proposal(step: Step, **changes: object) -> Proposal:
    return Proposal.model_validate({name: VALUES[name] for name in MUST[step]} | changes | {"step": step})


@pytest.mark.parametrize("step", Step)
def test_each_step_says_its_own_and_nothing_else(step: Step) -> None:
    """A field more would be confirmed by somebody who thinks that it does something."""
    may = MAY.get(step, set())
    proposal(step, **{name: VALUES[name] for name in may})
    for name, value in VALUES.items():
        if name in MUST[step]:
            with pytest.raises(ValidationError, match=rf"{name}: an? {step} has "):
                proposal(step, **{name: None})
        elif name in may:
            assert getattr(proposal(step, **{name: value}), name) not in (None, ())
        else:
            with pytest.raises(ValidationError, match=f"{name}: .* and nothing else"):
                proposal(step, **{name: value})


@pytest.mark.parametrize("source", [RepaidBy.EXPORTER, RepaidBy.INSURER])
def test_what_is_repaid_out_of_a_receipt_is_the_buyers(source: RepaidBy) -> None:
    assert proposal(Step.REPAYMENT, receipt="r-1").by is RepaidBy.BUYER
    assert proposal(Step.REPAYMENT, receipt="r-1", source="buyer").by is RepaidBy.BUYER
    assert proposal(Step.REPAYMENT).by is RepaidBy.EXPORTER
    assert proposal(Step.REPAYMENT, source=source).by is source
    with pytest.raises(ValidationError, match="the buyer's money"):
        proposal(Step.REPAYMENT, receipt="r-1", source=source)


def test_a_condition_is_met_once() -> None:
    other = {"condition": "pledge-registration", "reference": "SC-44"}
    assert len(proposal(Step.DISBURSEMENT, conditions=[CONDITION, other]).conditions) == 2
    with pytest.raises(ValidationError, match="by one paper"):
        proposal(Step.DISBURSEMENT, conditions=[CONDITION, CONDITION | {"reference": "SC-45"}])


@pytest.mark.parametrize(
    ("paid", "base", "rate", "amount", "gives"),
    [
        ("713.25 CNY", "USD", "7.1325", "100.00 USD", True),  # so many CNY for one USD of the loan
        ("713.26 CNY", "USD", "7.1325", "100.00 USD", False),
        ("100.00 USD", "USD", "7.1325", "713.25 CNY", True),  # so many CNY of the loan for one USD paid
        ("100.00 USD", "CNY", "7.1325", "713.25 CNY", False),
        ("100.00 USD", "CNY", "0.1402", "713.25 CNY", True),  # 99.99765, to the cent
        ("99.99 USD", "CNY", "0.1402", "713.25 CNY", False),
        ("15023 JPY", "USD", "150.225", "100.00 USD", True),  # 15022.5: half goes up, and a yen has no parts
        ("15022 JPY", "USD", "150.225", "100.00 USD", False),
        ("100.00 EUR", "USD", "1", "100.00 CNY", False),  # the rate is of neither
        ("100.00 USD", "USD", "1", "100.00 USD", False),  # nothing is exchanged
    ],
)
def test_an_exchange_gives_just_the_amount(paid: str, base: str, rate: str, amount: str, gives: bool) -> None:
    exchange = Exchange.model_validate({"money": _money(paid), "base": base, "rate": rate})
    assert exchange.gives(_money(amount)) is gives
    said: dict[str, object] = {"amount": _money(amount), "exchange": exchange}
    if gives:
        assert proposal(Step.REPAYMENT, **said).exchange == exchange
    else:
        with pytest.raises(ValidationError, match="does not give"):
            proposal(Step.REPAYMENT, **said)


@pytest.mark.parametrize(("paid", "sound"), [("0.01", True), ("0.00", False), ("-713.25", False)])
def test_what_is_exchanged_is_more_than_nothing(paid: str, sound: bool) -> None:
    said = EXCHANGE | {"money": {"amount": paid, "currency": "CNY"}}
    if sound:
        assert Exchange.model_validate(said).money.amount > 0
    else:
        with pytest.raises(ValidationError, match="more than zero is paid"):
            Exchange.model_validate(said)


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (
            proposal(Step.DISBURSEMENT, exchange=EXCHANGE, conditions=[CONDITION]),
            "100.00 USD, 2031-05-04, P-1, (713.25 CNY at 7.1325 for 1 USD), signed-contract by SC-44",
        ),
        (
            proposal(Step.REPAYMENT, source="buyer", receipt="r-9"),
            "100.00 USD, 2031-05-04, P-1, from the buyer, out of receipt r-9",
        ),
        (proposal(Step.REPAYMENT, source="insurer"), "100.00 USD, 2031-05-04, P-1, from the insurer"),
        (proposal(Step.REPAYMENT, receipt="r-9"), "100.00 USD, 2031-05-04, P-1, from the buyer, out of receipt r-9"),
        (
            proposal(Step.EXTENSION, rate_percent="4.2", overrides=[OVERRIDE]),
            f"until 2031-11-02, at 4.2 % a year, the buyer asks for time, {'0' * 64} set aside: seen by the branch",
        ),
        (
            proposal(Step.CONVERSION, matures_on="2031-11-02"),
            "until 2031-11-02, 7.00 USD of declaration 224820310000418807, contract C-12, receipt expected on "
            "2031-09-30",
        ),
        (proposal(Step.INDEMNITY), "100.00 USD, 2031-05-04, P-1, asked of SINOSURE-3"),
        (proposal(Step.WRITE_OFF), "the buyer asks for time"),
    ],
)
def test_the_second_person_reads_all_that_is_proposed(shown: Proposal, words: str) -> None:
    assert shown.words == words


def test_a_step_that_moves_no_money_is_of_the_day_of_its_confirmation_in_china() -> None:
    late = datetime(2031, 5, 4, 18, tzinfo=UTC)
    said = {"proposed_by": cases.MAKER, "confirmed_by": cases.CHECKER, "at": late}
    assert Payment.model_validate(said | {"proposal": proposal(Step.EXTENSION)}).day == date(2031, 5, 5)
    assert Payment.model_validate(said | {"proposal": proposal(Step.REPAYMENT)}).day == date(2031, 5, 4)


def _money(text: str) -> Money:
    amount, currency = text.split()
    return Money.of(amount, currency)
