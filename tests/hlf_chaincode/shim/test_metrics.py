"""What is counted, as a Prometheus that reads the page sees it."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client.parser import text_string_to_metric_families

from hlf_chaincode.shim.metrics import Metrics


def read(metrics: Metrics) -> Mapping[str, float]:
    """Every sample by its name and labels."""
    families = text_string_to_metric_families(metrics.exposition().decode())
    return {
        " ".join([sample.name, *(f"{name}={value}" for name, value in sorted(sample.labels.items()))]): sample.value
        for family in families
        for sample in family.samples
    }


def test_the_names_are_those_of_the_documentation() -> None:
    families = {each.name: each.type for each in text_string_to_metric_families(Metrics().exposition().decode())}
    assert families == {
        "exim_chaincode_transactions": "counter",
        "exim_chaincode_transaction_seconds": "histogram",
        "exim_chaincode_messages": "counter",
        "exim_chaincode_in_flight": "gauge",
        "exim_chaincode_streams": "gauge",
        "exim_chaincode_connections": "counter",
        "exim_chaincode_workers": "gauge",
        "exim_chaincode_workers_lost": "counter",
    }


def test_buckets_hold_all_that_was_as_quick_or_quicker() -> None:
    metrics = Metrics()
    for seconds in (0.001, 0.004, 0.3, 60.0):
        metrics.answered("state:get", "ok", seconds)
    samples = read(metrics)
    bucket = "exim_chaincode_transaction_seconds_bucket function=state:get le="
    bounds = ("0.001", "0.0025", "0.005", "0.5", "25", "+Inf")
    assert [samples[bucket + bound] for bound in bounds] == [
        1,
        1,
        2,
        3,
        3,
        4,
    ]
    assert samples["exim_chaincode_transaction_seconds_count function=state:get"] == 4
    assert samples["exim_chaincode_transaction_seconds_sum function=state:get"] == 60.305
    assert samples["exim_chaincode_transactions_total function=state:get outcome=ok"] == 4


def test_a_name_with_quotes_and_lines_comes_back_as_it_was() -> None:
    metrics = Metrics()
    metrics.messages['a"b\\c\nd'] += 2
    assert read(metrics)['exim_chaincode_messages_total type=a"b\\c\nd'] == 2


def test_two_servers_in_one_process_count_each_for_itself() -> None:
    one, other = Metrics(), Metrics()
    one.streams += 1
    one.connections += 3
    one.in_flight += 2
    assert read(one) == {
        "exim_chaincode_in_flight": 2,
        "exim_chaincode_streams": 1,
        "exim_chaincode_connections_total": 3,
        "exim_chaincode_workers": 0,
        "exim_chaincode_workers_lost_total": 0,
    }
    assert not any(read(other).values())
