"""What a server counts, and how Prometheus reads it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

__all__ = ["Metrics"]

_BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)
"""Seconds; a transaction takes one to some hundred milliseconds."""
_LABELS: Final = (*(f"{bound:g}" for bound in _BOUNDS), "+Inf")


class Metrics(Collector):
    """Counters of one server. Labels are the chaincode's own function names and statuses, never what a caller sent.

    They are plain numbers, for all that counts runs on one event loop; prometheus-client reads them when it is asked,
    through a registry of this server's own.
    """

    def __init__(self) -> None:
        self.transactions: Counter[tuple[str, str]] = Counter()
        """Answered transactions by function and outcome: `ok`, `error`, `bug`, `timeout`, `aborted`, `refused`."""
        self.messages: Counter[str] = Counter()
        """Messages from peers by type; `unreadable` for what is none."""
        self.in_flight = 0
        self.streams = 0
        self.connections = 0
        self.workers = 0
        """Processes that run contracts and are ready; 0 where they run in the server's own."""
        self.workers_lost = 0
        self._buckets: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}
        self._registry = CollectorRegistry()
        self._registry.register(self)

    def answered(self, function: str, outcome: str, seconds: float) -> None:
        self.transactions[function, outcome] += 1
        buckets = self._buckets.get(function)
        if buckets is None:
            buckets = self._buckets[function] = [0] * len(_LABELS)
            self._seconds[function] = 0.0
        buckets[bisect_left(_BOUNDS, seconds)] += 1
        self._seconds[function] += seconds

    def exposition(self) -> bytes:
        """The whole page, in Prometheus' text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """The families of the page, as prometheus-client asks for them."""
        transactions = CounterMetricFamily(
            "exim_chaincode_transactions",
            "Transactions by contract function and outcome.",
            labels=("function", "outcome"),
        )
        for labels, count in sorted(self.transactions.items()):
            transactions.add_metric(labels, count)
        yield transactions
        times = HistogramMetricFamily(
            "exim_chaincode_transaction_seconds",
            "From a proposal to its answer, by contract function.",
            labels=("function",),
        )
        for function, buckets in sorted(self._buckets.items()):
            counted = list(zip(_LABELS, map(float, accumulate(buckets)), strict=True))
            times.add_metric((function,), counted, self._seconds[function])
        yield times
        messages = CounterMetricFamily("exim_chaincode_messages", "Messages from peers by type.", labels=("type",))
        for kind, count in sorted(self.messages.items()):
            messages.add_metric((kind,), count)
        yield messages
        yield GaugeMetricFamily("exim_chaincode_in_flight", "Transactions at work.", self.in_flight)
        yield GaugeMetricFamily("exim_chaincode_streams", "Peers connected.", self.streams)
        yield CounterMetricFamily(
            "exim_chaincode_connections", "Streams opened by peers since the start.", self.connections
        )
        yield GaugeMetricFamily("exim_chaincode_workers", "Processes ready to run contracts.", self.workers)
        yield CounterMetricFamily(
            "exim_chaincode_workers_lost", "Workers that ended by themselves or were stuck.", self.workers_lost
        )
