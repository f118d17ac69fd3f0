"""The table of docs/security-model.md, from what the test expects: fact, who sees it, how it is held back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.trust.visibility.expectation import FACTS, INFERRED, SHOWN, FactRow, Seer

__all__ = ["PAGE", "section", "with_section"]

PAGE: Final = Path(__file__).resolve().parents[3] / "docs" / "security-model.md"
_BEGIN: Final = "<!-- who may see what: written by `python -m tests.trust.visibility --page` -->"
_END: Final = "<!-- end of who may see what -->"
_BEFORE: Final = "## What each test shows\n"
"""Where the section goes when the page has none."""
_HEAD: Final = """## Who may see what

The test `tests/trust/visibility` plays the business of two banks, with a secret in every number, name, amount and
reason, and gathers in the name of every member, and of its administrator, all that can be got: the answer or refusal of
every function at every peer that may be asked, events, blocks, state, history, private reads, hashes, logs. It looks
for each secret in all of that, spelt and encoded in some hundred shapes, and for the hashes that somebody who guesses
computes. It fails where a member sees what this table denies, where a refusal tells that a thing is there, and where a
member does not see what is its due.
"""
_FOOT: Final = """
*Its bank* is the bank whose paper or loan it is, or that the exporter has authorised; *another bank* has clients of its
own; *no business* is a bank that nobody has authorised.
"""


def section() -> str:
    """The section between its two marks."""
    titles = {Seer.BANK: "its bank", Seer.OTHER: "another bank", Seer.GUEST: "no business"}
    heads = [titles.get(seer, seer.value) for seer in Seer]
    table = [
        f"| fact | {' | '.join(heads)} | held back by |",
        f"|---|{'---|' * len(heads)}---|",
        *map(_row, FACTS.values()),
    ]
    shown = ["A block shows to every member of its channel:\n", *(f"- {each};" for each in SHOWN)]
    inferred = ["\nWhat may be concluded from that, and is not held back:\n", *(f"- {each};" for each in INFERRED)]
    lines = [_BEGIN, "", _HEAD, *table, _FOOT, *_ended(shown), *_ended(inferred), "", _END]
    return "\n".join(lines)


def _row(row: FactRow) -> str:
    cells = ["yes" if seer in row.seen_by else "" for seer in Seer]
    return f"| {row.words} | {' | '.join(cells)} | {row.held_back} |"


def _ended(items: list[str]) -> list[str]:
    return [*items[:-1], items[-1].removesuffix(";") + "."]


def with_section(page: str) -> str:
    """The page with the section as it should be."""
    before, begin, rest = page.partition(_BEGIN)
    if begin:
        _, _, after = rest.partition(_END)
        return before + section() + after
    before, heading, after = page.partition(_BEFORE)
    return f"{before}{section()}\n\n{heading}{after}"
