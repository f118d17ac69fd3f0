"""docs/http.md: its tables are those of the code, its Python runs, its settings and officers are ones."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from tests.docs.snippets import run_page
from tests.eximledger.api.http_page import PAGE, written

from eximledger.serving import read_settings
from eximledger.serving.officers import read_officers
from hlf_client import utc_now

TOML = re.compile(r"^```toml\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_its_tables_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert written(text) == text, "write them: python -m tests.eximledger.api.http_page"


def test_its_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run_page(PAGE)


def test_its_settings_and_officers_are_taken(tmp_path: Path) -> None:
    settings, officers = TOML.findall(PAGE.read_text(encoding="utf-8"))
    (tmp_path / "serve.toml").write_text(settings)
    (tmp_path / "officers.toml").write_text(officers.replace("9f0e...", "9" * 64))
    found = read_settings(tmp_path / "serve.toml", {"EXIM_SERVE_PORT": "9443", "EXIM_SERVE_OIDC__CLIENT_ID": "other"})
    assert (found.port, found.oidc and found.oidc.client_id, found.state) == (9443, "other", tmp_path / "state")
    roll = read_officers(tmp_path / "officers.toml", found.ledger, utc_now)
    assert {account.name for account in roll.accounts} == {each["name"] for each in tomllib.loads(officers)["officer"]}
