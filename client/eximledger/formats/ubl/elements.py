"""What all UBL papers share beside parties and goods: envelope, allowances, weights, references, delivery terms.

UBL 2.0 to 2.4 have one namespace per document type, so one mapping serves them all; a field that a version lacks is
simply not there. Source: OASIS UBL 2.1, common library.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from eximledger.formats.text.terms import incoterm_in, names_destination, place_after, reference_kind
from eximledger.formats.text.values import port_of, unique
from eximledger.formats.xml.tree import Node
from eximledger_chaincode.documents import AllowanceCharge, Money, Reference
from eximledger_chaincode.documents.parts.units import to_base

__all__ = ["Delivery", "allowance_of", "envelope", "kilograms", "percent_of", "reference_of"]

_EN_16931: Final = re.compile(r"en16931|cen\.eu|peppol|xrechnung|factur-x|nlcius|cius", re.IGNORECASE)
_TOTALS: Final = ("LegalMonetaryTotal", "RequestedMonetaryTotal", "AnticipatedMonetaryTotal")


def envelope(root: Node) -> None:
    """Mark what identifies the message format and says nothing of the trade."""
    for name in ("UBLVersionID", "CustomizationID", "ProfileID", "ProfileExecutionID"):
        root.take(name)
    if (copy := root.find("CopyIndicator")) is not None and not copy.flag():
        copy.take()
    else:
        for node in root.all("CopyIndicator"):
            node.release()


def percent_of(node: Node, amount: Money | None, base: Money | None) -> Decimal | None:
    """`MultiplierFactorNumeric` in per cent.

    UBL's factor is a fraction (0.10), EN 16931's a percentage (10). The amounts beside it tell which is meant, the base
    of a paper's own allowance being the sum of its lines where it states none; without them it is a percentage in a
    paper that follows EN 16931, and a fraction up to 1 in any other.
    """
    factor = node.decimal("MultiplierFactorNumeric")
    if factor is None:
        return None
    root = _root_of(node)
    own = base.amount if base is not None else _sum_of_lines(root) if node.parent is root else None
    if amount is not None and own and factor and amount.amount:
        as_fraction = abs(own * factor - amount.amount)
        as_percent = abs(own * factor / 100 - amount.amount)
        if base is not None or min(as_fraction, as_percent) <= 1:
            return factor * 100 if as_fraction < as_percent else factor
    if _EN_16931.search(" ".join(each.raw for each in root.all("CustomizationID"))):
        return factor
    return factor * 100 if factor <= 1 else factor


def _root_of(node: Node) -> Node:
    while node.parent is not None:
        node = node.parent
    return node


def _sum_of_lines(root: Node) -> Decimal | None:
    for total in _TOTALS:
        if root.find(total) is not None:
            return root.decimal(total, "LineExtensionAmount")
    return None


def allowance_of(node: Node, currency: str | None = None) -> AllowanceCharge:
    """A `cac:AllowanceCharge` of a paper or of a line."""
    charge = node.need("ChargeIndicator").flag()
    amount = node.money("Amount", currency=currency)
    if amount is None:
        raise node.missing("Amount")
    base = node.money("BaseAmount", currency=currency)
    if (number := node.find("SequenceNumeric")) is not None:
        number.take()
    reasons = node.texts("AllowanceChargeReason")
    category = node.find("TaxCategory")
    node.take("TaxCategory", "TaxScheme")
    with node.located():
        return AllowanceCharge(
            charge=charge,
            amount=amount,
            base_amount=base,
            percent=percent_of(node, amount, base),
            reason="; ".join(reasons) or None,
            reason_code=node.text("AllowanceChargeReasonCode"),
            tax_category=category.text("ID") if category is not None else None,
            tax_percent=category.decimal("Percent") if category is not None else None,
        )


def kilograms(node: Node, name: str, unit: str = "KGM") -> Decimal | None:
    """A weight in kilograms (or, with `unit` MTQ, a volume in cubic metres), converted exactly."""
    measure = node.find(name)
    if measure is None:
        return None
    quantity, stated = node.measure(name)
    if quantity is None:
        return None
    in_base, base = to_base(quantity, stated or unit)
    if base != unit:
        measure.unusable(f"its unit cannot be converted into {unit}")
        return None
    return in_base


def reference_of(node: Node, kind: str | None = None) -> Reference | None:
    """A `cac:DocumentReference`. Its kind is `kind`, or told from its type code and type."""
    number = node.text("ID")
    if number is None:
        return None
    code, words = node.text("DocumentTypeCode"), node.text("DocumentType")
    known = reference_kind(number, code, words)
    described = node.texts("DocumentDescription")
    if kind is None:
        kind = known or words or code or "document"
    elif known == "declaration":
        kind = known
    if words is not None and words.casefold() not in (kind.casefold(), kind.replace("-", " ").casefold()):
        described.insert(0, words)
    if code is not None and code != kind and reference_kind("", code) is None:
        described.insert(0, code)
    described += [f"UUID {uuid}" for uuid in node.texts("UUID")]
    if (copy := node.find("CopyIndicator")) is not None and not copy.flag():
        copy.take()
    with node.located():
        return Reference(
            kind=kind, number=number, dated=node.day("IssueDate"), description="; ".join(described) or None
        )


class Delivery:
    """Delivery terms and where the goods go, as far as the paper says."""

    def __init__(self, terms: list[Node]) -> None:
        self.loading_port: str | None = None
        self.destination_port: str | None = None
        written: list[str] = []
        for node in terms:
            written += node.texts("ID") + node.lines("SpecialTerms")
        text = "\n".join(unique(written))
        self.incoterm = incoterm_in(text) if text else None
        for node in terms:
            self._read_risk(node)
        self.place = place_after(text) if self.incoterm else None
        self.written = text if text and text.upper() != self.incoterm else None
        locations = [found for node in terms if (found := node.find("DeliveryLocation")) is not None]
        self.location = locations[0] if locations else None
        self._read_location(self.location, text)

    def _read_risk(self, node: Node) -> None:
        """The Incoterm as the code of who bears the loss, as many issuers state it; another is reported."""
        code = node.find("LossRiskResponsibilityCode")
        stated = incoterm_in(code.value() or "") if code is not None else None
        if code is None:
            return
        if stated is None or self.incoterm not in (None, stated):
            code.release()
            return
        self.incoterm = stated
        words = node.find("LossRisk")
        if words is not None:
            words.take()

    def _read_location(self, location: Node | None, text: str) -> None:
        if location is None:
            return
        name = location.text("Name") or location.text("Description") or location.text("Address", "CityName")
        code = location.converted(port_of, "is not a UN/LOCODE or a customs port", "ID")
        self.place = name or code or self.place
        if code is not None and names_destination(self.incoterm, text):
            self.destination_port = code
        elif code is not None:
            self.loading_port = code
