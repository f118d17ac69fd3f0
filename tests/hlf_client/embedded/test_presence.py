"""A ledger's file that is not there, may only be read, vanished while open, or came without its log: each is told."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hlf_client.embedded.probing import Opener, as_member, open_network
from tests.hlf_client.embedded.test_crash import environment

from hlf_client import info, require_ledger, verify
from hlf_client.embedded import verify_file
from hlf_client.embedded.storage.certificates import Rows
from hlf_client.embedded.storage.channel import Channel
from hlf_client.embedded.storage.presence import Presence, noted_heights
from hlf_client.errors import LedgerUnavailable


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that another user may enter, but not change."""
    folder = Path(tempfile.mkdtemp(prefix="eximledger-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path) -> None:
    """Let everyone read what is in a folder."""
    for file in folder.rglob("*"):
        file.chmod(0o755 if file.is_dir() else 0o444)


def names_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_no_ledger_is_made_by_asking_for_one(tmp_path: Path) -> None:
    url = f"embedded:{tmp_path / 'exim.db'}"
    for ask in (require_ledger, info, verify):
        with pytest.raises(LedgerUnavailable, match="there is no ledger at"):
            ask(url)
    assert list(tmp_path.iterdir()) == []
    require_ledger("embedded::memory:")


READER = """
import asyncio, json, os, sys
import hlf_client.embedded
from tests.conformance.providers import PROBED
from hlf_client import connect, info, verify
from hlf_client.errors import FabricError

async def main(url):
    for name in hlf_client.embedded.__all__:
        getattr(hlf_client.embedded, name)  # imported while this user may read where the modules are
    PROBED.chaincodes()
    if sys.argv[2:]:
        os.setgroups([])
        os.setuid(int(sys.argv[2]))
    print(verify(url).is_good, len(info(url).channels))
    async with connect(url, "eximbank", chaincode="probe", consortium=PROBED) as ledger:
        print(json.loads(await ledger.evaluate("bank", "state:get", "a")))
        try:
            await ledger.submit("bank", "state:put", "a", "2")
        except FabricError as error:
            print(type(error).__name__, error)

asyncio.run(main(sys.argv[1]))
"""


async def read(*arguments: str, before: tuple[str, ...] = ()) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        *before, sys.executable, "-c", READER, *arguments,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(),
    )  # fmt: skip
    return (await process.communicate())[0].decode().splitlines()


def is_read_only(lines: list[str]) -> bool:
    return lines[:2] == ["True 3", "1"] and lines[2].startswith("LedgerUnavailable") and "read-only" in lines[2]


async def with_one_key(path: Path) -> str:
    """The URL of a closed ledger."""
    network = open_network(path)
    await as_member(network).submit("bank", "state:put", "a", "1")
    await network.finish()
    network.close()
    return f"embedded:{path}"


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
async def test_who_may_only_read_the_file_reads_and_verifies(public_folder: Path) -> None:
    url = await with_one_key(public_folder / "exim.db")
    publish(public_folder)
    before = names_in(public_folder)
    lines = await read(url, "65534")
    assert is_read_only(lines), lines
    assert names_in(public_folder) == before


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
async def test_who_may_only_read_an_open_file_reads_what_was_written_last(public_folder: Path, opener: Opener) -> None:
    network = opener(public_folder / "exim.db")
    await as_member(network).submit("bank", "state:put", "a", "1")
    publish(public_folder)
    lines = await read(f"embedded:{network.path}", "65534")
    assert is_read_only(lines), lines


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0 or shutil.which("unshare") is None, reason="only root can mount")
async def test_a_read_only_disk_is_read_and_verified(tmp_path: Path) -> None:
    url = await with_one_key(tmp_path / "exim.db")
    mounted = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"'
    lines = await read(url, before=("unshare", "--mount", "sh", "-c", mounted, str(tmp_path)))
    if any("unshare" in line or "mount:" in line for line in lines):
        pytest.skip(f"this machine lets nothing be mounted: {lines[0]}")
    assert is_read_only(lines), lines


