"""The programs that are measured: ours, and the official SDKs' where what builds them is at hand."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["OURS", "Client", "Sample", "clients_at_hand"]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
OURS, OLDER_IO, GO, NODE = "eximledger", "ours, older I/O", "official Go", "official Node"
OLDER_LOOP = {"GRPC_EXPERIMENTS": "-event_engine_listener,-event_engine_client"}
"""What the chaincode server chooses (docs/decisions/0007); whether it helps a client, too, is measured here."""
SECONDS = 120
"""After so long a client counts as hanging."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one client did under one load; seconds and CPU are those of the timed part, warm-up excluded."""

    operations: int
    seconds: float
    cpu: float
    failures: int

    @property
    def per_second(self) -> float:
        return self.operations / self.seconds

    @property
    def cpu_ms(self) -> float:
        return 1000 * self.cpu / self.operations


@dataclass(frozen=True, slots=True)
class Client:
    """A program that takes CONNECTION CALL IN_FLIGHT COUNT WARM_UP and prints a sample as JSON."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, connection: Path, call: str, in_flight: int, count: int, warm_up: int) -> Sample:
        """Raises CalledProcessError when it fails, TimeoutExpired when it hangs."""
        arguments = [str(connection), call, *map(str, (in_flight, count, warm_up))]
        command = [*self.command, *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**_environment(), **self.environment},
            stdout=subprocess.PIPE,
            check=True,
            timeout=SECONDS,
        )
        return Sample(**json.loads(done.stdout))


def clients_at_hand(folder: Path) -> tuple[list[Client], Mapping[str, str]]:
    """The clients, built into `folder` where they are compiled; and the reason for each that is not at hand."""
    ours = (sys.executable, "-m", "bench.sdk.client")
    clients, missing = [Client(OURS, ours), Client(OLDER_IO, ours, OLDER_LOOP)], {}
    go = folder / "go-client"
    for name, tool, build, command in (
        (GO, "go", ["go", "build", "-o", str(go), "."], (str(go),)),
        (NODE, "node", ["npm", "ci", "--silent"], ("node", str(HERE / "node" / "main.js"))),
    ):
        if reason := _built(build, HERE / tool):
            missing[name] = reason
        else:
            clients.append(Client(name, command))
    return clients, missing


def _built(build: Sequence[str], folder: Path) -> str | None:
    """Run a build; why it failed, None when it did not."""
    if shutil.which(build[0]) is None:
        return f"there is no `{build[0]}` on this machine"
    done = subprocess.run(build, check=False, cwd=folder, capture_output=True, text=True)
    if done.returncode == 0:
        return None
    words = (done.stderr or done.stdout).strip().splitlines()
    return f"`{' '.join(build[:2])}` fails: {words[-1] if words else done.returncode}"


def _environment() -> Mapping[str, str]:
    """This process's, without proxies: the peer is on this machine, and not every client's rules for them are alike."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
