"""Which files are meant, and by which hash a file is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from hlf_client.errors import InvalidDocument

__all__ = ["digest_of", "files_in"]


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files that are meant, in order: a folder's own by name, hidden ones and subfolders left out. Raises
    `InvalidDocument` for a folder without any."""
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(file for file in path.iterdir() if not file.name.startswith(".") and file.is_file())
        if not inside:
            raise InvalidDocument(f"{path}: there is no file in this folder", field="file", reason="no file")
        found += inside
    return found


def digest_of(path: Path) -> str | None:
    """The SHA-256 of a file's bytes; None where it cannot be read, or is no file (reading it will say why)."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None
