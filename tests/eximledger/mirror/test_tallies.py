"""Tallies are what their queries give over all rows, whatever was written, and in whatever order."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, text, update
from tests.eximledger.mirror.synthetic import BANK, fill

from eximledger.mirror import Mirror, MirrorReader, upgrade
from eximledger.mirror.schema.tables import FINDING, FINDING_OVERRIDE, LOAN, LOAN_HOLD, LOAN_STEP
from eximledger.mirror.schema.tallies import BY_EXPORTER, BY_STEP, TALLIES, count_anew
from eximledger.mirror.writing.counting import counted
from eximledger.testing import LedgerNetwork

LOANS = 40
_PARTS = (LOAN, LOAN_STEP, LOAN_HOLD, FINDING, FINDING_OVERRIDE)


def require_recounted(connection: Connection) -> dict[str, int]:
    """Each tally beside its query over all rows; how many rows each has."""
    lines = {}
    for tally in TALLIES:
        stands = connection.execute(select(tally.table)).mappings().all()
        anew = connection.execute(tally.query).mappings().all()
        assert in_order(stands) == in_order(anew), tally.table.name
        lines[tally.table.name] = len(stands)
    return lines


def in_order(rows: Any) -> list[list[tuple[str, object]]]:
    return sorted((sorted(row.items()) for row in rows), key=repr)


@pytest.mark.parametrize("member", ["eximbank", "safe"])
async def test_the_tallies_of_a_walked_case_are_its_rows(
    walked: LedgerNetwork, engine: Engine, member: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Block by block, so that every step of every loan moves the sums."""
    monkeypatch.setattr("eximledger.mirror.mirror._BATCH_BYTES", 1)
    await Mirror(walked.connect(member), engine).catch_up()
    with engine.connect() as connection:
        lines = require_recounted(connection)
    assert lines["step_tally"] > 3


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_written_the_tallies_follow(engine: Engine, seed: int) -> None:
    upgrade(engine)
    chance = random.Random(seed)
    with engine.begin() as connection:
        fill(connection, loans=LOANS, papers=LOANS)
        for _ in range(12):
            some = {(BANK, f"L-{chance.randrange(LOANS):06}") for _ in range(chance.randrange(1, 6))}
            with counted(connection, some):
                for place in some:
                    change(connection, chance, *place)
            require_recounted(connection)
        every = {(BANK, f"L-{number:06}") for number in range(LOANS)}
        with counted(connection, every):
            for table in _PARTS:
                connection.execute(delete(table))
        assert sum(require_recounted(connection).values()) == 0


def change(connection: Connection, chance: random.Random, bank: str, loan_id: str) -> None:
    """Something of what a step, an amended paper or a purge does to a loan's rows."""
    here = {table: (table.c.bank == bank) & (table.c.loan_id == loan_id) for table in _PARTS}
    what = chance.randrange(5)
    if what == 0:
        for table in _PARTS:
            connection.execute(delete(table).where(here[table]))
    elif what == 1:
        new = {
            "state": chance.choice(["approved", "disbursed", "closed"]),
            "outstanding": Decimal(chance.randrange(10**6)) / 100,
            "matures_on": date(2026, 11, 1) + timedelta(days=chance.randrange(60)),
            "applicant": "91520600MA6DYEK78F",
            "applicant_name": chance.choice(["One", "Two", "Three"]),
        }
        connection.execute(update(LOAN).where(here[LOAN]).values(new))
    elif what == 2:
        last = connection.execute(select(LOAN_STEP).where(here[LOAN_STEP]).order_by(LOAN_STEP.c.step.desc())).first()
        if last is not None:
            at = last.at + timedelta(seconds=chance.randrange(10**6), microseconds=chance.randrange(10**6))
            row = {**last._mapping, "step": last.step + 1, "at": at, "act": "confirm", "taken": "repayment"}
            connection.execute(insert(LOAN_STEP).values(row))
    elif what == 3:
        connection.execute(delete(LOAN_STEP).where(here[LOAN_STEP], LOAN_STEP.c.step == chance.randrange(3)))
        connection.execute(update(LOAN_HOLD).where(here[LOAN_HOLD]).values(held=Decimal(chance.randrange(3))))
    else:
        found = connection.execute(select(FINDING).where(here[FINDING])).first()
        connection.execute(delete(FINDING_OVERRIDE).where(here[FINDING_OVERRIDE]))
        if found is not None:
            row = {"bank": bank, "loan_id": loan_id, "at_step": chance.choice(["approval", "payment 0"]),
                   "finding_id": found.finding_id, "rule": found.rule, "reason": "seen", "officer": "checker-1",
                   "at": connection.execute(select(LOAN_STEP.c.at)).scalars().first()}  # fmt: skip
            connection.execute(insert(FINDING_OVERRIDE).values(row))


def test_the_longest_is_found_again_when_it_goes(engine: Engine) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        fill(connection, loans=3, papers=0)
        connection.execute(
            update(LOAN).values(applicant="X", currency="USD", state="disbursed", applicant_name=LOAN.c.loan_id)
        )
        count_anew(connection)
        for gone, left in (("L-000002", "L-000001"), ("L-000001", "L-000000")):
            with counted(connection, {(BANK, gone)}):
                connection.execute(delete(LOAN).where(LOAN.c.loan_id == gone))
                connection.execute(delete(LOAN_STEP).where(LOAN_STEP.c.loan_id == gone))
            assert connection.execute(select(BY_EXPORTER.table.c.exporter_name)).scalars().all() == [left]
            require_recounted(connection)
        assert connection.execute(select(BY_STEP.table)).all()


def test_a_mirror_of_the_release_before_is_counted_when_it_is_brought_up(
    engine: Engine, engines: Callable[[str], Engine]
) -> None:
    upgrade(engine)
    with engine.begin() as connection:
        fill(connection, loans=9, papers=9)
        for tally in TALLIES:
            connection.execute(delete(tally.table))
        connection.execute(text("DELETE FROM mirrored WHERE name = 'views'"))
    assert MirrorReader(engine).portfolio(BANK).by_currency == ()
    upgrade(engine)
    with engine.connect() as connection:
        require_recounted(connection)
    assert MirrorReader(engine).portfolio(BANK).by_currency != ()
