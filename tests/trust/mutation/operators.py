"""The mutants of a module: every place of its source where one of the classic operators makes another program of it.

Texts make none: neither what an error says, nor docstrings, nor annotations. Nor does what guards or says nothing of
the program's own: `strict=True` of a `zip`, and False answered as None, where only the truth is asked for.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from types import NoneType
from typing import Final

from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.register import PaperStanding
from eximledger_chaincode.lending.roles import Duty, Role
from eximledger_chaincode.lending.steps import Step
from eximledger_chaincode.lending.verdict import Decision, Severity

__all__ = ["Mutant", "mutants_of"]

_COMPARISONS: Final[Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: Final[Mapping[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_OTHER_CALL: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}
_OTHER_METHOD: Final = {"add": "subtract", "subtract": "add"}
_KINDS: Final = (Duty, Role, LoanState, Step, PaperStanding, Severity, Decision)
_MEMBERS: Final = {kind.__name__: tuple(kind.__members__) for kind in _KINDS} | {"Outcome": tuple(Decision.__members__)}
"""Enumerations that rights and steps are said in: the next member stands for one."""
_SAID: Final = ("annotation", "returns", "ctx", "target", "targets", "decorator_list")
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Mutant:
    """One place changed. `function` is the outermost one around it, empty where importing the module runs it;
    `statement` is the line of the statement that is changed, 0 there."""

    line: int
    statement: int
    function: str
    change: str
    _tree: ast.Module = field(repr=False)
    _put: Callable[[ast.AST], None] = field(repr=False)
    _old: ast.AST = field(repr=False)
    _new: ast.AST = field(repr=False)

    @property
    def near(self) -> range:
        """The lines of its function, empty where there is none."""
        for each in ast.walk(self._tree):
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef) and self.statement:
                lines = range(each.lineno, (each.end_lineno or each.lineno) + 1)
                if self.statement in lines:
                    return lines
        return range(0)

    @contextmanager
    def planted(self) -> Iterator[ast.Module]:
        """The whole module with the change, for as long as the block runs."""
        self._put(self._new)
        try:
            yield ast.fix_missing_locations(self._tree)
        finally:
            self._put(self._old)


def mutants_of(source: str) -> list[Mutant]:
    """All mutants of a module, in the order of its lines; line and change tell each from all others."""
    tree = ast.parse(source)
    walk = _Walk(tree)
    walk.below(tree, "", (), 0)
    seen: Counter[tuple[int, str]] = Counter()
    found: list[Mutant] = []
    for each in sorted(walk.found, key=lambda each: each.line):
        seen[each.line, each.change] += 1
        times = seen[each.line, each.change]
        found.append(each if times == 1 else replace(each, change=f"{each.change} ({times})"))
    return found


class _Walk:
    """Every node with the slot that it stands in."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self.found: list[Mutant] = []

    def below(self, node: ast.AST, function: str, classes: tuple[str, ...], statement: int) -> None:
        if isinstance(node, ast.ClassDef) and not function:
            classes = (*classes, node.name)
        for name, value in ast.iter_fields(node):
            inner = function
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and name == "body" and not function:
                inner = ".".join((*classes, node.name))
            if name in _SAID or _is_guard(node):
                continue
            if isinstance(value, list):
                for place, each in enumerate(value):
                    if isinstance(each, ast.AST):
                        self._at(each, inner, classes, statement, partial(value.__setitem__, place))
            elif isinstance(value, ast.AST):
                self._at(value, inner, classes, statement, partial(setattr, node, name))

    def _at(
        self, node: ast.AST, function: str, classes: tuple[str, ...], statement: int, put: Callable[[ast.AST], None]
    ) -> None:
        line = getattr(node, "lineno", 0) or getattr(getattr(node, "target", None), "lineno", 0)
        if isinstance(node, ast.stmt) and function:
            statement = line
        for new, change in _variants(node):
            self.found.append(Mutant(line, statement, function, change, self._tree, put, node, new))
        if isinstance(node, ast.Raise | ast.JoinedStr) or _is_text(node):
            return  # what an error says
        self.below(node, function, classes, statement)


