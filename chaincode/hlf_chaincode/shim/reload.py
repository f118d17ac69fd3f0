"""Run the server in a process of its own, and start it again whenever a source file changes."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Final

__all__ = ["run_reloading"]

_log = logging.getLogger("hlf_chaincode")

_SECONDS: Final = 0.5
"""How often the sources are looked at."""
_STOP_SECONDS: Final = 30.0


def run_reloading(arguments: Sequence[str], folders: Iterable[Path]) -> int:
    """Serve until SIGTERM or SIGINT; always 0. Watched are the *.py files in `folders` and below.

    A server that ends by itself is started again with the next change.
    """
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    folders = tuple(folders)
    stopped = threading.Event()

    def stop(_signum: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    command = [sys.executable, "-m", "hlf_chaincode", *arguments]
    while not stopped.is_set():
        before = _state(folders)
        server = subprocess.Popen(command)  # noqa: S603 - this very program
        while not stopped.wait(_SECONDS) and _state(folders) == before:
            pass
        _end(server)
        if not stopped.is_set():
            _log.info("the source has changed: starting again")
    return 0


def _state(folders: Iterable[Path]) -> Mapping[Path, int]:
    """Each source file's time of change; one that vanishes meanwhile is left out."""
    state = {}
    for path in (path for folder in folders for path in folder.rglob("*.py")):
        try:
            state[path] = path.stat().st_mtime_ns
        except FileNotFoundError:
            continue
    return state


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.terminate()
    try:
        server.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
