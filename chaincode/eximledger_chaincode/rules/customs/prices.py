"""Rules that hold unit prices against what customs publishes of the same goods."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from eximledger_chaincode.documents import ExportDeclaration, PriceBand
from eximledger_chaincode.lending.exact import half_up
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.goods import unit_words
from eximledger_chaincode.rules.basis.wording import finding, named, plain, priced, says, titled
from eximledger_chaincode.rules.customs.bands import (
    MAX_GOODS,
    LinePrice,
    band_for,
    goods_in,
    is_beyond,
    line_prices,
    wanted_goods,
)
from eximledger_chaincode.rules.ruleset.registry import rule
from hlf_chaincode.errors import Refused

_SHOWN_PLACES = 4


def _outlier(declaration: ExportDeclaration, priced_line: LinePrice, band: PriceBand) -> Finding:
    line, goods, price = priced_line.line, priced_line.goods, priced_line.price
    unit, paper, median = unit_words(goods.unit), titled(declaration), plain(band.median)
    shown = plain(half_up(price, _SHOWN_PLACES))
    times = half_up(price / Fraction(band.median), _SHOWN_PLACES)
    quantity = half_up(priced_line.quantity, _SHOWN_PLACES)
    return finding(
        "PRICE-OUTLIER", Severity.REFER,
        says(declaration, f"lines[{line.number}].description", line.description),
        says(declaration, f"lines[{line.number}].amount", priced(line.amount.amount, line.amount.currency)),
        says(declaration, f"lines[{line.number}].quantity, {unit.en}", quantity),
        says(band, "median", f"{median} CNY"), says(band, "mad", band.mad),
        en=f"Line {line.number} of {paper.en} ({line.description}) is at {shown} CNY per {unit.en} on FOB basis, "
        f"{plain(times)} times the {median} CNY of customs' band for HS {band.hs_code} in {band.quarter} "
        f"({band.declarations} declarations).",
        zh=f"{paper.zh} 第 {line.number} 项（{line.description}）离岸单价为每{unit.zh} {shown} CNY，是海关 "
        f"{band.quarter} 税号 {band.hs_code} 价格区间中位数 {median} CNY 的 {plain(times)} 倍"
        f"（{band.declarations} 票报关单）。",
    )  # fmt: skip


@rule("PRICE-OUTLIER", Severity.REFER, source="FATF trade-based money laundering indicators")
def price_outlier(case: Case) -> Iterator[Finding]:
    """A declared unit price (FOB, CNY) lies beyond the policy's scaled deviations from the middle of customs' own band
    for the HS code, unit and quarter; or there are more goods than bands are read for."""
    bands = {record.document.id: record.document for record in case.price_bands}
    for declaration in (record.document for record in case.declarations if bands):
        try:
            prices = list(line_prices(declaration, case.rates))
        except Refused:
            continue  # BALANCE says that a declaration cannot be valued
        told: set[int] = set()  # lines by identity: a paper may number two alike
        for each in prices:
            band = band_for(each.goods, bands)
            if band is not None and id(each.line) not in told and is_beyond(each.price, band, case.tolerances):
                told.add(id(each.line))
                yield _outlier(declaration, each, band)
    yield from _left_out(case)


def _left_out(case: Case) -> Iterator[Finding]:
    """Says where goods stay without a comparison because there are too many: else many lines would hide one."""
    _, more = wanted_goods(goods for record in case.declarations for goods in goods_in(record.document))
    if more:
        yield finding(
            "PRICE-OUTLIER", Severity.REFER, says(named(case.application.document), "goods", Decimal(MAX_GOODS + more)),
            en=f"The declarations name {MAX_GOODS + more} goods; customs' price bands were read for {MAX_GOODS} of "
            "them.",
            zh=f"报关单列有 {MAX_GOODS + more} 种商品，仅对其中 {MAX_GOODS} 种核对了海关价格区间。",
        )  # fmt: skip
