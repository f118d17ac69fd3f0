"""The asynchronous modules as syntax trees: what they define, what they import, what a name means in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

from sync_modules import Twin

__all__ = [
    "Function",
    "Import",
    "Source",
    "Sources",
    "Untranslatable",
    "all_arguments",
    "attributes",
    "is_private",
    "yields",
]

_ROOMS: Final = ("client", "chaincode")
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


class Untranslatable(Exception):
    """What the asynchronous source says and this tool cannot say without asyncio."""


@dataclass(frozen=True, slots=True)
class Import:
    """Where a name comes from; `name` is empty for a module itself."""

    module: str
    name: str
    typing_only: bool = False

    def statement(self, bound: str) -> str:
        if not self.name:
            return f"import {self.module}" if self.module == bound else f"import {self.module} as {bound}"
        return f"from {self.module} import {self.name}" + ("" if self.name == bound else f" as {bound}")


class Source:
    """One module's tree, the names it imports and those it defines."""

    def __init__(self, name: str, path: Path) -> None:
        self.name, self.path = name, path
        self.imports: dict[str, Import] = {}
        self.defined: dict[str, ast.stmt] = {}
        self._take(ast.parse(path.read_text(encoding="utf-8")).body, typing_only=False)

    def _take(self, statements: Sequence[ast.stmt], *, typing_only: bool) -> None:
        for statement in statements:
            match statement:
                case ast.ImportFrom(module=str(module), names=names, level=0):
                    for each in names:
                        self.imports[each.asname or each.name] = Import(module, each.name, typing_only)
                case ast.Import(names=names):
                    for each in names:
                        self.imports[each.asname or each.name] = Import(each.name, "", typing_only)
                case ast.If(test=ast.Name(id="TYPE_CHECKING"), body=body):
                    self._take(body, typing_only=True)
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    self.defined[name] = statement
                case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                    self.defined[name] = statement

    def refuse(self, node: ast.AST, why: str) -> Untranslatable:
        return Untranslatable(f"{self.path}:{getattr(node, 'lineno', 1)}: {why}")


class Sources:
    """The project's modules by name, parsed when asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.module = cache(self._module)

    def _module(self, name: str) -> Source | None:
        for room in _ROOMS:
            stem = self.root / room / name.replace(".", "/")
            for path in (stem.with_suffix(".py"), stem / "__init__.py"):
                if path.is_file():
                    return Source(name, path)
        return None

    def meaning(self, module: str, name: str) -> str:
        """The full name of what a module calls `name`, through re-exports to where it is defined."""
        source = self.module(module)
        if source is None or name in source.defined or name not in source.imports:
            return f"{module}.{name}"
        found = source.imports[name]
        return self.meaning(found.module, found.name) if found.name else found.module

    def of(self, twin: Twin) -> tuple[Source, ast.stmt]:
        """Where a twin's original stands, and the original."""
        module, _, name = twin.of.rpartition(".")
        source = self.module(module)
        if source is None or name not in source.defined:
            raise Untranslatable(f"{twin.of} is not there: tools/async_to_sync.py names what has a twin")
        return source, source.defined[name]


def all_arguments(given: ast.arguments) -> list[ast.arg]:
    """Every parameter, in the order in which they are written."""
    vararg, kwarg = [given.vararg] if given.vararg else [], [given.kwarg] if given.kwarg else []
    return [*given.posonlyargs, *given.args, *vararg, *given.kwonlyargs, *kwarg]


def attributes(init: ast.FunctionDef | None) -> Iterator[tuple[str, ast.expr]]:
    """The public attributes that a constructor sets, with what they are set to."""
    for node in ast.walk(init) if init is not None else ():
        match node:
            case (
                ast.Assign(targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=ast.expr() as value)
                | ast.AnnAssign(target=ast.Attribute(value=ast.Name(id="self"), attr=name), value=ast.expr() as value)
            ):
                if not is_private(name):
                    yield name, value


def is_private(name: str) -> bool:
    return name.startswith("_")


def yields(function: Function) -> bool:
    """Whether it is a generator (what is defined inside it is not asked)."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)
    return False
