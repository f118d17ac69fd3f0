"""Reading a mirror: lists, searches and figures, each in one short transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, select

from eximledger.mirror.reading import loans, papers
from eximledger.mirror.reading.filters import ActFilter, LoanFilter, LoanSort, PaperFilter, PaperSort
from eximledger.mirror.reading.loans import AnyRow, officer
from eximledger.mirror.reading.pages import begins_with, keyset_page
from eximledger.mirror.reading.portfolio import Portfolio, read_portfolio
from eximledger.mirror.reading.rows import (
    Act,
    ChannelStatus,
    FindingRow,
    Hit,
    HoldRow,
    LoanRow,
    LoanStep,
    NamedPaper,
    OverrideRow,
    Page,
    PaperParty,
    PaperReference,
    PaperRow,
    PaperVersion,
    PaymentRow,
)
from eximledger.mirror.reading.searching import search
from eximledger.mirror.schema.database import database_errors
from eximledger.mirror.schema.tables import ACT, AWAITED, CHECKPOINT

__all__ = ["MirrorReader"]


class MirrorReader:
    """What a mirror has, by `open_database(url)`. Safe for threads; asynchronous callers call it in one
    (`asyncio.to_thread`). Raises `LedgerUnavailable` where the database does not answer.

    `bank` is the MSP id of the bank whose loan or paper is meant: a bank has its own alone, SAFE those of all.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # -- loans -----------------------------------------------------------------------------------------------------

    def loans(
        self,
        asked: LoanFilter | None = None,
        *,
        sort: LoanSort = LoanSort.OPENED,
        descending: bool = True,
        size: int = 50,
        cursor: str = "",
    ) -> Page[LoanRow]:
        """A page of loans. Raises `InvalidDocument` for a size or a cursor that is none."""
        with self._reading() as connection:
            return loans.list_loans(
                connection, asked or LoanFilter(), sort, descending=descending, size=size, cursor=cursor
            )

    def count_loans(self, asked: LoanFilter | None = None, at_most: int | None = None) -> int:
        """Counted no further than `at_most`, for who only shows how long a list is."""
        with self._reading() as connection:
            return loans.count_loans(connection, asked or LoanFilter(), at_most)

    def loan(self, bank: str, loan_id: str) -> LoanRow:
        """Here and below: raises `NotFound` where the mirror has no such loan."""
        with self._reading() as connection:
            return loans.one_loan(connection, bank, loan_id)

    def banks_with(self, loan_id: str) -> tuple[str, ...]:
        """MSP ids of the banks that have a loan of this name."""
        with self._reading() as connection:
            return loans.banks_with(connection, loan_id)

    def loan_body(self, bank: str, loan_id: str) -> str:
        """The loan as the ledger has it, as JSON: `Loan.model_validate_json` reads it."""
        with self._reading() as connection:
            return loans.loan_body(connection, bank, loan_id)

    def loan_steps(self, bank: str, loan_id: str) -> tuple[LoanStep, ...]:
        """Who did what to a loan, and when; in its order."""
        with self._reading() as connection:
            return loans.loan_steps(connection, bank, loan_id)

    def loan_payments(self, bank: str, loan_id: str) -> tuple[PaymentRow, ...]:
        with self._reading() as connection:
            return loans.loan_payments(connection, bank, loan_id)

    def loan_holds(self, bank: str, loan_id: str) -> tuple[HoldRow, ...]:
        with self._reading() as connection:
            return loans.loan_holds(connection, bank, loan_id)

    def loan_papers(self, bank: str, loan_id: str) -> tuple[NamedPaper, ...]:
        with self._reading() as connection:
            return loans.loan_papers(connection, bank, loan_id)

    def loan_findings(self, bank: str, loan_id: str) -> tuple[FindingRow, ...]:
        with self._reading() as connection:
            return loans.loan_findings(connection, bank, loan_id)

    def loan_overrides(self, bank: str, loan_id: str) -> tuple[OverrideRow, ...]:
        with self._reading() as connection:
            return loans.loan_overrides(connection, bank, loan_id)

    # -- papers ----------------------------------------------------------------------------------------------------

    def papers(
        self,
        asked: PaperFilter | None = None,
        *,
        sort: PaperSort = PaperSort.FILED,
        descending: bool = True,
        size: int = 50,
        cursor: str = "",
    ) -> Page[PaperRow]:
        """A page of papers in their latest version."""
        with self._reading() as connection:
            return papers.list_papers(
                connection, asked or PaperFilter(), sort, descending=descending, size=size, cursor=cursor
            )

    def count_papers(self, asked: PaperFilter | None = None) -> int:
        with self._reading() as connection:
            return papers.count_papers(connection, asked or PaperFilter())

    def paper(self, bank: str, kind: str, id_: str) -> PaperRow:
        """Raises `NotFound` where the mirror has no such paper."""
        with self._reading() as connection:
            return papers.one_paper(connection, bank, kind, id_)

    def paper_versions(self, bank: str, kind: str, id_: str) -> tuple[PaperVersion, ...]:
        """Every version with all that it says, newest first."""
        with self._reading() as connection:
            return papers.paper_versions(connection, bank, kind, id_)

    def paper_parties(self, bank: str, kind: str, id_: str) -> tuple[PaperParty, ...]:
        with self._reading() as connection:
            return papers.paper_parties(connection, bank, kind, id_)

    def paper_references(self, bank: str, kind: str, id_: str) -> tuple[PaperReference, ...]:
        with self._reading() as connection:
            return papers.paper_references(connection, bank, kind, id_)

    # -- all of it -------------------------------------------------------------------------------------------------

    def search(self, text: str, *, limit: int = 20) -> tuple[Hit, ...]:
        """Loans and papers by a number (their own, a bill's, a container's, a paper's that they name) or by a part of a
        party's name; exact hits first."""
        with self._reading() as connection:
            return search(connection, text, limit)

    def acts(self, asked: ActFilter | None = None, *, size: int = 50, cursor: str = "") -> Page[Act]:
        """The audit trail: every transaction of this member's channels and who signed it, newest first."""
        wanted = asked or ActFilter()
        query = select(ACT)
        for text, column in (
            (wanted.person, ACT.c.person),
            (wanted.msp_id, ACT.c.msp_id),
            (wanted.channel, ACT.c.channel),
        ):
            if text:
                query = query.where(column == text)
        if wanted.function:
            query = query.where(begins_with(ACT.c.function, wanted.function))
        if wanted.since is not None:
            query = query.where(ACT.c.at >= wanted.since)
        if wanted.until is not None:
            query = query.where(ACT.c.at < wanted.until)
        if wanted.valid is not None:
            query = query.where((ACT.c.code == "VALID") == wanted.valid)
        order = [ACT.c.at, ACT.c.channel, ACT.c.block, ACT.c.position]
        with self._reading() as connection:
            return keyset_page(connection, query, order, descending=True, size=size, cursor=cursor, make=_act)

    def roles_of(self, msp_id: str, person: str) -> tuple[str, ...]:
        """The roles (exim.role) of a member's person, by the certificate that signed last; none for one who has signed
        nothing."""
        asked = ActFilter(msp_id=msp_id, person=person, valid=True)
        return next((each.by.roles for each in self.acts(asked, size=1).rows), ())

    def portfolio(self, bank: str = "", *, most: int = 100) -> Portfolio:
        """The figures of the views; at most `most` rows of each."""
        with self._reading() as connection:
            return read_portfolio(connection, bank, most)

    def status(self) -> tuple[ChannelStatus, ...]:
        """How far each channel has been read."""
        lacking = (
            select(func.count()).select_from(AWAITED).where(AWAITED.c.channel == CHECKPOINT.c.channel).scalar_subquery()
        )
        with self._reading() as connection:
            found = connection.execute(
                select(CHECKPOINT, lacking.label("awaited")).order_by(CHECKPOINT.c.channel)
            ).all()
        return tuple(
            ChannelStatus(row.channel, row.next_block, row.block_hash, row.block_at, row.written_at, row.awaited)
            for row in found
        )

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One snapshot of the database, and none of its locks kept."""
        with database_errors(self._engine), self._engine.connect() as connection:
            yield connection


def _act(row: AnyRow) -> Act:
    return Act(
        channel=row.channel,
        block=row.block,
        position=row.position,
        transaction_id=row.transaction_id,
        code=row.code,
        at=row.at,
        by=officer(row),
        function=row.function,
        certificate_hash=row.certificate_hash,
    )
