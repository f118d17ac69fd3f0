"""A disk that is full, read-only or missing is `LedgerUnavailable` with a sentence, and nothing written is lost."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hlf_client.embedded.probing import Opener, as_member
from tests.hlf_client.embedded.test_crash import environment

from eximledger import connect
from hlf_client.embedded import verify_file
from hlf_client.errors import LedgerUnavailable


async def test_a_full_disk_refuses_and_loses_nothing(tmp_path: Path, opener: Opener) -> None:
    """The size limit of files stands in for the disk's end; SQLite sees a failed write either way."""
    network = opener(tmp_path / "exim.db")
    ledger = as_member(network)
    await ledger.submit("bank", "state:put", "before", "1")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    wal = network.path.with_name("exim.db-wal")
    resource.setrlimit(resource.RLIMIT_FSIZE, (wal.stat().st_size + 4096, hard))
    try:
        with pytest.raises(LedgerUnavailable, match="disk"):
            await ledger.submit("bank", "state:put_many", {"during": "x" * 100_000})
        assert json.loads(await ledger.evaluate("bank", "state:get", "before")) == "1"
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert json.loads(await ledger.evaluate("bank", "state:get", "during")) is None
    await ledger.submit("bank", "state:put", "after", "2")
    assert json.loads(await ledger.evaluate("bank", "state:get_many", ["before", "during", "after"])) == [
        "1",
        None,
        "2",
    ]
    assert verify_file(network.path).is_good


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that another user may enter, but not change."""
    folder = Path(tempfile.mkdtemp(prefix="eximledger-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


READER = """
import asyncio, os, sys
from hlf_client.errors import FabricError
from eximledger import connect
from hlf_client import verify

async def main(url):
    os.setgroups([])
    os.setuid(65534)  # nobody; everything is imported already
    print("good" if verify(url).is_good else "bad")
    try:
        async with connect(url, "eximbank") as ledger:
            await ledger.submit("bank", "state:put", "a", "1")
    except FabricError as error:
        print(type(error).__name__, error)

asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
async def test_a_ledger_that_may_only_be_read_says_so(public_folder: Path) -> None:
    url = f"embedded:{public_folder / 'exim.db'}"
    async with connect(url, "eximbank"):
        pass
    publish(public_folder)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", READER, url, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment()
    )
    lines = (await process.communicate())[0].decode().splitlines()
    assert lines[0] == "good", lines
    assert lines[-1].startswith("LedgerUnavailable"), lines
    assert "read-only" in lines[-1] or "cannot be opened" in lines[-1]


def publish(folder: Path) -> None:
    """Let everyone read what is in a folder."""
    for file in folder.rglob("*"):
        file.chmod(0o755 if file.is_dir() else 0o444)


def test_a_folder_that_does_not_exist_or_is_the_path_itself_is_said(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailable, match="there is no folder"):
        connect(f"embedded:{tmp_path}/nowhere/exim.db", "eximbank")
    with pytest.raises(LedgerUnavailable, match="is a folder"):
        connect(f"embedded:{tmp_path}", "eximbank")


def test_another_file_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear customer, " * 500)
    with pytest.raises(LedgerUnavailable, match="not a ledger"):
        connect(f"embedded:{path}", "eximbank")
    assert path.read_text().startswith("Dear customer")
    assert stat.S_ISREG(path.stat().st_mode)
