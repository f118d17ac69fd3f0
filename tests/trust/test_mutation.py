"""The runner of `make mutants`: what its operators make, that it tells a test which notices from one that does not."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.trust.mutation.operators import mutants_of
from tests.trust.mutation.plan import MODULES
from tests.trust.mutation.reasons import all_key, known_reasons, lived_key
from tests.trust.mutation.results import Results

import eximledger_chaincode

PACKAGE = Path(eximledger_chaincode.__file__).parent


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("x = a < b", {"a < b -> a <= b", "a < b -> a >= b"}),
        ("x = a - b", {"a - b -> a + b"}),
        ("x = 7", {"7 -> 8", "7 -> 6"}),
        ("x = True", {"True -> False"}),
        ("x = not a", {"not a -> a"}),
        ("x = a and b", {"a and b -> a or b", "a taken out of a and b", "b taken out of a and b"}),
        ("if a: raise E(f'{b - 1}')", {"a -> not a", "raise E(f'{b - 1}') taken out"}),
        ("if a == b: f()", {"a == b -> a != b", "f() taken out"}),
        ("x = min(a)", {"min(a) -> max(a)"}),
        ("x = f(a, b=c)", {"b=c taken out of f(a, b=c)"}),
        ("x = zip(a, b, strict=True)", {"b taken out of zip(a, b, strict=True)"}),
        ("def f(): return False", {"False -> True"}),
        ("x = {a: b}", {"a taken out of {a: b}"}),
        ("x = [a for a in b if c]", {"c taken out of for a in b if c"}),
        ("x = Duty.CHECKER", {"Duty.CHECKER -> Duty.POLICY"}),
        ("'''A text.'''\n__all__ = ['a', 'b']\nx: Literal[2] = 'b' + 'c'", set()),
    ],
)
def test_what_is_changed(source: str, changes: set[str]) -> None:
    assert {mutant.change for mutant in mutants_of(source)} == changes


def test_an_awaited_check_is_taken_out_and_put_back() -> None:
    mutant = next(each for each in mutants_of("class A:\n  async def f(self):\n    await check()\n    return 1"))
    with mutant.planted() as tree:
        planted = compile(tree, "a.py", "exec")
    with mutant.planted():
        pass
    assert (mutant.function, mutant.line, mutant.change) == ("A.f", 3, "await check() taken out")
    assert "check" not in str(planted.co_consts[0].co_consts[1].co_names)


def test_every_mutant_has_a_name_of_its_own_and_is_a_program() -> None:
    found = mutants_of((PACKAGE / "lending/loan.py").read_text())
    for mutant in found:
        with mutant.planted() as tree:
            compile(tree, "loan.py", "exec")
    assert len({(mutant.line, mutant.change) for mutant in found}) == len(found) > 50


def test_reasons_are_of_mutants_that_there_are() -> None:
    for module, reasons in known_reasons().items():
        assert module in MODULES
        found = mutants_of((PACKAGE / f"{module}.py").read_text())
        known = {lived_key(each.function, each.change) for each in found} | {all_key(each.function) for each in found}
        assert set(reasons) <= known, module


def test_every_module_of_money_and_authority_is_in_the_plan() -> None:
    for part in ("lending", "contracts", "rules"):
        for path in (PACKAGE / part).rglob("*.py"):
            module = path.relative_to(PACKAGE).with_suffix("").as_posix()
            assert (module in MODULES) == bool(mutants_of(path.read_text())), module


SLEEPING = """
from datetime import UTC, datetime
from eximledger_chaincode.lending.time import day_in_china

def test_that_looks_at_nothing():
    day_in_china(datetime(2031, 5, 7, tzinfo=UTC))
"""


@pytest.mark.slow
def test_a_run_tells_a_test_that_notices_from_one_that_does_not(tmp_path: Path) -> None:
    sleeping = tmp_path / "test_sleeping.py"
    sleeping.write_text(SLEEPING)
    counts = {}
    for test in ("tests/eximledger_chaincode/lending/test_time.py", str(sleeping)):
        page = tmp_path / "page.md"
        command = [sys.executable, "-m", "tests.trust.mutation", "--module", "lending/time", "--every", "9"]
        results = tmp_path / Path(test).stem
        command += ["--tests", test, "--results", str(results), "--to", str(page)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        row = next(line for line in page.read_text().splitlines() if line.startswith("| `lending/time`"))
        counts[Path(test).stem] = [cell.strip() for cell in row.strip("| ").split("|")]
    killed, survived = 2, 3
    told, silent = (
        [int(counts[each][place]) for place in (killed, survived)] for each in ("test_time", "test_sleeping")
    )
    assert told[0] > silent[0]
    assert told[1] < silent[1]


def test_results_go_with_a_function_that_moves_and_not_with_one_that_changes(tmp_path: Path) -> None:
    source = "def f(a, b): return a < b\n\n\ndef g(a): return a + 1\n"
    mutants = mutants_of(source)
    results = Results(tmp_path, "lending/time", mutants)
    for place in range(len(mutants)):
        results.tell(place, "killed" if place else "survived")
    for moved, known in (
        ("X: str\n\n\n" + source, {"f", "g"}),
        (source.replace("a < b", "a > b"), {"g"}),
        ("def g(a): return a + 1\n", {"g"}),
    ):
        again = mutants_of(moved)
        read = Results(tmp_path, "lending/time", again)
        assert {each.function for place, each in enumerate(again) if read[place]} == known
    assert [Results(tmp_path, "lending/time", mutants)[place] for place in (0, 1)] == ["survived", "killed"]
