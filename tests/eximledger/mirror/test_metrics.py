"""What Prometheus reads of a mirror."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from eximledger.mirror import Mirror, MirrorMetrics
from eximledger.testing import LedgerNetwork


def read(metrics: MirrorMetrics) -> dict[tuple[str, str], float]:
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {(s.name, s.labels.get("channel", "")): s.value for family in families for s in family.samples}


async def test_heights_are_the_ledgers(exim_network: LedgerNetwork, engine: Engine) -> None:
    mirror = Mirror(exim_network.connect("customs"), engine)
    await mirror.catch_up()
    height = (await exim_network.connect("customs").channel_info("customs")).height
    found = read(mirror.metrics)
    assert found["exim_mirror_height", "customs"] == found["exim_mirror_ledger_height", "customs"] == height
    assert found["exim_mirror_blocks_total", "customs"] == height
    assert found["exim_mirror_lag_blocks", "customs"] == found["exim_mirror_lag_seconds", "customs"] == 0
    assert found["exim_mirror_rows_total", "customs"] >= height
    assert found["exim_mirror_retries_total", ""] == 0


def test_lag_is_the_age_of_what_the_mirror_has_while_it_is_behind() -> None:
    metrics = MirrorMetrics()
    figures = metrics.of("bank")
    figures.height, figures.ledger_height = 5, 9
    figures.block_at = datetime.now(UTC) - timedelta(seconds=30)
    found = read(metrics)
    assert found["exim_mirror_lag_blocks", "bank"] == 4
    assert 30 <= found["exim_mirror_lag_seconds", "bank"] < 60
    figures.height = 9
    assert read(metrics)["exim_mirror_lag_seconds", "bank"] == 0
