"""A real file system that fills up, or may only be read, under the embedded ledger."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.trust.exports import Export

from eximledger import connect
from eximledger.desk import LoanDesk, Retry
from eximledger.testing import LedgerNetwork
from hlf_client import verify
from hlf_client.errors import LedgerUnavailable

DISK, ROOM = 8 * 1024 * 1024, 256 * 1024
CLIENTS = 8


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("nothing can be mounted here: needs root and the right to mount")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """A file that leaves ROOM bytes on the disk."""
    ballast = disk / "ballast"
    status = os.statvfs(disk)
    ballast.write_bytes(b"\0" * (status.f_bavail * status.f_frsize - ROOM))
    return ballast


def remount(disk: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={DISK},{options}", str(disk)], check=True)


async def file_until_full(desk: LoanDesk, serials: Iterator[int], acknowledged: list[Export]) -> LedgerUnavailable:
    """File declarations until the ledger says that it cannot."""
    while True:
        export = Export(next(serials))
        try:
            await desk.file(export.declaration)
        except LedgerUnavailable as error:
            return error
        acknowledged.append(export)


async def test_a_disk_that_fills_up_under_load_loses_nothing_and_goes_on_when_there_is_room(
    disk: Path, exim_network_factory: Callable[..., LedgerNetwork]
) -> None:
    network = exim_network_factory(disk / "exim.db")
    desk = LoanDesk(network.connect("customs"), retry=Retry(attempts=12, base=0.01, cap=0.1))
    acknowledged: list[Export] = []
    serials = itertools.count(1)
    ballast = fill(disk)
    errors = await asyncio.gather(*(file_until_full(desk, serials, acknowledged) for _ in range(CLIENTS)))
    assert acknowledged
    assert all("disk" in str(error) for error in errors), errors
    readable = await desk.document("declaration", acknowledged[0].declaration.number)
    assert readable.document == acknowledged[0].declaration
    ballast.unlink()
    acknowledged += (later := [Export(next(serials)) for _ in range(CLIENTS)])
    await desk.file(export.declaration for export in later)
    for export in acknowledged:
        found = await desk.document("declaration", export.declaration.number)
        assert found.document == export.declaration
    await network.finish()
    assert verify(network.path).is_good


async def test_a_disk_that_may_only_be_read_is_said_and_the_ledger_goes_on_when_it_may_be_written(disk: Path) -> None:
    url, first, second = f"embedded:{disk / 'exim.db'}", Export(1), Export(2)
    async with connect(url, "customs") as ledger:
        await LoanDesk(ledger).file(first.declaration)
    remount(disk, "ro")
    assert verify(url).is_good
    with pytest.raises(LedgerUnavailable, match=r"read-only|cannot be opened"):
        async with connect(url, "customs") as ledger:
            await LoanDesk(ledger, retry=Retry(attempts=1)).file(second.declaration)
    remount(disk, "rw")
    async with connect(url, "customs") as ledger:
        desk = LoanDesk(ledger)
        await desk.file(second.declaration)
        for export in (first, second):
            assert (await desk.document("declaration", export.declaration.number)).document == export.declaration
