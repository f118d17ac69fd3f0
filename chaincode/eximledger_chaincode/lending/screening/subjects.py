"""Subjects: everybody and everything of a case that is held against lists, found wherever a paper names one.

Papers are walked by their models: a party, a place, a vessel's number, a country, port or goods' code counts in
whatever field of whatever kind it stands, so that a new kind of paper is screened without a word here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Final, Literal, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, Field

from eximledger_chaincode.documents import Document, Identifier, Party, Place, Value, compared_name, compared_number
from eximledger_chaincode.documents.parts.identifiers import country_of_port
from eximledger_chaincode.documents.parts.names.countries import country_named
from eximledger_chaincode.documents.parts.names.ships import without_sort
from eximledger_chaincode.lending.likeness.once import OncePerPaper
from eximledger_chaincode.lending.screening.within import names_within, ship_numbers_within, ships_within
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.errors import Refused

__all__ = [
    "MAX_SUBJECTS",
    "Gathered",
    "Mention",
    "Subject",
    "SubjectKind",
    "gathered",
    "joined",
    "mentions",
    "named_in",
    "subjects_of",
]

MAX_SUBJECTS: Final = 5_000
"""Of one case, each once; more are not looked up in one call."""
_MOST: Final = 50
"""Names of one subject, and its numbers."""
_MOST_PLACES: Final = 200
ToldT = TypeVar("ToldT")


class SubjectKind(StrEnum):
    PARTY = "party"
    """Of whatever part: a bank, an agent, a carrier, too."""
    VESSEL = "vessel"
    COUNTRY = "country"
    PORT = "port"
    GOODS = "goods"


class Subject(Value):
    """One party, vessel, country, port or code of goods, with all that papers say of it. `digest` is its own name: what
    was cleared for it holds until any of this changes."""

    kind: SubjectKind
    names: Annotated[tuple[str, ...], Field(max_length=_MOST)] = ()
    country: str | None = None
    places: Annotated[tuple[str, ...], Field(max_length=_MOST_PLACES)] = ()
    """Cities and postal codes, compared."""
    identifiers: Annotated[tuple[Identifier, ...], Field(max_length=_MOST)] = ()
    """With its USCC, of a vessel its IMO number."""
    code: str | None = None
    """Of a country, a port or goods."""

    @property
    def digest(self) -> str:
        """SHA-256 of who it is, as names and numbers are compared; an address that another paper adds makes no other
        one."""
        return _digest(self)

    @property
    def called(self) -> str:
        """What a sentence calls it."""
        first = self.names[0] if self.names else None
        return first or self.code or (self.identifiers[0].value if self.identifiers else "-")


@lru_cache(maxsize=2048)
def _digest(subject: Subject) -> str:
    numbers = sorted({(each.scheme or "", compared_number(each.value)) for each in subject.identifiers})
    names = sorted({compared_name(name) or name for name in subject.names})
    return sha256_hex(canonical_json([subject.kind, names, subject.country, numbers, subject.code]))


class Mention(NamedTuple):
    """A subject where a paper names it."""

    subject: Subject
    document: Document
    field: str


class Gathered(NamedTuple):
    """A subject as all papers of a case tell of it, and where they name it."""

    subject: Subject
    mentions: tuple[Mention, ...]


def subjects_of(documents: Iterable[Document]) -> tuple[Subject, ...]:
    """Every subject of these papers once, in one order."""
    return joined(named_in(documents))


def named_in(documents: Iterable[Document]) -> tuple[Subject, ...]:
    """What each paper by itself names, each once."""
    return tuple(dict.fromkeys(subject for document in documents for subject, _ in _named(document)))


def joined(named: Iterable[Subject]) -> tuple[Subject, ...]:
    """The subjects of all papers of which `named_in` tells, in one order: who knows a part of the papers only tells
    what these name."""
    return _in_order(tuple(named))


@lru_cache(maxsize=256)  # a case is screened at each of its loan's steps
def _in_order(named: tuple[Subject, ...]) -> tuple[Subject, ...]:
    return tuple(sorted(_joined(named), key=lambda each: each.digest))


def gathered(documents: Iterable[Document]) -> tuple[Gathered, ...]:
    """Every subject of these papers with its mentions. What papers say of one party, some with and some without its
    address or numbers, stands together; parties of one name in two countries are two."""
    told = list(mentions(documents))
    parts = _joined(mention.subject for mention in told)
    whole = {part: subject for subject, named in parts.items() for part in named}
    where: dict[Subject, list[Mention]] = {subject: [] for subject in parts}
    for mention in told:
        where[whole[mention.subject]].append(mention)
    found = [Gathered(subject, tuple(own)) for subject, own in where.items()]
    return tuple(sorted(found, key=lambda each: each.subject.digest))


def _joined(named: Iterable[Subject]) -> dict[Subject, list[Subject]]:
    """Subjects, each with what papers name of it."""
    alike: dict[tuple[str, str], list[Subject]] = {}
    for subject in dict.fromkeys(named):
        name = subject.names[0] if subject.names else ""
        alike.setdefault((subject.kind, compared_name(name) or name or subject.digest), []).append(subject)
    found: dict[str, tuple[Subject, list[Subject]]] = {}
    for group in alike.values():
        for named_alike in _by_country(group):
            whole, own = _together(named_alike), named_alike
            if whole.digest in found:  # who has two names is in two groups where papers turn them round
                own = [*found[whole.digest][1], *named_alike]
                whole = _together(own)
            found[whole.digest] = (whole, own)
    return dict(found.values())


def _by_country(group: list[Subject]) -> Iterator[list[Subject]]:
    """What is of one name, by country; what says none goes with the first."""
    said = sorted({each.country for each in group if each.country is not None})
    countries: list[str | None] = [*said] or [None]
    for place, country in enumerate(countries):
        yield [each for each in group if each.country == country or (place == 0 and not each.country)]


def _together(alike: list[Subject]) -> Subject:
    spelt = sorted({name for each in alike for name in each.names}, reverse=True)
    names = {compared_name(name) or name: name for name in spelt}
    numbers = {number for each in alike for number in each.identifiers}
    return Subject(
        kind=alike[0].kind,
        names=_all_of(names[key] for key in sorted(names)),
        country=next((each.country for each in alike if each.country is not None), None),
        places=_all_of(sorted({place for each in alike for place in each.places}), _MOST_PLACES),
        identifiers=_all_of(sorted(numbers, key=lambda each: (each.scheme or "", each.value))),
        code=alike[0].code,
    )


def _all_of(found: Iterable[ToldT], most: int = _MOST) -> tuple[ToldT, ...]:
    """All of them, for what is not looked up must not pass. Raises `Refused` where they are more than a call takes."""
    told = tuple(found)
    if len(told) > most:
        raise Refused(
            f"the case's papers give one party or ship {len(told)} names, numbers or places: at most {most} are held "
            "against lists"
        )
    return told


def mentions(documents: Iterable[Document]) -> Iterator[Mention]:
    """Every mention, paper by paper."""
    for document in documents:
        for subject, field in _named(document):
            yield Mention(subject, document, field)


def _subjects_in(document: Document) -> tuple[tuple[Subject, str], ...]:
    return tuple(_in(document, ""))


_named = OncePerPaper(_subjects_in)


# -- how a model is walked ---------------------------------------------------------------------------------------------

_Kind = Literal["party", "place", "model", "country", "port", "goods", "vessel", "ship", "words"]


class _Step(NamedTuple):
    field: str
    kind: _Kind
    many: bool


@lru_cache(maxsize=256)
def _plan(model: type[BaseModel]) -> tuple[_Step, ...]:
    """The fields of a model in which a subject can stand, found once."""
    steps: list[_Step] = []
    for name, info in model.model_fields.items():
        parts = set(_types(info.annotation))
        many = any(part is tuple for part in parts)
        models = [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]
        kind = _kind_of(name, models)
        if kind is not None and (kind != "model" or any(_plan_or_none(each) for each in models)):
            steps.append(_Step(name, kind, many))
    return tuple(steps)


def _plan_or_none(model: type[BaseModel]) -> bool:
    return model in {Party, Place} or bool(_plan(model))


def _kind_of(name: str, models: list[type[BaseModel]]) -> _Kind | None:
    if Party in models:
        return "party"
    if Place in models:
        return "place"
    if models:
        return "model"
    if name in {"vessel", "conveyance"}:
        return "vessel"
    if name == "imo_number":
        return "ship"
    if name == "country" or name.endswith("_country"):
        return "country"
    if name.endswith("_port"):
        return "port"
    if name == "incoterm_place":
        return "words"
    return "goods" if name == "hs_code" else None


def _types(annotation: object) -> Iterator[object]:
    """All that an annotation is made of, with its containers."""
    arguments = get_args(annotation)
    if not arguments:
        yield annotation
        return
    origin = getattr(annotation, "__origin__", None)
    if origin is not None:
        yield origin
    for each in arguments:
        yield from _types(each)


def _in(value: BaseModel, path: str) -> Iterator[tuple[Subject, str]]:
    seen: tuple[str | None, str | None] = (None, None)
    for step in _plan(type(value)):
        found = getattr(value, step.field)
        if not found:
            continue
        where = f"{path}{step.field}"
        if step.kind in {"vessel", "ship"}:
            seen = (found, seen[1]) if step.kind == "vessel" else (seen[0], found)
            continue
        for place, each in enumerate(found if step.many else (found,)):
            yield from _of(step.kind, each, f"{where}.{place}" if step.many else where)
    if any(seen):
        yield _vessel(*seen), f"{path}vessel"


def _of(kind: _Kind, value: object, where: str) -> Iterator[tuple[Subject, str]]:
    match value:
        case Party():
            yield _party(value), where
            if value.representative:
                yield _person(value.representative, value.country), f"{where}.representative"
            named = value.address.named_countries if value.address is not None else ()
            for country in dict.fromkeys((*value.countries, *named)):
                yield Subject(kind=SubjectKind.COUNTRY, code=country), f"{where}.country"
        case Place():
            if value.code:
                yield Subject(kind=SubjectKind.PORT, code=value.code), where
            stated = (value.country or country_of_port(value.code), country_named(value.name))
            for country in dict.fromkeys(each for each in stated if each):
                yield Subject(kind=SubjectKind.COUNTRY, code=country), where
        case BaseModel():
            yield from _in(value, f"{where}.")
        case str() if kind == "country":
            yield Subject(kind=SubjectKind.COUNTRY, code=value), where
        case str() if kind == "port":
            yield Subject(kind=SubjectKind.PORT, code=value), where
            if at := country_of_port(value):
                yield Subject(kind=SubjectKind.COUNTRY, code=at), where
        case str() if kind == "words":
            if at := country_named(value):
                yield Subject(kind=SubjectKind.COUNTRY, code=at), where
        case str() if kind == "goods":
            yield Subject(kind=SubjectKind.GOODS, code=value), where


@lru_cache(maxsize=4096)  # papers of one case name the same few
def _party(party: Party) -> Subject:
    address = party.address
    identifiers = [*party.identifiers]
    if party.uscc is not None:
        identifiers.append(Identifier(scheme="USCC", value=party.uscc))
    places = {compared_name(each) for each in (address.city, address.postal_code) if each} if address else set()
    return Subject(
        kind=SubjectKind.PARTY,
        names=_all_of(dict.fromkeys([*party.names, *_within(party)])),
        country=party.country,
        places=tuple(sorted(places)),
        identifiers=_all_of(sorted(set(identifiers), key=lambda each: (each.scheme or "", each.value))),
    )


def _within(party: Party) -> Iterator[str]:
    return (part for name in party.names for part in names_within(name))


@lru_cache(maxsize=4096)
def _person(name: str, country: str | None) -> Subject:
    """Who acts for a party is screened by itself; where it lives no paper says, so its party's country counts."""
    return Subject(kind=SubjectKind.PARTY, names=(name, *names_within(name)), country=country)


def _vessel(name: str | None, imo: str | None) -> Subject:
    """A conveyance on a declaration is `VESSEL/VOYAGE`, its name or `UN` and its IMO number."""
    written = (name or "").strip()
    called = without_sort(written)
    prefix = called != written
    called = called.split("/")[0].strip()
    numbers = dict.fromkeys(each for each in (imo, *ship_numbers_within(written)) if each)
    names = (called, written if prefix else "", *ships_within(written))
    return Subject(
        kind=SubjectKind.VESSEL,
        names=_all_of(dict.fromkeys(each for each in names if each)),
        identifiers=tuple(Identifier(scheme="IMO", value=each) for each in sorted(numbers)),
    )
