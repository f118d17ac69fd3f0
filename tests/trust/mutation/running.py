"""The run: pytest collects once, then each mutant gets a process of its own, forked from there."""

from __future__ import annotations

import gc
import importlib
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import CodeType
from typing import Final

import pytest
from tests.trust.mutation.bindings import Bindings
from tests.trust.mutation.forks import ARGUMENTS, OURS, Drawing, anew, exchanged, forked, rebound
from tests.trust.mutation.operators import Mutant, mutants_of
from tests.trust.mutation.plan import MODULES, PACKAGE
from tests.trust.mutation.reach import Measured, Reach, functions_in, measured
from tests.trust.mutation.reasons import reason_of
from tests.trust.mutation.results import Result, Results

__all__ = ["run"]

_REMEMBERED: Final = 40


class Run:
    """A plugin of pytest whose loop runs the mutants and not the tests."""

    def __init__(
        self,
        modules: Mapping[str, Path],
        results: Path,
        is_chosen: Callable[[str, int, Mutant, Result | None], bool],
        budget: float,
        scratch: Path,
        reach: Path | None,
        imports_anew: bool,
    ) -> None:
        self._modules, self._results, self._is_chosen = modules, results, is_chosen
        self._budget, self._scratch, self._reach_file = budget, scratch, reach
        self._imports_anew = imports_anew
        self._first: list[str] = []  # tests that killed, the last one first: neighbours die of the same ones

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for module in MODULES:  # a contract takes the others along: else each that forks would do it, half a second
            importlib.import_module(_name(module))
        self._items = {item.nodeid: item for item in session.items}
        self._reach = self._measured_reach(session.items)
        self._functions = functions_in(self._modules.values())
        self._bindings = Bindings(OURS)
        gc.collect()
        gc.freeze()  # forks share it for as long as nobody touches it
        self._require_sound(next(iter(self._modules)))
        for module, path in self._modules.items():
            mutants = mutants_of(path.read_text())
            results = Results(self._results, module, mutants)
            for place, mutant in enumerate(mutants):
                if not self._is_chosen(module, place, mutant, results[place]):
                    continue
                if (result := self._tried(module, mutant)) is not None:
                    results.tell(place, result)
        return True

    def _measured_reach(self, items: Sequence[pytest.Item]) -> Reach:
        """What a file tells that was measured of these modules; what it does not tell of is measured, and added."""
        to = self._reach_file or self._scratch / "reach.json"
        known: Measured = {"modules": [*self._modules], "seconds": {}, "statements": {}, "failed": []}
        if to.exists() and {*self._modules} <= {*(told := json.loads(to.read_text()))["modules"]}:
            known = told
        if missing := [item for item in items if item.nodeid not in known["seconds"]]:
            forked(lambda: measured(missing, self._modules, known, to), 3_600)
            known = json.loads(to.read_text())
        if known["failed"]:
            sys.stderr.write(f"left out, for they fail without a mutant: {', '.join(known['failed'])}\n")
        sys.stderr.write(f"{len(items)} tests, {sum(known['seconds'].values()):.0f} s under watch\n")
        return Reach(known["seconds"], known["statements"])

    def _require_sound(self, module: str) -> None:
        """Without a change nothing may be killed, by either way."""
        path = self._modules[module]
        code = compile(path.read_text(), str(path), "exec")
        tests = self._reach.of([f"{module}:0"], self._items, min(self._budget, 3), ())
        ways: dict[str, Callable[[], None]] = {
            "exchanged": lambda: self._exchange(path, self._functions[path][0].__code__.co_qualname, code, tests),
            "imported anew": lambda: self._import_anew(module, code, tests),
        }
        for way, work in ways.items():
            if not self._imports_anew and way == "imported anew":
                continue
            if tests and (result := self._judged(tests, work)) != "survived":
                raise RuntimeError(f"{module} is {result} as it stands ({way}): {'; '.join(self._first[:1])}")

    def _tried(self, module: str, mutant: Mutant) -> Result | None:
        """What becomes of a mutant; None where only importing anew could tell, and that is not done."""
        path = self._modules[module]
        with mutant.planted() as tree:
            code = compile(tree, str(path), "exec")
            constant = None if mutant.function else self._bindings.constant(_name(module), tree, mutant.line)
        near = [f"{module}:{line}" for line in mutant.near]
        tests = self._reach.of([f"{module}:{mutant.statement}"], self._items, self._budget, self._first, near)
        if mutant.function:
            if not tests:
                return "unreached"
            return self._judged(tests, lambda: self._exchange(path, mutant.function, code, tests))
        readers = self._asked(*self._lines(constant.read)) if constant else ()
        if not tests and not readers:
            return "unreached"
        result: Result | None = None
        if constant and readers:
            result = self._judged(readers, lambda: rebound(constant, readers, self._killer))
        if result != "killed" and self._imports_anew:
            asked = tests or readers  # nothing runs a module of tables alone
            result = self._judged(asked, lambda: self._import_anew(module, code, asked))
        return result

    @property
    def _killer(self) -> Path:
        return self._scratch / "killer"

    def _asked(self, *statements: str) -> Sequence[pytest.Item]:
        return self._reach.of(statements, self._items, self._budget, self._first)

    def _lines(self, read: Sequence[tuple[str, int]]) -> Sequence[str]:
        modules = {_name(module): module for module in self._modules}
        return [f"{modules[name]}:{line}" for name, line in read if name in modules]

    def _exchange(self, path: Path, function: str, code: CodeType, tests: Sequence[pytest.Item]) -> None:
        exchanged(self._functions[path], function, code, tests, self._killer)

    def _import_anew(self, module: str, code: CodeType, tests: Sequence[pytest.Item]) -> None:
        anew(self._modules[module], code, self._bindings.built_on(_name(module)), tests, self._killer)

    def _judged(self, tests: Sequence[pytest.Item], work: Callable[[], None]) -> Result:
        self._killer.unlink(missing_ok=True)
        result = forked(work, int(3 * self._reach.seconds(tests)) + 20)
        if self._killer.exists():
            test = self._killer.read_text()
            self._first = [test, *(each for each in self._first if each != test)][:_REMEMBERED]
        return result


def _name(module: str) -> str:
    return f"{PACKAGE}.{module.removesuffix('/__init__').replace('/', '.')}"


def run(
    modules: Mapping[str, Path],
    tests: Sequence[str],
    results: Path,
    *,
    every: int,
    budget: float,
    reach: Path | None,
    imports_anew: bool,
    again: bool,
) -> int:
    """Run one in so many mutants of each module (`every`), and keep what became of them in the folder of results. What
    it tells of is not run again, but where just what lived without a known reason is wanted `again`."""

    def is_chosen(module: str, place: int, mutant: Mutant, told: Result | None) -> bool:
        if again:
            return told not in (None, "killed") and reason_of(module, mutant) is None
        return told is None and place % every == 0

    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        plugin = Run(modules, results, is_chosen, budget, Path(scratch), reach, imports_anew)
        arguments = [*ARGUMENTS, f"--basetemp={scratch}/once", *tests]
        return int(pytest.main(arguments, plugins=[Drawing(), plugin]))
