"""The columns of docs/formats.md, as the tables of columns make them.

`python -m tests.eximledger.formats.table_columns` writes them into the page, between its two markers.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eximledger.formats.tables.naming.column import Column
from eximledger.formats.tables.papers.kinds import TABLES
from eximledger_chaincode.documents import KINDS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "formats.md"
BEGIN, END = "<!-- columns: begin -->\n", "<!-- columns: end -->\n"


def row(column: Column) -> str:
    names = (", ".join(column.chinese), ", ".join(column.english))
    needed = " (needed)" if column.needed else ""
    cells = (f"{column.field}{needed}", *names, column.stands.value.en, column.holds.value.en)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def lines() -> Iterator[str]:
    for kind, table in TABLES.items():
        yield f"#### Columns of a table of kind `{kind}` ({KINDS[kind].words.zh})\n"
        yield "| column | in Chinese | in English | belongs to | holds |"
        yield "|---" * 5 + "|"
        yield from map(row, table.columns)
        yield ""


def listing() -> str:
    return "\n".join(lines()) + "\n"


def parts() -> tuple[str, str, str]:
    """The page before, between and after the markers."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    between, after = rest.split(END)
    return before, between, after


if __name__ == "__main__":
    head, _, tail = parts()
    PAGE.write_text(head + BEGIN + listing() + END + tail, encoding="utf-8")
