"""What the chaincode server refuses, refused here too: foreign awaits, long computing, many requests, big results.

The limits are the server's own (`hlf_chaincode.limits`).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Generator, Mapping, Sequence
from typing import Final, TypeVar

from hlf_chaincode.contract import Chaincode
from hlf_chaincode.errors import FabricError, InvalidDocument
from hlf_chaincode.limits import Limits
from hlf_chaincode.peer import Batch, Peer, Response
from hlf_chaincode.stub import LedgerStub
from hlf_client.embedded.endorsing.overrun import Late, Turn

__all__ = ["LIMITS", "Meter", "MeteredPeer", "Pause", "invoke"]

LIMITS: Final = Limits()
_TIMED_OUT: Final = 504

ResultT = TypeVar("ResultT")


class Pause:
    """Awaited by the ledger itself, to give way; whatever else a contract stops at is none of the ledger's."""

    def __await__(self) -> Generator[Pause, None, None]:
        yield self


class Meter:
    """What one transaction has used: requests, the time since it began, its turn since its last request."""

    __slots__ = ("_began", "_left", "_turn")

    def __init__(self) -> None:
        self._left = LIMITS.requests
        self._began = time.monotonic()
        self._turn = Turn(LIMITS.turn_seconds)

    def stop(self) -> None:
        """The contract asks, calls, or ends. Raises `Late` when its turn or its whole time was too long."""
        self._turn.end()
        if time.monotonic() - self._began > LIMITS.transaction_seconds:
            raise Late(f"the transaction took longer than {LIMITS.transaction_seconds:g} s")

    def go_on(self) -> None:
        self._turn.begin()

    def close(self) -> None:
        """There is nothing more to watch."""
        self._turn.close()

    def count(self) -> None:
        """One request. Raises `FabricError` where there were too many."""
        if self._left <= 0:
            raise FabricError(f"a transaction makes at most {LIMITS.requests} requests: ask for less at once")
        self._left -= 1

    async def asked(self, answer: Awaitable[ResultT]) -> ResultT:
        """The answer to a request, whose time is not the contract's."""
        try:
            self.stop()
            self.count()
        except BaseException:
            answer.close()  # type: ignore[attr-defined]  # a coroutine that is not begun
            raise
        try:
            return await answer
        finally:
            self.go_on()


async def invoke(chaincode: Chaincode, stub: LedgerStub, meter: Meter, *, is_called: bool) -> Response:
    """The contract's answer, or what the chaincode server would answer in its place. One that another contract has
    called gives way through that one."""
    work = chaincode.invoke(stub)
    try:
        meter.go_on()
        while True:
            try:
                stopped = work.send(None)
            except StopIteration as end:
                meter.stop()
                return _bounded(end.value)
            if not isinstance(stopped, Pause):
                meter.close()
                work.close()
                what = "the contract awaited something that is not the ledger"
                incident = stub.transaction.id[:16]
                words = what if chaincode.debug else f"the contract failed; tell its operator incident {incident}"
                return _error(FabricError(words, incident=incident))
            await (Pause() if is_called else asyncio.sleep(0))
    except Late as late:
        meter.close()  # at once: no second one while this one is told
        work.close()
        what = str(late) or f"the contract computed for longer than {LIMITS.turn_seconds:g} s at a stretch"
        return Response(_TIMED_OUT, FabricError(f"{what}: ask for less at once").to_message())
    finally:
        meter.close()


def _bounded(response: Response) -> Response:
    if 200 <= response.status < 400 and len(response.payload) > LIMITS.result_bytes:
        words = f"the result has more than {LIMITS.result_bytes} bytes: ask for less at once"
        return _error(InvalidDocument(words, field="result", reason="too large"))
    return response


def _error(error: FabricError) -> Response:
    return Response(error.status, error.to_message())


class MeteredPeer:
    """A `Peer` whose requests are counted and whose time is not the contract's. Writes are free: they go at the end."""

    __slots__ = ("_meter", "_peer")

    def __init__(self, peer: Peer, meter: Meter) -> None:
        self._peer = peer
        self._meter = meter

    async def get_state(self, key: str, collection: str = "") -> bytes:
        return await self._meter.asked(self._peer.get_state(key, collection))

    async def get_states(self, keys: Sequence[str], collection: str = "") -> Sequence[bytes]:
        return await self._meter.asked(self._peer.get_states(keys, collection))

    async def put_state(self, key: str, value: bytes, collection: str = "") -> None:
        await self._peer.put_state(key, value, collection)

    async def put_states(self, writes: Mapping[str, bytes], collection: str = "") -> None:
        await self._peer.put_states(writes, collection)

    async def delete_state(self, key: str, collection: str = "") -> None:
        await self._peer.delete_state(key, collection)

    async def purge_private_data(self, collection: str, key: str) -> None:
        await self._peer.purge_private_data(collection, key)

    async def get_private_data_hash(self, collection: str, key: str) -> bytes:
        return await self._meter.asked(self._peer.get_private_data_hash(collection, key))

    async def get_state_by_range(
        self, start: str, end: str, collection: str = "", *, page_size: int = 0, bookmark: str = ""
    ) -> Batch:
        answer = self._peer.get_state_by_range(start, end, collection, page_size=page_size, bookmark=bookmark)
        return await self._meter.asked(answer)

    async def get_query_result(
        self, query: str, collection: str = "", *, page_size: int = 0, bookmark: str = ""
    ) -> Batch:
        answer = self._peer.get_query_result(query, collection, page_size=page_size, bookmark=bookmark)
        return await self._meter.asked(answer)

    async def get_history_for_key(self, key: str) -> Batch:
        return await self._meter.asked(self._peer.get_history_for_key(key))

    async def query_state_next(self, iterator: str) -> Batch:
        return await self._meter.asked(self._peer.query_state_next(iterator))

    async def query_state_close(self, iterator: str) -> None:
        await self._peer.query_state_close(iterator)

    async def get_state_validation_parameter(self, key: str, collection: str = "") -> bytes:
        return await self._meter.asked(self._peer.get_state_validation_parameter(key, collection))

    async def put_state_validation_parameter(self, key: str, policy: bytes, collection: str = "") -> None:
        await self._peer.put_state_validation_parameter(key, policy, collection)

    async def invoke_chaincode(self, chaincode: str, arguments: Sequence[bytes], channel: str) -> Response:
        return await self._meter.asked(self._peer.invoke_chaincode(chaincode, arguments, channel))
