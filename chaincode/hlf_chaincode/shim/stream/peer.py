"""The peer over the wire: what `Peer` offers, as messages of one transaction."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from google.protobuf.message import DecodeError, Message

from hlf_chaincode.errors import FabricError
from hlf_chaincode.limits import Limits
from hlf_chaincode.peer import Batch, KeyModification, KeyValue, Response
from hlf_chaincode.protos.ledger.queryresult.kv_query_result_pb2 import KV
from hlf_chaincode.protos.ledger.queryresult.kv_query_result_pb2 import KeyModification as PastWrite
from hlf_chaincode.protos.peer.chaincode_pb2 import ChaincodeID, ChaincodeInput, ChaincodeSpec
from hlf_chaincode.protos.peer.chaincode_shim_pb2 import (
    ChaincodeMessage,
    GetHistoryForKey,
    GetQueryResult,
    GetState,
    GetStateByRange,
    GetStateMetadata,
    GetStateMultiple,
    GetStateMultipleResult,
    QueryMetadata,
    QueryResponse,
    QueryResponseMetadata,
    QueryStateClose,
    QueryStateNext,
    StateMetadataResult,
)
from hlf_chaincode.protos.peer.proposal_response_pb2 import Response as WireResponse
from hlf_chaincode.shim.stream import writes as pending
from hlf_chaincode.shim.stream.refusal import refusal
from hlf_chaincode.shim.stream.request import Request

__all__ = ["Abilities", "WirePeer"]

MessageT = TypeVar("MessageT", bound=Message)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a peer said in READY that it can do: how many writes or reads it takes in one message; 0 before 3.1."""

    writes_at_once: int = 0
    reads_at_once: int = 0


