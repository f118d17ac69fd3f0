"""A gateway peer in this process, speaking real gRPC over loopback: what it answers, a test decides."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Self

import grpc
import grpc.aio
from google.rpc.status_pb2 import Status
from tests.grpc_serving import handler_of

from hlf_chaincode.protos.common.common_pb2 import Block, BlockHeader, Envelope, Payload
from hlf_chaincode.protos.common.common_pb2 import Status as StatusOfPeer
from hlf_chaincode.protos.gateway import gateway_pb2
from hlf_chaincode.protos.msp import identities_pb2
from hlf_chaincode.protos.orderer.ab_pb2 import SeekInfo
from hlf_chaincode.protos.peer import (
    chaincode_event_pb2,
    chaincode_pb2,
    events_pb2,
    proposal_pb2,
    proposal_response_pb2,
    transaction_pb2,
)
from hlf_client.gateway import Endpoint, Retries

__all__ = ["AT_ONCE", "ENDORSERS", "FakePeer", "Refusal", "endorsed_payload"]

AT_ONCE = Retries(pause=0)
"""Repeats without pauses."""
ENDORSERS = ("SafeMSP", "BankMSP", "SafeMSP")
"""Whose peers endorse."""


@dataclass(frozen=True)
class Refusal(Exception):
    """What the peer answers instead: a gRPC status, its text, and what each peer behind it said."""

    code: grpc.StatusCode
    text: str = ""
    peers: tuple[tuple[str, str, str], ...] = ()

    def details(self) -> bytes:
        """A serialized google.rpc.Status."""
        status = Status(code=self.code.value[0], message=self.text)
        for address, msp_id, message in self.peers:
            status.details.add().Pack(gateway_pb2.ErrorDetail(address=address, msp_id=msp_id, message=message))
        return bytes(status.SerializeToString())


def endorsed_payload(proposal: bytes, result: bytes) -> bytes:
    """The payload of a transaction whose endorsers answered `result`."""
    header = proposal_pb2.Proposal.FromString(proposal).header
    action = proposal_pb2.ChaincodeAction(response=proposal_response_pb2.Response(status=200, payload=result))
    response = proposal_response_pb2.ProposalResponsePayload(extension=action.SerializeToString())
    endorsers = (identities_pb2.SerializedIdentity(mspid=each).SerializeToString() for each in ENDORSERS)
    endorsed = transaction_pb2.ChaincodeEndorsedAction(
        proposal_response_payload=response.SerializeToString(),
        endorsements=[proposal_response_pb2.Endorsement(endorser=each) for each in endorsers],
    )
    content = transaction_pb2.ChaincodeActionPayload(action=endorsed).SerializeToString()
    transaction = transaction_pb2.Transaction(actions=[transaction_pb2.TransactionAction(payload=content)])
    from hlf_chaincode.protos.common.common_pb2 import Header

    return bytes(Payload(header=Header.FromString(header), data=transaction.SerializeToString()).SerializeToString())


def arguments_of(proposal: bytes) -> list[bytes]:
    """What a proposal calls its chaincode with, the function first."""
    payload = proposal_pb2.ChaincodeProposalPayload.FromString(proposal_pb2.Proposal.FromString(proposal).payload)
    called = chaincode_pb2.ChaincodeInvocationSpec.FromString(payload.input)
    return list(called.chaincode_spec.input.args)


@dataclass
class FakePeer:
    """Keeps every request; `refuse` holds what to answer to the next calls of a method, in order."""

    requests: list[tuple[str, Any]] = field(default_factory=list)
    refuse: dict[str, list[Refusal]] = field(default_factory=dict)
    answer: bytes = b"answer"
    endorses: bytes = b""
    """The proposal whose endorsement is answered, in place of the one that was asked for."""
    code: int = 0
    events: list[tuple[int, list[tuple[str, str]]]] = field(default_factory=list)
    """Blocks: number, and (transaction id, name) of the events in it."""
    blocks: list[Any] = field(default_factory=list)
    status: int = 0
    """The status with which deliveries of blocks end at once."""
    drop_after: list[int] = field(default_factory=list)
    """After how many events or blocks each next stream breaks off; the last one stays open."""
    dies_in: str = ""
    """The method in whose midst the peer goes, after it has taken the request."""
    hangs_in: str = ""
    """The method that takes requests and never answers."""
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the first request is there."""
    metadata: list[dict[str, str]] = field(default_factory=list)
    """What came with each request beside it."""
    death: asyncio.Task[None] | None = None
    server: Any = None
    port: int = 0

    @classmethod
    async def start(cls, port: int = 0, credentials: grpc.ServerCredentials | None = None) -> Self:
        peer = cls()
        peer.server = grpc.aio.server()
        peer.server.add_generic_rpc_handlers(
            [
                handler_of(gateway_pb2.DESCRIPTOR.services_by_name["Gateway"], peer),
                handler_of(events_pb2.DESCRIPTOR.services_by_name["Deliver"], peer),
            ]
        )
        address = f"127.0.0.1:{port}"
        if credentials is None:
            peer.port = peer.server.add_insecure_port(address)
        else:
            peer.port = peer.server.add_secure_port(address, credentials)
        await peer.server.start()
        return peer

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(f"127.0.0.1:{self.port}", name=f"peer-{self.port}")

    async def stop(self) -> None:
        if self.death is None:
            await self.server.stop(None)
        else:
            await self.death

    def calls(self, method: str) -> list[Any]:
        return [request for name, request in self.requests if name == method]

    async def _take(self, method: str, request: Any, context: Any) -> None:
        self.requests.append((method, request))
        self.asked.set()
        self.metadata.append({key: str(value) for key, value in context.invocation_metadata()})
        if method == self.hangs_in:
            await _for_ever()
        if method == self.dies_in:
            self.death = asyncio.create_task(self.server.stop(None))
            await _for_ever()
        waiting = self.refuse.get(method)
        if waiting:
            await self._abort(waiting.pop(0), context)

    async def _abort(self, refusal: Refusal, context: Any) -> None:
        context.set_trailing_metadata((("grpc-status-details-bin", refusal.details()),))
        await context.abort(refusal.code, refusal.text)

    async def Evaluate(self, request: Any, context: Any) -> Any:
        await self._take("Evaluate", request, context)
        function, *args = arguments_of(request.proposed_transaction.proposal_bytes)
        if function == b"GetBlockByTxID":
            return await self._block_of(args[1].decode(), context)
        return gateway_pb2.EvaluateResponse(result=proposal_response_pb2.Response(status=200, payload=self.answer))

    async def _block_of(self, wanted: str, context: Any) -> Any:
        """qscc's answer: the whole block in which a transaction is."""
        numbers = [number for number, events in self.events if wanted in [each for each, _ in events]]
        if not numbers:
            text = (
                f"evaluate call to endorser returned error: chaincode response 500, no such transaction ID [{wanted}]"
            )
            await self._abort(Refusal(grpc.StatusCode.UNKNOWN, text), context)
        found = Block(header=BlockHeader(number=numbers[0])).SerializeToString()
        return gateway_pb2.EvaluateResponse(result=proposal_response_pb2.Response(status=200, payload=found))

    async def Endorse(self, request: Any, context: Any) -> Any:
        await self._take("Endorse", request, context)
        payload = endorsed_payload(self.endorses or request.proposed_transaction.proposal_bytes, self.answer)
        return gateway_pb2.EndorseResponse(prepared_transaction=Envelope(payload=payload))

    async def Submit(self, request: Any, context: Any) -> Any:
        await self._take("Submit", request, context)
        return gateway_pb2.SubmitResponse()

    async def CommitStatus(self, request: Any, context: Any) -> Any:
        await self._take("CommitStatus", request, context)
        return gateway_pb2.CommitStatusResponse(result=transaction_pb2.TxValidationCode.Name(self.code), block_number=7)

    async def ChaincodeEvents(self, request: Any, context: Any) -> AsyncIterator[Any]:
        asked = gateway_pb2.ChaincodeEventsRequest.FromString(request.request)
        await self._take("ChaincodeEvents", asked, context)
        left = self.drop_after.pop(0) if self.drop_after else None
        silent = True
        start, skip = asked.start_position.specified.number, asked.after_transaction_id
        for number, events in self.events:
            if number < start:
                continue
            ids = [transaction_id for transaction_id, _ in events]
            if number == start and skip:
                events = events[len(ids) - ids[::-1].index(skip) :] if skip in ids else []
            for transaction_id, name in events:
                if left == 0:
                    await context.abort(grpc.StatusCode.UNAVAILABLE, "the line is cut")
                left = None if left is None else left - 1
                event = chaincode_event_pb2.ChaincodeEvent(
                    chaincode_id="exim", tx_id=transaction_id, event_name=name, payload=b"{}"
                )
                silent = False
                yield gateway_pb2.ChaincodeEventsResponse(events=[event], block_number=number)
        if left is not None:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "the line is cut")
        if silent:
            await context.send_initial_metadata(())
        await _for_ever()

    async def Deliver(self, request_iterator: Any, context: Any) -> AsyncIterator[Any]:
        if self.status:
            yield events_pb2.DeliverResponse(status=StatusOfPeer.Name(self.status))
            return
        async for block in self._deliver("Deliver", request_iterator, context):
            yield events_pb2.DeliverResponse(block=Block.FromString(block.SerializeToString()))

    async def DeliverFiltered(self, request_iterator: Any, context: Any) -> AsyncIterator[Any]:
        async for block in self._deliver("DeliverFiltered", request_iterator, context):
            filtered = events_pb2.FilteredBlock(channel_id="fx", number=block.header.number)
            for number, (transaction_id, name) in enumerate(dict(self.events).get(block.header.number, ())):
                transaction = filtered.filtered_transactions.add(txid=transaction_id, tx_validation_code=number)
                action = transaction.transaction_actions.chaincode_actions.add()
                action.chaincode_event.chaincode_id, action.chaincode_event.event_name = "exim", name
            yield events_pb2.DeliverResponse(filtered_block=filtered)

    async def DeliverWithPrivateData(self, request_iterator: Any, context: Any) -> AsyncIterator[Any]:
        async for block in self._deliver("DeliverWithPrivateData", request_iterator, context):
            private = events_pb2.BlockAndPrivateData(block=Block.FromString(block.SerializeToString()))
            yield events_pb2.DeliverResponse(block_and_private_data=private)

    async def _deliver(self, method: str, request_iterator: Any, context: Any) -> AsyncIterator[Any]:
        request = await anext(aiter(request_iterator))
        seek = SeekInfo.FromString(Payload.FromString(request.payload).data)
        await self._take(method, seek, context)
        left = self.drop_after.pop(0) if self.drop_after else None
        for block in self.blocks:
            if block.header.number < seek.start.specified.number:
                continue
            if left == 0:
                await context.abort(grpc.StatusCode.UNAVAILABLE, "the line is cut")
            left = None if left is None else left - 1
            yield block
        if left is not None:
            await context.abort(grpc.StatusCode.UNAVAILABLE, "the line is cut")
        await _for_ever()


async def _for_ever() -> None:
    await asyncio.Event().wait()
