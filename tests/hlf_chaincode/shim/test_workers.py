"""Several workers: what dies takes no others with it, nested calls find room, and nothing is left behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.conformance.probe import probe
from tests.hlf_chaincode.memory_peer import MemoryLedger
from tests.hlf_chaincode.shim.conftest import Serve, serving, settings
from tests.hlf_chaincode.shim.fake_peer import MESSAGE, FakePeer, connected, response_of
from tests.hlf_chaincode.shim.processes import is_alive, parent
from tests.hlf_chaincode.shim.test_server import BAD, SAFE, reply, until

from hlf_chaincode.errors import FabricError
from hlf_chaincode.shim import ChaincodeServer, Limits


@asynccontextmanager
async def crew_of(
    size: int, ledger: MemoryLedger, limits: Limits | None = None
) -> AsyncIterator[tuple[ChaincodeServer, FakePeer]]:
    async with (
        serving(BAD, limits=limits, workers=size) as server,
        connected(ledger, f"127.0.0.1:{server.port}") as peer,
    ):
        yield server, peer
        assert peer.violations == []


def processes(server: ChaincodeServer) -> set[int]:
    assert server.crew is not None
    return set(server.crew.processes)


async def waiting(peer: FakePeer, count: int) -> list[asyncio.Task[object]]:
    """So many transactions, each with its worker and with a request that the peer does not answer yet."""
    peer.flowing.clear()
    before = len(peer.received)
    calls = [asyncio.create_task(peer.answer_to(peer.begin(SAFE, "fx", "bad:ask_and_where"))) for _ in range(count)]
    await until(lambda: len(peer.received) - before == count)
    return calls


async def test_transactions_are_spread_over_workers_that_have_no_grpc(ledger: MemoryLedger) -> None:
    async with crew_of(3, ledger) as (server, peer):
        calls = await waiting(peer, 30)
        peer.flowing.set()
        ran = [json.loads(response_of(answer).payload) for answer in await asyncio.gather(*calls)]
        assert set(ran) == processes(server)
        process, has_grpc = json.loads((await peer.call(SAFE, "fx", "bad:where")).payload)
        assert process != os.getpid()
        assert has_grpc is False


async def test_a_killed_worker_fails_its_own_transactions_and_comes_back(ledger: MemoryLedger) -> None:
    async with crew_of(3, ledger) as (server, peer):
        calls = await waiting(peer, 60)
        before = processes(server)
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        await until(lambda: victim not in processes(server))
        peer.flowing.set()
        ran, failed = set(), []
        for answer in await asyncio.gather(*calls):
            try:
                ran.add(json.loads(response_of(answer).payload))
            except FabricError as error:
                failed.append(error.message)
        assert 0 < len(failed) < 60
        assert set(failed) == {"the worker has ended: try again"}
        assert ran == before - {victim}
        await until(lambda: server.metrics.workers == 3)
        assert len(processes(server) - before) == 1
        assert server.metrics.workers_lost == 1
        assert server.metrics.in_flight == 0
        assert server.metrics.transactions["bad:ask_and_where", "aborted"] == len(failed)
        assert (await reply(peer, "state:get", "a"))[0] == 200


async def test_the_transaction_that_kills_its_worker_is_told_from_those_beside_it(
    ledger: MemoryLedger, caplog: pytest.LogCaptureFixture
) -> None:
    """Its client is not sent to the next peer to kill that one's, too."""
    async with crew_of(2, ledger) as (server, peer):
        calls = await waiting(peer, 20)
        status, message = await reply(peer, "bad:die")
        assert status == 500
        assert json.loads(message)["details"]["incident"] in caplog.text
        peer.flowing.set()
        ends = [getattr(answer, "type", None) for answer in await asyncio.gather(*calls)]
        assert set(ends) == {MESSAGE.COMPLETED, MESSAGE.ERROR}
        assert server.metrics.transactions["bad:die", "bug"] == 1
        await until(lambda: "signal 9" in caplog.text and server.metrics.workers == 2)


