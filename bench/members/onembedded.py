"""The embedded ledger of many members: founding, opening, a transaction, a vote on one more member."""

from __future__ import annotations

import contextlib
import json
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from bench._figures import Figure
from bench.members.consortium import CHANNEL, bank, embedded, msp_of
from bench.members.contract import CHAINCODE
from hlf_client.testing import LedgerNetwork

__all__ = ["figures"]


async def figures(folder: Path, *, sizes: Sequence[int]) -> list[Figure]:
    """Each figure at the last size, beside the first."""
    found = {banks: await _costs(folder / f"{banks}.db", banks) for banks in sizes}
    small, large = found[sizes[0]], found[sizes[-1]]
    return [
        Figure(f"embedded: {name}, {sizes[-1]} banks", value, unit, small[name][0], f"{unit}, {sizes[0]} banks")
        for name, (value, unit) in large.items()
    ]


async def _costs(path: Path, banks: int) -> dict[str, tuple[float, str]]:
    consortium = embedded(banks)
    started = time.perf_counter()
    network = LedgerNetwork(consortium, path, chaincode=CHAINCODE)
    founding = time.perf_counter() - started
    await network.finish()
    network.close()
    size, keys = _bytes_of(path), _bytes_of(Path(f"{path}.msp"))
    started = time.perf_counter()
    network = LedgerNetwork(consortium, path, chaincode=CHAINCODE)
    opening = time.perf_counter() - started
    with contextlib.closing(network):
        first, later = await _puts(network, banks)
        read = await _reads(network)
        vote = await _vote(network, banks)
        await network.finish()
    return {
        "found": (founding, "s"),
        "file when founded": (size / 1e6, "MB"),
        "keys and certificates": (keys / 1e6, "MB"),
        "open": (opening * 1000, "ms"),
        "a bank's first private write": (first * 1000, "ms"),
        "a private write": (later * 1000, "ms"),
        "a query of all members": (read * 1000, "ms"),
        "two votes for one member more": (vote * 1000, "ms"),
    }


def _bytes_of(path: Path) -> int:
    """A file's, or all files' of a folder."""
    return sum(one.stat().st_size for one in (path, *path.rglob("*")) if one.is_file())


async def _puts(network: LedgerNetwork, banks: int) -> tuple[float, float]:
    """By the last bank, whose place in policies is the hardest to find; seconds of the first and of the median."""
    ledger = network.connect(f"{bank(banks - 1)}/officer")
    seconds = []
    for number in range(41):
        started = time.perf_counter()
        await ledger.submit(CHANNEL, "papers:put", f"paper-{number}", transient={"paper": b"p" * 500})
        seconds.append(time.perf_counter() - started)
    return seconds[0], statistics.median(seconds[1:])


async def _reads(network: LedgerNetwork) -> float:
    ledger, seconds = network.connect("safe/officer"), []
    for _ in range(20):
        started = time.perf_counter()
        await ledger.evaluate(CHANNEL, "consortium:members")
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


async def _vote(network: LedgerNetwork, banks: int) -> float:
    """SAFE and customs vote one more bank in."""
    safe = network.connect("safe/officer")
    present = json.loads(await safe.evaluate(CHANNEL, "consortium:members"))
    text = json.dumps([*present, {"msp_id": msp_of(banks), "name": bank(banks), "role": "bank"}])
    started = time.perf_counter()
    for voter in ("safe", "customs"):
        await network.connect(f"{voter}/officer").submit(CHANNEL, "consortium:configure", text)
    seconds = time.perf_counter() - started
    assert len(json.loads(await safe.evaluate(CHANNEL, "consortium:members"))) == banks + 3
    return seconds