def _is_text(node: ast.AST) -> bool:
    """Whether it is a docstring, or the list of a module's public names."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
    return False


def _variants(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    for make in _OPERATORS:
        yield from make(node)


def _swapped(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Another operator, constant, function or member of an enumeration in the place of one."""
    match node:
        case ast.Compare():
            for place, op in enumerate(node.ops):
                for other in _COMPARISONS[type(op)]:
                    yield _other(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])
        case ast.BinOp() if type(node.op) in _ARITHMETIC and not _is_said(node):
            yield _other(node, op=_ARITHMETIC[type(node.op)]())
        case ast.BoolOp():
            yield _other(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand, _said(node, node.operand)
        case ast.Constant(value=bool() as truth):
            yield _other(node, value=not truth)
        case ast.Constant(value=int() as number):
            yield _other(node, value=number + 1)
            yield _other(node, value=number - 1)
        case ast.Call(func=ast.Name(id=name)) if name in _OTHER_CALL:
            yield _other(node, func=ast.Name(_OTHER_CALL[name], ast.Load()))
        case ast.Call(func=ast.Attribute(attr=name)) if name in _OTHER_METHOD and len(node.args) == 2:
            yield _other(node, func=_other(node.func, attr=_OTHER_METHOD[name])[0])
        case ast.Attribute(value=ast.Name(id=kind), attr=name) if name in _MEMBERS.get(kind, ()):
            members = _MEMBERS[kind]
            yield _other(node, attr=members[(members.index(name) + 1) % len(members)])


def _taken_out(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """A statement, an operand, an element, a named argument or a filter less."""
    match node:
        case ast.Raise() | ast.Continue() | ast.Break() | ast.AugAssign():
            yield ast.Pass(), _said(node)
        case ast.Expr(value=ast.Call() | ast.Await()):
            yield ast.Pass(), _said(node)
        case ast.Return(value=value) if value is not None and not _is_nothing(value):
            yield _other(node, value=ast.Constant(None))
        case ast.BoolOp():
            yield from _one_less(node, "values", 2)
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()) | ast.Set():
            yield from _one_less(node, "elts", 2)
        case ast.Call():
            yield from _one_less(node, "keywords", 1)
            if len(node.args) > 1:
                yield _other(node, args=node.args[:-1])[0], f"{_text(node.args[-1])} taken out of {_text(node)}"
        case ast.Dict():
            for place, key in enumerate(node.keys):
                less = [node.values[at] for at in range(len(node.keys)) if at != place]
                keys = [each for at, each in enumerate(node.keys) if at != place]
                yield (
                    _other(node, keys=keys, values=less)[0],
                    f"{_text(key or node.values[place])} taken out of {_text(node)}",
                )
        case ast.comprehension():
            yield from _one_less(node, "ifs", 1)


def _negated(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """A condition the other way round, where no other operator makes the same of it."""
    tests: list[tuple[str, ast.expr]] = []
    match node:
        case ast.If() | ast.IfExp() | ast.While():
            tests = [("test", node.test)]
    for name, test in tests:
        if isinstance(test, ast.UnaryOp) or (isinstance(test, ast.Compare) and len(test.ops) == 1):
            continue
        new = ast.UnaryOp(ast.Not(), test)
        yield _other(node, **{name: new})[0], _said(test, new)


_OPERATORS: Final = (_swapped, _taken_out, _negated)


def _one_less(node: ast.AST, name: str, least: int) -> Iterator[tuple[ast.AST, str]]:
    parts = getattr(node, name)
    if len(parts) < least:
        return
    for place, part in enumerate(parts):
        if _is_guard(part):
            continue
        left = [*parts[:place], *parts[place + 1 :]]
        new = left[0] if isinstance(node, ast.BoolOp) and len(left) == 1 else _other(node, **{name: left})[0]
        yield new, f"{_text(part)} taken out of {_text(node)}"


def _other(node: ast.AST, **changed: object) -> tuple[ast.AST, str]:
    new = copy.copy(node)
    for name, value in changed.items():
        setattr(new, name, value)
    return new, _said(node, new)


def _is_said(node: ast.BinOp) -> bool:
    """Whether it puts texts together, or says a type."""
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str | NoneType))
        for side in (node.left, node.right)
    )


def _is_nothing(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and (node.value is None or node.value is False)


def _is_guard(node: ast.AST) -> bool:
    """Whether it is what makes a `zip` say that its parts are not of one length."""
    return isinstance(node, ast.keyword) and node.arg == "strict"


def _said(old: ast.AST, new: ast.AST | None = None) -> str:
    return f"{_text(old)} taken out" if new is None else f"{_text(old)} -> {_text(new)}"


def _text(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
