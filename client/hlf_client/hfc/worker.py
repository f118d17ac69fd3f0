"""The other end of the pipe: a program for the interpreter that has hfc (fabric-sdk-py 1.0.0).

It carries what is already signed to peers and orderers and brings back what they answer. It holds no signing key, asks
for no signature and writes no file. A frame is four bytes of length and JSON, bytes in it as base64; each request with
a number gets one answer, in any order. It ends when its input ends.

Runs in an environment of its own, so at import it needs nothing but the standard library; the client imports the frame
format from here.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import logging
import os
import struct
import sys
import uuid
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, BinaryIO, Final, NoReturn

__all__ = ["HEADER", "MAX_FRAME", "MAX_STREAMS", "decode", "encode"]

HEADER: Final = struct.Struct(">I")
MAX_FRAME: Final = 160 * 1024 * 1024
"""A block of Fabric's largest message size (100 MiB), as base64."""
MAX_STREAMS: Final = 48
"""Deliveries open at once: hfc's gRPC keeps a thread for each."""
_THREADS: Final = MAX_STREAMS + 16
_BYTES: Final = "$bytes"

Values = dict[str, Any]


def encode(values: Mapping[str, object]) -> bytes:
    """A frame without its length."""
    return json.dumps(values, separators=(",", ":"), default=_wrapped).encode()


def decode(frame: bytes) -> Values:
    """What a frame holds. Raises ValueError for anything but one JSON object."""
    values = json.loads(frame, object_hook=_unwrapped)
    if not isinstance(values, dict):
        raise ValueError("a frame holds one object")
    return values


def _wrapped(value: object) -> Mapping[str, str]:
    if not isinstance(value, bytes):
        raise TypeError(f"{type(value).__name__} does not travel")
    return {_BYTES: base64.b64encode(value).decode()}


def _unwrapped(found: Values) -> object:
    return base64.b64decode(found[_BYTES], validate=True) if found.keys() == {_BYTES} else found


class Refusal(Exception):
    """What the caller is told instead of an answer."""

    def __init__(self, kind: str, code: str, details: str) -> None:
        super().__init__(details)
        self.body = {"kind": kind, "code": code, "details": details}


class Fabric:
    """hfc's peers and orderers, by the handles that the client gave them; each method is a verb of the pipe."""

    def __init__(self) -> None:
        _mend_imports()
        from hfc.fabric.orderer import Orderer
        from hfc.fabric.peer import Peer

        self._kinds = {"peer": Peer, "orderer": Orderer}
        self._nodes: dict[str, Any] = {}
        self._streams: dict[str, Any] = {}

    async def open(self, request: Values) -> Values:
        """Know a node from now on; it is connected to when it is first used."""
        if request["handle"] not in self._nodes:
            self._nodes[request["handle"]] = self._kinds[request["kind"]](
                name=request["name"],
                endpoint=request["address"],
                tls_ca_cert_file=request["roots"],
                client_key_file=request["key"],
                client_cert_file=request["certificate"],
                opts=[(name, value) for name, value in request["options"]],
            )
        return {}

    async def propose(self, request: Values) -> Values:
        """Ask one peer to simulate a signed proposal: the bytes of its ProposalResponse."""
        from hfc.protos.peer.proposal_pb2 import SignedProposal

        proposal = SignedProposal(proposal_bytes=request["proposal"], signature=request["signature"])
        answer = await self._node(request).send_proposal(proposal)
        return {"response": answer.SerializeToString()}

    async def discover(self, request: Values) -> Values:
        """Put a signed question to a peer's discovery service."""
        from hfc.protos.discovery.protocol_pb2 import SignedRequest

        question = SignedRequest(payload=request["question"], signature=request["signature"])
        answer = await self._node(request).send_discovery(question)
        return {"answer": answer.SerializeToString()}

    async def assemble(self, request: Values) -> Values:
        """A transaction of a proposal and peers' responses, to be signed; transient values stay out of it."""
        from hfc.protos.common.common_pb2 import Header
        from hfc.protos.peer.proposal_pb2 import ChaincodeProposalPayload, Proposal
        from hfc.protos.peer.proposal_response_pb2 import ProposalResponse
        from hfc.protos.utils import create_tx_payload
        from hfc.util.utils import build_tx_req

        proposal = Proposal.FromString(request["proposal"])
        call = ChaincodeProposalPayload.FromString(proposal.payload)
        proposal.payload = ChaincodeProposalPayload(input=call.input).SerializeToString()
        responses = [ProposalResponse.FromString(each) for each in request["responses"]]
        transaction = build_tx_req((responses, proposal, Header.FromString(proposal.header)))
        return {"payload": create_tx_payload([each.endorsement for each in responses], transaction)}

    async def broadcast(self, request: Values) -> Values:
        """Hand a signed transaction to one orderer: the status that it answers."""
        stream = self._node(request).broadcast(_envelope(request))
        try:
            async for answer in stream:
                return {"status": answer.status, "info": answer.info}
        finally:
            stream.cancel()
        raise Refusal("rpc", "UNAVAILABLE", "the orderer said nothing")

    async def deliver(self, request: Values) -> Values:
        """Open a peer's delivery of blocks, whole or filtered; `next` takes them."""
        if len(self._streams) >= MAX_STREAMS:
            raise Refusal("limit", "streams", f"{MAX_STREAMS} listeners are open, which is all that hfc can bear")
        stream = uuid.uuid4().hex
        self._streams[stream] = self._node(request).delivery(_envelope(request), filtered=request["filtered"])
        return {"stream": stream}

    async def next(self, request: Values) -> Values:
        """The next message of a delivery: which it is, and its bytes or its status."""
        stream = self._streams.get(request["stream"])
        if stream is None:
            raise Refusal("unknown", "stream", "no such delivery is open")
        try:
            answer = await anext(stream)
        except StopAsyncIteration:
            raise Refusal("rpc", "UNAVAILABLE", "the peer ended the delivery") from None
        kind = answer.WhichOneof("Type")
        if kind == "status":
            return {"status": answer.status}
        return {"block": getattr(answer, kind).SerializeToString()}

    def end(self, request: Values) -> None:
        """Close a delivery."""
        stream = self._streams.pop(request["stream"], None)
        if stream is not None:
            stream.cancel()

    async def hello(self, request: Values) -> Values:
        """Who is here."""
        from importlib.metadata import version

        return {name: version(name) for name in ("fabric-sdk-py", "grpcio", "protobuf")}

    def _node(self, request: Values) -> Any:
        node = self._nodes.get(request["node"])
        if node is None:  # of a worker before this one
            raise Refusal("unknown", "node", "no such node has been opened")
        return node