class WirePeer:
    """One transaction's `Peer`. Its awaits are `Request`s, answered by whoever runs the contract."""

    __slots__ = ("_abandoned", "_abilities", "_ended", "_histories", "_left", "_limits", "_writes")

    def __init__(self, abilities: Abilities, limits: Limits) -> None:
        self._abilities = abilities
        self._limits = limits
        self._left = limits.requests
        self._writes: list[pending.Write] = []
        self._histories: set[str] = set()
        self._abandoned: list[AsyncGenerator[object, None]] = []
        self._ended = False

    # -- for who runs the contract ---------------------------------------------------------------------------------

    def abandon(self, iterator: AsyncGenerator[Any, Any]) -> None:
        """Take over an iterator that the contract has left before its end; it is closed with the next request."""
        if not self._ended:
            self._abandoned.append(iterator)

    def end(self) -> None:
        """Nothing more will be asked: the transaction is over, here or at the peer."""
        self._ended = True
        self._abandoned.clear()

    async def flush(self) -> None:
        """Send the writes that were kept. Raises what the peer says to them."""
        kept, self._writes = self._writes, []
        for request in pending.batches(kept, self._abilities.writes_at_once, self._limits.batch_bytes):
            await self._send(request)

    # -- state -----------------------------------------------------------------------------------------------------

    async def get_state(self, key: str, collection: str = "") -> bytes:
        return await self._ask(ChaincodeMessage.GET_STATE, GetState(key=key, collection=collection))

    async def get_states(self, keys: Sequence[str], collection: str = "") -> Sequence[bytes]:
        most = self._abilities.reads_at_once
        if not most or len(keys) == 1:
            return [await self.get_state(key, collection) for key in keys]
        values: list[bytes] = []
        for start in range(0, len(keys), most):
            part = keys[start : start + most]
            answer = await self._ask(
                ChaincodeMessage.GET_STATE_MULTIPLE, GetStateMultiple(keys=part, collection=collection)
            )
            found = _read(GetStateMultipleResult, answer).values
            if len(found) != len(part):
                raise FabricError("the peer's answer does not fit the request: it has another number of values")
            values.extend(found)
        return values

    async def put_state(self, key: str, value: bytes, collection: str = "") -> None:
        await self._write(pending.put(key, value, collection))

    async def put_states(self, writes: Mapping[str, bytes], collection: str = "") -> None:
        for key, value in writes.items():
            await self._write(pending.put(key, value, collection))

    async def delete_state(self, key: str, collection: str = "") -> None:
        await self._write(pending.delete(key, collection))

    async def purge_private_data(self, collection: str, key: str) -> None:
        await self._write(pending.purge(key, collection))

    async def get_private_data_hash(self, collection: str, key: str) -> bytes:
        return await self._ask(ChaincodeMessage.GET_PRIVATE_DATA_HASH, GetState(key=key, collection=collection))

    # -- ranges and history ----------------------------------------------------------------------------------------

    async def get_state_by_range(
        self, start: str, end: str, collection: str = "", *, page_size: int = 0, bookmark: str = ""
    ) -> Batch:
        wanted = GetStateByRange(startKey=start, endKey=end, collection=collection)
        if page_size and not collection:
            wanted.metadata = QueryMetadata(pageSize=page_size, bookmark=bookmark).SerializeToString()
        return _entries(await self._ask(ChaincodeMessage.GET_STATE_BY_RANGE, wanted))

    async def get_query_result(
        self, query: str, collection: str = "", *, page_size: int = 0, bookmark: str = ""
    ) -> Batch:
        wanted = GetQueryResult(query=query, collection=collection)
        if page_size and not collection:
            wanted.metadata = QueryMetadata(pageSize=page_size, bookmark=bookmark).SerializeToString()
        return _entries(await self._ask(ChaincodeMessage.GET_QUERY_RESULT, wanted))

    async def get_history_for_key(self, key: str) -> Batch:
        batch = _changes(await self._ask(ChaincodeMessage.GET_HISTORY_FOR_KEY, GetHistoryForKey(key=key)))
        if batch.has_more:
            self._histories.add(batch.iterator)
        return batch

    async def query_state_next(self, iterator: str) -> Batch:
        answer = await self._ask(ChaincodeMessage.QUERY_STATE_NEXT, QueryStateNext(id=iterator))
        return _changes(answer) if iterator in self._histories else _entries(answer)

    async def query_state_close(self, iterator: str) -> None:
        if not self._ended:  # the peer itself closes what is open at the end
            await self._ask(ChaincodeMessage.QUERY_STATE_CLOSE, QueryStateClose(id=iterator))

    # -- key-level endorsement -------------------------------------------------------------------------------------

    async def get_state_validation_parameter(self, key: str, collection: str = "") -> bytes:
        wanted = GetStateMetadata(key=key, collection=collection)
        answer = await self._ask(ChaincodeMessage.GET_STATE_METADATA, wanted)
        for entry in _read(StateMetadataResult, answer).entries:
            if entry.metakey == pending.VALIDATION_PARAMETER:
                return bytes(entry.value)
        return b""

    async def put_state_validation_parameter(self, key: str, policy: bytes, collection: str = "") -> None:
        await self._write(pending.guard(key, policy, collection))

    # -- other chaincodes --------------------------------------------------------------------------------------------

    async def invoke_chaincode(self, chaincode: str, arguments: Sequence[bytes], channel: str) -> Response:
        called = ChaincodeID(name=f"{chaincode}/{channel}" if channel else chaincode)
        if not channel:  # the called one reads and writes in this transaction: in the order in which they were made
            await self.flush()
        wanted = ChaincodeSpec(chaincode_id=called, input=ChaincodeInput(args=arguments))
        answer = _read(ChaincodeMessage, await self._ask(ChaincodeMessage.INVOKE_CHAINCODE, wanted))
        if answer.type != ChaincodeMessage.COMPLETED:
            raise refusal(answer.payload)
        response = _read(WireResponse, answer.payload)
        return Response(response.status, response.message, response.payload)

    # -- messages --------------------------------------------------------------------------------------------------

    async def _write(self, write: pending.Write) -> None:
        if self._abilities.writes_at_once:
            self._writes.append(write)
        else:
            await self._send(write.alone())

    async def _ask(self, kind: ChaincodeMessage.Type, message: Message) -> bytes:
        return await self._send(Request(kind, message.SerializeToString()))

    async def _send(self, request: Request) -> bytes:
        if self._ended:
            raise FabricError("the transaction has ended: nothing more can be asked")
        while self._abandoned:
            await self._abandoned.pop().aclose()
        if self._left <= 0:
            raise FabricError(f"a transaction makes at most {self._limits.requests} requests: ask for less at once")
        self._left -= 1
        return await request


def _read(kind: type[MessageT], data: bytes) -> MessageT:
    """A message from the peer's answer. Raises `FabricError` when it is none."""
    try:
        return kind.FromString(data)
    except DecodeError:
        raise FabricError("the peer's answer cannot be read") from None


def _entries(data: bytes) -> Batch:
    answer = _read(QueryResponse, data)
    found = [_read(KV, result.resultBytes) for result in answer.results]
    bookmark = _read(QueryResponseMetadata, answer.metadata).bookmark if answer.metadata else ""
    return Batch(tuple(KeyValue(each.key, each.value) for each in found), answer.has_more, answer.id, bookmark)


def _changes(data: bytes) -> Batch:
    answer = _read(QueryResponse, data)
    found = [_read(PastWrite, result.resultBytes) for result in answer.results]
    changes = tuple(KeyModification(each.tx_id, each.value, each.is_delete, _time(each.timestamp)) for each in found)
    return Batch(changes, answer.has_more, answer.id)


def _time(stamp: Any) -> datetime:
    try:
        return _EPOCH + timedelta(seconds=stamp.seconds, microseconds=stamp.nanos // 1000)
    except OverflowError:
        raise FabricError("the peer's answer holds a time out of range") from None