async def test_a_file_deleted_while_it_is_open_is_told(tmp_path: Path, opener: Opener) -> None:
    network = opener(tmp_path / "exim.db")
    ledger = as_member(network)
    await ledger.submit("bank", "state:put", "a", "1")
    network.path.unlink()
    for call in (ledger.submit("bank", "state:put", "a", "2"), ledger.evaluate("bank", "state:get", "a")):
        with pytest.raises(LedgerUnavailable, match="deleted or replaced"):
            await call
    assert not network.path.exists()
    network.close()
    with pytest.raises(LedgerUnavailable, match="missing or empty"):
        opener(tmp_path / "exim.db")


async def test_a_file_deleted_between_endorsement_and_commit_is_not_acknowledged(
    tmp_path: Path, opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hlf_client.embedded.committing.committer import Committer

    network = opener(tmp_path / "exim.db")
    seal = Committer._seal

    def sealed_too_late(committer: Committer, *arguments: object) -> None:
        network.path.unlink(missing_ok=True)
        seal(committer, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Committer, "_seal", sealed_too_late)
    with pytest.raises(LedgerUnavailable, match="deleted or replaced"):
        await as_member(network).submit("bank", "state:put", "a", "1")


async def test_a_file_replaced_while_it_is_open_is_told(tmp_path: Path, opener: Opener) -> None:
    network = opener(tmp_path / "exim.db")
    ledger = as_member(network)
    shutil.copy(network.path, tmp_path / "copy.db")
    (tmp_path / "copy.db").replace(network.path)
    with pytest.raises(LedgerUnavailable, match="deleted or replaced"):
        await ledger.submit("bank", "state:put", "a", "1")


async def test_a_copy_without_its_log_is_told_by_opening_and_by_verify(tmp_path: Path, opener: Opener) -> None:
    network = opener(tmp_path / "exim.db")
    for number in range(3):
        await as_member(network).submit("bank", "state:put", "a", str(number))
    for name, files in (("whole", ("exim.db", "exim.db-wal")), ("part", ("exim.db",))):
        (tmp_path / name).mkdir()
        shutil.copytree(tmp_path / "exim.db.msp", tmp_path / name / "exim.db.msp")
        for file in files:
            shutil.copy(tmp_path / file, tmp_path / name / file)
    whole = as_member(opener(tmp_path / "whole" / "exim.db"))
    assert json.loads(await whole.evaluate("bank", "state:get", "a")) == "2"
    part = tmp_path / "part" / "exim.db"
    report = verify_file(part)
    assert (report.problems[0].channel, report.problems[0].block) == ("bank", 1)
    assert "exim.db-wal" in report.problems[0].what
    with pytest.raises(LedgerUnavailable, match=r"channel bank, block 1: .* exim\.db-wal"):
        opener(part)
    part.with_name("exim.db.msp").joinpath("heights").unlink()  # as the sentence says
    assert verify_file(part).is_good
    await as_member(opener(part)).submit("bank", "state:put", "a", "1")


def test_a_height_noted_late_lowers_none(tmp_path: Path) -> None:
    """Who commits next may be done with its fsync, and note its block, before us."""
    (tmp_path / "exim.db.msp").mkdir()
    presences = [Presence(tmp_path / "exim.db", lasting=True) for _ in range(2)]
    for presence, height in zip(presences, (6, 5), strict=True):
        presence.confirm({1: height})
        presence.close()
    assert noted_heights(tmp_path / "exim.db") == {1: 6}


def test_a_block_that_another_writes_while_a_file_is_opened_is_not_missed(
    tmp_path: Path, opener: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hlf_client.embedded._founding import load_channels

    writer = as_member(opener(tmp_path / "exim.db"))

    def load_and_write(path: Path, rows: Rows) -> dict[str, Channel]:
        found = load_channels(path, rows)
        asyncio.run(writer.submit("bank", "state:put", "a", "1"))
        return found

    monkeypatch.setattr("hlf_client.embedded._network.load_channels", load_and_write)
    opener(tmp_path / "exim.db")
