"""`python -m bench.network`: from nothing to the first committed transaction, step by step.

Beside it, where its scripts and Go binaries are at hand, Fabric's official test network: two organisations, one
orderer, one channel, chaincode as a service. Point TEST_NETWORK at its folder (fabric-samples/test-network, with bin/
and config/ beside it and the images tagged `latest`). Times are wall clock, images present, both from nothing in one
run; the official one ends with its deployed chaincode, ours with a committed transaction.

    python -m bench.network [--runs N] [--bft] [--fabric 2.5.15] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eximledger_network import default_consortium
from hlf_network.consortium import ChaincodeImage, Consensus, Consortium, Orderer, Organization
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.lifecycle.image import ensure_image
from hlf_network.testing import GatewayCaller, missing_for

NAME = "exim-bench"
IMAGES = "exim-bench-images"
"""A name of its own for the image, so that `down --purge` of the network leaves it for the next run."""

OFFICIAL_NAME = "eximbench"


@dataclass(frozen=True, slots=True)
class Run:
    """One start from nothing: seconds for each step, in order, and for all."""

    steps: dict[str, float]

    @property
    def total(self) -> float:
        return sum(self.steps.values())


def main() -> int:
    options = _options()
    consortium = _consortium(options.fabric, bft=options.bft)
    engine = Engine.connect(IMAGES)  # not the network's: a purge between the runs takes what is labelled with it
    try:
        with _chaincode_image(engine, consortium) as ready:
            reason = missing_for(ready)
            if reason:
                print(f"cannot run here: {reason}", file=sys.stderr)
                return 1
            load = os.getloadavg()[0]
            runs = [_measure(ready) for _ in range(options.runs)]
            official = _official(_image_of(ready))
    finally:
        engine.close()
    if options.as_json:
        machine = {"cores": os.cpu_count(), "load_before": round(load, 2)}
        document = {"machine": machine, "runs": [run.steps for run in runs], "official_seconds": official}
        print(json.dumps(document, indent=2))
    else:
        print(f"{os.cpu_count()} cores, load {load:.1f} before the first run")
        _print(consortium, runs, official)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.network")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--fabric", default=default_consortium().fabric)
    parser.add_argument("--bft", action="store_true")
    parser.add_argument("--json", dest="as_json", action="store_true")
    return parser.parse_args()


def _consortium(fabric: str, *, bft: bool) -> Consortium:
    consortium = default_consortium()
    update: dict[str, object] = {"name": NAME, "fabric": fabric}
    if bft:
        notary = Organization(name="notary", role="orderer", orderers=(Orderer(name="orderer0"),))
        update |= {"consensus": Consensus.BFT, "organizations": (*consortium.organizations, notary)}
    return consortium.model_copy(update=update)


@contextmanager
def _chaincode_image(engine: Engine, consortium: Consortium) -> Iterator[Consortium]:
    """The product's own chaincode image, built before the clock starts: images are present in either network."""
    chaincode = consortium.chaincode
    assert chaincode is not None
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        image = ensure_image(engine, IMAGES, chaincode, Path(folder)).name
        print(f"chaincode image ready in {time.perf_counter() - started:.1f} s, not counted", file=sys.stderr)
    named = chaincode.model_copy(update={"image": ChaincodeImage(name=image, command=chaincode.image.command)})
    try:
        yield consortium.model_copy(update={"chaincode": named})
    finally:
        engine.remove_images([image])


def _image_of(consortium: Consortium) -> str:
    assert consortium.chaincode is not None
    assert consortium.chaincode.image.name is not None
    return consortium.chaincode.image.name


def _measure(consortium: Consortium) -> Run:
    """Up and one transaction through the gateway, then everything away. The folder is new each time."""
    with tempfile.TemporaryDirectory() as folder:
        network = Network(consortium, folder=Path(folder) / "network")
        started = time.perf_counter()
        try:
            report = network.up()
            known = {step.title: step.seconds for step in report.steps}
            known["between the steps"] = time.perf_counter() - started - report.seconds
            transaction = time.perf_counter()
            caller = GatewayCaller(network, "safe", "officer")
            caller.submit_when_discovered("customs", "consortium:members")
            known["first transaction"] = time.perf_counter() - transaction
        finally:
            network.down(purge=True)
    return Run(known)


def _official(image: str) -> float | None:
    """The official test network with the same chaincode image, timed the same way; None where it is not at hand."""
    folder = os.environ.get("TEST_NETWORK")
    if not folder:
        return None
    with tempfile.TemporaryDirectory() as source:
        Path(source, "Dockerfile").write_text(
            f'FROM {image}\nENV CHAINCODE_TLS_DISABLED=true\nCMD ["python", "-m", "eximledger_chaincode"]\n'
        )
        commands = [
            ["./network.sh", "up", "createChannel"],
            ["./network.sh", "deployCCAAS", "-ccn", OFFICIAL_NAME, "-ccp", source],
        ]
        started = time.perf_counter()
        try:
            for command in commands:
                subprocess.run(command, cwd=folder, check=True, capture_output=True)
            return time.perf_counter() - started
        finally:
            servers = [f"peer0org{number}_{OFFICIAL_NAME}_ccaas" for number in (1, 2)]
            for command in (
                ["docker", "rm", "--force", *servers],
                ["./network.sh", "down"],
                ["docker", "image", "rm", f"{OFFICIAL_NAME}_ccaas_image"],
            ):
                subprocess.run(command, cwd=folder, check=False, capture_output=True)


def _print(consortium: Consortium, runs: list[Run], official: float | None) -> None:
    totals = sorted(run.total for run in runs)
    total = statistics.median(totals)
    print(
        f"Fabric {consortium.fabric}, {consortium.consensus.value}: {len(consortium.peers)} peers, "
        f"{len(consortium.orderers)} orderers, {len(consortium.channels)} channels; median of {len(runs)}"
    )
    for title in runs[0].steps:
        seconds = statistics.median(run.steps[title] for run in runs)
        print(f"  {title:27} {seconds:6.2f} s  {seconds / total:4.0%}")
    print(f"  {'to the first transaction':27} {total:6.2f} s  ({totals[0]:.2f} to {totals[-1]:.2f})")
    if official is None:
        print("The official test network is not at hand: set TEST_NETWORK to its folder.")
    else:
        print(
            f"official test network, to its deployed chaincode: {official:.2f} s ({official / total:.1f} times as long)"
        )


if __name__ == "__main__":
    sys.exit(main())
