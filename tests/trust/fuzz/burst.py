"""`python -m tests.trust.fuzz.burst SECONDS NAME...`: bombs, each read in a process that has little to spend.

The process is ended by the kernel when it uses more CPU or memory than it may. One line of JSON for each bomb. Without
arguments each line of standard input is such arguments: what all readers import is imported once.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from tests.trust.fuzz.bombs import BOMBS, LARGEST, Bomb
from tests.trust.fuzz.campaign import limited_memory

from hlf_client.errors import FabricError

MEMORY: Final = 200 << 20
_KNOWN: Final = {**BOMBS, **{f"largest-{name}": bomb for name, bomb in LARGEST.items()}}


def main(seconds: float, names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            bomb, path = _KNOWN[name], Path(folder) / name
            os.waitpid(_forked(partial(_make, bomb, path)), 0)
            size = path.stat().st_size
            reading, writing = os.pipe()
            process = _forked(partial(_read, bomb, path, seconds, writing))
            os.close(writing)
            with os.fdopen(reading) as said:
                answer = said.read()
            _, status = os.waitpid(process, 0)
            found = json.loads(answer) if answer else {"ended": os.waitstatus_to_exitcode(status)}
            print(json.dumps({"name": name, "size": size, **found}), flush=True)  # noqa: T201
            path.unlink()


def _forked(work: Callable[[], None]) -> int:
    """The id of a process that does the work and ends."""
    process = os.fork()
    if process == 0:
        try:
            work()
        finally:
            os._exit(0)
    return process


def _make(bomb: Bomb, path: Path) -> None:
    path.write_bytes(bomb[1]())


def _read(bomb: Bomb, path: Path, seconds: float, out: int) -> None:
    before = _resident()
    limited_memory(MEMORY)
    signal.setitimer(signal.ITIMER_PROF, seconds)  # of CPU; its signal ends the process
    began = time.process_time()
    try:
        bomb[0](path)
        answer = "read"
    except FabricError as error:
        answer = f"{type(error).__name__}: {error.message:.150}"
    except BaseException as error:
        answer = f"!{type(error).__name__}"
    spent = time.process_time() - began
    signal.setitimer(signal.ITIMER_PROF, 0)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    os.write(out, json.dumps({"answer": answer, "seconds": round(spent, 3), "memory": memory}).encode())


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    for given in [sys.argv[1:]] if sys.argv[1:] else map(str.split, sys.stdin):
        main(float(given[0]), given[1:] or list(_KNOWN))
