"""Measure the mirror: declarations a second into PostgreSQL beside the same rows by COPY, memory, each list's time.

    python -m bench.mirror [--declarations 20000] [--loans 100000] [--papers 1000000] [--sqlite] [--url URL]

Without `--url` a PostgreSQL of Debian's package is started for it. The declarations come from an embedded ledger on
which customs filed them, 500 in a transaction; reading them there is a part of what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, Table, insert, select
from tests.eximledger.mirror.synthetic import BANK, fill
from tests.postgresql import running_postgresql

from bench._papers import put_declarations
from eximledger.mirror import Mirror, MirrorReader, open_database, upgrade
from eximledger.mirror.reading import ActFilter, LoanFilter, LoanSort, PaperFilter, PaperSort
from eximledger.mirror.schema.tables import ACT, PAPER, PAPER_PARTY, PAPER_REFERENCE, PAPER_VERSION
from eximledger.testing import exim_ledger
from eximledger_chaincode.lending.loan import LoanState

_COPIED: Final = (ACT, PAPER, PAPER_VERSION, PAPER_PARTY, PAPER_REFERENCE)
_TIMES: Final = 15


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.mirror")
    parser.add_argument("--declarations", type=int, default=20_000)
    parser.add_argument("--loans", type=int, default=100_000)
    parser.add_argument("--papers", type=int, default=1_000_000)
    parser.add_argument("--sqlite", action="store_true", help="into SQLite's file instead")
    parser.add_argument("--url", help="an empty database that is there already")
    options = parser.parse_args()
    with _databases(options.url, sqlite=options.sqlite) as database:
        if options.declarations:
            asyncio.run(_filling(database(), database(), options.declarations))
        if options.papers:
            _listing(database(), options.loans, options.papers)


@contextmanager
def _databases(url: str | None, *, sqlite: bool) -> Iterator[Callable[[], str]]:
    with tempfile.TemporaryDirectory() as folder:
        if url is not None:
            yield lambda: url
        elif sqlite:
            count = iter(range(10))
            yield lambda: f"sqlite:///{folder}/mirror-{next(count)}.db"
        else:
            with running_postgresql() as server:
                yield server.database


async def _filling(url: str, other: str, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        network = exim_ledger(Path(folder) / "exim.db")
        await put_declarations(network.connect("customs"), 0, count)
        engine, plain = open_database(url), open_database(other)
        for each in (engine, plain):
            upgrade(each)
        mirror = Mirror(network.connect("customs"), engine)
        before, memory = time.perf_counter(), _memory()
        cpu = time.process_time()
        await mirror.catch_up()
        seconds, spent = time.perf_counter() - before, time.process_time() - cpu
        at_most = _memory()
        copied = _copying(engine, plain)
        print(f"{count:,} declarations in {seconds:.1f} s: {count / seconds:,.0f} a second")
        print(f"{spent:.1f} s of this process's CPU: {count / spent:,.0f} a second of it")
        print(f"the same rows by {copied[0]}: {copied[1]:.2f} s, {seconds / copied[1]:.1f} times as quick")
        print(f"memory {memory:.0f} MB before, {at_most:.0f} MB at most")
        for each in (engine, plain):
            each.dispose()
        network.close()


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _copying(source: Engine, target: Engine) -> tuple[str, float]:
    """What the same rows cost without anything that makes them: COPY on PostgreSQL, executemany on SQLite."""
    total = 0.0
    by = "COPY" if target.dialect.name == "postgresql" else "executemany"
    for table in _COPIED:
        with source.connect() as connection:
            rows = [tuple(row) for row in connection.execute(select(table))]
        before = time.perf_counter()
        if by == "COPY":
            _copy(target, table, rows)
        else:
            names = [column.name for column in table.c]
            with target.begin() as connection:
                connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
        total += time.perf_counter() - before
    return by, total


def _copy(target: Engine, table: Table, rows: list[tuple[object, ...]]) -> None:
    raw = target.raw_connection()
    columns = ", ".join(f'"{column.name}"' for column in table.c)
    with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:  # type: ignore[attr-defined]  # psycopg's
        for row in rows:
            copy.write_row(row)
    raw.commit()
    raw.close()


def _listing(url: str, loans: int, papers: int) -> None:
    engine = open_database(url)
    upgrade(engine)
    with engine.begin() as connection:
        before = time.perf_counter()
        fill(connection, loans=loans, papers=papers)
    print(f"{loans:,} loans and {papers:,} papers made in {time.perf_counter() - before:.0f} s")
    with engine.connect() as connection:
        connection = connection.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("ANALYZE")
    reader = MirrorReader(engine)
    for name, ask in _questions(reader, papers):
        times = []
        for _ in range(_TIMES):
            before = time.perf_counter()
            ask()
            times.append(1000 * (time.perf_counter() - before))
        print(f"{statistics.median(times):8.1f} ms median {max(times):8.1f} ms at most  {name}")
    engine.dispose()


def _questions(reader: MirrorReader, papers: int) -> Iterator[tuple[str, Callable[[], object]]]:
    last = papers - 1
    deep = reader.loans(size=500).cursor
    yield "loans, the newest", reader.loans
    yield "loans, a later page", lambda: reader.loans(cursor=deep)
    for sort in LoanSort:
        yield f"loans by {sort.value}", lambda sort=sort: reader.loans(sort=sort)  # type: ignore[misc]  # bound at once
    yield "loans in a state", lambda: reader.loans(LoanFilter(states=(LoanState.APPROVED,)))
    yield "loans in a state that none has", lambda: reader.loans(LoanFilter(states=(LoanState.LAPSED,)))
    yield "loans of an exporter by a part of its name", lambda: reader.loans(LoanFilter(applicant="exporter 77 co"))
    yield "loans that wait for a second person", lambda: reader.loans(LoanFilter(waiting_for_second_person=True))
    yield "loans due by a day", lambda: reader.loans(LoanFilter(due_by=date(2026, 1, 20)), sort=LoanSort.DUE)
    yield "loans that an officer worked on", lambda: reader.loans(LoanFilter(officer="maker-7"))
    yield "loans that name a paper", lambda: reader.loans(LoanFilter(paper=f"No-{last // 2}"))
    yield "loans counted", reader.count_loans
    yield "loans counted in a state", lambda: reader.count_loans(LoanFilter(states=(LoanState.APPROVED,)))
    yield "a loan's steps", lambda: reader.loan_steps(BANK, "L-000777")
    yield "a loan's papers", lambda: reader.loan_papers(BANK, "L-000777")
    yield "papers, the newest", reader.papers
    yield "papers by their dates", lambda: reader.papers(PaperFilter(kind="invoice"), sort=PaperSort.DATED)
    yield "papers of a kind", lambda: reader.papers(PaperFilter(kind="invoice"))
    yield "papers of a number", lambda: reader.papers(PaperFilter(number=f"No-{last // 2}"))
    yield "papers that name a party", lambda: reader.papers(PaperFilter(party="exporter 77 co"))
    yield "papers of a loan", lambda: reader.papers(PaperFilter(loan="L-000777"))
    yield "papers counted of a kind", lambda: reader.count_papers(PaperFilter(kind="invoice"))
    yield "search: a number", lambda: reader.search(f"No-{last // 2}")
    yield "search: a container", lambda: reader.search(f"MSKU{last // 2:07}")
    yield "search: a part of a name", lambda: reader.search("exporter 77")
    yield "search: nothing", lambda: reader.search("nobody has this")
    yield "acts, the newest", reader.acts
    yield "acts of a person", lambda: reader.acts(ActFilter(person="maker-7"))
    yield "acts of a function", lambda: reader.acts(ActFilter(function="loans:apply"))
    yield "the portfolio, all views", lambda: reader.portfolio(BANK)


if __name__ == "__main__":
    main()
