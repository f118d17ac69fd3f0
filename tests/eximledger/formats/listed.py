"""Watch lists in the forms in which they are published, of nobody: every name, number and id is made up."""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = ["CSV", "EU", "FILES", "OFAC", "UN"]

FOLDER: Final = Path(__file__).parent / "lists"
UN: Final = (FOLDER / "un.xml").read_text(encoding="utf-8")
OFAC: Final = (FOLDER / "ofac.xml").read_text(encoding="utf-8")
EU: Final = (FOLDER / "eu.xml").read_text(encoding="utf-8")
CSV: Final = (FOLDER / "notices.csv").read_text(encoding="utf-8")
FILES: Final = {
    "un-consolidated": UN.encode(), "ofac-advanced": OFAC.encode(), "eu-consolidated-1.1": EU.encode(),
    "watch-csv": CSV.encode("gb18030"),
}  # fmt: skip
