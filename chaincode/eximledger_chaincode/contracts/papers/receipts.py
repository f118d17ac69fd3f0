"""Receipts: filing them, by what the ledger knows of each credit already, and what they name, by paper or by month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from eximledger_chaincode.contracts.papers.filing import Filing, draft_of, plan_filing, write_filings
from eximledger_chaincode.contracts.state.keys import (
    NOBODY,
    credit_key,
    document_key,
    receipts_of_declaration_key,
    receipts_of_invoice_key,
    unallocated_key,
)
from eximledger_chaincode.contracts.state.members import read_consortium, require_role
from eximledger_chaincode.contracts.state.names import placement_of
from eximledger_chaincode.contracts.state.records import record_of
from eximledger_chaincode.contracts.state.shelves import Shelf, open_shelf
from eximledger_chaincode.contracts.state.sums.amounts import items_in, names_in
from eximledger_chaincode.contracts.state.sums.months import months_between
from eximledger_chaincode.contracts.state.vault import KeyReader
from eximledger_chaincode.documents import FxReceipt
from eximledger_chaincode.lending.collecting.credits import CreditBook, lookups, return_lookups
from eximledger_chaincode.lending.collecting.naming import NamedPaper, ReceiptNaming, Unallocated
from hlf_chaincode.contract import Context

__all__ = ["file_receipts", "receipts_naming", "unallocated", "whose_unsaid"]

_KIND: Final = FxReceipt.KIND


async def file_receipts(context: Context, receipts: Sequence[FxReceipt]) -> list[Filing]:
    """File receipts in this order, in one transaction: the filing of each.

    One of them may be a credit that stands already (perhaps under another id, or filed just before it in the same
    call), or take another back, which is then amended too. Raises `Refused`, `NotAuthorized`.
    """
    placement = placement_of(_KIND, context.channel)
    looked_for = (lookup for each in receipts for lookup in (*lookups(each), *return_lookups(each)))
    keys = list(dict.fromkeys(credit_key(lookup) for lookup in looked_for))
    consortium = await read_consortium(context)
    require_role(context, consortium, {placement.writer})
    shelf = await open_shelf(context, consortium, placement)
    found = await shelf.get_many(keys)
    named = [
        id_ for each in receipts for id_ in (each.filed_as, each.numbered_id(1), *each.reverses) if id_ is not None
    ]
    stored = await _stored(shelf, [id_ for value in found for id_ in names_in(value)] + named)
    while missing := [id_ for each in receipts if (id_ := _next_id(each, stored)) not in stored]:
        stored |= await _stored(shelf, missing)
    taken_back = [_receipt(value).reversed_receipt for value in stored.values() if value is not None]
    stored |= await _stored(shelf, [id_ for id_ in taken_back if id_ is not None and id_ not in stored])
    before = {id_: _receipt(value) for id_, value in stored.items() if value is not None}
    book = CreditBook(dict(before))
    outcomes = [book.file(each) for each in receipts]
    notes = {outcome.id: outcome.note for outcome in outcomes if outcome.note}
    filings = {}
    for id_ in [*dict.fromkeys(outcome.id for outcome in outcomes), *_others(book, before)]:
        draft = draft_of(book.receipts[id_])
        note = notes.get(id_, "")
        filings[id_] = plan_filing(context, draft, stored.get(id_), before.get(id_), shelf.collection, note)
    changed = [filing for filing in filings.values() if filing.changed]
    await write_filings(context, shelf, changed, read=dict(zip(keys, found, strict=True)))
    return [filings[outcome.id] for outcome in outcomes]


async def _stored(shelf: Shelf, ids: Iterable[str]) -> dict[str, bytes | None]:
    wanted = list(dict.fromkeys(ids))
    values = await shelf.get_many([document_key(_KIND, id_) for id_ in wanted])
    return dict(zip(wanted, values, strict=True))


def _next_id(receipt: FxReceipt, stored: Mapping[str, bytes | None]) -> str:
    """The first of its ids that is not known to be another's: one that was amended may keep an id that its references
    no longer give."""
    number = 1
    while stored.get(receipt.numbered_id(number)) is not None:
        number += 1
    return receipt.numbered_id(number)


def _receipt(stored: bytes) -> FxReceipt:
    document = record_of(_KIND, stored).document
    assert isinstance(document, FxReceipt)  # noqa: S101 - the key names the kind
    return document


def _others(book: CreditBook, before: Mapping[str, FxReceipt]) -> list[str]:
    """Receipts that stood and were changed by filing others."""
    return sorted(id_ for id_, receipt in before.items() if book.receipts[id_] != receipt)


async def receipts_naming(
    shelf: KeyReader, exporter: str, declarations: Iterable[str], invoices: Iterable[str]
) -> tuple[ReceiptNaming, ...]:
    """Receipts of the exporter, or of nobody known, that name one of the declarations, and the exporter's that name one
    of the invoices (numbers in their compared form), each once, by id. Keys read singly.

    A number in free text is an invoice's where it is one of those asked for, so that two banks may be told otherwise.
    """
    numbers = list(dict.fromkeys(invoices))
    asked = list(dict.fromkeys(declarations))
    keys = [receipts_of_declaration_key(owner, number) for owner in (exporter, NOBODY) for number in asked]
    by_invoice = [receipts_of_invoice_key(exporter, number) for number in numbers]
    stored = await shelf.get_many([*keys, *by_invoice])
    found: dict[str, ReceiptNaming] = {}
    for value in stored[: len(keys)]:
        found |= {each.receipt_id: each for each in items_in(ReceiptNaming, value)}
    for number, value in zip(numbers, stored[len(keys) :], strict=True):
        for each in items_in(ReceiptNaming, value):
            known = found.get(each.receipt_id, each)
            if all(paper.number != number for paper in known.invoices):
                papers = sorted((*known.invoices, NamedPaper(number=number)), key=lambda paper: paper.number)
                known = known.model_copy(update={"invoices": tuple(papers)})
            found[each.receipt_id] = known
    return tuple(found[id_] for id_ in sorted(found))


async def unallocated(shelf: KeyReader, exporter: str, since: date, until: date) -> tuple[Unallocated, ...]:
    """The exporter's receipts of a period (both days included) that name nothing in a field for it, by id."""
    keys = [unallocated_key(exporter, month) for month in months_between(since, until)]
    found = [each for value in await shelf.get_many(keys) for each in items_in(Unallocated, value)]
    return tuple(sorted((each for each in found if since <= each.dated <= until), key=lambda each: each.receipt_id))


async def whose_unsaid(shelf: KeyReader, invoices: Iterable[str]) -> tuple[Unallocated, ...]:
    """Receipts of nobody known that name one of the invoices and no declaration, each once, by id. Another exporter may
    have an invoice of the number, so they collect nothing: an officer decides."""
    numbers = list(dict.fromkeys(invoices))
    stored = await shelf.get_many([receipts_of_invoice_key(NOBODY, number) for number in numbers])
    found: dict[str, Unallocated] = {}
    for number, value in zip(numbers, stored, strict=True):
        for each in items_in(ReceiptNaming, value):
            if not each.declarations:
                said = Unallocated(
                    receipt_id=each.receipt_id, amount=each.amount, payer="", dated=each.dated, invoice=number
                )
                found.setdefault(each.receipt_id, said)
    return tuple(found[id_] for id_ in sorted(found))
