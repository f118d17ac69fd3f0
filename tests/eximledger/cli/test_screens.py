"""What papers say cannot steer a terminal, nor pass for what the program says."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from tests.eximledger.cli.conftest import Exim

from eximledger.cli.frame import output
from eximledger.cli.frame.output import Output, print_error
from hlf_client.errors import InvalidDocument

HOSTILE = "Honest\x1b[2J\x1b[H\u202eTrading\u202c\x9b1m\rDecision: approve"
"""Clears the screen, turns the direction of reading, sets a colour, overwrites the line."""
STEERING = "\x1b\x9b\u202e\u202c\r"


def test_a_partys_name_does_not_steer_the_list_of_loans(exim: Exim, dongyu: Path, tmp_path: Path) -> None:
    application = json.loads((dongyu / "application.json").read_text())
    application["applicant"]["name"] = HOSTILE
    (tmp_path / "hostile.json").write_text(json.dumps(application))
    assert exim("loan", "apply", tmp_path / "hostile.json").code == 0
    for command in (("loan", "list"), ("loan", "show", application["loan_id"]), ("loan", "list", "--json")):
        said = exim(*command).out
        assert not set(said) & set(STEERING), command
        assert "Honest" in said
    assert exim("loan", "list", "--json").json["loans"][0]["application"]["document"]["applicant"]["name"] == HOSTILE  # type: ignore[index]


def test_an_error_does_not_steer(capsys: pytest.CaptureFixture[str]) -> None:
    for as_json in (False, True):
        print_error(InvalidDocument(f"no paper {HOSTILE}", field="id"), "en", as_json=as_json)
        said = capsys.readouterr()
        assert not set(said.out + said.err) & set(STEERING)


def test_a_terminal_keeps_its_own_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    console = Console(file=terminal, force_terminal=True, color_system="standard", width=120)
    monkeypatch.setattr(output, "_console", lambda **_: console)
    Output(as_json=False, language="en").show(Output(as_json=False, language="en").table(["Loan"], [[HOSTILE]]))
    said = terminal.getvalue()
    assert "\x1b[1m" in said  # the heading is bold
    assert "\\x1b[2J" in said
    assert not set(said) & set("\x9b\u202e\r")
