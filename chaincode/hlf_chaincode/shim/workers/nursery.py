"""`python -m hlf_chaincode.shim.workers.nursery FD PLAN`: loads a chaincode once and forks the workers that run it.

The server must not fork: it has gRPC and threads. This process has neither, so its forks are sound, start within
milliseconds and share what it has loaded. It ends with the server, and so do the workers.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from struct import Struct
from typing import Final

from hlf_chaincode.contract import Chaincode
from hlf_chaincode.errors import FabricError
from hlf_chaincode.limits import Limits
from hlf_chaincode.shim.factory import chaincode_from
from hlf_chaincode.shim.workers.process import run

__all__ = ["ENDED", "FORK", "FORKED", "KILL", "REPORT", "REQUEST", "main"]

REQUEST: Final = Struct("<BI")
"""FORK, with one end of a socket pair beside it, or KILL; the process to kill."""
REPORT: Final = Struct("<BIi")
"""FORKED or ENDED; the process; with ENDED its exit code, or minus the signal that ended it."""
FORK, KILL = 1, 2
FORKED, ENDED = 3, 4

_LAST_SECONDS: Final = 2.0
"""How long workers may take to end when the server has gone."""


class _Nursery:
    def __init__(self, control: socket.socket, chaincode: Chaincode, limits: Limits, level: int) -> None:
        self._control = control
        self._chaincode = chaincode
        self._limits = limits
        self._level = level
        self._alive: set[int] = set()

    def serve(self) -> None:
        """Until the server closes the control socket."""
        woken, waker = os.pipe()
        os.set_blocking(waker, False)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # a handler of Python's, so that the pipe is written to
        for number in (signal.SIGINT, signal.SIGTERM):  # they reach the whole group; the server ends in order
            signal.signal(number, signal.SIG_IGN)
        while True:
            readable, _, _ = select.select([self._control.fileno(), woken], [], [])
            if woken in readable:
                os.read(woken, 4096)
                self._reap()
            if self._control.fileno() in readable and not self._obey():
                break
        self._end()

    def _obey(self) -> bool:
        """Do what the server asks; False when it has gone."""
        data, descriptors, _, _ = socket.recv_fds(self._control, REQUEST.size, 1)
        if len(data) < REQUEST.size:
            return False
        what, process = REQUEST.unpack(data)
        if what == FORK:
            with socket.socket(fileno=descriptors[0]) as connection:
                self._fork(connection)
        elif process in self._alive:  # it may have ended since, and its number gone to another
            os.kill(process, signal.SIGKILL)
        return True

    def _fork(self, connection: socket.socket) -> None:
        process = os.fork()
        if process == 0:
            status = 1
            try:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                self._control.close()
                run(connection, self._chaincode, self._limits, self._level)
                status = 0
            except (ConnectionError, KeyboardInterrupt):
                pass  # the server has gone
            finally:
                os._exit(status)
        self._alive.add(process)
        self._control.sendall(REPORT.pack(FORKED, process, 0))

    def _reap(self, *, report: bool = True) -> None:
        while self._alive:
            process, status = os.waitpid(-1, os.WNOHANG)
            if not process:
                break
            self._alive.discard(process)
            if report:
                self._control.sendall(REPORT.pack(ENDED, process, os.waitstatus_to_exitcode(status)))

    def _end(self) -> None:
        deadline = time.monotonic() + _LAST_SECONDS
        while self._alive and time.monotonic() < deadline:
            self._reap(report=False)
            time.sleep(0.01)
        for process in self._alive:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def main() -> int:
    descriptor, text = sys.argv[1:]
    plan = json.loads(text)
    with socket.socket(fileno=int(descriptor)) as control:
        try:
            chaincode = chaincode_from(plan["factory"])
            chaincode.debug = plan["debug"] or chaincode.debug
        except FabricError as error:
            print(error.message, file=sys.stderr)  # noqa: T201 - the server can only tell that it failed
            return 1
        gc.collect()
        gc.freeze()  # what is loaded stays, and its pages stay shared
        with suppress(ConnectionError):  # the server has gone
            _Nursery(control, chaincode, Limits(**plan["limits"]), plan["level"]).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
