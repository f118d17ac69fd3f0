"""The command line, called as a process's main would be, in a folder of its own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.dongyu import DONGYU

from eximledger.cli import main


@dataclass(frozen=True)
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.out)
        return found


Exim = Callable[..., Answer]


def call(*arguments: object) -> Answer:
    """Run a command where this process stands; a crash of the program is a failure of the test."""
    result = CliRunner().invoke(main, [str(each) for each in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.stderr
    assert "which is its fault" not in result.stderr
    return Answer(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def exim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exim:
    """`exim("loan", "list", "--json")`."""
    _stand_in(tmp_path, monkeypatch)
    return call


def _stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    for name in ("EXIM_LEDGER", "EXIM_AS", "EXIM_LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def dongyu() -> Path:
    return DONGYU


@pytest.fixture(scope="session")
def filed_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the commands leave where the exporter has let both banks read and every member has filed its papers of the
    first set: founded once, then copied."""
    folder = tmp_path_factory.mktemp("filed")
    with pytest.MonkeyPatch.context() as patch:
        _stand_in(folder, patch)
        shutil.copytree(DONGYU, folder / "papers")
        assert call("demo", "consent", "papers").code == 0
        assert call("day", "open", "--as", "safe").code == 0
        for bank in ("eximbank", "tradebank"):
            assert call("consent", "file", f"papers/consent/{bank}.json", "--as", bank).code == 0
        for member in ("customs", "safe", "eximbank"):
            assert call("document", "put", DONGYU / member, "--as", member).code == 0
    return folder


@pytest.fixture
def filed(exim: Exim, filed_folder: Path, tmp_path: Path) -> Exim:
    """Every member has filed its papers of the first set."""
    shutil.copytree(filed_folder, tmp_path, dirs_exist_ok=True)
    return exim
