"""What server and worker say to one another over a socket: frames of one header and some bytes.

Every BEGIN, REPLY and REFUSAL is answered by one STEP or NOTHING, in their order: so the server knows which transaction
a worker was at when it died.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from typing import Final

from hlf_chaincode.shim.stream.peer import Abilities

__all__ = [
    "ABORT", "BEGIN", "HEADER", "LOG", "NOTHING", "READY", "REFUSAL", "REPLY", "STEP",
    "Frame", "Splitter", "abilities_of", "beginning", "framed",
]  # fmt: skip

HEADER: Final = Struct("<IBQH")
"""How many bytes follow, what it is, which transaction (by the server's number), with STEP the answer's status or 0."""

BEGIN, REPLY, REFUSAL, ABORT = range(1, 5)
"""To the worker: a TRANSACTION message, the peer's answer, its refusal; and that nobody waits any more."""
STEP, NOTHING, READY, LOG = range(5, 9)
"""To the server: a message for the peer; none, for what is not at work; the worker has begun; a record of a log."""

_ABILITIES: Final = Struct("<II")


@dataclass(frozen=True, slots=True)
class Frame:
    kind: int
    number: int
    status: int
    body: bytes


def framed(kind: int, number: int = 0, body: bytes = b"", status: int = 0) -> bytes:
    return HEADER.pack(len(body), kind, number, status) + body


def beginning(number: int, abilities: Abilities, message: bytes) -> bytes:
    """BEGIN. A worker knows no peers, so what the peer can do comes along."""
    return framed(BEGIN, number, _ABILITIES.pack(abilities.writes_at_once, abilities.reads_at_once) + message)


def abilities_of(body: bytes) -> tuple[Abilities, bytes]:
    """The two parts of a BEGIN's body."""
    return Abilities(*_ABILITIES.unpack_from(body)), body[_ABILITIES.size :]


class Splitter:
    """Bytes in as they come, whole frames out."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        rest = self._rest
        rest += data
        start, size = 0, HEADER.size
        while len(rest) - start >= size:
            length, kind, number, status = HEADER.unpack_from(rest, start)
            end = start + size + length
            if len(rest) < end:
                break
            yield Frame(kind, number, status, bytes(rest[start + size : end]))
            start = end
        del rest[:start]
