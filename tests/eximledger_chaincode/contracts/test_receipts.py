"""Receipts on the ledger: which are one credit, what takes one back, and what those that stand name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.trade import DONGYU, OFFICER, OTHER, SAFE, usd
from tests.hlf_chaincode.memory_peer import MemoryLedger

from eximledger_chaincode.contracts.papers.receipts import receipts_naming, unallocated
from eximledger_chaincode.contracts.state.keys import receipts_of_declaration_key
from eximledger_chaincode.documents import (
    Allocation,
    DeclarationStatus,
    Entry,
    FxReceipt,
    Identifier,
    Money,
    Party,
    ReceiptStatus,
    Reference,
    ReferenceKind,
    StatementPlace,
    compared_number,
)
from eximledger_chaincode.lending.naming import NamedPaper, ReceiptNaming, Unallocated
from hlf_chaincode.contract import Chaincode, Context, Contract, query
from hlf_chaincode.errors import Refused

ACCOUNT = "NRA 7700 8811"
DAY = date(2026, 8, 20)


def at(report: str, place: str = "1", form: str = "camt.054") -> StatementPlace:
    return StatementPlace(form=form, report=report, made="2026-08-21T07:00:00", place=place)


def credit(reference: str = "TRX-88410", amount: str = "4000.00", **changes: object) -> FxReceipt:
    """A booked credit of Dongyu's that names declaration 1 in its text."""
    sound: dict[str, object] = {
        "reference": reference, "account": ACCOUNT, "exporter_uscc": DONGYU.uscc, "payer": trade.BUYER,
        "amount": usd(amount), "booked_on": DAY, "value_on": DAY, "remittance": (f"DECL {trade.number_of(1)}",),
    }  # fmt: skip
    return FxReceipt.model_validate(sound | changes)


def from_payer(value: str, report: str, place: str = "1", **changes: object) -> FxReceipt:
    """A credit that only the payer gave a reference."""
    changes = {
        "reference_kind": ReferenceKind.PAYER,
        "statement": changes.get("statement") or at(report, place),
    } | changes
    own = (Identifier(scheme="EndToEndId", value=value.partition("/")[0]),)
    return credit(value, "4000.00", identifiers=own, **changes)


def reversal(*references: str, amount: str = "4000.00", reference: str = "BACK-1", **changes: object) -> FxReceipt:
    return credit(reference, amount, **({"reverses": references, "remittance": ()} | changes))


@pytest.fixture
async def lending() -> Lending:
    return await opened(1, 2)


async def put(lending: Lending, *receipts: FxReceipt) -> list[Entry]:
    """File in one call."""
    answer = await lending.ledger.submit(SAFE, "fx", "documents:put_many", "receipt", list(receipts))
    assert isinstance(answer, list)
    return [Entry.model_validate(entry) for entry in answer]


async def stored(lending: Lending, id_: str) -> FxReceipt:
    record = await lending.ledger.evaluate(SAFE, "fx", "documents:get", "receipt", id_)
    assert isinstance(record, dict)
    return FxReceipt.model_validate(record["document"])


def namings(lending: Lending, serial: int = 1) -> list[ReceiptNaming]:
    value = lending.ledger.channels["fx"].values.get(("", receipts_of_declaration_key(trade.number_of(serial))), b"{}")
    return [ReceiptNaming.model_validate(each) for each in json.loads(value).values()]


async def collected(lending: Lending, serial: int = 1) -> Money:
    return (await lending.balance(serial)).collected


