"""The server: gRPC streams of peers, TLS, health, metrics, and an orderly end."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from contextlib import ExitStack, suppress
from typing import Any, Final, Self

import grpc
import grpc.aio

from hlf_chaincode.contract import Chaincode
from hlf_chaincode.errors import FabricError
from hlf_chaincode.limits import Limits
from hlf_chaincode.shim._health import SERVICE, health_handler
from hlf_chaincode.shim._monitor import serve_monitor
from hlf_chaincode.shim.metrics import Metrics
from hlf_chaincode.shim.settings import ServerTls, Settings
from hlf_chaincode.shim.stream.answers import Key, Step
from hlf_chaincode.shim.stream.session import Host, Session
from hlf_chaincode.shim.stream.watchdog import Watchdog
from hlf_chaincode.shim.workers.crew import Crew, Remote
from hlf_chaincode.shim.workers.forking import Forking

__all__ = ["ChaincodeServer"]

_log = logging.getLogger("hlf_chaincode")

_TICK_SECONDS: Final = 0.25
"""How often transactions that took too long are looked for."""
_END: Final = grpc.aio.EOF


class ChaincodeServer:
    """Serves one chaincode to an organisation's peers, as chaincode-as-a-service.

    async with ChaincodeServer(exim(), Settings.from_environment(os.environ)):
        await stopped.wait()

    On leaving the block it begins nothing new, lets what runs come to its end (`Limits.drain_seconds`), then closes.
    Belongs to the event loop that entered it. Contracts run on that loop's thread; only on the main thread are they
    watched for endless computing. With `settings.workers` above 1 they run in as many processes beside this one.
    """

    def __init__(
        self, chaincode: Chaincode, settings: Settings, *, limits: Limits | None = None, factory: str = ""
    ) -> None:
        """`factory` is the `module:function` that makes the chaincode; workers need it, for each has its own."""
        self.limits = limits or Limits()
        self.metrics = Metrics()
        self.port = 0
        self.monitor_port = 0
        self._settings = settings
        self._host = Host(
            chaincode,
            settings.package_id,
            limits=self.limits,
            metrics=self.metrics,
            watchdog=Watchdog(self.limits.turn_seconds),
            clock=time.monotonic,
        )
        self.crew: Crew | None = None
        if settings.workers > 1:
            if not factory:
                raise FabricError("several workers need the factory of the chaincode, as module:function")
            nursery = Forking(factory, self.limits, debug=chaincode.debug)
            self.crew = Crew(settings.workers, nursery, self.limits, self.metrics)
        self._streams: set[_Stream] = set()
        self._draining = False
        self._resources = ExitStack()

    @property
    def is_serving(self) -> bool:
        return self.port > 0 and not self._draining and (self.crew is None or self.crew.is_ready)

    async def __aenter__(self) -> Self:
        """Listen. Raises `FabricError` when the address or the certificates cannot be used, or no worker starts."""
        self._server = grpc.aio.server(options=_options(self.limits))
        connect: grpc.RpcMethodHandler[bytes, bytes] = grpc.stream_stream_rpc_method_handler(self._connect)
        self._server.add_generic_rpc_handlers(
            (
                grpc.method_handlers_generic_handler(SERVICE, {"Connect": connect}),
                health_handler(lambda: self.is_serving),
            )
        )
        self.port = self._listen()
        self._monitor = await self._open_monitor()
        if self.crew is None:
            self._resources.enter_context(self._host.watchdog.watching())
        else:
            await self._start(self.crew)
        await self._server.start()
        self._clock = asyncio.create_task(self._expire(), name="transaction-timeouts")
        _log.info("serving %s", self._settings.package_id, extra={"port": self.port, "metrics": self.monitor_port})
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.drain()
        for stream in self._streams:
            stream.end()
        self._clock.cancel()
        with suppress(asyncio.CancelledError):
            await self._clock
        await self._server.stop(grace=1)
        if self._monitor is not None:
            self._monitor.close()
        if self.crew is not None:
            await self.crew.close()
        self._resources.close()

    async def drain(self) -> None:
        """Begin nothing new; return when nothing runs any more or `drain_seconds` have passed."""
        self._draining = True
        _log.info("stopping", extra={"in_flight": self.metrics.in_flight})
        for stream in self._streams:
            stream.session.drain()
        done = asyncio.gather(*(stream.idle() for stream in list(self._streams)))
        with suppress(TimeoutError):
            await asyncio.wait_for(done, self.limits.drain_seconds)

    def _listen(self) -> int:
        address, tls = self._settings.address, self._settings.tls
        try:
            if tls is None:
                port: int = self._server.add_insecure_port(address)
            else:
                port = self._server.add_secure_port(address, _credentials(tls))
        except (RuntimeError, ValueError):
            port = 0
        if not port:
            raise FabricError(f"cannot listen at {address}: is the port free, and do key and certificate fit?")
        return port

    async def _start(self, crew: Crew) -> None:
        try:
            await crew.start()
        except FabricError:
            await self._server.stop(grace=None)
            if self._monitor is not None:
                self._monitor.close()
            raise

    async def _open_monitor(self) -> asyncio.Server | None:
        address = self._settings.metrics_address
        if not address:
            return None
        try:
            monitor = await serve_monitor(address, self.metrics, lambda: self.is_serving)
        except OSError as error:
            raise FabricError(f"cannot serve metrics at {address}: {error.strerror}") from None
        self.monitor_port = monitor.sockets[0].getsockname()[1]
        return monitor

    async def _connect(self, _messages: object, context: Any) -> None:
        """A peer's stream, until either side ends it."""
        if len(self._streams) >= self.limits.streams:
            await context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "too many peers are connected")
        stream = _Stream(self._host, self.crew, context)
        if self._draining:
            stream.session.drain()
        self._streams.add(stream)
        self.metrics.streams += 1
        self.metrics.connections += 1
        _log.info("a peer has connected", extra={"peer": context.peer()})
        try:
            await stream.run()
        finally:
            stream.session.close()
            self._streams.discard(stream)
            self.metrics.streams -= 1
            _log.info("a peer has gone", extra={"peer": context.peer()})

    async def _expire(self) -> None:
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            for stream in list(self._streams):
                stream.send(stream.session.expire())
            if self.crew is not None:
                self.crew.check()


