"""Several processes, threads and event loops on one file: SQLite's lock decides, nobody fails, nothing is lost."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests.hlf_client.embedded.probing import Opener, as_member, open_network
from tests.hlf_client.embedded.test_crash import environment

from hlf_client.embedded import check_place, verify_file
from hlf_client.embedded.storage.database import Storage
from hlf_client.errors import CommitFailed

COUNTER = """
import asyncio, sys
from pathlib import Path
from hlf_client.errors import CommitFailed
from tests.hlf_client.embedded.probing import as_member, open_network

async def main(path, identity, times):
    ledger = as_member(open_network(Path(path)), identity)
    for _ in range(times):
        while True:
            try:
                await ledger.submit("bank", "state:add", "counter", 1)
                break
            except CommitFailed as failure:
                assert failure.is_read_conflict, failure.code

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


async def run(path: Path, identity: str, times: int) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", COUNTER, str(path), identity, str(times), stderr=subprocess.PIPE, env=environment()
    )
    _, errors = await process.communicate()
    return errors.decode() if process.returncode else ""


@pytest.mark.slow
async def test_concurrent_processes_lose_no_update_and_never_fail(tmp_path: Path, opener: Opener) -> None:
    path = tmp_path / "exim.db"
    failures = await asyncio.gather(*(run(path, member, 25) for member in ("eximbank", "tradebank", "safe")))
    assert failures == ["", "", ""]
    ledger = as_member(opener(path))
    assert json.loads(await ledger.evaluate("bank", "state:get", "counter")) == "75"
    assert verify_file(path).is_good


async def test_event_loops_in_several_threads_share_a_file(tmp_path: Path, opener: Opener) -> None:
    network = opener(tmp_path / "exim.db")
    problems: list[BaseException] = []

    def count() -> None:
        async def main() -> None:
            ledger = as_member(network)
            done = 0
            while done < 15:
                try:
                    await ledger.submit("bank", "state:add", "counter", 1)
                    done += 1
                except CommitFailed as failure:
                    if not failure.is_read_conflict:
                        raise
            await network.finish()

        try:
            asyncio.run(main())
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        await asyncio.to_thread(thread.join)
    assert problems == []
    assert json.loads(await as_member(network).evaluate("bank", "state:get", "counter")) == "45"


async def test_what_another_opening_commits_is_seen_and_heard(tmp_path: Path, opener: Opener) -> None:
    here, there = opener(tmp_path / "exim.db"), opener(tmp_path / "exim.db")
    listening = as_member(here).chaincode_events("bank")
    await as_member(there, "safe").submit("bank", "probe:put_with_event", "a", "1", "put")
    async with asyncio.timeout(30):
        event = await anext(listening)
    assert json.loads(event.payload) == {"key": "a"}
    assert json.loads(await as_member(here).evaluate("bank", "state:get", "a")) == "1"


async def test_a_writer_waits_for_anothers_lock(tmp_path: Path, opener: Opener) -> None:
    import sqlite3

    network = opener(tmp_path / "exim.db")
    ledger = as_member(network)
    other = sqlite3.connect(network.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(ledger.submit("bank", "state:put", "a", "1"))
    for _ in range(20):  # reads go on meanwhile
        assert json.loads(await ledger.evaluate("bank", "state:get", "a")) is None
    assert not waiting.done()
    other.execute("COMMIT")
    other.close()
    assert (await waiting).block_number == 1


OTHER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM tx").fetchone()
connection.close()
"""


async def test_looking_at_an_open_ledger_again_lets_go_of_none_of_its_locks(tmp_path: Path, opener: Opener) -> None:
    """Without them who closes it in another process takes itself for the last, and deletes the log of who writes on."""
    network = opener(tmp_path / "exim.db")
    await as_member(network).submit("bank", "state:put", "a", "1")
    check_place(network.path)  # as every connect
    Storage(network.path).guard()  # as founding, where two find no ledger
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", OTHER, str(network.path))
    assert await other.wait() == 0
    assert network.path.with_name("exim.db-wal").exists()


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    network = open_network(tmp_path / "exim.db")
    network.close()
    for path in (network.path, network.path.with_name("exim.db.msp")):
        assert path.stat().st_mode & 0o077 == 0, path