# -- one credit, or two ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (credit(), credit(amount="60.00")),
        (credit(), credit(booked_on=date(2026, 8, 21), value_on=date(2026, 8, 21))),
        (credit(), credit(account="NRA 7700 8812")),
        (credit("B7/1", part=1), credit("B71")),
        (credit("B7/1", part=1), credit("B7/1")),
        (credit("AB-1-1"), credit("AB-11")),
        (credit("1", statement=at("S1", form="camt.053")), credit("1", statement=at("S2", form="camt.053"))),
        (credit("NOTPROVIDED", statement=at("S1")), credit("NOTPROVIDED", statement=at("S2"))),
        (credit("nonref"), credit("nonref", remittance=(f"MORE {trade.number_of(1)}",))),
        (credit(ACCOUNT, statement=at("S1")), credit(ACCOUNT, statement=at("S2"))),
        (credit("DE89370400440532013000", statement=at("S1")), credit("DE89370400440532013000", statement=at("S2"))),
        (credit(statement=at("S1", "1")), credit(statement=at("S1", "2"))),
        (from_payer("INVOICES", "N1"), from_payer("INVOICES", "N2")),
        (from_payer("INVOICES", "N1", "1"), from_payer("INVOICES", "N1", "2")),
        (
            from_payer("INVOICES/2", "N1", part=2),
            from_payer("INVOICES/3", "", statement=at("S1", form="camt.053"), part=3),
        ),
        (
            credit(identifiers=(Identifier(scheme="EndToEndId", value="E-1"),)),
            credit(identifiers=(Identifier(scheme="EndToEndId", value="E-2"),)),
        ),
        (
            credit(account_bank=Party(name="A", identifiers=(Identifier(scheme="BIC", value="BKCHCNBJ300"),))),
            credit(account_bank=Party(name="B", identifiers=(Identifier(scheme="BIC", value="ICBKCNBJGZU"),))),
        ),
    ],
    ids=lambda one: f"{one.reference} {one.amount.amount}",
)  # fmt: skip
@pytest.mark.parametrize("together", [True, False])
async def test_two_credits_are_two_receipts(
    lending: Lending, first: FxReceipt, second: FxReceipt, together: bool
) -> None:
    filed = await put(lending, first, second) if together else [*await put(lending, first), *await put(lending, second)]
    assert all(entry.version == 1 for entry in filed)
    assert len({entry.id for entry in filed}) == 2
    assert await collected(lending) == first.amount + second.amount
    again = [*await put(lending, first), *await put(lending, second)]
    assert len({entry.id for entry in [*filed, *again]}) == 2
    assert await collected(lending) == first.amount + second.amount


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (credit(statement=at("S1", form="camt.053")), credit(statement=at("N1"))),
        (credit(), credit(exporter_uscc=None)),
        (credit(exporter_uscc=None), credit()),
        (credit(exporter_uscc=None, statement=at("S1", form="camt.053")), credit(statement=at("N1"))),
        (credit(statement=at("S1", form="camt.053")), credit(exporter_uscc=None, statement=at("N1"))),
        (credit(), credit(account="NRA77008811")),
        (credit(value_on=None), credit(statement=at("N1"), booked_on=None)),
        (from_payer("E-1", "N1"), from_payer("E-1", "S1", statement=at("S1", form="camt.053"))),
        (
            credit(statement=at("S1", form="camt.053"), identifiers=(Identifier(scheme="EndToEndId", value="E-1"),)),
            from_payer("E-1", "N1"),
        ),
        (
            from_payer("E-1", "N1"),
            credit(statement=at("S1", form="camt.053"), identifiers=(Identifier(scheme="EndToEndId", value="E-1"),)),
        ),
        (
            credit(statement=at("S1", form="camt.053")),
            credit(account_bank=Party(name="A", identifiers=(Identifier(scheme="BIC", value="BKCHCNBJ300"),))),
        ),
    ],
)
@pytest.mark.parametrize("together", [True, False])
async def test_one_credit_collects_once(lending: Lending, first: FxReceipt, second: FxReceipt, together: bool) -> None:
    filed = await put(lending, first, second) if together else [*await put(lending, first), *await put(lending, second)]
    assert len({entry.id for entry in filed}) == 1
    assert await collected(lending) == first.amount
    assert (await stored(lending, filed[0].id)).exporter_uscc == DONGYU.uscc


