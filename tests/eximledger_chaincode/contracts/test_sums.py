"""Sums over documents: after any filings, in any order and company, they are what the documents add up to."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Final, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.trade import DONGYU, EXIMBANK, OFFICER, OTHER, SAFE, usd
from tests.eximledger_chaincode.contracts.vaults import SALT, SECRET
from tests.hlf_chaincode.memory_peer import Identity, MemoryLedger

from eximledger_chaincode.contracts.state.indexes import index_rows
from eximledger_chaincode.contracts.state.records import entry_of, record_of
from eximledger_chaincode.contracts.state.sums.amounts import SumChanges, Sums, amounts_in
from eximledger_chaincode.contracts.state.sums.months import months_between, year_until
from eximledger_chaincode.contracts.state.vault import Vault
from eximledger_chaincode.documents import (
    Allocation,
    CommercialInvoice,
    DeclarationStatus,
    Document,
    ExportDeclaration,
    FxReceipt,
    Identifier,
    Money,
    ReceiptStatus,
    StatementPlace,
)
from hlf_chaincode.errors import FabricError, InvalidDocument
from hlf_chaincode.stub import composite_key, split_composite_key

ResultT = TypeVar("ResultT")

SUMS: Final = {
    "credit", "receipts-of-declaration", "receipts-of-invoice", "unallocated", "received", "declared",
    "contract-invoices", "numbered", "referred", "classes", "received-parts", "declared-parts",
    "contract-invoices-parts",
}  # fmt: skip
"""Every type of key that holds a sum."""


def run(coroutine: Coroutine[None, None, ResultT]) -> ResultT:
    """Drive a coroutine that waits for nothing, as all do on a ledger in memory."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: ResultT = stop.value
        return result
    raise AssertionError("it waits")


_named: dict[str, str] = {}
"""Every key of a vault by what the vault calls it, as long as these tests run: a vault's keys say nothing."""


@pytest.fixture(autouse=True, scope="module")
def _names_noted() -> Iterator[None]:
    genuine = Vault.stored_key

    def noted(vault: Vault, key: str) -> str:
        stored = genuine(vault, key)
        _named[stored] = key
        return stored

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Vault, "stored_key", noted)
        yield


_VAULTS: Final = {"fx": "receipts", "customs": "declarations", "bank": "papers-EximbankMSP"}


def _stored(ledger: MemoryLedger, channel: str) -> Iterator[tuple[str, str, bytes]]:
    """Of all that stands in the channel's vault: the type of its key, its key, its value."""
    for (where, name), value in ledger.channels[channel].values.items():
        if where == _VAULTS[channel] and name != SECRET:
            key = _named[name]
            if key.startswith("\x00"):
                yield split_composite_key(key)[0], key, value[SALT:]


def _kept(ledger: MemoryLedger, channel: str) -> dict[str, bytes]:
    return {key: value for kind, key, value in _stored(ledger, channel) if kind in SUMS}


def _added_up(ledger: MemoryLedger, channel: str) -> dict[str, bytes]:
    """The sums from the documents that stand, and from nothing else."""
    changes = SumChanges()
    for kind, _, value in _stored(ledger, channel):
        if kind == "document":
            entry = entry_of(value)
            changes.replace(entry.id, Sums(), index_rows(record_of(entry.kind, value).document).sums)
    sums = {key: value for key, value in changes.over({}).items() if value is not None}
    return sums | _told(sums)


def _told(sums: Iterable[str]) -> dict[str, bytes]:
    """By hand: under each sum's own key the digits of its parts."""
    told: dict[str, str] = {}
    for key in sorted(sums):
        name, attributes = split_composite_key(key)
        if name in {"received", "declared", "contract-invoices"}:
            whole = composite_key(f"{name}-parts", attributes[:-1])
            told[whole] = told.get(whole, "") + attributes[-1]
    return {key: digits.encode() for key, digits in told.items()}


async def file(ledger: MemoryLedger, who: Identity, channel: str, documents: Sequence[Document]) -> None:
    await ledger.submit(who, channel, "documents:put_many", documents[0].KIND, list(documents))


days = st.sampled_from([date(2026, 7, 31), date(2026, 8, 1), date(2026, 8, 20)])


@st.composite
def receipts(draw: st.DrawFn) -> FxReceipt:
    """Of two accounts, few references, amounts and days: many of them meet."""
    amount = Money.of(draw(st.sampled_from(["10.00", "20.00"])), draw(st.sampled_from(["USD", "EUR"])))
    day = draw(days)
    collects = draw(st.sampled_from([(), (1,), (1, 2)]))
    end_to_end = draw(st.sampled_from([None, "E-1", "E-2", "NOTPROVIDED"]))
    reverses = draw(st.sampled_from([(), (), ("E-1",), ("TRX-1A",), ("TRX-1A", "E-2")]))
    return FxReceipt(
        reference=draw(st.sampled_from(["TRX-1A", "TRX-2A", "7", "NONREF"])),
        account=draw(st.sampled_from(["NRA 1", "NRA 2"])),
        exporter_uscc=draw(st.sampled_from([None, DONGYU.uscc, DONGYU.uscc, OTHER.uscc])),
        statement=draw(st.sampled_from([None, *_PLACES])),
        status=draw(st.sampled_from([*ReceiptStatus, ReceiptStatus.BOOKED, ReceiptStatus.BOOKED])),
        amount=amount,
        booked_on=day,
        value_on=draw(st.sampled_from([None, day])),
        reversal=not reverses and draw(st.integers(0, 9)) == 0,
        reverses=reverses,
        remittance=draw(st.sampled_from([(), ("FOR DY-1 AND DY-2",), (trade.number_of(2),)])),
        allocations=tuple(
            Allocation(declaration_number=trade.number_of(serial), amount=Money.of("5.00", amount.currency))
            for serial in collects
        ) if not reverses else (),
        identifiers=(Identifier(scheme="EndToEndId", value=end_to_end),) if end_to_end else (),
    )  # fmt: skip


