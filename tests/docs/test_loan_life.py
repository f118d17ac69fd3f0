"""docs/loan-life.md, typed as it stands on an embedded ledger."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.docs.console import Console, commands, matches
from tests.docs.snippets import DOCS

from eximledger.cli import main

PAGE = DOCS / "loan-life.md"


def run(arguments: list[str]) -> str:
    result = CliRunner().invoke(main, arguments)
    assert "which is its fault" not in result.stderr
    return result.output


def test_one_loan_from_its_application_to_the_insurers_payment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("EXIM_LEDGER", "EXIM_AS", "EXIM_LANG", "EXIM_DAY"):
        monkeypatch.setenv(name, "")  # so that what the page sets is taken back
        monkeypatch.delenv(name)
    console = Console(run, os.environ, tmp_path)
    typed = list(commands(PAGE))
    for command in typed:
        printed = console.type(command)
        assert matches(command.answer, printed), f"$ {command.line}\n{printed}"
    said = [command.line for command in typed]
    for step in ("disburse", "repay", "extend", "overdue", "indemnity", "confirm", "schedule", "conditions"):
        assert any(line.startswith(f"eximledger loan {step} ") for line in said), step


@pytest.mark.parametrize(
    ("answer", "printed", "same"),
    [
        (("a", "b"), "a\nb\n", True), (("a", "b"), "a\nc\n", False), (("a",), "a\nb\n", False),
        (("a", "...", "d"), "a\nb\nc\nd\n", True), (("a", "...", "d"), "a\nd\n", True), (("...",), "a\nb\n", True),
        (("x …",), "x 12  \n", True), (("x … y",), "x 12 z\n", False), ((), "", True), ((), "a\n", False),
        (("a.c",), "abc\n", False),
    ],
)  # fmt: skip
def test_an_answer_is_compared_line_by_line(answer: tuple[str, ...], printed: str, same: bool) -> None:
    assert matches(answer, printed) is same
