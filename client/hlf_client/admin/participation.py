"""The orderers' channel-participation API: join a channel, list what was joined (HTTPS, mutual TLS)."""

from __future__ import annotations

import http.client
import json
import secrets
import ssl
import time
from dataclasses import dataclass
from pathlib import Path

from hlf_chaincode.protos.common.common_pb2 import Block
from hlf_client.errors import LedgerUnavailable, NetworkError

__all__ = ["OrdererAdmin"]

PATH = "/participation/v1/channels"
SECONDS = 30
DIAL_SECONDS = 10


@dataclass(frozen=True, slots=True)
class OrdererAdmin:
    """One orderer's admin endpoint and the client certificate that opens it."""

    name: str
    address: str
    port: int
    roots: Path
    certificate: Path
    key: Path

    def channels(self) -> frozenset[str]:
        """The channels that this orderer has joined."""
        status, body = self._request("GET", PATH, b"", {})
        if status != http.HTTPStatus.OK:
            raise NetworkError(f"{self.name} does not list its channels: {_words(body)}.")
        return frozenset(channel["name"] for channel in json.loads(body).get("channels") or ())

    def height(self, channel: str) -> int:
        """How many blocks of a channel this orderer has."""
        status, body = self._request("GET", f"{PATH}/{channel}", b"", {})
        if status != http.HTTPStatus.OK:
            raise NetworkError(f"{self.name} does not know channel {channel}: {_words(body)}.")
        return int(json.loads(body)["height"])

    def join(self, channel: str, block: Block) -> bool:
        """Join a channel by a config block; False when it had been joined before."""
        boundary = secrets.token_hex(16)
        content = block.SerializeToString(deterministic=True)
        body = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="config-block"; filename="config.block"\r\n'
            f"Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        body += content + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        status, answer = self._request("POST", PATH, body, headers)
        if status == http.HTTPStatus.CREATED:
            return True
        if status == http.HTTPStatus.METHOD_NOT_ALLOWED and channel in self.channels():
            return False
        raise NetworkError(f"{self.name} does not join channel {channel} ({status}): {_words(answer)}.")

    def _request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        try:
            connection = self._connect()
            try:
                connection.request(method, path, body or None, headers)
                answer = connection.getresponse()
                return answer.status, answer.read()
            finally:
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise self._silent(error) from error

    def _connect(self) -> http.client.HTTPSConnection:
        """Dial, again for a while: a node that has just become healthy may not listen here yet."""
        context = ssl.create_default_context(cafile=str(self.roots))
        context.load_cert_chain(self.certificate, self.key)
        deadline = time.monotonic() + DIAL_SECONDS
        while True:
            connection = http.client.HTTPSConnection(self.address, self.port, timeout=SECONDS, context=context)
            try:
                connection.connect()
            except (ConnectionError, ssl.SSLEOFError):
                connection.close()
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return connection

    def _silent(self, error: Exception) -> LedgerUnavailable:
        return LedgerUnavailable(
            f"The admin endpoint of {self.name} at {self.address}:{self.port} does not answer: {error}."
        )


def _words(body: bytes) -> str:
    try:
        return str(json.loads(body)["error"])
    except (ValueError, KeyError, TypeError):
        return body.decode(errors="replace").strip()
