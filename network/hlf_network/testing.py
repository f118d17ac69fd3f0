"""Fabric networks for tests: a real consortium in Docker for as long as a test session lasts.

    with running_network(consortium, folder) as network:
        profile = network.layout.profile(network.consortium.organization("eximbank"), "yaml")

The fixture `fabric_network` of `eximledger.testing` does this for a test session.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import grpc
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import Reaper
from testcontainers.core.labels import create_labels

from hlf_chaincode.protos.common.common_pb2 import Envelope, Payload
from hlf_chaincode.protos.gateway.gateway_pb2 import (
    CommitStatusRequest,
    EndorseRequest,
    EvaluateRequest,
    SignedCommitStatusRequest,
    SubmitRequest,
)
from hlf_chaincode.protos.gateway.gateway_pb2_grpc import BlockingGatewayStub
from hlf_chaincode.protos.msp.identities_pb2 import SerializedIdentity
from hlf_chaincode.protos.peer.proposal_pb2 import ChaincodeAction
from hlf_chaincode.protos.peer.proposal_response_pb2 import ProposalResponsePayload
from hlf_chaincode.protos.peer.transaction_pb2 import ChaincodeActionPayload, Transaction, TxValidationCode
from hlf_client.admin.calls import Call
from hlf_client.admin.signatory import MspSignatory, Signatory
from hlf_client.errors import EndorsementFailed, FabricError, LedgerUnavailable
from hlf_client.wire.refusals import refusals
from hlf_network._session import endpoint_of
from hlf_network.consortium import Consortium
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.engine.ports import PortBook

__all__ = ["GatewayCaller", "Outcome", "missing_for", "running_network"]

DISCOVERY_SECONDS = 60.0


def missing_for(consortium: Consortium) -> str | None:
    """Why this consortium cannot run here; None when an engine and all images are at hand."""
    images = {consortium.peer_image, consortium.orderer_image}
    chaincode = consortium.chaincode
    if chaincode and chaincode.server == "container":
        images.add(chaincode.image.name or chaincode.image.base)
    try:
        engine = Engine.connect(consortium.name)
    except FabricError as error:
        return str(error)
    try:
        absent = sorted(image for image in images if engine.image_id(image) is None)
    finally:
        engine.close()
    return f"no image {absent[0]} on this machine" if absent else None


@contextmanager
def running_network(consortium: Consortium, folder: Path, *, deploy: bool = True) -> Iterator[Network]:
    """Bring a consortium up, and take away everything of it at the end, also after a failure.

    What a killed session has left of a network of this name goes first, where none of it runs any more.
    It belongs to the session of testcontainers, whose reaper (Ryuk) takes it away when even this process is killed:
    wherever that is enabled and its image is at hand; nothing is pulled for it.
    """
    network = Network(consortium, folder=folder, labels=_session_labels(consortium.name))
    if not network.runs():
        network.down(purge=True)
    try:
        network.up(deploy=deploy)
        yield network
    finally:
        network.down(purge=True)


def _session_labels(name: str) -> Mapping[str, str]:
    """What marks a thing as of this test session, and the reaper awake that looks for it."""
    if not testcontainers_config.ryuk_disabled:
        engine = Engine.connect(name)
        try:
            if engine.image_id(testcontainers_config.ryuk_image) is not None:
                Reaper.get_instance()
        finally:
            engine.close()
    return create_labels(image="", labels=None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A committed transaction."""

    transaction_id: str
    block_number: int
    result: bytes


class GatewayCaller:
    """One user at the gateway of their own peer: enough to see that a network works. Not for applications."""

    def __init__(self, network: Network, organization: str, user: str = "admin") -> None:
        consortium, layout = network.consortium, network.layout
        owner = consortium.organization(organization)
        ports = PortBook.open(layout.ports, consortium)
        self._endpoint = endpoint_of(consortium, layout, ports, owner, owner.peers[0], user=user)
        self._signatory: Signatory = MspSignatory.load(owner.msp, layout.user(owner, user) / "msp")
        self._chaincode = consortium.chaincode.name if consortium.chaincode else ""

    def evaluate(self, channel: str, *args: str) -> bytes:
        """Ask; nothing is written."""
        call = self._call(channel, args)
        request = EvaluateRequest(
            transaction_id=call.transaction_id, channel_id=channel, proposed_transaction=call.signed
        )
        with self._gateway() as gateway, _typed(call.transaction_id):
            return bytes(gateway.Evaluate(request, timeout=30).result.payload)

    def submit(self, channel: str, *args: str, transient: Mapping[str, bytes] | None = None) -> Outcome:
        """Endorse as the gateway sees fit, order, and wait for the commit."""
        call = self._call(channel, args, transient)
        with self._gateway() as gateway, _typed(call.transaction_id):
            request = EndorseRequest(
                transaction_id=call.transaction_id, channel_id=channel, proposed_transaction=call.signed
            )
            envelope = gateway.Endorse(request, timeout=30).prepared_transaction
            envelope.signature = self._signatory.sign(envelope.payload)
            submit = SubmitRequest(
                transaction_id=call.transaction_id, channel_id=channel, prepared_transaction=envelope
            )
            gateway.Submit(submit, timeout=30)
            identity = SerializedIdentity(mspid=self._signatory.msp_id, id_bytes=self._signatory.certificate)
            query = CommitStatusRequest(
                transaction_id=call.transaction_id, channel_id=channel, identity=identity.SerializeToString()
            ).SerializeToString()
            signed = SignedCommitStatusRequest(request=query, signature=self._signatory.sign(query))
            status = gateway.CommitStatus(signed, timeout=60)
        if status.result != TxValidationCode.VALID:
            raise FabricError(f"transaction {call.transaction_id} is {TxValidationCode.Name(status.result)}")
        return Outcome(call.transaction_id, status.block_number, _result(envelope))

    def submit_when_discovered(self, channel: str, *args: str) -> Outcome:
        """Submit, and again while gossip has not yet introduced the peers whose endorsement is needed."""
        deadline = time.monotonic() + DISCOVERY_SECONDS
        while True:
            try:
                return self.submit(channel, *args)
            except (EndorsementFailed, LedgerUnavailable):
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _call(self, channel: str, args: Sequence[str], transient: Mapping[str, bytes] | None = None) -> Call:
        return Call.build(self._signatory, channel, self._chaincode, [arg.encode() for arg in args], transient)

    @contextmanager
    def _gateway(self) -> Iterator[BlockingGatewayStub]:
        with self._endpoint.open_blocking() as connection:
            yield BlockingGatewayStub(connection)


@contextmanager
def _typed(transaction_id: str) -> Iterator[None]:
    """The gateway's errors as ours, with what each peer said."""
    try:
        yield
    except grpc.RpcError as error:
        code, text = error.code(), error.details()
        if code in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}:
            raise LedgerUnavailable(text or code.name) from error
        peers = refusals(error)
        words = "; ".join(f"{peer.address} ({peer.msp_id}): {peer.message}" for peer in peers)
        raise EndorsementFailed(f"{text} {words}".strip(), transaction_id=transaction_id, peers=peers) from error


def _result(envelope: Envelope) -> bytes:
    transaction = Transaction.FromString(Payload.FromString(envelope.payload).data)
    action = ChaincodeActionPayload.FromString(transaction.actions[0].payload).action
    extension = ProposalResponsePayload.FromString(action.proposal_response_payload).extension
    return bytes(ChaincodeAction.FromString(extension).response.payload)
