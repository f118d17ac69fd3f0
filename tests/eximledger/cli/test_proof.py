"""`eximledger proof` where there is no Fabric: what it says of wrong files, authorities and ledgers."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.eximledger.cli.conftest import Exim

from hlf_client.identity import CertificateAuthority, Subject


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_bytes(CertificateAuthority.create(Subject("ca", "Bank")).pem)
    return path


def test_an_embedded_ledger_has_no_signed_blocks_to_prove_anything_with(filed: Exim) -> None:
    answer = filed("proof", "export", "DY-2026-001")
    assert answer.code == 1
    assert "`eximledger ledger verify`" in answer.err


def test_a_file_that_is_no_proof_is_refused_in_one_sentence(exim: Exim, authority: Path, tmp_path: Path) -> None:
    for content in (b"", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"format":"eximledger-proof/2"}'):
        file = tmp_path / "bad.json"
        file.write_bytes(content)
        answer = exim("proof", "verify", file, "--trust", f"BankMSP={authority}", "--genesis", "0" * 64)
        assert answer.code == 1
        assert answer.err.startswith("Error: the proof ")
        assert answer.err.count("\n") == 1


def test_an_authority_is_needed_and_must_be_one(exim: Exim, tmp_path: Path) -> None:
    file = tmp_path / "some.json"
    file.write_text("{}")
    assert exim("proof", "verify", file).code == 2
    answer = exim("proof", "verify", file, "--trust", "BankMSP=missing.pem")
    assert answer.code == 1
    assert "missing.pem cannot be read" in answer.err
