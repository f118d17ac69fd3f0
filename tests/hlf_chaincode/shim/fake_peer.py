"""A peer for tests: speaks the chaincode protocol over real gRPC and keeps its state in a `MemoryLedger`.

It holds the server to the protocol: it notes every request that comes while the one before, of the same transaction, is
unanswered.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import grpc
from tests.hlf_chaincode.memory_peer import Envelope, Identity, MemoryLedger, MemoryPeer

from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.errors import FabricError
from hlf_chaincode.peer import Batch, KeyValue, Response, Transaction
from hlf_chaincode.protos.common import common_pb2 as common
from hlf_chaincode.protos.ledger.queryresult import kv_query_result_pb2 as results
from hlf_chaincode.protos.msp import identities_pb2 as identities
from hlf_chaincode.protos.peer import chaincode_pb2 as chaincode
from hlf_chaincode.protos.peer import chaincode_shim_pb2 as shim
from hlf_chaincode.protos.peer import proposal_pb2 as proposals
from hlf_chaincode.protos.peer import proposal_response_pb2 as responses

MESSAGE = shim.ChaincodeMessage
BATCHES = chaincode.ChaincodeAdditionalParams(
    use_write_batch=True, max_size_write_batch=1000, use_get_multiple_keys=True, max_size_get_multiple_keys=1000
)


@dataclass
class Call:
    """One transaction as the peer sees it."""

    transaction: Transaction
    state: MemoryPeer
    done: asyncio.Future[Any]
    requests: list[str] = field(default_factory=list)
    outstanding: bool = False


def transaction_message(transaction: Transaction) -> Any:
    """A TRANSACTION with the proposal that a client would have signed."""
    creator = identities.SerializedIdentity(mspid=transaction.creator_msp, id_bytes=transaction.creator_certificate)
    channel = common.ChannelHeader(channel_id=transaction.channel, tx_id=transaction.id)
    channel.timestamp.FromDatetime(transaction.timestamp)
    signature = common.SignatureHeader(creator=creator.SerializeToString(), nonce=b"n" * 24)
    header = common.Header(
        channel_header=channel.SerializeToString(), signature_header=signature.SerializeToString()
    ).SerializeToString()
    payload = proposals.ChaincodeProposalPayload(TransientMap=dict(transaction.transient)).SerializeToString()
    proposal = proposals.Proposal(header=header, payload=payload).SerializeToString()
    return MESSAGE(
        type=MESSAGE.TRANSACTION,
        txid=transaction.id,
        channel_id=transaction.channel,
        payload=chaincode.ChaincodeInput(args=transaction.arguments).SerializeToString(),
        proposal=proposals.SignedProposal(proposal_bytes=proposal, signature=b"checked by the peer"),
    )


class FakePeer:
    """One stream to a chaincode server. `pause` holds back all answers; `violations` must stay empty."""

    def __init__(self, ledger: MemoryLedger, stream: Any, ready: bytes) -> None:
        self.ledger = ledger
        self.violations: list[str] = []
        self.package_id = ""
        self.flowing = asyncio.Event()
        self.flowing.set()
        self.requested = asyncio.Event()
        self.gone = asyncio.Event()
        self._stream = stream
        self._ready = ready
        self._calls: dict[tuple[str, str], Call] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending = asyncio.Lock()
        self._proposals = 0
        self.received: list[Any] = []

    @property
    def calls(self) -> list[Call]:
        return list(self._calls.values())

    async def register(self) -> None:
        message = MESSAGE.FromString(await self._stream.read())
        assert message.type == MESSAGE.REGISTER
        self.package_id = chaincode.ChaincodeID.FromString(message.payload).name
        await self.send(MESSAGE(type=MESSAGE.REGISTERED))
        await self.send(MESSAGE(type=MESSAGE.READY, payload=self._ready))

    async def listen(self) -> None:
        """Until the stream ends, then every call that is open fails."""
        try:
            while (data := await self._stream.read()) is not grpc.aio.EOF:
                self._take(MESSAGE.FromString(data))
        finally:
            self.gone.set()
            for call in self._calls.values():
                if not call.done.done():
                    call.done.set_exception(ConnectionError("the stream has ended"))

    async def send(self, message: Any) -> None:
        async with self._sending:
            await self._stream.write(message.SerializeToString())

    def begin(
        self,
        who: Identity,
        channel: str,
        *call: object,
        transient: Mapping[str, bytes] | None = None,
    ) -> Call:
        """A proposal as the peer's clients make it; `submit` and `call` send it."""
        self._proposals += 1
        encoded = tuple(each.encode() if isinstance(each, str) else canonical_json(each) for each in call)
        transaction = Transaction(
            hashlib.sha256(f"{id(self)}-{self._proposals}".encode()).hexdigest(),
            channel,
            self.ledger.now,
            who.msp_id,
            who.certificate,
            encoded,
            transient or {},
        )
        return self._open(transaction)

    def _open(self, transaction: Transaction) -> Call:
        opened = Call(transaction, MemoryPeer(self.ledger, transaction), asyncio.get_running_loop().create_future())
        self._calls[transaction.channel, transaction.id] = opened
        return opened

    async def answer_to(self, call: Call) -> Any:
        """Send the proposal; its COMPLETED or ERROR message."""
        await self.send(transaction_message(call.transaction))
        return await call.done

    async def call(
        self, who: Identity, channel: str, *call: object, transient: Mapping[str, bytes] | None = None
    ) -> Response:
        return response_of(await self.answer_to(self.begin(who, channel, *call, transient=transient)))

    async def submit(
        self, who: Identity, channel: str, *call: object, transient: Mapping[str, bytes] | None = None
    ) -> Response:
        """Endorse and commit."""
        opened = self.begin(who, channel, *call, transient=transient)
        message = await self.answer_to(opened)
        response = response_of(message)
        if 200 <= response.status < 400:
            event = message.chaincode_event
            named = (event.event_name, event.payload) if event.event_name else None
            state = opened.state
            self.ledger.commit(
                Envelope(
                    opened.transaction, response, state.reads, state.ranges, state.writes, state.policies, named, ()
                )
            )
        return response

    def _take(self, message: Any) -> None:
        self.received.append(message)
        call = self._calls.get((message.channel_id, message.txid))
        if message.type == MESSAGE.KEEPALIVE:
            return
        if call is None:
            self.violations.append(f"{MESSAGE.Type.Name(message.type)} for no transaction")
        elif message.type in {MESSAGE.COMPLETED, MESSAGE.ERROR}:
            if call.done.done():
                self.violations.append("answered twice")
            else:
                call.done.set_result(message)
        else:
            if call.outstanding or call.done.done():
                self.violations.append(f"{MESSAGE.Type.Name(message.type)} while a request is unanswered")
            call.outstanding = True
            call.requests.append(MESSAGE.Type.Name(message.type))
            task = asyncio.create_task(self._respond(call, message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _respond(self, call: Call, request: Any) -> None:
        self.requested.set()
        await self.flowing.wait()
        kind, payload = MESSAGE.RESPONSE, b""
        try:
            payload = await self._execute(call, request)
        except (FabricError, AssertionError) as error:
            words = f"{MESSAGE.Type.Name(request.type)} failed: transaction ID: {request.txid}: {error}"
            kind, payload = MESSAGE.ERROR, words.encode()
        call.outstanding = False
        await self.send(MESSAGE(type=kind, payload=payload, txid=request.txid, channel_id=request.channel_id))

    async def _execute(self, call: Call, request: Any) -> bytes:
        state, data = call.state, request.payload
        match request.type:
            case MESSAGE.GET_STATE:
                wanted = shim.GetState.FromString(data)
                return await state.get_state(wanted.key, wanted.collection)
            case MESSAGE.GET_STATE_MULTIPLE:
                many = shim.GetStateMultiple.FromString(data)
                values = await state.get_states(list(many.keys), many.collection)
                return shim.GetStateMultipleResult(values=values).SerializeToString()
            case MESSAGE.WRITE_BATCH_STATE:
                for record in shim.WriteBatchState.FromString(data).rec:
                    await self._write(state, record.type, record)
            case MESSAGE.PUT_STATE:
                await self._write(state, request.type, shim.PutState.FromString(data))
            case MESSAGE.DEL_STATE | MESSAGE.PURGE_PRIVATE_DATA:
                await self._write(state, request.type, shim.DelState.FromString(data))
            case MESSAGE.PUT_STATE_METADATA:
                await self._write(state, request.type, shim.PutStateMetadata.FromString(data))
            case MESSAGE.GET_PRIVATE_DATA_HASH:
                wanted = shim.GetState.FromString(data)
                return await state.get_private_data_hash(wanted.collection, wanted.key)
            case MESSAGE.GET_STATE_METADATA:
                named = shim.GetStateMetadata.FromString(data)
                policy = await state.get_state_validation_parameter(named.key, named.collection)
                entries = [shim.StateMetadata(metakey="VALIDATION_PARAMETER", value=policy)] if policy else []
                return shim.StateMetadataResult(entries=entries).SerializeToString()
            case MESSAGE.GET_STATE_BY_RANGE:
                return await self._range(state, shim.GetStateByRange.FromString(data))
            case MESSAGE.GET_HISTORY_FOR_KEY:
                return _batch(await state.get_history_for_key(shim.GetHistoryForKey.FromString(data).key))
            case MESSAGE.QUERY_STATE_NEXT:
                return _batch(await state.query_state_next(shim.QueryStateNext.FromString(data).id))
            case MESSAGE.QUERY_STATE_CLOSE:
                await state.query_state_close(shim.QueryStateClose.FromString(data).id)
            case MESSAGE.INVOKE_CHAINCODE:
                return await self._nested(call, chaincode.ChaincodeSpec.FromString(data))
            case _:
                raise AssertionError(f"a peer does not know {request.type}")
        return b""

    async def _write(self, state: MemoryPeer, kind: int, message: Any) -> None:
        if kind == MESSAGE.PUT_STATE:
            await state.put_state(message.key, message.value, message.collection)
        elif kind == MESSAGE.DEL_STATE:
            await state.delete_state(message.key, message.collection)
        elif kind == MESSAGE.PURGE_PRIVATE_DATA:
            await state.purge_private_data(message.collection, message.key)
        else:
            assert message.metadata.metakey == "VALIDATION_PARAMETER"
            await state.put_state_validation_parameter(message.key, message.metadata.value, message.collection)

    async def _range(self, state: MemoryPeer, wanted: Any) -> bytes:
        page = shim.QueryMetadata.FromString(wanted.metadata)
        batch = await state.get_state_by_range(
            wanted.startKey, wanted.endKey, wanted.collection, page_size=page.pageSize, bookmark=page.bookmark
        )
        return _batch(batch, paged=bool(page.pageSize))

    async def _nested(self, call: Call, spec: Any) -> bytes:
        """A call to another channel comes back as a TRANSACTION on this very stream."""
        _, _, channel = spec.chaincode_id.name.partition("/")
        outer = call.transaction
        assert channel != outer.channel, "the chaincode runs in this transaction already"
        assert channel in self.ledger.channels, f"no such channel {channel}"
        transaction = Transaction(
            outer.id,
            channel,
            outer.timestamp,
            outer.creator_msp,
            outer.creator_certificate,
            tuple(spec.input.args),
            outer.transient,
        )
        return bytes((await self.answer_to(self._open(transaction))).SerializeToString())


def _batch(batch: Batch, *, paged: bool = False) -> bytes:
    answer = shim.QueryResponse(has_more=batch.has_more, id=batch.iterator)
    for entry in batch.entries:
        if isinstance(entry, KeyValue):
            data = results.KV(namespace="exim", key=entry.key, value=entry.value).SerializeToString()
        else:
            change = results.KeyModification(tx_id=entry.transaction_id, value=entry.value, is_delete=entry.is_delete)
            change.timestamp.FromDatetime(entry.timestamp)
            data = change.SerializeToString()
        answer.results.append(shim.QueryResultBytes(resultBytes=data))
    if paged:
        metadata = shim.QueryResponseMetadata(fetched_records_count=len(batch.entries), bookmark=batch.bookmark)
        answer.metadata = metadata.SerializeToString()
    return answer.SerializeToString()


def response_of(message: Any) -> Response:
    """The response of a COMPLETED message. Raises `FabricError` for an ERROR."""
    if message.type != MESSAGE.COMPLETED:
        raise FabricError(message.payload.decode())
    response = responses.Response.FromString(message.payload)
    return Response(response.status, response.message, response.payload)


@asynccontextmanager
async def connected(
    ledger: MemoryLedger,
    target: str,
    *,
    ready: bytes = BATCHES.SerializeToString(),
    credentials: Any = None,
    wait: bool = True,
) -> AsyncIterator[FakePeer]:
    """A registered peer, gone at the end of the block. `wait`: until the server listens."""
    options = (("grpc.enable_http_proxy", 0), ("grpc.max_receive_message_length", -1))
    if credentials is None:
        connection = grpc.aio.insecure_channel(target, options=options)
    else:
        connection = grpc.aio.secure_channel(target, credentials, options=options)
    async with connection:
        if wait:
            await asyncio.wait_for(connection.channel_ready(), 20)
        connect: grpc.aio.StreamStreamMultiCallable[bytes, bytes] = connection.stream_stream(
            "/protos.Chaincode/Connect"
        )
        stream = connect()
        peer = FakePeer(ledger, stream, ready)
        await peer.register()
        listening = asyncio.create_task(peer.listen())
        try:
            yield peer
        finally:
            listening.cancel()
            stream.cancel()
            with suppress(asyncio.CancelledError, grpc.aio.AioRpcError):
                await listening
