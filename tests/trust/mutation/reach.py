"""Which tests run which statement: a mutant meets these alone, the quickest first."""

from __future__ import annotations

import ast
import gc
import json
import time
from collections import Counter
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from functools import _lru_cache_wrapper
from pathlib import Path
from types import CodeType, FunctionType
from typing import Final, TypedDict

import pytest

__all__ = ["Measured", "Reach", "functions_in", "measured", "nested_codes"]

_BLOCKS: Final = ("body", "orelse", "finalbody", "handlers", "cases")
_OURS: Final = "eximledger_chaincode."


class Reach:
    """Which tests run a statement, and how many seconds each takes."""

    def __init__(self, seconds: Mapping[str, float], statements: Mapping[str, Sequence[str]]) -> None:
        """By test: its seconds, and the statements of the modules under test that it runs, by their lines."""
        self._seconds = seconds
        self._tests: dict[str, set[str]] = {}
        for test, lines in statements.items():
            for line in lines:
                for place in (line, f"{line.rpartition(':')[0]}:0"):
                    self._tests.setdefault(place, set()).add(test)
        self._own = {
            test: sum(1 / len(self._tests[line]) for line in lines) + 0.01 for test, lines in statements.items()
        }
        """By test: how much it runs that few others do."""

    def of(
        self,
        statements: Collection[str],
        items: Mapping[str, pytest.Item],
        budget: float,
        first: Sequence[str],
        near: Collection[str] = (),
    ) -> list[pytest.Item]:
        """The tests that run one of these statements (`module:line`, or anything of the module for line 0), no more
        than the budget of seconds allows: those to be asked first, then by turns the quickest and those that run most
        of what few others run. A test counts as quicker for what few others run of the statements `near`, the same
        function's, and as slower for each before it of its file, for the tests of a file are alike."""
        met = {test for line in statements for test in self._tests.get(line, ()) if test in items}
        rare = dict.fromkeys(met, 1 / (len(met) + 1))
        for line in near:
            tests = self._tests.get(line, set())
            for test in tests & met:
                rare[test] = max(rare[test], 1 / len(tests))
        quick = _spread({test: self._seconds[test] / rare[test] for test in met})
        own = _spread({test: self._seconds[test] / rare[test] / self._own[test] ** 2 for test in met})
        asked = [test for test in first if test in met]
        order = dict.fromkeys([*asked, *(test for pair in zip(quick, own, strict=True) for test in pair)])
        chosen: list[pytest.Item] = []
        for test in order:
            if self._seconds[test] <= budget:  # one that does not fit leaves room for those behind it
                budget -= self._seconds[test]
                chosen.append(items[test])
        return chosen

    def seconds(self, tests: Sequence[pytest.Item]) -> float:
        return sum(self._seconds[item.nodeid] for item in tests)


def _spread(weights: Mapping[str, float]) -> list[str]:
    """Tests by their weight, which grows with each before it of the same file."""
    turns: Counter[str] = Counter()
    order: list[tuple[float, str]] = []
    for weight, test in sorted((weight, test) for test, weight in weights.items()):
        file = test.partition("::")[0]
        turns[file] += 1
        order.append((weight * turns[file], test))
    return [test for _, test in sorted(order)]


def functions_in(paths: Collection[Path]) -> Mapping[Path, Sequence[FunctionType]]:
    """The functions that are alive of some modules, whatever decorates them."""
    found: dict[str, list[FunctionType]] = {str(path): [] for path in paths}
    for each in gc.get_objects():
        if (
            isinstance(each, FunctionType)
            and each.__code__.co_filename in found
            and "<locals>" not in each.__qualname__
        ):
            found[each.__code__.co_filename].append(each)
    return {path: found[str(path)] for path in paths}


def nested_codes(code: CodeType) -> Iterator[CodeType]:
    """A function's code and all that stands inside of it."""
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from nested_codes(each)


class _Watch:
    """What was run since it was last asked: each statement notes its line."""

    def __init__(self, modules: Mapping[str, Path]) -> None:
        self.met: set[str] = set()
        self.by_fixture: dict[str, set[str]] = {}
        self._caches = [
            each
            for each in gc.get_objects()
            if isinstance(each, _lru_cache_wrapper) and each.__module__.startswith(_OURS)
        ]
        functions = functions_in(modules.values())
        for module, path in modules.items():
            noted = nested_codes(compile(_Noting(module).visit(ast.parse(path.read_text())), str(path), "exec"))
            codes = {(code.co_qualname, code.co_firstlineno): code for code in noted}
            for function in functions[path]:
                old = function.__code__
                function.__code__ = codes[old.co_qualname, old.co_firstlineno]
                function.__globals__["__note__"] = self.note

    def note(self, line: str) -> None:
        self.met.add(line)

    def anew(self) -> None:
        """For the next test, which remembers nothing of the one before."""
        self.met = set()
        for each in self._caches:
            each.cache_clear()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
        before, self.met = self.met, set()
        try:
            return (yield)
        finally:
            self.by_fixture.setdefault(fixturedef.argname, set()).update(self.met)
            self.met |= before


class _Noting(ast.NodeTransformer):
    """Makes every statement inside of a function note its line first."""

    def __init__(self, module: str) -> None:
        self._module = module

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        self._note_below(node)
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        self._note_below(node)
        return node

    def _note_below(self, node: ast.AST) -> None:
        for field, value in ast.iter_fields(node):
            if field not in _BLOCKS:
                continue
            for each in value:
                self._note_below(each)
            if value and isinstance(value[0], ast.stmt):
                value[:] = [one for each in value for one in (self._note(each), each)]

    def _note(self, node: ast.stmt) -> ast.stmt:
        name = ast.Constant(f"{self._module}:{node.lineno}")
        note = ast.copy_location(ast.Expr(ast.Call(ast.Name("__note__", ast.Load()), [name], [])), node)
        return ast.fix_missing_locations(note)


class Measured(TypedDict):
    """Of these modules: by test its seconds and the statements that it runs, and which tests failed."""

    modules: list[str]
    seconds: dict[str, float]
    statements: dict[str, list[str]]
    failed: list[str]


def measured(items: Sequence[pytest.Item], modules: Mapping[str, Path], known: Measured, to: Path) -> None:
    """Run tests under watch and write what each meets beside what is known. A test that fails here meets nothing."""
    plugins = items[0].config.pluginmanager
    watch, failed = _Watch(modules), _Failures()
    for each in (watch, failed):
        plugins.register(each)
    met: dict[str, set[str]] = {}
    for item, following in zip(items, [*items[1:], None], strict=True):
        watch.anew()
        began = time.process_time()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        met[item.nodeid] = watch.met
        known["seconds"][item.nodeid] = round(time.process_time() - began, 3)
    for item in items:
        if item.nodeid not in failed.of:
            of_fixtures = (watch.by_fixture.get(name, set()) for name in getattr(item, "fixturenames", ()))
            known["statements"][item.nodeid] = sorted(met[item.nodeid].union(*of_fixtures))
    known["failed"] += sorted(failed.of)
    to.write_text(json.dumps(known))


class _Failures:
    def __init__(self) -> None:
        self.of: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.of.add(report.nodeid)
