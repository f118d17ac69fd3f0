"""`python -m bench.chaincode`: CPU and throughput of put and get, ours and the official shims', on one machine.

One driver plays the peer on loopback for every server, one server at a time, so only the shim differs. CPU is the
server process's own (user and system) for each transaction, from /proc. Official shims are measured where they are at
hand; bench/chaincode/README.md says how to get each.

    python -m bench.chaincode [--go BINARY] [--node FOLDER] [--python INTERPRETER] [--count N] [--json]
    python -m bench.chaincode --workers 1 2
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.chaincode.load import drive

from hlf_network.engine.ports import free_ports

HERE = Path(__file__).parent
CONCURRENCY = (1, 32, 128)
OURS = "eximledger"
CALLS = ("kv:put", "kv:get")
SHARE = {"kv:read": 2, "kv:compute": 8}
"""These take longer, so fewer of them are measured."""
OWN_CALLS = (*CALLS, "kv:read", "kv:compute")
WARM_UP = 300


@dataclass(frozen=True, slots=True)
class Row:
    """One server under one load; `cpu_ms` for each transaction, `median_ms` as the driver sees it."""

    shim: str
    call: str
    concurrency: int
    per_second: int
    cpu_ms: float
    median_ms: float
    failures: int
    hung: bool = False


def main() -> int:
    options = _options()
    with asyncio.Runner() as runner:  # one loop for all: gRPC does not like to see its loop closed
        rows = [
            _measure(runner, name, command, call, options.count // SHARE.get(call, 1), concurrency)
            for name, command in _servers(options).items()
            for concurrency in options.concurrency
            for call in (OWN_CALLS if name.startswith(OURS) and len(options.workers) > 1 else CALLS)
        ]
    if options.as_json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
    else:
        _print(rows)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.chaincode")
    parser.add_argument("--go", type=Path, help="the built go/main.go")
    parser.add_argument("--node", type=Path, help="folder whose node_modules has fabric-shim")
    parser.add_argument("--python", type=Path, help="interpreter with fabric-chaincode-python")
    parser.add_argument("--workers", type=int, nargs="+", default=[1], help="ours with so many, and calls that show it")
    parser.add_argument("--concurrency", type=int, nargs="+", default=CONCURRENCY, help="transactions at once")
    parser.add_argument("--count", type=int, default=3000, help="transactions for each load")
    parser.add_argument("--json", action="store_true", dest="as_json")
    return parser.parse_args()


def _servers(options: argparse.Namespace) -> Mapping[str, tuple[Sequence[str], Mapping[str, str]]]:
    """Command and environment of each server that is at hand."""
    ours = [sys.executable, "-m", "eximledger_chaincode", "--chaincode", "bench.chaincode.keyvalue:keyvalue"]
    path = os.pathsep.join([str(HERE.parents[1]), os.environ.get("PYTHONPATH", "")])
    found: dict[str, tuple[Sequence[str], Mapping[str, str]]] = {
        f"{OURS}, {count} workers" if count > 1 else OURS: (
            ours,
            {"PYTHONPATH": path, "CHAINCODE_WORKERS": str(count)},
        )
        for count in options.workers
    }
    if options.node:
        modules = {"NODE_PATH": str(options.node / "node_modules"), "CORE_CHAINCODE_LOGGING_LEVEL": "ERROR"}
        found["official Node"] = (["node", str(HERE / "node" / "main.js")], modules)
    if options.go:
        found["official Go"] = ([str(options.go)], {})
    if options.python:
        found["official Python"] = ([str(options.python), str(HERE / "python" / "main.py")], {})
    return found


def _measure(
    runner: asyncio.Runner,
    name: str,
    server: tuple[Sequence[str], Mapping[str, str]],
    call: str,
    count: int,
    concurrency: int,
) -> Row:
    with _running(*server) as (process, target):
        try:
            runner.run(drive(target, call, WARM_UP, min(concurrency, 8)))
            before = _cpu_seconds(process.pid)
            result = runner.run(drive(target, call, count, concurrency))
        except (TimeoutError, AttributeError):  # no answer any more, or the stream has ended
            return Row(name, call, concurrency, 0, 0.0, 0.0, 0, hung=True)
        cpu = (_cpu_seconds(process.pid) - before) / count
        return Row(
            name,
            call,
            concurrency,
            round(result.per_second),
            round(1000 * cpu, 3),
            round(1000 * result.median, 2),
            result.failures,
        )


@contextmanager
def _running(command: Sequence[str], more: Mapping[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    (port,) = free_ports(1, "127.0.0.1")  # the official shims do not tell which port they have got
    target = f"127.0.0.1:{port}"
    environment = {
        **os.environ,
        **more,
        "CHAINCODE_ID": "kv_1.0:0",
        "CHAINCODE_SERVER_ADDRESS": target,
        "CHAINCODE_TLS_DISABLED": "true",
        "CHAINCODE_LOG_LEVEL": "warning",
    }
    process = subprocess.Popen(
        command, env=environment, cwd=HERE.parents[1], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process, target
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads, and of those below it."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return own + sum(_cpu_seconds(int(child)) for task in tasks for child in task.read_text().split())


def _print(rows: Sequence[Row]) -> None:
    print(f"{'shim':<22} {'call':<10} {'at once':>7} {'per s':>7} {'CPU ms':>7} {'median ms':>10} {'failures':>9}")
    for row in rows:
        figures = f"{row.per_second:>7} {row.cpu_ms:>7.3f} {row.median_ms:>10.2f} {row.failures:>9}"
        print(f"{row.shim:<22} {row.call:<10} {row.concurrency:>7} {'hangs' if row.hung else figures}")


if __name__ == "__main__":
    sys.exit(main())
