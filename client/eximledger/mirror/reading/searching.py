"""One search box: a number of whatever kind, or a part of a party's name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import Connection, and_, select

from eximledger.mirror.reading.pages import begins_with
from eximledger.mirror.reading.papers import parties_like
from eximledger.mirror.reading.rows import Hit
from eximledger.mirror.schema.tables import LOAN, LOAN_PAPER, PAPER, PAPER_PARTY, PAPER_REFERENCE
from eximledger_chaincode.documents import compared_name, compared_number

__all__ = ["search"]

_PARTIES: Final = 20


def search(connection: Connection, text: str, limit: int) -> tuple[Hit, ...]:
    """What carries a number that begins so, or names a party whose name has this part; exact hits first, loans before
    papers."""
    number, name = compared_number(text.strip()), compared_name(text)
    if not text.strip():
        return ()
    found = [
        *_loans_by_number(connection, text.strip(), limit),
        *_loans_by_paper(connection, number, limit),
        *_papers_by_number(connection, number, limit),
    ]
    if len(found) < limit and name:
        parties = parties_like(connection, text, _PARTIES)
        found += _loans_by_applicant(connection, text.strip(), parties, limit)
        found += _papers_by_party(connection, parties, limit)
    return tuple(_first_of_each(sorted(found, key=lambda hit: (not hit.exact, hit.what != "loan")), limit))


def _first_of_each(hits: Iterable[Hit], limit: int) -> Iterator[Hit]:
    seen: set[tuple[str, ...]] = set()
    for hit in hits:
        place = (hit.what, hit.bank, hit.kind, hit.id)
        if place not in seen:
            seen.add(place)
            yield hit
        if len(seen) == limit:
            return


def _loans_by_number(connection: Connection, text: str, limit: int) -> list[Hit]:
    query = select(LOAN.c.bank, LOAN.c.loan_id, LOAN.c.applicant_name).where(begins_with(LOAN.c.loan_id, text))
    return [
        Hit("loan", row.bank, "loan", row.loan_id, row.loan_id, row.applicant_name, "number", row.loan_id,
            exact=row.loan_id == text)
        for row in connection.execute(query.order_by(LOAN.c.loan_id).limit(limit))
    ]  # fmt: skip


def _loans_by_paper(connection: Connection, number: str, limit: int) -> list[Hit]:
    """Loans whose application names a paper of just this number."""
    query = (
        select(LOAN.c.bank, LOAN.c.loan_id, LOAN.c.applicant_name, LOAN_PAPER.c.kind, LOAN_PAPER.c.number)
        .join(LOAN_PAPER, and_(LOAN_PAPER.c.bank == LOAN.c.bank, LOAN_PAPER.c.loan_id == LOAN.c.loan_id))
        .where(LOAN_PAPER.c.compared_number == number)
        .limit(limit)
    )
    return [
        Hit("loan", row.bank, "loan", row.loan_id, row.loan_id, row.applicant_name, row.kind, row.number, exact=True)
        for row in connection.execute(query)
    ]


def _loans_by_applicant(connection: Connection, text: str, parties: list[str], limit: int) -> list[Hit]:
    loan = LOAN.c
    matched = (loan.applicant == text.upper()) | loan.applicant_compared.in_(parties)
    query = select(loan.bank, loan.loan_id, loan.applicant, loan.applicant_name).where(matched)
    return [
        Hit("loan", row.bank, "loan", row.loan_id, row.loan_id, row.applicant_name, "party", row.applicant_name,
            exact=row.applicant == text.upper())
        for row in connection.execute(query.limit(limit))
    ]  # fmt: skip


def _papers_by_number(connection: Connection, number: str, limit: int) -> list[Hit]:
    own, paper = PAPER_REFERENCE.c, PAPER.c
    near = (
        select(own.bank, own.kind, own.id, own.what, own.value)
        .where(begins_with(own.value, number))
        .order_by(own.value, own.what)
        .limit(limit)
        .subquery()
    )
    query = select(near, paper.number, paper.exporter_name, paper.counterparty).join(
        PAPER, and_(paper.bank == near.c.bank, paper.kind == near.c.kind, paper.id == near.c.id)
    )
    return [
        Hit("paper", row.bank, row.kind, row.id, row.number, row.exporter_name or row.counterparty or "", row.what,
            row.value, exact=row.value == number)
        for row in connection.execute(query)
    ]  # fmt: skip


def _papers_by_party(connection: Connection, parties: list[str], limit: int) -> list[Hit]:
    party, paper = PAPER_PARTY.c, PAPER.c
    near = (
        select(party.bank, party.kind, party.id, party.party)
        .where(party.party.in_(parties))
        .order_by(party.party)
        .limit(limit)
        .subquery()
    )
    query = select(near, paper.number, paper.exporter_name, paper.counterparty).join(
        PAPER, and_(paper.bank == near.c.bank, paper.kind == near.c.kind, paper.id == near.c.id)
    )
    return [
        Hit("paper", row.bank, row.kind, row.id, row.number, row.exporter_name or row.counterparty or "", "party",
            row.party, exact=False)
        for row in connection.execute(query)
    ]  # fmt: skip
