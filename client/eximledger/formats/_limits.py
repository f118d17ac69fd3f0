"""How large a paper may be. Every reader takes its limits from here."""

from __future__ import annotations

from typing import Final

__all__ = [
    "MAX_BYTES",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "MAX_XLSX_BYTES",
    "MAX_XLSX_FILES",
    "MAX_XLSX_RATIO",
    "MAX_XML_DEPTH",
    "MAX_XML_ELEMENTS",
]

MAX_BYTES: Final = 32 * 1024 * 1024
"""Of a file as it comes."""
MAX_XML_DEPTH: Final = 64
"""Elements within elements; the deepest sample has 14."""
MAX_XML_ELEMENTS: Final = 1_000_000
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 256
MAX_XLSX_BYTES: Final = 128 * 1024 * 1024
"""Of all parts of a workbook, unpacked."""
MAX_XLSX_FILES: Final = 1_000
MAX_XLSX_RATIO: Final = 200
"""Unpacked size of one part to its packed size, looked at where a part is larger than 1 MiB."""
