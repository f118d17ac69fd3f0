"""Customs declarations as files of our own JSON."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.dongyu import DONGYU

from eximledger.formats import read
from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration

__all__ = ["write_declarations"]


def write_declarations(folder: Path, numbers: Iterable[int], *, status: str) -> list[Path]:
    """One file for each number, in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    model = read(DONGYU / "customs" / "declarations-2026.csv").documents[0]
    assert isinstance(model, ExportDeclaration)
    paths = []
    for number in numbers:
        changed = {
            "declaration_number": f"224820260{number + 1:09}", "status": DeclarationStatus(status),
            "released_on": None, "settled_on": None,
        }  # fmt: skip
        path = folder / f"declaration-{number:05}.json"
        path.write_text(model.model_copy(update=changed).model_dump_json(exclude_none=True), encoding="utf-8")
        paths.append(path)
    return paths
