"""Spans and metrics of a gateway's calls: what they tell, and what they never do."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence

import grpc
import pytest
from tests.hlf_client.gateway.fake import FakePeer, Refusal

from hlf_client.errors import EndorsementFailed, LedgerUnavailable, NotFound
from hlf_client.gateway import GatewayLedger
from hlf_client.identity import Identity

pytest.importorskip("opentelemetry.sdk", reason="needs opentelemetry-sdk")

from opentelemetry import trace
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from hlf_client.gateway import _recording

Start = Callable[[], Awaitable[FakePeer]]
Connect = Callable[[Sequence[FakePeer]], GatewayLedger]
SECRETS = ("an-argument", "a-transient-value", "a-transient-key", "a-result", "a-contracts-words", "BEGIN")
AWAY = Refusal(grpc.StatusCode.UNAVAILABLE, "a-contracts-words")


class Exported:
    """What leaves the process."""

    def __init__(self) -> None:
        self._spans = InMemorySpanExporter()
        self._metrics = InMemoryMetricReader()
        self.tracers = TracerProvider()
        self.tracers.add_span_processor(SimpleSpanProcessor(self._spans))
        self.meters = MeterProvider([self._metrics])

    @property
    def spans(self) -> Sequence[ReadableSpan]:
        return self._spans.get_finished_spans()

    def span(self, name: str) -> ReadableSpan:
        (found,) = [each for each in self.spans if each.name == name]
        return found

    def points(self, name: str) -> list[dict[str, object]]:
        """Attributes and value of each of a metric's points."""
        found = json.loads(self.metrics_text)
        return [
            {**point["attributes"], "": point.get("value", point.get("count"))}
            for resource in found["resource_metrics"]
            for scope in resource["scope_metrics"]
            for metric in scope["metrics"]
            if metric["name"] == f"hlf_client.gateway.call.{name}"
            for point in metric["data"]["data_points"]
        ]

    @property
    def metrics_text(self) -> str:
        data = self._metrics.get_metrics_data()
        return data.to_json() if data is not None else '{"resource_metrics": []}'

    @property
    def text(self) -> str:
        return "".join(span.to_json() for span in self.spans) + self.metrics_text


@pytest.fixture
def exported(monkeypatch: pytest.MonkeyPatch) -> Iterator[Exported]:
    """OpenTelemetry set up for one test; elsewhere in the process it stays off."""
    found = Exported()
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: found.tracers)
    monkeypatch.setattr(_recording, "_tracer", found.tracers.get_tracer("test"))
    instruments = _recording.Instruments(found.meters.get_meter("test"))
    monkeypatch.setattr(_recording, "_instruments", instruments)
    yield found
    found.tracers.shutdown()
    found.meters.shutdown()


async def test_a_submit_is_one_span_with_one_for_each_call_below(
    ledger: GatewayLedger, peer: FakePeer, exported: Exported
) -> None:
    commit = await ledger.submit("fx", "financing:reserve", "an-argument")
    whole = exported.span("submit")
    assert whole.attributes == {
        "fabric.channel": "fx",
        "fabric.chaincode": "exim",
        "fabric.function": "financing:reserve",
        "fabric.transaction_id": commit.transaction_id,
    }
    below = [span for span in exported.spans if span is not whole]
    assert [span.name for span in below] == [
        f"gateway.Gateway/{each}" for each in ("Endorse", "Submit", "CommitStatus")
    ]
    assert whole.context is not None
    for span in below:
        assert span.parent is not None
        assert span.parent.span_id == whole.context.span_id
        assert span.attributes is not None
        assert dict(span.attributes) == {
            "rpc.system": "grpc",
            "rpc.service": "gateway.Gateway",
            "rpc.method": span.name.rpartition("/")[2],
            "rpc.grpc.status_code": 0,
            "fabric.channel": "fx",
            "fabric.transaction_id": commit.transaction_id,
            "server.address": "127.0.0.1",
            "server.port": peer.port,
            "hlf_client.attempts": 1,
        }


async def test_the_peer_is_told_which_span_it_works_for(
    ledger: GatewayLedger, peer: FakePeer, exported: Exported
) -> None:
    await ledger.evaluate("fx", "f")
    span = exported.span("gateway.Gateway/Evaluate")
    assert span.context is not None
    (metadata,) = peer.metadata
    assert metadata["traceparent"].split("-")[1:3] == [f"{span.context.trace_id:032x}", f"{span.context.span_id:016x}"]


