"""How a transaction's trace is known on every side: by its id, from which trace and span are computed.

Nothing of a trace travels. Between a client and a chaincode stand peers, which hand on no metadata; arguments would
stand in the block, and transient values change which peers a gateway asks and tell other members' servers who asks what
in a row. A transaction's id is in every message as it is. So the spans of one transaction on all servers, whoever's,
are one trace, named by the id's first 32 digits, and a client's own span links to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from opentelemetry.trace import SpanContext

__all__ = ["span_context"]

_TRACE_DIGITS: Final = 32
_SPAN_DIGITS: Final = 16


def span_context(transaction_id: str) -> SpanContext | None:
    """Where the spans of a transaction belong; None for what is no transaction's id. Needs OpenTelemetry."""
    from opentelemetry.trace import SpanContext, TraceFlags

    try:
        trace_id = int(transaction_id[:_TRACE_DIGITS], 16)
        span_id = int(transaction_id[_TRACE_DIGITS : _TRACE_DIGITS + _SPAN_DIGITS], 16)
    except ValueError:
        return None
    context = SpanContext(trace_id, span_id, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))
    return context if context.is_valid else None
