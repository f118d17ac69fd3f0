"""`python -m bench.sdk`: our client beside the official Go and Node SDKs, in one run, on one network.

Evaluate and submit with 1, 32 and 128 in flight against the same key-value chaincode: operations for each second, and
CPU of the client's process for each operation. Every sample is a process of its own with a warm-up; clients take turns,
so what else the machine does meets all of them. The Go client is built and the Node one installed from their lock
files; one that cannot be is named and left out.

    python -m bench.sdk [--rounds N] [--quick] [--fabric 2.5.15] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.sdk.clients import OURS, Client, Sample, clients_at_hand
from bench.sdk.stage import consortium_of, open_stage
from rich.console import Console
from rich.table import Table

from eximledger_network import default_consortium
from hlf_network.testing import missing_for


@dataclass(frozen=True, slots=True)
class Load:
    """One kind of call, so many in flight; `count` are timed after `warm_up`."""

    call: str
    in_flight: int
    count: int
    warm_up: int


LOADS = (
    Load("evaluate", 1, 800, 500),
    Load("evaluate", 32, 3000, 500),
    Load("evaluate", 128, 3000, 500),
    Load("submit", 1, 80, 300),
    Load("submit", 32, 1000, 300),
    Load("submit", 128, 1000, 300),
)
"""Warm-ups, always with many in flight, are long enough for Node's compiler; a load takes seconds for each client."""

Results = Mapping[tuple[Load, str], Sequence[Sample]]


def main() -> int:
    options = _options()
    consortium = consortium_of(options.fabric)
    if reason := missing_for(consortium):
        print(f"cannot run here: {reason}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        clients, missing = clients_at_hand(Path(folder))
        for name, reason in missing.items():
            print(f"{name} is left out: {reason}", file=sys.stderr)
        load_average = os.getloadavg()[0]
        with open_stage(consortium) as connection:
            results = _measure(clients, connection, 1 if options.quick else options.rounds)
    machine = (
        f"{os.cpu_count()} cores {platform.machine()}, Fabric {options.fabric}, Python {platform.python_version()}, "
        f"load {load_average:.1f} before"
    )
    print(_json(machine, results)) if options.as_json else _print(machine, clients, results)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.sdk")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--quick", action="store_true", help="one round")
    parser.add_argument("--fabric", default=default_consortium().fabric)
    parser.add_argument("--json", action="store_true", dest="as_json")
    return parser.parse_args()


def _measure(clients: Sequence[Client], connection: Path, rounds: int) -> Results:
    results: dict[tuple[Load, str], list[Sample]] = defaultdict(list)
    for number in range(rounds):
        first = number % len(clients)  # nobody always comes after the same one
        for load in LOADS:
            for client in (*clients[first:], *clients[:first]):
                sample = client.run(connection, load.call, load.in_flight, load.count, load.warm_up)
                results[load, client.name].append(sample)
    return results


def _json(machine: str, results: Results) -> str:
    rows = [
        {**asdict(load), "client": name, "samples": [asdict(sample) for sample in samples]}
        for (load, name), samples in results.items()
    ]
    return json.dumps({"machine": machine, "rows": rows}, indent=2)


def _print(machine: str, clients: Sequence[Client], results: Results) -> None:
    """Medians over the rounds; ratios are ours over the other client's."""
    table = Table(box=None, title=machine, title_justify="left")
    headings = ("", "in flight", "client", "per s", "CPU ms", "our throughput", "our CPU", "failures")
    for heading in headings:
        table.add_column(heading, justify="left" if heading in {"", "client"} else "right")
    for load in LOADS:
        ours = results[load, OURS]
        for client in clients:
            found = results[load, client.name]
            pace, cpu = _pace(found), _cpu(found)
            ratios = ("", "")
            if client.name != OURS:
                ratios = (f"{_pace(ours) / pace:.2f} x", f"{_cpu(ours) / cpu:.2f} x")
            failures = str(sum(sample.failures for sample in found))
            table.add_row(load.call, str(load.in_flight), client.name, f"{pace:,.0f}", f"{cpu:.3f}", *ratios, failures)
    Console(width=120).print(table)


def _pace(samples: Sequence[Sample]) -> float:
    return statistics.median(sample.per_second for sample in samples)


def _cpu(samples: Sequence[Sample]) -> float:
    return statistics.median(sample.cpu_ms for sample in samples)


if __name__ == "__main__":
    sys.exit(main())
