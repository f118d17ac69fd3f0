"""What a reader gives back: documents, and what of the paper they do not hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from eximledger_chaincode.documents import Document

__all__ = ["Cause", "Reading", "Unmapped"]


class Cause(StrEnum):
    """Why a part of a paper is in no document."""

    NOT_MODELLED = "not-modelled"
    """It holds data for which the documents have no field."""
    SKIPPED = "skipped"
    """It was left out on purpose, such as a debit entry of a statement."""
    UNUSABLE = "unusable"
    """There is a field for it, but the value does not fit, such as a country code that ISO 3166 does not have."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A part of a paper that is in no document: an XPath by local names, or a sheet's column or row.

    A path names the topmost element of which nothing was read; `values` counts the texts below it. The values
    themselves are not repeated here, so that a report of it can be logged.
    """

    path: str
    reason: str
    cause: Cause
    values: int = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """One file as read. `format` is what `detect` says of it."""

    format: str
    documents: tuple[Document, ...]
    unmapped: tuple[Unmapped, ...] = ()
