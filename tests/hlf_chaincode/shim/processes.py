"""Other processes, as /proc tells of them."""

from __future__ import annotations

from pathlib import Path

__all__ = ["is_alive", "parent"]


def is_alive(process: int) -> bool:
    """A zombie is dead."""
    try:
        return _fields(process)[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def parent(process: int) -> int:
    return int(_fields(process)[1])


def _fields(process: int) -> list[str]:
    """From its state on."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
