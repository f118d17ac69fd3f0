"""The variables of the environment: each is read in one place, documented, and second to its option."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.eximledger.cli.conftest import Exim

ROOT = Path(__file__).resolve().parents[3]
VARIABLE = re.compile(r"EXIM_[A-Z_]+")
READ_IN = {
    "EXIM_AS": "client/eximledger/cli/frame/session.py",
    "EXIM_DAY": "client/eximledger/cli/frame/session.py",
    "EXIM_HFC_HOME": "client/hlf_client/hfc/_environment.py",
    "EXIM_LANG": "client/eximledger/cli/frame/speaking.py",
    "EXIM_LEDGER": "client/eximledger/cli/frame/session.py",
    "EXIM_MIRROR": "client/eximledger/cli/hosting/mirror.py",
    "EXIM_TRACEBACK": "client/eximledger/cli/_main.py",
}


def sources() -> Iterator[Path]:
    for room in ("chaincode", "client", "network"):
        yield from (ROOT / room).glob("*/**/*.py")


def test_each_is_named_in_one_place_and_documented() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and VARIABLE.fullmatch(node.value):
                found[node.value].append(path.relative_to(ROOT).as_posix())
    assert dict(found) == {name: [place] for name, place in READ_IN.items()}
    documentation = (ROOT / "docs/cli.md").read_text(encoding="utf-8") + (ROOT / "docs/hfc.md").read_text(
        encoding="utf-8"
    )
    assert [name for name in READ_IN if name not in documentation] == []


def test_an_option_comes_before_its_variable(exim: Exim, dongyu: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXIM_LEDGER", "embedded:other.db")
    monkeypatch.setenv("EXIM_AS", "eximbank")
    answer = exim("document", "put", dongyu / "customs", "--as", "customs", "--ledger", "embedded:mine.db")
    assert answer.code == 0, answer.err
    assert Path("mine.db").exists()
    assert not Path("other.db").exists()


def test_a_wrong_variable_is_wrong_usage_and_is_named(exim: Exim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXIM_LANG", "tlh")
    answer = exim("loan", "list")
    assert answer.code == 2
    assert "--lang" in answer.err
    assert "EXIM_LANG" in answer.err
