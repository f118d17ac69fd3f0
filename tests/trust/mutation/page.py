"""docs/mutants.md: how many mutants each module has, and every one that lives, with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from tests.trust.mutation.operators import Mutant, mutants_of
from tests.trust.mutation.reasons import reason_of
from tests.trust.mutation.results import Result, Results

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

The run keeps what it finds in `tests/trust/mutation/results`, beside the source, and writes this page from it. Every
module of the lending core, of the contracts and of the rules is in the table, those of money and authority first.
*Live* are the mutants that no test noticed, each listed below; *no test runs it* are those whose statement none of
these tests runs, listed there too; *not run* are those of which no run has told, or whose function has changed since:
nothing is known of them. `--in-place` leaves out what takes importing anew. *Not judged yet* is what lived through a
run of few seconds or of a part of the tests, and nobody has looked at it since; most die when more tests meet them
(`--again`), and until then nothing is claimed. What every loan runs, hundreds of tests reach; there the few files that
are about a module, named by `--tests`, kill in seconds what a small budget of all tests lets live.

Of the lending core and the contracts every mutant is run, and every one that lives is judged: those of money, authority
and of who may see what are killed. Of the rules only eligibility, grade and authority are run.
"""
_COLUMNS: Final = ("killed", "survived", "unreached", "undecided", "not run")
_LONGEST: Final = 220


def write_page(results: Path, modules: Mapping[str, Path], to: Path) -> None:
    """Write the page from the results; what they tell of mutants that the source has no longer counts for nothing."""
    rows: list[str] = []
    lives: list[str] = []
    totals: dict[str, Counter[str]] = {}
    for module, path in modules.items():
        mutants = mutants_of(path.read_text())
        told = Results(results, module, mutants)
        outcomes = {each: told[place] for place, each in enumerate(mutants)}
        counts: Counter[str] = Counter(outcome or "not run" for outcome in outcomes.values())
        for part in (f"{module.partition('/')[0]}/", "all"):
            totals.setdefault(part, Counter()).update(counts)
        rows.append(_row(f"`{module}`", counts))
        lives += _lives(module, outcomes)
    table = [
        "| module | mutants | killed | live | no test runs it | undecided | not run |",
        "|---|---|---|---|---|---|---|",
    ]
    sums = [_row(f"**{part}**", totals[part]) for part in sorted(totals)]
    parts = [_HEAD, *table, *sums, *rows, "\n## What lives, and why", *lives]
    to.write_text("\n".join(parts) + "\n")


def _row(name: str, counts: Counter[str]) -> str:
    cells = [sum(counts.values()), *(counts[each] for each in _COLUMNS)]
    return f"| {name} | {' | '.join(f'{cell:,}' for cell in cells)} |"


def _lives(module: str, outcomes: Mapping[Mutant, Result | None]) -> Iterator[str]:
    lines = []
    for mutant, outcome in outcomes.items():
        if outcome not in (None, "killed"):
            reason = reason_of(module, mutant) or "not judged yet"
            lines.append(f"| {mutant.line} | {_code(mutant.change)} | {reason} |")
    if lines:
        yield f"\n### `{module}.py`\n\n| line | change | why it lives |\n|---|---|---|"
        yield from lines


def _code(change: str) -> str:
    text = change if len(change) <= _LONGEST else f"{change[:_LONGEST]}..."
    return f"`` {text.replace('|', chr(92) + '|')} ``"
