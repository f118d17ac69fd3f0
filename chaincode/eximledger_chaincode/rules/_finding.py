"""How rules word what they find."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from typing import Final

from eximledger_chaincode.canonical import decimal_text
from eximledger_chaincode.documents import Document
from eximledger_chaincode.rules.verdict import DocumentName, Finding, Severity, Statement, Text

__all__ = ["beyond", "finding", "named", "percent_apart", "plain", "says"]

_EXACT: Final = Context(prec=60)


def named(document: Document) -> DocumentName:
    """The document as reports name it."""
    return DocumentName(kind=document.KIND, number=document.number)


def says(document: Document | DocumentName, field: str, value: object) -> Statement:
    """What a document says in a field; a missing value reads as a dash."""
    name = document if isinstance(document, DocumentName) else named(document)
    text = plain(value) if isinstance(value, Decimal) else str(value)
    return Statement(document=name, field=field, value="-" if value is None else text)


def finding(rule: str, severity: Severity, *statements: Statement, en: str, zh: str) -> Finding:
    """A finding on the documents that the statements name, each named once, in their order."""
    documents = tuple(dict.fromkeys(statement.document for statement in statements))
    return Finding(rule=rule, severity=severity, documents=documents, statements=statements, message=Text(en=en, zh=zh))


def plain(value: Decimal) -> str:
    """A decimal as a person writes it: without exponent and trailing zeros, thousands apart."""
    text = decimal_text(value)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{Decimal(text or '0'):,f}"


def percent_apart(left: Decimal, right: Decimal) -> Decimal:
    """How far `left` is from `right`, in percent of `right` with two decimals; 100 when `right` is nothing."""
    with localcontext(_EXACT):
        if not right:
            return Decimal(0) if not left else Decimal(100)
        return (abs(left - right) * 100 / abs(right)).quantize(Decimal("0.01"))


def beyond(left: Decimal, right: Decimal, percent: Decimal) -> bool:
    """Whether `left` differs from `right` by more than `percent` of `right`; exact, no rounding."""
    with localcontext(_EXACT):
        return abs(left - right) * 100 > percent * abs(right)
