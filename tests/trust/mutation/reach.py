"""Which tests run which function: a mutant meets these alone, the quickest first."""

from __future__ import annotations

import ast
import gc
import json
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Final, TypeVar

import pytest

__all__ = ["Reach", "functions_in", "measured", "nested_codes"]

_FunctionT = TypeVar("_FunctionT", ast.FunctionDef, ast.AsyncFunctionDef)
_OURS: Final = "eximledger_chaincode."
_Cached: Final = type(lru_cache(len))


@dataclass(frozen=True, slots=True)
class Reach:
    """By test: the seconds that it takes, and the functions of the modules under test that it runs."""

    seconds: Mapping[str, float]
    functions: Mapping[str, frozenset[str]]

    def of(self, module: str, function: str, items: Sequence[pytest.Item], budget: float) -> list[pytest.Item]:
        """The tests that run a function, or anything of the module where none is named; the quickest first, and no
        more than the budget of seconds allows."""
        met = [item for item in items if self._meets(item.nodeid, module, function)]
        chosen: list[pytest.Item] = []
        for item in sorted(met, key=lambda each: self.seconds[each.nodeid]):
            budget -= self.seconds[item.nodeid]
            if budget >= 0:
                chosen.append(item)
        return chosen

    def _meets(self, test: str, module: str, function: str) -> bool:
        names = self.functions.get(test, frozenset())
        return f"{module}:{function}" in names if function else any(each.startswith(f"{module}:") for each in names)


def functions_in(path: Path) -> Iterator[FunctionType]:
    """The functions that are alive of a module, whatever decorates them."""
    name = str(path)
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename == name and "<locals>" not in each.__qualname__:
            yield each


def nested_codes(code: CodeType) -> Iterator[CodeType]:
    """A function's code and all that stands inside of it."""
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from nested_codes(each)


class _Watch:
    """What was run since it was last asked: each function first notes its own name."""

    def __init__(self, modules: Mapping[str, Path]) -> None:
        self.met: set[str] = set()
        self.by_fixture: dict[str, set[str]] = {}
        self._caches = [
            each for each in gc.get_objects() if isinstance(each, _Cached) and each.__module__.startswith(_OURS)
        ]
        for module, path in modules.items():
            noted = nested_codes(compile(_Noting(module).visit(ast.parse(path.read_text())), str(path), "exec"))
            codes = {(code.co_qualname, code.co_firstlineno): code for code in noted}
            for function in functions_in(path):
                old = function.__code__
                function.__code__ = codes[old.co_qualname, old.co_firstlineno]
                function.__globals__["__note__"] = self.note

    def note(self, function: str) -> None:
        self.met.add(function)

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
    """Makes every function that is not inside of another note its name."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._names: list[str] = []

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        self._names.append(node.name)
        self.generic_visit(node)
        self._names.pop()
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        return self._noting(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AsyncFunctionDef:
        return self._noting(node)

    def _noting(self, node: _FunctionT) -> _FunctionT:
        name = f"{self._module}:{'.'.join((*self._names, node.name))}"
        note = ast.Expr(ast.Call(ast.Name("__note__", ast.Load()), [ast.Constant(name)], []))
        node.body.insert(0, ast.copy_location(note, node.body[0]))
        ast.fix_missing_locations(node)
        return node


def measured(items: Sequence[pytest.Item], modules: Mapping[str, Path], to: Path) -> None:
    """Run all tests under watch and write what each meets. A test that fails here meets nothing."""
    plugins = items[0].config.pluginmanager
    watch, failed = _Watch(modules), _Failures()
    for each in (watch, failed):
        plugins.register(each)
    met: dict[str, set[str]] = {}
    seconds: dict[str, float] = {}
    for item, following in zip(items, [*items[1:], None], strict=True):
        watch.anew()
        began = time.process_time()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        met[item.nodeid], seconds[item.nodeid] = watch.met, round(time.process_time() - began, 3)
    found = {
        item.nodeid: sorted(
            met[item.nodeid].union(*(watch.by_fixture.get(name, set()) for name in getattr(item, "fixturenames", ())))
        )
        for item in items
        if item.nodeid not in failed.of
    }
    to.write_text(json.dumps({"seconds": seconds, "functions": found, "failed": sorted(failed.of)}))


class _Failures:
    def __init__(self) -> None:
        self.of: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.of.add(report.nodeid)