async def test_what_cannot_be_told_apart_is_marked_on_both(lending: Lending) -> None:
    (first,) = await put(lending, from_payer("INVOICES", "N1"))
    assert [naming.doubtful for naming in namings(lending)] == [False]
    (second,) = await put(lending, from_payer("INVOICES", "N2"))
    assert [naming.doubtful for naming in namings(lending)] == [True, True]
    assert second.note is not None
    assert first.id in second.note
    assert (await stored(lending, first.id)).alike == (second.id,)


async def test_a_credit_without_a_reference_in_two_reports_is_doubtful(lending: Lending) -> None:
    place = {"reference_kind": ReferenceKind.PLACE}
    await put(lending, credit("S1-1", statement=at("S1", form="camt.053"), **place))
    await put(lending, credit("N4-1", statement=at("N4"), **place))
    assert [naming.doubtful for naming in namings(lending)] == [True, True]


async def test_another_report_takes_no_name_away(lending: Lending) -> None:
    (first,) = await put(lending, credit(statement=at("S1", form="camt.053")))
    (second,) = await put(lending, credit(statement=at("N1"), remittance=(), payer=None))
    assert (second.id, second.version) == (first.id, 1)
    assert await collected(lending) == usd("4000")
    (third,) = await put(lending, credit(statement=at("N1"), remittance=(f"ALSO {trade.number_of(2)}",)))
    assert (third.id, third.version) == (first.id, 2)
    assert {paper.number for paper in namings(lending)[0].declarations} == {trade.number_of(1), trade.number_of(2)}


async def test_who_names_the_id_amends(lending: Lending) -> None:
    (first,) = await put(lending, credit())
    (second,) = await put(lending, credit(amount="3900.00", filed_as=first.id))
    assert (second.id, second.version) == (first.id, 2)
    assert await collected(lending) == usd("3900")
    (third,) = await put(lending, credit(amount="3900.00", filed_as=first.id))
    assert third.version == 2
    with pytest.raises(Refused, match="no receipt"):
        await put(lending, credit(filed_as="0" * 40))


async def test_a_receipt_whose_amount_was_amended_is_not_overwritten(lending: Lending) -> None:
    (first,) = await put(lending, credit())
    await put(lending, credit(amount="3900.00", filed_as=first.id))
    (second,) = await put(lending, credit())
    assert (second.version, second.id == first.id) == (1, False)
    assert await collected(lending) == usd("7900")


async def test_a_person_finds_a_receipt_by_its_reference(lending: Lending) -> None:
    filed = await put(lending, credit(), credit(amount="60.00"))
    found = await lending.ledger.evaluate(SAFE, "fx", "documents:find", "receipt", "trx 88410")
    assert isinstance(found, list)
    assert {entry["id"] for entry in found} == {entry.id for entry in filed}


# -- announced, booked, reversed ---------------------------------------------------------------------------------------


def announced(receipt: FxReceipt, status: ReceiptStatus = ReceiptStatus.PENDING) -> FxReceipt:
    """The notice before the booking, with the day that the bank expected."""
    return receipt.model_copy(update={"status": status, "booked_on": None, "value_on": date(2026, 8, 22)})


@pytest.mark.parametrize("status", [ReceiptStatus.PENDING, ReceiptStatus.INFORMATION])
@pytest.mark.parametrize(
    ("early", "late"),
    [
        (credit(), credit()),
        (from_payer("E-1", "N1"), from_payer("E-1", "N2")),
    ],
)
async def test_status_goes_forward_only(
    lending: Lending, early: FxReceipt, late: FxReceipt, status: ReceiptStatus
) -> None:
    early = announced(early, status)
    (notice,) = await put(lending, early)
    assert await collected(lending) == usd(0)
    (booked,) = await put(lending, late)
    assert (booked.id, booked.version) == (notice.id, 2)
    assert await collected(lending) == usd("4000")
    (again,) = await put(lending, early)
    assert (again.id, again.version) == (notice.id, 2)
    assert again.note is not None
    assert "booked already" in again.note
    assert await collected(lending) == usd("4000")


