"""What becomes of several papers in one file: what can be read is read, and the others are named.

All of them are refused only where none can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from pydantic import ValidationError

from eximledger.formats._reading import Cause, Unmapped
from eximledger_chaincode.documents import Document, invalid_document
from hlf_chaincode.errors import InvalidDocument

__all__ = ["Gathered", "soundly"]


@contextmanager
def soundly(name: str) -> Iterator[None]:
    """What a model or the arithmetic refuses beyond the places where readers expect it is the paper's fault, too."""
    try:
        yield
    except ValidationError as error:
        raise invalid_document(name, error) from None
    except (ArithmeticError, RecursionError):
        reason = "holds numbers or nesting beyond what papers have"
        raise InvalidDocument(f"the paper {reason}", field="file", reason=reason) from None


class Gathered:
    """The documents of a file's papers, and what of it they do not hold."""

    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.unmapped: list[Unmapped] = []
        self._read = 0
        self._first: InvalidDocument | None = None

    def add(self, place: str, documents: tuple[Document, ...], unmapped: Iterable[Unmapped]) -> None:
        """One that was read; what is left of it is named behind its place, where that is not in its path already."""
        self._read += 1
        self.documents += documents
        self.unmapped += [
            entry if entry.path.startswith(place) else replace(entry, path=f"{place}: {entry.path}")
            for entry in unmapped
        ]

    def miss(self, place: str, error: InvalidDocument) -> None:
        """One that cannot be read, and why: where in it, unless it is not of a kind that is read."""
        self._first = self._first or error
        why = error.reason if error.field in {"", "file", "format"} else error.message
        self.unmapped.append(Unmapped(place, f"cannot be read: {why}", Cause.UNUSABLE))

    def require_some(self) -> None:
        """Raises what the first one was refused for, where none was read."""
        if not self._read:
            raise self._first or InvalidDocument("it holds no paper", field="file", reason="holds no paper")