async def test_without_any_worker_a_gateway_is_sent_to_another_peer(ledger: MemoryLedger) -> None:
    async with crew_of(2, ledger) as (server, peer):
        for _ in range(3):
            assert (await reply(peer, "bad:die"))[0] == 500
            await until(lambda: server.metrics.workers == 2)
        workers = processes(server)
        nursery = parent(min(workers))
        os.kill(nursery, signal.SIGSTOP)
        for process in workers:
            os.kill(process, signal.SIGKILL)
        await until(lambda: server.metrics.workers == 0)
        assert not server.is_serving
        with pytest.raises(FabricError, match="no worker is ready: try again"):
            await reply(peer, "state:get", "a")
        os.kill(nursery, signal.SIGCONT)
        await until(lambda: server.metrics.workers == 2)
        assert server.is_serving
        assert (await reply(peer, "state:get", "a"))[0] == 200


async def test_a_worker_that_hears_no_signal_is_ended(ledger: MemoryLedger) -> None:
    async with crew_of(2, ledger, Limits(turn_seconds=0.1)) as (server, peer):
        status, message = await reply(peer, "bad:hang")
        assert status == 504
        assert "its worker was ended" in json.loads(message)["message"]
        assert server.metrics.transactions["bad:hang", "timeout"] == 1
        await until(lambda: server.metrics.workers == 2)


async def test_workers_start_anew_when_the_process_that_forks_them_has_gone(ledger: MemoryLedger) -> None:
    async with crew_of(2, ledger) as (server, peer):
        victim = min(processes(server))
        nursery = parent(victim)
        os.kill(nursery, signal.SIGKILL)
        await until(lambda: not is_alive(nursery))
        assert (await reply(peer, "state:get", "a"))[0] == 200
        os.kill(victim, signal.SIGKILL)
        await until(lambda: victim not in processes(server) and server.metrics.workers == 2)


async def test_a_busy_worker_holds_up_no_other(ledger: MemoryLedger) -> None:
    async with crew_of(2, ledger) as (_, peer):
        busy = asyncio.create_task(reply(peer, "bad:busy", 2))
        await until(lambda: len(peer.calls) == 1)
        answers = [await reply(peer, "state:get", "a") for _ in range(20)]
        assert {status for status, _ in answers} == {200}
        assert not busy.done()
        assert (await busy)[0] == 200


@pytest.mark.parametrize("size", [1, 2])
async def test_nested_calls_find_room_at_any_depth(ledger: MemoryLedger, size: int) -> None:
    """With one of two workers busy, and as many at the outermost as may be at all."""
    limits = Limits(transactions=33, turn_seconds=5)
    async with crew_of(size, ledger, limits) as (server, peer):
        busy = [asyncio.create_task(reply(peer, "bad:busy", 1))] if size == 2 else []
        peer.flowing.clear()
        calls = [peer.call(SAFE, "fx", "bad:descend", ["bank", "customs"]) for _ in range(32)]
        going = [asyncio.create_task(call) for call in calls]
        await until(lambda: server.metrics.in_flight == 32 + len(busy))
        peer.flowing.set()
        answers = await asyncio.gather(*going)
        assert [json.loads(answer.payload) for answer in answers] == [["fx", "bank", "customs"]] * 32
        await asyncio.gather(*busy)


async def test_what_runs_may_still_call_other_channels_while_the_server_stops(
    serve: Serve, ledger: MemoryLedger
) -> None:
    async with serve(BAD) as server, connected(ledger, f"127.0.0.1:{server.port}") as peer:
        peer.flowing.clear()
        running = asyncio.create_task(peer.call(SAFE, "fx", "bad:descend", ["bank", "customs"]))
        await peer.requested.wait()
        draining = asyncio.create_task(server.drain())
        await until(lambda: not server.is_serving)
        peer.flowing.set()
        assert json.loads((await running).payload) == ["fx", "bank", "customs"]
        await draining


async def test_nothing_is_left_behind(ledger: MemoryLedger) -> None:
    async with crew_of(3, ledger) as (server, peer):
        calls = await waiting(peer, 5)
        workers = processes(server)
        for call in calls:
            call.cancel()
    assert not any(is_alive(worker) for worker in workers)


async def test_a_chaincode_that_workers_cannot_make_is_an_error_at_the_start() -> None:
    with pytest.raises(FabricError, match="no worker can be started"):
        async with ChaincodeServer(probe(), settings(workers=2), factory="nowhere:probe"):
            pytest.fail("it serves")
    with pytest.raises(FabricError, match="need the factory"):
        ChaincodeServer(probe(), settings(workers=2))
