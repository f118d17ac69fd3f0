"""Goods, containers and weights of a DCSA transport document."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from eximledger.formats.dcsa.tree import Branch
from eximledger.formats.text.values import container_of, hs_code_of, unique
from eximledger_chaincode.documents import Container, Identifier, TransportGoods
from eximledger_chaincode.documents.parts.units import to_base

__all__ = ["Cargo", "containers_of"]


class Cargo:
    """The consignment items. A bill states packages and weights for each piece of cargo alone: those of an item, and of
    the bill, are their sums, where every piece states them."""

    def __init__(self, items: Sequence[Branch], containers: Sequence[Container]) -> None:
        self.bookings: list[str] = []
        self._containers = {each.number for each in containers}
        self.goods = tuple(self._item(item, number) for number, item in enumerate(items, 1))
        self.packages = _sum([each.packages for each in self.goods])
        self.gross_weight_kg = _sum([each.gross_weight_kg for each in self.goods])
        self.net_weight_kg = _sum([each.net_weight_kg for each in self.goods])
        self.volume_m3 = _sum([each.volume_m3 for each in self.goods])

    def _item(self, item: Branch, number: int) -> TransportGoods:
        if (booking := item.text("carrierBookingReference")) is not None:
            self.bookings.append(booking)
        described = item.texts("descriptionOfGoods")
        if not described:
            raise item.missing("descriptionOfGoods")
        codes = item.texts("HSCodes")
        hs_code = next((code for code in map(hs_code_of, codes) if code is not None), None)
        others = [code for code in codes if hs_code_of(code) != hs_code]
        pieces = item.branches("cargoItems")
        packaging = [piece.branch("outerPackaging") for piece in pieces]
        for piece in pieces:
            piece.known("equipmentReference", self._container, "names a container that the bill has not")
        kinds = [text for each in packaging if (text := each.text("description") or each.text("packageCode"))]
        for each in packaging:
            each.take("packageCode")
        with item.located():
            return TransportGoods(
                number=str(number),
                description="\n".join(described),
                hs_code=hs_code,
                marks="\n".join(item.texts("shippingMarks")) or None,
                packages=_sum([each.count("numberOfPackages") for each in packaging]),
                package_kind=", ".join(unique(kinds)) or None,
                gross_weight_kg=_sum([_measure(piece, "cargoGrossWeight", "KGM") for piece in pieces]),
                net_weight_kg=_sum([_measure(piece, "cargoNetWeight", "KGM") for piece in pieces]),
                volume_m3=_sum([_measure(piece, "cargoGrossVolume", "MTQ") for piece in pieces]),
                identifiers=tuple(Identifier(scheme="HS", value=code) for code in others),
            )

    def _container(self, number: str) -> str | None:
        return number if number in self._containers else None


def _sum(parts: Sequence[Decimal | int | None]) -> Decimal | int | None:
    stated = [part for part in parts if part is not None]
    return sum(stated[1:], stated[0]) if stated and len(stated) == len(parts) else None


def _measure(piece: Branch, name: str, unit: str) -> Decimal | None:
    stated = piece.branch(name)
    value, own = stated.decimal("value"), stated.text("unit")
    if value is None:
        return None
    in_base, base = to_base(value, own or unit)
    if base != unit:
        raise stated.error("unit", f"cannot be converted into {unit}")
    return in_base


def containers_of(equipments: Sequence[Branch]) -> tuple[Container, ...]:
    """The containers; one whose number is none of ISO 6346 is reported."""
    found = []
    for each in equipments:
        equipment = each.branch("equipment")
        number = equipment.known("equipmentReference", container_of, "is not a container number of ISO 6346")
        seals = [text for seal in each.branches("seals") if (text := seal.text("number"))]
        if number is None:
            continue
        with each.located():
            seal = ", ".join(seals) or None
            found.append(Container(number=number, seal=seal, size_type=equipment.text("ISOEquipmentCode")))
    return unique(found)
