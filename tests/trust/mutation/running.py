"""The run: pytest collects once, then each mutant gets a process of its own, forked from there.

A mutant inside a function is that function's code exchanged. One that importing the module would run takes the module,
all that imports it and the tests anew.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Final

import pytest
from tests.trust.mutation.operators import Mutant, mutants_of
from tests.trust.mutation.plan import PACKAGE
from tests.trust.mutation.reach import Reach, functions_in, measured, nested_codes

__all__ = ["Outcome", "identity", "run"]

KILLED: Final = 1
SURVIVED: Final = 0
_REMEMBERED: Final = 40
_MEMORY: Final = 4 << 30
_OURS: Final = ("eximledger", "tests")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mutant: killed, survived, unreached (no test runs the statement), or
    undecided (the clock on the wall ran out)."""

    module: str
    line: int
    function: str
    change: str
    result: str
    tests: int = 0
    seconds: float = 0.0


class Run:
    """A plugin of pytest whose loop runs the mutants and not the tests."""

    def __init__(
        self,
        modules: Mapping[str, Path],
        chosen: Callable[[str, int, Mutant], bool],
        tell: Callable[[Outcome], None],
        budget: float,
        scratch: Path,
        reach: Path | None,
    ) -> None:
        self._modules, self._chosen, self._tell = modules, chosen, tell
        self._budget, self._scratch, self._reach_file = budget, scratch, reach
        self._first: list[str] = []  # tests that killed, the last one first: neighbours die of the same ones

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for module in self._modules:
            importlib.import_module(f"{PACKAGE}.{module.replace('/', '.')}")  # else what forks would do it each time
        reach = self._reach(session.items)
        self._require_sound(session.items, reach, next(iter(self._modules)))
        for module, path in self._modules.items():
            for place, mutant in enumerate(mutants_of(path.read_text())):
                if self._chosen(module, place, mutant):
                    self._tell(self._tried(session.items, reach, module, mutant))
        return True

    def _reach(self, items: Sequence[pytest.Item]) -> Reach:
        to = self._reach_file or self._scratch / "reach.json"
        if not (to.exists() and _tells(json.loads(to.read_text()), items, self._modules)):
            _forked(lambda: measured(items, self._modules, to), 3_600)
        found = json.loads(to.read_text())
        if found["failed"]:
            sys.stderr.write(f"left out, for they fail without a mutant: {', '.join(found['failed'])}\n")
        sys.stderr.write(f"{len(items)} tests, {sum(found['seconds'].values()):.0f} s under watch\n")
        return Reach(found["seconds"], {test: frozenset(lines) for test, lines in found["statements"].items()})

    def _require_sound(self, items: Sequence[pytest.Item], reach: Reach, module: str) -> None:
        """Without a change nothing may be killed, by either way."""
        path = self._modules[module]
        code = compile(path.read_text(), str(path), "exec")
        tests = reach.of(module, 0, items, min(self._budget, 3), ())
        for function in ("", next(each.__code__.co_qualname for each in functions_in(path))):
            if (result := self._judged(tests, module, function, code)) not in {"survived", "unreached"}:
                raise RuntimeError(f"{module} is {result} as it stands ({function or 'imported anew'})")

    def _judged(self, tests: Sequence[pytest.Item], module: str, function: str, code: CodeType) -> str:
        path, killer = self._modules[module], self._scratch / "killer"
        killer.unlink(missing_ok=True)
        if not tests:
            return "unreached"
        if function:
            result = _forked(lambda: _exchanged(path, function, code, tests, killer), _limit(self._budget))
        else:
            result = _forked(lambda: _anew(path, code, tests, killer), _limit(self._budget))
        if killer.exists():
            test = killer.read_text()
            self._first = [test, *(each for each in self._first if each != test)][:_REMEMBERED]
        return result

    def _tried(self, items: Sequence[pytest.Item], reach: Reach, module: str, mutant: Mutant) -> Outcome:
        path, began = self._modules[module], time.perf_counter()
        with mutant.planted() as tree:
            code = compile(tree, str(path), "exec")
        tests = reach.of(module, mutant.statement, items, self._budget, self._first)
        result = self._judged(tests, module, mutant.function, code)
        taken = round(time.perf_counter() - began, 2)
        return Outcome(module, mutant.line, mutant.function, mutant.change, result, len(tests), taken)


