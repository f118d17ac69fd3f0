"""Loans as the mirror lists them, and all that one of them has."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, Row, Table, and_, func, or_, select, tuple_
from sqlalchemy.sql.elements import ColumnElement

from eximledger.mirror.reading.filters import LoanFilter, LoanSort
from eximledger.mirror.reading.pages import contains, keyset_page
from eximledger.mirror.reading.rows import (
    FindingRow,
    HoldRow,
    LoanRow,
    LoanStep,
    NamedPaper,
    Officer,
    OverrideRow,
    Page,
    PaymentRow,
)
from eximledger.mirror.schema.tables import (
    FINDING,
    FINDING_OVERRIDE,
    LOAN,
    LOAN_BODY,
    LOAN_HOLD,
    LOAN_PAPER,
    LOAN_PAYMENT,
    LOAN_STEP,
    PAPER,
    PAPER_REFERENCE,
)
from eximledger_chaincode.documents import Money, compared_name, compared_number
from hlf_client.errors import NotFound

__all__ = [
    "banks_with",
    "count_loans",
    "list_loans",
    "loan_body",
    "loan_findings",
    "loan_holds",
    "loan_overrides",
    "loan_papers",
    "loan_payments",
    "loan_steps",
    "one_loan",
]

AnyRow: TypeAlias = Row[Any]
_COLUMNS: Final = [column for column in LOAN.c if column.name not in {"step", "applicant_compared", "origin"}]


def list_loans(
    connection: Connection, asked: LoanFilter, sort: LoanSort, *, descending: bool, size: int, cursor: str
) -> Page[LoanRow]:
    """A page of loans."""
    query = select(*_COLUMNS).where(*_conditions(asked))
    first: ColumnElement[Any] = LOAN.c[sort.value]
    if sort is LoanSort.DUE:
        query = query.where(first.is_not(None))
    order = [LOAN.c.loan_id, LOAN.c.bank] if sort is LoanSort.NUMBER else [first, LOAN.c.bank, LOAN.c.loan_id]
    return keyset_page(connection, query, order, descending=descending, size=size, cursor=cursor, make=_loan)


def count_loans(connection: Connection, asked: LoanFilter, at_most: int | None = None) -> int:
    """How many loans a filter lets through; counted no further than `at_most`."""
    meant = select(LOAN.c.loan_id).where(*_conditions(asked)).limit(at_most).subquery()
    return int(connection.execute(select(func.count()).select_from(meant)).scalar_one())


def _conditions(asked: LoanFilter) -> list[ColumnElement[bool]]:
    loan = LOAN.c
    found: list[ColumnElement[bool]] = []
    for text, column in ((asked.bank, loan.bank), (asked.currency, loan.currency), (asked.verdict, loan.verdict)):
        if text:
            found.append(column == text)
    if asked.states:
        found.append(loan.state.in_(asked.states))
    if asked.applicant:
        found.append(_is_applicant(asked.applicant))
    if asked.matures_from is not None:
        found.append(loan.matures_on >= asked.matures_from)
    if asked.matures_until is not None:
        found.append(loan.matures_on <= asked.matures_until)
    if asked.due_by is not None:
        found.append(loan.due_on <= asked.due_by)
    if asked.waiting_for_second_person is not None:
        found.append(loan.proposed.is_not(None) if asked.waiting_for_second_person else loan.proposed.is_(None))
    if asked.not_proposed_by:
        found.append(or_(loan.proposed_by.is_(None), loan.proposed_by != asked.not_proposed_by))
    return found + _elsewhere(asked)


def _is_applicant(text: str) -> ColumnElement[bool]:
    return or_(LOAN.c.applicant == text.upper(), contains(LOAN.c.applicant_compared, compared_name(text) or text))


def _elsewhere(asked: LoanFilter) -> list[ColumnElement[bool]]:
    """What other tables say of a loan."""
    found: list[ColumnElement[bool]] = []
    if asked.officer:
        found.append(_among(LOAN_STEP, LOAN_STEP.c.person == asked.officer))
    if asked.rule:
        found.append(_among(FINDING, FINDING.c.rule == asked.rule))
    if asked.paper:
        found.append(_among(LOAN_PAPER, LOAN_PAPER.c.compared_number == compared_number(asked.paper)))
    return found


def _among(table: Table, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return tuple_(LOAN.c.bank, LOAN.c.loan_id).in_(select(table.c.bank, table.c.loan_id).where(condition))


def _loan(row: AnyRow) -> LoanRow:
    said = row._mapping
    currency = said["currency"]
    values: dict[str, Any] = {name: said[name] for name in LoanRow.__slots__}
    values |= {name: money(said[name], currency) for name in _AMOUNTS}
    return LoanRow(**values)


_AMOUNTS: Final = ("amount", "drawn", "repaid", "outstanding", "undrawn", "eligible")


# -- one loan ----------------------------------------------------------------------------------------------------------


def one_loan(connection: Connection, bank: str, loan_id: str) -> LoanRow:
    """Raises `NotFound`."""
    row = connection.execute(select(*_COLUMNS).where(LOAN.c.bank == bank, LOAN.c.loan_id == loan_id)).first()
    if row is None:
        raise NotFound(f"the mirror has no loan {loan_id}", loan_id=loan_id)
    return _loan(row)


def banks_with(connection: Connection, loan_id: str) -> tuple[str, ...]:
    """MSP ids, sorted."""
    found = connection.execute(select(LOAN.c.bank).where(LOAN.c.loan_id == loan_id).order_by(LOAN.c.bank))
    return tuple(found.scalars())


def loan_body(connection: Connection, bank: str, loan_id: str) -> str:
    """The loan as JSON. Raises `NotFound`."""
    query = select(LOAN_BODY.c.body).where(LOAN_BODY.c.bank == bank, LOAN_BODY.c.loan_id == loan_id)
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound(f"the mirror has no loan {loan_id}", loan_id=loan_id)
    return str(found)


def loan_steps(connection: Connection, bank: str, loan_id: str) -> tuple[LoanStep, ...]:
    """What was done to it, in its order."""
    return tuple(_step(row) for row in _of(connection, LOAN_STEP, bank, loan_id, LOAN_STEP.c.step))


def loan_payments(connection: Connection, bank: str, loan_id: str) -> tuple[PaymentRow, ...]:
    """The steps that two persons took, in their order."""
    return tuple(_payment(row) for row in _of(connection, LOAN_PAYMENT, bank, loan_id, LOAN_PAYMENT.c.position))


def loan_holds(connection: Connection, bank: str, loan_id: str) -> tuple[HoldRow, ...]:
    """What it asks to hold, and holds."""
    return tuple(
        HoldRow(row.kind, row.number, Money.of(row.asked, row.currency), Money.of(row.held, row.currency))
        for row in _of(connection, LOAN_HOLD, bank, loan_id, LOAN_HOLD.c.number)
    )


def loan_overrides(connection: Connection, bank: str, loan_id: str) -> tuple[OverrideRow, ...]:
    """What officers set aside, and why."""
    found = _of(connection, FINDING_OVERRIDE, bank, loan_id, FINDING_OVERRIDE.c.at)
    return tuple(OverrideRow(row.at_step, row.finding_id, row.rule, row.reason, row.officer, row.at) for row in found)


def loan_findings(connection: Connection, bank: str, loan_id: str) -> tuple[FindingRow, ...]:
    """What its last check found, with what was set aside at approval."""
    aside = {each.finding_id: each for each in loan_overrides(connection, bank, loan_id) if each.at_step == "approval"}
    return tuple(
        FindingRow(
            row.position, row.finding_id, row.rule, row.severity, row.message_en, row.message_zh, row.papers,
            aside.get(row.finding_id),
        )
        for row in _of(connection, FINDING, bank, loan_id, FINDING.c.position)
    )  # fmt: skip


def loan_papers(connection: Connection, bank: str, loan_id: str) -> tuple[NamedPaper, ...]:
    """The papers that its application names. One number may be that of several papers: then none is meant for sure."""
    named, own, paper = LOAN_PAPER.c, PAPER_REFERENCE.c, PAPER.c
    same_number = and_(own.value == named.compared_number, own.what == "number", own.kind == named.kind)
    theirs = or_(paper.exporter.is_(None), paper.exporter == LOAN.c.applicant)
    query = (
        select(named.kind, named.number, func.min(paper.id).label("id"), func.count(paper.id).label("alike"))
        .select_from(LOAN_PAPER)
        .join(LOAN, and_(LOAN.c.bank == named.bank, LOAN.c.loan_id == named.loan_id))
        .outerjoin(PAPER_REFERENCE, and_(same_number, own.bank.in_(["", bank])))
        .outerjoin(PAPER, and_(paper.bank == own.bank, paper.kind == own.kind, paper.id == own.id, theirs))
        .where(named.bank == bank, named.loan_id == loan_id)
        .group_by(named.kind, named.number)
        .order_by(named.kind, named.number)
    )
    return tuple(
        NamedPaper(row.kind, row.number, row.id if row.alike == 1 else None) for row in connection.execute(query)
    )


def _of(connection: Connection, table: Table, bank: str, loan_id: str, order: ColumnElement[Any]) -> Sequence[AnyRow]:
    query = select(table).where(table.c.bank == bank, table.c.loan_id == loan_id).order_by(order)
    return connection.execute(query).all()


def _step(row: AnyRow) -> LoanStep:
    return LoanStep(
        bank=row.bank,
        loan_id=row.loan_id,
        step=row.step,
        act=row.act,
        taken=row.taken,
        state=row.state,
        at=row.at,
        by=officer(row),
        amount=money(row.amount, row.currency),
        words=row.words,
        reason=row.reason,
        transaction_id=row.transaction_id,
    )


def officer(row: AnyRow) -> Officer:
    """The person whom a row names."""
    return Officer(row.msp_id, row.person, tuple(each for each in row.roles.split(",") if each))


def _payment(row: AnyRow) -> PaymentRow:
    return PaymentRow(
        position=row.position,
        taken=row.taken,
        day=row.day,
        amount=money(row.amount, row.currency),
        principal=money(row.principal, row.currency),
        interest=money(row.interest, row.currency),
        reference=row.reference,
        receipt=row.receipt,
        proposed_by=row.proposed_by,
        confirmed_by=row.confirmed_by,
        at=row.at,
    )


def money(amount: Decimal | None, currency: str | None) -> Money | None:
    """An amount as the ledger has it."""
    return None if amount is None or currency is None else Money.of(amount, currency)
