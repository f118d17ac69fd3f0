"""The prices of one declaration that count for bands: one for each kind of goods, however many lines it has of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration, Record, ReferenceRate
from eximledger_chaincode.lending.floors import Floors
from eximledger_chaincode.rules.customs.bands import Goods, line_prices, log

__all__ = ["counts", "declared_prices", "quoted"]

_GIVEN: Final = datetime(2000, 1, 1, tzinfo=UTC)


def counts(record: Record[ExportDeclaration], floors: Floors) -> bool:
    """Whether it says what goods are sold at: the goods have left, it is not cancelled, and its mode brings payment."""
    declaration = record.document
    return (
        declaration.status is not DeclarationStatus.CANCELLED
        and record.reached == DeclarationStatus.SETTLED
        and declaration.supervision_mode not in floors.never_financed_modes
    )


def declared_prices(declaration: ExportDeclaration, rates: Sequence[Record[ReferenceRate]]) -> dict[Goods, Decimal]:
    """The logarithm of its price for each kind of goods. Raises `Refused` where a quotation is missing."""
    values: dict[Goods, Fraction] = {}
    quantities: dict[Goods, Fraction] = {}
    for each in line_prices(declaration, rates):
        values[each.goods] = values.get(each.goods, Fraction(0)) + each.value
        quantities[each.goods] = quantities.get(each.goods, Fraction(0)) + each.quantity
    return {goods: log(value / quantities[goods]) for goods, value in values.items()}


def quoted(rate: ReferenceRate) -> Record[ReferenceRate]:
    """A quotation that customs gives, in the form in which values are computed; it is on no ledger of its own."""
    return Record[ReferenceRate](
        kind=rate.KIND, id=rate.id, number=rate.number, dated=rate.dated, version=1, issuer="customs",
        written_by="customs", written_at=_GIVEN, filed_at=_GIVEN, transaction_id="", sha256="0" * 64, document=rate,
    )  # fmt: skip
