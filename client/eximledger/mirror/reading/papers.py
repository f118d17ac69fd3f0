"""Papers as the mirror lists them, and all that one of them has."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from eximledger.mirror.reading.filters import PaperFilter, PaperSort
from eximledger.mirror.reading.loans import AnyRow, money
from eximledger.mirror.reading.pages import begins_with, contains, keyset_page
from eximledger.mirror.reading.rows import Page, PaperParty, PaperReference, PaperRow, PaperVersion
from eximledger.mirror.schema.tables import (
    LOAN,
    LOAN_PAPER,
    PAPER,
    PAPER_PARTY,
    PAPER_REFERENCE,
    PAPER_VERSION,
    PARTY,
)
from eximledger_chaincode.documents import compared_name, compared_number
from hlf_client.errors import NotFound

__all__ = ["count_papers", "list_papers", "one_paper", "paper_parties", "paper_references", "paper_versions"]

_COLUMNS: Final = [column for column in PAPER.c if column.name != "origin"]
_MOST_PARTIES: Final = 200
"""Parties whose papers are looked for at one time."""


def list_papers(
    connection: Connection, asked: PaperFilter, sort: PaperSort, *, descending: bool, size: int, cursor: str
) -> Page[PaperRow]:
    """A page of papers."""
    first: ColumnElement[Any] = PAPER.c[sort.value]
    query = select(*_COLUMNS).where(*_conditions(connection, asked))
    if sort is PaperSort.DATED:
        query = query.where(first.is_not(None))
    order = [first, PAPER.c.bank, PAPER.c.kind, PAPER.c.id]
    return keyset_page(connection, query, order, descending=descending, size=size, cursor=cursor, make=_paper)


def count_papers(connection: Connection, asked: PaperFilter) -> int:
    """How many papers a filter lets through."""
    found = connection.execute(select(func.count()).select_from(PAPER).where(*_conditions(connection, asked)))
    return int(found.scalar_one())


def _conditions(connection: Connection, asked: PaperFilter) -> list[ColumnElement[bool]]:
    paper = PAPER.c
    found: list[ColumnElement[bool]] = []
    for text, column in ((asked.kind, paper.kind), (asked.bank, paper.bank), (asked.exporter, paper.exporter)):
        if text:
            found.append(column == text)
    if asked.dated_from is not None:
        found.append(paper.dated >= asked.dated_from)
    if asked.dated_until is not None:
        found.append(paper.dated <= asked.dated_until)
    if asked.number:
        own = PAPER_REFERENCE.c
        numbered = begins_with(own.value, compared_number(asked.number))
        found.append(_among(select(own.bank, own.kind, own.id).where(own.what == "number", numbered)))
    if asked.party:
        found.append(_names(connection, asked.party))
    if asked.loan:
        found.append(_among(_of_loan(asked.loan)))
    return found


def _among(places: Select[Any]) -> ColumnElement[bool]:
    return tuple_(PAPER.c.bank, PAPER.c.kind, PAPER.c.id).in_(places)


def _of_loan(loan_id: str) -> Select[Any]:
    """The papers that a loan's application names: by kind and number as numbers are compared, the exporter's or
    nobody's."""
    theirs = PAPER.alias("theirs")
    named, own, paper = LOAN_PAPER.c, PAPER_REFERENCE.c, theirs.c
    return (
        select(own.bank, own.kind, own.id)
        .select_from(LOAN_PAPER)
        .join(LOAN, and_(LOAN.c.bank == named.bank, LOAN.c.loan_id == named.loan_id))
        .join(
            PAPER_REFERENCE,
            and_(own.value == named.compared_number, own.what == "number", own.kind == named.kind,
                 or_(own.bank == "", own.bank == named.bank)),
        )
        .join(theirs, and_(paper.bank == own.bank, paper.kind == own.kind, paper.id == own.id))
        .where(named.loan_id == loan_id, or_(paper.exporter.is_(None), paper.exporter == LOAN.c.applicant))
    )  # fmt: skip


def _names(connection: Connection, text: str) -> ColumnElement[bool]:
    """Whether a paper names a party: by its USCC, or by a part of its name, which is looked up first."""
    party = PAPER_PARTY.c
    parties = parties_like(connection, text, _MOST_PARTIES)
    matched = party.party.in_(parties) if parties else party.uscc == text.upper()
    return _among(select(party.bank, party.kind, party.id).where(matched))


def parties_like(connection: Connection, text: str, limit: int) -> list[str]:
    """The parties whose name has this part, as names are compared; those that begin so first."""
    compared = compared_name(text)
    if not compared:
        return []
    begins = begins_with(PARTY.c.party, compared)
    query = select(PARTY.c.party).where(contains(PARTY.c.party, compared))
    found = connection.execute(query.order_by(begins.desc(), PARTY.c.party).limit(limit))
    return list(found.scalars())


def _paper(row: AnyRow) -> PaperRow:
    said = row._mapping
    plain = {name: said[name] for name in PaperRow.__slots__ if name != "amount"}
    return PaperRow(**plain, amount=money(said["amount"], said["currency"]))


# -- one paper ---------------------------------------------------------------------------------------------------------


def one_paper(connection: Connection, bank: str, kind: str, id_: str) -> PaperRow:
    """Raises `NotFound`."""
    query = select(*_COLUMNS).where(PAPER.c.bank == bank, PAPER.c.kind == kind, PAPER.c.id == id_)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"the mirror has no {kind} {id_}", kind=kind, id=id_)
    return _paper(row)


def paper_versions(connection: Connection, bank: str, kind: str, id_: str) -> tuple[PaperVersion, ...]:
    """Every version of a paper, newest first."""
    version = PAPER_VERSION.c
    query = (
        select(
            version.version,
            version.written_by,
            version.written_at,
            version.transaction_id,
            version.sha256,
            version.body,
        )
        .where(version.bank == bank, version.kind == kind, version.id == id_)
        .order_by(version.version.desc())
    )
    return tuple(PaperVersion(*row) for row in connection.execute(query))


def paper_parties(connection: Connection, bank: str, kind: str, id_: str) -> tuple[PaperParty, ...]:
    """The parties that the latest version names."""
    party = PAPER_PARTY.c
    query = (
        select(party.role, party.party, PARTY.c.name, party.uscc)
        .join(PARTY, PARTY.c.party == party.party)
        .where(party.bank == bank, party.kind == kind, party.id == id_)
        .order_by(party.role, party.position)
    )
    return tuple(PaperParty(*row) for row in connection.execute(query))


def paper_references(connection: Connection, bank: str, kind: str, id_: str) -> tuple[PaperReference, ...]:
    """The numbers that the latest version carries."""
    own = PAPER_REFERENCE.c
    query = select(own.what, own.value).where(own.bank == bank, own.kind == kind, own.id == id_)
    return tuple(PaperReference(*row) for row in connection.execute(query.order_by(own.what, own.value)))
