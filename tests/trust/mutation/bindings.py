"""Constants of modules, and every name that is bound to one: where only functions read it, it is exchanged in place.

Importing the tree anew for a mutant takes seconds. A constant that nothing reads while modules are imported needs none.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType

__all__ = ["Bindings", "Constant", "constant_at"]

_Place = tuple[str, str]  # a module, and a name in it


@dataclass(frozen=True, slots=True)
class Constant:
    """A changed constant: its new value's code, where it is bound, and the statements that read it, by module."""

    module: str
    value: CodeType
    bound: Sequence[_Place]
    read: Sequence[tuple[str, int]]

    def bind(self) -> None:
        """Put the new value in the place of the old one, everywhere."""
        value = eval(self.value, vars(sys.modules[self.module]))
        for module, name in self.bound:
            setattr(sys.modules[module], name, value)


def constant_at(tree: ast.Module, line: int) -> tuple[str, ast.expr] | None:
    """The name and the value that the statement at a line gives to a constant of the module, if it does."""
    for each in tree.body:
        if each.lineno <= line <= (each.end_lineno or each.lineno):
            match each:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    return name, value
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    return name, value
    return None


@dataclass(slots=True)
class _Names:
    """What a module imports, and what it does with names: takes them from others, reads them while it is imported, or
    reads them in functions later."""

    imported: set[str] = field(default_factory=set)
    taken: dict[str, _Place] = field(default_factory=dict)
    at_import: set[str] = field(default_factory=set)
    later: dict[str, set[int]] = field(default_factory=dict)


class Bindings:
    """Who takes which name of whom, of all modules that are imported."""

    def __init__(self, packages: Sequence[str]) -> None:
        self._names: dict[str, _Names] = {}
        for name, module in sorted(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if name.split(".")[0] in packages and file and file.endswith(".py"):
                self._names[name] = _names_in(ast.parse(Path(file).read_text()))

    def constant(self, module: str, tree: ast.Module, line: int) -> Constant | None:
        """The changed constant at a line, unless something reads it while modules are imported."""
        if (found := constant_at(tree, line)) is None:
            return None
        name, value = found
        bound = self._bound(module, name)
        if any(local in self._names[each].at_import for each, local in bound):
            return None
        read = [(each, line) for each, local in bound for line in self._names[each].later.get(local, ())]
        code = compile(ast.fix_missing_locations(ast.Expression(value)), str(sys.modules[module].__file__), "eval")
        return Constant(module, code, bound, read)

    def built_on(self, module: str) -> frozenset[str]:
        """The module and all that import it, or what imports it: what is another one when it is. With a package goes
        all that it has as its attributes."""
        found = {module}
        while more := {
            each
            for each, names in self._names.items()
            if each not in found and (names.imported & found or _packages(each) & found)
        }:
            found |= more
        return frozenset(found)

    def _bound(self, module: str, name: str) -> Sequence[_Place]:
        bound = [(module, name)]
        for place in bound:
            bound += [
                (each, local)
                for each, names in self._names.items()
                for local, taken in names.taken.items()
                if taken == place and (each, local) not in bound
            ]
        return bound


def _names_in(tree: ast.Module) -> _Names:
    names = _Names()
    for each in ast.walk(tree):
        if isinstance(each, ast.ImportFrom) and each.module:
            names.taken |= {alias.asname or alias.name: (each.module, alias.name) for alias in each.names}
            names.imported |= {each.module, *(f"{each.module}.{alias.name}" for alias in each.names)}
        if isinstance(each, ast.Import):
            names.imported |= {alias.name for alias in each.names}
    _read(tree, names, None)
    return names


def _read(node: ast.AST, names: _Names, statement: int | None) -> None:
    """Note the names that a node reads: for `statement` None while the module is imported."""
    if isinstance(node, ast.stmt) and statement is not None:
        statement = node.lineno
    match node:
        case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name, ctx=ast.Load()):
            if statement is None:
                names.at_import.add(name)
            else:
                names.later.setdefault(name, set()).add(statement)
    for child, is_later in _children(node):
        _read(child, names, (statement or getattr(child, "lineno", 0)) if is_later else statement)


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """What a node is made of, and whether it runs only when a function is called."""
    is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
    for name, value in ast.iter_fields(node):
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST):
                yield each, is_function and name == "body"


def _packages(module: str) -> set[str]:
    """The packages that a module is in."""
    parts = module.split(".")
    return {".".join(parts[:length]) for length in range(1, len(parts))}
