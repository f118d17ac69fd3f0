"""The server under load, under peers that come and go, under slow and broken contracts, and its orderly end."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

import grpc
import pytest
from tests.conformance.probe import probe
from tests.hlf_chaincode.memory_peer import MemoryLedger, identity
from tests.hlf_chaincode.shim.conftest import Serve
from tests.hlf_chaincode.shim.fake_peer import MESSAGE, FakePeer, connected

from hlf_chaincode.errors import FabricError
from hlf_chaincode.shim import ChaincodeServer, Limits

BAD = "tests.hlf_chaincode.shim.misbehaving:bad"
SAFE = identity("SafeMSP", "officer")


async def reply(peer: FakePeer, *call: object) -> tuple[int, str]:
    response = await peer.call(SAFE, "fx", *call)
    return response.status, response.message


@pytest.mark.parametrize("concurrency", [32, 128])
async def test_many_transactions_at_once(peer: FakePeer, concurrency: int) -> None:
    await peer.submit(SAFE, "fx", "state:put_many", {f"{number}": f"v{number}" for number in range(concurrency)})
    answers = await asyncio.gather(
        *(peer.call(SAFE, "fx", "state:get", f"{number % concurrency}") for number in range(4 * concurrency))
    )
    assert [json.loads(answer.payload) for answer in answers] == [
        f"v{number % concurrency}" for number in range(4 * concurrency)
    ]


async def test_transactions_wait_for_the_peer_side_by_side(peer: FakePeer, server: ChaincodeServer) -> None:
    """All are at work before the first is answered."""
    peer.flowing.clear()
    calls = [asyncio.create_task(peer.call(SAFE, "fx", "state:get", "a")) for _ in range(128)]
    await until(lambda: server.metrics.messages["TRANSACTION"] == 128)
    assert server.metrics.in_flight == 128
    peer.flowing.set()
    assert {answer.status for answer in await asyncio.gather(*calls)} == {200}
    assert server.metrics.in_flight == 0


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the server sets no event of ours
            await asyncio.sleep(0)


async def test_two_peers_are_served_apart(server: ChaincodeServer, peer: FakePeer) -> None:
    other_ledger = MemoryLedger(probe(), ["fx"])
    async with connected(other_ledger, f"127.0.0.1:{server.port}") as other:
        await peer.submit(SAFE, "fx", "state:put", "a", "1")
        assert json.loads((await other.call(SAFE, "fx", "state:get", "a")).payload) is None
        assert server.metrics.streams == 2


async def test_a_peer_leaves_in_the_middle_and_comes_back(server: ChaincodeServer, ledger: MemoryLedger) -> None:
    target = f"127.0.0.1:{server.port}"
    async with connected(ledger, target) as peer:
        peer.flowing.clear()
        call = asyncio.create_task(peer.call(SAFE, "fx", "state:get", "a"))
        await peer.requested.wait()
        assert server.metrics.in_flight == 1
    with pytest.raises(ConnectionError):
        await call
    await until(lambda: server.metrics.streams == 0)
    assert server.metrics.in_flight == 0
    assert server.metrics.transactions["state:get", "aborted"] == 1
    async with connected(ledger, target) as again:
        assert (await again.call(SAFE, "fx", "state:get", "a")).status == 200


async def test_a_contract_that_cleans_up_asks_nothing_of_a_peer_that_has_gone(
    serve: Serve, ledger: MemoryLedger, caplog: pytest.LogCaptureFixture
) -> None:
    async with serve(BAD) as server:
        async with connected(ledger, f"127.0.0.1:{server.port}") as peer:
            peer.flowing.clear()
            call = asyncio.create_task(peer.call(SAFE, "fx", "bad:tidy"))
            await peer.requested.wait()
        with pytest.raises(ConnectionError):
            await call
        await until(lambda: server.metrics.streams == 0)
        await until(lambda: caplog.messages.count("cleaned up") == 1)


async def test_an_answer_that_never_comes_times_out_and_others_go_on(serve: Serve, ledger: MemoryLedger) -> None:
    limits = Limits(transaction_seconds=0.3)
    async with serve(limits=limits) as server, connected(ledger, f"127.0.0.1:{server.port}") as peer:
        peer.flowing.clear()
        slow = asyncio.create_task(reply(peer, "state:get", "a"))
        await peer.requested.wait()
        assert (await reply(peer, "probe:creator"))[0] == 200
        status, message = await slow
        assert status == 504
        assert "longer than 0.3 s" in json.loads(message)["message"]
        peer.flowing.set()  # the late answer finds nobody
        assert (await reply(peer, "state:get", "a"))[0] == 200
        assert server.metrics.transactions["state:get", "timeout"] == 1


async def test_a_proposal_that_the_peer_sends_again_replaces_the_one_it_gave_up(
    peer: FakePeer, server: ChaincodeServer
) -> None:
    peer.flowing.clear()
    call = peer.begin(SAFE, "fx", "state:get", "a")
    first = asyncio.create_task(peer.answer_to(call))
    await peer.requested.wait()
    call.outstanding = False
    second = asyncio.create_task(peer.answer_to(call))
    await until(lambda: server.metrics.transactions["state:get", "aborted"] == 1)
    peer.flowing.set()
    assert (await first).type == MESSAGE.COMPLETED
    assert (await second).type == MESSAGE.COMPLETED


@pytest.mark.parametrize("call", [["probe:crash"], ["bad:sleep"]])
async def test_a_bug_is_a_500_whose_id_is_in_the_log(
    serve: Serve, ledger: MemoryLedger, caplog: pytest.LogCaptureFixture, call: list[str]
) -> None:
    async with serve(BAD) as server, connected(ledger, f"127.0.0.1:{server.port}") as peer:
        status, message = await reply(peer, *call)
        assert status == 500
        incident = json.loads(message)["details"]["incident"]
        assert incident in caplog.text
        assert "secret" not in caplog.text + message
        assert (await reply(peer, "state:get", "a"))[0] == 200


async def test_results_and_requests_are_bounded(serve: Serve, ledger: MemoryLedger) -> None:
    limits = Limits(result_bytes=1000, requests=10)
    async with serve(BAD, limits=limits) as server, connected(ledger, f"127.0.0.1:{server.port}") as peer:
        assert (await reply(peer, "bad:huge", 990))[0] == 200
        status, message = await reply(peer, "bad:huge", 1000)
        assert (status, json.loads(message)["details"]["field"]) == (400, "result")
        assert (await reply(peer, "bad:chatty", 10))[0] == 200
        status, message = await reply(peer, "bad:chatty", 11)
        assert status == 500
        assert "at most 10 requests" in message


async def test_a_batch_of_writes_goes_in_parts_of_bounded_size(serve: Serve, ledger: MemoryLedger) -> None:
    limits = Limits(batch_bytes=10_000)
    async with serve(limits=limits) as server, connected(ledger, f"127.0.0.1:{server.port}") as peer:
        call = peer.begin(SAFE, "fx", "state:put_many", {f"{number:02}": "x" * 3000 for number in range(10)})
        await peer.answer_to(call)
        assert call.requests == ["WRITE_BATCH_STATE"] * 4
        assert len(call.state.writes) == 10


async def test_too_many_transactions_are_turned_away_to_another_peer(serve: Serve, ledger: MemoryLedger) -> None:
    async with (
        serve(limits=Limits(transactions=2)) as server,
        connected(ledger, f"127.0.0.1:{server.port}") as peer,
    ):
        peer.flowing.clear()
        calls = [asyncio.create_task(reply(peer, "state:get", "a")) for _ in range(2)]
        await until(lambda: server.metrics.in_flight == 2)
        with pytest.raises(FabricError, match="too many transactions"):
            await reply(peer, "state:get", "a")
        peer.flowing.set()
        assert [status for status, _ in await asyncio.gather(*calls)] == [200, 200]


async def test_ranges_left_early_do_not_pile_up(serve: Serve, ledger: MemoryLedger) -> None:
    async with serve(BAD) as server, connected(ledger, f"127.0.0.1:{server.port}") as peer:
        await peer.submit(SAFE, "fx", "state:put_many", {f"{number:03}": "1" for number in range(150)})
        call = peer.begin(SAFE, "fx", "bad:abandon", 3)
        await peer.answer_to(call)
        assert call.requests == [*["GET_STATE_BY_RANGE", "QUERY_STATE_CLOSE"] * 3, "GET_STATE"]


async def test_what_runs_comes_to_its_end_before_the_server_stops(serve: Serve, ledger: MemoryLedger) -> None:
    async with serve() as server, connected(ledger, f"127.0.0.1:{server.port}") as peer:
        peer.flowing.clear()
        running = asyncio.create_task(reply(peer, "state:get", "a"))
        await peer.requested.wait()
        draining = asyncio.create_task(server.drain())
        await until(lambda: not server.is_serving)
        with pytest.raises(FabricError, match="stopping"):
            await reply(peer, "state:get", "b")
        assert not draining.done()
        peer.flowing.set()
        assert (await running)[0] == 200
        await draining


async def test_a_drain_does_not_wait_for_ever(serve: Serve, ledger: MemoryLedger) -> None:
    limits = Limits(drain_seconds=0.1)
    async with serve(limits=limits) as server, connected(ledger, f"127.0.0.1:{server.port}") as peer:
        peer.flowing.clear()
        running = asyncio.create_task(reply(peer, "state:get", "a"))
        await peer.requested.wait()
        await server.drain()
        assert server.metrics.in_flight == 1
        running.cancel()


async def test_a_keepalive_is_answered_in_kind(peer: FakePeer) -> None:
    await peer.send(MESSAGE(type=MESSAGE.KEEPALIVE))
    await until(lambda: any(message.type == MESSAGE.KEEPALIVE for message in peer.received))


async def test_health_says_serving_until_it_stops(server: ChaincodeServer) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        check: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = channel.unary_unary("/grpc.health.v1.Health/Check")
        assert await check(b"") == b"\x08\x01"
        assert await check(b"\x0a\x10protos.Chaincode") == b"\x08\x01"
        with pytest.raises(grpc.aio.AioRpcError) as failure:
            await check(b"\x0a\x05other")
        assert failure.value.code() is grpc.StatusCode.NOT_FOUND
        await server.drain()
        assert await check(b"") == b"\x08\x02"


async def test_metrics_and_health_over_http(server: ChaincodeServer, peer: FakePeer) -> None:
    await reply(peer, "state:get", "a")
    await reply(peer, 'made up\n"by a caller', "a")
    status, page = await asyncio.to_thread(fetched, server.monitor_port, "/metrics")
    assert status == 200
    samples = samples_of(page)
    assert samples['exim_chaincode_transactions_total{function="state:get",outcome="ok"}'] == 1
    assert samples['exim_chaincode_transactions_total{function="unknown",outcome="error"}'] == 1
    assert samples['exim_chaincode_transaction_seconds_count{function="state:get"}'] == 1
    assert samples['exim_chaincode_transaction_seconds_bucket{function="state:get",le="+Inf"}'] == 1
    assert samples['exim_chaincode_messages_total{type="TRANSACTION"}'] == 2
    assert samples["exim_chaincode_streams"] == 1
    assert "made up" not in page
    assert await asyncio.to_thread(fetched, server.monitor_port, "/healthz") == (200, "ok\n")
    assert (await asyncio.to_thread(fetched, server.monitor_port, "/other"))[0] == 404
    await server.drain()
    assert (await asyncio.to_thread(fetched, server.monitor_port, "/healthz"))[0] == 503


def fetched(port: int, path: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def samples_of(page: str) -> Mapping[str, float]:
    lines = [line for line in page.splitlines() if line and not line.startswith("#")]
    return {name: float(number) for name, number in (line.rsplit(" ", 1) for line in lines)}


async def test_a_port_that_is_taken_is_an_error_with_a_sentence(server: ChaincodeServer, serve: Serve) -> None:
    with pytest.raises(FabricError, match="cannot listen at"):
        async with serve(address=f"127.0.0.1:{server.port}"):
            pass


async def test_logs_hold_no_keys_and_no_payloads(peer: FakePeer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="hlf_chaincode")
    await peer.submit(SAFE, "fx", "state:put", "confidential-key", "confidential-value")
    await peer.call(SAFE, "fx", "confidential:function", "x")
    await peer.call(SAFE, "bank", "private:put", "c", "k", transient={"value": b"confidential"})
    assert "state:put" in caplog.text
    assert "confidential" not in caplog.text
