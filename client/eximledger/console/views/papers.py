"""A paper for a page: its fields as rows, and what two versions of it say differently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from eximledger_chaincode.documents import Document, Value
from hlf_chaincode.canonical import Json, to_json

__all__ = ["Change", "Difference", "Row", "differences", "rows_of"]

_UNSAID: Final = frozenset({"schema_version", "kind"})
_MONEY: Final = frozenset({"amount", "currency"})


class Change(StrEnum):
    """How a field of two versions differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a paper. `path` are the names of the fields that lead to it; places in lists count from one."""

    path: tuple[str, ...]
    value: str

    @property
    def depth(self) -> int:
        return len(self.path) - 1


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that two versions say differently."""

    path: tuple[str, ...]
    change: Change
    before: str
    after: str


def rows_of(document: Value) -> tuple[Row, ...]:
    """Every value that the paper states, in the order of its model."""
    content = to_json(document)
    assert isinstance(content, Mapping)  # noqa: S101 - a document is an object
    return tuple(row for name, value in content.items() if name not in _UNSAID for row in _rows((name,), value))


def differences(before: Document, after: Document) -> tuple[Difference, ...]:
    """What the later version says otherwise, in the order of its fields; then what it says no longer."""
    old = {row.path: row.value for row in rows_of(before)}
    new = {row.path: row.value for row in rows_of(after)}
    said = [
        Difference(path, Change.CHANGED if path in old else Change.ADDED, old.get(path, ""), value)
        for path, value in new.items()
        if old.get(path) != value
    ]
    return (*said, *(Difference(path, Change.REMOVED, value, "") for path, value in old.items() if path not in new))


def _rows(path: tuple[str, ...], value: Json) -> Iterator[Row]:
    if value is None or value in ({}, []):
        return
    if isinstance(value, Mapping):
        if value.keys() == _MONEY:
            yield Row(path, f"{value['amount']} {value['currency']}")
            return
        for name, inner in value.items():
            yield from _rows((*path, name), inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        if all(isinstance(each, str) for each in value):
            yield Row(path, ", ".join(str(each) for each in value))
            return
        for place, inner in enumerate(value, 1):
            yield from _rows((*path, str(place)), inner)
    else:
        yield Row(path, {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value))
