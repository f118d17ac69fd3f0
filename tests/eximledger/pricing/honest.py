"""How many honest lines PRICE-OUTLIER flags: synthetic prices with heavy tails, judged by the bands made of them.

`python -m tests.eximledger.pricing.honest` writes the table into docs/rules.md, between its two markers.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import exp, sqrt
from pathlib import Path
from statistics import median

from eximledger.pricing import band_of
from eximledger.pricing._bands import PricePoint
from eximledger_chaincode.documents import PriceBand, TolerancePolicy
from eximledger_chaincode.rules.customs.bands import Goods, is_beyond, log

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rules.md"
BEGIN, END = "<!-- honest: begin -->\n", "<!-- honest: end -->\n"

CODES, DECLARATIONS, EXPORTERS = 60, 40, 12
POLICY = TolerancePolicy(bank="EximbankMSP")

Noise = Callable[[random.Random], float]


def normal(scale: float) -> Noise:
    return lambda rng: rng.gauss(0, scale)


def student(degrees: int, scale: float) -> Noise:
    """Student's t: three degrees have tails without a fourth moment, two without a variance."""
    return lambda rng: scale * rng.gauss(0, 1) / sqrt(rng.gammavariate(degrees / 2, 2 / degrees))


def two_models(ratio: float, share: float) -> Noise:
    """A cheap and a dear model under one code."""
    return lambda rng: ratio if rng.random() < share else 0.0


@dataclass(frozen=True, slots=True)
class Sort:
    """Goods of one sort: how exporters differ, and how one exporter's lines do, in logarithms."""

    words: str
    of_exporter: Noise
    of_line: Noise


SORTS = (
    Sort("a commodity: exporters and lines 5 % apart, normal", normal(0.05), normal(0.05)),
    Sort("one kind of machine: 10 %, Student's t of 3 degrees", student(3, 0.1), student(3, 0.1)),
    Sort("parts of several sizes: 30 % and 20 %, Student's t of 3 degrees", student(3, 0.3), student(3, 0.2)),
    Sort("a collective code (others): 50 % and 30 %, Student's t of 2 degrees", student(2, 0.5), student(2, 0.3)),
    Sort("two models, three lines in ten at six times the price", normal(0.1), two_models(1.79, 0.3)),
)


@dataclass(frozen=True, slots=True)
class Share:
    """What was found of one sort."""

    sort: Sort
    lines: int
    flagged: int
    four_times: int
    five_hundred_times: int
    mad: Decimal


def measured(sort: Sort, seed: int = 2026) -> Share:
    """Bands of one quarter; judged are the lines that they are made of and as many of the next quarter, whose prices
    have moved by 3 %; and the same lines at 4 and at 500 times their price."""
    rng = random.Random(seed)
    found, mads = [0, 0, 0, 0], []
    for code in range(CODES):
        exporters = [sort.of_exporter(rng) for _ in range(EXPORTERS)]
        prices = [list(_lines(rng, sort, exporters, 7 + drift)) for drift in (0.0, rng.gauss(0, 0.03))]
        points = [PricePoint(log(price), exporter) for price, exporter in prices[0]]
        band = band_of(Goods(f"{84000000 + code}", "C62", "2026-Q1"), points)
        assert isinstance(band, PriceBand)
        mads.append(band.mad)
        for price, _ in (*prices[0], *prices[1]):
            found[0] += 1
            for place, times in enumerate((1, 4, 500), 1):
                found[place] += is_beyond(price * times, band, POLICY)
    lines, flagged, four_times, five_hundred_times = found
    return Share(sort, lines, flagged, four_times, five_hundred_times, median(mads))


def _lines(rng: random.Random, sort: Sort, exporters: Sequence[float], level: float) -> Iterator[tuple[Fraction, str]]:
    for _ in range(DECLARATIONS):
        exporter = rng.randrange(EXPORTERS)
        price = exp(min(300.0, level + exporters[exporter] + sort.of_line(rng)))
        yield Fraction(f"{price:.4f}") + Fraction(1, 10_000), f"E-{exporter}"


def table() -> str:
    """One row for each sort of goods."""
    head = "| goods | MAD | honest lines | flagged | at 4 times the price | at 500 times |"
    rows = [head, "|---|---|---|---|---|---|"]
    for share in map(measured, SORTS):
        parts = (share.flagged, share.four_times, share.five_hundred_times)
        shown = " | ".join(f"{100 * part / share.lines:.1f} %" for part in parts)
        rows.append(f"| {share.sort.words} | {share.mad:.2f} | {share.lines:,} | {shown} |")
    return "\n".join(rows) + "\n"


def parts() -> tuple[str, str, str]:
    """The page before, between and after the markers."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    between, after = rest.split(END)
    return before, between, after


if __name__ == "__main__":
    first, _, last = parts()
    PAGE.write_text(first + BEGIN + table() + END + last, encoding="utf-8")
