"""What Cross Industry papers share: their three headers, dates, notes, references, delivery terms.

Sources: UN/CEFACT CII D16B, SCRDM Cross Industry Order D20B (Order-X 1.0).
"""

from __future__ import annotations

import re
from datetime import date

from eximledger.formats.cii.parties import party_of
from eximledger.formats.text.terms import incoterm_in, place_after, reference_kind
from eximledger.formats.text.values import date_of
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import Party, Reference

__all__ = ["Terms", "day_at", "headers", "need_day_at", "notes_of", "parties_of", "reference_of"]


def headers(trade: Node) -> tuple[Node, Node, Node]:
    agreement = trade.need("ApplicableHeaderTradeAgreement")
    delivery = trade.find("ApplicableHeaderTradeDelivery") or Node("ApplicableHeaderTradeDelivery", {}, None)
    return agreement, delivery, trade.need("ApplicableHeaderTradeSettlement")


def parties_of(agreement: Node) -> tuple[Party, Party]:
    seller, buyer = party_of(agreement.need("SellerTradeParty")), party_of(agreement.need("BuyerTradeParty"))
    if seller is None or buyer is None:
        raise agreement.missing("SellerTradeParty" if seller is None else "BuyerTradeParty", "Name")
    return seller, buyer


def day_at(node: Node, *names: str) -> date | None:
    """A date in one of UN/EDIFACT 2379's forms: 102 is CCYYMMDD, 203 and 204 add the time of day."""
    holder = node.find(*names)
    if holder is None:
        return None
    leaf = holder.find("DateTimeString") or holder.find("DateString") or holder.find("DateTime") or holder.find("Date")
    leaf = leaf if leaf is not None else holder
    text = leaf.value()
    if text is None:
        return None
    digits = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{4}|[0-9]{6})?", text)
    try:
        return date_of("-".join(digits.groups()[:3]) if digits else text)
    except ValueError as error:
        raise leaf.error(str(error)) from None


def need_day_at(node: Node, *names: str) -> date:
    found = day_at(node, *names)
    if found is None:
        raise node.missing(*names)
    return found


def notes_of(document: Node) -> tuple[str, ...]:
    """Notes, each behind the code of its subject (UN/EDIFACT 4451) where it has one."""
    found = []
    for node in document.all("IncludedNote"):
        subject = node.text("SubjectCode")
        found += [f"{subject}: {text}" if subject else text for text in node.lines("Content")]
    return tuple(found)


def reference_of(node: Node, kind: str | None) -> Reference | None:
    number = node.text("IssuerAssignedID")
    if number is None:
        return None
    code = node.text("TypeCode")
    names = node.texts("Name")
    known = reference_kind(number, code, " ".join(names) or None)
    if kind is None or known == "declaration":
        kind = known or code or "document"
    dated = day_at(node, "FormattedIssueDateTime") or day_at(node, "IssueDateTime")
    with node.located():
        return Reference(kind=kind, number=number, dated=dated, description="; ".join(names) or None)


class Terms:
    """Delivery terms (`ApplicableTradeDeliveryTerms`)."""

    def __init__(self, agreement: Node) -> None:
        written: list[str] = []
        self.place: str | None = None
        for node in agreement.all("ApplicableTradeDeliveryTerms"):
            written += node.texts("DeliveryTypeCode") + node.texts("Description")
            self.place = node.text("RelevantTradeLocation", "Name") or self.place
        text = "; ".join(written)
        self.incoterm = incoterm_in(text)
        self.place = self.place or (place_after(text) if self.incoterm else None)
        self.written = text if text and text.upper() != self.incoterm else None
