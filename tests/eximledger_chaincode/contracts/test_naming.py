"""What receipts that stand name, and what may be allocated of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.credits import (
    DAY,
    collected,
    credit,
    put,
    reversal,
)
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.trade import DONGYU, OTHER, SAFE, usd
from tests.hlf_chaincode.memory_peer import MemoryLedger

from eximledger_chaincode.contracts.papers.receipts import receipts_naming, unallocated, whose_unsaid
from eximledger_chaincode.contracts.state.vault import Vault, open_vault
from eximledger_chaincode.documents import (
    Allocation,
    Money,
    Party,
    Reference,
    compared_number,
)
from eximledger_chaincode.lending.collecting.naming import NamedPaper, ReceiptNaming, Unallocated
from hlf_chaincode.contract import Chaincode, Context, Contract, query


@pytest.fixture
async def lending() -> Lending:
    return await opened(1, 2)


async def _receipts(context: Context) -> Vault:
    return await open_vault(context, "receipts")


class _Asking(Contract):
    """Answers what the fx facts will ask."""

    name = "asking"

    @query
    async def naming(
        self, context: Context, exporter: str, declarations: list[str], invoices: list[str]
    ) -> list[ReceiptNaming]:
        return list(await receipts_naming(await _receipts(context), exporter, declarations, invoices))

    @query
    async def nothing(self, context: Context, exporter: str, since: date, until: date) -> list[Unallocated]:
        return list(await unallocated(await _receipts(context), exporter, since, until))

    @query
    async def unsaid(self, context: Context, invoices: list[str]) -> list[Unallocated]:
        return list(await whose_unsaid(await _receipts(context), invoices))


async def _asked(lending: Lending, function: str, *arguments: object) -> list[object]:
    ledger = MemoryLedger(Chaincode("asking", [_Asking()]), ["fx"], collections=trade.collection)
    ledger.channels = lending.ledger.channels
    answer = await ledger.evaluate(SAFE, "fx", f"asking:{function}", *arguments)
    assert isinstance(answer, list)
    return answer


async def named(
    lending: Lending, declarations: Sequence[int] = (), invoices: Sequence[str] = (), exporter: Party = DONGYU
) -> list[ReceiptNaming]:
    numbers = [trade.number_of(serial) for serial in declarations]
    compared = [compared_number(each) for each in invoices]
    return [
        ReceiptNaming.model_validate(each) for each in await _asked(lending, "naming", exporter.uscc, numbers, compared)
    ]


async def unnamed(lending: Lending, since: date = date(2026, 1, 1), until: date = date(2026, 12, 31)) -> list[str]:
    found = await _asked(lending, "nothing", DONGYU.uscc, since, until)
    return [Unallocated.model_validate(each).receipt_id for each in found]


@pytest.mark.parametrize(
    ("text", "invoice", "is_named"),
    [
        ("PAYMENT FOR DY/2026-071 LESS CHARGES", "DY/2026-071", True),
        ("payment for dy 2026 071", "DY/2026-071", True),
        ("inv:DY2026071,DY2026072", "DY/2026-071", True),
        ("DY/2026-071/DY/2026-072", "DY/2026-071", True),
        ("\uff24\uff39/2026-071", "DY/2026-071", True),
        ("DY-CN-2026-06-001", "dycn202606001", True),
        ("DY/2026-0711", "DY/2026-071", False),
        ("INV DY/2026", "DY/2026-071", False),
    ],
)
async def test_an_invoice_is_found_in_free_text(lending: Lending, text: str, invoice: str, is_named: bool) -> None:
    (entry,) = await put(lending, credit(remittance=(text,)))
    found = await named(lending, invoices=[invoice])
    if is_named:
        assert [each.receipt_id for each in found] == [entry.id]
        assert found[0].invoices == (NamedPaper(number=compared_number(invoice)),)
        assert (found[0].amount, found[0].dated) == (usd("4000"), DAY)
    else:
        assert found == []
    assert await unnamed(lending) == [entry.id]  # no field names a paper


@pytest.mark.parametrize("text", ["{} and more", "NR.{}/2", "{0[0]}{0[1]}{0[2]}{0[3]} {0[4]}{0[5]}{0[6]}{0[7]} {1}"])
async def test_a_declaration_is_found_in_free_text(lending: Lending, text: str) -> None:
    number = trade.number_of(1)
    await put(lending, credit(remittance=(text.format(number, number[8:]),)))
    assert [each.declarations for each in await named(lending, [1])] == [(NamedPaper(number=number),)]
    assert await unnamed(lending) == []


async def test_structured_amounts_are_kept_where_they_can_be(lending: Lending) -> None:
    def invoice(number: str, amount: str, currency: str = "USD") -> Reference:
        return Reference(kind="invoice", number=number, amount=Money.of(amount, currency))

    parts = (invoice("DY-1", "1000.00"), invoice("DY-2", "3000.00"))
    await put(lending, credit("TRX-1A", references=parts, remittance=()))
    for number, wrong in enumerate([
        (invoice("DY-1", "1000.00"), invoice("DY-2", "3000.01")),
        (invoice("DY-1", "5000.00"), invoice("DY-2", "-1000.00")),
        (invoice("DY-1", "0.00"), invoice("DY-2", "10.00")),
        (invoice("DY-1", "1000.00", "EUR"), invoice("DY-2", "10.00")),
    ]):  # fmt: skip
        await put(lending, credit(f"TRX-{number}B", references=wrong, remittance=()))
    found = sorted(await named(lending, invoices=["DY-1"]), key=lambda each: each.invoices[0].amount is None)
    assert [paper.amount for paper in found[0].invoices] == [usd("1000"), usd("3000")]
    assert len(found) == 5
    assert all(paper.amount is None for each in found[1:] for paper in each.invoices)
    assert await unnamed(lending) == []


async def test_what_a_receipt_gives_to_no_paper_stands_with_those_that_name_nothing(lending: Lending) -> None:
    """Cents on two declarations leave both claims open, and 3,999.95 dollars that somebody has to explain."""
    cents = (
        Reference(kind="declaration", number=trade.number_of(serial), amount=usd(amount))
        for serial, amount in ((1, "0.02"), (2, "0.03"))
    )
    (entry,) = await put(lending, credit(references=tuple(cents), remittance=()))
    assert [each.receipt_id for each in await named(lending, [1])] == [entry.id]
    (left,) = await _asked(lending, "nothing", DONGYU.uscc, date(2026, 1, 1), date(2026, 12, 31))
    found = Unallocated.model_validate(left)
    assert (found.receipt_id, found.amount, found.whole) == (entry.id, usd("3999.95"), usd("4000.00"))


async def test_the_words_of_a_deposit_are_kept_for_who_knows_the_contract(lending: Lending) -> None:
    await put(lending, credit(remittance=("30PCT DEPOSIT CONTRACT KW-8801",)))
    (left,) = await _asked(lending, "nothing", DONGYU.uscc, date(2026, 1, 1), date(2026, 12, 31))
    assert "KW8801" in Unallocated.model_validate(left).mentioned


async def test_a_receipt_of_many_words_keeps_the_first_two_dozen(lending: Lending) -> None:
    await put(lending, credit(remittance=(" ".join(f"KW{number}" for number in range(70)),)))
    (left,) = await _asked(lending, "nothing", DONGYU.uscc, date(2026, 1, 1), date(2026, 12, 31))
    assert Unallocated.model_validate(left).mentioned == tuple(f"KW{number}" for number in range(24))


async def test_an_invoice_in_a_field_and_one_in_the_text_are_both_named(lending: Lending) -> None:
    in_field = Reference(kind="invoice", number="DY-7", amount=usd("3000.00"))
    await put(lending, credit(references=(in_field,), remittance=("AND FOR DY-3",)))
    (found,) = await named(lending, invoices=["DY-3", "DY-7"])
    assert found.invoices == (NamedPaper(number="DY3"), NamedPaper(number="DY7", amount=usd("3000.00")))


async def test_another_exporters_receipt_takes_nothing(lending: Lending) -> None:
    allocation = Allocation(declaration_number=trade.number_of(1), amount=usd("4000"))
    texts = (f"DY-1 {trade.number_of(1)}",)
    await put(lending, credit(exporter_uscc=OTHER.uscc, allocations=(allocation,), remittance=texts))
    assert await collected(lending) == usd(0)
    assert await named(lending, [1], ["DY-1"]) == []
    await put(lending, credit("TRX-7A", exporter_uscc=None, remittance=texts))  # whose it is nobody said
    assert await collected(lending) == usd("4000")
    assert [each.exporter for each in await named(lending, [1], ["DY-1"])] == [None]


async def test_what_names_nothing_is_told_by_month(lending: Lending) -> None:
    days = [date(2026, 6, 30), date(2026, 7, 1), date(2026, 8, 31)]
    filed = await put(lending, *(credit(f"TRX-{day:%m}A", remittance=(), booked_on=day, value_on=day) for day in days))
    ids = [entry.id for entry in filed]
    assert await unnamed(lending, date(2026, 7, 1), date(2026, 8, 31)) == sorted(ids[1:])
    assert await unnamed(lending, date(2026, 6, 30), date(2026, 8, 30)) == sorted(ids[:2])
    await put(
        lending, credit("TRX-07A", remittance=("FOR DY-1",), booked_on=days[1], value_on=days[1], filed_as=ids[1])
    )
    assert await unnamed(lending, date(2026, 7, 1), date(2026, 8, 30)) == [ids[1]]
    await put(lending, credit("TRX-07A", booked_on=days[1], value_on=days[1], filed_as=ids[1]))
    assert await unnamed(lending, date(2026, 7, 1), date(2026, 8, 30)) == []


async def test_a_debit_that_waits_is_told_by_month_until_it_meets_its_credit(lending: Lending) -> None:
    """So that an officer sees it: the credit that it takes back still collects."""
    (waits,) = await put(lending, reversal("TRX-88410"))
    found = await _asked(lending, "nothing", DONGYU.uscc, DAY, DAY)
    (told,) = (Unallocated.model_validate(each) for each in found)
    assert (told.receipt_id, told.amount, told.takes_back) == (waits.id, usd("4000"), True)
    await put(lending, credit())
    assert await unnamed(lending) == []
    await put(lending, reversal("TRX-9", exporter_uscc=None, reference="BACK-2"))  # whose it is nobody said
    assert await unnamed(lending) == []


@pytest.mark.parametrize(
    ("amounts", "reason"),
    [
        (["-1.00"], "more than zero"),
        (["0.00"], "more than zero"),
        (["4000.01"], "more is allocated"),
        (["4000.00", "0.01"], "more is allocated"),
        (["5000.00", "-1000.00"], "more than zero"),
    ],
)
@pytest.mark.parametrize("instructed", [None, usd("4000.00"), Money.of("3500.00", "EUR"), usd("3990.00")])
def test_allocations_are_of_what_came(amounts: list[str], reason: str, instructed: Money | None) -> None:
    allocations = [
        Allocation(declaration_number=trade.number_of(serial), amount=usd(amount))
        for serial, amount in enumerate(amounts, 1)
    ]
    with pytest.raises(ValueError, match=reason):
        credit(allocations=allocations, instructed_amount=instructed)


def test_allocations_are_in_one_currency_that_came() -> None:
    euro = Allocation(declaration_number=trade.number_of(1), amount=Money.of("10.00", "EUR"))
    dollar = Allocation(declaration_number=trade.number_of(2), amount=usd("10.00"))
    with pytest.raises(ValueError, match="in the currency"):
        credit(allocations=(euro,))
    with pytest.raises(ValueError, match="in one currency"):
        credit(allocations=(euro, dollar), instructed_amount=Money.of("3500.00", "EUR"))
    assert credit(allocations=(euro,), instructed_amount=Money.of("3500.00", "EUR")).allocations == (euro,)
    instructed = usd("4020.00")
    whole = Allocation(declaration_number=trade.number_of(1), amount=instructed)
    assert credit(allocations=(whole,), instructed_amount=instructed).allocations == (whole,)


async def test_a_receipt_of_nobody_known_that_names_an_invoice_collects_nothing_and_is_told(lending: Lending) -> None:
    """Another exporter may have an invoice of that number; but it must not be passed over in silence."""
    naming = Reference(kind="invoice", number="INV-1")
    await put(lending, credit(exporter_uscc=None, remittance=(), references=(naming,)))
    wanted = compared_number("INV-1")
    assert await _asked(lending, "naming", DONGYU.uscc, [], [wanted]) == []
    (told,) = await _asked(lending, "unsaid", [wanted, compared_number("INV-2")])
    assert isinstance(told, dict)
    assert (told["invoice"], told["amount"]["amount"]) == (wanted, "4000.00")
    await lending.apply(trade.application(amount="100000.00"))
    found = {finding.rule for finding in (await lending.check()).findings}
    assert "RECEIPT-UNALLOCATED" in found


@pytest.mark.parametrize(
    ("ordered", "told"), [("1.00", {"RECEIPT-DOUBTFUL"}), ("99999999.00", {"RECEIPT-DOUBTFUL"}), ("100000.00", set())]
)
async def test_a_case_goes_by_what_was_credited_and_an_officer_is_told(
    lending: Lending, ordered: str, told: set[str]
) -> None:
    """The peers ask SAFE's channel for the quotation of the day on which the receipt came."""
    paid = credit(instructed_amount=usd(ordered)).model_copy(update={"amount": Money.of("712500.00", "CNY")})
    await lending.file(trade.rate(DAY), paid)
    await lending.apply(trade.application(amount="100000.00"))
    found = {finding.rule for finding in (await lending.check()).findings}
    assert "CLAIM-PAID" in found
    assert found & {"RECEIPT-DOUBTFUL"} == told
