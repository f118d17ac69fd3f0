"""The ceiling: the official Go SDK with as many transactions of the same sizes, and a contract without rules."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from bench.scale.contract import POOL
from bench.scale.figures import CeilingRun, Latency
from bench.scale.stage import Stage
from bench.scale.steps import Step
from bench.scale.usage import spent

__all__ = ["Ceiling", "built"]

_SECONDS: Final = 900
_BANKS: Final = (("eximbank", "EximbankMSP"), ("tradebank", "TradebankMSP"))
_ENDORSERS: Final = {
    ("bank", ""): ("{msp}", "SafeMSP"),
    ("bank", "papers-{msp}"): ("{msp}", "SafeMSP"),
    ("bank", "shared-{msp}"): ("SafeMSP",),
    ("bank", "matching"): ("SafeMSP",),
    ("customs", ""): ("CustomsMSP",),
    ("customs", "declarations"): ("CustomsMSP",),
    ("customs", "shared-{msp}"): ("CustomsMSP",),
    ("fx", ""): ("SafeMSP",),
    ("fx", "receipts"): ("SafeMSP",),
    ("fx", "shared-{msp}"): ("SafeMSP",),
}


def built(folder: Path) -> Path:
    """The Go client. Raises CalledProcessError where it cannot be built, FileNotFoundError without Go."""
    path = folder / "ceiling"
    subprocess.run(["go", "build", "-o", str(path), "."], cwd=Path(__file__).parent / "go", check=True)
    return path


@dataclass
class Ceiling:
    """Runs plans of steps on the stage."""

    stage: Stage
    client: Path
    _filled: set[tuple[str, str]] = field(default_factory=set)
    _runs: int = 0

    async def fill(self, steps: Sequence[Step]) -> None:
        """Write what steps read: 64 keys of each collection, of the mean size that is read there."""
        sizes: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for each in (reads for step in steps for reads in step.reads):
            sizes.setdefault((each.channel, each.collection), []).append((each.size, each.found))
        for where, found in sizes.items():
            keys = sum(count for _, count in found)
            size = max(1, sum(size for size, _ in found) // max(1, keys))
            if where not in self._filled:
                self._filled.add(where)
                await self._write(*where, size)

    async def _write(self, channel: str, collection: str, size: int) -> None:
        for member, msp in _BANKS:
            step = {
                "reads": [], "place": 0, "key": "pool", "answer": 8,
                "writes": [{"collection": collection.replace("{msp}", msp), "keys": POOL, "size": POOL * size}],
            }  # fmt: skip
            endorsers = [name.replace("{msp}", msp) for name in _ENDORSERS[channel, collection]]
            await self.stage.connect(f"{member}/maker").submit(
                channel,
                "bytes:run",
                transient={"step": json.dumps(step).encode(), "seed": bytes(range(32))},
                endorsing_organizations=endorsers,
            )
            if "{msp}" not in collection:
                return

    async def run(
        self,
        of: str,
        steps: Sequence[Step],
        *,
        workers: int,
        sequences: int,
        items: int = 1,
        reads: bool = True,
        among: int = 0,
    ) -> CeilingRun:
        """So many sequences of the steps; by both banks in turn, or by customs where it is declarations. `among` so
        many declarations, which is noted."""
        await self.fill(steps)
        await self.stage.settle("customs", "fx", "bank")
        taken = steps if reads else [replace(step, reads=()) for step in steps]
        cpu = self.stage.usage.cpu()
        done = await self._driven(of, taken, workers, sequences)
        used = spent(cpu, self.stage.usage.cpu())
        return CeilingRun(
            of=of,
            transactions=len(steps),
            workers=workers,
            sequences=int(done["finished"]),
            seconds=round(done["seconds"], 3),
            failures=int(done["failures"]),
            transaction=Latency.of(done["times"]),
            cpu=used | {"client": round(float(done["cpu"]), 3)},
            items=items,
            has_reads=reads,
            among=among,
        )

    async def _driven(self, of: str, steps: Sequence[Step], workers: int, sequences: int) -> dict[str, Any]:
        self._runs += 1
        who = [("customs", "officer")] if of == "filing" else [(member, "maker") for member, _ in _BANKS]
        plan = {
            "Chaincode": "exim",
            "Run": f"{of}-{self._runs}",
            "Who": [self.stage.who(*each) for each in who],
            "Steps": [step.body() for step in steps],
            "Workers": workers,
            "Sequences": sequences,
        }
        path = self.stage.folder / f"plan-{self._runs}.json"
        path.write_text(json.dumps(plan))
        process = await asyncio.create_subprocess_exec(self.client, path, stdout=subprocess.PIPE)
        output, _ = await asyncio.wait_for(process.communicate(), _SECONDS)
        assert process.returncode == 0, f"the ceiling's client ended with {process.returncode}"
        found: dict[str, Any] = json.loads(output)
        return found
