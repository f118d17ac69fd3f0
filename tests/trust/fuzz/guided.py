"""`python -m tests.trust.fuzz.guided`: the same targets, guided by what inputs reach. `make fuzz-coverage` runs it.

Each target has a process of its own (`libfuzzer`), which ends at its first failure; the others go on. What took a new
branch is kept in `fuzz-corpus/`, where the next run begins.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tests.trust.fuzz.mutation import LARGEST
from tests.trust.fuzz.targets import TARGETS

__all__ = ["Reached", "reached"]

HANGS: Final = 60
"""Seconds after which libFuzzer ends an input that Python cannot: C code that takes no signal."""

_COVERAGE: Final = re.compile(r"^#\d+\s+(?!pulse)\w+\s+cov: (\d+) ft: (\d+) corp: (\d+)/", re.MULTILINE)
_EXECUTED: Final = re.compile(r"^stat::number_of_executed_units: (\d+)$", re.MULTILINE)
_RAISED: Final = re.compile(r"=== Uncaught Python exception: ===\n(.*)")
_ENDED: Final = re.compile(r"^SUMMARY: libFuzzer: (.*)$", re.MULTILINE)
_INPUT: Final = re.compile(r"Test unit written to (\S+)")


@dataclass(frozen=True, slots=True)
class Reached:
    """What a target's process came to. Edges and features as libFuzzer counts them: with the inputs that it began with,
    and at the end."""

    target: str
    inputs: int
    edges: tuple[int, int]
    features: tuple[int, int]
    corpus: int
    failure: str | None
    """What the target did wrong, and the file of the input."""

    def __str__(self) -> str:
        edges, features = ("{} -> {}".format(*counted) for counted in (self.edges, self.features))
        line = f"{self.target:14}{self.inputs:>9} inputs, edges {edges}, features {features}, {self.corpus} kept"
        return line if self.failure is None else f"{line}\n{self.target}: {self.failure}"


def reached(target: str, said: str, code: int) -> Reached:
    """What libFuzzer has printed, read."""
    coverage = [tuple(map(int, found)) for found in _COVERAGE.findall(said)] or [(0, 0, 0)]
    (edges, features, _), (most_edges, most_features, corpus) = coverage[0], coverage[-1]
    executed = _EXECUTED.search(said)
    return Reached(
        target,
        int(executed[1]) if executed else 0,
        (edges, most_edges),
        (features, most_features),
        corpus,
        _failure(said) if code else None,
    )


def _failure(said: str) -> str:
    error, file = _RAISED.search(said) or _ENDED.search(said), _INPUT.search(said)
    if error is None or file is None:
        return "its process ended:\n" + "\n".join(said.splitlines()[-20:])
    return f"{error[1]:.200}\n  input: {file[1]}"


def main() -> int:
    options = _parser().parse_args()
    if find_spec("atheris") is None:
        sys.exit("atheris is not installed here: `make fuzz-coverage` makes an environment that has it")
    options.failures.mkdir(parents=True, exist_ok=True)
    fuzz = partial(_fuzz, seconds=options.seconds, corpora=options.corpus, failures=options.failures)
    failed = 0
    with ThreadPoolExecutor(options.processes) as pool:
        for found in pool.map(fuzz, options.target or [target.name for target in TARGETS]):
            failed += found.failure is not None
            sys.stdout.write(f"{found}\n")
            sys.stdout.flush()
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.trust.fuzz.guided", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--target", action="append", choices=sorted(target.name for target in TARGETS), default=[])
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--corpus", type=Path, default=Path("fuzz-corpus"), help="folder for inputs that reach more")
    parser.add_argument("--failures", type=Path, default=Path("fuzz-failures"), help="folder for inputs that fail")
    return parser


def _fuzz(target: str, *, seconds: int, corpora: Path, failures: Path) -> Reached:
    corpus = corpora / target
    corpus.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as seeds:
        command = [
            sys.executable, "-W", "ignore", "-m", "tests.trust.fuzz.libfuzzer", target, seeds, str(corpus),
            f"-max_total_time={seconds}", f"-max_len={LARGEST}", f"-timeout={HANGS}", "-print_final_stats=1",
            "-mutate_depth=1",  # a change of ours is some steps already
            f"-artifact_prefix={failures}/{target}-",
        ]  # fmt: skip
        process = subprocess.run(command, stderr=subprocess.STDOUT, stdout=subprocess.PIPE, check=False)
    return reached(target, process.stdout.decode(errors="replace"), process.returncode)


if __name__ == "__main__":
    sys.exit(main())
