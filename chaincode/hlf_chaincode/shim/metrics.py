"""What a server counts, and how Prometheus reads it (text exposition format 0.0.4)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["Metrics"]

_BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)
"""Seconds; a transaction takes one to some hundred milliseconds."""


@dataclass(slots=True)
class _Times:
    """One function's histogram."""

    buckets: list[int]
    seconds: float = 0.0

    def lines(self, function: str) -> Iterator[str]:
        name, label, total = "exim_chaincode_transaction_seconds", f'function="{function}"', 0
        for bound, count in zip((*_BOUNDS, "+Inf"), self.buckets, strict=True):
            total += count
            text = f"{bound:g}" if isinstance(bound, float) else bound
            yield f'{name}_bucket{{{label},le="{text}"}} {total}'
        yield f"{name}_sum{{{label}}} {self.seconds:.6f}"
        yield f"{name}_count{{{label}}} {total}"


class Metrics:
    """Counters of one server. Labels are the chaincode's own function names and statuses, never what a caller sent."""

    def __init__(self) -> None:
        self.transactions: Counter[tuple[str, str]] = Counter()
        """Answered transactions by function and outcome: `ok`, `error`, `bug`, `timeout`, `aborted`, `refused`."""
        self.messages: Counter[str] = Counter()
        """Messages from peers by type; `unreadable` for what is none."""
        self.in_flight = 0
        self.streams = 0
        self.connections = 0
        self._times: dict[str, _Times] = {}

    def answered(self, function: str, outcome: str, seconds: float) -> None:
        self.transactions[function, outcome] += 1
        times = self._times.get(function)
        if times is None:
            times = self._times[function] = _Times([0] * (len(_BOUNDS) + 1))
        times.buckets[bisect_left(_BOUNDS, seconds)] += 1
        times.seconds += seconds

    def exposition(self) -> str:
        """The whole page."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield from _head("transactions_total", "counter", "Transactions by contract function and outcome.")
        for (function, outcome), count in sorted(self.transactions.items()):
            yield f'exim_chaincode_transactions_total{{function="{function}",outcome="{outcome}"}} {count}'
        yield from _head("transaction_seconds", "histogram", "From a proposal to its answer, by contract function.")
        for function, times in sorted(self._times.items()):
            yield from times.lines(function)
        yield from _head("messages_total", "counter", "Messages from peers by type.")
        for kind, count in sorted(self.messages.items()):
            yield f'exim_chaincode_messages_total{{type="{kind}"}} {count}'
        yield from _head("in_flight", "gauge", "Transactions at work.")
        yield f"exim_chaincode_in_flight {self.in_flight}"
        yield from _head("streams", "gauge", "Peers connected.")
        yield f"exim_chaincode_streams {self.streams}"
        yield from _head("connections_total", "counter", "Streams opened by peers since the start.")
        yield f"exim_chaincode_connections_total {self.connections}"


def _head(name: str, kind: str, help_text: str) -> Iterator[str]:
    yield f"# HELP exim_chaincode_{name} {help_text}"
    yield f"# TYPE exim_chaincode_{name} {kind}"
