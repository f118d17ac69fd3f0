"""`python -m bench.bulk --papers N --folder FOLDER`: reads of one ledger among as many papers as disk and time allow.

Papers that are looked for are filed by their contract, half of them before and half after the many. The many are rows
of the same kinds and sizes under other keys, written by SQL into the same tables: a read cannot tell, `ledger verify`
can. So 10^7 take an hour and not a night.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import hashlib
import secrets
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench._figures import Figure, print_figures
from bench._papers import LOAN, declarations, file_dongyu, put_declarations
from eximledger.desk import LoanDesk
from eximledger.testing import exim_ledger
from hlf_client import Ledger

__all__ = ["bulk"]

_REAL = 5000
"""Papers filed by their contract before the many, and as many after."""
_BATCH = 5000
_SALT = 16
_LIST = len(b"\x00row\x00") + 64
"""Of a list's row: what names the list."""
_STATE = "INSERT INTO state (namespace, key, version, policy, value) VALUES (?, ?, ?, NULL, ?)"
_HISTORY = "INSERT INTO history VALUES (?, ?, ?)"
_LATE = b"9"
"""First digit of the many's place in lists: behind those that are looked for."""


@dataclass(frozen=True, slots=True)
class _Model:
    """What one paper writes: index rows, private values, and the namespaces of both."""

    public: int
    clear: int
    hashed: int
    version: int
    rows: tuple[tuple[bytes, bytes], ...]
    values: tuple[bytes, ...]


async def bulk(folder: Path, *, sizes: tuple[int, ...]) -> list[Figure]:
    """Reads among the papers of each size, beside those among the first."""
    found: dict[int, dict[str, float]] = {}
    path = folder / "bulk.db"
    with contextlib.closing(exim_ledger(path)) as network:
        desk = await file_dongyu(network.connect)
        customs = network.connect("customs")
        await put_declarations(customs, 0, _REAL)
        present = _REAL
        for size in sizes:
            if size > present:
                began = time.process_time()
                _fill(path, size - present)
                print(f"{size:,} papers, {time.process_time() - began:.0f} s of CPU", flush=True)
                await put_declarations(customs, present, 500)
            present = size
            found[size] = await _costs(desk, customs)
            found[size]["bytes of the file for each paper"] = path.stat().st_size / size
            print(size, found[size], flush=True)
        await network.finish()
    return _figures(found)


def _figures(found: dict[int, dict[str, float]]) -> list[Figure]:
    small, large = min(found), max(found)
    figures = []
    for name, value in found[large].items():
        first, unit = found[small][name], "B" if name.startswith("bytes") else "ms"
        factor = 1 if unit == "B" else 1000
        figures.append(
            Figure(
                f"{name}, among {large:,}", value * factor, unit, first * factor, f"{unit} among {small:,}",
                "flat", value < 1.3 * first,
            )
        )  # fmt: skip
    return figures


def _fill(path: Path, count: int) -> None:
    """So many papers' rows, without the transactions that would have written them."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as target:
        target.execute("PRAGMA synchronous = OFF")
        target.execute("PRAGMA cache_size = -1048576")
        target.execute("PRAGMA wal_autocheckpoint = 16384")
        model = _model(target)
        for start in range(0, count, _BATCH):
            rows, history = _rows(model, start, min(_BATCH, count - start), count)
            target.execute("BEGIN")
            target.executemany(_STATE, sorted(rows))
            target.executemany(_HISTORY, sorted(history))
            target.execute("COMMIT")
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _model(source: sqlite3.Connection) -> _Model:
    """The rows of one paper that is there: two places in lists, the paper, what points to it, and half a sum."""
    spaces = {
        (collection, hashed): number
        for collection, hashed, number in source.execute(
            "SELECT collection, hashed, id FROM namespace"
            " WHERE channel = (SELECT id FROM channel WHERE name = 'customs')"
        )
    }
    public, clear = spaces["", 0], spaces["declarations", 0]
    rows = source.execute(
        "SELECT key, value, max(version) FROM state WHERE namespace = ? AND key >= ? AND key < ?"
        " GROUP BY substr(key, 1, ?) ORDER BY count(*) DESC LIMIT 2",  # the list of all, and an exporter's
        (public, b"\x00row", b"\x00rox", _LIST),
    ).fetchall()
    values = [
        source.execute(
            "SELECT value FROM state WHERE namespace = ? AND length(value) BETWEEN ? AND ? LIMIT 1", (clear, *size)
        ).fetchone()[0]
        for size in ((2000, 3000), (80, 80))
    ]
    pairs = tuple((key, value) for key, value, _ in rows)
    return _Model(public, clear, spaces["declarations", 1], rows[0][2], pairs, tuple(values))


def _rows(
    model: _Model, start: int, count: int, total: int
) -> tuple[list[tuple[int, bytes, int, bytes]], list[tuple[int, bytes, int]]]:
    """Of papers `start` to `start + count` of `total`; their keys lie as if they were random, and come in order, so
    that each page of the file is written once."""
    rows, history = [], []
    for number in range(start, start + count):
        name = _spread(number, total)
        for key, value in model.rows:
            parts = key.split(b"\x00")
            parts[3], parts[4] = _LATE + parts[3][1:], name
            place = b"\x00".join(parts)
            rows.append((model.public, place, model.version, value))
            history.append((model.public, place, model.version))
        for key, value in _private(model, number, total):
            rows.append((model.clear, key, 0, value))
            digests = hashlib.sha256(key).digest(), hashlib.sha256(value).digest()
            rows.append((model.hashed, digests[0], model.version, digests[1]))
    return rows, history


def _private(model: _Model, number: int, total: int) -> Iterator[tuple[bytes, bytes]]:
    for value in model.values:
        yield _spread(number, total), secrets.token_bytes(_SALT) + value[_SALT:]


def _spread(number: int, total: int) -> bytes:
    """A name of 64 hexadecimal digits in that part of all names, between its neighbours'."""
    return f"{(number << 64) // total:016x}{secrets.token_hex(24)}".encode()


async def _costs(desk: LoanDesk, customs: Ledger) -> dict[str, float]:
    papers = list(declarations(0, _REAL))
    read, page = iter(papers * 2), iter(papers)

    async def one() -> object:
        return await customs.evaluate("customs", "documents:get", "declaration", next(read).number)

    async def of_exporter() -> object:
        exporter = next(page).exporter or ""
        return await customs.evaluate("customs", "documents:list", "declaration", exporter, 20, "")

    async def of_all() -> object:
        return await customs.evaluate("customs", "documents:list", "declaration", "", 20, "")

    return {
        "a declaration by number": await _median(one, 1000),
        "a page of 20": await _median(of_all, 200),
        "a page of 20 of one exporter": await _median(of_exporter, 200),
        "verify six": await _median(lambda: desk.preview(LOAN), 25),
    }


async def _median(work: Callable[[], Awaitable[object]], count: int) -> float:
    """Seconds of this process's CPU for one call: for a machine that does something else beside."""
    seconds = []
    for _ in range(count):
        began = time.process_time()
        await work()
        seconds.append(time.process_time() - began)
    return statistics.median(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.bulk", description=__doc__)
    parser.add_argument("--papers", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    print_figures(asyncio.run(bulk(given.folder, sizes=tuple(sorted(given.papers)))), as_json=given.json)


if __name__ == "__main__":
    main()