_PLACES: Final = [
    StatementPlace(form=form, report=report, place=place)
    for form, report, place in [("camt.053", "S1", "1"), ("camt.053", "S1", "2"), ("camt.054", "N1", "1")]
]


@st.composite
def declarations(draw: st.DrawFn) -> ExportDeclaration:
    return trade.declaration(
        draw(st.integers(1, 3)), draw(st.sampled_from(["100.00", "200.00"])), draw(st.sampled_from(DeclarationStatus)),
        draw(st.sampled_from([DONGYU, OTHER])), draw(days),
    )  # fmt: skip


@st.composite
def invoices(draw: st.DrawFn) -> CommercialInvoice:
    invoice = trade.invoice(draw(st.integers(1, 3)), total=draw(st.sampled_from(["100.00", "200.00"])))
    contract = draw(st.sampled_from([None, "SC-1", "sc 1", "SC-2"]))
    return invoice.model_copy(update={"contract_number": contract, "type_code": draw(st.sampled_from(["380", "381"]))})


def calls(documents: st.SearchStrategy[Document]) -> st.SearchStrategy[list[list[Document]]]:
    return st.lists(st.lists(documents, min_size=1, max_size=4), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("who", "channel", "documents"),
    [(SAFE, "fx", receipts()), (OFFICER, "customs", declarations()), (EXIMBANK, "bank", invoices())],
)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_sums_are_what_the_documents_add_up_to(
    who: Identity, channel: str, documents: st.SearchStrategy[Document], data: st.DataObject
) -> None:
    ledger = run(trade.founded())
    for call in data.draw(calls(documents)):
        with suppress(FabricError):  # a declaration that goes back, a paper twice in one call: nothing is filed
            run(file(ledger, who, channel, call))
        assert _kept(ledger, channel) == _added_up(ledger, channel)


@settings(max_examples=60, deadline=None)
@given(st.lists(receipts(), min_size=1, max_size=6))
def test_what_stands_is_the_same_filed_together_or_one_by_one_and_again(given_: list[FxReceipt]) -> None:
    together, singly = run(trade.founded("fx")), run(trade.founded("fx"))
    run(file(together, SAFE, "fx", given_))
    for receipt in given_:
        run(file(singly, SAFE, "fx", [receipt]))
    assert _kept(together, "fx") == _kept(singly, "fx")


@settings(max_examples=60, deadline=None)
@given(st.lists(receipts(), min_size=1, max_size=6))
def test_what_is_filed_again_collects_no_more_and_no_less(given_: list[FxReceipt]) -> None:
    ledger = run(trade.founded("fx"))
    run(file(ledger, SAFE, "fx", given_))
    received = _received(ledger)
    run(file(ledger, SAFE, "fx", given_))
    assert _received(ledger) == received


def _received(ledger: MemoryLedger) -> tuple[Money, ...]:
    return amounts_in(value for key, value in _kept(ledger, "fx").items() if split_composite_key(key)[0] == "received")


@settings(max_examples=60, deadline=None)
@given(receipts(), receipts())
def test_a_second_credit_never_makes_the_first_collect_less(first: FxReceipt, second: FxReceipt) -> None:
    """Whatever bears the same references: only who reverses or amends takes away."""
    first = first.model_copy(update={"status": ReceiptStatus.BOOKED, "reverses": (), "reversal": False})
    second = second.model_copy(update={"status": ReceiptStatus.BOOKED, "reverses": (), "reversal": False})
    ledger = run(trade.founded("fx"))
    run(file(ledger, SAFE, "fx", [first]))
    run(file(ledger, SAFE, "fx", [second]))
    received = amounts_in(value for key, value in _kept(ledger, "fx").items() if "\x00received\x00" in key)
    counted = [each for each in (first, second) if each.exporter is not None]
    for receipt in counted:
        (total,) = [money for money in received if money.currency == receipt.amount.currency]
        assert total >= receipt.amount
    if len(counted) == 2 and first.amount != second.amount:
        assert sum(money.amount for money in received) == first.amount.amount + second.amount.amount


async def test_five_hundred_receipts_in_one_call_are_all_in_the_sum() -> None:
    ledger = await trade.founded("fx")
    many = [trade.receipt(f"TRX-{serial:06}", "100.00", 1) for serial in range(500)]
    await file(ledger, SAFE, "fx", many)
    assert amounts_in(value for key, value in _kept(ledger, "fx").items() if "\x00received\x00" in key) == (
        usd(50_000),
    )
    assert ledger.last_requests.count("get_states") <= 8  # however many: two of them ask who is to have copies
    assert _kept(ledger, "fx") == _added_up(ledger, "fx")


def test_a_year_is_twelve_whole_months() -> None:
    for until in (date(2026, 9, 1), date(2026, 12, 31), date(2024, 2, 29), date(2025, 1, 15)):
        months = months_between(year_until(until), until)
        assert (len(months), months[-1]) == (12, until.replace(day=1))
    assert year_until(date(1, 5, 1)) == date(1, 1, 1)
    assert months_between(date(9999, 1, 1), date.max)[-1] == date(9999, 12, 1)
    assert len(months_between(date(2016, 10, 31), date(2026, 9, 1))) == 120
    for since in (date.min, date(2016, 9, 1)):
        with pytest.raises(InvalidDocument, match="at most 120 months"):
            months_between(since, date(2026, 9, 1))
