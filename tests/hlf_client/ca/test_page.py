"""docs/sdk/ca.md, every block as it stands, on the real server where it is there and on the stand-in."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.snippets import DOCS, run_page
from tests.hlf_client.ca.servers import SECRET, RunningCa

from hlf_client.identity import RevocationList, load_certificate, read_identity


def test_the_page_on_fabric_ca_runs_as_written(
    fabric_ca: RunningCa, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CA_URL", fabric_ca.url)
    monkeypatch.setenv("CA_SECRET", SECRET)
    Path("ca-cert.pem").write_bytes(fabric_ca.roots or b"")
    given = run_page(DOCS / "sdk" / "ca.md")
    acting = read_identity("BankMSP", Path("maker/msp"))
    assert acting.certificate == given["renewed"].certificate  # type: ignore[attr-defined]
    revoked = RevocationList.parse(Path("crl.pem").read_bytes())
    assert not revoked.names(load_certificate(acting.certificate))
    assert revoked.names(load_certificate(given["maker"].certificate))  # type: ignore[attr-defined]
