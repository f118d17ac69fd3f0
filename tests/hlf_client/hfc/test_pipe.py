"""The pipe to the worker: answers find who asked, and nobody waits for a worker that died."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from hlf_client.errors import InvalidDocument, LedgerUnavailable
from hlf_client.hfc._pipe import Pipe, RequestFailed
from hlf_client.hfc.worker import MAX_FRAME

SCRIPTED = (sys.executable, "-I", str(Path(__file__).with_name("scripted_worker.py")))
SECONDS = 30


@pytest.fixture
async def pipe() -> AsyncIterator[Pipe]:
    pipe = Pipe(lambda: SCRIPTED)
    yield pipe
    await pipe.close()


async def seen(pipe: Pipe, what: str) -> int:
    value = (await pipe.call("seen", {}))["value"]
    assert isinstance(value, dict)
    return int(value[what])


async def until(pipe: Pipe, what: str, count: int) -> None:
    async with asyncio.timeout(SECONDS):
        while await seen(pipe, what) != count:
            pass


async def test_bytes_and_text_come_back_as_they_went(pipe: Pipe) -> None:
    value = {"bytes": b"\x00\xff", "text": "汉", "number": 1, "none": None, "list": [b"a", "b"]}
    assert (await pipe.call("echo", {"value": value}))["value"] == value


async def test_answers_in_any_order_find_who_asked(pipe: Pipe) -> None:
    calls = [asyncio.create_task(pipe.call("hold", {})) for _ in range(20)]
    await until(pipe, "held", 20)
    await pipe.call("release", {})
    numbers = [int(str(answer["value"])) for answer in await asyncio.gather(*calls)]
    assert numbers == sorted(set(numbers))


async def test_more_requests_than_places_wait_their_turn() -> None:
    pipe = Pipe(lambda: SCRIPTED, places=2)
    first, second = (asyncio.create_task(pipe.call("hold", {})) for _ in range(2))
    third = asyncio.create_task(pipe.call("echo", {"value": "third"}))
    done, _ = await asyncio.wait({first, second, third}, timeout=0.3)
    assert not done
    first.cancel()
    assert (await third)["value"] == "third"
    await pipe.close()
    with pytest.raises(LedgerUnavailable):
        await second


async def test_a_refusal_keeps_its_code_and_words(pipe: Pipe) -> None:
    with pytest.raises(RequestFailed) as failure:
        await pipe.call("refuse", {})
    assert (failure.value.kind, failure.value.code, failure.value.details) == ("rpc", "UNAVAILABLE", "gone")


async def test_a_cancelled_call_is_cancelled_in_the_worker(pipe: Pipe) -> None:
    call = asyncio.create_task(pipe.call("hold", {}))
    await until(pipe, "held", 1)
    call.cancel()
    await until(pipe, "cancelled", 1)
    await pipe.call("release", {})  # the late answer finds nobody, and does no harm
    assert (await pipe.call("echo", {"value": "on"}))["value"] == "on"


async def test_all_who_wait_are_told_when_the_worker_dies_and_the_next_call_starts_another(pipe: Pipe) -> None:
    calls = [asyncio.create_task(pipe.call("hold", {})) for _ in range(5)]
    await until(pipe, "held", 5)
    first = await seen(pipe, "pid")
    with pytest.raises(LedgerUnavailable, match=r"exit code 7\): what it said last"):
        await pipe.call("die", {})
    for call in calls:
        with pytest.raises(LedgerUnavailable, match="the hfc worker ended"):
            await call
    assert await seen(pipe, "pid") != first


async def test_a_worker_that_is_killed_is_one_that_died(pipe: Pipe) -> None:
    call = asyncio.create_task(pipe.call("hold", {}))
    await until(pipe, "held", 1)
    os.kill(await seen(pipe, "pid"), signal.SIGKILL)
    with pytest.raises(LedgerUnavailable, match="exit code -9"):
        await call


@pytest.mark.parametrize("nonsense", ["garbage", "list", "stranger", "oversized"])
async def test_a_worker_that_talks_nonsense_is_ended(pipe: Pipe, nonsense: str) -> None:
    first = await seen(pipe, "pid")
    with pytest.raises(LedgerUnavailable, match="does not keep to the protocol"):
        await pipe.call(nonsense, {})
    assert await seen(pipe, "pid") != first


async def test_an_answer_cut_short_is_none(pipe: Pipe) -> None:
    with pytest.raises(LedgerUnavailable, match="the hfc worker ended"):
        await pipe.call("cut", {})


async def test_a_request_that_no_frame_holds_is_refused_before_it_is_sent(pipe: Pipe) -> None:
    first = await seen(pipe, "pid")
    with pytest.raises(InvalidDocument, match="larger than"):
        await pipe.call("echo", {"value": "x" * (MAX_FRAME + 1)})
    assert await seen(pipe, "pid") == first


@pytest.mark.parametrize("command", [("/nowhere/python",), (str(Path(__file__).parent),)])
async def test_a_worker_that_cannot_be_started_says_why(command: Sequence[str]) -> None:
    with pytest.raises(LedgerUnavailable, match="cannot be started"):
        await Pipe(lambda: command).call("echo", {})


async def test_closing_ends_the_process_and_fails_who_waits(pipe: Pipe) -> None:
    call = asyncio.create_task(pipe.call("hold", {}))
    await until(pipe, "held", 1)
    pid = await seen(pipe, "pid")
    await pipe.close()
    with pytest.raises(LedgerUnavailable):
        await call
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
