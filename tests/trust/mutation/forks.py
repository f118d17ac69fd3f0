"""One mutant's process, forked from the run: code, a constant or a whole module changed, then the tests.

A mutant inside a function is that function's code exchanged, one of a constant that only functions read is another
value bound to its names. Any other takes the module, all that is built on it and the tests anew.
"""

from __future__ import annotations

import gc
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Final

import pytest
from hypothesis import Phase, settings
from tests.trust.mutation.bindings import Constant
from tests.trust.mutation.reach import nested_codes
from tests.trust.mutation.results import Result

__all__ = ["ARGUMENTS", "OURS", "Drawing", "anew", "exchanged", "forked", "rebound"]

KILLED: Final = 1
SURVIVED: Final = 0
_BROKEN: Final = 3
_MEMORY: Final = 4 << 30
_NO_FAILURES: Final = (pytest.skip.Exception, pytest.exit.Exception)
OURS: Final = ("eximledger_chaincode", "eximledger", "tests")


def forked(work: Callable[[], object], cpu: int) -> Result:
    """Run something in a process of its own: to its end (survived), until a test fails or it takes too long (killed).
    Undecided is what the clock on the wall does not wait for, or where the run itself breaks."""
    child = os.fork()
    if child == 0:
        code = _BROKEN
        try:
            os.setpgrp()  # not a session of its own: that would leave the priority that the run was given
            gc.disable()  # what the parent has made would be copied to be looked at
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
    codes: dict[int, Result] = {SURVIVED: "survived", _BROKEN: "undecided"}
    return codes.get(os.waitstatus_to_exitcode(ended[1]), "killed")


class _AtFirstFailure:
    """Ends the process when a test fails, before anything is made of the failure, and leaves that test's name."""

    def __init__(self, to: Path) -> None:
        self._to = to

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> None:
        if call.excinfo and not call.excinfo.errisinstance(_NO_FAILURES) and not item.get_closest_marker("xfail"):
            self._end(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._end(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            os._exit(KILLED)

    def _end(self, test: str) -> None:
        self._to.write_text(test)
        os._exit(KILLED)


class Drawing:
    """A plugin that has hypothesis stop at the first example that fails."""

    def pytest_configure(self) -> None:
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", settings(), phases=phases, report_multiple_bugs=False)
        settings.load_profile("mutants")


def exchanged(
    functions: Sequence[FunctionType], function: str, module: CodeType, tests: Sequence[pytest.Item], killer: Path
) -> None:
    """Run tests with the code of one function changed."""
    for each in functions:
        if each.__code__.co_qualname == function:
            line = each.__code__.co_firstlineno
            each.__code__ = next(
                code for code in nested_codes(module) if (code.co_qualname, code.co_firstlineno) == (function, line)
            )
    _run(tests, killer)


def rebound(constant: Constant, tests: Sequence[pytest.Item], killer: Path) -> None:
    """Run tests with a constant changed, wherever it is bound."""
    try:
        constant.bind()
    except Exception:
        os._exit(KILLED)  # as importing it would
    _run(tests, killer)


def _run(tests: Sequence[pytest.Item], killer: Path) -> None:
    tests[0].config.pluginmanager.register(_AtFirstFailure(killer))
    for item, following in zip(tests, [*tests[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def anew(path: Path, code: CodeType, stale: Collection[str], tests: Sequence[pytest.Item], killer: Path) -> None:
    """Run tests with a module changed, and all that is built on it imported again."""
    name = next(name for name, module in sys.modules.items() if getattr(module, "__file__", None) == str(path))
    for each in stale:
        del sys.modules[each]
    sys.meta_path.insert(0, _Mutated(name, path, code))
    files = sorted({str(item.path) for item in tests})
    temporary = tempfile.mkdtemp(dir=killer.parent)
    plugins = [Drawing(), _AtFirstFailure(killer), _Only([item.nodeid for item in tests])]
    status = pytest.main([*ARGUMENTS, f"--basetemp={temporary}/t", *files], plugins=plugins)
    os._exit(SURVIVED if status in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED} else KILLED)


class _Only:
    """Runs the tests named, in this order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self._places = {test: place for place, test in enumerate(tests)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        found = [item for item in items if item.nodeid in self._places]
        items[:] = sorted(found, key=lambda item: self._places[item.nodeid])


ARGUMENTS: Final = ("-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore")


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
