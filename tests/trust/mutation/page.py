"""docs/mutants.md: how many mutants each module has, and every one that lives, with the reason."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from tests.trust.mutation.operators import Mutant, mutants_of
from tests.trust.mutation.reasons import reason_of
from tests.trust.mutation.running import Outcome

__all__ = ["write_page"]

_HEAD: Final = """# Mutants: the core changed in one place, and whether a test notices

    make mutants                            # what is not run yet, then this page; hours on one core
    make mutants MUTANTS='--module lending/claim --budget 60'
    make mutants MUTANTS='--every 10'       # a sample: one in ten of each module
    make mutants MUTANTS=--page             # this page again

Every mutant is a module with one place changed: a comparison, its boundary, an operator, a constant, a condition, a
member of an enumeration of rights or states, a statement, an operand, an element or an argument less. Texts of errors
make none, nor do `strict=True` of a `zip` and False answered as None. The tests of `lending`, `contracts` and `rules`
that run the changed statement meet it, those first that run what few others do, up to a budget of seconds (`--budget`).
The slower ones (`plan.py`) and those on whole ledgers (desk, races, adversary, Fabric) do not, so what lives here may
still be noticed by them. How it is done, and why by own operators: `tests/trust/mutation`.

The run writes this page. Every module of the lending core, of the contracts and of the rules is in the table, those of
money and authority first. *Run* says whether all of a module's mutants were run, one in so many, a part or none. *Live*
are the mutants that no test noticed, each listed below; *no test runs it* are those whose statement none of these tests
runs, listed there too; *not run* are those of which no run has told: nothing is known of them. A part is what a run
that was ended had come to, or leaves out what takes importing anew (`--in-place`). *Not judged yet* is what lived
through a run of few seconds (of `contracts` often one and a half) or of a part of the tests (of `lending` its own
folder's, of `contracts` some files), and nobody has looked at it since: most die when more tests meet them (`--again`),
and until then nothing is claimed. What every loan runs, hundreds of tests reach; there the few files
that are about them, named by `--tests`, kill in seconds what a small budget of all tests lets live.
"""
_COLUMNS: Final = ("killed", "survived", "unreached", "undecided", "not run")
_LONGEST: Final = 220


def write_page(results: Path, modules: Mapping[str, Path], to: Path) -> None:
    """Write the page from the results; a result of a mutant that the source has no longer counts for nothing."""
    told = [Outcome(**json.loads(line)) for line in results.read_text().splitlines()] if results.exists() else []
    latest = {(each.module, each.line, each.change): each for each in told}
    rows: list[str] = []
    lives: list[str] = []
    totals: dict[str, Counter[str]] = {}
    for module, path in modules.items():
        found = mutants_of(path.read_text())
        outcomes = {each: latest.get((module, each.line, each.change)) for each in found}
        counts = Counter("not run" if each is None else each.result for each in outcomes.values())
        for part in (f"{module.partition('/')[0]}/", "all"):
            totals.setdefault(part, Counter()).update(counts)
        rows.append(_row(f"`{module}`", _run(outcomes.values()), counts))
        lives += _lives(module, outcomes)
    table = [
        "| module | run | mutants | killed | live | no test runs it | undecided | not run |",
        "|---|---|---|---|---|---|---|---|",
    ]
    sums = [_row(f"**{part}**", "", totals[part]) for part in sorted(totals)]
    parts = [_HEAD, *table, *sums, *rows, "\n## What lives, and why", *lives]
    to.write_text("\n".join(parts) + "\n")


def _run(outcomes: Iterable[Outcome | None]) -> str:
    """What was run of a module."""
    told = [*outcomes]
    shares = {each.every for each in told if each is not None}
    if not shares:
        return "none"
    if None not in told:
        return "all"
    return f"one in {shares.pop()}" if len(shares) == 1 and 1 not in shares else "a part"


def _row(name: str, run: str, counts: Counter[str]) -> str:
    cells = [sum(counts.values()), *(counts[each] for each in _COLUMNS)]
    return f"| {name} | {run} | {' | '.join(f'{cell:,}' for cell in cells)} |"


def _lives(module: str, outcomes: Mapping[Mutant, Outcome | None]) -> Iterator[str]:
    lines = []
    for mutant, outcome in outcomes.items():
        if outcome is not None and outcome.result != "killed":
            reason = reason_of(module, mutant) or "not judged yet"
            lines.append(f"| {mutant.line} | {_code(mutant.change)} | {reason} |")
    if lines:
        yield f"\n### `{module}.py`\n\n| line | change | why it lives |\n|---|---|---|"
        yield from lines


def _code(change: str) -> str:
    text = change if len(change) <= _LONGEST else f"{change[:_LONGEST]}..."
    return f"`` {text.replace('|', chr(92) + '|')} ``"
