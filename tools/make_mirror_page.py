"""Writes the tables and views of docs/mirror.md: `python tools/make_mirror_page.py`. A test holds the page to them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql

from eximledger.mirror.schema.tables import METADATA
from eximledger.mirror.schema.views import VIEWS, View

__all__ = ["PAGE", "with_schema"]

PAGE: Final = Path(__file__).parents[1] / "docs" / "mirror.md"
_BEGIN: Final = "<!-- what follows is written by tools/make_mirror_page.py -->"
_DIALECT: Final = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own


def with_schema(page: str) -> str:
    """The page with the tables and views as they are now."""
    written, _, _ = page.partition(_BEGIN)
    return written + _BEGIN + "\n\n" + "\n".join(_schema()) + "\n"


def _schema() -> Iterator[str]:
    yield "## Views\n"
    for view in VIEWS:
        yield from _of_view(view)
    yield "## Tables\n"
    for table in METADATA.sorted_tables:
        yield from _of_table(table)


def _of_view(view: View) -> Iterator[str]:
    yield f"### {view.name}\n\n{_sentence(view.comment)}\n\n| column | |\n|---|---|"
    for name, meaning in view.columns.items():
        yield f"| `{name}` | {_cell(meaning)} |"
    yield ""


def _of_table(table: Table) -> Iterator[str]:
    yield f"### {table.name}\n\n{_sentence(table.comment or '')}\n\n| column | type | |\n|---|---|---|"
    for column in table.c:
        name = f"**`{column.name}`**" if column.primary_key else f"`{column.name}`"
        kind = column.type.compile(_DIALECT).split(" COLLATE")[0].lower()
        yield f"| {name} | {kind}{'' if not column.nullable else ', may be null'} | {_cell(column.comment or '')} |"
    yield ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(with_schema(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
