"""What a mirror tells Prometheus: how far it has come, and how far behind it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

__all__ = ["ChannelFigures", "MirrorMetrics"]


@dataclass(slots=True)
class ChannelFigures:
    """Of one channel, since the process began."""

    height: int = 0
    """Blocks in the mirror."""
    ledger_height: int = 0
    """Blocks of the ledger, as it said last."""
    block_at: datetime | None = None
    """Time of the last transaction in the mirror."""
    blocks: int = 0
    rows: int = 0
    awaited: int = 0

    @property
    def lag_blocks(self) -> int:
        return max(self.ledger_height - self.height, 0)

    def lag_seconds(self, now: datetime) -> float:
        """How old what the mirror has is; 0 where it has all."""
        if not self.lag_blocks or self.block_at is None:
            return 0.0
        return max((now - self.block_at).total_seconds(), 0.0)


class MirrorMetrics(Collector):
    """Plain numbers, by channel; a registry of the mirror's own reads them when it is asked."""

    def __init__(self) -> None:
        self.channels: dict[str, ChannelFigures] = {}
        self.retries = 0
        """Times that the ledger or the database did not answer."""
        self.registry = CollectorRegistry()
        self.registry.register(self)

    def of(self, channel: str) -> ChannelFigures:
        return self.channels.setdefault(channel, ChannelFigures())

    def exposition(self) -> bytes:
        """The whole page, in Prometheus' text format."""
        return generate_latest(self.registry)

    def collect(self) -> Iterator[Metric]:
        """The families of the page, as prometheus-client asks for them."""
        now = datetime.now(UTC)
        for name, meaning, read in _GAUGES:
            family = GaugeMetricFamily(name, meaning, labels=("channel",))
            for channel, figures in sorted(self.channels.items()):
                family.add_metric((channel,), read(figures, now))
            yield family
        blocks = CounterMetricFamily("exim_mirror_blocks", "Blocks written since the start.", labels=("channel",))
        rows = CounterMetricFamily("exim_mirror_rows", "Rows written since the start.", labels=("channel",))
        for channel, figures in sorted(self.channels.items()):
            blocks.add_metric((channel,), figures.blocks)
            rows.add_metric((channel,), figures.rows)
        yield blocks
        yield rows
        yield CounterMetricFamily(
            "exim_mirror_retries", "Times that the ledger or the database did not answer.", self.retries
        )


_Read: TypeAlias = Callable[[ChannelFigures, datetime], float]
_GAUGES: Final[tuple[tuple[str, str, _Read], ...]] = (
    ("exim_mirror_height", "Blocks in the mirror.", lambda each, _now: each.height),
    ("exim_mirror_ledger_height", "Blocks of the ledger.", lambda each, _now: each.ledger_height),
    ("exim_mirror_lag_blocks", "Blocks of the ledger that the mirror has not.", lambda each, _now: each.lag_blocks),
    (
        "exim_mirror_lag_seconds",
        "Age of the newest block in the mirror; 0 where it has all.",
        lambda each, now: each.lag_seconds(now),
    ),
    ("exim_mirror_awaited", "Private values that the peer has not shown.", lambda each, _now: each.awaited),
)
