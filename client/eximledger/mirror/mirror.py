"""`Mirror`: follows a member's channels and writes what it may see into a database."""

from __future__ import annotations

import asyncio
import json
import logging
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import Final, Protocol, TypeVar, cast

from sqlalchemy import Engine

from eximledger.consortium import CHAINCODE
from eximledger.mirror.metrics import MirrorMetrics
from eximledger.mirror.schema.migrating import upgrade
from eximledger.mirror.streams import ahead, finished
from eximledger.mirror.writing.batch import Awaited, Batch
from eximledger.mirror.writing.scope import Scope
from eximledger.mirror.writing.store import Store
from eximledger_chaincode.lending.roles import Role
from hlf_client import Checkpoint, Ledger
from hlf_client.errors import InvalidDocument, LedgerUnavailable, NotAuthorized
from hlf_client.wire.blocks import PrivateDataEvent

__all__ = ["Mirror", "PrivateLedger"]

ItemT = TypeVar("ItemT")
_log = logging.getLogger("eximledger.mirror")

_WAITING: Final = 8
"""Blocks that wait for the database, of each channel."""
_BATCH_BYTES: Final = 2 * 1024 * 1024
_BLOCK_BYTES: Final = 8 * 1024
"""For which a block counts beside its private values: so 256 empty ones are a batch."""
_PULSE: Final = 5.0
"""Seconds after which the ledger's height is asked, and what was lacking is asked for again."""
_LATE_AT_ONCE: Final = 20
_LATE_PATIENCE: Final = 10.0
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0


class PrivateLedger(Ledger, Protocol):
    """A ledger that shows blocks with the private data of this member: embedded, or by Fabric's Gateway."""

    def private_data_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> AsyncIterator[PrivateDataEvent]:
        """Blocks with what was written to this member's own collections."""
        ...


