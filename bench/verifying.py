"""`python -m bench.verifying`: six declarations with their papers judged by every rule, as a preview.

    python -m bench.verifying [--fabric [VERSION]] [--entries N] [--runs N] [--json]

By one call of the peer (`preview`), and from the desk, which asks each channel (`reconcile`). On an embedded ledger, or
on a network of its own, whose chaincode servers run on this host; on the embedded one also with nothing of the case
parsed before (`first`), and in seconds of CPU. With `--entries` SAFE has a watch list of so many made-up names.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

from tests.fabric.consortium import Members, host_consortium
from tests.fabric.servers import Servers
from tests.fabric.trade import open_day

from bench._papers import LOAN, file_dongyu
from bench.scale.usage import Usage, spent
from eximledger import connect
from eximledger.desk import LoanDesk, heading_of
from eximledger.testing import exim_ledger
from eximledger_chaincode.contracts.casefile.judged import _verdict
from eximledger_chaincode.contracts.state.crosschannel import _kept
from eximledger_chaincode.contracts.state.records import _decoded, _entry, _record
from eximledger_chaincode.contracts.state.vault import _key
from eximledger_chaincode.documents import LegalForce, ListedKind, WatchEntry
from eximledger_chaincode.lending.screening.subjects import _digest
from eximledger_chaincode.lending.time import day_in_china
from eximledger_network import default_consortium
from hlf_client import Ledger, utc_now
from hlf_network.engine.docker import Engine
from hlf_network.testing import missing_for, running_network

_SYLLABLES: Final = [a + b for a in "bcdfghjklmnprstvwz" for b in ("a", "e", "i", "o", "u", "an", "or", "is")]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.verifying")
    parser.add_argument("--fabric", nargs="?", const=default_consortium().fabric)
    parser.add_argument("--entries", type=int, default=0)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    if options.fabric is None:
        found = asyncio.run(_embedded(options.entries, options.runs))
    else:
        consortium = host_consortium("exim-verify-bench", fabric=options.fabric)
        if reason := missing_for(consortium):
            print(f"cannot run here: {reason}", file=sys.stderr)
            return 1
        with tempfile.TemporaryDirectory() as folder, running_network(consortium, Path(folder) / "network") as network:
            servers = Servers(network, Path(folder))
            os.environ["CHAINCODE_LOG_LEVEL"] = "warning"
            try:
                servers.run_all()
                with Members.of(network, servers) as members:
                    members.configure()
                    open_day(members)
                profiles = network.layout.root / "profiles"
                processes = {each.name: servers.process(each.name).pid for each in consortium.organizations}
                usage = Usage(Engine.connect(consortium.name), processes)
                found = asyncio.run(_on_fabric(lambda who: connect(profiles, who), usage, options))
            finally:
                servers.stop_all()
    print(json.dumps(found, indent=2) if options.as_json else found)
    return 0


async def _embedded(entries: int, runs: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        network = exim_ledger(Path(folder) / "verify.db")
        try:
            found = await _measured(network.connect, entries, runs)
            desk = LoanDesk(network.connect("eximbank"))
            return found | {
                "preview, CPU": await _median(lambda: desk.preview(LOAN), runs, time.process_time),
                "preview judged anew, CPU": await _median(lambda: _judged_anew(desk), runs, time.process_time),
                "first preview, CPU": await _median(lambda: _afresh(desk), runs, time.process_time),
            }
        finally:
            network.close()


async def _on_fabric(to: Callable[[str], Ledger], usage: Usage, options: argparse.Namespace) -> dict[str, float]:
    """With the CPU of a preview by part, which says more than the clock where others work beside it."""
    found = await _measured(to, options.entries, options.runs)
    desk = LoanDesk(to("eximbank"))
    await desk.preview(LOAN)
    before, calls = usage.cpu(), 3 * options.runs
    for _ in range(calls):
        await desk.preview(LOAN)
    used = spent(before, usage.cpu())
    await desk.ledger.close()
    parts = ("client", "chaincode eximbank", "peers eximbank")
    return found | {f"preview, CPU of {part}": round(1000 * used[part] / calls, 2) for part in parts}


async def _afresh(desk: LoanDesk) -> None:
    """A preview of what this process has not parsed before."""
    for kept in (_record, _decoded, _entry, _kept, _digest, _key, _verdict):
        kept.cache_clear()
    await desk.preview(LOAN)


async def _judged_anew(desk: LoanDesk) -> None:
    """A preview whose papers were parsed before, and whose case was not judged."""
    _verdict.cache_clear()
    await desk.preview(LOAN)


async def _measured(to: Callable[[str], Ledger], entries: int, runs: int) -> dict[str, float]:
    """Medians in milliseconds."""
    found: dict[str, float] = {}
    if entries:
        began = time.perf_counter()
        await _file_list(LoanDesk(to("safe")), entries)
        found["seconds of filing the list"] = round(time.perf_counter() - began, 1)
    desk = await file_dongyu(to)
    own = await desk.reconcile(LOAN)
    assert await desk.preview(LOAN) == own
    found |= {
        "preview": await _median(lambda: desk.preview(LOAN), runs),
        "preview, least": min([await _median(lambda: desk.preview(LOAN), 1) for _ in range(3 * runs)]),
        "reconcile": await _median(lambda: desk.reconcile(LOAN), runs),
    }
    await desk.ledger.close()
    return found


async def _file_list(safe: LoanDesk, count: int) -> None:
    chance, today = random.Random(7), day_in_china(utc_now())
    heading, entries = heading_of(
        list(_made_up(count, chance)), own=False, list_id="MADE-UP", title="Names that nobody has", source="bench",
        force=LegalForce.BINDING, edition="1", published_on=date(today.year, 1, 1), valid_from=date(today.year, 1, 1),
    )  # fmt: skip
    await safe.file_list(heading, entries)


def _made_up(count: int, chance: random.Random) -> Iterator[WatchEntry]:
    for number in range(count):
        words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(chance.randint(2, 4))]
        kind = ListedKind.PERSON if number % 2 else ListedKind.ENTITY
        yield WatchEntry(entry_id=f"made-up-{number:07}", kind=kind, name=" ".join(words).title())


async def _median(
    call: Callable[[], Awaitable[object]], runs: int, clock: Callable[[], float] = time.perf_counter
) -> float:
    taken = []
    for _ in range(runs):
        began = clock()
        await call()
        taken.append(clock() - began)
    return round(1000 * statistics.median(taken), 1)


if __name__ == "__main__":
    sys.exit(main())
