"""Several processes share an fsync: nobody is answered before it, no submit and no read, and what it covers is true."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.hlf_client.embedded.held_syncs import Syncs, let_share
from tests.hlf_client.embedded.probing import Opener, as_member
from tests.hlf_client.embedded.test_crash import environment

from hlf_client.embedded import EmbeddedLedger, backup_file, describe_file, verify_file
from hlf_client.embedded.committing import mark
from hlf_client.embedded.committing.mark import Mark
from hlf_client.errors import FabricError, LedgerUnavailable
from hlf_client.ledger import SubmittedTransaction


@pytest.fixture
def syncs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Syncs]:
    held = Syncs(monkeypatch)
    yield held
    held.release()


@pytest.fixture
async def sharing(tmp_path: Path, opener: Opener, syncs: Syncs) -> list[EmbeddedLedger]:
    """Connections of four openings of one file, as of four processes, which share fsyncs."""
    ledgers = [as_member(opener(tmp_path / "exim.db")) for _ in range(4)]
    await let_share(ledgers)
    syncs.events.clear()
    return ledgers


def put(ledger: EmbeddedLedger, key: str) -> Coroutine[object, object, object]:
    return ledger.submit("bank", "state:put", key, "1")


async def is_waiting(task: asyncio.Future[Any]) -> bool:
    return not (await asyncio.wait({task}, timeout=0.2))[0]


async def test_a_submit_is_answered_after_an_fsync_that_began_after_its_commit(
    sharing: list[EmbeddedLedger], syncs: Syncs
) -> None:
    syncs.hold()
    submit = asyncio.create_task(put(sharing[0], "a"))
    await syncs.until("begin", 1)
    assert await is_waiting(submit)
    assert syncs.events == ["commit", "begin"]
    syncs.release()
    await submit
    assert syncs.events == ["commit", "begin", "end"]


async def test_who_writes_alone_has_sqlite_sync_in_commit(tmp_path: Path, opener: Opener, syncs: Syncs) -> None:
    ledger = as_member(opener(tmp_path / "exim.db"))
    for _ in range(3):
        await put(ledger, "a")
    assert json.loads(await ledger.evaluate("bank", "state:get", "a")) == "1"
    other = as_member(opener(tmp_path / "exim.db"), "safe")
    assert json.loads(await other.evaluate("bank", "state:get", "a")) == "1"
    assert syncs.count("begin") == 0  # and it is under the mark


async def test_the_turn_is_over_while_the_fsync_runs_and_the_next_covers_all_that_came_meanwhile(
    sharing: list[EmbeddedLedger], syncs: Syncs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mark, "_PLACES", mark._PLACES[:1])
    syncs.hold()
    held = [asyncio.create_task(put(sharing[0], "a"))]
    await syncs.until("begin", 1)
    held += [asyncio.create_task(put(ledger, "b")) for ledger in sharing[1:]]
    await syncs.until("commit", 4)
    assert syncs.count("begin") == 1
    syncs.release()
    await asyncio.gather(*held)
    assert syncs.count("begin") == 2


@contextlib.asynccontextmanager
async def a_block_that_is_not_durable(
    sharing: list[EmbeddedLedger], syncs: Syncs
) -> AsyncIterator[SubmittedTransaction]:
    """Committed by the first; its fsync is held back until the end."""
    first = sharing[0]
    proposal = first.propose("bank", "state:put", "late", "1")
    prepared = await first.endorse(proposal.signed(await first.sign(proposal.digest)))
    syncs.events.clear()
    syncs.hold()
    signed = prepared.signed(await first.sign(prepared.digest))
    submit = asyncio.create_task(first.order(signed))
    await syncs.until("begin", 1)
    try:
        yield SubmittedTransaction(prepared.transaction_id, "bank", b"")
    finally:
        syncs.release()
        await submit


READS: dict[str, Callable[[EmbeddedLedger, SubmittedTransaction], Coroutine[object, object, object]]] = {
    "evaluate": lambda ledger, _: ledger.evaluate("bank", "state:get", "late"),
    "history": lambda ledger, _: ledger.evaluate("bank", "state:history", "late"),
    "channel info": lambda ledger, _: ledger.channel_info("bank"),
    "status": lambda ledger, submitted: ledger.commit_status(submitted),
    "caller": lambda ledger, submitted: ledger.caller_of("bank", submitted.transaction_id),
    "blocks": lambda ledger, _: anext(ledger.block_events("bank", start=9)),  # type: ignore[arg-type]
    "events": lambda ledger, _: anext(ledger.chaincode_events("bank", start=0)),  # type: ignore[arg-type]
    "private data": lambda ledger, _: anext(ledger.private_data_events("bank", start=9)),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", READS)
async def test_no_read_is_answered_from_what_is_not_durable(
    sharing: list[EmbeddedLedger], syncs: Syncs, name: str
) -> None:
    await sharing[3].submit("bank", "probe:put_with_event", "e", "1", "put")
    async with a_block_that_is_not_durable(sharing, syncs) as submitted:
        reads = [asyncio.ensure_future(READS[name](ledger, submitted)) for ledger in sharing[:2]]  # here, and elsewhere
        await syncs.until("begin", 2)  # the other one syncs for itself
        for read in reads:
            assert await is_waiting(read)
    await asyncio.gather(*reads)


@pytest.mark.parametrize("read", [verify_file, describe_file, backup_file])
async def test_who_reads_the_file_answers_when_what_was_read_is_durable(
    sharing: list[EmbeddedLedger], syncs: Syncs, tmp_path: Path, read: Callable[..., object]
) -> None:
    path = sharing[0].network.storage.path
    arguments = (path, tmp_path / "copy") if read is backup_file else (path,)
    async with a_block_that_is_not_durable(sharing, syncs):
        reading = asyncio.create_task(asyncio.to_thread(read, *arguments))
        await syncs.until("begin", 2)
        assert await is_waiting(reading)
    await reading


async def test_an_endorsement_is_shown_when_what_it_read_is_durable_and_a_refusal_too(
    sharing: list[EmbeddedLedger], syncs: Syncs
) -> None:
    ledger = sharing[1]
    proposal = ledger.propose("bank", "state:swap", "late", "2")
    proposal = proposal.signed(await ledger.sign(proposal.digest))
    async with a_block_that_is_not_durable(sharing, syncs):
        shown = asyncio.ensure_future(ledger.endorse(proposal))
        await syncs.until("begin", 2)
        assert await is_waiting(shown)
        refused = asyncio.ensure_future(sharing[2].submit("bank", "probe:fail", "Conflict", "there is one already"))
        assert await is_waiting(refused)
    await shown
    with pytest.raises(FabricError, match="there is one already"):
        await refused


async def test_what_stands_in_no_block_is_synced_too(sharing: list[EmbeddedLedger], syncs: Syncs) -> None:
    """An endorsement's private values: no number of blocks tells whether they are durable."""
    ledger = sharing[0]
    proposal = ledger.propose("bank", "private:put", "exim-safe", "k", transient={"value": b"v"})
    await ledger.endorse(proposal.signed(await ledger.sign(proposal.digest)))
    assert syncs.events[-3:] == ["commit", "begin", "end"]


