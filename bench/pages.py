"""Measure every page and list of the server over a mirror of many loans and papers: CPU of the server and wall, each.

    python -m bench.pages [--loans 100000] [--papers 1000000] [--sqlite] [--times 9]

The application is called in this process, so its CPU seconds are the server's own; of PostgreSQL those of the
processes at its connections are added, but for its parallel workers. Pages of one loan or paper ask the ledger, on
which the founding case was walked.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
from sqlalchemy import Engine
from tests.eximledger.mirror.synthetic import fill
from tests.eximledger.server import running
from tests.postgresql import running_postgresql

from eximledger import connect
from eximledger.demo import run, write_papers
from eximledger.mirror import MirrorReader, open_database, upgrade
from eximledger.serving.admission import Scope
from eximledger.testing import LedgerNetwork, exim_ledger
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now

LIMIT: Final = 200.0
"""Milliseconds that a page may take on the server."""
_FRESH: Final = 31.0
"""Seconds after which lists no longer look whether the mirror, which follows nothing here, has what was written."""
_LOAN: Final = "/loans/DY-2026-001"
_EXPORTER: Final = "91520600MA6DYEK78F"
PAGES: Final = (
    "/", "/loans", "/loans?state=disbursed", "/loans?applicant=exporter+77+co", "/loans?sort=amount",
    "/loans?state=disbursed&sort=maturity", _LOAN, f"{_LOAN}/history", f"{_LOAN}/screening", f"{_LOAN}/report.html",
    "/papers", "/papers?kind=invoice", "/papers?party=exporter+77+co", "/papers?number=No-500001",
    "/papers/invoice?number=DY-CI-260401-05", f"/exporters/{_EXPORTER}", "/exporters/915200000000000077",
    "/search?q=No-500001", "/search?q=MSKU0500001", "/search?q=exporter+77", "/search?q=nobody+has+this", "/portfolio",
    "/portfolio.xlsx", "/upload", f"/apply?exporter={_EXPORTER}", "/policy", "/trail", "/trail?person=maker-7",
    "/network",
)  # fmt: skip
LISTS: Final = (
    "/loans", "/loans?state=disbursed", "/loans?sort=amount", "/papers", "/papers?kind=invoice",
    "/search?text=No-500001", "/acts", "/portfolio",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.pages")
    parser.add_argument("--loans", type=int, default=100_000)
    parser.add_argument("--papers", type=int, default=1_000_000)
    parser.add_argument("--sqlite", action="store_true", help="a mirror in SQLite's file instead of PostgreSQL")
    parser.add_argument("--times", type=int, default=9)
    options = parser.parse_args()
    with _filled(options.loans, options.papers, sqlite=options.sqlite) as engine:
        asyncio.run(_measured(engine, options.times))


@contextmanager
def _filled(loans: int, papers: int, *, sqlite: bool) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        if sqlite:
            yield _made(f"sqlite:///{folder}/mirror.db", loans, papers)
        else:
            with running_postgresql() as server:
                yield _made(server.database(), loans, papers)


def _made(url: str, loans: int, papers: int) -> Engine:
    engine = open_database(url)
    upgrade(engine)
    with engine.begin() as connection:
        fill(connection, loans=loans, papers=papers)
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")
    return engine


async def _measured(engine: Engine, times: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        network = exim_ledger(Path(folder) / "exim.db")
        await _walked(network, Path(folder) / "papers")
        async with running(network) as server:
            server.served.mirrors.add("EximbankMSP", MirrorReader(engine))
            officer = await server.browser("eximbank/checker")
            maker = await server.browser("eximbank/maker")
            program = await server.program("eximbank/checker", Scope.READ)
            await asyncio.sleep(_FRESH)
            for path in PAGES:
                await _shown(maker if path.startswith(("/upload", "/apply")) else officer, path, times, engine)
            for path in LISTS:
                await _shown(program, f"/api/v1{path}", times, engine)
        await network.finish()
        network.close()
    engine.dispose()


async def _walked(network: LedgerNetwork, folder: Path) -> None:
    papers = write_papers(folder, day_in_china(utc_now()))
    await run(lambda who: connect(network.url, who), papers, lambda _told: None)


async def _shown(client: httpx.AsyncClient, path: str, times: int, engine: Engine) -> None:
    walls, spent, beside = [], [], []
    for _ in range(times):
        there = _of_postgresql(engine)
        wall, cpu = time.perf_counter(), time.process_time()
        answer = await client.get(path)
        walls.append(1000 * (time.perf_counter() - wall))
        spent.append(1000 * (time.process_time() - cpu))
        beside.append(1000 * (_of_postgresql(engine) - there))
    whole = [own + other for own, other in zip(spent, beside, strict=True)]
    over = "  OVER" if statistics.median(whole) > LIMIT else ""
    print(
        f"{statistics.median(spent):6.1f} ms CPU of the server, {statistics.median(beside):6.1f} of PostgreSQL, "
        f"{max(whole):6.1f} at most together; wall {min(walls):6.1f} at least, {statistics.median(walls):6.1f} median; "
        f"{answer.status_code} {path}{over}",
        flush=True,
    )


def _of_postgresql(engine: Engine) -> float:
    """CPU seconds of the processes that answer connections; none of SQLite's, which is in this one."""
    if engine.dialect.name != "postgresql":
        return 0.0
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
        pids = [int(pid) for (pid,) in found]
    return sum(_spent(Path(f"/proc/{pid}/schedstat")) for pid in pids) / 1e9


def _spent(file: Path) -> int:
    try:
        return int(file.read_text().split()[0])
    except FileNotFoundError:  # a worker that has ended meanwhile
        return 0


if __name__ == "__main__":
    main()
