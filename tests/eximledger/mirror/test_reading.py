"""Lists, pages and searches over rows that the test wrote: every filter lets through what it says, and no more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine
from tests.eximledger.mirror.synthetic import BANK, fill

from eximledger.mirror import MirrorReader, upgrade
from eximledger.mirror.reading import ActFilter, LoanFilter, LoanSort, PaperFilter, PaperSort
from eximledger.mirror.schema.tables import LOAN
from eximledger.mirror.schema.tallies import count_anew
from eximledger_chaincode.documents import Money
from hlf_client.errors import InvalidDocument

LOANS, PAPERS = 60, 240


@pytest.fixture
def reader(engine: Engine) -> MirrorReader:
    upgrade(engine)
    with engine.begin() as connection:
        fill(connection, loans=LOANS, papers=PAPERS)
    return MirrorReader(engine)


@pytest.mark.parametrize("sort", LoanSort)
@pytest.mark.parametrize("descending", [True, False])
def test_pages_of_loans_hold_each_once_in_order(reader: MirrorReader, sort: LoanSort, descending: bool) -> None:
    seen: list[Any] = []
    cursor = ""
    while True:
        page = reader.loans(sort=sort, descending=descending, size=7, cursor=cursor)
        seen += page.rows
        cursor = page.cursor
        if not cursor:
            break
    assert len({row.loan_id for row in seen}) == len(seen)
    places = [
        row.amount.amount if sort is LoanSort.AMOUNT else getattr(row, sort.value) for row in seen
    ]  # fmt: skip
    assert places == sorted(places, reverse=descending)
    expected = LOANS if sort is not LoanSort.DUE else reader.count_loans(LoanFilter(due_by=date.max))
    assert len(seen) == expected


@pytest.mark.parametrize("sort", PaperSort)
def test_pages_of_papers_hold_each_once_in_order(reader: MirrorReader, sort: PaperSort) -> None:
    seen: list[Any] = []
    cursor = ""
    while True:
        page = reader.papers(sort=sort, size=50, cursor=cursor)
        seen += page.rows
        cursor = page.cursor
        if not cursor:
            break
    assert len({(row.kind, row.id) for row in seen}) == len(seen) == PAPERS
    places = [getattr(row, sort.value) for row in seen]
    assert places == sorted(places, reverse=True)


def test_loan_filters(reader: MirrorReader) -> None:
    every = reader.loans(size=500).rows
    day = sorted(row.matures_on for row in every)[20]
    cases: list[tuple[LoanFilter, set[str]]] = [
        (LoanFilter(states=("approved", "overdue")), {r.loan_id for r in every if r.state in {"approved", "overdue"}}),
        (LoanFilter(currency="USD"), {r.loan_id for r in every if r.amount.currency == "USD"}),
        (LoanFilter(applicant=every[3].applicant), {r.loan_id for r in every if r.applicant == every[3].applicant}),
        (
            LoanFilter(applicant="exporter 3 CO"),
            {r.loan_id for r in every if r.applicant_name == "Exporter 3 Co., Ltd."},
        ),
        (LoanFilter(matures_from=day), {r.loan_id for r in every if r.matures_on >= day}),
        (LoanFilter(matures_until=day), {r.loan_id for r in every if r.matures_on <= day}),
        (LoanFilter(due_by=day), {r.loan_id for r in every if r.due_on is not None and r.due_on <= day}),
        (LoanFilter(waiting_for_second_person=True), {r.loan_id for r in every if r.proposed}),
        (LoanFilter(waiting_for_second_person=False), {r.loan_id for r in every if not r.proposed}),
        (LoanFilter(not_proposed_by="maker-1"), {r.loan_id for r in every if r.proposed_by != "maker-1"}),
        (LoanFilter(verdict="refer"), {r.loan_id for r in every if r.verdict == "refer"}),
        (LoanFilter(bank="NoMSP"), set()),
    ]
    for asked, expected in cases:
        assert {row.loan_id for row in reader.loans(asked, size=500).rows} == expected, asked
        assert reader.count_loans(asked) == len(expected), asked
        assert reader.count_loans(asked, 3) == min(len(expected), 3), asked
        assert expected or asked.bank
        assert len(expected) < LOANS
    of_officer = {row.loan_id for row in reader.loans(LoanFilter(officer="maker-1"), size=500).rows}
    did = {row.loan_id for row in every if any(s.by.name == "maker-1" for s in reader.loan_steps(BANK, row.loan_id))}
    assert of_officer == did != set()


def test_paper_filters(reader: MirrorReader) -> None:
    every = reader.papers(size=500).rows
    one = every[17]
    assert {row.kind for row in reader.papers(PaperFilter(kind="invoice"), size=500).rows} == {"invoice"}
    (found,) = reader.papers(PaperFilter(kind=one.kind, number=one.number.lower())).rows
    assert found == one
    assert one.exporter is not None
    mine = reader.papers(PaperFilter(exporter=one.exporter), size=500).rows
    assert {row.id for row in mine} == {row.id for row in every if row.exporter == one.exporter}
    named = reader.papers(PaperFilter(party="exporter 5 co"), size=500).rows
    assert (
        {row.id for row in named} == {row.id for row in every if row.exporter_name == "Exporter 5 Co., Ltd."} != set()
    )
    assert reader.papers(PaperFilter(party=one.exporter), size=500).rows == mine
    assert reader.papers(PaperFilter(party="nobody of that name")).rows == ()
    named_by = reader.papers(PaperFilter(loan="L-000003"), size=500).rows
    assert {row.id for row in named_by} == {each.id for each in reader.loan_papers(BANK, "L-000003")} != set()
    assert reader.count_papers(PaperFilter(dated_from=one.dated, dated_until=one.dated)) == len(
        [row for row in every if row.dated == one.dated]
    )


def test_a_search_finds_by_number_bill_container_and_name(reader: MirrorReader) -> None:
    loan = reader.loan(BANK, "L-000003")
    first = reader.search("L-000003")[0]
    assert (first.what, first.id, first.exact) == ("loan", "L-000003", True)
    assert {hit.what for hit in reader.search("exporter 3 co")} == {"loan", "paper"}
    (container, *_) = reader.search("MSKU0000017")
    assert (container.by, container.exact) == ("container", True)
    assert reader.search("bill-5")[0].by == "bill"
    assert reader.search(loan.applicant)[0].what == "loan"
    assert reader.search("   ") == ()
    assert len(reader.search("L-0", limit=5)) == 5
    assert reader.search("100% _nobody_") == ()


@pytest.mark.parametrize("cursor", ["x", "e30=", "WyJhIl0=", "WyIyMDI2IiwiYSIsImIiXQ=="])
def test_a_cursor_of_another_list_is_refused(reader: MirrorReader, cursor: str) -> None:
    with pytest.raises(InvalidDocument, match="cursor"):
        reader.loans(cursor=cursor)


@pytest.mark.parametrize("size", [0, -1, 501])
def test_a_page_has_a_size(reader: MirrorReader, size: int) -> None:
    with pytest.raises(InvalidDocument, match="size"):
        reader.papers(size=size)


def test_the_views_add_up_to_the_cent(engine: Engine) -> None:
    """Two loans, one of them past its maturity: every figure by hand."""
    upgrade(engine)
    today = (datetime.now(UTC) + timedelta(hours=8)).date()
    with engine.begin() as connection:
        fill(connection, loans=2, papers=0)
        late = {"state": "overdue", "matures_on": today - timedelta(days=91), "outstanding": Decimal("0.01")}
        soon = {"state": "approved", "matures_on": today + timedelta(days=7), "outstanding": Decimal("0"),
                "undrawn": Decimal("12345678901.23")}  # fmt: skip
        for loan_id, values in (("L-000000", late), ("L-000001", soon)):
            same = {"currency": "USD", "applicant": "91520600MA6DYEK78F", "applicant_name": "One"}
            connection.execute(LOAN.update().where(LOAN.c.loan_id == loan_id).values(undrawn=Decimal(0), **same))
            connection.execute(LOAN.update().where(LOAN.c.loan_id == loan_id).values(**values))
        count_anew(connection)
    found = MirrorReader(engine).portfolio(BANK)
    (exposure,) = found.by_currency
    assert (exposure.loans, exposure.outstanding, exposure.undrawn, exposure.overdue) == (
        2, Decimal("0.01"), Decimal("12345678901.23"), Decimal("0.01"),
    )  # fmt: skip
    assert [(each.exporter, each.outstanding) for each in found.by_exporter] == [
        ("91520600MA6DYEK78F", Decimal("0.01"))
    ]
    assert [(each.bucket, each.loans) for each in found.maturities] == [("1 past", 1)]
    assert [(each.loan_id, each.days) for each in found.overdue] == [("L-000000", 91)]
    assert MirrorReader(engine).portfolio("NoMSP").by_currency == ()


def test_amounts_come_back_as_they_went(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        fill(connection, loans=1, papers=0)
        connection.execute(LOAN.update().values(amount=Decimal("99999999999.99"), currency="USD"))
    assert MirrorReader(engine).loans().rows[0].amount == Money.of("99999999999.99", "USD")


def test_acts_by_person_and_function(reader: MirrorReader, engine: Engine) -> None:
    every = reader.acts(size=500).rows
    assert [row.at for row in every] == sorted((row.at for row in every), reverse=True)
    assert {row.by.name for row in reader.acts(ActFilter(person="maker-1"), size=500).rows} == {"maker-1"}
    assert {row.function for row in reader.acts(ActFilter(function="loans:app"), size=500).rows} == {"loans:apply"}
    assert all(row.code == "VALID" for row in reader.acts(ActFilter(valid=True), size=500).rows)
    assert {row.code for row in reader.acts(ActFilter(valid=False), size=500).rows} == {"MVCC_READ_CONFLICT"}
