"""How rules word what they find: in both languages, with the papers' own names, to be read by a loan officer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from typing import Final

from eximledger_chaincode.documents import KINDS, Document, TransportDocument, TransportType, Words, minor_units, shown
from eximledger_chaincode.lending.collecting.tally import Unvalued
from eximledger_chaincode.lending.exact import EXACT, readable
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity, Statement, Text
from hlf_chaincode.canonical import decimal_text

__all__ = [
    "Words",
    "beyond",
    "called",
    "finding",
    "missing_rates",
    "named",
    "percent_apart",
    "plain",
    "priced",
    "says",
    "titled",
]


_BILLS: Final[Mapping[TransportType, Words]] = {
    TransportType.BILL_OF_LADING: Words("bill", "提单"),
    TransportType.SEA_WAYBILL: Words("sea waybill", "海运单"),
    TransportType.AIR_WAYBILL: Words("air waybill", "空运单"),
    TransportType.RAIL_CONSIGNMENT_NOTE: Words("rail consignment note", "铁路运单"),
    TransportType.ROAD_CONSIGNMENT_NOTE: Words("road consignment note", "公路运单"),
    TransportType.MULTIMODAL: Words("multimodal transport document", "多式联运单据"),
    TransportType.OTHER: KINDS[TransportDocument.KIND].words,
}


def named(document: Document) -> DocumentName:
    """The document as reports name it."""
    return DocumentName(kind=document.KIND, number=document.number)


def _kind(document: Document | DocumentName) -> Words:
    if isinstance(document, TransportDocument):
        return _BILLS[document.type]
    return KINDS[document.kind if isinstance(document, DocumentName) else document.KIND].words


def titled(document: Document | DocumentName) -> Words:
    """The document as a sentence names it: "bill 123" and 提单 123."""
    words = _kind(document)
    return Words(f"{words.en} {document.number}", f"{words.zh} {document.number}")


def called(documents: Iterable[Document]) -> Words:
    """Documents of one kind as a sentence names them: "invoice 1" or "invoices 1, 2", 发票 1、2."""
    papers = list(documents)
    kind, numbers = _kind(papers[0]), [paper.number for paper in papers]
    plural = "s" if len(numbers) > 1 else ""
    return Words(f"{kind.en}{plural} {', '.join(numbers)}", f"{kind.zh} {'、'.join(numbers)}")


def says(document: Document | DocumentName, field: str, value: object) -> Statement:
    """What a document says in a field; a missing value reads as a dash."""
    name = document if isinstance(document, DocumentName) else named(document)
    text = plain(value) if isinstance(value, Decimal) else str(value)
    return Statement(document=name, field=field, value="-" if value is None else text)


def finding(rule: str, severity: Severity, *statements: Statement, en: str, zh: str) -> Finding:
    """A finding on the documents that the statements name, each named once, in their order.

    An English sentence may begin with what a paper is called: its first letter is made a capital here. What papers say
    in it can neither break the line nor steer a terminal.
    """
    documents = tuple(dict.fromkeys(statement.document for statement in statements))
    message = Text(en=shown(en[:1].upper() + en[1:]), zh=shown(zh))
    return Finding(rule=rule, severity=severity, documents=documents, statements=statements, message=message)


def plain(value: Decimal) -> str:
    """A number as a person writes it: without exponent and trailing zeros, thousands apart."""
    text = decimal_text(readable(value))
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{Decimal(text or '0'):,f}"


def priced(value: Decimal, currency: str) -> str:
    """An amount as money is written, with the currency's minor units (1,250.00 USD), or all digits it has."""
    with localcontext(EXACT):
        cents = value.quantize(Decimal(1).scaleb(-minor_units(currency)))
        return f"{cents:,f} {currency}" if cents == value else f"{plain(value)} {currency}"


def percent_apart(left: Decimal, right: Decimal) -> Decimal:
    """How far `left` is from `right`, in percent of `right` with two decimals, to be read; 100 when `right` is nothing.

    Whether that is too far is for `beyond` to say, which does not round.
    """
    if not right:
        return Decimal(0) if not left else Decimal(100)
    apart = EXACT.divide(EXACT.multiply(EXACT.subtract(left, right), Decimal(100)), right)
    return EXACT.abs(apart.quantize(Decimal("0.01"), context=EXACT))


def missing_rates(quotations: Iterable[Unvalued]) -> Words:
    """Why something has no value in another currency."""
    missing = list(quotations)
    rates_en = " and ".join(f"of {each.currency} on {each.day}" for each in missing)
    rates_zh = "和".join(f"{each.day} 的 {each.currency}" for each in missing)
    return Words(
        f"there is no reference rate {rates_en} or the 10 days before it", f"没有 {rates_zh} 参考汇率（含之前 10 天）"
    )


def beyond(left: Decimal, right: Decimal, percent: Decimal) -> bool:
    """Whether `left` differs from `right` by more than `percent` of `right`; no rounding."""
    return abs(left - right) * 100 > percent * abs(right)