def _tells(found: Mapping[str, Collection[str]], items: Sequence[pytest.Item], modules: Mapping[str, Path]) -> bool:
    """Whether it was measured of all these modules and tests: else what they run would seem to be run by none."""
    return {*modules} <= {*found.get("modules", ())} and {item.nodeid for item in items} <= {*found["seconds"]}


def _forked(work: Callable[[], object], cpu: int) -> str:
    """Run something in a process of its own. That ends well (survived), or ill, or is ended for taking too long."""
    child = os.fork()
    if child == 0:
        code = KILLED
        try:
            os.setsid()
            quiet = os.open(os.devnull, os.O_RDWR)
            for stream in (0, 1, 2):
                os.dup2(quiet, stream)
            resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 5))
            resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
            work()
            code = SURVIVED
        finally:
            os._exit(code)
    deadline = time.monotonic() + 5 * cpu
    while (ended := os.waitpid(child, os.WNOHANG))[0] == 0:
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "undecided"
        time.sleep(0.01)
    return "survived" if ended[1] == 0 else "killed"


def _limit(budget: float) -> int:
    """Seconds of CPU after which a mutant is held to run for ever."""
    return int(3 * budget) + 20


class _AtFirstFailure:
    """Ends the process when a test fails, and leaves that test's name."""

    def __init__(self, to: Path) -> None:
        self._to = to

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._to.write_text(report.nodeid)
            os._exit(KILLED)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            os._exit(KILLED)


def _exchanged(path: Path, function: str, module: CodeType, tests: Sequence[pytest.Item], killer: Path) -> None:
    for each in functions_in(path):
        if each.__code__.co_qualname == function:
            line = each.__code__.co_firstlineno
            each.__code__ = next(
                code for code in nested_codes(module) if (code.co_qualname, code.co_firstlineno) == (function, line)
            )
    tests[0].config.pluginmanager.register(_AtFirstFailure(killer))
    for item, following in zip(tests, [*tests[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def _anew(path: Path, code: CodeType, tests: Sequence[pytest.Item], killer: Path) -> None:
    name = next(name for name, module in sys.modules.items() if getattr(module, "__file__", None) == str(path))
    keep = {"tests.trust.mutation", *(each for each in sys.modules if each.startswith("tests.trust.mutation."))}
    for each in [each for each in sys.modules if each.split(".")[0].startswith(_OURS) and each not in keep]:
        del sys.modules[each]
    sys.meta_path.insert(0, _Mutated(name, path, code))
    files = sorted({str(item.path) for item in tests})
    temporary = tempfile.mkdtemp(dir=killer.parent)
    plugins = [_AtFirstFailure(killer), _Only([item.nodeid for item in tests])]
    status = pytest.main([*_ARGUMENTS, f"--basetemp={temporary}/t", *files], plugins=plugins)
    os._exit(SURVIVED if status == 0 else KILLED)


class _Only:
    """Runs the tests named, in this order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._places = {test: place for place, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        found = [item for item in items if item.nodeid in self._places]
        items[:] = sorted(found, key=lambda item: self._places[item.nodeid])


_ARGUMENTS: Final = ("-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore")


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from its mutant's code."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self._name, self._path, self._code = name, path, code

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.util.spec_from_file_location(fullname, self._path, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


def run(
    modules: Mapping[str, Path], tests: Sequence[str], to: Path, *, every: int, budget: float, reach: Path | None
) -> int:
    """Run one in `every` mutants; a line of JSON for each is added to the file. What it tells of is not run again."""
    done = {identity(Outcome(**json.loads(line))) for line in to.read_text().splitlines()} if to.exists() else set()
    with to.open("a") as lines:

        def tell(outcome: Outcome) -> None:
            lines.write(json.dumps(asdict(outcome)) + "\n")
            lines.flush()

        def chosen(module: str, place: int, mutant: Mutant) -> bool:
            return place % every == 0 and (module, mutant.line, mutant.change) not in done

        with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
            plugin = Run(modules, chosen, tell, budget, Path(scratch), reach)
            return int(pytest.main([*_ARGUMENTS, f"--basetemp={scratch}/once", *tests], plugins=[plugin]))


def identity(outcome: Outcome) -> tuple[str, int, str]:
    """What tells a mutant from all others of one source."""
    return outcome.module, outcome.line, outcome.change
