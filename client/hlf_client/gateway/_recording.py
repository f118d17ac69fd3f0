"""What `_telemetry` does where OpenTelemetry is in use: spans and metrics. Loaded at the first call then."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

import grpc
from opentelemetry import metrics, propagate, trace

from hlf_chaincode.tracing import span_context
from hlf_client.gateway._observation import Metadata, Observation, Subject
from hlf_client.wire.endpoint import Endpoint

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from opentelemetry.trace import Span

__all__ = ["Instruments", "call", "reopened", "whole"]

_NAME: Final = "hlf_client.gateway"
_SERVICE: Final = "gateway.Gateway"


def call(method: str, subject: Subject) -> Observation:
    """Watches a call of the gateway service."""
    return _Recorded(method, subject)


def whole(subject: Subject) -> Observation | None:
    """Watches a transaction from its proposal to its commit; None where no spans are taken."""
    return _Whole(subject) if _is_traced() else None


def reopened(method: str, channel: str, code: str) -> None:
    """Counts a stream that was opened again."""
    _instruments.repetitions.add(1, {"rpc.method": method, "fabric.channel": channel, "rpc.response.status_code": code})


class Instruments:
    """The metrics."""

    def __init__(self, meter: metrics.Meter) -> None:
        named = "hlf_client.gateway.call"
        self.seconds = meter.create_histogram(
            f"{named}.duration", unit="s", description="Calls of a gateway, their repetitions included"
        )
        self.failures = meter.create_counter(
            f"{named}.failures", unit="{call}", description="Calls of a gateway that raised an error"
        )
        self.repetitions = meter.create_counter(
            f"{named}.repetitions", unit="{attempt}", description="Attempts after a call's or a stream's first one"
        )


_tracer = trace.get_tracer(_NAME)
_instruments = Instruments(metrics.get_meter(_NAME))


def _is_traced() -> bool:
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


class _Traced(Observation):
    """A span that is the current one while it lasts."""

    __slots__ = ("_current", "_span")

    def _begin(self, name: str, kind: trace.SpanKind, subject: Subject, more: dict[str, str]) -> None:
        """`links` to the trace in which chaincode servers watch the same transaction."""
        there = span_context(subject.transaction_id) if subject.transaction_id else None
        self._current: AbstractContextManager[Span] = _tracer.start_as_current_span(
            name,
            kind=kind,
            attributes=more | subject.attributes(),
            links=() if there is None else (trace.Link(there),),
            record_exception=False,
            set_status_on_exception=False,
        )
        self._span = self._current.__enter__()

    def _end(self, error: BaseException | None) -> None:
        if error is not None:
            self._span.set_attribute("error.type", type(error).__name__)
            self._span.set_status(trace.StatusCode.ERROR)
        self._current.__exit__(None, None, None)


class _Whole(_Traced):
    """The span of a submit."""

    __slots__ = ("_subject",)

    def __init__(self, subject: Subject) -> None:
        self._subject = subject

    def __enter__(self) -> Self:
        self._begin("submit", trace.SpanKind.INTERNAL, self._subject, {})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._end(error)


class _Recorded(_Traced):
    """A call's metrics and, where spans are taken, its span."""

    __slots__ = ("_attempts", "_method", "_since", "_subject", "_traced")

    def __init__(self, method: str, subject: Subject) -> None:
        self._method = method
        self._subject = subject
        self._attempts = 0
        self._traced = _is_traced()

    def __enter__(self) -> Self:
        self._since = time.perf_counter()
        if self._traced:
            system = {"rpc.system": "grpc", "rpc.service": _SERVICE, "rpc.method": self._method}
            name = f"{_SERVICE}/{self._method}"
            self._begin(name, trace.SpanKind.CLIENT, self._subject, system)
        return self

    def attempt(self, endpoint: Endpoint) -> Metadata:
        self._attempts += 1
        if not self._traced:
            return None
        host, _, port = endpoint.address.rpartition(":")
        self._span.set_attribute("server.address", host)
        if port.isdecimal():
            self._span.set_attribute("server.port", int(port))
        carrier: dict[str, str] = {}
        propagate.inject(carrier)
        return tuple((name.lower(), value) for name, value in carrier.items())

    def repeat(self, code: str) -> None:
        _instruments.repetitions.add(1, self._labels() | {"rpc.response.status_code": code})

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        labels = self._labels()
        code = "OK" if error is None else getattr(error, "grpc_code", "")
        if code:
            labels["rpc.response.status_code"] = code
        if error is not None:
            labels["error.type"] = type(error).__name__
            _instruments.failures.add(1, labels)
        _instruments.seconds.record(time.perf_counter() - self._since, labels)
        if self._traced:
            self._span.set_attribute("hlf_client.attempts", self._attempts)
            if code:
                self._span.set_attribute("rpc.grpc.status_code", grpc.StatusCode[code].value[0])
            self._end(error)

    def _labels(self) -> dict[str, str]:
        labels = {"rpc.system": "grpc", "rpc.method": self._method, "fabric.channel": self._subject.channel}
        if self._subject.chaincode:
            labels["fabric.chaincode"] = self._subject.chaincode
        return labels
