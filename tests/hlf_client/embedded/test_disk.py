"""A disk that is full, read-only or missing is `LedgerUnavailable` with a sentence, and nothing written is lost."""

from __future__ import annotations

import json
import resource
import stat
from pathlib import Path

import pytest
from tests.hlf_client.embedded.probing import Opener, as_member

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
