"""One file, as our reader has it, beside what was taken from it by other means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from bench.corpora.edifact import expected_in
from bench.corpora.files import Sort, sort_of
from bench.corpora.invoices import Expected, day, every, expected_of, text
from bench.corpora.statements import Entry, camt_entries, mt_entries
from bench.corpora.values import invented, said_of
from eximledger.formats import Reading, read
from eximledger_chaincode.documents import CommercialInvoice, Document, FxReceipt, Money, ReceiptStatus
from hlf_client.errors import InvalidDocument

__all__ = ["Verdict", "compare"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one file: "read", "refused", "wrong", or "other" where it is of no kind that is claimed."""

    path: Path
    outcome: str
    what: str
    reasons: tuple[str, ...] = field(default=())


def compare(path: Path) -> Verdict:
    """Raises nothing: a reader that crashes is wrong."""
    sort = sort_of(path)
    try:
        reading = read(path)
    except InvalidDocument as error:
        reason = f"{error.field} {error.reason}".strip()
        return Verdict(path, "refused" if sort.family else "other", sort.what, (reason,))
    except Exception as error:
        return Verdict(path, "wrong", sort.what, (f"crashed: {error!r}",))
    if not sort.family:
        return Verdict(path, "other", f"{sort.what}, read as {reading.format}")
    wrong = tuple(_differences(sort, reading))
    return Verdict(path, "wrong" if wrong else "read", sort.what, wrong)


def _differences(sort: Sort, reading: Reading) -> Iterator[str]:
    said = said_of(sort.texts())
    for document in reading.documents:
        yield from invented(document.model_dump(), said)
    if sort.family in {"invoice", "edifact"}:
        right = [each for paper in sort.papers for each in expected_of(paper)] or expected_in(sort.source)
        if len(right) != len(reading.documents):
            yield f"{len(reading.documents)} invoices read, the file has {len(right)}"
        for expected, document in zip(right, reading.documents, strict=False):
            yield from _of_invoice(expected, document)
    elif sort.family == "paper" and sort.root is not None:
        yield from _of_paper(sort, reading)
    elif sort.family in {"camt", "mt"}:
        yield from _of_statement(sort, reading)


def _of_invoice(expected: Expected, found: Document) -> Iterator[str]:
    if not isinstance(found, CommercialInvoice):
        yield f"read as a {found.KIND}"
        return
    totals = found.totals
    ours: Expected = {
        "type_code": found.type_code, "invoice_number": found.invoice_number, "issued_on": str(found.issued_on),
        "due_on": str(found.due_on) if found.due_on else None, "currency": found.currency,
        "seller": set(found.seller.names), "buyer": set(found.buyer.names),
        "payable": _amount(totals.payable), "total_of_lines": _amount(totals.lines),
        "without_tax": _amount(totals.without_tax), "with_tax": _amount(totals.with_tax),
        "tax": _amount(totals.tax), "third_parties": _amount(totals.for_third_parties),
        "prepaid": _amount(totals.prepaid), "rounding": _amount(totals.rounding),
        "line_numbers": [line.number for line in found.lines],
        "line_quantities": [line.quantity for line in found.lines],
        "line_units": [line.unit for line in found.lines],
        "line_amounts": [_amount(line.amount) for line in found.lines],
        "line_prices": [line.unit_price for line in found.lines],
        "tax_amounts": sorted(each.tax_amount.amount for each in found.taxes),
    }  # fmt: skip
    for name, right in expected.items():
        if right is not ... and not _same(name, ours[name], right):
            yield f"{name}: read {_short(ours[name])}, the file says {_short(right)}"


def _same(name: str, ours: object, right: object) -> bool:
    if isinstance(right, set) and isinstance(ours, set):
        return right <= ours
    if name == "tax_amounts" and isinstance(right, list) and isinstance(ours, list):
        return not Counter(ours) - Counter(right)
    return ours == right


def _of_paper(sort: Sort, reading: Reading) -> Iterator[str]:
    assert sort.root is not None
    (found,) = reading.documents
    number, issued = text(sort.root, "ID"), day(sort.root, "IssueDate")
    if found.number != number:
        yield f"number: read {found.number}, the file says {number}"
    if issued is not None and str(found.dated) != issued:
        yield f"dated: read {found.dated}, the file says {issued}"
    lines = len(every(sort.root, "OrderLine")) or len(every(sort.root, "DespatchLine"))
    own: tuple[Document, ...] = getattr(found, "lines", ())
    if lines and len(own) != lines:
        yield f"lines: read {len(own)}, the file has {lines}"


def _of_statement(sort: Sort, reading: Reading) -> Iterator[str]:
    """Every receipt is an entry of the file, of its amount and day, credited unless it takes a credit back; none is
    read more often than it has parts. Every credit in a foreign currency is a receipt, or something is reported."""
    entries = list(camt_entries(sort.root) if sort.root is not None else mt_entries(sort.message))
    taken: Counter[int] = Counter()
    for receipt in reading.documents:
        if not isinstance(receipt, FxReceipt):
            yield f"read as a {receipt.KIND}"
            continue
        meant = [place for place, entry in enumerate(entries) if _is_of(receipt, entry)]
        free = [place for place in meant if taken[place] < entries[place].count]
        if not free:
            what = "no entry of the file" if not meant else "an entry that was read already"
            yield f"receipt of {receipt.amount} on {receipt.value_on or receipt.booked_on}: {what}"
        else:
            taken[free[0]] += 1
    foreign = [
        place
        for place, entry in enumerate(entries)
        if entry.is_credit and any(amount and currency != "CNY" for amount, currency in entry.amounts)
    ]
    missed = [entries[place] for place in foreign if not taken[place]]
    if len(missed) > len(reading.unmapped):
        yield f"{len(missed)} credits are not read, and {len(reading.unmapped)} parts reported"


def _is_of(receipt: FxReceipt, entry: Entry) -> bool:
    pair = (receipt.amount.amount, receipt.amount.currency)
    days = {str(each) for each in (receipt.booked_on, receipt.value_on) if each is not None}
    direction = entry.is_credit or bool(receipt.reverses) or receipt.status is ReceiptStatus.REVERSED
    return direction and pair in entry.amounts and (not entry.days or not days or bool(days & entry.days))


def _amount(money: Money | None) -> Decimal | None:
    return None if money is None else money.amount


def _short(value: object) -> str:
    return f"{value!s:.90}"
