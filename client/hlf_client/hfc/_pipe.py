"""The worker process and the pipe to it: many requests at once, each answered once, none left waiting for the dead.

A worker is started by the first call, and again by the first call after it died. What was under way when it died fails
with `LedgerUnavailable`: whether a transaction got as far as the orderer is then not known here.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

from hlf_client.errors import InvalidDocument, LedgerUnavailable
from hlf_client.hfc.worker import HEADER, MAX_FRAME, decode, encode

__all__ = ["Answer", "Pipe", "RequestFailed", "Worker"]

_log = logging.getLogger("hlf_client.hfc")

_PLACES: Final = 256
_END_SECONDS: Final = 5.0
_WORDS_BYTES: Final = 400

Answer = Mapping[str, object]


class RequestFailed(Exception):
    """The worker's refusal: `kind` is rpc (with gRPC's code), unknown (of an earlier worker), limit, or program (a
    fault in it or in hfc)."""

    def __init__(self, kind: str, code: str, details: str) -> None:
        super().__init__(f"{code}: {details}" if details else code)
        self.kind = kind
        self.code = code
        self.details = details


class Worker(Protocol):
    """Answers requests. After it died it is another one, which knows nothing of what the one before was told."""

    async def call(self, verb: str, values: Mapping[str, object]) -> Answer:
        """Raises `RequestFailed`, and `LedgerUnavailable` when the worker is gone."""
        ...

    def tell(self, verb: str, values: Mapping[str, object]) -> None:
        """What needs no answer; nothing happens where no worker runs."""
        ...

    async def close(self) -> None: ...


class Pipe:
    """The worker as a child process, on the event loop of the first call."""

    def __init__(self, command: Callable[[], Sequence[str]], *, places: int = _PLACES) -> None:
        """`command` gives what is to be started, or raises a typed error; `places` is how many requests may be under
        way at once, more wait their turn."""
        self._command = command
        self._process: _Process | None = None
        self._closed = False
        self._starting = asyncio.Lock()
        self._places = asyncio.Semaphore(places)

    async def call(self, verb: str, values: Mapping[str, object]) -> Answer:
        """One request and its answer. A call that is cancelled is cancelled in the worker, too."""
        async with self._places:
            return await (await self._running()).call(verb, values)

    def tell(self, verb: str, values: Mapping[str, object]) -> None:
        """Say it to the worker that runs, if one does."""
        if self._process is not None:
            self._process.tell(verb, values)

    async def _running(self) -> _Process:
        async with self._starting:
            if self._closed:
                raise LedgerUnavailable("this connection is closed")
            if self._process is None or self._process.is_dead:
                if self._process is not None:
                    await self._process.end()
                self._process = await _Process.start(self._command())
            return self._process

    async def close(self) -> None:
        """End the process, for good; calls under way fail."""
        self._closed = True
        async with self._starting:
            process, self._process = self._process, None
            if process is not None:
                await process.end()


class _Process:
    """One life of the worker."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None  # noqa: S101 - started with a pipe
        assert process.stdout is not None  # noqa: S101 - started with a pipe
        assert process.stderr is not None  # noqa: S101 - started with a pipe
        self._process = process
        self._input, self._output, self._words = process.stdin, process.stdout, process.stderr
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._numbers = itertools.count(1)
        self._last_words = b""
        self._reason = ""
        self._listening = asyncio.create_task(self._hear_words()), asyncio.create_task(self._hear_answers())

    @classmethod
    async def start(cls, command: Sequence[str]) -> _Process:
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
            )
        except OSError as error:
            raise LedgerUnavailable(f"the hfc worker cannot be started: {command[0]}: {error.strerror}") from None
        _log.info("hfc worker %d started", process.pid)
        return cls(process)

    @property
    def is_dead(self) -> bool:
        return bool(self._reason)

    async def call(self, verb: str, values: Mapping[str, object]) -> Answer:
        number = next(self._numbers)
        frame = encode({**values, "id": number, "verb": verb})
        if len(frame) > MAX_FRAME:
            reason = f"is larger than {MAX_FRAME:,} bytes"
            raise InvalidDocument(f"the request {reason}", field="request", reason=reason)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        try:
            await self._send(frame)
            return await answer
        except asyncio.CancelledError:
            self.tell("cancel", {"of": number})
            raise
        finally:
            self._waiting.pop(number, None)

    def tell(self, verb: str, values: Mapping[str, object]) -> None:
        if not self.is_dead and not self._input.is_closing():
            self._write(encode({**values, "verb": verb}))

    async def _send(self, frame: bytes) -> None:
        if self._reason:
            raise LedgerUnavailable(self._reason)
        self._write(frame)
        try:
            await self._input.drain()
        except ConnectionError:
            await asyncio.shield(self._listening[1])  # it finds out why, and fails what waits
            raise LedgerUnavailable(self._reason) from None

    def _write(self, frame: bytes) -> None:
        self._input.write(HEADER.pack(len(frame)) + frame)

    async def _hear_answers(self) -> None:
        """Hand answers to those who wait, until the worker ends or says what is no answer."""
        try:
            while True:
                (length,) = HEADER.unpack(await self._output.readexactly(HEADER.size))
                if length > MAX_FRAME:
                    raise ValueError(f"a frame of {length:,} bytes")
                self._settle(decode(await self._output.readexactly(length)))
        except (asyncio.IncompleteReadError, ConnectionError):
            await self._fail("ended", seconds=_END_SECONDS)
        except (ValueError, KeyError, TypeError) as error:
            await self._fail(f"does not keep to the protocol ({type(error).__name__})", seconds=0)

    def _settle(self, values: Answer) -> None:
        answer = self._waiting.get(int(str(values["id"])))
        if answer is None or answer.done():
            return  # cancelled meanwhile
        error = values.get("error")
        if isinstance(error, dict):
            answer.set_exception(RequestFailed(str(error["kind"]), str(error["code"]), str(error["details"])))
            return
        body = values["ok"]
        if not isinstance(body, dict):
            raise TypeError("an answer is an object")
        answer.set_result(body)

    async def _fail(self, what: str, seconds: float) -> None:
        """Nobody waits for a worker that is gone, or that cannot be understood and therefore goes."""
        code = await self._exit_code(seconds)
        await self._listening[0]
        said = self._last_words.decode(errors="replace").strip().rpartition("\n")[2].strip()
        self._reason = f"the hfc worker {what} (exit code {code})" + (f": {said}" if said else "")
        _log.warning("%s", self._reason)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(LedgerUnavailable(self._reason))

    async def _exit_code(self, seconds: float) -> int:
        """Kill it when it does not end in time. Never at once: that would take its exit code from asyncio."""
        try:
            async with asyncio.timeout(seconds):
                return await self._process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            return await self._process.wait()

    async def _hear_words(self) -> None:
        """Keep the end of what the worker writes to its standard error, for whoever asks why it died."""
        while words := await self._words.read(_WORDS_BYTES):
            self._last_words = (self._last_words + words)[-_WORDS_BYTES:]

    async def end(self) -> None:
        """Close its input, which ends it; kill it when it does not."""
        self._input.close()
        await self._exit_code(_END_SECONDS)
        await self._listening[1]
