"""`document put FOLDER`: many files, the bad ones counted by reason, the good ones filed, an exit code for both."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.eximledger.filing.invoices import invoice, write_invoices

from eximledger.cli.frame.output import Output
from eximledger.cli.papers.putting import _journal_of, _said
from eximledger.filing import Progress

Exim = Callable[..., "Answer"]


class Answer:
    code: int
    out: str
    err: str
    json: dict[str, object]


def test_a_folder_is_filed_and_known_again(exim: Exim, tmp_path: Path) -> None:
    write_invoices(tmp_path / "in", range(60))
    first = exim("document", "put", "in", "--json")
    assert first.code == 0, first.err
    assert first.err == ""
    said = first.json
    assert (said["files"], said["filed"], said["papers"], said["refusals"]) == (60, 60, {"new": 60}, [])
    assert (tmp_path / "exim.db.filed").exists()
    again = exim("document", "put", "in")
    assert again.code == 0
    assert again.err == ""
    assert re.search(r"Known +60", again.out)
    anew = exim("document", "put", "in", "--again", "--json").json
    assert (anew["known"], anew["papers"]) == (0, {"unchanged": 60})


def test_refused_files_have_an_exit_code_and_reasons(exim: Exim, tmp_path: Path) -> None:
    write_invoices(tmp_path / "in", range(3))
    for name in ("a.txt", "b.txt"):
        (tmp_path / "in" / name).write_text("call the exporter")
    answer = exim("document", "put", "in", "--report", "report.jsonl")
    assert answer.code == 5
    assert "call the exporter" not in answer.out
    assert re.search(r"Refused +2\b", answer.out)
    assert "a.txt, b.txt" in answer.out
    assert "B-2" in answer.out
    lines = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [each["state"] for each in lines].count("refused") == 2
    assert {each["documents"][0]["change"] for each in lines if each["state"] == "filed"} == {"new"}
    assert all(each["message"] for each in lines if each["state"] == "refused")
    said = exim("document", "put", "in", "--json")
    assert (said.code, said.json["known"], said.json["refused"]) == (5, 3, 2)
    (tmp_path / "in" / "a.txt").unlink()
    (tmp_path / "in" / "b.txt").write_text(invoice("MENDED"))
    assert exim("document", "put", "in", "--json").json["papers"] == {"new": 1}


def test_where_every_file_is_refused_that_is_an_error(exim: Exim, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("call the exporter")
    answer = exim("document", "put", "in")
    assert (answer.code, answer.out) == (1, "")
    assert "a.txt" in answer.err


def test_many_files_named_one_by_one_are_many(exim: Exim, tmp_path: Path) -> None:
    files = write_invoices(tmp_path / "in", range(101))
    files[7].write_text("call the exporter")
    answer = exim("document", "put", *files, "--json")
    assert (answer.code, answer.json["filed"], answer.json["refused"]) == (5, 100, 1)
    few = exim("document", "put", *files[:8], "--json")
    assert (few.code, few.json["error"]) == (1, "InvalidDocument")


def test_a_dry_run_of_a_folder_needs_no_ledger(exim: Exim, tmp_path: Path) -> None:
    write_invoices(tmp_path / "in", range(3))
    assert exim("document", "put", "in", "--dry-run", "--json").json["read"] == 3
    assert not list(tmp_path.glob("exim.db*"))


def test_another_ledgers_journal_stands_among_the_users_state(
    exim: Exim, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    one, other = _journal_of("network/eximbank.yaml"), _journal_of("network/customs.yaml")
    assert one is not None
    assert other is not None
    assert one != other
    assert one.parent == other.parent == tmp_path / "state" / "eximledger"
    assert _journal_of("embedded::memory:") is None


def test_progress_says_rate_what_is_left_and_what_was_refused() -> None:
    said = _said(Output(as_json=False, language="en"), Progress(10_000, 4_200, 12, 3, 312.4, 18.6))
    assert said == "4,200 / 10,000, 312 /s, left 0:19, known 12, refused 3"
