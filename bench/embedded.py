"""The embedded ledger: reads, durable writes, an import, a check of six declarations, and all of it at scale."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

from bench._figures import Figure
from bench._notes import NotesContract, chaincode_with, only
from bench._papers import LOAN, declarations, file_dongyu, put_declarations
from bench._raw import height, rows_since, seconds_raw
from eximledger.desk import LoanDesk
from eximledger.testing import LedgerNetwork, exim_ledger
from eximledger_chaincode.contracts.state.records import document_json
from hlf_client import Commit, Ledger
from hlf_client.private import submit_private

__all__ = ["checks", "imports", "reads", "scale", "submits"]

_CHANNEL = "customs"


async def reads(folder: Path, *, count: int) -> list[Figure]:
    """Evaluates of one declaration by its number, beside the same row read by SQL."""
    with contextlib.closing(exim_ledger(folder / "reads.db")) as network:
        ledger = network.connect("customs")
        await put_declarations(ledger, 0, 1000)
        numbers = [one.number for one in declarations(0, 1000)]
        started = time.perf_counter()
        for n in range(count):
            await ledger.evaluate(_CHANNEL, "documents:get", "declaration", numbers[n * 7 % 1000])
        seconds = time.perf_counter() - started
        await network.finish()
        raw = _raw_reads(network.path, count)
    return [Figure("evaluate a declaration", count / seconds, "/s", count / raw, "/s, its row by SQL")]


def _raw_reads(path: Path, count: int) -> float:
    with contextlib.closing(sqlite3.connect(path)) as source:
        keys = source.execute("SELECT namespace, key FROM state WHERE length(value) > 500 LIMIT 1000").fetchall()
        started = time.perf_counter()
        for n in range(count):
            statement = "SELECT value, version FROM state WHERE namespace = ? AND key = ?"
            source.execute(statement, keys[n * 7 % len(keys)]).fetchone()
        return time.perf_counter() - started


async def submits(folder: Path, *, count: int, in_flight: int) -> list[Figure]:
    """Durable submits, beside the same rows and as many commits by SQL alone.

    Of the smallest transaction that there is, for what the ledger itself costs; and of a declaration, which its
    contract reads, checks, indexes and hashes.
    """
    values = [(f"key-{n}", f"value-{n}") for n in range(count)]
    notes = chaincode_with(NotesContract)
    with contextlib.closing(LedgerNetwork(only(notes), folder / "notes.db", chaincode=notes.name)) as network:
        ledger = network.connect("customs", chaincode=notes.name)
        puts = [partial(ledger.submit, _CHANNEL, "notes:put", *each) for each in values]
        smallest = await _submit_all(network, puts, in_flight, "a key and its value", ">= 30 %")
    with contextlib.closing(exim_ledger(folder / "declarations.db")) as network:
        filing = partial(submit_private, network.connect("customs"), _CHANNEL, "documents:put", "declaration")
        papers = [document_json(one) for one in declarations(0, count)]
        puts = [partial(filing, paper, endorsing_organizations=["CustomsMSP"]) for paper in papers]
        largest = await _submit_all(network, puts, in_flight, "a declaration", "")
    return [smallest, largest]


async def _submit_all(
    network: LedgerNetwork,
    calls: Sequence[Callable[[], Awaitable[Commit]]],
    in_flight: int,
    what: str,
    aim: str,
) -> Figure:
    await calls[0]()
    before, waiting = height(network.path, _CHANNEL), iter(calls[1:])

    async def client() -> None:
        for call in waiting:
            await call()

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(in_flight)))
    seconds = time.perf_counter() - started
    await network.finish()
    blocks = rows_since(network.path, _CHANNEL, before)
    raw = min(seconds_raw(blocks, network.path.parent) for _ in range(3))
    done = len(calls) - 1
    limit = f"/s, its rows in {len(blocks):,} commits by SQL"
    met = raw / seconds >= 0.3 if aim else None
    return Figure(
        f"durable submits of {what}, {in_flight} in flight", done / seconds, "/s", done / raw, limit, aim, met
    )


async def imports(folder: Path, *, count: int) -> list[Figure]:
    """An import of many declarations, 500 in a transaction, beside its rows by SQL alone."""
    with contextlib.closing(exim_ledger(folder / "imports.db")) as network:
        ledger = network.connect("customs")
        await put_declarations(ledger, 0, 10)
        before = height(network.path, _CHANNEL)
        started = time.perf_counter()
        await put_declarations(ledger, 10, count)
        seconds = time.perf_counter() - started
        await network.finish()
        blocks = rows_since(network.path, _CHANNEL, before)
        raw = seconds_raw(blocks, folder)
    rows = sum(block.count for block in blocks)
    limit = f"/s, the same {rows:,} rows by SQL"
    return [Figure(f"import of {count:,} declarations", count / seconds, "/s", count / raw, limit)]


async def checks(folder: Path, *, count: int) -> list[Figure]:
    """The six declarations of the Dongyu case reconciled: as a preview, and recorded by the endorsing peers."""
    with contextlib.closing(exim_ledger(folder / "checks.db")) as network:
        desk = await file_dongyu(network.connect)
        preview = await _median(lambda: desk.preview(LOAN), count)
        recorded = await _median(lambda: desk.check(LOAN), max(5, count // 5))
        await network.finish()
    return [
        Figure("verify six declarations", preview * 1000, "ms", 10, "ms", "< 10 ms", preview < 0.010),
        Figure("check six and record it", recorded * 1000, "ms"),
    ]


async def scale(folder: Path, *, sizes: Sequence[int]) -> list[Figure]:
    """A page of a list and a check of six among few documents and among many."""
    found: dict[int, dict[str, float]] = {}
    with contextlib.closing(exim_ledger(folder / "scale.db")) as network:
        desk = await file_dongyu(network.connect)
        customs, present = network.connect("customs"), 0
        for size in sizes:
            await put_declarations(customs, present, size - present)
            present = size
            found[size] = await _costs(desk, customs, size)
        await network.finish()
    small, large = found[sizes[0]], found[sizes[-1]]
    return [
        Figure(
            f"{name} at {sizes[-1]:,} documents", large[name] * 1000, "ms", small[name] * 1000, f"ms at {sizes[0]:,}",
            "flat", large[name] < 1.3 * small[name],
        )
        for name in small
    ]  # fmt: skip


async def _costs(desk: LoanDesk, customs: Ledger, size: int) -> dict[str, float]:
    exporter = next(declarations(size // 2, 1)).exporter
    number = next(declarations(size // 2, 1)).number
    return {
        "a declaration by number": await _median(
            lambda: customs.evaluate(_CHANNEL, "documents:get", "declaration", number), 200
        ),
        "a page of 20": await _median(
            lambda: customs.evaluate(_CHANNEL, "documents:list", "declaration", "", 20, ""), 200
        ),
        "a page of 20 of one exporter": await _median(
            lambda: customs.evaluate(_CHANNEL, "documents:list", "declaration", exporter or "", 20, ""), 200
        ),
        "verify six": await _median(lambda: desk.preview(LOAN), 40),
    }


async def _median(work: Callable[[], Awaitable[object]], count: int) -> float:
    """Seconds of one call, the median of many; the first few are not counted."""
    seconds = []
    for n in range(count + 3):
        started = time.perf_counter()
        await work()
        if n >= 3:
            seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)
