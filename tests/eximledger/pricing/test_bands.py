"""One band from many prices: what is withheld, what is published, and what that tells of one exporter."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal, localcontext
from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eximledger.pricing.honest import parts, table

from eximledger.pricing import Withheld, band_of
from eximledger.pricing._bands import PricePoint
from eximledger_chaincode.documents import PriceBand, TolerancePolicy
from eximledger_chaincode.rules.customs.bands import Goods, is_beyond, log
from hlf_chaincode.errors import InvalidDocument

GOODS = Goods("85044020", "C62", "2026-Q1")


def points(*prices: tuple[Decimal | int | str, str]) -> list[PricePoint]:
    return [PricePoint(log(Fraction(str(price))), exporter) for price, exporter in prices]


def usual(count: int = 20, exporters: int = 5) -> list[PricePoint]:
    """Prices 100, 101, ... of exporters in turn."""
    return points(*((100 + place, f"E-{place % exporters}") for place in range(count)))


amounts = st.decimals("0.01", "10000000", places=2)
many = st.lists(st.tuples(amounts, st.sampled_from("ABCDEFG")), min_size=20, max_size=60)


@pytest.mark.parametrize(
    ("given_points", "reason"),
    [
        (usual(19), "fewer than 20 declarations"),
        (usual(40, exporters=4), "fewer than 5 exporters"),
        (usual(20) + points(*((100, "E-0") for _ in range(13))), "one exporter has over half"),
    ],
)
def test_what_would_say_too_much_is_withheld(given_points: list[PricePoint], reason: str) -> None:
    found = band_of(GOODS, given_points)
    assert isinstance(found, Withheld)
    assert (found.reason, found.declarations) == (reason, len(given_points))


def test_just_enough_is_published() -> None:
    half = usual(20) + points(*((100, "E-0") for _ in range(12)))  # 16 of 32
    for enough, count in ((usual(20), 20), (half, 32)):
        found = band_of(GOODS, enough)
        assert isinstance(found, PriceBand)
        assert (found.declarations, found.exporters) == (count, 5)


@pytest.mark.parametrize("field", ["declarations", "exporters"])
def test_no_paper_says_that_fewer_are_enough(field: str) -> None:
    sound = {"hs_code": "85044020", "unit": "C62", "quarter": "2026-Q1", "median": "100", "mad": "0.1",
             "declarations": 20, "exporters": 5}  # fmt: skip
    PriceBand.parse(sound)
    with pytest.raises(InvalidDocument, match=field):
        PriceBand.parse({**sound, field: int(str(sound[field])) - 1})
    for fine in ({"median": "100.1"}, {"mad": "0.1001"}, {"unit": "KG"}, {"hs_code": "850440"}, {"quarter": "2026-Q5"}):
        with pytest.raises(InvalidDocument):
            PriceBand.parse({**sound, **fine})


@given(many)
@settings(deadline=None, max_examples=60)
def test_the_middle_is_near_the_median_and_in_the_published_digits(prices: list[tuple[Decimal, str]]) -> None:
    found = band_of(GOODS, points(*prices))
    of_exporter = Counter(exporter for _, exporter in prices)
    if len(of_exporter) < 5 or 2 * max(of_exporter.values()) > len(prices):
        assert isinstance(found, Withheld)
        return
    assert isinstance(found, PriceBand)
    ordered = sorted(price for price, _ in prices)
    assert ordered[0] * Decimal("0.99") <= found.median <= ordered[-1] * Decimal("1.01")
    below = sum(price < found.median * Decimal("0.99") for price in ordered)
    above = sum(price > found.median * Decimal("1.01") for price in ordered)
    assert max(below, above) < len(prices), "at the edge of all prices"


@given(many, st.data())
@settings(deadline=None, max_examples=60)
def test_what_one_exporter_declares_moves_the_middle_no_further_than_its_neighbours(
    prices: list[tuple[Decimal, str]], data: st.DataObject
) -> None:
    """Another extreme price in place of one that is extreme already changes nothing at all."""
    before = band_of(GOODS, points(*prices, (Decimal(10**8), "A")))
    after = band_of(GOODS, points(*prices, (Decimal(10**8) * data.draw(st.integers(2, 10**6)), "A")))
    if isinstance(before, PriceBand) and isinstance(after, PriceBand):
        assert after.median == before.median


def test_the_middle_is_nobodys_own_price() -> None:
    """The middlemost declaration has a third of what is published: so much of what it changes is seen."""
    own: list[tuple[Decimal | int | str, str]] = [(100 + 4 * place, f"E-{place % 7}") for place in range(20)]

    prices = [*own, ("139.37", "E-X")]
    assert median(Decimal(str(price)) for price, _ in prices) == Decimal("139.37")
    found = band_of(GOODS, points(*prices))
    assert isinstance(found, PriceBand)
    moved = band_of(GOODS, points(*own, ("136.37", "E-X")))
    assert isinstance(moved, PriceBand)
    assert abs(moved.median - found.median) == 1


def test_who_has_most_of_the_middle_does_not_make_it() -> None:
    """Nine of ten prices in the middle are one exporter's 200.00; what is published averages three exporters alike."""
    prices = [("200.00", "A")] * 14
    prices += [(str(100 + place), f"L-{place % 3}") for place in range(8)]
    prices += [(str(300 + place), f"H-{place % 3}") for place in range(8)]
    found = band_of(GOODS, points(*prices))
    assert isinstance(found, PriceBand)
    assert abs(found.median - 200) > Decimal("0.5")


def test_the_order_of_declarations_and_the_callers_arithmetic_change_nothing() -> None:
    prices = usual(31, 6)
    with localcontext() as context:
        context.prec = 3
        strict = band_of(GOODS, prices[::-1])
    assert strict == band_of(GOODS, prices)


def test_four_and_five_hundred_times_the_usual_price_alarm() -> None:
    band = band_of(GOODS, usual(40, 8))
    assert isinstance(band, PriceBand)
    policy = TolerancePolicy(bank="EximbankMSP")
    for price, alarm in ((119, False), (4 * 119, True), (500 * 119, True), (Fraction(119, 4), True)):
        assert is_beyond(Fraction(price), band, policy) is alarm


@pytest.mark.slow
def test_the_page_says_how_many_honest_lines_are_flagged() -> None:
    _, written, _ = parts()
    assert written == table(), "run: python -m tests.eximledger.pricing.honest"


ratios = st.fractions(1, 10**6, max_denominator=1000)


@given(
    st.sampled_from(["0.001", "7.1", "1420", "999000000"]), st.integers(0, 5000), ratios, ratios, st.integers(0, 20),
    st.integers(0, 50),
)  # fmt: skip
def test_what_is_further_off_is_beyond_and_too_dear_is_as_bad_as_too_cheap(
    middle: str, thousandths: int, near: Fraction, more: Fraction, deviations: int, percent: int
) -> None:
    band = PriceBand(hs_code="85044020", unit="C62", quarter="2026-Q1", median=Decimal(middle),
                     mad=Decimal(thousandths).scaleb(-3), declarations=40, exporters=8)  # fmt: skip
    policy = TolerancePolicy(bank="EximbankMSP", price_deviations=deviations, price_percent=percent)
    at = Fraction(band.median)
    beyond = is_beyond(at * near, band, policy)
    assert beyond is is_beyond(at / near, band, policy)
    assert not beyond or is_beyond(at * near * more, band, policy)
    assert beyond or near <= 1 + Fraction(percent, 100) or deviations * thousandths > 0
    assert not is_beyond(at, band, policy)
