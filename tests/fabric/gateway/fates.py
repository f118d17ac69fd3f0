"""What became of submits: as their client saw it, and as the ledger's blocks tell it."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final, TypeAlias, TypeVar, cast

from tests.conformance.listening import close, take
from tests.fabric.gateway.listeners import next_block
from tests.fabric.gateway.network import ANY, SECONDS

from hlf_client import Commit, SubmittedTransaction
from hlf_client.errors import EndorsementFailed, LedgerUnavailable
from hlf_client.gateway import GatewayLedger

__all__ = ["Attempts", "answered", "reconcile", "submitting", "until"]

AnswerT = TypeVar("AnswerT")

WORKERS: Final = 8


@dataclass
class Attempts:
    """Submits of one key each, by key, as they ended for their client."""

    acknowledged: dict[str, Commit] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    """Transaction ids of those whose error says that their fate is not known."""
    refused: dict[str, str] = field(default_factory=dict)
    """Transaction ids of those that the gateway turned down."""
    under_way: set[str] = field(default_factory=set)

    @property
    def keys(self) -> list[str]:
        return [*self.acknowledged, *self.unknown, *self.refused]

    async def submit(self, ledger: GatewayLedger, key: str) -> None:
        self.under_way.add(key)
        try:
            self.acknowledged[key] = await ledger.submit(ANY, "public:put", key, "1")
        except LedgerUnavailable as error:
            self.unknown[key] = error.transaction_id
        except EndorsementFailed as error:
            self.refused[key] = error.transaction_id
        finally:
            self.under_way.discard(key)


@asynccontextmanager
async def submitting(ledger: GatewayLedger, prefix: str) -> AsyncIterator[Attempts]:
    """Workers that submit one key after another, until the block ends and each has its last answer."""
    attempts, numbers = Attempts(), itertools.count()
    stopped = asyncio.Event()

    async def work() -> None:
        while not stopped.is_set():
            await attempts.submit(ledger, f"{prefix}-{next(numbers)}")
            await asyncio.sleep(0.02)  # refusals come at once: a backend would pause, too

    async with asyncio.TaskGroup() as group:
        for _ in range(WORKERS):
            group.create_task(work())
        try:
            yield attempts
        finally:
            stopped.set()


async def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something, with a deadline."""
    try:
        async with asyncio.timeout(SECONDS):
            while not condition():  # noqa: ASYNC110 - what is waited for happens on other machines
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"{what}: not within {SECONDS:.0f} s") from None


async def answered(ask: Callable[[], Awaitable[AnswerT]]) -> AnswerT:
    """An answer, asked for again while nobody can give it, with a deadline."""
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                return await ask()
            except (EndorsementFailed, LedgerUnavailable):
                await asyncio.sleep(0.1)


async def reconcile(witness: GatewayLedger, attempts: Attempts, start: int) -> None:
    """Hold what a client was told against the blocks from `start` on, as another organisation's peer has them, and the
    blocks against the state. In these blocks nobody but the client and the witness has written."""
    assert all(len(transaction_id) == 64 for transaction_id in attempts.unknown.values())
    fates, values = await _reading(witness, attempts, start)
    for commit in attempts.acknowledged.values():
        assert _valid(fates, commit.transaction_id) == [commit.block_number]
    for transaction_id in attempts.refused.values():
        assert transaction_id not in fates
    late = {key: transaction_id for key, transaction_id in attempts.unknown.items() if transaction_id in fates}
    for transaction_id in late.values():
        status = await witness.commit_status(SubmittedTransaction(transaction_id, ANY, b""))
        assert status.is_valid
        assert _valid(fates, transaction_id) == [status.block_number]
    assert fates.keys() == {commit.transaction_id for commit in attempts.acknowledged.values()} | set(late.values())
    assert {key for key, value in values.items() if value == "1"} == attempts.acknowledged.keys() | late.keys()


Fates: TypeAlias = dict[str, list[tuple[str, int]]]
"""Validation codes and blocks, by transaction id: an envelope that was handed in twice has two."""


def _valid(fates: Fates, transaction_id: str) -> list[int]:
    """The blocks in which a transaction counts."""
    return [block for code, block in fates.get(transaction_id, []) if code == "VALID"]


async def _reading(witness: GatewayLedger, attempts: Attempts, start: int) -> tuple[Fates, dict[str, str | None]]:
    """The fates that blocks from `start` on tell, and the value of every key, both at one height."""
    await answered(lambda: next_block(witness))  # behind everything that was handed in before
    while True:
        height = (await witness.channel_info(ANY)).height
        events = witness.block_events(ANY, start=start)
        blocks = await take(events, height - start)
        await close(events)
        answer = await witness.evaluate(ANY, "public:get", attempts.keys)
        if (await witness.channel_info(ANY)).height == height:
            break
    fates: Fates = {}
    for block in blocks:
        for each in block.transactions:
            if each.creator_msp != witness.msp_id:
                fates.setdefault(each.transaction_id, []).append((each.code, block.number))
    values = cast("list[str | None]", json.loads(answer))
    return fates, dict(zip(attempts.keys, values, strict=True))
