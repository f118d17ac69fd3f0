"""Examples of the rule that holds unit prices against customs' bands."""

from __future__ import annotations

from datetime import date

from tests.eximledger_chaincode.rules.cases import (
    NUMBER,
    OTHER_NUMBER,
    case,
    declaration,
    declared,
    policy,
    price_band,
    usd,
)
from tests.eximledger_chaincode.rules.examples.expected import REFER, Example, of

from eximledger_chaincode.documents import LegalQuantity
from eximledger_chaincode.rules import Case
from eximledger_chaincode.rules.customs.bands import MAX_GOODS


def _at(amount: str | int, *bands: object, **changes: object) -> Case:
    """500 sets for so many dollars in all; 100,000 is the band's middle."""
    found = bands or (price_band(),)
    return case(declaration(total=usd(amount), lines=(declared(amount=usd(amount)),)), *found, **changes)  # type: ignore[arg-type]


def _many(goods: int) -> Case:
    """So many goods, on two declarations."""
    lines = [
        declared(number=place % 500 + 1, hs_code=f"{84000000 + place}", quantity=1, amount=usd(100))
        for place in range(goods)
    ]
    halves = {NUMBER: lines[: goods // 2], OTHER_NUMBER: lines[goods // 2 :]}
    return case(
        *(
            declaration(declaration_number=number, lines=tuple(half), total=usd(100 * len(half)))
            for number, half in halves.items()
        )
    )


def _outlier() -> list[Example]:
    fires, silent = of("PRICE-OUTLIER")
    narrow = price_band(mad=0)
    kilograms = (LegalQuantity(quantity=10_000, unit="千克"),)
    legal = declaration(lines=(declared(legal_quantities=kilograms),))
    cif = declaration(
        transaction_mode="1", freight=usd(200_000), total=usd(300_000), lines=(declared(amount=usd(300_000)),)
    )
    two = declaration(lines=(declared(), declared(number=2, quantity=1, amount=usd(100_000))), total=usd(200_000))
    twice_numbered = declaration(
        lines=(declared(quantity=1), declared(quantity=1, description="整流器")), total=usd(200_000)
    )
    return [
        silent("no band is published", case(declaration(lines=(declared(quantity=1),)))),
        silent("the middle", _at(100_000)),
        silent("twice the middle, within five deviations", _at(209_000)),
        fires("beyond five deviations", _at(211_000)),
        silent("half the middle", _at(48_000)),
        fires("below five deviations", _at(47_000)),
        fires("4 times", _at(400_000)),
        fires("500 times", _at(50_000_000)),
        silent("5 % apart in a band without width", _at(105_000, narrow)),
        fires("a cent more", _at("105000.01", narrow)),
        silent("five deviations of another policy", _at(400_000, policy=policy(price_deviations=10))),
        fires("a policy that takes no deviation", _at("105000.01", policy=policy(price_deviations=0))),
        silent("freight is no price", case(cif, price_band())),
        silent("another tariff code", _at(50_000_000, price_band(hs_code="85044010"))),
        silent("another unit", _at(50_000_000, price_band(unit="KGM"))),
        silent("a later quarter", _at(50_000_000, price_band(quarter="2026-Q2"))),
        fires("three quarters before", _at(50_000_000, price_band(quarter="2025-Q2"))),
        silent("four quarters before", _at(50_000_000, price_band(quarter="2025-Q1"))),
        silent("of two bands the later", _at(1_000_000, price_band(median=14_200), price_band(quarter="2025-Q4"))),
        fires("by the legal unit, which is 71 CNY a kilogram", case(legal, price_band(unit="KGM", median=7))),
        silent("by the legal unit too", case(legal, price_band(unit="KGM", median=71), price_band())),
        fires("one line of two", case(two, price_band())),
        fires("two lines under one number", case(twice_numbered, price_band()), REFER, REFER),
        silent("six digits are no tariff code", case(
            declaration(lines=(declared(hs_code="850440", quantity=1),)), price_band())),
        silent("no quantity", case(declaration(lines=(declared(quantity=0),)), price_band())),
        silent("no quotation to compare by", case(
            declaration(exported_on=date(2026, 2, 1), lines=(declared(quantity=1),)), price_band())),
        silent("as many goods as bands are read for", _many(MAX_GOODS)),
        fires("more goods than bands are read for", _many(MAX_GOODS + 1)),
    ]  # fmt: skip


EXAMPLES = _outlier()
