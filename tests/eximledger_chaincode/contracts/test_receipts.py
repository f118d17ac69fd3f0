"""Receipts on the ledger: which are one credit, and what takes one back."""

from __future__ import annotations

from datetime import date

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.credits import (
    ACCOUNT,
    at,
    bank,
    collected,
    credit,
    from_payer,
    namings,
    put,
    reversal,
    stored,
)
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.trade import DONGYU, SAFE, usd

from eximledger_chaincode.documents import (
    FxReceipt,
    Identifier,
    ReceiptStatus,
    ReferenceKind,
)
from hlf_chaincode.errors import Refused


@pytest.fixture
async def lending() -> Lending:
    return await opened(1, 2)


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
            credit(account_bank=bank("BKCHCNBJ300")),
            credit(account_bank=bank("ICBKCNBJGZU")),
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
            credit(account_bank=bank("BKCHCNBJ300")),
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
    (fourth,) = await put(lending, credit("TRX-9", account="NRA 7700 8812", filed_as=first.id))
    assert (fourth.id, fourth.version) == (first.id, 3)
    with pytest.raises(Refused, match="no receipt"):
        await put(lending, credit(filed_as="0" * 40))


async def test_a_receipt_whose_amount_was_amended_is_not_overwritten(lending: Lending) -> None:
    """However many there are: each next one stands beside them."""
    ids = []
    for amount in ("3900.00", "3800.00"):
        (filed,) = await put(lending, credit())
        await put(lending, credit(amount=amount, filed_as=filed.id))
        ids.append(filed.id)
    (last,) = await put(lending, credit())
    assert (last.version, len({*ids, last.id})) == (1, 3)
    assert await collected(lending) == usd("11700")


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


async def test_a_debit_that_is_taken_back_itself_leaves_the_credit_collected(lending: Lending) -> None:
    """The credit shares no reference with what takes its reversal back: it is found by the reversal."""
    late = date(2026, 8, 27)
    paid = credit("KB-1", identifiers=(Identifier(scheme="EndToEndId", value="E-55"),))
    for paper in (paid, reversal("E-55", reference="KB-2", booked_on=late, value_on=late)):
        await put(lending, paper)
    assert await collected(lending) == usd(0)
    (entry,) = await put(lending, credit("KB-2", reversal=True, remittance=(), booked_on=late, value_on=late))
    assert await collected(lending) == usd("4000")
    assert entry.note is not None
    assert f"receipt {paid.id} stands again" in entry.note


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("together", [True, False])
async def test_what_came_back_in_part_is_collected_no_more(lending: Lending, order: int, together: bool) -> None:
    """By a reference that banks gave, in whatever order the entries are filed; the sums of the exporter go with it."""
    papers = [credit(), reversal("TRX-88410", amount="1500.00")][::order]
    filed = (
        await put(lending, *papers) if together else [entry for each in papers for entry in await put(lending, each)]
    )
    assert await collected(lending) == usd("2500")
    for again in (*papers, *reversed(papers)):
        await put(lending, again)
    assert await collected(lending) == usd("2500")
    ids = [entry.id for entry in filed][::order]
    assert (await stored(lending, ids[0])).returned == usd(1500)
    await put(lending, reversal("TRX-88410", amount="2500.00", reference="BACK-2"))
    assert await collected(lending) == usd(0)
    assert namings(lending) == []


async def test_what_came_back_by_the_payers_word_is_collected_still(lending: Lending) -> None:
    """A payer may use its reference again: of which credit the part came back nobody knows."""
    await put(lending, credit(identifiers=(Identifier(scheme="EndToEndId", value="E-1"),)))
    (entry,) = await put(lending, reversal("E-1", amount="1500.00"))
    assert "no credit" in (entry.note or "")
    assert await collected(lending) == usd("4000")


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
    for other in (reversal(first.id, amount="4000.01"), reversal(first.id, account="NRA 1", reference="BACK-2")):
        (entry,) = await put(lending, other)
        assert entry.note is not None
        assert "no credit" in entry.note
    late = date(2026, 9, 2)  # of which no credit is: it is found by its id alone
    await put(lending, reversal(first.id, booked_on=late, value_on=late))
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
        (reversal("TRX-88410", account_bank=bank("ICBKCNBJGZU")), "no credit"),
    ],
)
async def test_a_reversal_of_none_or_of_several_says_so(lending: Lending, taken_back: FxReceipt, said: str) -> None:
    early = date(2026, 8, 19)
    mine = bank("BKCHCNBJ300")
    await put(lending, credit(account_bank=mine), credit(booked_on=early, value_on=early, account_bank=mine))
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
