"""Spans of a chaincode server: whose trace they are in, and what they never tell."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.hlf_chaincode.shim.fake_peer import MESSAGE
from tests.hlf_chaincode.shim.test_session import Clock, proposal, session

pytest.importorskip("opentelemetry.sdk", reason="needs opentelemetry-sdk")

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import Decision, TraceIdRatioBased

from hlf_chaincode.limits import Limits
from hlf_chaincode.shim.stream import spans as recording
from hlf_chaincode.shim.stream.session import Session
from hlf_chaincode.tracing import span_context

TRANSACTION = "0123456789abcdef0123456789abcdef" + "fedcba9876543210" + "00000000000000ff"


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(recording, "_tracer", provider.get_tracer("test"))
    yield exporter
    provider.shutdown()


def play(peer: Session, call: list[str], *answers: bytes, transaction_id: str = TRANSACTION) -> None:
    message = proposal(1, "fx", call)
    message.txid = transaction_id
    peer.receive(message.SerializeToString())
    for answer in answers:
        reply = MESSAGE(type=MESSAGE.RESPONSE, txid=transaction_id, channel_id="fx", payload=answer)
        peer.receive(reply.SerializeToString())


def test_a_transactions_span_is_in_the_trace_that_its_id_names(spans: InMemorySpanExporter) -> None:
    play(session()[0], ["state:get", "a-key"], b"a-value")
    (span,) = spans.get_finished_spans()
    assert span.name == "chaincode state:get"
    assert span.context is not None
    assert span.parent is not None
    assert f"{span.context.trace_id:032x}" == TRANSACTION[:32]
    assert f"{span.parent.span_id:016x}" == TRANSACTION[32:48]
    assert dict(span.attributes or {}) == {
        "fabric.channel": "fx",
        "fabric.function": "state:get",
        "fabric.transaction_id": TRANSACTION,
        "fabric.package_id": "id",
        "fabric.peer_requests": 1,
        "fabric.outcome": "ok",
    }
    assert "a-key" not in span.to_json()
    assert "a-value" not in span.to_json()


def test_two_servers_of_one_transaction_are_in_one_trace(spans: InMemorySpanExporter) -> None:
    for _ in range(2):
        play(session()[0], ["state:get", "a"], b"x")
    first, second = spans.get_finished_spans()
    assert first.context is not None
    assert second.context is not None
    assert first.context.trace_id == second.context.trace_id
    assert first.context.span_id != second.context.span_id


@pytest.mark.parametrize(("call", "outcome"), [(["state:nothing"], "error"), (["probe:crash"], "bug")])
def test_what_goes_wrong_is_an_error_without_its_words(
    spans: InMemorySpanExporter, call: list[str], outcome: str
) -> None:
    play(session()[0], call)
    (span,) = spans.get_finished_spans()
    assert not span.status.is_ok
    assert span.status.description is None
    assert span.events == ()
    assert (span.attributes or {})["fabric.outcome"] == outcome


def test_a_late_and_an_aborted_transaction_end_their_spans(spans: InMemorySpanExporter) -> None:
    clock = Clock()
    peer, _ = session(clock, Limits(transaction_seconds=5))
    play(peer, ["state:get", "a"])
    clock.now += 6
    peer.expire()
    play(peer, ["state:get", "a"])
    peer.close()
    assert [(span.attributes or {})["fabric.outcome"] for span in spans.get_finished_spans()] == ["timeout", "aborted"]


@pytest.mark.parametrize("transaction_id", ["", "t", "z" * 64, "0" * 64])
def test_what_is_no_id_has_a_trace_of_its_own(spans: InMemorySpanExporter, transaction_id: str) -> None:
    assert span_context(transaction_id) is None
    play(session()[0], ["state:get", "a"], b"x", transaction_id=transaction_id)
    (span,) = spans.get_finished_spans()
    assert span.parent is None


def test_sampling_by_trace_takes_the_same_transactions_on_every_server() -> None:
    sampler = TraceIdRatioBased(0.5)
    few = {number: f"{number:02x}" * 32 for number in range(1, 255)}
    contexts = [span_context(text) for text in few.values()]
    taken = [sampler.should_sample(None, each.trace_id, "x").decision for each in contexts if each is not None]
    assert 60 < sum(decision is Decision.RECORD_AND_SAMPLE for decision in taken) < 190
