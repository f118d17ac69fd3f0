"""`eximledger exporter`: from an authority to signed papers, and what is said of wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from eximledger.consent import read_consent
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now

Exim = Callable[..., "Answer"]  # the fixture's type lives in conftest.py


class Answer:
    code: int
    out: str
    err: str
    json: dict[str, object]


USCC = "91520600MA6HJ4T31J"
TODAY = day_in_china(utc_now())
LATER = TODAY + timedelta(days=100)
WANTED = ("--key", "cable", "--bank", "HarbourMSP", "--what", "receipts", "--until", LATER, "--purpose", "出口押汇")


@pytest.fixture
def enrolled(exim: Exim) -> Exim:
    """An authority, and an exporter that it enrolled."""
    assert exim("exporter", "authority", "ca", "--name", "SAFE 出口商认证").code == 0
    assert exim("exporter", "enrol", USCC, "--authority", "ca", "--name", "铜仁电缆", "--to", "cable").code == 0
    return exim


def test_an_authority_says_by_what_it_is_known(exim: Exim) -> None:
    answer = exim("exporter", "authority", "ca", "--name", "Exporters", "--organization", "SAFE", "--json")
    assert len(str(answer.json["sha256"])) == 64
    assert Path(str(answer.json["certificate"])).read_text().startswith("-----BEGIN CERTIFICATE-----")


def test_an_authorisation_is_signed_shown_and_revoked(enrolled: Exim) -> None:
    made = enrolled("exporter", "authorise", "TC/１", *WANTED, "--what", "declarations", "--json")
    assert made.code == 0
    assert made.json["paper"] == {
        "schema_version": 1, "kind": "authorisation", "number": "TC/1", "exporter": USCC, "bank": "HarbourMSP",
        "what": ["declarations", "receipts"], "valid_from": str(TODAY), "valid_until": str(LATER),
        "purpose": "出口押汇",
    }  # fmt: skip
    shown = enrolled("exporter", "show", "authorisation-TC-1.json", "--lang", "zh", "--authority", "ca/cert.pem")
    assert shown.code == 0
    for word in ("授权书", "报关单", "收汇凭证", "HarbourMSP", str(LATER), "本文件由出口商签署"):
        assert word in shown.out
    revoked = enrolled("exporter", "revoke", "TC/1", "--key", "cable", "--reason", "the loan is repaid")
    assert (revoked.code, "the loan is repaid" in revoked.out) == (0, True)
    unchecked = enrolled("exporter", "show", "revocation-TC-1.json")
    assert "Nobody has checked the signature" in unchecked.out
    assert read_consent(Path("revocation-TC-1.json")).paper.kind == "revocation"


def test_a_key_that_stays_with_the_exporter_is_not_written(enrolled: Exim) -> None:
    answer = enrolled(
        "exporter", "enrol", USCC, "--authority", "ca", "--name", "x", "--to", "y", "--request", "ca/cert.pem"
    )
    assert (answer.code, "no certificate request" in answer.err) == (1, True)


def test_another_authority_vouches_for_nothing_of_ours(enrolled: Exim) -> None:
    enrolled("exporter", "authority", "other", "--name", "SAFE 出口商认证")
    enrolled("exporter", "authorise", "1", *WANTED)
    answer = enrolled("exporter", "show", "authorisation-1.json", "--authority", "other/cert.pem")
    assert (answer.code, answer.out) == (1, "")
    assert "issued by none" in answer.err


@pytest.mark.parametrize("command", ["authority", "enrol", "authorise"])
def test_nothing_is_lost_unless_it_is_said(enrolled: Exim, command: str) -> None:
    arguments: dict[str, tuple[object, ...]] = {
        "authority": ("ca", "--name", "x"),
        "enrol": (USCC, "--authority", "ca", "--name", "x", "--to", "cable"),
        "authorise": ("1", *WANTED),
    }
    enrolled("exporter", "authorise", "1", *WANTED)
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    answer = enrolled("exporter", command, *arguments[command])
    assert (answer.code, answer.out) == (1, "")
    assert "would be lost" in answer.err
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before
    if command != "authority":
        assert enrolled("exporter", command, *arguments[command], "--replace").code == 0


WRONG: list[tuple[object, ...]] = [
    ("authority", "ca2"),
    ("authority", "ca2", "--name", ""),
    ("authority", "ca2", "--name", "x" * 65),
    ("authority", "ca2", "--name", "x", "--days", "0"),
    ("authority", "ca/cert.pem", "--name", "x"),
    ("authority", "/proc/no-folder-here", "--name", "x"),
    ("enrol", "123", "--authority", "ca", "--name", "x", "--to", "x"),
    ("enrol", USCC, "--authority", "nowhere", "--name", "x", "--to", "x"),
    ("enrol", USCC, "--authority", "cable", "--name", "x", "--to", "x"),
    ("enrol", USCC, "--authority", "ca", "--name", "x\u202e", "--to", "x"),
    ("enrol", USCC, "--authority", "ca", "--name", "x", "--to", "x", "--request", "/dev/zero"),
    ("authorise", "1"),
    ("authorise", "", *WANTED),
    ("authorise", "\u202e", *WANTED),
    ("authorise", "x" * 65, *WANTED),
    ("authorise", "1", *WANTED, "--bank", "a b"),
    ("authorise", "1", *WANTED, "--what", "loans"),
    ("authorise", "1", *WANTED, "--until", "31.12.2026"),
    ("authorise", "1", *WANTED, "--until", TODAY - timedelta(days=1)),
    ("authorise", "1", *WANTED, "--until", "2099-01-01"),
    ("authorise", "1", *WANTED, "--until", "9999-12-31"),
    ("authorise", "1", *WANTED, "--from", "0001-01-01"),
    ("authorise", "1", *WANTED, "--purpose", " "),
    ("authorise", "1", *WANTED, "--purpose", "x" * 501),
    ("authorise", "1", *WANTED, "--key", "ca"),
    ("authorise", "1", *WANTED, "--key", "nowhere"),
    ("authorise", "1", *WANTED, "--to", "nowhere/at/all.json"),
    ("revoke", "", "--key", "cable"),
    ("revoke", "1"),
    ("revoke", "1", "--key", "nowhere"),
    ("revoke", "1", "--key", "cable", "--day", "today"),
    ("revoke", "1", "--key", "cable", "--reason", ""),
    ("show", "nowhere.json"),
    ("show", "ca/cert.pem"),
    ("show", "/dev/zero"),
    ("show", "signed.json", "--authority", "cable/cert.pem"),
    ("show", "signed.json", "--authority", "signed.json"),
    ("show", "signed.json", "--authority", "/dev/zero"),
]


@pytest.mark.parametrize("arguments", WRONG, ids=lambda arguments: " ".join(map(str, arguments))[:60])
def test_wrong_input_is_one_sentence_and_writes_nothing(enrolled: Exim, arguments: tuple[object, ...]) -> None:
    enrolled("exporter", "authorise", "1", *WANTED, "--to", "signed.json")
    before = sorted(Path().rglob("*"))
    answer = enrolled("exporter", *arguments)
    assert answer.code in {1, 2}
    assert answer.out == ""
    assert "Error: " in answer.err
    assert len([line for line in answer.err.splitlines() if line.startswith("Error: ")]) == 1
    assert sorted(Path().rglob("*")) == before