async def test_a_pending_entry_filed_after_the_booked_one_adds_nothing(lending: Lending) -> None:
    (booked,) = await put(lending, credit())
    events = len(lending.ledger.channels["fx"].events)
    (late,) = await put(lending, announced(credit()))
    assert (late.id, late.version) == (booked.id, 1)
    assert len(lending.ledger.channels["fx"].events) == events
    assert await collected(lending) == usd("4000")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("together", [True, False])
async def test_a_reversal_gives_back(lending: Lending, order: tuple[int, int], together: bool) -> None:
    papers = [credit(identifiers=(Identifier(scheme="EndToEndId", value="E-1"),)), reversal("E-1")]
    given = [papers[place] for place in order]
    filed = await put(lending, *given) if together else [entry for each in given for entry in await put(lending, each)]
    assert await collected(lending) == usd(0)
    ids = dict(zip(order, (entry.id for entry in filed), strict=True))
    taken = await stored(lending, ids[0])
    assert (taken.status, taken.reversed_by) == (ReceiptStatus.REVERSED, ids[1])
    assert (await stored(lending, ids[1])).reversed_receipt == ids[0]
    for again in (*papers, *reversed(papers)):
        await put(lending, again)
    assert await collected(lending) == usd(0)
    assert namings(lending) == []


async def test_a_reversed_credit_stays_reversed_and_a_new_one_counts(lending: Lending) -> None:
    await put(lending, credit(), reversal("TRX-88410"))
    (again,) = await put(lending, credit())
    assert again.note is not None
    assert "reversed already" in again.note
    await put(lending, credit("TRX-90001"))
    assert await collected(lending) == usd("4000")


async def test_an_officer_files_a_receipt_as_reversed(lending: Lending) -> None:
    await put(lending, credit())
    await put(lending, credit(status=ReceiptStatus.REVERSED))
    assert await collected(lending) == usd(0)


async def test_a_reversal_by_the_ledgers_id(lending: Lending) -> None:
    first, _second = await put(lending, credit(), credit(booked_on=date(2026, 8, 19), value_on=date(2026, 8, 19)))
    for other in (reversal(first.id, amount="39.00"), reversal(first.id, account="NRA 1", reference="BACK-2")):
        (entry,) = await put(lending, other)
        assert entry.note is not None
        assert "no credit" in entry.note
    await put(lending, reversal(first.id))
    assert await collected(lending) == usd("4000")
    assert (await stored(lending, first.id)).status is ReceiptStatus.REVERSED


@pytest.mark.parametrize(
    ("taken_back", "said"),
    [
        (reversal("E-9"), "no credit"),
        (reversal("TRX-88410", amount="3999.00"), "no credit"),
        (reversal("TRX-88410", account="NRA 1"), "no credit"),
        (reversal("TRX-88410", booked_on=date(2026, 8, 18), value_on=date(2026, 8, 18)), "no credit"),
        (reversal("TRX-88410"), "2 credits"),
    ],
)
async def test_a_reversal_of_none_or_of_several_says_so(lending: Lending, taken_back: FxReceipt, said: str) -> None:
    await put(lending, credit(), credit(booked_on=date(2026, 8, 19), value_on=date(2026, 8, 19)))
    (entry,) = await put(lending, taken_back)
    assert entry.note is not None
    assert said in entry.note
    assert await collected(lending) == usd("8000")
    (again,) = await put(lending, taken_back)
    assert (again.version, again.note) == (1, entry.note)


