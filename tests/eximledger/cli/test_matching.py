"""`eximledger matching`: SAFE's officer goes from one secret to the next, told at each step what comes after it."""

from __future__ import annotations

import json

import pytest
from tests.eximledger.cli.conftest import call

LEDGER = ("--ledger", "embedded:exim.db")


@pytest.fixture
def opened(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    assert call(*LEDGER, "day", "open", "--as", "safe").code == 0


@pytest.mark.usefixtures("opened")
def test_a_secret_is_made_followed_and_retired() -> None:
    def said(*command: str) -> dict[str, object]:
        answer = call(*LEDGER, "--as", "safe", "--json", "matching", *command)
        assert answer.code == 0, answer
        return dict(json.loads(answer.out))

    assert said("show")["current"] == 1
    assert said("rotate") | {"kind": "", "schema_version": 0} == {
        "kind": "", "schema_version": 0, "current": 2, "previous": 1,
    }  # fmt: skip
    again = call(*LEDGER, "--as", "safe", "matching", "rotate")
    assert again.code == 1
    assert "still looked up" in again.err
    assert call(*LEDGER, "--as", "safe", "matching", "retire").code == 1  # the day goes by the first
    assert call(*LEDGER, "day", "open", "--as", "safe").code == 0
    assert said("rekey") == {"generation": 2, "loans": 0, "marks": 0}
    assert "previous" not in said("retire")
    assert call(*LEDGER, "--as", "eximbank", "matching", "show").code == 1


@pytest.mark.usefixtures("opened")
def test_what_comes_next_is_said_in_both_languages() -> None:
    told = call(*LEDGER, "--as", "safe", "matching", "rotate")
    assert "matching rekey" in told.err
    assert "Looked up beside it" in told.out
    assert "同时比对的上一代" in call(*LEDGER, "--as", "safe", "--lang", "zh", "matching", "show").out