async def test_failures_and_repetitions_are_counted(start: Start, connect: Connect, exported: Exported) -> None:
    first, second = await start(), await start()
    first.refuse["Evaluate"] = [AWAY]
    ledger = connect([first, second])
    await ledger.evaluate("fx", "documents:get", "an-argument")
    span = exported.span("gateway.Gateway/Evaluate")
    assert span.attributes is not None
    assert (span.attributes["hlf_client.attempts"], span.attributes["server.port"]) == (2, second.port)
    labels = {"rpc.system": "grpc", "rpc.method": "Evaluate", "fabric.channel": "fx", "fabric.chaincode": "exim"}
    assert exported.points("repetitions") == [{**labels, "rpc.response.status_code": "UNAVAILABLE", "": 1}]
    assert exported.points("duration") == [{**labels, "rpc.response.status_code": "OK", "": 1}]
    assert exported.points("failures") == []
    second.refuse["Evaluate"] = [Refusal(grpc.StatusCode.ABORTED, "chaincode response 500, a-contracts-words")]
    with pytest.raises(EndorsementFailed):
        await ledger.evaluate("fx", "documents:get", "an-argument")
    failed = {**labels, "rpc.response.status_code": "ABORTED", "error.type": "EndorsementFailed"}
    assert exported.points("failures") == [{**failed, "": 1}]
    span = exported.spans[-1]
    assert span.attributes is not None
    assert span.status.status_code is trace.StatusCode.ERROR
    assert (span.attributes["error.type"], span.attributes["rpc.grpc.status_code"]) == ("EndorsementFailed", 10)


async def test_nothing_of_what_was_said_or_signed_leaves_the_process(
    start: Start, connect: Connect, identity: Identity, exported: Exported, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = await start(), await start()
    for peer in (first, second):
        peer.answer = b"a-result"
    ledger = connect([first, second])
    transient = {"a-transient-key": b"a-transient-value"}
    words = NotFound("a-contracts-words: an-argument", key="an-argument").to_message()
    refused = Refusal(grpc.StatusCode.ABORTED, "failed", (("p:1", "AMSP", f"chaincode response 404, {words}"),))
    with caplog.at_level(logging.DEBUG, "hlf_client"):
        await ledger.evaluate("fx", "f", "an-argument", transient=transient)
        await ledger.submit("fx", "f", "an-argument", transient=transient)
        for method, refusal in (("Evaluate", refused), ("Endorse", refused), ("Submit", AWAY), ("CommitStatus", AWAY)):
            first.refuse[method] = second.refuse[method] = [refusal]
            call = ledger.evaluate if method == "Evaluate" else ledger.submit
            try:
                await call("fx", "f", "an-argument", transient=transient)
            except NotFound:
                assert refusal is refused
        proposal = ledger.propose("fx", "f", "an-argument", transient=transient)
        prepared = await ledger.endorse(proposal.signed(await ledger.sign(proposal.digest)))
    assert len(exported.spans) > 10
    shown = exported.text + caplog.text + repr((ledger, proposal, prepared, identity))
    assert [secret for secret in SECRETS if secret in shown] == []
    assert await ledger.sign(proposal.digest)


async def test_streams_that_are_opened_again_are_counted(
    ledger: GatewayLedger, peer: FakePeer, exported: Exported
) -> None:
    peer.events = [(1, [("t1", "a"), ("t2", "b")])]
    peer.drop_after = [1]
    events = ledger.chaincode_events("fx", start=1)
    assert [(await anext(events)).name for _ in range(2)] == ["a", "b"]
    (point,) = exported.points("repetitions")
    assert (point["rpc.method"], point["fabric.channel"], point[""]) == ("ChaincodeEvents", "fx", 1)


async def test_without_a_provider_no_span_is_made_and_no_context_sent(ledger: GatewayLedger, peer: FakePeer) -> None:
    await ledger.submit("fx", "f")
    assert all("traceparent" not in each for each in peer.metadata)
    assert not trace.get_current_span().is_recording()


def test_it_works_where_opentelemetry_is_not_installed() -> None:
    program = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "from hlf_client.gateway import _telemetry as t\n"
        "with t.observe('Evaluate', t.Subject('fx')) as seen, t.observe_submit(t.Subject('fx')):\n"
        "    seen.repeat('UNAVAILABLE')\n"
        "    t.reopened('Deliver', 'fx', 'OK')\n"
        "    sys.exit(0 if seen.attempt(None) is None else 1)\n"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


async def test_a_call_that_nobody_answered_is_a_failure_with_its_status(
    ledger: GatewayLedger, peer: FakePeer, exported: Exported
) -> None:
    peer.refuse["Endorse"] = [AWAY] * 9
    with pytest.raises(LedgerUnavailable):
        await ledger.submit("fx", "f")
    whole = exported.span("submit")
    assert whole.attributes is not None
    assert whole.status.status_code is trace.StatusCode.ERROR
    assert whole.attributes["error.type"] == "LedgerUnavailable"
    (failure,) = exported.points("failures")
    assert (failure["rpc.method"], failure["rpc.response.status_code"]) == ("Endorse", "UNAVAILABLE")


async def test_a_transactions_spans_link_to_the_trace_of_its_chaincode_servers(
    exported: Exported, ledger: GatewayLedger
) -> None:
    commit = await ledger.submit("fx", "f")
    for name in ("submit", "gateway.Gateway/Endorse", "gateway.Gateway/Submit", "gateway.Gateway/CommitStatus"):
        (link,) = exported.span(name).links
        assert f"{link.context.trace_id:032x}" == commit.transaction_id[:32]
        assert f"{link.context.span_id:016x}" == commit.transaction_id[32:48]
