"""What the worker can do, with types: each method is one of its verbs, towards one node of the network."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hlf_client.hfc._pipe import Answer, RequestFailed, Worker
from hlf_client.hfc.worker import encode
from hlf_client.wire.endpoint import Endpoint

__all__ = ["Node", "Signed", "Wire"]


@dataclass(frozen=True, slots=True)
class Signed:
    """Bytes as they travel, with their signature."""

    content: bytes = field(repr=False)
    signature: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Node:
    """A peer or an orderer; `msp_id` is its organisation's, for messages and for counting endorsements."""

    kind: str
    msp_id: str
    endpoint: Endpoint

    def __str__(self) -> str:
        return str(self.endpoint)

    def described(self) -> Mapping[str, object]:
        """As hfc wants it."""
        return {
            "kind": self.kind,
            "name": str(self),
            "address": self.endpoint.address,
            "roots": self.endpoint.roots,
            "certificate": self.endpoint.certificate,
            "key": self.endpoint.key,
            "options": self.endpoint.arguments,
        }


class Wire:
    """The worker's verbs. Raises `RequestFailed` for what a node refused or a connection lost, `LedgerUnavailable`
    when the worker is gone."""

    def __init__(self, worker: Callable[[], Worker]) -> None:
        """`worker` gives the one of the running event loop."""
        self._worker = worker

    async def propose(self, peer: Node, proposal: Signed, seconds: float) -> bytes:
        """The ProposalResponse of one peer."""
        values = {"proposal": proposal.content, "signature": proposal.signature}
        return _bytes(await self._in_time(seconds, "propose", peer, values), "response")

    async def discover(self, peer: Node, question: Signed, seconds: float) -> bytes:
        """The discovery service's answer."""
        values = {"question": question.content, "signature": question.signature}
        return _bytes(await self._in_time(seconds, "discover", peer, values), "answer")

    async def assemble(self, proposal: bytes, responses: Sequence[bytes]) -> bytes:
        """The transaction of a proposal and its endorsements, to be signed."""
        values = {"proposal": proposal, "responses": responses}
        return _bytes(await self._worker().call("assemble", values), "payload")

    async def broadcast(self, orderer: Node, transaction: Signed, seconds: float) -> tuple[int, str]:
        """The status, and words, of one orderer."""
        values = {"payload": transaction.content, "signature": transaction.signature}
        answer = await self._in_time(seconds, "broadcast", orderer, values)
        return int(str(answer["status"])), str(answer["info"])

    async def deliver(self, peer: Node, seek: Signed, *, filtered: bool) -> AsyncGenerator[bytes | int, None]:
        """The blocks that a peer delivers, or the status by which it ends the delivery."""
        values = {"payload": seek.content, "signature": seek.signature, "filtered": filtered}
        worker = self._worker()
        stream = (await self._ask("deliver", peer, values))["stream"]
        try:
            while True:
                answer = await worker.call("next", {"stream": stream})
                yield _bytes(answer, "block") if "block" in answer else int(str(answer["status"]))
        finally:
            worker.tell("end", {"stream": stream})

    async def _in_time(self, seconds: float, verb: str, node: Node, values: Mapping[str, object]) -> Answer:
        """hfc sets no deadlines; a node that lets it pass is one that is away."""
        try:
            async with asyncio.timeout(seconds):
                return await self._ask(verb, node, values)
        except TimeoutError:
            raise RequestFailed("rpc", "DEADLINE_EXCEEDED", f"no answer within {seconds:g} s") from None

    async def _ask(self, verb: str, node: Node, values: Mapping[str, object]) -> Answer:
        """Ask of a node, which a new worker is told of first."""
        worker = self._worker()
        described = node.described()
        request = {**values, "node": hashlib.sha256(encode(described)).hexdigest()}
        try:
            return await worker.call(verb, request)
        except RequestFailed as error:
            if error.kind != "unknown":
                raise
        await worker.call("open", {**described, "handle": request["node"]})
        return await worker.call(verb, request)


def _bytes(answer: Answer, name: str) -> bytes:
    value = answer[name]
    if not isinstance(value, bytes):
        raise RequestFailed("program", name, "the worker's answer holds no bytes")
    return value
