"""A worker: one thread that takes a frame, does one turn of a contract, and sends what came of it."""

from __future__ import annotations

import json
import logging
import socket
from typing import Final

from hlf_chaincode.contract import Chaincode
from hlf_chaincode.limits import Limits
from hlf_chaincode.protos.peer.chaincode_shim_pb2 import ChaincodeMessage
from hlf_chaincode.shim.logs import portable
from hlf_chaincode.shim.stream.answers import Step
from hlf_chaincode.shim.stream.watchdog import Watchdog
from hlf_chaincode.shim.stream.work import Work
from hlf_chaincode.shim.workers.frames import (
    ABORT,
    BEGIN,
    HEADER,
    LOG,
    NOTHING,
    READY,
    REFUSAL,
    STEP,
    Frame,
    abilities_of,
    framed,
)

__all__ = ["run", "turn"]

_LONGEST: Final = 1000
"""Records that one turn may log; further ones are left out."""
_BUFFER: Final = 256 * 1024


def run(connection: socket.socket, chaincode: Chaincode, limits: Limits, level: int) -> None:
    """Serve until the server closes the connection. On the main thread, for the watch over contracts."""
    records = _Records()
    logging.basicConfig(level=level, handlers=[records], force=True)
    watchdog = Watchdog(limits.turn_seconds)
    work = Work[int](chaincode, limits, watchdog)
    connection.sendall(framed(READY))
    with watchdog.watching(), connection.makefile("rb", _BUFFER) as incoming:
        while len(header := incoming.read(HEADER.size)) == HEADER.size:
            length, kind, number, status = HEADER.unpack(header)
            answer = turn(work, Frame(kind, number, status, incoming.read(length)))
            connection.sendall(b"".join(records.taken()) + answer)


def turn(work: Work[int], frame: Frame) -> bytes:
    if frame.kind == ABORT:
        work.abort(frame.number)
        return b""
    step: Step | None
    if frame.kind == BEGIN:
        abilities, message = abilities_of(frame.body)
        step = work.begin(frame.number, ChaincodeMessage.FromString(message), abilities)
    else:
        step = work.go_on(frame.number, frame.body, refused=frame.kind == REFUSAL)
    if step is None:
        return framed(NOTHING, frame.number)
    return framed(STEP, frame.number, step.data, step.status or 0)


class _Records(logging.Handler):
    """Keeps what is logged in a turn until it is over: a turn may be interrupted anywhere, a frame may not."""

    def __init__(self) -> None:
        super().__init__()
        self._frames: list[bytes] = []

    def emit(self, record: logging.LogRecord) -> None:
        if len(self._frames) < _LONGEST:
            self._frames.append(framed(LOG, body=json.dumps(portable(record)).encode()))

    def taken(self) -> list[bytes]:
        taken, self._frames = self._frames, []
        return taken
