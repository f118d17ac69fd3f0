"""What a contract must not do, and a server must stand."""

from __future__ import annotations

import asyncio
import logging
from typing import ClassVar

from tests.conformance.probe import probe

from hlf_chaincode.contract import Chaincode, Context, Contract, query, transaction

_log = logging.getLogger("hlf_chaincode")


class MisbehavingContract(Contract):
    name: ClassVar[str] = "bad"

    @query
    async def sleep(self, context: Context) -> None:
        await asyncio.sleep(0.01)

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
