"""Backups and snapshots as files: what is none, or not all of one, is refused by its name before anything is done."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from eximledger_network.cli import network
from hlf_client.errors import InvalidDocument
from hlf_network.backup import described
from hlf_network.backup._reading import whole_archive
from hlf_network.engine.docker import Engine
from hlf_network.material.layout import require_new_file


def archive_of(path: Path, **files: bytes) -> Path:
    with tarfile.open(path, "w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def test_a_new_file_has_a_folder_and_no_name_that_is_there(tmp_path: Path) -> None:
    require_new_file(tmp_path / "new.tar")
    (tmp_path / "old.tar").touch()
    with pytest.raises(InvalidDocument, match=r"old\.tar exists: name a new file"):
        require_new_file(tmp_path / "old.tar")
    with pytest.raises(InvalidDocument, match=r"There is no folder .*nowhere for new\.tar"):
        require_new_file(tmp_path / "nowhere/new.tar")


def test_a_whole_one_is_read(tmp_path: Path) -> None:
    path = archive_of(tmp_path / "whole.tar", one=b"1" * 700, two=b"")
    with whole_archive(path, "backup") as archive:
        assert [entry.name for entry in archive] == ["one", "two"]


@pytest.mark.parametrize("left", [100, 512, 700, 1536, 1600, 2048, 2560], ids=str)
def test_one_that_was_cut_anywhere_is_refused(tmp_path: Path, left: int) -> None:
    path = archive_of(tmp_path / "cut.tar", one=b"1" * 700, two=b"2" * 400)
    path.write_bytes(path.read_bytes()[:left])
    with (
        pytest.raises(InvalidDocument, match=r"cut\.tar is (no backup|damaged|cut short)"),
        whole_archive(path, "backup"),
    ):
        pass


@pytest.mark.parametrize("content", [b"", b"hello", bytes(range(256)) * 40], ids=["nothing", "text", "bytes"])
def test_what_is_no_archive_is_named_and_no_engine_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("taken.tar").write_bytes(content)
    monkeypatch.setattr(Engine, "ensure_container", lambda *_: pytest.fail("a container was made"))
    for words in (["restore", "eximbank"], ["snapshot", "join", "peer0.eximbank"]):
        done = CliRunner().invoke(network, [*words, "taken.tar"])
        assert (done.exit_code, "taken.tar is no" in done.stderr) in {(2, True), (1, False)}, done.output
        assert "Traceback" not in done.output
    with pytest.raises(InvalidDocument, match=r"taken\.tar is no snapshot"):
        described(Path("taken.tar"))
