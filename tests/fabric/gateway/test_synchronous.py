"""The same API without asyncio, as a Flask or Django backend calls it. Its failover stands in test_failover.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.fabric.gateway.network import ANY, ScenarioNetwork

from eximledger import sync
from hlf_client.errors import EndorsementFailed

pytestmark = pytest.mark.fabric


@pytest.fixture
def ledger(scenarios: ScenarioNetwork) -> Iterator[sync.Ledger]:
    """Organisation 1's user."""
    with sync.Ledger(scenarios.connect("org1")) as ledger:
        yield ledger


def test_the_synchronous_api_evaluates_and_submits(ledger: sync.Ledger) -> None:
    commit = ledger.submit(ANY, "public:put", "synchronous", "1", endorsing_organizations=["Org3MSP"])
    assert json.loads(commit.result) == "1"
    assert json.loads(ledger.evaluate(ANY, "public:get", ["synchronous"])) == ["1"]
    assert json.loads(ledger.evaluate(ANY, "public:transient", transient={"note": b"kept"})) == {"note": "kept"}


def test_the_synchronous_api_raises_the_same_errors(ledger: sync.Ledger) -> None:
    with pytest.raises(EndorsementFailed, match="Org2MSP does not want to") as failure:
        ledger.submit(ANY, "public:put_unless_at", ["Org2MSP"], "k", "v", endorsing_organizations=["Org2MSP"])
    assert [peer.msp_id for peer in failure.value.peers] == ["Org2MSP"]


def test_the_synchronous_api_listens_while_threads_submit(ledger: sync.Ledger) -> None:
    start = ledger.submit(ANY, "public:put", "mark", "1").block_number + 1
    sent = [str(number) for number in range(12)]
    with ThreadPoolExecutor(4) as threads:
        commits = list(threads.map(lambda value: ledger.submit(ANY, "public:emit", "told", value), sent))
    events = ledger.chaincode_events(ANY, start=start)
    heard = [next(events) for _ in sent]
    again = ledger.chaincode_events(ANY, after=heard[5].checkpoint)
    assert [next(again) for _ in sent[6:]] == heard[6:]
    events.close()
    again.close()
    assert {event.transaction_id for event in heard} == {commit.transaction_id for commit in commits}
    assert {json.loads(event.payload)["value"] for event in heard} == set(sent)
