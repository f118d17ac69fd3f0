"""`python -m bench.network.idle`: what an unused network takes, with our gossip intervals and with Fabric's own.

Both in one run on one network: its peers are made anew with the other intervals, all else stays. The processor time is
what the engine counts for each container, so another load on the machine changes it little.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from bench.network.__main__ import IMAGES, _chaincode_image, _consortium

from eximledger_network import default_consortium
from hlf_network.consortium import Consortium
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.testing import missing_for

FABRICS_OWN: Final = {
    "CORE_PEER_GOSSIP_PUBLISHSTATEINFOINTERVAL": "4s",
    "CORE_PEER_GOSSIP_ALIVETIMEINTERVAL": "5s",
    "CORE_PEER_GOSSIP_ALIVEEXPIRATIONTIMEOUT": "25s",
    "CORE_PEER_GOSSIP_RECONNECTINTERVAL": "25s",
    "CORE_PEER_GOSSIP_MEMBERSHIPTRACKERINTERVAL": "5s",
}
"""As Fabric's core.yaml has them."""
WAYS: Final[Mapping[str, Mapping[str, str]]] = {"ours": {}, "Fabric's own": FABRICS_OWN}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.network.idle")
    parser.add_argument("--seconds", type=float, default=25)
    parser.add_argument("--rest", type=float, default=12)
    options = parser.parse_args()
    engine = Engine.connect(IMAGES)
    try:
        with (
            _chaincode_image(engine, _consortium(default_consortium().fabric, bft=False)) as ready,
            tempfile.TemporaryDirectory() as folder,
        ):
            if reason := missing_for(ready):
                print(f"cannot run here: {reason}", file=sys.stderr)
                return 1
            for name, taken in _measured(ready, Path(folder) / "network", options.rest, options.seconds):
                print(json.dumps({name: taken}), flush=True)
    finally:
        engine.close()
    return 0


def _measured(
    consortium: Consortium, folder: Path, rest: float, seconds: float
) -> Iterator[tuple[str, dict[str, float]]]:
    """By way, hundredths of a core by kind of node, and of all."""
    try:
        for name, environment in WAYS.items():
            network = Network(_with(consortium, environment), folder=folder)
            network.up()
            time.sleep(rest)
            yield name, _taken(consortium.name, seconds)
    finally:
        Network(consortium, folder=folder).down(purge=True)


def _with(consortium: Consortium, environment: Mapping[str, str]) -> Consortium:
    organizations = tuple(
        owner.model_copy(
            update={
                "peers": tuple(
                    peer.model_copy(update={"environment": {**peer.environment, **environment}}) for peer in owner.peers
                )
            }
        )
        for owner in consortium.organizations
    )
    return consortium.model_copy(update={"organizations": organizations})


def _taken(network: str, seconds: float) -> dict[str, float]:
    engine = Engine.connect(network)
    try:
        kinds = {state.name: state.kind for state in engine.containers()}
        before, began = _used(engine, kinds), time.monotonic()
        time.sleep(seconds)
        after, passed = _used(engine, kinds), time.monotonic() - began
    finally:
        engine.close()
    taken = dict.fromkeys(sorted(set(kinds.values())), 0.0)
    for name, kind in kinds.items():
        taken[kind] += 100 * (after[name] - before[name]) / passed
    return {**{kind: round(value, 2) for kind, value in taken.items()}, "all": round(sum(taken.values()), 2)}


def _used(engine: Engine, names: Mapping[str, str]) -> dict[str, float]:
    """Processor seconds so far, by container."""
    used = {}
    for name in names:
        stats = engine.client.api.stats(name, stream=False, one_shot=True)
        used[name] = stats["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9
    return used


if __name__ == "__main__":
    sys.exit(main())
