"""What the documents contract answers beside records: pages, histories, and customs' part of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias, Union

from pydantic import Field

from eximledger_chaincode.documents import KINDS, Document, Entry, ExportDeclaration, Money, PriceBand, Record, Value
from eximledger_chaincode.documents.customs.exported import Exported
from eximledger_chaincode.documents.parts.base import Day, Moment
from eximledger_chaincode.documents.parts.record import Hex256

__all__ = ["AnyDocument", "CustomsFacts", "EntryPage", "HistoryItem"]

if TYPE_CHECKING:
    AnyDocument: TypeAlias = Document
else:
    AnyDocument = Annotated[Union[tuple(kind.model for kind in KINDS.values())], Field(discriminator="kind")]  # noqa: UP007 - of a tuple


class EntryPage(Value):
    """One page of a list; `bookmark` starts the next page, "" at the end."""

    bookmark: str
    entries: tuple[Entry, ...]


class HistoryItem(Value):
    """One version of a document."""

    entry: Entry
    transaction_id: str
    timestamp: Moment
    document: AnyDocument


class CustomsFacts(Value):
    """What customs knows for a case: the declarations named, its price bands for their goods, and the exporter's total
    over a period."""

    declarations: tuple[Record[ExportDeclaration], ...]
    earlier: tuple[Record[ExportDeclaration], ...] = ()
    """Versions of them that were replaced, the last ones of each."""
    price_bands: tuple[Record[PriceBand], ...] = ()
    declared: tuple[Money, ...]
    exported: Exported = Exported()
    """How many there were, by HS chapter, country and size."""
    seals: tuple[Hex256 | None, ...] = ()
    """Of the declarations named, in that order, None where the caller has none: with a seal, what is held of a
    declaration is found and read on the bank channel."""
    since: Day
    until: Day
