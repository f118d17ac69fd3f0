"""CPU by part: this client, the chaincode servers on this host, peers and orderers in their containers; and disks."""

from __future__ import annotations

import os
import resource
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hlf_network.engine.docker import Engine

__all__ = ["CPU_OF", "LEDGER", "Usage", "growth", "spent", "whole"]

CPU_OF: Final = ("client", "chaincode", "peers", "orderers")
LEDGER: Final = "/var/hyperledger/production/ledgersData"
_DISK: Final = {
    "blocks": ("chains/chains",),
    "block index": ("chains/index",),
    "state": ("stateLeveldb",),
    "history": ("historyLeveldb",),
    "private": ("pvtdataStore",),
}
"""Parts of a peer's ledger by their folders: `state` holds public state, private state and private hashes."""
_TICK: Final = os.sysconf("SC_CLK_TCK")
_NANOSECONDS: Final = 1e9


@dataclass(frozen=True, slots=True)
class Usage:
    """Of one running network."""

    engine: Engine
    servers: Mapping[str, int]
    """The chaincode servers' processes by organisation."""

    def cpu(self) -> dict[str, float]:
        """Seconds of a core that each part has used so far, and each organisation's node of it (`peers safe`); a client
        that has ended is counted, too."""
        found = defaultdict[str, float](float, dict.fromkeys(CPU_OF, 0.0))
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
            own = resource.getrusage(who)
            found["client"] += own.ru_utime + own.ru_stime
        parents = _parents()
        for owner, process in self.servers.items():
            used = sum(_seconds_of(each) for each in (process, *_below(process, parents)))
            found["chaincode"] += used
            found[f"chaincode {owner}"] += used
        for state in self.engine.containers():
            if state.kind in {"peer", "orderer"} and state.status == "running":
                told = self.engine.client.api.stats(state.name, stream=False, one_shot=True)
                seconds = told["cpu_stats"]["cpu_usage"]["total_usage"] / _NANOSECONDS
                found[f"{state.kind}s"] += seconds
                found[f"{state.kind}s {state.organization}"] += seconds
        return dict(found)

    def disk(self) -> dict[str, dict[str, int]]:
        """Bytes of each peer's ledger, by organisation and part."""
        found = {}
        for state in self.engine.containers():
            if state.kind == "peer" and state.status == "running":
                found[state.organization] = self._disk_of(state.name)
        return found

    def _disk_of(self, container: str) -> dict[str, int]:
        paths = [f"{LEDGER}/{each}" for folders in _DISK.values() for each in folders]
        peer = self.engine.client.containers.get(container)
        output = peer.exec_run(["du", "-s", "--block-size=1", *paths]).output
        assert isinstance(output, bytes)
        sizes = {}
        for line in output.decode().splitlines():
            size, _, path = line.partition("\t")
            if size.isdigit():
                sizes[path.removeprefix(f"{LEDGER}/")] = int(size)
        return {part: sum(sizes.get(each, 0) for each in folders) for part, folders in _DISK.items()}


def spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Seconds of CPU between two readings."""
    return {part: round(after[part] - before.get(part, 0.0), 3) for part in after}


def whole(used: Mapping[str, float]) -> float:
    """Of all parts together."""
    return sum(used.get(part, 0.0) for part in CPU_OF)


def growth(
    before: Mapping[str, Mapping[str, int]], after: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, int]]:
    """What each peer's parts grew by. LevelDB gives room back as it compacts: a part may have shrunk."""
    return {
        peer: {part: size - before.get(peer, {}).get(part, 0) for part, size in parts.items()}
        for peer, parts in after.items()
    }


def _seconds_of(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICK


def _parents() -> dict[int, int]:
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                text = (folder / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            found[int(folder.name)] = int(text.rpartition(")")[2].split()[1])
    return found


def _below(process: int, parents: Mapping[int, int]) -> list[int]:
    children = [child for child, parent in parents.items() if parent == process]
    return [each for child in children for each in (child, *_below(child, parents))]
