"""Private data told from the file: work in a thread ends before what it reads is closed."""

from __future__ import annotations

import asyncio
import threading

import pytest

from hlf_client.embedded.committing.disclosing import _to_its_end


async def test_who_is_cancelled_while_a_thread_reads_leaves_after_it() -> None:
    """SQLite ends the process where a connection is closed that another thread is in: seen in a mirror that stopped."""
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        may_end.wait(10)
        ended.set()

    reading = asyncio.create_task(_to_its_end(asyncio.to_thread(work)))
    await asyncio.to_thread(begun.wait, 10)
    for _ in range(2):
        reading.cancel()
        await asyncio.wait({reading}, timeout=0.05)
        assert not reading.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert ended.is_set()
