"""Options that every command has, before the command and behind it; and a command that is interrupted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eximledger.cli.frame import session

Exim = Callable[..., "Answer"]


class Answer:
    code: int
    out: str
    err: str


@pytest.mark.parametrize(
    "line",
    [
        "--ledger embedded:mine.db --as customs --json ledger info",
        "ledger --ledger=embedded:mine.db --as customs --json info",
        "--as customs ledger --json info --ledger embedded:mine.db",
        "--ledger embedded:other.db ledger info --ledger embedded:mine.db --json",
    ],
)
def test_common_options_stand_anywhere_and_the_last_counts(exim: Exim, dongyu: Path, line: str) -> None:
    assert exim("--ledger", "embedded:mine.db", "--as", "customs", "document", "put", dongyu / "customs").code == 0
    answer = exim(*line.split())
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["path"].endswith("mine.db")
    assert not Path("other.db").exists()


def test_the_demo_hands_them_to_its_commands(exim: Exim) -> None:
    assert json.loads(exim("--json", "demo", "papers", "papers").out)["folder"].endswith("papers")
    assert json.loads(exim("demo", "--json", "papers", "others").out)["folder"].endswith("others")


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("--ledger embedded:mine.db rules list", "--ledger"),
        ("--as safe mirror status", "--as"),
        ("--ledger embedded:mine.db demo papers papers", "--ledger"),
    ],
)
def test_a_command_without_such_an_option_refuses_it_by_name(exim: Exim, line: str, option: str) -> None:
    answer = exim(*line.split())
    assert answer.code == 2
    assert f"No such option {option}." in answer.err.replace("'", "").replace("option: ", "option ")


def test_help_and_nothing_are_as_before(exim: Exim) -> None:
    answer = exim("--json", "-h")
    assert answer.code == 0
    assert all(option in answer.out for option in ("--ledger", "--as", "--json", "--lang"))
    assert exim("--json").code == 2
    assert exim("--ledger").code == 2
    assert exim("--lang", "tlh", "loan", "list").code == 2


def test_an_interrupted_command_says_one_line(exim: Exim, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_url: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(session, "require_ledger", interrupted)
    answer = exim("loan", "list")
    assert (answer.code, answer.out, answer.err) == (130, "", "Interrupted.\n")


def test_the_article_goes_with_the_kind_of_paper(exim: Exim, dongyu: Path) -> None:
    answer = exim("document", "put", dongyu / "eximbank" / "invoice-DY-CI-260401-05.xml", "--as", "customs")
    assert answer.code == 1
    assert "an invoice is filed by role bank" in answer.err
