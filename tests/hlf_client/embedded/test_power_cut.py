"""A power cut between any two fsyncs: what was answered, or shown to a reader, still is there, and the ledger verifies.

At each fsync of the log its bytes and the file's are kept: the least that a disk has once it is done. What is written
to either without SQLite's own fsyncs is lost at once here; those are believed (they stand before the log begins anew).
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.hlf_client.embedded.held_syncs import let_share
from tests.hlf_client.embedded.probing import Opener, as_member

from hlf_client.embedded import EmbeddedLedger, verify_file
from hlf_client.embedded.committing import committer, finishing, syncing

FILES = ("exim.db", "exim.db-wal")
NOTES = "exim.db.msp/heights"


@dataclass
class Cut:
    """What a disk has after an fsync, and what was said before the next one was done."""

    files: dict[str, bytes]
    heights: bytes = b""
    answered: list[str] = field(default_factory=list)
    shown: int = 0


class Disk:
    """A disk that keeps only what was synced."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._mutex = threading.Lock()
        self._begun = 0
        self._at = 0
        self.cuts: list[Cut] = []
        self._commit, self._checkpoint = finishing._commit, committer._checkpoint
        self.checkpoints = 0
        patch.setattr(finishing, "_commit", self._committed)
        patch.setattr(committer, "_checkpoint", self._checkpointed)
        patch.setattr(syncing, "_sync", self._synced)

    def _committed(self, connection: sqlite3.Connection) -> None:
        with self._mutex:
            self._commit(connection)

    def _checkpointed(self, connection: sqlite3.Connection, mode: str) -> None:
        with self._mutex:
            self._checkpoint(connection, mode)
            self.checkpoints += 1

    def _synced(self, _descriptor: int) -> None:
        with self._mutex:
            self._begun += 1
            number, files = self._begun, {name: (self._folder / name).read_bytes() for name in FILES}
        threading.Event().wait(0.002)  # as long as a disk takes: others commit meanwhile
        with self._mutex:
            if number < self._at:  # a later one was done before
                return
            self._at = number
            self._end_cut()
            self.cuts.append(Cut(files))

    def _end_cut(self) -> None:
        if self.cuts:
            self.cuts[-1].heights = (self._folder / NOTES).read_bytes()

    def answered(self, key: str) -> None:
        with self._mutex:
            self.cuts[-1].answered.append(key)

    def shown(self, height: int) -> None:
        with self._mutex:
            self.cuts[-1].shown = max(self.cuts[-1].shown, height)

    @property
    def began_anew(self) -> bool:
        """Whether the log was written from its start again: its salts are others then."""
        return len({cut.files[FILES[1]][16:24] for cut in self.cuts}) > 1

    def finish(self) -> None:
        with self._mutex:
            self._end_cut()


async def write(ledger: EmbeddedLedger, disk: Disk, name: str, count: int) -> None:
    for number in range(count):
        key = f"{name}-{number}"
        if number % 3 == 1:
            await ledger.submit("bank", "private:put", "exim-safe", key, transient={"value": key.encode()})
        else:
            await ledger.submit("bank", "state:put", key, key)
        disk.answered(key)


async def read(ledger: EmbeddedLedger, disk: Disk) -> None:
    while True:
        disk.shown((await ledger.channel_info("bank")).height)
        await asyncio.sleep(0)


async def after(cut: Cut, keys: Path, place: Path, opener: Opener, answered: list[str]) -> None:
    """Open what the disk has kept, and look for all that was said."""
    shutil.copytree(keys, place / keys.name, ignore=shutil.ignore_patterns(".*"))
    for name, content in {**cut.files, NOTES: cut.heights}.items():
        (place / name).write_bytes(content)
    report = verify_file(place / "exim.db")
    assert report.is_good, report.problems
    network = opener(place / "exim.db")
    ledger = as_member(network)
    assert (await ledger.channel_info("bank")).height >= cut.shown
    public = [key for key in answered if int(key.rsplit("-", 1)[1]) % 3 != 1]
    assert json.loads(await ledger.evaluate("bank", "state:get_many", public)) == public
    private = [key for key in answered if key not in public]
    assert json.loads(await ledger.evaluate("bank", "private:get_many", "exim-safe", private)) == private
    await network.finish()
    network.close()


@pytest.mark.slow
async def test_a_power_cut_takes_back_nothing_that_was_said(
    tmp_path: Path, opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "lost"
    folder.mkdir()
    monkeypatch.setattr(committer, "_CHECK_WAL", 3)
    monkeypatch.setattr(committer, "_WAL_BYTES", 64 * 1024)  # so that the log begins anew now and then
    ledgers = [as_member(opener(folder / "exim.db")) for _ in range(4)]
    await let_share(ledgers)
    disk = Disk(folder, monkeypatch)
    await ledgers[0].submit("bank", "state:put", "first", "1")
    reading = [asyncio.create_task(read(ledger, disk)) for ledger in (ledgers[0], ledgers[3])]
    await asyncio.gather(*(write(ledger, disk, f"w{number}", 12) for number, ledger in enumerate(ledgers[:3])))
    for each in reading:
        each.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
    rounds = 0
    while not disk.began_anew and rounds < 20:  # where readers always stood in the old log, it began anew only now
        await write(ledgers[0], disk, f"more{rounds}", 12)
        rounds += 1
    disk.finish()
    monkeypatch.undo()
    assert disk.checkpoints > 2
    assert any(cut.shown for cut in disk.cuts)
    assert len(disk.cuts) > 10
    assert disk.began_anew
    answered: list[str] = []
    for number, cut in enumerate(disk.cuts):
        answered += cut.answered
        place = tmp_path / f"cut-{number}"
        place.mkdir()
        await after(cut, folder / "exim.db.msp", place, opener, answered)
    assert len(answered) == 12 * (3 + rounds)
