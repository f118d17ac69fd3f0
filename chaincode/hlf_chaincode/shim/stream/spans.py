"""Spans of a chaincode server's transactions, where OpenTelemetry is in use. Loaded at the first transaction then.

Function, channel, transaction, outcome and how often the contract asked its peer; no argument, key, value or text of an
error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from opentelemetry import context, trace

from hlf_chaincode.tracing import span_context

if TYPE_CHECKING:
    from hlf_chaincode.shim.stream.watching import Handling

__all__ = ["begin"]

_tracer = trace.get_tracer("hlf_chaincode")
_GOOD: Final = "ok"


def begin(package_id: str, channel: str, transaction_id: str, function: str) -> Handling:
    """Watch a transaction: a span in the trace that its id names, or in one of its own where that is none."""
    above = span_context(transaction_id)
    around = context.Context()
    if above is not None:
        around = trace.set_span_in_context(trace.NonRecordingSpan(above), around)
    attributes = {
        "fabric.channel": channel,
        "fabric.function": function,
        "fabric.transaction_id": transaction_id,
        "fabric.package_id": package_id,
    }
    name = f"chaincode {function}"
    return _Handling(_tracer.start_span(name, around, kind=trace.SpanKind.SERVER, attributes=attributes))


class _Handling:
    __slots__ = ("_asked", "_span")

    def __init__(self, span: trace.Span) -> None:
        self._span = span
        self._asked = 0

    def asks(self) -> None:
        self._asked += 1

    def end(self, outcome: str) -> None:
        self._span.set_attribute("fabric.peer_requests", self._asked)
        self._span.set_attribute("fabric.outcome", outcome)
        if outcome != _GOOD:
            self._span.set_status(trace.StatusCode.ERROR)
        self._span.end()
