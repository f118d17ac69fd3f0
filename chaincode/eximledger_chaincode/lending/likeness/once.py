"""What was worked out of a paper, kept as long as the paper's object is there."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Generic, TypeVar

from eximledger_chaincode.documents import Document

__all__ = ["OncePerPaper"]

ResultT = TypeVar("ResultT")


class OncePerPaper(Generic[ResultT]):
    """A pure function of a paper, which never changes. The paper is known by the object, not by its words: to compare
    those would cost as much. The result must not hold the paper."""

    def __init__(self, function: Callable[[Document], ResultT]) -> None:
        self._function = function
        self._known: dict[int, tuple[weakref.ref[Document], ResultT]] = {}

    def __call__(self, paper: Document) -> ResultT:
        key = id(paper)
        found = self._known.get(key)
        if found is None:
            gone = weakref.ref(paper, lambda _: self._known.pop(key, None))
            found = self._known[key] = (gone, self._function(paper))
        return found[1]
