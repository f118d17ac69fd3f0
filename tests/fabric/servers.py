"""Each organisation's chaincode server as an operator runs it on a host: the program with the driver's settings."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import eximledger_chaincode
from hlf_network.driver import Network

__all__ = ["EXIM", "Servers"]

ROOT = Path(__file__).resolve().parents[2]
EXIM = "eximledger_chaincode.contracts:exim"
SECONDS = 30.0
WORKERS = {"safe": "2"}
"""One process or several makes no difference to an answer: SAFE's peers endorse beside everybody else's."""


class Servers:
    """The running servers by organisation; `run` replaces one, as a hostile operator would replace its own."""

    def __init__(self, network: Network, logs: Path) -> None:
        self._network = network
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def run_all(self, factory: str = EXIM) -> None:
        for settings in sorted(self._network.layout.chaincode.glob("*.env")):
            self.run(settings.stem, factory)

    def run(self, organization: str, factory: str) -> None:
        """Start an organisation's server with this chaincode, in place of the one that runs; wait until it listens."""
        self.stop(organization)
        settings = self.settings(organization)
        package = str(Path(eximledger_chaincode.__file__).parents[1])
        environment = {
            **os.environ,
            **settings,
            "CHAINCODE_FACTORY": factory,
            "CHAINCODE_WORKERS": os.environ.get("CHAINCODE_WORKERS") or WORKERS.get(organization, "1"),
            "PYTHONPATH": os.pathsep.join([package, str(ROOT), os.environ.get("PYTHONPATH", "")]),
        }
        with (self._logs / f"{organization}.log").open("ab") as log:
            self._running[organization] = subprocess.Popen(
                [sys.executable, "-m", "eximledger_chaincode"], env=environment, stderr=log, cwd=ROOT
            )
        self._wait(organization, int(settings["CHAINCODE_SERVER_ADDRESS"].rpartition(":")[2]))

    def settings(self, organization: str) -> dict[str, str]:
        text = (self._network.layout.chaincode / f"{organization}.env").read_text()
        return dict(line.split("=", 1) for line in text.splitlines())

    def log(self, organization: str) -> str:
        return (self._logs / f"{organization}.log").read_text()

    def process(self, organization: str) -> subprocess.Popen[bytes]:
        return self._running[organization]

    def stop(self, organization: str) -> None:
        process = self._running.pop(organization, None)
        if process is not None:
            process.terminate()
            process.wait(SECONDS)

    def stop_all(self) -> None:
        for organization in list(self._running):
            self.stop(organization)

    def _wait(self, organization: str, port: int) -> None:
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                assert self._running[organization].poll() is None, self.log(organization)
                assert time.monotonic() < deadline, f"{organization}'s chaincode server does not listen"
                time.sleep(0.05)
