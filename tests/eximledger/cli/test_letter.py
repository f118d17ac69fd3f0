"""`eximledger loan letter`: two files for the exporter, and a word to the officer on what is not in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now

Exim = Callable[..., "Answer"]


class Answer:
    code: int
    out: str
    err: str
    json: dict[str, object]


LOAN = "DY-2026-001"


def test_a_letter_is_written_of_the_recorded_verdict(filed: Exim, dongyu: Path, tmp_path: Path) -> None:
    filed("loan", "apply", dongyu / "application.json")
    refused = filed("loan", "letter", LOAN)
    assert refused.code == 1
    assert "has not been checked" in refused.err
    assert filed("loan", "check", LOAN).code == 4
    until = day_in_china(utc_now()) + timedelta(days=30)
    answer = filed("loan", "letter", LOAN, "--until", until, "--letterhead", "某银行", "--folder", tmp_path / "out")
    assert answer.code == 0, answer.err
    assert "A corrected invoice" in answer.out
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == [f"letter-{LOAN}.docx", f"letter-{LOAN}.html"]
    page = (tmp_path / "out" / f"letter-{LOAN}.html").read_text(encoding="utf-8")
    assert "某银行" in page
    assert str(until) in page
    assert "DUP-UNMATCHED" not in page
    assert "DUP-UNMATCHED" not in answer.err


def test_the_bank_is_named_as_the_consortium_names_it(filed: Exim, dongyu: Path) -> None:
    filed("loan", "apply", dongyu / "application.json")
    filed("loan", "check", LOAN)
    found = filed("loan", "letter", LOAN, "--json").json
    assert found["bank"] == "Export-Import Bank of China, Guizhou Branch"
    assert Path(f"letter-{LOAN}.docx").exists()
    zh = filed("loan", "letter", LOAN, "--lang", "zh")
    assert "请提供" in zh.out
    assert "报关单" in zh.out


def test_a_day_that_is_over_is_refused_and_nothing_written(filed: Exim, dongyu: Path) -> None:
    filed("loan", "apply", dongyu / "application.json")
    filed("loan", "check", LOAN)
    refused = filed("loan", "letter", LOAN, "--until", "2026-01-01")
    assert refused.code == 1
    assert "before the letter's own date" in refused.err
    assert not Path(f"letter-{LOAN}.html").exists()
