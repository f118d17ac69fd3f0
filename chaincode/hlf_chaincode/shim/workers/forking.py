"""The server's side of the nursery: asks it for workers and hears how they ended."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections import deque
from contextlib import suppress
from dataclasses import asdict
from typing import Final

from hlf_chaincode.errors import FabricError
from hlf_chaincode.limits import Limits
from hlf_chaincode.shim.workers.nursery import ENDED, FORK, KILL, REPORT, REQUEST

__all__ = ["Forking"]

_log = logging.getLogger("hlf_chaincode")

_SECONDS: Final = 5.0
"""How long the nursery may take to end; it gives the workers less."""


class Forking:
    """One nursery, started at once and anew when it has gone. Belongs to the event loop that made it."""

    def __init__(self, factory: str, limits: Limits, *, debug: bool = False) -> None:
        level = logging.getLogger("hlf_chaincode").getEffectiveLevel()
        self._plan = json.dumps({"factory": factory, "debug": debug, "limits": asdict(limits), "level": level})
        self._asked: deque[asyncio.Future[int]] = deque()
        self._control: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    async def fork(self) -> tuple[int, socket.socket]:
        """A new worker: its process, and our end of its connection. Raises `FabricError` when none can be had."""
        control = self._control or self._start()
        ours, theirs = socket.socketpair()
        asked: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        try:
            with theirs:
                socket.send_fds(control, [REQUEST.pack(FORK, 0)], [theirs.fileno()])
            self._asked.append(asked)
            process = await asked
        except (OSError, FabricError):
            ours.close()
            raise FabricError("no worker can be started: its last words are on standard error") from None
        except asyncio.CancelledError:
            ours.close()
            raise
        ours.setblocking(False)
        return process, ours

    def kill(self, process: int) -> None:
        """By the nursery, which knows what still is its child; by ourselves where it has gone."""
        if self._control is not None:
            self._control.sendall(REQUEST.pack(KILL, process))
            return
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    async def close(self) -> None:
        """After the workers' connections have been closed."""
        process = self._process
        self._disconnect()
        if process is not None:
            await asyncio.to_thread(_wait, process)

    def _start(self) -> socket.socket:
        if self._process is not None:
            self._process.wait()  # it has closed its end: it is gone, or about to
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-m", "hlf_chaincode.shim.workers.nursery", str(theirs.fileno()), self._plan]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - a module of ours
                command, pass_fds=[theirs.fileno()], env=environment
            )
        self._control = ours
        asyncio.get_running_loop().add_reader(ours, self._read)
        return ours

    def _read(self) -> None:
        """One report."""
        assert self._control is not None  # noqa: S101 - else nobody reads
        try:
            data = self._control.recv(REPORT.size, socket.MSG_WAITALL)
        except ConnectionError:
            data = b""
        if len(data) < REPORT.size:
            self._disconnect()
            return
        what, process, status = REPORT.unpack(data)
        if what == ENDED:
            _log.warning("worker %d has ended: %s", process, f"signal {-status}" if status < 0 else f"code {status}")
        else:
            asked = self._asked.popleft()
            if not asked.done():  # it was given up
                asked.set_result(process)

    def _disconnect(self) -> None:
        if self._control is None:
            return
        asyncio.get_running_loop().remove_reader(self._control)
        self._control.close()
        self._control = None
        while self._asked:
            asked = self._asked.popleft()
            if not asked.done():
                asked.set_exception(FabricError("the nursery has ended"))


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