def _envelope(request: Values) -> Any:
    from hfc.protos.utils import create_envelope

    return create_envelope(request["signature"], request["payload"])


def _mend_imports() -> None:
    """hfc takes sha256 from a module that Python 3.12 has renamed."""
    try:
        import _sha256  # type: ignore[import-not-found, unused-ignore]  # noqa: F401 - is it there?
    except ImportError:
        sys.modules["_sha256"] = hashlib


class Desk:
    """Takes requests in, runs each as a task of its own, sends the answers out."""

    def __init__(self, verbs: Fabric, output: asyncio.StreamWriter) -> None:
        self._verbs = verbs
        self._output = output
        self._sending = asyncio.Lock()
        self._running: dict[int, asyncio.Task[None]] = {}

    def take(self, request: Values) -> None:
        """Begin what is asked; what has no number is told and not answered."""
        number = request.get("id")
        if number is None:
            self._heed(request)
            return
        task = asyncio.get_running_loop().create_task(self._answer(number, request))
        self._running[number] = task
        task.add_done_callback(lambda _done: self._running.pop(number, None))

    def _heed(self, request: Values) -> None:
        if request["verb"] == "end":
            self._verbs.end(request)
        elif request["verb"] == "cancel" and request["of"] in self._running:
            self._running[request["of"]].cancel()

    async def _answer(self, number: int, request: Values) -> None:
        try:
            verb: Callable[[Values], Awaitable[Values]] = getattr(self._verbs, request["verb"])
            body = {"id": number, "ok": await verb(request)}
        except Refusal as refusal:
            body = {"id": number, "error": refusal.body}
        except Exception as error:  # noqa: BLE001, RUF100 - every fault is told to the caller, who maps it
            body = {"id": number, "error": _fault(error)}
        frame = encode(body)
        if len(frame) > MAX_FRAME:
            frame = encode({"id": number, "error": {"kind": "limit", "code": "frame", "details": "is too large"}})
        async with self._sending:
            self._output.write(HEADER.pack(len(frame)) + frame)
            await self._output.drain()


def _fault(error: Exception) -> Mapping[str, str]:
    """gRPC's failures keep their code; anything else is named, without its text: that may hold what was sent."""
    code, details = getattr(error, "code", None), getattr(error, "details", None)
    if callable(code) and callable(details):
        return {"kind": "rpc", "code": str(code().name), "details": str(details() or "")}
    return {"kind": "program", "code": type(error).__name__, "details": ""}


async def serve(source: BinaryIO, sink: BinaryIO) -> NoReturn:
    """Answer requests until the input ends, and the process with it."""
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(_THREADS))
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), source)
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, sink)
    desk = Desk(Fabric(), asyncio.StreamWriter(transport, protocol, reader, loop))
    while True:
        try:
            (length,) = HEADER.unpack(await reader.readexactly(HEADER.size))
            desk.take(decode(await reader.readexactly(length)))
        except (asyncio.IncompleteReadError, ConnectionError):
            os._exit(0)  # no tidying up: it would wait for the threads of open deliveries


def main() -> None:
    """Keep the pipe to ourselves, whatever hfc prints, and serve."""
    logging.disable(logging.CRITICAL)  # hfc logs whole proposals, transient values and all
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    asyncio.run(serve(os.fdopen(os.dup(0), "rb", buffering=0), answers))


if __name__ == "__main__":
    main()
