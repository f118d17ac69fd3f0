"""A node of Fabric, and how a gRPC channel to it is set up."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import Final

import grpc
import grpc.aio
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from hlf_client.errors import LedgerUnavailable, NotAuthorized
from hlf_client.identity import certificate_hash

__all__ = ["DEMANDS_CERTIFICATE", "Endpoint", "is_turned_away"]

DEMANDS_CERTIFICATE: Final = (
    "demands a client's TLS certificate of an authority that it knows (mutual TLS): name one of your organisation's, "
    "and its key, as client.tlsCerts.client of the profile or in the Endpoint"
)
"""What a node does that turns a client away, and what to do about it."""

_OPTIONS: Final[dict[str, int | str]] = {
    # Peers stop at 100 MiB by themselves; what they do take is not to fail here, as in Fabric's own SDKs.
    "grpc.max_send_message_length": -1,
    "grpc.max_receive_message_length": -1,
    # Those of fabric-sdk-node: a quiet stream is probed every two minutes, for ever (peers allow every minute).
    "grpc.keepalive_time_ms": 120_000,
    "grpc.keepalive_timeout_ms": 20_000,
    "grpc.keepalive_permit_without_calls": 1,
    "grpc.http2.max_pings_without_data": 0,
    # A peer that restarts is to be found again within a second; gRPC itself would wait for up to two minutes.
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.min_reconnect_backoff_ms": 1_000,
    "grpc.max_reconnect_backoff_ms": 1_000,
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A node: peer or orderer. `address` is `host:port`; `roots` (PEM) issued its TLS certificate, None for no TLS.

    `host` must stand in that certificate where it is not the address's own: a peer behind a proxy or a published port.
    `certificate` and `key` (PEM) are this client's for mutual TLS. `name` is the peer's, for messages. `options` are
    gRPC's channel arguments, in place of ours where both name one.

    Raises `NotAuthorized` for a certificate and a key that are no pair: gRPC would not, it ends the process.
    """

    address: str
    roots: bytes | None = field(default=None, repr=False)
    host: str = ""
    name: str = ""
    certificate: bytes | None = field(default=None, repr=False)
    key: bytes | None = field(default=None, repr=False)
    options: tuple[tuple[str, int | str], ...] = ()

    def __post_init__(self) -> None:
        if not _is_pair(self.certificate, self.key):
            raise NotAuthorized(
                f"the TLS certificate and key of this client for {self} are no pair: give both, unencrypted in PEM"
            )

    def __str__(self) -> str:
        return self.name or self.address

    @property
    def arguments(self) -> list[tuple[str, int | str]]:
        """gRPC's channel arguments for it."""
        options = dict(_OPTIONS)
        if self.host:
            options |= {"grpc.ssl_target_name_override": self.host, "grpc.default_authority": self.host}
        if self.address.startswith(("localhost", "127.", "[::1]")):
            options["grpc.enable_http_proxy"] = 0
        return list((options | dict(self.options)).items())

    @property
    def tls_hash(self) -> bytes:
        """By which a peer that asks for mutual TLS ties a signed request for blocks to the connection."""
        return bytes.fromhex(certificate_hash(self.certificate)) if self.certificate else b""

    def open(self, anew: int = 0) -> grpc.aio.Channel:
        """A channel to it, on the running event loop; it connects when it is used.

        gRPC has all channels of the same arguments share a connection; a number `anew` is in the way of that.
        """
        credentials, arguments = self._credentials(), self.arguments
        if anew:
            arguments.append(("hlf_client.connection", anew))
        if credentials is None:
            return grpc.aio.insecure_channel(self.address, arguments)
        return grpc.aio.secure_channel(self.address, credentials, arguments)

    def open_blocking(self) -> grpc.Channel:
        """A channel to it for calls that hold their thread; it connects when it is used."""
        credentials = self._credentials()
        if credentials is None:
            return grpc.insecure_channel(self.address, self.arguments)
        return grpc.secure_channel(self.address, credentials, self.arguments)

    async def shown_certificate(self, seconds: float) -> bytes | None:
        """The certificate (PEM) that the node shows for TLS, checked by `roots`; None for one without TLS.

        Raises `LedgerUnavailable` where it does not answer in time, or shows none that these vouch for.
        """
        if self.roots is None:
            return None
        host, _, port = self.address.rpartition(":")
        host = host.strip("[]")
        try:
            context = ssl.create_default_context(cadata=self.roots.decode())
            context.set_alpn_protocols(["h2"])
            opened = asyncio.open_connection(host, int(port), ssl=context, server_hostname=self.host or host)
            _, writer = await asyncio.wait_for(opened, seconds)
        except (OSError, TimeoutError, ValueError) as error:
            raise LedgerUnavailable(f"{self} shows no TLS certificate: {str(error) or 'no answer in time'}") from None
        shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        writer.transport.abort()  # there is nothing to say to it
        return None if shown is None else ssl.DER_cert_to_PEM_cert(shown).encode()

    def _credentials(self) -> grpc.ChannelCredentials | None:
        if self.roots is None:
            return None
        return grpc.ssl_channel_credentials(self.roots, self.key, self.certificate)


def is_turned_away(said: str) -> bool:
    """Whether gRPC tells of a node that ended the TLS handshake because of this client's certificate; nothing was sent.

    Under TLS 1.3 a node judges it when, for the client, the handshake is over: its alert is read in place of an answer.
    """
    return "failed to connect" in said and "Unwrap failed" in said


def _is_pair(certificate: bytes | None, key: bytes | None) -> bool:
    """Whether both are absent, or the key is that of the certificate (the first one of a chain)."""
    if certificate is None or key is None:
        return certificate is key
    try:
        return load_pem_private_key(key, None).public_key() == load_pem_x509_certificate(certificate).public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False