class _Stream:
    """One session with its two directions: messages are taken as they come, sent as fast as the peer reads them."""

    def __init__(self, host: Host, crew: Crew | None, context: Any) -> None:
        self.session = Session(host, None if crew is None else Remote(crew, self))
        self._context = context
        self._outbox: deque[bytes] = deque([self.session.greeting()])
        self._waiting: asyncio.Future[None] | None = None
        self._idle = asyncio.Event()
        self._ended = asyncio.Event()

    async def run(self) -> None:
        """Returns when the peer ends the stream or it breaks; is cancelled when the server stops."""
        tasks = (asyncio.create_task(self._write()), asyncio.create_task(self._read()))
        ending = asyncio.ensure_future(self._ended.wait())
        try:
            await asyncio.wait((*tasks, ending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (*tasks, ending):
                task.cancel()
            for outcome in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(outcome, Exception):
                    _log.info("the stream broke: %s", type(outcome).__name__)
            self._idle.set()

    def end(self) -> None:
        """Close the stream from our side."""
        self._ended.set()

    def send(self, messages: list[bytes]) -> None:
        if messages:
            self._outbox.extend(messages)
            self._wake()

    def stepped(self, key: Key, step: Step) -> None:
        """A worker has done a turn."""
        self.send([self.session.stepped(key, step)])

    def lost(self, key: Key, why: str) -> None:
        self.send([self.session.lost(key, why)])

    async def idle(self) -> None:
        """Returns when no transaction is at work and everything has been sent."""
        self._idle.clear()
        if self.session.in_flight or self._outbox:
            await self._idle.wait()

    async def _read(self) -> None:
        read, receive, outbox = self._context.read, self.session.receive, self._outbox
        while (data := await read()) is not _END:
            answer = receive(data)
            if answer is not None:
                outbox.append(answer)
                if self._waiting is not None:
                    self._wake()

    async def _write(self) -> None:
        loop, outbox, write = asyncio.get_running_loop(), self._outbox, self._context.write
        while True:
            while outbox:
                await write(outbox[0])
                outbox.popleft()
            if not self.session.in_flight:
                self._idle.set()
            self._waiting = loop.create_future()
            await self._waiting

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
            self._waiting = None


def _credentials(tls: ServerTls) -> Any:
    return grpc.ssl_server_credentials(
        [(tls.key, tls.certificate)],
        root_certificates=tls.client_roots,
        require_client_auth=tls.client_roots is not None,
    )


def _options(limits: Limits) -> tuple[tuple[str, int], ...]:
    return (
        ("grpc.max_receive_message_length", limits.message_bytes),
        ("grpc.max_send_message_length", limits.message_bytes),
        ("grpc.so_reuseport", 0),  # a second server on the port is an error, not half of the streams
        # Peers ping more often than gRPC tolerates by default, and would be sent away.
        ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
        ("grpc.http2.max_ping_strikes", 0),
        # A peer that has gone without a word is found out.
        ("grpc.keepalive_time_ms", 60_000),
        ("grpc.keepalive_timeout_ms", 20_000),
        ("grpc.keepalive_permit_without_calls", 1),
    )
