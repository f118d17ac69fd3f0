"""Other processes that read blocks and check signatures ahead of the walk, as many as there are cores.

While they are behind, the walk waits and leaves its core to them. The walk is right without them: what they do not
answer, because one was killed or cannot be started, it does itself.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import select
import sqlite3
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

from hlf_client.embedded.endorsing.signatures import Signatures
from hlf_client.embedded.storage.database import place_of, version_of
from hlf_client.embedded.storage.transaction import Transaction
from hlf_client.embedded.verifying.flat import Flat, whole
from hlf_client.embedded.verifying.reading import LENGTH

__all__ = ["WORTH", "Ahead", "command", "environment"]

WORTH: Final = 2000
"""Transactions that are not worth a process."""
_CHUNK: Final = 512
"""Transactions of one answer, in the mean."""
_CHUNK_BYTES: Final = 8 << 20
"""Bytes of the file that these may stand for: a batch of papers is a thousand times a key."""
_AHEAD: Final = 2
"""Answers that each process works ahead."""
_MOST: Final = 8
"""Processes: beyond these the walk itself is what takes the time."""
_SILENCE: Final = 60_000
"""Milliseconds after which a process that says nothing is given up."""
_READ: Final = 1 << 20

_BYTES: Final = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
_SIZES: Final = """SELECT channel, count(*), max(place) FROM tx GROUP BY channel ORDER BY channel"""


class Ahead:
    """The transactions and good signatures of the blocks that the walk comes to, in its order (channel, number)."""

    def __init__(self, path: Path, source: sqlite3.Connection, signatures: Signatures, begun: dict[int, int]) -> None:
        """`begun`: the first block of each channel that is of interest, where it is not 0."""
        self._signatures = signatures
        self._decoded: dict[bytes, Flat] = {}
        chunks = [] if (cores := _cores()) < 2 else list(_chunks(source, begun))
        self._coming = deque(chunks)
        self._processes = [
            each for _ in range(min(cores, _MOST, len(chunks))) if (each := _Reading.started(path)) is not None
        ]
        self._asked: deque[tuple[int, _Reading]] = deque()
        for _ in range(_AHEAD):
            for process in self._processes:
                self._ask(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.end()

    def reach(self, channel: int, number: int) -> None:
        """The walk comes to a block: what is known of it and those after it is taken in."""
        place = place_of(channel, version_of(number, 0))
        while self._asked and self._asked[0][0] <= place:
            _, process = self._asked.popleft()
            self._decoded = {}
            answer = process.answer()
            self._ask(process)
            if answer is not None:
                transactions, signatures = answer
                self._decoded = dict(transactions)
                for each in signatures:
                    self._signatures.remember(*each)

    def decoded(self, digest: bytes) -> Transaction | None:
        """The transaction whose bytes have this SHA-256, where another process has decoded it."""
        found = self._decoded.get(digest)
        return None if found is None else whole(found)

    def _ask(self, process: _Reading) -> None:
        if self._coming:
            first, last = self._coming.popleft()
            process.ask(first, last)
            self._asked.append((first, process))


def _cores() -> int:
    if not hasattr(select, "poll"):  # nothing tells there whether a process has something to say
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _chunks(source: sqlite3.Connection, begun: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Ranges of places, at the edges of blocks."""
    try:
        sizes = source.execute(_SIZES).fetchall()
        if (total := sum(count for _, count, _ in sizes)) < WORTH:
            return
        chunk = max(1, min(_CHUNK, _CHUNK_BYTES * total // max(1, source.execute(_BYTES).fetchone()[0])))
        for channel, count, last in sizes:
            height = 1 + (last - place_of(channel, 0) >> 20)
            step = max(1, height * chunk // count)
            for number in range(begun.get(channel, 0), height, step):
                yield tuple(place_of(channel, version_of(each, 0)) for each in (number, number + step))  # type: ignore[misc]
    except (sqlite3.Error, TypeError, ValueError):  # a touched file: the walk says what is wrong with it
        return


class _Reading:
    """One process, and its answers in the order of what it was asked."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process: subprocess.Popen[bytes] | None = process

    @classmethod
    def started(cls, path: Path) -> _Reading | None:
        try:
            return cls(
                subprocess.Popen(  # noqa: S603 - this very program
                    command("hlf_client.embedded.verifying.reading", path),
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
                    env=environment(), start_new_session=True,
                )
            )  # fmt: skip
        except OSError:
            return None

    def ask(self, first: int, last: int) -> None:
        if self._process is not None and self._process.stdin is not None:
            try:
                self._process.stdin.write(f"{first} {last}\n".encode())
            except OSError:
                self.end()

    def answer(self) -> tuple[list[tuple[bytes, Flat]], list[tuple[bytes, bytes, bytes]]] | None:
        """The next answer; None where there will be none."""
        head = self._bytes(LENGTH.size)
        body = self._bytes(LENGTH.unpack(head)[0]) if head else b""
        if not body:
            self.end()
            return None
        try:
            transactions, signatures = marshal.loads(body)  # noqa: S302 - of our own process
        except (EOFError, ValueError, TypeError):
            self.end()
            return None
        return transactions, signatures

    def _bytes(self, count: int) -> bytes:
        """So many, or b"" where they do not come."""
        if self._process is None or self._process.stdout is None:
            return b""
        found, place = bytearray(), self._process.stdout.fileno()
        waiting = select.poll()
        waiting.register(place, select.POLLIN)
        while len(found) < count:
            some = os.read(place, min(_READ, count - len(found))) if waiting.poll(_SILENCE) else b""
            if not some:
                return b""
            found += some
        return bytes(found)

    def end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()
        process.wait()


def command(module: str, path: Path) -> list[str]:
    """Runs one of our modules by this interpreter; nothing of the working folder is imported."""
    return [sys.executable, "-P", "-m", module, str(path)]


def environment() -> dict[str, str]:
    """With what this process imports from."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
