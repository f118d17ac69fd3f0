"""The command line, called as a process's main would be, in a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from eximledger.cli import main

DONGYU = Path(__file__).resolve().parents[3] / "examples" / "dongyu"


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


@pytest.fixture
def exim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Exim:
    """`exim("loan", "list", "--json")`; a crash of the program is a failure of the test."""
    monkeypatch.chdir(tmp_path)
    for name in ("EXIM_LEDGER", "EXIM_AS", "EXIM_LANG"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: object) -> Answer:
        result = CliRunner().invoke(main, [str(each) for each in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "Traceback" not in result.stderr
        assert "which is its fault" not in result.stderr
        return Answer(result.exit_code, result.stdout, result.stderr)

    return call


@pytest.fixture
def dongyu() -> Path:
    return DONGYU


@pytest.fixture
def filed(exim: Exim) -> Exim:
    """Every member has filed its papers of the first set."""
    for member in ("customs", "safe", "eximbank"):
        assert exim("document", "put", DONGYU / member, "--as", member).code == 0
    return exim
