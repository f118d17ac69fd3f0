"""Running the application: a socket, TLS with or without client certificates, and the first one-time link."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from eximledger.serving._application import application
from eximledger.serving._entrance import link_for
from eximledger.serving._settings import Settings
from hlf_client import Clock, utc_now
from hlf_client.errors import InvalidDocument, LedgerUnavailable

__all__ = ["run"]

_GRACE: Final = 10
_CONNECTIONS: Final = 1000
_HEAD_BYTES: Final = 64 * 1024


class _WithCertificate(H11Protocol):
    """Tells the application by which client certificate a connection was made; TLS has checked who issued it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        certificate = tls.getpeercert(binary_form=True) if isinstance(tls, ssl.SSLObject) else None
        if certificate:
            self.app_state = {**self.app_state, "client_certificate": certificate}


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


async def run(settings: Settings, tell: Callable[[str], None], *, clock: Clock = utc_now) -> None:
    """Serve until the process is told to end. `tell` hears the address: the one-time link where one officer is served.

    Raises `InvalidDocument` for settings that cannot be served, `LedgerUnavailable` where the address is taken.
    """
    listening = _listening(settings)
    bound = settings.model_copy(update={"port": listening.getsockname()[1]})
    app = application(bound, clock=clock)
    server = _Server(_config(bound, app))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        waiting = asyncio.create_task(server.up.wait())
        await asyncio.wait({waiting, serving}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if server.started:
            tell(await link_for(app.state.served, bound.officer) if bound.officer else bound.url)
        await asyncio.shield(serving)
    finally:  # who cancels this waits until what is under way has ended, and every key is closed
        server.should_exit = True
        await serving


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=256)
    except OSError as error:
        raise LedgerUnavailable(f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}") from None


def _config(settings: Settings, app: object) -> uvicorn.Config:
    mutual = settings.client_authorities is not None
    try:
        config = uvicorn.Config(
            app,  # type: ignore[arg-type]  # a FastAPI application is one
            http=_WithCertificate,
            ws="none",
            log_config=None,
            access_log=False,  # it would name paths: `serving.guards` logs by route
            server_header=False,
            limit_concurrency=_CONNECTIONS,
            h11_max_incomplete_event_size=_HEAD_BYTES,
            timeout_graceful_shutdown=_GRACE,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies or None,
            ssl_certfile=settings.tls_certificate,
            ssl_keyfile=settings.tls_key,
            ssl_ca_certs=str(settings.client_authorities) if mutual else None,
            ssl_cert_reqs=ssl.CERT_OPTIONAL if mutual else ssl.CERT_NONE,
        )
        config.load()
    except (OSError, ssl.SSLError) as error:
        reason = f"the certificate, its key or the authorities cannot be used: {error}"
        raise InvalidDocument(f"tls: {reason}", field="tls_certificate", reason=reason) from None
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return config
