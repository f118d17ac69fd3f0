"""What a case asks of quotations: every amount on every day; more than one case may ask is refused in a sentence."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from pydantic import ValidationError
from tests.eximledger_chaincode.contracts.known import RECEIVED, known
from tests.eximledger_chaincode.contracts.lending import opened
from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.cases import EXPORTED, TODAY, cny, eur, record, usd

from eximledger_chaincode.contracts.casefile import wanted
from eximledger_chaincode.contracts.casefile.facts import FxFacts
from eximledger_chaincode.contracts.casefile.wanted import MAX_RATE_REQUESTS, MAX_RECEIPT_RATES, NamedElsewhere, Wanted
from eximledger_chaincode.documents import Allocation, Money, Registration
from eximledger_chaincode.lending.collecting.naming import Order, ReceiptNaming
from eximledger_chaincode.lending.packing.frames import FramePosition
from eximledger_chaincode.lending.screening.subjects import MAX_SUBJECTS, Subject, SubjectKind
from eximledger_chaincode.rules.basis.case import ContractTotal
from hlf_chaincode.errors import Refused

EURO = eur(1)
PACKING = record(cases.packing())
REGISTERED = Registration(number="1", registered_on=TODAY, amount=EURO)
ALLOCATED = Allocation(declaration_number=cases.NUMBER, amount=EURO)
TOTAL = ContractTotal(contract_id="C", invoices=1, amounts=(EURO,))


def named(*, currencies: int = 1, days: int = 1, subjects: int = 0) -> NamedElsewhere:
    return NamedElsewhere(
        currencies=("EUR", "GBP", "JPY", "USD")[:currencies],
        days=tuple(date.fromordinal(739_000 + each) for each in range(days)),
        subjects=tuple(Subject(kind=SubjectKind.GOODS, code=f"{each:010}") for each in range(subjects)),
        foreign=(),
        least=88,
    )


def test_as_many_quotations_as_one_call_reads() -> None:
    assert len(named(currencies=3, days=401).with_fx(FxFacts()).rates) == MAX_RATE_REQUESTS == 1_203
    with pytest.raises(Refused, match="4 foreign currencies on 401 days"):
        named(currencies=4, days=401).with_fx(FxFacts())


def test_as_many_subjects_as_one_call_screens() -> None:
    assert len(named(subjects=MAX_SUBJECTS).with_fx(FxFacts()).subjects) == MAX_SUBJECTS
    with pytest.raises(Refused, match=f"{MAX_SUBJECTS + 1} parties"):
        named(subjects=MAX_SUBJECTS + 1).with_fx(FxFacts())


def test_as_many_subjects_as_papers_may_name() -> None:
    """Four spellings of each that is screened."""
    loan, customs, _ = known()
    said = NamedElsewhere.of(loan, customs, TODAY).model_dump()
    for count, fits in ((20_000, True), (20_001, False)):
        with nullcontext() if fits else pytest.raises(ValidationError, match="at most 20000 items"):
            NamedElsewhere.model_validate(said | {"subjects": named(subjects=1).subjects * count})


async def test_more_than_may_be_told_is_refused_before_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wanted, "_MAX_NAMED_SUBJECTS", 1)

    lending = await opened(1)
    await lending.apply()
    with pytest.raises(Refused, match="are screened at once"):
        await lending.check()


def asked(**changes: object) -> Wanted:
    """Of a case in dollars, with these facts in the place of its own."""
    loan, customs, fx = known(**changes)
    return NamedElsewhere.of(loan, customs, TODAY).with_fx(fx)


def test_a_case_is_valued_on_the_days_of_exports_receipts_and_decision() -> None:
    assert asked().rates == tuple(("USD", day) for day in (EXPORTED, RECEIVED, TODAY))


@pytest.mark.parametrize(
    "said",
    [
        {"application": record(cases.application(amount=EURO))},
        {"application": record(cases.application(declarations=(cases.financed(amount=EURO),)))},
        {"contracts": (record(cases.contract().model_copy(update={"total": EURO})),)},
        {"contracts": (record(cases.contract(processing_fee=EURO)),)},
        {"letters_of_credit": (record(cases.credit(amount=EURO)),)},
        {"invoices": (record(cases.invoice_of(EURO)),)},
        {"other_financings": (EURO,)},
        {"positions": (cases.held(EURO),)},
        {"application": record(cases.packing(EURO))},
        {"application": PACKING, "contract_totals": (TOTAL,)},
        {"application": PACKING, "frame_positions": (FramePosition(account="C", held=(EURO,)),)},
        {"declarations": (record(cases.declaration(freight=EURO)),)},
        {"declared": (usd(1), EURO)},
        {"received": (EURO,)},
        {"classifications": (record(cases.classification(quota=EURO)),)},
        {"classifications": (record(cases.classification(registrations=(REGISTERED,))),)},
        {"receipts": (record(cases.receipt(amount=EURO)),)},
        {"receipts": (record(cases.receipt(instructed_amount=EURO, allocations=(ALLOCATED,))),)},
    ],
)
def test_every_amount_that_a_case_compares_is_valued(said: dict[str, object]) -> None:
    assert ("EUR", TODAY) in asked(**said).rates


@pytest.mark.parametrize(
    "receipt",
    [
        cases.naming(EURO, [cases.NUMBER]),
        cases.naming(usd(1), {cases.NUMBER: EURO}),
        cases.naming(usd(1), (), {"INV-1": EURO}),
        cases.naming(usd(1), [cases.NUMBER], ordered=Order(amount=EURO)),
        cases.naming(usd(1), [cases.NUMBER], ordered=Order(amount=usd(9), charges=(EURO,))),
    ],
)
def test_what_was_received_is_valued_on_its_own_day(receipt: ReceiptNaming) -> None:
    rates = asked(namings=(receipt,)).rates
    assert {("EUR", cases.PAID), ("USD", cases.PAID)} <= {*rates}
    assert ("EUR", TODAY) not in rates, "a payer may write any currency: it costs no more than its own day"


def test_what_was_received_in_a_claims_currency_is_valued_in_yuan_on_its_day() -> None:
    assert ("USD", cases.PAID) in asked(namings=(cases.naming(usd(1), [cases.NUMBER]),)).rates


def test_receipts_of_the_case_are_valued_on_their_own_days() -> None:
    """By what their payers ordered, as well as by every currency that the case is in."""
    ordered = record(cases.receipt(value_on=RECEIVED, instructed_amount=EURO))
    assert ("EUR", RECEIVED) in asked(receipts=(ordered,)).rates
    assert ("EUR", RECEIVED) in asked(classifications=(record(cases.classification(quota=EURO)),)).rates


def test_quotations_of_as_many_days_on_which_receipts_came_as_one_call_reads() -> None:
    for days in (400, 401):
        namings = [cases.naming(usd(1), [cases.NUMBER], dated=TODAY + timedelta(1 + day)) for day in range(days)]
        rates = asked(namings=tuple(namings), receipts=()).rates
        assert len([day for _, day in rates if day > TODAY]) == 400 == MAX_RECEIPT_RATES


def test_of_currencies_that_payers_write_those_beyond_the_limit_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was credited and claimed comes first: nobody's words take its quotation away."""
    monkeypatch.setattr(wanted, "MAX_RECEIPT_RATES", 2)
    written = [cases.naming(cny(1), [cases.NUMBER], ordered=Order(amount=Money.of(1, code))) for code in ("AUD", "CAD")]
    rates = asked(namings=(*written, cases.naming(EURO, [cases.NUMBER]))).rates
    assert [currency for currency, day in rates if day == cases.PAID] == ["EUR", "USD"]


def test_what_was_invoiced_values_no_loan_after_shipment() -> None:
    assert {currency for currency, _ in asked(contract_totals=(TOTAL,)).rates} == {"USD"}


@pytest.mark.parametrize(
    "said",
    [
        {"declarations": (record(cases.declaration(consignee=cases.THIRD_PARTY)),)},
        {"contracts": (record(cases.contract(buyer=cases.THIRD_PARTY)),)},
        {"receipts": (record(cases.receipt(payer=cases.THIRD_PARTY)),)},
    ],
)
def test_whoever_a_paper_names_is_screened(said: dict[str, object]) -> None:
    assert cases.THIRD_PARTY.name not in str(asked().subjects)
    assert cases.THIRD_PARTY.name in str(asked(**said).subjects)
