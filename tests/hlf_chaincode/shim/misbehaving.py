"""What a contract must not do, and a server must stand."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import threading
import time
from typing import ClassVar

from tests.conformance.probe import probe

from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.contract import Chaincode, Context, Contract, query, transaction

_log = logging.getLogger("hlf_chaincode")


class MisbehavingContract(Contract):
    name: ClassVar[str] = "bad"

    @query
    async def sleep(self, context: Context) -> None:
        await asyncio.sleep(0.01)

    @query
    async def where(self, context: Context) -> tuple[int, bool]:
        """The process that runs it, and whether that has gRPC."""
        return os.getpid(), "grpc" in sys.modules

    @query
    async def ask_and_where(self, context: Context) -> int:
        await context.stub.get_state("a")
        return os.getpid()

    @query
    async def die(self, context: Context) -> None:
        """As the kernel ends a process that takes too much memory."""
        os.kill(os.getpid(), signal.SIGKILL)

    @query
    async def hang(self, context: Context) -> None:
        """Deaf to the watch over contracts, as code in C can be."""
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
        threading.Event().wait()

    @query
    async def busy(self, context: Context, seconds: int) -> None:
        time.sleep(seconds)  # noqa: ASYNC251 - it means to hold its thread

    @query
    async def descend(self, context: Context, channels: list[str]) -> list[str]:
        """Calls itself on each channel in turn, from the one before; the channels on which it ran."""
        await context.stub.get_state("a")
        if not channels:
            return [context.channel]
        call = [b"bad:descend", canonical_json(channels[1:])]
        response = await context.stub.invoke_chaincode("bad", call, channels[0])
        return [context.channel, *json.loads(response.payload)]

    @query
    async def huge(self, context: Context, size: int) -> str:
        return "x" * size

    @query
    async def chatty(self, context: Context, requests: int) -> int:
        for number in range(requests):
            await context.stub.get_state(f"a{number}")
        return requests

    @transaction
    async def tidy(self, context: Context) -> None:
        """Cleans up when it is ended, with one request too many."""
        try:
            await context.stub.get_state("a")
        finally:
            _log.warning("cleaned up")
            await context.stub.get_state("b")

    @query
    async def abandon(self, context: Context, ranges: int) -> int:
        """Leaves each range after its first entry."""
        for _ in range(ranges):
            async for _entry in context.stub.get_state_by_range("", ""):
                break
        await context.stub.get_state("a")
        return ranges


def bad() -> Chaincode:
    return Chaincode("bad", [MisbehavingContract(), *probe().contracts.values()])
