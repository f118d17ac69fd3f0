"""The smallest chaincode-as-a-service server that answers: `put`, `get`, `hide`, `reveal`, `where`, `version`.

It tests the network, not chaincode: the product's server lives in hlf_chaincode.shim. Runs in a test's own
process (`serving`) or as a program in a container, configured by the same environment as the product's.
"""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import grpc

from hlf_chaincode.protos.peer import chaincode_pb2 as chaincode
from hlf_chaincode.protos.peer import chaincode_shim_pb2 as shim
from hlf_chaincode.protos.peer import proposal_response_pb2 as proposal

MESSAGE = shim.ChaincodeMessage


PEERS_PING_OFTEN = (("grpc.http2.min_ping_interval_without_data_ms", 5000), ("grpc.http2.max_ping_strikes", 0))
"""A peer pings a chaincode server more often than gRPC tolerates by default, and would be sent away."""


class Chaincode:
    """One stream per peer; each transaction runs in a thread of its own."""

    def __init__(self, package_id: Callable[[], str]) -> None:
        self.package_id = package_id

    def connect(self, request_iterator, context):  # type: ignore[no-untyped-def]
        outgoing: queue.Queue[object] = queue.Queue()
        waiting: dict[tuple[str, str], queue.Queue[object]] = {}
        name = chaincode.ChaincodeID(name=self.package_id())
        outgoing.put(MESSAGE(type=MESSAGE.REGISTER, payload=name.SerializeToString()))

        def read() -> None:
            try:
                for message in request_iterator:
                    key = (message.channel_id, message.txid)
                    if message.type == MESSAGE.TRANSACTION:
                        waiting[key] = queue.Queue()
                        threading.Thread(target=_transact, args=(message, outgoing, waiting, key), daemon=True).start()
                    elif message.type in {MESSAGE.RESPONSE, MESSAGE.ERROR} and key in waiting:
                        waiting[key].put(message)
                    elif message.type == MESSAGE.KEEPALIVE:
                        outgoing.put(message)
            except grpc.RpcError:
                pass  # the peer has gone
            outgoing.put(None)

        threading.Thread(target=read, daemon=True).start()
        while (message := outgoing.get()) is not None:
            yield message


def _transact(message, outgoing, waiting, key):  # type: ignore[no-untyped-def]
    arguments = [part.decode() for part in chaincode.ChaincodeInput.FromString(message.payload).args]

    def ask(kind: shim.ChaincodeMessage.Type, payload: bytes) -> bytes:
        outgoing.put(MESSAGE(type=kind, payload=payload, txid=message.txid, channel_id=message.channel_id))
        return bytes(waiting[key].get(timeout=30).payload)

    response = proposal.Response(status=200)
    match arguments:
        case ["put", name, value]:
            ask(MESSAGE.PUT_STATE, shim.PutState(key=name, value=value.encode()).SerializeToString())
            response.payload = value.encode()
        case ["get", name]:
            response.payload = ask(MESSAGE.GET_STATE, shim.GetState(key=name).SerializeToString())
        case ["hide", collection, name, value]:
            put = shim.PutState(key=name, value=value.encode(), collection=collection)
            ask(MESSAGE.PUT_STATE, put.SerializeToString())
        case ["reveal", collection, name]:
            response.payload = ask(
                MESSAGE.GET_STATE, shim.GetState(key=name, collection=collection).SerializeToString()
            )
        case ["where"]:
            response.payload = message.channel_id.encode()
        case ["version"]:
            response.payload = os.environ.get("CHAINCODE_ID", "").encode()
        case _:
            response.status, response.message = 400, f"unknown function {arguments[:1]}"
    done = MESSAGE(
        type=MESSAGE.COMPLETED,
        payload=response.SerializeToString(),
        txid=message.txid,
        channel_id=message.channel_id,
    )
    waiting.pop(key)
    outgoing.put(done)


@contextmanager
def serving(settings: Mapping[str, str], package_id: Callable[[], str] | None = None) -> Iterator[None]:
    """Serve with mutual TLS, as the environment of a chaincode container says, until the block ends.

    `package_id` is asked anew for every peer that connects: renewed certificates change it.
    """
    key, certificate, roots = (
        Path(settings[name]).read_bytes()
        for name in ("CHAINCODE_TLS_KEY_FILE", "CHAINCODE_TLS_CERT_FILE", "CHAINCODE_TLS_CLIENT_CACERT_FILE")
    )
    server = grpc.server(ThreadPoolExecutor(max_workers=8), options=PEERS_PING_OFTEN)
    connect = grpc.stream_stream_rpc_method_handler(
        Chaincode(package_id or (lambda: settings["CHAINCODE_ID"])).connect,
        request_deserializer=MESSAGE.FromString,
        response_serializer=MESSAGE.SerializeToString,
    )
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("protos.Chaincode", {"Connect": connect})])
    credentials = grpc.ssl_server_credentials([(key, certificate)], root_certificates=roots, require_client_auth=True)
    server.add_secure_port(settings["CHAINCODE_SERVER_ADDRESS"], credentials)
    server.start()
    try:
        yield
    finally:
        server.stop(grace=None).wait()


def read_settings(path: Path) -> dict[str, str]:
    """The settings that the driver writes for a server on the host."""
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


if __name__ == "__main__":
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with serving(os.environ):
        ended.wait()
