"""`python -m tests.trust.fuzz`: the long run, or one input again.

python -m tests.trust.fuzz --inputs 1000000 --seed 1      every target, inputs by their shares
python -m tests.trust.fuzz --replay FILE --target json    one input, with its traceback
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Final

from tests.trust.fuzz.campaign import Outcome, campaign, failure_of, limited_memory
from tests.trust.fuzz.targets import TARGETS, Target

BY_NAME: Final = {target.name: target for target in TARGETS}
MEMORY: Final = 1 << 30
"""Bytes by which a run may grow, over all of its inputs."""
PART: Final = 20_000
"""Inputs of one task, so that two processes end at about the same time."""


def main() -> int:
    options = _parser().parse_args()
    if options.replay:
        return _replay(BY_NAME[options.target[0]], options.replay.read_bytes())
    started, failed, total = time.perf_counter(), 0, 0
    sums: dict[str, Outcome] = {}
    chosen = [BY_NAME[name] for name in options.target] or list(TARGETS)
    with ProcessPoolExecutor(options.processes, initializer=_begin) as pool:
        tasks = [pool.submit(_part, *each, options.failures) for each in _parts(chosen, options.inputs, options.seed)]
        for task in as_completed(tasks):
            name, outcome, lines = task.result()
            _add(sums.setdefault(name, Outcome()), outcome)
            failed += len(lines)
            for line in lines:
                _say(line)
    for name, outcome in sorted(sums.items()):
        total += outcome.inputs
        refused = ", ".join(f"{count} {kind}" for kind, count in outcome.refused.most_common())
        _say(f"{name:14}{outcome.inputs:>9} inputs, {outcome.read} read, {refused or 'none refused'}")
    seconds = time.perf_counter() - started
    _say(f"{total} inputs in {seconds:.0f} s ({total / seconds:.0f}/s), seed {options.seed}, {failed} failures")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.trust.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--target", action="append", choices=sorted(BY_NAME), default=[])
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--failures", type=Path, default=Path("fuzz-failures"), help="folder for inputs that fail")
    parser.add_argument("--replay", type=Path, help="a file with one input; needs --target")
    return parser


def _parts(chosen: list[Target], inputs: int, seed: int) -> list[tuple[str, int, int]]:
    """Target, seed and number of inputs of each task."""
    shares = sum(target.share for target in chosen)
    parts: list[tuple[str, int, int]] = []
    for target in chosen:
        left, number = -(-inputs * target.share // shares), 0
        while left > 0:
            parts.append((target.name, seed + number, min(PART, left)))
            left, number = left - PART, number + 1
    return sorted(parts, key=lambda part: (part[1], part[0]))


def _begin() -> None:
    logging.disable(logging.CRITICAL)
    limited_memory(MEMORY)


def _part(name: str, seed: int, inputs: int, folder: Path) -> tuple[str, Outcome, list[str]]:
    outcome = campaign(BY_NAME[name], seed=seed, inputs=inputs, folder=folder)
    lines = [str(failure) for failure in outcome.failures]
    outcome.failures.clear()  # an error may not be one that travels between processes
    return name, outcome, lines


def _add(total: Outcome, part: Outcome) -> None:
    total.inputs += part.inputs
    total.read += part.read
    total.refused += part.refused


def _replay(target: Target, data: bytes) -> int:
    logging.basicConfig(level=logging.ERROR)
    error = failure_of(target, data)
    if error is not None:
        raise error
    _say(f"{target.name} takes it or refuses it as it should")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
