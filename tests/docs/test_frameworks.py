"""The pages on web frameworks, run as they stand on an embedded ledger."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.docs.snippets import DOCS, run_page


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEDGER", "")  # so that what the page sets is taken back
    monkeypatch.setenv("LEDGER_AS", "")
    return tmp_path


def test_fastapi(folder: Path) -> None:
    pytest.importorskip("fastapi", reason="needs FastAPI")
    run_page(DOCS / "sdk" / "fastapi.md")
    assert (folder / "assets.db").exists()


def test_django(folder: Path) -> None:
    pytest.importorskip("django", reason="needs Django")
    run_page(DOCS / "sdk" / "django.md")
    assert (folder / "assets.db").exists()
