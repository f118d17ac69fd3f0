"""A peer that does nothing but drive a chaincode server: many transactions at once on one stream."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from hlf_chaincode.protos.common import common_pb2 as common
from hlf_chaincode.protos.msp import identities_pb2 as identities
from hlf_chaincode.protos.peer import chaincode_pb2 as chaincode
from hlf_chaincode.protos.peer import chaincode_shim_pb2 as shim
from hlf_chaincode.protos.peer import proposal_pb2 as proposals
from hlf_chaincode.protos.peer import proposal_response_pb2 as responses

__all__ = ["Result", "drive"]

MESSAGE = shim.ChaincodeMessage
BATCHES = chaincode.ChaincodeAdditionalParams(
    use_write_batch=True, max_size_write_batch=1000, use_get_multiple_keys=True, max_size_get_multiple_keys=1000
)
VALUE = "v" * 200
CHANNEL = "bench"


@dataclass
class Result:
    """`failures`: transactions that ended otherwise than with status 200."""

    transactions: int
    seconds: float
    failures: int
    latencies: list[float] = field(repr=False)

    @property
    def per_second(self) -> float:
        return self.transactions / self.seconds

    @property
    def median(self) -> float:
        return sorted(self.latencies)[len(self.latencies) // 2]


async def drive(target: str, call: str, count: int, concurrency: int) -> Result:
    """`count` transactions of `kv:put` or `kv:get`, `concurrency` at once. Raises TimeoutError for a hanging server."""
    async with grpc.aio.insecure_channel(target, options=(("grpc.enable_http_proxy", 0),)) as channel:
        await asyncio.wait_for(channel.channel_ready(), 30)
        connect: grpc.aio.StreamStreamMultiCallable[bytes, bytes] = channel.stream_stream("/protos.Chaincode/Connect")
        stream = connect()
        await stream.read()
        await stream.write(MESSAGE(type=MESSAGE.REGISTERED).SerializeToString())
        await stream.write(MESSAGE(type=MESSAGE.READY, payload=BATCHES.SerializeToString()).SerializeToString())
        try:
            return await asyncio.wait_for(_Run(stream, call, count).go(concurrency), 60 + count / 20)
        finally:
            stream.cancel()


class _Run:
    def __init__(self, stream: Any, call: str, count: int) -> None:
        self._stream = stream
        self._call = call
        self._count = count
        self._proposal = _proposal()
        self._state: dict[str, bytes] = {f"key-{number}": VALUE.encode() for number in range(100)}
        self._outbox: deque[bytes] = deque()
        self._more = asyncio.Event()
        self._begun: dict[str, float] = {}
        self._started = 0
        self._failures = 0
        self._latencies: list[float] = []

    async def go(self, concurrency: int) -> Result:
        writing = asyncio.create_task(self._write())
        begun = time.perf_counter()
        try:
            for _ in range(concurrency):
                self._begin()
            while len(self._latencies) < self._count:
                self._take(MESSAGE.FromString(await self._stream.read()))
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
        return Result(self._count, time.perf_counter() - begun, self._failures, self._latencies)

    async def _write(self) -> None:
        while True:
            while self._outbox:
                await self._stream.write(self._outbox.popleft())
            self._more.clear()
            await self._more.wait()

    def _begin(self) -> None:
        if self._started >= self._count:
            return
        number, self._started = self._started, self._started + 1
        arguments = [self._call.encode(), b"key-%d" % (number % 100)]
        if self._call == "kv:put":
            arguments.append(VALUE.encode())
        txid = f"{number:064x}"
        self._begun[txid] = time.perf_counter()
        message = MESSAGE(
            type=MESSAGE.TRANSACTION,
            txid=txid,
            channel_id=CHANNEL,
            payload=chaincode.ChaincodeInput(args=arguments).SerializeToString(),
            proposal=self._proposal,
        )
        self._send(message)

    def _take(self, message: Any) -> None:
        payload = b""
        if message.type == MESSAGE.GET_STATE:
            payload = self._state[shim.GetState.FromString(message.payload).key]
        elif message.type == MESSAGE.PUT_STATE:
            put = shim.PutState.FromString(message.payload)
            self._state[put.key] = put.value
        elif message.type == MESSAGE.WRITE_BATCH_STATE:
            for record in shim.WriteBatchState.FromString(message.payload).rec:
                self._state[record.key] = record.value
        else:
            self._end(message)
            return
        self._send(MESSAGE(type=MESSAGE.RESPONSE, txid=message.txid, channel_id=message.channel_id, payload=payload))

    def _end(self, message: Any) -> None:
        completed = message.type == MESSAGE.COMPLETED
        if not completed or responses.Response.FromString(message.payload).status != 200:
            self._failures += 1
        self._latencies.append(time.perf_counter() - self._begun.pop(message.txid))
        self._begin()

    def _send(self, message: Any) -> None:
        self._outbox.append(message.SerializeToString())
        self._more.set()


def _proposal() -> Any:
    creator = identities.SerializedIdentity(mspid="SafeMSP", id_bytes=_certificate()).SerializeToString()
    channel = common.ChannelHeader(type=common.HeaderType.ENDORSER_TRANSACTION, channel_id=CHANNEL)
    channel.timestamp.GetCurrentTime()
    signature = common.SignatureHeader(creator=creator, nonce=b"n" * 24)
    header = common.Header(
        channel_header=channel.SerializeToString(), signature_header=signature.SerializeToString()
    ).SerializeToString()
    payload = proposals.ChaincodeProposalPayload(input=b"as the client sent it").SerializeToString()
    proposal = proposals.Proposal(header=header, payload=payload).SerializeToString()
    return proposals.SignedProposal(proposal_bytes=proposal, signature=b"s" * 70)


def _certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "officer")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