async def test_a_reversal_that_is_amended_finds_its_credit(lending: Lending) -> None:
    await put(lending, credit())
    (lost,) = await put(lending, reversal("TRX-88401"))
    assert await collected(lending) == usd("4000")
    (found,) = await put(lending, reversal("TRX-88410"))
    assert (found.id, found.version) == (lost.id, 2)
    assert found.note is not None
    assert "reverses receipt" in found.note
    assert await collected(lending) == usd(0)


async def test_a_person_says_which_of_several_credits_is_meant(lending: Lending) -> None:
    same = (Identifier(scheme="EndToEndId", value="E-1"),)
    first, _ = await put(lending, credit("TRX-1A", identifiers=same), credit("TRX-2A", identifiers=same))
    (waiting,) = await put(lending, reversal("E-1"))
    assert waiting.note is not None
    assert "2 credits" in waiting.note
    await put(lending, reversal(first.id, reference="BACK-2"))
    assert await collected(lending) == usd("4000")


async def test_returns_count_as_nothing(lending: Lending) -> None:
    await put(lending, credit(reversal=True))
    assert await collected(lending) == usd(0)


# -- what receipts name ------------------------------------------------------------------------------------------------


class _Asking(Contract):
    """Answers what the fx facts will ask."""

    name = "asking"

    @query
    async def naming(
        self, context: Context, exporter: str, declarations: list[str], invoices: list[str]
    ) -> list[ReceiptNaming]:
        return list(await receipts_naming(context, exporter, declarations, invoices))

    @query
    async def nothing(self, context: Context, exporter: str, since: date, until: date) -> list[Unallocated]:
        return list(await unallocated(context, exporter, since, until))


async def _asked(lending: Lending, function: str, *arguments: object) -> list[object]:
    ledger = MemoryLedger(Chaincode("asking", [_Asking()]), ["fx"])
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
    assert credit(allocations=(whole,), instructed_amount=instructed).paid == instructed


# -- how far a declaration has come ------------------------------------------------------------------------------------

D, R, S, A, C = DeclarationStatus


@pytest.mark.parametrize(
    ("life", "reached"),
    [
        ([D, A], D), ([R, A], R), ([S, A], S), ([S, A, A, S], S), ([D, A, R, A], R), ([D, A, D], D), ([R, C], R),
    ],
)  # fmt: skip
async def test_an_amended_declaration_keeps_what_it_had_reached(
    lending: Lending, life: list[DeclarationStatus], reached: DeclarationStatus
) -> None:
    for place, status in enumerate(life):
        await lending.file(trade.declaration(7, status=status, remarks=f"version {place}"))
    entry = await lending.ledger.evaluate(OFFICER, "customs", "documents:entry", "declaration", trade.number_of(7))
    assert isinstance(entry, dict)
    assert entry["reached"] == reached


@pytest.mark.parametrize("life", [[S, A, D], [S, A, R], [R, A, D], [R, A, A, D], [D, R, A, D], [S, A, A, R]])
async def test_an_amendment_takes_no_declaration_back(lending: Lending, life: list[DeclarationStatus]) -> None:
    *before, last = life
    for place, status in enumerate(before):
        await lending.file(trade.declaration(7, status=status, remarks=f"version {place}"))
    with pytest.raises(Refused, match="before it was amended"):
        await lending.file(trade.declaration(7, status=last, remarks="back"))


@pytest.mark.parametrize(
    ("dates", "reached"),
    [({}, D), ({"released_on": date(2026, 7, 21)}, R), ({"settled_on": date(2026, 7, 23)}, S)],
)
async def test_customs_dates_tell_what_was_reached_before_the_ledger_saw_it(
    lending: Lending, dates: dict[str, date], reached: DeclarationStatus
) -> None:
    await lending.file(trade.declaration(8, status=A).model_copy(update=dates))
    for status in (D, R, S):
        declaration = trade.declaration(8, status=status, remarks=status)
        if [D, R, S].index(status) < [D, R, S].index(reached):
            with pytest.raises(Refused):
                await lending.file(declaration)
        else:
            await lending.file(declaration)
