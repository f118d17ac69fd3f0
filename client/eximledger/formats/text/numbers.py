"""Numbers of the papers that a paper refers to."""

from __future__ import annotations

from collections.abc import Sequence

from eximledger.formats.text.values import unique
from eximledger_chaincode.documents import Reference

__all__ = ["Numbers"]


class Numbers:
    """The numbers in references, by kind of paper."""

    def __init__(self, references: Sequence[Reference]) -> None:
        self._references = references

    def all(self, kind: str) -> tuple[str, ...]:
        return unique([reference.number for reference in self._references if reference.kind == kind])

    def first(self, kind: str) -> str | None:
        return next(iter(self.all(kind)), None)
