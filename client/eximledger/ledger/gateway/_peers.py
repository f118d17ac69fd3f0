"""Gateway peers, called one after the other until one answers.

Any of an organisation's peers can be its gateway. A call goes to the one that answered last; when that is away the next
one is asked, each once, and then the caller is told. What is repeated here is safe to repeat: questions, endorsements,
and an envelope that is handed in again as it is, for Fabric commits a transaction id once.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar, cast

from eximledger.errors import InvalidDocument
from eximledger.ledger.gateway._errors import RpcFailure, is_transient, typed_error
from eximledger.ledger.gateway._protos import DeliverStub, GatewayStub, grpc

__all__ = ["Endpoint", "Peers", "Timeouts"]

AnswerT = TypeVar("AnswerT")

_log = logging.getLogger("eximledger.gateway")

_OPTIONS: Final = (
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
    ("grpc.keepalive_time_ms", 120_000),  # peers refuse pings that come more often than once a minute
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 1_000),
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A gateway peer. `address` is `host:port`; `roots` (PEM) issued its TLS certificate, None for no TLS.

    `host` must stand in that certificate where it is not the address's own: a peer behind a proxy or a published port.
    `certificate` and `key` (PEM) are this client's for mutual TLS. `name` is the peer's, for messages.
    """

    address: str
    roots: bytes | None = field(default=None, repr=False)
    host: str = ""
    name: str = ""
    certificate: bytes | None = field(default=None, repr=False)
    key: bytes | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return self.name or self.address

    def open(self) -> grpc.aio.Channel:
        """A channel to it, on the running event loop; it connects when it is used."""
        options: list[tuple[str, object]] = list(_OPTIONS)
        if self.host:
            options += [("grpc.ssl_target_name_override", self.host), ("grpc.default_authority", self.host)]
        if self.address.startswith(("localhost", "127.", "[::1]")):
            options.append(("grpc.enable_http_proxy", 0))
        if self.roots is None:
            return grpc.aio.insecure_channel(self.address, options)
        credentials = grpc.ssl_channel_credentials(self.roots, self.key, self.certificate)
        return grpc.aio.secure_channel(self.address, credentials, options)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds that a call may take. `commit` is how long a commit is waited for."""

    evaluate: float = 15
    endorse: float = 30
    order: float = 15
    commit: float = 60


class Peers:
    """Channels to an organisation's gateway peers, opened when they are first used."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        if not endpoints:
            raise InvalidDocument("there is no gateway peer to connect to", field="peers", reason="none")
        self._endpoints = tuple(endpoints)
        self._channels: dict[Endpoint, grpc.aio.Channel] = {}
        self._current = 0

    @property
    def current(self) -> Endpoint:
        """The peer that is asked first."""
        return self._endpoints[self._current]

    def turn_from(self, endpoint: Endpoint) -> None:
        """Ask another peer first, unless that has been settled meanwhile."""
        if self.current == endpoint:
            self._current = (self._current + 1) % len(self._endpoints)

    def gateway(self, endpoint: Endpoint) -> GatewayStub:
        return GatewayStub(self._channel(endpoint))  # type: ignore[no-untyped-call]  # generated code

    def deliver(self, endpoint: Endpoint) -> DeliverStub:
        return DeliverStub(self._channel(endpoint))  # type: ignore[no-untyped-call]  # generated code

    async def call(
        self, doing: str, method: str, request: object, *, seconds: float, transaction_id: str = ""
    ) -> object:
        """Call a method of the gateway service at the first peer that answers. Raises typed errors."""
        for left in reversed(range(len(self._endpoints))):
            endpoint = self.current
            try:
                call = cast("Callable[..., Awaitable[object]]", getattr(self.gateway(endpoint), method))
                return await call(request, timeout=seconds)
            except grpc.aio.AioRpcError as error:
                failure = cast("RpcFailure", error)
                if is_transient(failure):
                    self.turn_from(endpoint)
                    if left:
                        _log.warning("%s: %s does not answer (%s), asking %s", doing, endpoint, error.code().name,
                                     self.current)  # fmt: skip
                        continue
                raise typed_error(failure, doing=doing, transaction_id=transaction_id) from error
        raise AssertionError("unreachable")

    async def close(self) -> None:
        """Close every channel."""
        channels = list(self._channels.values())
        self._channels.clear()
        for channel in channels:
            await channel.close()

    def _channel(self, endpoint: Endpoint) -> grpc.aio.Channel:
        channel = self._channels.get(endpoint)
        if channel is None:
            channel = self._channels[endpoint] = endpoint.open()
        return channel
