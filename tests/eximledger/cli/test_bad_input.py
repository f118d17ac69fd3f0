"""Bad input to every command: one sentence, exit code 1 or 2, the ledger as it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from eximledger_chaincode.lending.time import day_in_china
from hlf_client import info, utc_now

Exim = Callable[..., "Answer"]


class Answer:
    code: int
    out: str
    err: str


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&c;</Invoice>'
)
FILES: dict[str, bytes] = {
    "empty.json": b"",
    "text.txt": b"call the exporter",
    "truncated.json": b'{"kind": "invoice", "invoice_number": ',
    "wrong-type.json": b'{"kind": "rate", "schema_version": 1, "currency": 7}',
    "list-of-numbers.json": b"[1, 2, 3]",
    "unknown-kind.json": b'{"kind": "love-letter"}',
    "encoding.json": '{"kind": "rate", "note": "\xff"}'.encode("latin-1"),
    "nul.json": b'{"kind": "rate", "currency": "US\\u0000"}',
    "deep.json": b"[" * 100_000,
    "bomb.xml": BOMB,
    "truncated.xml": b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>1',
    "half.xlsx": b"PK\x03\x04half a workbook",
    "headers.csv": b"a,b,c\n1,2,3\n",
    "big-number.json": b'{"kind": "rate", "quoted_on": "2026-04-01", "currency": "USD", "unit": 100, "cny": '
    + b"9" * 5000
    + b"}",
}


@pytest.fixture
def heights(filed: Exim, tmp_path: Path) -> Callable[[], list[tuple[str, int]]]:
    """The heights of a ledger with papers on it, before and after."""
    return lambda: [(one.info.name, one.info.height) for one in info(tmp_path / "exim.db").channels]


def assert_one_sentence(answer: Answer) -> None:
    assert answer.code in {1, 2}, answer.out + answer.err
    assert answer.out == ""
    assert "Error: " in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("name", sorted(FILES))
@pytest.mark.parametrize("command", [("document", "put"), ("loan", "apply"), ("policy", "propose")])
def test_a_file_that_is_no_paper_is_refused_and_nothing_is_filed(
    filed: Exim, heights: Callable[[], object], tmp_path: Path, dongyu: Path, command: tuple[str, ...], name: str
) -> None:
    before = heights()
    file = tmp_path / name
    file.write_bytes(FILES[name])
    good = [dongyu / "eximbank" / "invoice-DY-CI-260401-05.xml"] if command[0] == "document" else []
    answer = filed(*command, *good, file)
    assert_one_sentence(answer)
    assert name in answer.err
    assert heights() == before


def test_a_huge_file_is_refused_unread(filed: Exim, heights: Callable[[], object], tmp_path: Path) -> None:
    file = tmp_path / "huge.json"
    with file.open("wb") as out:
        out.truncate(2**32)
    answer = filed("document", "put", file)
    assert_one_sentence(answer)
    assert "larger than" in answer.err


HASH = "e" * 64
PAID = ("--amount", "5.00", "--day", str(day_in_china(utc_now())), "--reference", "R-1")

WRONG: list[tuple[object, ...]] = [
    ("document", "put", "nowhere.xml"),
    ("document", "put"),
    ("document", "put", "/dev/zero"),
    ("document", "get", "invoice", "NO-SUCH"),
    ("document", "get", "love-letter", "1"),
    ("document", "get", "invoice", "\u0000"),
    ("document", "get", "invoice", "x" * 10_000),
    ("document", "list", "invoice", "--limit", "0"),
    ("document", "list", "invoice", "--limit", "many"),
    ("document", "list", "invoice", "--after", "no-bookmark-\u0000"),
    ("document", "list", "invoice", "--exporter", "123"),
    ("document", "history", "invoice", "NO-SUCH"),
    ("document", "schema", "love-letter"),
    ("loan", "apply", "nowhere.json"),
    ("loan", "apply", "."),
    ("loan", "check", "NO-SUCH"),
    ("loan", "check", ""),
    ("loan", "check", "\u0000"),
    ("loan", "approve", "NO-SUCH"),
    ("loan", "approve", "NO-SUCH", "--evidence", HASH),
    ("loan", "approve", "NO-SUCH", "--version", "1"),
    ("loan", "approve", "NO-SUCH", "--version", "0", "--evidence", HASH),
    ("loan", "approve", "NO-SUCH", "--version", "one", "--evidence", HASH),
    ("loan", "approve", "NO-SUCH", "--version", "1", "--evidence", HASH),
    ("loan", "approve", "NO-SUCH", "--version", "1", "--evidence", "zz"),
    ("loan", "approve", "NO-SUCH", "--version", "1", "--evidence", HASH, "--override", "AMOUNT"),
    ("loan", "reject", "NO-SUCH"),
    ("loan", "reject", "NO-SUCH", "--reason", "no"),
    ("loan", "reject", "NO-SUCH", "--reason", ""),
    ("loan", "withdraw", "NO-SUCH", "--reason", "x" * 2000),
    ("loan", "refer", "NO-SUCH"),
    ("loan", "propose", "NO-SUCH"),
    ("loan", "disburse", "NO-SUCH"),
    ("loan", "disburse", "NO-SUCH", *PAID),
    ("loan", "disburse", "NO-SUCH", *PAID[:4]),
    ("loan", "disburse", "NO-SUCH", "--reason", "because"),
    ("loan", "disburse", "NO-SUCH", *PAID[2:], "--amount", "0"),
    ("loan", "disburse", "NO-SUCH", *PAID, "--condition", "pledge-registration"),
    ("loan", "disburse", "NO-SUCH", *PAID, "--condition", "a-smile=1"),
    ("loan", "repay", "NO-SUCH", *PAID[2:], "--amount", "-5.00"),
    ("loan", "repay", "NO-SUCH", *PAID[2:], "--amount", "1.005"),
    ("loan", "repay", "NO-SUCH", *PAID[2:], "--amount", "a lot"),
    ("loan", "repay", "NO-SUCH", *PAID, "--paid", "1.00 USD"),
    ("loan", "repay", "NO-SUCH", *PAID, "--rate", "7/USD"),
    ("loan", "repay", "NO-SUCH", *PAID, "--paid", "USD", "--rate", "7/USD"),
    ("loan", "repay", "NO-SUCH", *PAID, "--paid", "1.00 USD", "--rate", "seven"),
    ("loan", "repay", "NO-SUCH", *PAID, "--from", "nobody"),
    ("loan", "repay", "NO-SUCH", "--amount", "5.00", "--reference", "R-1", "--day", "31.12.2026"),
    ("loan", "extend", "NO-SUCH", "--reason", "late"),
    ("loan", "convert", "NO-SUCH", "no-such-file.json"),
    ("loan", "convert", "NO-SUCH", __file__),
    ("loan", "extend", "NO-SUCH", "--until", "2026-12-31", "--reason", "late", "--rate", "-1"),
    ("loan", "extend", "NO-SUCH", "--until", "2026-12-31", "--reason", "late", "--override", "CLASS"),
    ("loan", "indemnity", "NO-SUCH", *PAID),
    ("loan", "indemnity", "NO-SUCH", *PAID, "--insurer", ""),
    ("loan", "write-off", "NO-SUCH", "--reason", ""),
    ("loan", "overdue", "NO-SUCH"),
    ("loan", "lapse", "NO-SUCH"),
    ("loan", "account", "NO-SUCH"),
    ("loan", "schedule", "NO-SUCH", "--until", "soon"),
    ("loan", "conditions", "NO-SUCH"),
    ("loan", "offered", "NO-SUCH"),
    ("loan", "letter", "NO-SUCH"),
    ("loan", "confirm", "NO-SUCH"),
    ("loan", "confirm", "NO-SUCH", "zz"),
    ("loan", "confirm", "NO-SUCH", HASH),
    ("policy", "propose", "nowhere.json"),
    ("policy", "propose", "."),
    ("policy", "confirm", "zz"),
    ("policy", "confirm", HASH),
    ("policy", "confirm", HASH, "--as", "eximbank/risk"),
    ("policy", "show", "--bank", "\u0000"),
    ("day", "open", "today", "--as", "safe"),
    ("day", "open", "2026-02-30", "--as", "safe"),
    ("day", "open", "0001-01-01", "--as", "safe"),
    ("day", "open", "9999-12-31", "--as", "safe"),
    ("day", "open", "--as", "eximbank/admin"),
    ("loan", "show", "NO-SUCH"),
    ("loan", "history", "NO-SUCH"),
    ("loan", "list", "--state", "happy"),
    ("loan", "list", "--as", "nobody"),
    ("loan", "list", "--as", "eximbank/"),
    ("loan", "list", "--as", "../eximbank"),
    ("loan", "list", "--ledger", "oracle:db"),
    ("loan", "list", "--ledger", ""),
    ("loan", "list", "--ledger", "embedded:/nowhere/at/all/exim.db"),
    ("loan", "list", "--ledger", "profile-that-is-not-there.yaml"),
    ("loan", "list", "--lang", "fr"),
    ("loan", "show", "NO-SUCH", "--as", "customs/nobody"),
    ("case", "check", "nowhere"),
    ("case", "check", "."),
    ("balance", "1"),
    ("balance", "224820260000999999"),
    ("balance",),
    ("ledger", "info", "--ledger", "embedded:missing.db"),
    ("ledger", "verify", "--ledger", "embedded:missing.db"),
    ("ledger", "verify", "--ledger", "embedded::memory:"),
    ("demo", "--folder", "/proc/no-folder-here"),
    ("demo", "--ledger", "oracle:db"),
    ("no-such-command",),
    ("loan", "no-such-command"),
]


@pytest.mark.parametrize("arguments", WRONG, ids=lambda arguments: " ".join(map(str, arguments))[:60])
def test_wrong_arguments_are_one_sentence_and_change_nothing(
    filed: Exim, heights: Callable[[], object], arguments: tuple[object, ...]
) -> None:
    before = heights()
    assert_one_sentence(filed(*arguments))
    assert heights() == before


def test_an_error_is_one_json_document_where_json_is_asked_for(filed: Exim) -> None:
    answer = filed("loan", "show", "NO-SUCH", "--json")
    assert answer.code == 1
    body = json.loads(answer.out)
    assert (body["error"], body["details"]) == ("NotFound", {"loan_id": "NO-SUCH"})
    assert "NO-SUCH" in answer.err


def test_a_file_that_is_not_a_ledger_is_said_to_be_none(exim: Exim, tmp_path: Path) -> None:
    (tmp_path / "exim.db").write_bytes(b"this is not a ledger" * 1000)
    for command in (("loan", "list"), ("ledger", "info"), ("ledger", "verify")):
        assert_one_sentence(exim(*command))


def test_another_member_files_no_declaration(filed: Exim, dongyu: Path, heights: Callable[[], object]) -> None:
    before = heights()
    answer = filed("document", "put", dongyu / "customs", "--as", "eximbank")
    assert_one_sentence(answer)
    assert "role customs" in answer.err
    assert heights() == before
