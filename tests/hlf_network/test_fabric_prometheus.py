"""Real Prometheus on running nodes: every node is scraped, every rule and panel asks for what is there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from hlf_network.consortium import Consortium
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.engine.ports import free_ports
from hlf_network.keeping import Keeping
from hlf_network.testing import missing_for, running_network

pytestmark = [
    pytest.mark.fabric,
    pytest.mark.skipif(shutil.which("prometheus") is None, reason="no prometheus on this machine"),
]

NAME = "exim-metrics"
SECONDS = 60
AT_THE_FIRST_TIME = {
    "chaincode_launch_failures": "when a peer does not reach its chaincode's server",
    "broadcast_processed_count": "when an orderer is handed something",
    "consensus_etcdraft_proposal_failures": "when an orderer has no leader",
    "endorser_proposal_duration_bucket": "when a peer has endorsed",
    "ledger_transaction_count": "with the first block after the genesis",
    "ledger_block_processing_time_bucket": "with the first block after the genesis",
}
"""Metrics that a node tells only once there is something to tell."""


@pytest.fixture(scope="module")
def network(variant: Callable[..., Consortium], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    consortium = variant(NAME)
    reason = missing_for(consortium)
    if reason:
        pytest.skip(reason)
    with running_network(consortium, tmp_path_factory.mktemp("metrics"), deploy=False) as network:
        yield network


@contextmanager
def prometheus(folder: Path) -> Iterator[Callable[[str], Any]]:
    """Prometheus as an operator starts it, but asking every second; gives the way to its interface."""
    file = folder / "prometheus.yml"
    file.write_text(file.read_text().replace("15s", "1s"))
    (port,) = free_ports(1, "127.0.0.1")
    command = ["prometheus", f"--config.file={file}", f"--storage.tsdb.path={folder / 'data'}"]
    process = subprocess.Popen(
        [*command, f"--web.listen-address=127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def ask(path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/{path}", timeout=10) as answer:
            return json.load(answer)["data"]

    try:
        wait_for(lambda: ask("status/runtimeinfo"))
        yield ask
    finally:
        process.terminate()
        process.wait(SECONDS)


def wait_for(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            found = condition()
        except (urllib.error.URLError, ConnectionError):
            found = None
        if found:
            return found
        assert time.monotonic() < deadline, "in time"
        time.sleep(0.2)


def query(expression: str) -> str:
    return "query?" + urllib.parse.urlencode({"query": expression})


def test_every_node_is_scraped_every_rule_is_sound_and_a_lost_peer_is_noticed(network: Network, tmp_path: Path) -> None:
    folder = tmp_path / "monitoring"
    Keeping(network).monitoring(folder)
    engine = Engine.connect(NAME)
    try:
        with prometheus(folder) as ask:
            wait_for(lambda: len(ask(query('up{job=~"hlf-.*"} == 1'))["result"]) == 7)
            wait_for(lambda: all(rule["health"] == "ok" for rule in rules(ask)))
            assert not [rule["name"] for rule in rules(ask) if rule["state"] == "firing"]
            known = set(ask("label/__name__/values"))
            for expression in expressions(folder):
                ask(query(expression))  # an error of PromQL is an error of HTTP
                names = set(re.findall(r"\b((?:ledger|consensus|gossip|endorser|broadcast|chaincode)_\w+)", expression))
                assert names <= known | set(AT_THE_FIRST_TIME)
            engine.stop([f"{NAME}-peer0.customs"])
            wait_for(lambda: {"FabricNodeDown": "pending"}.items() <= states(ask).items())
    finally:
        engine.start(f"{NAME}-peer0.customs")
        engine.close()


def rules(ask: Callable[[str], Any]) -> list[dict[str, Any]]:
    return [rule for group in ask("rules")["groups"] for rule in group["rules"]]


def states(ask: Callable[[str], Any]) -> dict[str, str]:
    return {rule["name"]: rule["state"] for rule in rules(ask)}


def expressions(folder: Path) -> list[str]:
    groups = yaml.safe_load((folder / "rules.yml").read_text())["groups"]
    found = [rule["expr"] for group in groups for rule in group["rules"]]
    panels = json.loads((folder / "dashboard.json").read_text())["panels"]
    return found + [target["expr"].replace("$network", NAME) for panel in panels for target in panel["targets"]]
