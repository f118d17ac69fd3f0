"""Loans sifted and sorted over the ledger's pages, and tables on a narrow terminal."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from eximledger.cli.frame.output import Output, _Seen
from eximledger.cli.loans import listing
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now

EARLY, FROM, BETWEEN, LATE = (day_in_china(utc_now()) + timedelta(days) for days in (70, 71, 75, 80))

Exim = Callable[..., "Answer"]


class Answer:
    code: int
    out: str
    err: str
    json: dict[str, object]


def listed(answer: Answer) -> list[str]:
    assert answer.code == 0, answer.err
    loans = answer.json["loans"]
    assert isinstance(loans, list)
    return [loan["loan_id"] for loan in loans]


@pytest.fixture
def loans(filed: Exim, dongyu: Path, monkeypatch: pytest.MonkeyPatch) -> Exim:
    """Three loans, and pages of two."""
    one = json.loads((dongyu / "application.json").read_text(encoding="utf-8"))
    application = one[0] if isinstance(one, list) else one
    for number, amount, matures in (("A", "7760000.00", LATE), ("B", "1000.00", EARLY), ("C", "500.00", BETWEEN)):
        application |= {"loan_id": number, "matures_on": matures.isoformat()}
        application["amount"]["amount"] = amount
        Path(f"{number}.json").write_text(json.dumps([application]), encoding="utf-8")
        answer = filed("loan", "apply", f"{number}.json")
        assert answer.code == 0, answer.err
    monkeypatch.setattr(listing, "_PAGE", 2)
    return filed


def test_loans_are_sifted_and_sorted_over_all_pages(loans: Exim) -> None:
    def at(*options: object) -> list[str]:
        return listed(loans("loan", "list", "--json", *options))

    assert at("--sort", "amount") == ["C", "B", "A"]
    assert at("--sort", "-matures") == ["A", "C", "B"]
    assert at("--matures-from", FROM, "--sort", "loan") == ["A", "C"]
    assert at("--matures-from", FROM, "--matures-until", BETWEEN) == ["C"]
    assert sorted(at("--applicant", "东裕")) == ["A", "B", "C"]
    assert sorted(at("--applicant", "91520600ma6dyek78f")) == ["A", "B", "C"]
    assert at("--applicant", "nobody") == []
    assert at("--state", "approved", "--sort", "loan") == []
    page = loans("loan", "list", "--sort", "loan", "--limit", 1)
    assert "1 of 3 loans" in page.err
    assert "All (1)" in page.out


def test_looking_ends_somewhere_and_says_where(loans: Exim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_MOST", 2)
    first = loans("loan", "list", "--json", "--sort", "loan")
    rest = listed(loans("loan", "list", "--json", "--sort", "loan", "--after", first.json["bookmark"]))
    assert len(listed(first)) == 2
    assert sorted([*listed(first), *rest]) == ["A", "B", "C"]


LONG = "c0ffee" * 7


@pytest.mark.parametrize(("width", "stacked"), [(80, True), (200, False)])
def test_a_narrow_terminal_stacks_the_cells_and_breaks_no_name(width: int, *, stacked: bool) -> None:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    table = Output(as_json=False, language="en").table(
        ("Number", "Id", "Channel"), [("DY-CI-260401-05", LONG, LONG), ("2", "", "b")]
    )
    console.print(_Seen(table))
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert text.count(LONG) == 2
    assert (f"Id: {LONG}" in text) is stacked
    if stacked:
        assert [line.strip() for line in text.splitlines()[-3:]] == ["", "Number: 2", "Channel: b"]


def test_sentences_in_the_last_column_are_folded_as_before() -> None:
    console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system=None)
    table = Output(as_json=False, language="en").table(("Severity", "Finding", ""), [("refer", "X:1", "word " * 40)])
    console.print(_Seen(table))
    assert isinstance(console.file, io.StringIO)
    assert "Severity: refer" not in console.file.getvalue()
