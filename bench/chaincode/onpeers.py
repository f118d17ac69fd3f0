"""`python -m bench.chaincode.onpeers`: the exim chaincode on real peers, from the outside.

A loan of 30 documents (six shipments of declaration, contract, invoice, bill of lading and packing list) is checked
by one peer, with its queries of the other two channels; then many clients ask at once. Times of the check are the
chaincode server's own (from its metrics: proposal to answer, the peer's share included) and the caller's.

    python -m bench.chaincode.onpeers [--fabric 2.5.15] [--runs N] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.eximledger_chaincode.contracts import trade
from tests.fabric.consortium import Members, host_consortium
from tests.fabric.people import Person
from tests.fabric.servers import Servers
from tests.fabric.trade import Bank, open_day

from eximledger_chaincode.documents import Document, LoanApplication
from eximledger_network import default_consortium
from hlf_network.testing import missing_for, running_network

SERIALS = (1, 2, 3, 4, 5, 6)
LOAN = "L-1"


@dataclass(frozen=True, slots=True)
class Report:
    """Milliseconds of one check, inside the chaincode server and at the caller; failures of concurrent queries."""

    fabric: str
    documents: int
    check_inside_ms: float
    check_outside_ms: float
    concurrent: dict[int, dict[str, float]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.chaincode.onpeers")
    parser.add_argument("--fabric", default=default_consortium().fabric)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--json", action="store_true", dest="as_json")
    options = parser.parse_args()
    consortium = host_consortium("exim-shim-bench", fabric=options.fabric)
    if reason := missing_for(consortium):
        print(f"cannot run here: {reason}", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, running_network(consortium, Path(folder) / "network") as network:
        servers = Servers(network, Path(folder))
        os.environ["CHAINCODE_LOG_LEVEL"] = "warning"
        try:
            servers.run_all()
            os.environ |= {"CHAINCODE_METRICS_ADDRESS": "127.0.0.1:0", "CHAINCODE_LOG_LEVEL": "info"}
            servers.run("eximbank", "eximledger_chaincode.contracts:exim")
            metrics = next(port for line in servers.log("eximbank").splitlines() if (port := _metrics_port(line)))
            with Members.of(network, servers) as members:
                members.configure()
                report = _measure(members, options.fabric, options.runs, metrics)
        finally:
            servers.stop_all()
    print(json.dumps(asdict(report), indent=2) if options.as_json else report)
    return 0


def _measure(members: Members, fabric: str, runs: int, metrics: int) -> Report:
    maker = members.person("eximbank")
    _file_case(members, maker)
    maker.ask("bank", "loans:preview", LOAN)  # imports and caches
    before, outside = _previews(metrics), []
    for _ in range(runs):
        begun = time.perf_counter()
        maker.ask("bank", "loans:preview", LOAN)
        outside.append(time.perf_counter() - begun)
    inside = (_previews(metrics) - before) / runs
    return Report(
        fabric=fabric,
        documents=5 * len(SERIALS),
        check_inside_ms=round(1000 * inside, 1),
        check_outside_ms=round(1000 * statistics.median(outside), 1),
        concurrent={size: _concurrent(maker, size) for size in (32, 128)},
    )


def _file_case(members: Members, maker: Person) -> None:
    """Six shipments that agree in all, and an application on them."""
    customs, safe = members.person("customs"), members.person("safe")
    for rate in (trade.rate(), trade.rate(trade.APPLIED)):
        safe.submit("fx", "documents:put", "rate", rate)
    filed = safe.submit("fx", "documents:put", "classification", trade.classification())
    safe.wait_until_known(filed, "eximbank")
    declarations = [trade.declaration(serial) for serial in SERIALS]
    outcome = customs.submit("customs", "documents:put_many", "declaration", declarations)
    customs.wait_until_known(outcome, "eximbank", "safe")
    for make in (trade.contract, trade.invoice, trade.transport, trade.packing_list):
        papers: list[Document] = [make(serial) for serial in SERIALS]
        maker.submit("bank", "documents:put_many", papers[0].KIND, papers)
    application: LoanApplication = trade.application(LOAN, SERIALS, amount="2000000.00")
    open_day(members)
    bank = Bank.of(members, "eximbank")
    bank.authorise(application.exporter)
    bank.apply_with(application)


def _metrics_port(line: str) -> int:
    """What a line of the server's log says, if it says it: the kernel chose it."""
    port: int = json.loads(line).get("metrics", 0)
    return port


def _previews(port: int) -> float:
    """Seconds that the chaincode server has spent on previews."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}/metrics", timeout=10) as page:
        for line in page.read().decode().splitlines():
            if line.startswith('exim_chaincode_transaction_seconds_sum{function="loans:preview"}'):
                return float(line.rpartition(" ")[2])
    return 0.0


def _concurrent(person: Person, size: int, each: int = 10) -> dict[str, float]:
    """Queries of `size` clients at once, `each` one after the other."""

    def ask(_: int) -> str:
        try:
            person.ask("bank", "loans:get", LOAN)
        except Exception as error:
            return type(error).__name__
        return "ok"

    begun = time.perf_counter()
    with ThreadPoolExecutor(size) as pool:
        outcomes = Counter(pool.map(ask, range(size * each)))
    seconds = time.perf_counter() - begun
    failures = size * each - outcomes["ok"]
    return {"queries": size * each, "failures": failures, "per_second": round(size * each / seconds)}


if __name__ == "__main__":
    sys.exit(main())