class Mirror:
    """One member's copy of what it may see. `ledger` stays open as long as it works; any user of the member will do.

    Raises `InvalidDocument` for a ledger that does not show private data.
    """

    def __init__(self, ledger: Ledger, engine: Engine, *, chaincode: str = CHAINCODE) -> None:
        if not hasattr(ledger, "private_data_events"):
            raise InvalidDocument(
                "this ledger shows no private data with its blocks: mirror an embedded one, or Fabric by its Gateway",
                field="ledger",
                reason="shows no private data",
            )
        self._ledger = cast("PrivateLedger", ledger)
        self._engine = engine
        self._chaincode = chaincode
        self._store = Store(engine)
        self._writing = asyncio.Lock()
        self.metrics = MirrorMetrics()

    async def prepare(self) -> Scope:
        """Bring the schema up, and say whose mirror it is. Raises `Refused` where it is another member's."""
        await asyncio.to_thread(upgrade, self._engine)
        await asyncio.to_thread(self._store.claim, self._ledger.msp_id)
        return await self._scope()

    async def _scope(self) -> Scope:
        """The member's role, as the consortium has it."""
        members = json.loads(await self._ledger.evaluate(self._ledger.channels[0], "consortium:members"))
        own = next((each for each in members if each["msp_id"] == self._ledger.msp_id), None)
        if own is None:
            raise NotAuthorized(f"{self._ledger.msp_id} is no member of the consortium")
        return Scope(self._ledger.msp_id, Role(own["role"]))

    async def follow(self) -> None:
        """Mirror every channel, without end; to be cancelled. An outage of the ledger or the database is waited out.

        Raises `Conflict` where another process mirrors into the same database, or it holds another ledger's blocks.
        """
        scope = await self._patiently(self.prepare)

        async def one(channel: str) -> None:
            await self._patiently(lambda: self._follow(channel, scope, None))

        try:
            async with asyncio.TaskGroup() as group:
                for channel in self._ledger.channels:
                    group.create_task(one(channel))
                group.create_task(self._pulse(scope))
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def catch_up(self) -> None:
        """Mirror every channel up to where it stands now, then return; an outage is raised."""
        scope = await self.prepare()
        for channel in self._ledger.channels:
            height = (await self._ledger.channel_info(channel)).height
            await self._follow(channel, scope, height)
            await self._fetch_late(channel, scope)
        await self._look()

    async def rebuild(self) -> None:
        """Take out all rows, and read the ledger from its first blocks. What the ledger purged does not come again."""
        await self.prepare()
        await asyncio.to_thread(self._store.clear)
        await self.catch_up()

    # -- one channel -----------------------------------------------------------------------------------------------

    async def _follow(self, channel: str, scope: Scope, until: int | None) -> None:
        """Blocks from where the mirror stands; those before `until`, or without end."""
        start = await asyncio.to_thread(self._store.next_block, channel)
        self.metrics.of(channel).height = start
        if until is not None and start >= until:
            return
        async with (
            aclosing(self._blocks(channel, start, until)) as blocks,
            aclosing(ahead(blocks, waiting=_WAITING, size=_size, most=_BATCH_BYTES)) as batches,
        ):
            async for events in batches:
                await self._write(scope, events)

    async def _blocks(self, channel: str, start: int, until: int | None) -> AsyncGenerator[PrivateDataEvent, None]:
        async with aclosing(_closing(self._ledger.private_data_events(channel, start=start))) as events:
            async for event in events:
                yield event
                if until is not None and event.block.number + 1 >= until:
                    return

    async def _write(self, scope: Scope, events: Sequence[PrivateDataEvent]) -> None:
        """One batch at a time: SQLite has one writer, and PostgreSQL's work would only wait for the same disk. On a
        thread, so that a server's loop goes on."""

        def written() -> tuple[Batch, int]:
            batch = Batch.of(events, scope, self._chaincode)
            return batch, self._store.write(batch)

        async with self._writing:
            batch, rows = await finished(written)
        figures = self.metrics.of(batch.channel)
        figures.blocks += batch.next_block - batch.first
        figures.rows += rows
        figures.height, figures.block_at = batch.next_block, batch.block_at or figures.block_at
        figures.ledger_height = max(figures.ledger_height, batch.next_block)

    # -- what a peer shows later -----------------------------------------------------------------------------------

    async def _fetch_late(self, channel: str, scope: Scope) -> None:
        """Read blocks again of which the peer had not all private data: it gets that from other peers."""
        for awaited in await asyncio.to_thread(self._store.awaited, channel, _LATE_AT_ONCE):
            async with aclosing(_closing(self._ledger.private_data_events(channel, start=awaited.block))) as events:
                event = await asyncio.wait_for(anext(events), _LATE_PATIENCE)
            late = partial(self._write_late, event, awaited, scope)
            async with self._writing:
                await finished(late)

    def _write_late(self, event: PrivateDataEvent, awaited: Awaited, scope: Scope) -> None:
        batch = Batch.late(event, awaited.origin, scope, self._chaincode)
        if batch.arrived:
            self._store.write_late(batch, awaited)

    async def _pulse(self, scope: Scope) -> None:
        while True:
            try:
                await self._look()
                for channel in self._ledger.channels:
                    await self._fetch_late(channel, scope)
            except (LedgerUnavailable, TimeoutError) as error:
                self.metrics.retries += 1
                _log.warning("mirror: %s", error)
            await asyncio.sleep(_PULSE)

    async def _look(self) -> None:
        """How far the ledger is, and what is lacking."""
        for channel in self._ledger.channels:
            figures = self.metrics.of(channel)
            figures.ledger_height = (await self._ledger.channel_info(channel)).height
            figures.awaited = len(await asyncio.to_thread(self._store.awaited, channel, 1000))

    async def _patiently(self, work: Callable[[], Awaitable[ItemT]]) -> ItemT:
        """Until it is done; what is only not there for now is tried again, after longer and longer pauses."""
        pause = _FIRST_PAUSE
        while True:
            began = asyncio.get_running_loop().time()
            try:
                return await work()
            except LedgerUnavailable as error:
                self.metrics.retries += 1
                _log.warning("mirror: %s", error.message)
            if asyncio.get_running_loop().time() - began > _LONGEST_PAUSE:
                pause = _FIRST_PAUSE
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311  # jitter, not a secret
            pause = min(pause * 2, _LONGEST_PAUSE)


def _size(event: PrivateDataEvent) -> int:
    return sum(len(write.value or b"") for write in event.writes) + _BLOCK_BYTES


def _closing(events: AsyncIterator[PrivateDataEvent]) -> AsyncGenerator[PrivateDataEvent, None]:
    """Both ledgers' streams are generators, which the interface does not say."""
    return cast("AsyncGenerator[PrivateDataEvent, None]", events)