@pytest.mark.parametrize("shares", [True, False])
async def test_an_envelope_that_another_ordered_is_answered_when_that_is_durable(
    sharing: list[EmbeddedLedger], syncs: Syncs, opener: Opener, shares: bool
) -> None:
    """Nothing is written by the second order, so SQLite's COMMIT syncs nothing either."""
    first = sharing[0]
    second = sharing[1] if shares else as_member(opener(first.network.storage.path))
    proposal = first.propose("bank", "state:put", "twice", "1")
    prepared = await first.endorse(proposal.signed(await first.sign(proposal.digest)))
    prepared = prepared.signed(await first.sign(prepared.digest))
    syncs.events.clear()
    syncs.hold()
    orders = [asyncio.ensure_future(first.order(prepared))]
    await syncs.until("begin", 1)
    orders.append(asyncio.ensure_future(second.order(prepared)))
    await syncs.until("begin", 2)
    assert await is_waiting(orders[1])
    syncs.release()
    await asyncio.gather(*orders)


def durable(path: Path) -> Path:
    return path.with_name(f"{path.name}.msp") / "durable"


async def test_a_mark_that_nobody_holds_is_not_believed(
    tmp_path: Path, opener: Opener, syncs: Syncs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where an older file was put in the place of one that had more blocks."""
    path = tmp_path / "exim.db"
    network = opener(path)
    await put(as_member(network), "a")
    network.close()
    left = Mark.open(path, mend=lambda: None)
    assert left is not None
    left.raise_to(1_000_000)
    left.close()
    ledgers = [as_member(opener(path)) for _ in range(2)]
    await let_share(ledgers)
    syncs.events.clear()
    await put(ledgers[0], "b")
    assert syncs.events == ["commit", "begin", "end"]


async def test_a_mark_of_another_file_at_this_place_is_not_believed(
    tmp_path: Path, opener: Opener, syncs: Syncs
) -> None:
    path = tmp_path / "exim.db"
    shutil.copy(opener(path).path, tmp_path / "older")  # a whole ledger: it was founded with a checkpoint
    replaced = as_member(opener(path))
    for _ in range(9):
        await put(replaced, "a")
    for name in ("exim.db-wal", "exim.db-shm", "exim.db.msp/heights"):
        (tmp_path / name).unlink()
    (tmp_path / "older").replace(path)  # while the first still is open
    ledgers = [as_member(opener(path)) for _ in range(2)]
    await let_share(ledgers)
    syncs.events.clear()
    await put(ledgers[0], "b")
    assert syncs.events == ["commit", "begin", "end"]


async def test_half_a_mark_is_none(tmp_path: Path, opener: Opener, syncs: Syncs) -> None:
    path = tmp_path / "exim.db"
    ledgers = [as_member(opener(path)) for _ in range(2)]
    await let_share(ledgers)
    whole = durable(path).read_bytes()
    durable(path).write_bytes(whole[:16] + b"\x7f" + whole[17:])
    syncs.events.clear()
    await put(ledgers[0], "b")
    assert syncs.events == ["commit", "begin", "end"]


async def test_after_a_failed_fsync_nobody_is_told_that_a_later_one_was_enough(
    sharing: list[EmbeddedLedger], syncs: Syncs, opener: Opener
) -> None:
    first, second = sharing[:2]
    path = first.network.storage.path
    syncs.fails = True
    with pytest.raises(LedgerUnavailable, match="the disk failed while"):
        await put(first, "lost?")
    syncs.fails = False  # Linux tells an error once
    syncs.events.clear()
    for ledger in (first, second, as_member(opener(path))):
        with pytest.raises(LedgerUnavailable, match="close the ledger everywhere"):
            await put(ledger, "b")
        with pytest.raises(LedgerUnavailable, match="close the ledger everywhere"):
            await ledger.evaluate("bank", "state:get", "lost?")
    with pytest.raises(LedgerUnavailable, match="close the ledger everywhere"):
        describe_file(path)
    assert syncs.count("commit") == 0


async def test_a_ledger_whose_fsync_failed_goes_on_when_it_was_closed_everywhere(
    tmp_path: Path, opener: Opener, syncs: Syncs
) -> None:
    path = tmp_path / "exim.db"
    networks = [opener(path) for _ in range(2)]
    ledgers = [as_member(network) for network in networks]
    await let_share(ledgers)
    syncs.fails = True
    with pytest.raises(LedgerUnavailable):
        await put(ledgers[0], "lost?")
    syncs.fails = False
    for network in networks:
        await network.finish()
        network.close()
    again = as_member(opener(path))
    await put(again, "b")
    assert json.loads(await again.evaluate("bank", "state:get", "b")) == "1"
    assert verify_file(path).is_good


async def test_what_a_failed_fsync_left_in_the_log_is_written_into_the_file_by_who_opens_it_next(
    tmp_path: Path, opener: Opener
) -> None:
    """As after a kill: nobody has the ledger open, and its log still stands."""
    path = tmp_path / "exim.db"
    network = opener(path)
    with contextlib.closing(sqlite3.connect(path)) as other:
        await put(as_member(network), "a")
        other.execute("SELECT count(*) FROM tx").fetchone()
        await network.finish()
        network.close()
        left = Mark.open(path, mend=lambda: None)
        assert left is not None
        left.fail()
        left.close()
        log = tmp_path / "exim.db-wal"
        assert log.stat().st_size
        again = as_member(opener(path))
        assert not log.stat().st_size
        await put(again, "b")
    assert verify_file(path).is_good


async def test_a_log_that_was_deleted_is_told(sharing: list[EmbeddedLedger], tmp_path: Path) -> None:
    await put(sharing[0], "a")
    (tmp_path / "exim.db-wal").unlink()
    with pytest.raises(LedgerUnavailable, match="the disk failed while"):
        await put(sharing[0], "b")


async def test_who_has_a_place_and_was_stopped_keeps_nobody_waiting(
    sharing: list[EmbeddedLedger], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, syncs: Syncs
) -> None:
    from hlf_client._file_lock import lock
    from hlf_client.embedded.committing import syncing

    held = [os.open(tmp_path / "exim.db.msp" / name, os.O_RDWR | os.O_CREAT) for name in mark._PLACES]
    for descriptor in held:
        lock(descriptor)
    monkeypatch.setattr(syncing, "_PATIENCE", 0.05)
    await put(sharing[0], "a")
    assert syncs.events == ["commit", "begin", "end"]
    for descriptor in held:
        os.close(descriptor)


PROCESS = """
import asyncio, sys
from pathlib import Path
from hlf_client.embedded.committing import finishing, mark, syncing
from tests.hlf_client.embedded.probing import as_member, open_network

mark._PLACES = mark._PLACES[:1]
syncing._PATIENCE = 30
syncs = 0
def say(word):
    print(word, flush=True)
commit, sync = finishing._commit, syncing._sync
def committed(connection):
    commit(connection)
    say("committed")
def synced(descriptor):
    global syncs
    syncs += 1
    if held:
        say("syncing")
        sys.stdin.readline()
    sync(descriptor)
finishing._commit, syncing._sync = committed, synced
held = False

async def main(path, name):
    global held, syncs
    ledger = as_member(open_network(Path(path)))
    say("ready")
    for line in iter(sys.stdin.readline, ""):
        if line.strip() == "count":
            say(str(syncs))
            continue
        syncs, held = 0, line.strip() == "held"
        await ledger.submit("bank", "state:put", name, "1")
        say("answered")

asyncio.run(main(*sys.argv[1:]))
"""


class Process:
    """A process that submits when it is told to."""

    def __init__(self, path: Path, name: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(path), name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment(),
        )  # fmt: skip
        assert self.says() == "ready"

    def says(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def told(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()

    def submits(self) -> None:
        self.told("submit")
        while self.says() != "answered":
            pass

    def end(self) -> None:
        self._process.communicate(timeout=30)
        assert self._process.returncode == 0


@pytest.mark.slow
def test_the_commits_of_two_processes_share_one_fsync(tmp_path: Path, opener: Opener) -> None:
    path = tmp_path / "exim.db"
    opener(path).close()
    processes = [Process(path, name) for name in "abc"]
    for process in [*processes, *processes]:
        process.submits()
    first, *others = processes
    first.told("held")
    assert [first.says(), first.says()] == ["committed", "syncing"]
    for other in others:
        other.told("submit")
        assert other.says() == "committed"
    first.told("on")
    counts = []
    for process in processes:
        assert process.says() == "answered"
        process.told("count")
        counts.append(int(process.says()))
    assert counts[0] == 1
    assert sum(counts[1:]) == 1
    for process in processes:
        process.end()
    assert verify_file(path).is_good
