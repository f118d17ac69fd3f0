"""Watch list: whom sanctions, counter-terrorism and trade-control lists name, and with which legal force.

A list has up to a million entries and is never one value: the document is its heading (whose it is, which edition, how
many entries, their hash), the entries are filed in parts beside it (`contracts.watchlists`).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from eximledger_chaincode.documents.parts.base import Day, Value, Whole
from eximledger_chaincode.documents.parts.document import Document
from eximledger_chaincode.documents.parts.identifiers import Country, HsCode, ImoNumber, Number, Port
from eximledger_chaincode.documents.parts.party import Identifier
from eximledger_chaincode.documents.parts.record import Hex256

__all__ = [
    "MAX_ENTRIES",
    "LegalForce",
    "ListId",
    "ListedKind",
    "ListedName",
    "ListedPlace",
    "OwnWatchList",
    "WatchEntry",
    "WatchList",
]

MAX_ENTRIES: Final = 1_000_000
"""Of one list; the largest that is published has some 30,000."""

ListId = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,31}$")]
"""What a list is called for good, edition by edition: `UN-SC`, `MOFCOM-UEL`."""

ListedName = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00-\x1f]+$")]


class LegalForce(StrEnum):
    """What a list binds to: the law of the land, another country's, or the bank's own decision."""

    BINDING = "binding"
    """UN, PBoC, Ministry of Public Security, MOFCOM."""
    FOREIGN = "foreign"
    """Another state's or union's; screened where a bank's policy says so."""
    INTERNAL = "internal"
    """A bank's own."""


class ListedKind(StrEnum):
    """What an entry names."""

    PERSON = "person"
    ENTITY = "entity"
    VESSEL = "vessel"
    COUNTRY = "country"
    PORT = "port"
    GOODS = "goods"
    OTHER = "other"
    """Aircraft and the like: by number alone."""


class ListedPlace(Value):
    """Where an entry lives, as far as a paper's address can be held against it."""

    city: ListedName | None = None
    postal_code: ListedName | None = None
    country: Country | None = None


class WatchEntry(Value):
    """One entry of a list. `entry_id` is the publisher's own number of it, the same in every edition."""

    entry_id: Number
    kind: ListedKind
    name: ListedName
    aliases: Annotated[tuple[ListedName, ...], Field(max_length=500)] = ()
    weak_aliases: Annotated[tuple[ListedName, ...], Field(max_length=500)] = ()
    """Aliases that the publisher itself calls of low quality."""
    countries: Annotated[tuple[Country, ...], Field(max_length=100)] = ()
    """Of nationality, registration, residence or flag; of a country its own."""
    places: Annotated[tuple[ListedPlace, ...], Field(max_length=100)] = ()
    identifiers: Annotated[tuple[Identifier, ...], Field(max_length=200)] = ()
    imo_number: ImoNumber | None = None
    ports: Annotated[tuple[Port, ...], Field(max_length=100)] = ()
    hs_codes: Annotated[tuple[HsCode | Annotated[str, StringConstraints(pattern=r"^\d{4}$")], ...],
                        Field(max_length=200)] = ()  # fmt: skip
    """Headings or codes of controlled goods."""
    programmes: Annotated[tuple[ListedName, ...], Field(max_length=50)] = ()
    """Resolutions, regulations or programmes that it is listed under."""
    listed_on: Day | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names that count by themselves."""
        return (self.name, *self.aliases)


class WatchList(Document):
    """One edition of a list: SAFE's, which every member reads. It holds from `valid_from` until the next one does."""

    KIND: ClassVar[str] = "watch-list"

    kind: Literal["watch-list"] = "watch-list"
    list_id: ListId
    title: ListedName
    source: ListedName
    """Who publishes it."""
    force: LegalForce
    edition: Number
    """What the publisher calls this edition: its number, or when it was made."""
    published_on: Day
    valid_from: Day
    entries: Annotated[Whole, Field(ge=0, le=MAX_ENTRIES)]
    entries_sha256: Hex256
    """Over the entries in the order of their ids, part by part (`lending.screening.parts`)."""

    @model_validator(mode="after")
    def _of_its_writer(self) -> Self:
        if self.force is LegalForce.INTERNAL:
            raise ValueError("force: an internal list is a bank's own (own-watch-list)")
        return self

    @property
    def number(self) -> str:
        return self.list_id

    @property
    def id(self) -> str:
        return self.list_id

    @property
    def dated(self) -> date:
        return self.valid_from


class OwnWatchList(WatchList):
    """One edition of a list that a bank files for itself; it and SAFE see it, nobody else."""

    KIND: ClassVar[str] = "own-watch-list"

    kind: Literal["own-watch-list"] = "own-watch-list"  # type: ignore[assignment]  # another kind of the same make

    @model_validator(mode="after")
    def _of_its_writer(self) -> Self:
        return self
