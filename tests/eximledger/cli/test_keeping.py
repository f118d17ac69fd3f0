"""A ledger is copied while somebody writes, and comes back whole; nothing is replaced."""

from __future__ import annotations

import io
import stat
import tarfile
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from eximledger.cli import main
from hlf_client import backup, info, restore, verify
from hlf_client.errors import LedgerUnavailable

URL = "embedded:exim.db"


def exim(*words: str) -> str:
    result = CliRunner().invoke(main, list(words))
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    exim("day", "open", "--as", "safe", "--ledger", URL)
    return tmp_path / "exim.db"


def heights(path: Path) -> dict[str, int]:
    return {one.info.name: one.info.height for one in info(path).channels}


def test_a_copy_taken_while_somebody_writes_is_whole_and_writes_on(ledger: Path, tmp_path: Path) -> None:
    before, done = heights(ledger), threading.Event()

    def write() -> None:
        while not done.is_set():
            exim("day", "open", "--as", "safe", "--ledger", URL)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            assert backup(URL, tmp_path / f"{number}.copy").is_good
    finally:
        done.set()
        writer.join()
    assert stat.S_IMODE((tmp_path / "2.copy").stat().st_mode) == 0o600
    (tmp_path / "other").mkdir()
    again = tmp_path / "other" / "again.db"
    assert restore(tmp_path / "2.copy", f"embedded:{again}").is_good
    assert all(before[name] <= height <= heights(ledger)[name] for name, height in heights(again).items())
    was = heights(again)
    exim("day", "open", "--as", "safe", "--ledger", f"embedded:{again}")
    assert sum(heights(again).values()) == sum(was.values()) + 2  # on the bank channel and customs'
    assert verify(again).is_good
    assert {stat.S_IMODE(each.stat().st_mode) for each in again.with_name("again.db.msp").rglob("key.pem")} == {0o600}


def test_nothing_is_replaced(ledger: Path, tmp_path: Path) -> None:
    exim("backup", "one.copy", "--ledger", URL)
    content = (tmp_path / "one.copy").read_bytes()
    with pytest.raises(LedgerUnavailable, match="is there already"):
        backup(URL, tmp_path / "one.copy")
    with pytest.raises(LedgerUnavailable, match="is there already"):
        restore(tmp_path / "one.copy", URL)
    assert (tmp_path / "one.copy").read_bytes() == content
    (tmp_path / "new.db.msp").mkdir()  # keys of another ledger
    with pytest.raises(LedgerUnavailable, match="is there already"):
        restore(tmp_path / "one.copy", "embedded:new.db")
    assert not (tmp_path / "new.db").exists()
    assert ledger.exists()


@pytest.mark.parametrize("name", ["../evil", "/evil", "ledger.db.msp/../../evil", "other"])
def test_an_archive_of_other_files_is_refused(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "bad.copy", "w") as archive:
        member = tarfile.TarInfo(name)
        member.size = 4
        archive.addfile(member, io.BytesIO(b"evil"))
    with pytest.raises(LedgerUnavailable, match="not a whole copy"):
        restore(tmp_path / "bad.copy", f"embedded:{tmp_path / 'new.db'}")
    assert [each.name for each in tmp_path.iterdir()] == ["bad.copy"]
    assert not (tmp_path.parent / "evil").exists()


def test_a_copy_that_was_cut_or_touched_is_refused(ledger: Path, tmp_path: Path) -> None:
    backup(URL, tmp_path / "one.copy")
    content = (tmp_path / "one.copy").read_bytes()
    (tmp_path / "cut.copy").write_bytes(content[: len(content) // 2])
    touched = bytearray(content)
    with tarfile.open(tmp_path / "one.copy") as archive:
        start = archive.getmember("ledger.db").offset_data
    end = start + ledger.stat().st_size
    touched[start + 8192 * 3 : end] = bytes(end - start - 8192 * 3)
    (tmp_path / "touched.copy").write_bytes(touched)
    for name in ("cut", "touched"):
        with pytest.raises(LedgerUnavailable):
            restore(tmp_path / f"{name}.copy", "embedded:new.db")
    assert not (tmp_path / "new.db").exists()
    assert not (tmp_path / "new.db.msp").exists()
