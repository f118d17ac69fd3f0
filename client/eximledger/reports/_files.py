"""Writing a report to a file, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

__all__ = ["write_whole"]


def write_whole(path: Path, content: bytes) -> Path:
    """Put the content where `path` says, in place of what is there; the folder is made. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("wb", dir=path.parent, suffix=".part", delete=False) as part:
        part.write(content)
    return Path(part.name).replace(path)
