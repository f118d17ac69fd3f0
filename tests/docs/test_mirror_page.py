"""docs/mirror.md says what the mirror's tables and views are."""

from __future__ import annotations

from make_mirror_page import PAGE, with_schema


def test_the_page_is_the_schema() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_schema(page) == page, "run `python tools/make_mirror_page.py`"
    assert "| `overdue` | of the outstanding what is past its maturity today |" in page
