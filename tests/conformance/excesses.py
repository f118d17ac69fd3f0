"""A contract that goes beyond each limit on demand."""

from __future__ import annotations

import asyncio
import json
import time
from typing import ClassVar

from hlf_chaincode.contract import Context, Contract, query, transaction

__all__ = ["ExcessContract"]


class ExcessContract(Contract):
    """What a peer, its chaincode server or its orderers refuse."""

    name: ClassVar[str] = "excess"

    @query
    async def awaits(self, context: Context) -> None:
        """Something that is not the ledger."""
        await asyncio.sleep(0)

    @query
    async def computes(self, context: Context, seconds: int) -> None:
        until = time.thread_time() + seconds
        while time.thread_time() < until:
            pass

    @query
    async def never_ends(self, context: Context) -> None:
        while True:
            pass

    @query
    async def takes(self, context: Context, text: str) -> int:
        return len(text)

    @query
    async def takes_json(self, context: Context, values: list[int]) -> int:
        return len(values)

    @query
    async def gives(self, context: Context, size: int) -> str:
        return "x" * size

    @transaction
    async def put(self, context: Context, key: str, size: int, count: int = 1) -> None:
        """`count` values of so many bytes, under the key and others like it."""
        for number in range(count):
            await context.stub.put_state(f"{key}{number or ''}", b"x" * size)

    @transaction
    async def put_private(self, context: Context, key: str, size: int) -> None:
        await context.stub.put_private_data("exim-safe", key, b"x" * size)

    @transaction
    async def emits(self, context: Context, event: str, size: int) -> None:
        context.set_event(event, {"text": "x" * size})

    @query
    async def page(self, context: Context, size: int) -> None:
        await context.stub.get_state_page("", "", size)

    @transaction
    async def page_and_write(self, context: Context) -> None:
        await context.stub.get_state_page("", "", 10)
        await context.stub.put_state("a", b"1")

    @transaction
    async def private_range_and_write(self, context: Context) -> None:
        _ = [entry async for entry in context.stub.get_private_data_by_range("exim-safe", "", "")]
        await context.stub.put_state("a", b"1")

    @transaction
    async def fill(self, context: Context, first: int, count: int) -> None:
        """So many keys."""
        await context.stub.put_states({f"n{number:07}": b"1" for number in range(first, first + count)})

    @query
    async def count(self, context: Context) -> int:
        return len([entry.key async for entry in context.stub.get_state_by_range("n", "o")])

    @query
    async def finds(self, context: Context, paged: bool) -> int:
        """A rich query."""
        query = json.dumps({"selector": {"owner": "exim"}})
        if paged:
            return len((await context.stub.get_query_page(query, 10)).entries)
        return len([entry.key async for entry in context.stub.get_query_result(query)])
