"""`document attach, attachments, attachment get`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.eximledger.attachments.bucket import ACCESS, SECRET, bucket

Exim = Callable[..., "Answer"]
INVOICE = "DY-CI-260327-01"
SCAN = b"%PDF-1.7 stamped and signed"


class Answer:
    code: int
    out: str
    err: str
    json: dict[str, object]


def test_scans_are_attached_and_come_back(exim: Exim, dongyu: Path, tmp_path: Path) -> None:
    assert exim("document", "put", dongyu / "eximbank" / f"invoice-{INVOICE}.xml").code == 0
    (tmp_path / "scan.pdf").write_bytes(SCAN)
    (tmp_path / "letter.txt").write_text("call the exporter")
    made = exim("document", "attach", "invoice", INVOICE, "scan.pdf", "--json")
    assert made.code == 0, made.err
    (said,) = json.loads(made.out)
    assert (said["name"], said["size"], said["attached_by"]) == ("scan.pdf", len(SCAN), "maker@eximbank")
    assert "scan.pdf" in exim("document", "attachments", "invoice", INVOICE).out
    refused = exim("document", "attach", "invoice", INVOICE, "letter.txt")
    assert (refused.code, refused.out) == (1, "")
    assert "letter.txt" in refused.err
    (tmp_path / "scan.pdf").unlink()
    got = exim("document", "attachment", "get", "invoice", INVOICE, said["sha256"][:12])
    assert got.code == 0, got.err
    assert (tmp_path / "scan.pdf").read_bytes() == SCAN
    again = exim("document", "attachment", "get", "invoice", INVOICE, "scan.pdf")
    assert (again.code, again.out) == (1, "")
    assert exim("document", "attachment", "get", "invoice", INVOICE, "scan.pdf", "--to", "other.pdf").code == 0
    assert exim("ledger", "verify").code == 0
    assert exim("document", "attachments", "invoice", INVOICE, "--as", "tradebank").code == 1


def test_a_store_is_named_by_option_or_environment(exim: Exim, dongyu: Path, tmp_path: Path) -> None:
    assert exim("document", "put", dongyu / "eximbank" / f"invoice-{INVOICE}.xml").code == 0
    (tmp_path / "scan.pdf").write_bytes(SCAN)
    store = ("--attachments", "folder:scans")
    assert exim("document", "attach", "invoice", INVOICE, "scan.pdf", *store).code == 0
    assert len([path for path in (tmp_path / "scans").rglob("*") if path.is_file()]) == 1
    assert exim("document", "attachment", "get", "invoice", INVOICE, "scan.pdf", "--to", "a.pdf", *store).code == 0
    elsewhere = exim("document", "attachment", "get", "invoice", INVOICE, "scan.pdf", "--to", "b.pdf")
    assert (elsewhere.code, (tmp_path / "b.pdf").exists()) == (1, False)
    assert exim("document", "attach", "invoice", INVOICE, "scan.pdf", "--attachments", "ftp:x").code == 1


def test_scans_in_a_bucket_come_back_whole_or_not_at_all(
    exim: Exim, dongyu: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the command line to a server that checks signatures, and back."""
    assert exim("document", "put", dongyu / "eximbank" / f"invoice-{INVOICE}.xml").code == 0
    (tmp_path / "scan.pdf").write_bytes(SCAN)
    with bucket() as served:
        store = ("--attachments", f"s3:{served.url}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of somebody else")
        refused = exim("document", "attach", "invoice", INVOICE, "scan.pdf", *store)
        assert (refused.code != 0, served.objects) == (True, {})
        assert "SignatureDoesNotMatch" in refused.err
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        assert exim("document", "attach", "invoice", INVOICE, "scan.pdf", *store).code == 0
        ((path, content),) = served.objects.items()
        assert content == SCAN
        get = ("document", "attachment", "get", "invoice", INVOICE, "scan.pdf", "--to")
        assert exim(*get, "a.pdf", *store).code == 0
        assert (tmp_path / "a.pdf").read_bytes() == SCAN
        for spoilt in (SCAN + b" ", SCAN[:-1]):
            served.objects[path] = spoilt
            assert exim(*get, "b.pdf", *store).code != 0
        del served.objects[path]
        assert exim(*get, "b.pdf", *store).code != 0
        assert not (tmp_path / "b.pdf").exists()


def test_only_a_banks_own_papers_take_files(exim: Exim, tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(SCAN)
    assert exim("document", "attach", "declaration", "1", "scan.pdf").code == 2
