"""financing: what is free, who holds it, which papers are financed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, Rules, opened
from tests.eximledger_chaincode.contracts.trade import CHECKER, EXIMBANK, OFFICER, SAFE, TRADEBANK, usd
from tests.hlf_chaincode.memory_peer import CommitInvalid, Identity

from eximledger_chaincode.contracts.casefile.assembling import Questions
from eximledger_chaincode.contracts.casefile.facts import FinancingFacts, LoanFacts
from eximledger_chaincode.documents import (
    Allocation,
    DeclarationStatus,
    EnterpriseClass,
    ExportDeclaration,
    Money,
    ReceiptStatus,
    TolerancePolicy,
)
from eximledger_chaincode.lending.fingerprints import Similarity
from eximledger_chaincode.lending.register import Reservation, ReservationState
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, NotFound, Refused


@pytest.fixture
async def lending(monkeypatch: pytest.MonkeyPatch) -> Lending:
    monkeypatch.setattr("eximledger_chaincode.contracts.loans.reconcile", Rules().reconcile)
    return await opened(1, 2)


async def at_tradebank(lending: Lending, occupied: str = "70000.00", invoice_total: str = "99999.00") -> None:
    """A loan of Tradebank on the same declaration, with papers of its own."""
    await lending.file_papers(1, bank=TRADEBANK, total=invoice_total)
    await lending.apply(trade.application("T-1", occupied=occupied), TRADEBANK)


# -- reserving ---------------------------------------------------------------------------------------------------------


async def test_a_reservation_takes_from_the_balance(lending: Lending) -> None:
    await lending.apply()
    before = await lending.balance()
    assert (before.value, before.free, before.held) == (usd("100000"), usd("100000"), usd(0))
    reservation = await lending.reserve()
    assert reservation.state is ReservationState.HELD
    assert reservation.loan_version == 1
    assert reservation.expires_at - reservation.reserved_at == timedelta(hours=72)
    assert {paper.kind for paper in reservation.fingerprints} == {"invoice", "transport"}
    after = await lending.balance()
    assert (after.held, after.free) == (usd("70000"), usd("30000"))
    assert lending.ledger.channels["fx"].events[-1][0] == "financing.reserved"


async def test_the_policy_says_how_long(lending: Lending) -> None:
    await lending.file(TolerancePolicy(bank="EximbankMSP", reservation_hours=5, fingerprinted=("invoice",)))
    await lending.apply()
    reservation = await lending.reserve()
    assert reservation.expires_at - reservation.reserved_at == timedelta(hours=5)
    assert [paper.kind for paper in reservation.fingerprints] == ["invoice"]


async def test_reserving_again_changes_nothing_while_it_holds(lending: Lending) -> None:
    await lending.apply()
    first = await lending.reserve()
    lending.later(hours=70)
    envelope = await lending.endorse(CHECKER, "financing:reserve", "L-1")
    assert Reservation.model_validate_json(envelope.result) == first
    assert envelope.writes == {}
    lending.later(hours=1, seconds=1)  # too little left for an approval
    renewed = await lending.reserve()
    assert renewed.expires_at > first.expires_at
    assert (await lending.balance()).held == usd("70000")


async def test_more_than_is_free_is_refused_by_name(lending: Lending) -> None:
    await lending.apply()
    await lending.reserve()
    await at_tradebank(lending, occupied="30000.01")
    with pytest.raises(Refused, match=f"declaration {trade.number_of(1)} has 30,000.00 USD free") as raised:
        await lending.reserve("T-1", TRADEBANK)
    assert raised.value.details["declaration"] == trade.number_of(1)
    assert (await lending.balance()).held == usd("70000")
    await lending.file(TolerancePolicy(bank="TradebankMSP", fingerprinted=("invoice",)), bank=TRADEBANK)
    await lending.apply(trade.application("T-1", occupied="30000.00"), TRADEBANK)
    await lending.reserve("T-1", TRADEBANK)
    assert (await lending.balance()).free == usd("0")


async def test_receipts_take_from_the_balance_once_they_are_booked(lending: Lending) -> None:
    announced = trade.receipt(amount="50000.00").model_copy(update={"status": ReceiptStatus.PENDING})
    await lending.file(announced)
    assert (await lending.balance()).collected == usd(0)
    await lending.file(trade.receipt(amount="50000.00"))
    balance = await lending.balance()
    assert (balance.collected, balance.free) == (usd("50000"), usd("50000"))
    await lending.apply()
    with pytest.raises(Refused, match=r"50,000\.00 USD free"):
        await lending.reserve()
    await lending.file(trade.receipt(amount="50000.00", serial=2))  # allocated elsewhere: an amendment
    assert (await lending.balance()).free == usd("100000")
    assert (await lending.balance(2)).free == usd("50000")


async def test_a_receipt_in_another_currency_takes_what_it_is_worth_at_the_export_dates_rate(lending: Lending) -> None:
    euro = Money.of("10000.00", "EUR")
    allocation = Allocation(declaration_number=trade.number_of(1), amount=euro)
    await lending.file(trade.receipt().model_copy(update={"amount": euro, "allocations": (allocation,)}))
    await lending.apply()
    unvalued = await lending.balance()
    assert unvalued.free == usd(0), "a query answers what it can"
    assert [(each.currency, each.day) for each in unvalued.unvalued] == [("EUR", trade.EXPORTED)]
    with pytest.raises(Refused, match="no reference rate of EUR on 2026-07-20"):
        await lending.reserve()
    await lending.file(trade.rate(currency="EUR", cny="783.75"))
    balance = await lending.balance()
    assert (balance.collected, balance.free) == (usd("11000"), usd("89000"))
    await lending.reserve()


async def test_a_negative_allocation_is_refused(lending: Lending) -> None:
    back = Allocation(declaration_number=trade.number_of(1), amount=usd("-5000"))
    with pytest.raises(InvalidDocument, match="more than zero"):
        await lending.file(trade.receipt().model_copy(update={"allocations": (back,)}))
    balance = await lending.balance()
    assert (balance.value, balance.collected, balance.free) == (usd("100000"), usd(0), usd("100000"))


async def test_a_balance_is_never_below_zero(lending: Lending) -> None:
    await lending.apply()
    await lending.reserve()
    await lending.file(trade.receipt(amount="60000.00"))
    balance = await lending.balance()
    assert (balance.held, balance.collected, balance.free) == (usd("70000"), usd("60000"), usd(0))


@pytest.mark.parametrize(
    ("declaration", "reason"),
    [
        (trade.declaration(1, status=DeclarationStatus.CANCELLED), "is cancelled"),
        (None, "customs has no declaration"),
        (trade.declaration(9, exporter=trade.OTHER), "another exporter's"),
    ],
)
async def test_only_the_applicants_standing_declarations_are_held(
    lending: Lending, declaration: ExportDeclaration | None, reason: str
) -> None:
    if declaration is not None:
        await lending.file(declaration)
    serial = 7 if declaration is None else int(declaration.number[-9:])
    await lending.apply(trade.application(serials=(serial,)))
    with pytest.raises(Refused, match=reason):
        await lending.reserve()


async def test_another_currency_is_refused(lending: Lending) -> None:
    application = trade.application()
    item = application.declarations[0].model_copy(update={"amount": Money.of("1.00", "EUR")})
    await lending.apply(application.model_copy(update={"declarations": (item,)}))
    with pytest.raises(Refused, match="is in USD"):
        await lending.reserve()


async def test_reserving_is_the_own_banks_and_for_undecided_loans(lending: Lending) -> None:
    await lending.apply()
    for who in (TRADEBANK, OFFICER):
        with pytest.raises(NotAuthorized):
            await lending.reserve(who=who)
    with pytest.raises(NotAuthorized):
        await lending.reserve(who=SAFE)
    with pytest.raises(NotFound):
        await lending.reserve("none")
    await lending.loan(EXIMBANK, "reject", "L-1", "no")
    with pytest.raises(Refused, match="is rejected"):
        await lending.reserve()


async def test_an_amended_application_moves_the_holds(lending: Lending) -> None:
    await lending.apply(trade.application(serials=(1, 2), occupied="10000.00"))
    await lending.reserve()
    await lending.apply(trade.application(serials=(2,), occupied="20000.00"))
    reservation = await lending.reserve()
    assert reservation.loan_version == 2
    assert ((await lending.balance(1)).held, (await lending.balance(2)).held) == (usd(0), usd("20000"))
    await at_tradebank(lending, invoice_total="100000.00")  # the papers of serial 1 are free again
    await lending.reserve("T-1", TRADEBANK)


# -- papers ------------------------------------------------------------------------------------------------------------


async def test_a_paper_of_another_loan_is_refused_by_name(lending: Lending) -> None:
    await lending.apply()
    await lending.reserve()
    await at_tradebank(lending, occupied="1.00", invoice_total="100000.00")
    with pytest.raises(Refused, match="financed already: loan L-1 of EximbankMSP has it"):
        await lending.reserve("T-1", TRADEBANK)


async def facts_for(lending: Lending, loan_id: str, who: Identity) -> FinancingFacts:
    answer = await lending.endorse(who, "loans:facts", loan_id)
    asked = Questions.of(LoanFacts.model_validate_json(answer.result), trade.APPLIED)
    facts = await lending.endorse(
        who, "financing:facts",
        asked.loan_id, asked.exporter, asked.numbers, asked.receipts, asked.fingerprints, asked.since, asked.until,
        asked.invoices,
    )  # fmt: skip
    return FinancingFacts.model_validate_json(facts.result)


async def test_facts_name_papers_alike_and_leave_the_loans_own_out(lending: Lending) -> None:
    await lending.apply()
    await lending.reserve()
    own = await facts_for(lending, "L-1", EXIMBANK)
    assert own.matches == ()
    assert own.positions[0].held is None
    assert own.reservation is not None
    assert own.roles["SafeMSP"] == "fx-bureau"
    assert [record.document.enterprise_class for record in own.classifications] == [EnterpriseClass.A]
    await at_tradebank(lending, invoice_total="99999.00")
    other = await facts_for(lending, "T-1", TRADEBANK)
    assert {(match.kind, match.similarity, match.same_bank) for match in other.matches} == {
        ("invoice", Similarity.ALL_BUT_AMOUNT, False),
        ("transport", Similarity.EXACT, False),
    }
    assert other.positions[0].held == usd("70000")


async def test_facts_carry_the_receipts_named_and_the_year(lending: Lending) -> None:
    await lending.file(
        trade.receipt("R 1"), trade.receipt("R-2", amount="10.00", serial=None),
        trade.receipt("R-3", amount="5.00", serial=None, on=date(2025, 8, 1)),
    )  # fmt: skip
    await lending.apply(trade.application(receipts=("R-1", "R-9")))
    facts = await facts_for(lending, "L-1", EXIMBANK)
    assert [record.number for record in facts.receipts] == ["R 1"]
    assert facts.received == (usd("30010.00"),)
    assert [naming.amount for naming in facts.namings] == [usd("30000.00")]


# -- races -------------------------------------------------------------------------------------------------------------


async def test_of_two_racing_banks_one_gets_the_balance(lending: Lending) -> None:
    await lending.apply()
    await at_tradebank(lending)
    first = await lending.endorse(EXIMBANK, "financing:reserve", "L-1")
    second = await lending.endorse(TRADEBANK, "financing:reserve", "T-1")
    lending.ledger.commit(second)
    with pytest.raises(CommitInvalid, match="MVCC_READ_CONFLICT"):
        lending.ledger.commit(first)
    with pytest.raises(Refused, match="free"):
        await lending.reserve()


async def test_of_two_racing_loans_on_one_paper_one_gets_it(lending: Lending) -> None:
    await lending.file(trade.declaration(3))
    await lending.apply()
    application = trade.application("L-2")
    item = application.declarations[0].model_copy(update={"declaration_number": trade.number_of(3)})
    await lending.apply(application.model_copy(update={"declarations": (item,)}))
    first = await lending.endorse(EXIMBANK, "financing:reserve", "L-1")
    second = await lending.endorse(EXIMBANK, "financing:reserve", "L-2")
    lending.ledger.commit(second)
    with pytest.raises(CommitInvalid, match="MVCC_READ_CONFLICT"):
        lending.ledger.commit(first)


async def test_a_receipt_filed_meanwhile_is_a_conflict(lending: Lending) -> None:
    await lending.apply()
    held_back = await lending.endorse(EXIMBANK, "financing:reserve", "L-1")
    await lending.file(trade.receipt(amount="90000.00"))
    with pytest.raises(CommitInvalid, match="MVCC_READ_CONFLICT"):
        lending.ledger.commit(held_back)


# -- releasing ---------------------------------------------------------------------------------------------------------


async def test_balance_is_freed_only_when_no_approval_can_follow(lending: Lending) -> None:
    await lending.apply()
    with pytest.raises(NotFound, match="reserve first"):
        await lending.free()
    await lending.reserve()
    lending.later(days=30)  # expired, and still it holds
    with pytest.raises(Refused, match="is applied on the bank channel"):
        await lending.free()
    assert (await lending.balance()).held == usd("70000")
    await lending.loan(EXIMBANK, "reject", "L-1", "no")
    released = await lending.free(who=TRADEBANK)  # guarded by the ledger's state, so anybody may
    assert released.state is ReservationState.RELEASED
    assert (await lending.balance()).free == usd("100000")
    envelope = await lending.endorse(SAFE, "financing:release", "L-1")
    assert envelope.writes == {}
    with pytest.raises(NotAuthorized):
        await lending.free(who=OFFICER)


async def test_papers_of_a_loan_never_disbursed_are_free_again(lending: Lending) -> None:
    await lending.apply()
    await lending.reserve()
    await lending.loan(EXIMBANK, "reject", "L-1", "no")
    await lending.free()
    await at_tradebank(lending, invoice_total="100000.00")
    assert (await facts_for(lending, "T-1", TRADEBANK)).matches == ()
    await lending.reserve("T-1", TRADEBANK)


async def test_papers_of_a_disbursed_loan_stay_for_ever(lending: Lending) -> None:
    await lending.apply()
    await lending.check()
    await lending.reserve()
    await lending.approve()
    await lending.loan(EXIMBANK, "disburse", "L-1", "PAY-1")
    with pytest.raises(Refused, match="is disbursed on the bank channel"):
        await lending.free()
    await lending.loan(EXIMBANK, "repay", "L-1", "BACK-1")
    await lending.free()
    assert (await lending.balance()).free == usd("100000")
    await at_tradebank(lending, invoice_total="100000.00")
    with pytest.raises(Refused, match="financed already"):
        await lending.reserve("T-1", TRADEBANK)


# -- lists and bad input -----------------------------------------------------------------------------------------------


async def listed(lending: Lending, function: str, *arguments: object) -> list[str]:
    """The loans on a page of reservations."""
    page = await lending.ledger.evaluate(SAFE, "fx", f"financing:{function}", *arguments)
    assert isinstance(page, dict)
    return [each["loan_id"] for each in page["reservations"]]


async def test_reservations_are_listed_by_bank(lending: Lending) -> None:
    await lending.apply(trade.application("L-1", occupied="10000.00"))
    await lending.reserve()
    await at_tradebank(lending, occupied="10000.00", invoice_total="98765.00")
    await lending.file(TolerancePolicy(bank="TradebankMSP", fingerprinted=("invoice",)), bank=TRADEBANK)
    await lending.reserve("T-1", TRADEBANK)

    for function in ("reservations", "held"):
        assert await listed(lending, function) == ["L-1", "T-1"]
        assert await listed(lending, function, "TradebankMSP") == ["T-1"]
        assert await listed(lending, function, "", 1) == ["L-1"]


async def test_what_was_released_is_not_among_what_is_held(lending: Lending) -> None:
    for loan_id in ("L-1", "L-2"):
        await lending.apply(trade.application(loan_id, occupied="10000.00"))
        await lending.reserve(loan_id)
        assert await listed(lending, "held") == [loan_id]
        await lending.loan(EXIMBANK, "withdraw", loan_id, "the exporter found another bank")
        await lending.free(loan_id)
        assert await listed(lending, "held") == []
    assert await listed(lending, "reservations") == ["L-1", "L-2"]


async def test_calls_that_make_no_sense_are_named(lending: Lending) -> None:
    with pytest.raises(NotFound, match="customs has no declaration"):
        await lending.balance(99)
    with pytest.raises(InvalidDocument, match="18 digits"):
        await lending.endorse(SAFE, "financing:balance", "123")
    with pytest.raises(InvalidDocument):
        await lending.endorse(SAFE, "financing:reserve", "no such id!")
    with pytest.raises(Refused, match="lives on channel fx"):
        await lending.ledger.evaluate(SAFE, "bank", "financing:balance", trade.number_of(1))
