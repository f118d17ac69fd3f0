"""Where a listener has come to, kept across restarts.

async for event in ledger.chaincode_events("fx", after=checkpointer.load()):
    ...
    checkpointer.save(event.checkpoint)
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Protocol

from hlf_client.errors import InvalidDocument
from hlf_client.ledger import Checkpoint

__all__ = ["Checkpointer", "FileCheckpointer", "MemoryCheckpointer"]


class Checkpointer(Protocol):
    """Keeps one listener's checkpoint; yours may keep it in a database, with what the event changed there."""

    def load(self) -> Checkpoint | None:
        """The last one that was saved; None before the first."""
        ...

    def save(self, checkpoint: Checkpoint) -> None: ...


class MemoryCheckpointer:
    """For as long as the process lives."""

    def __init__(self) -> None:
        self._checkpoint: Checkpoint | None = None

    def load(self) -> Checkpoint | None:
        return self._checkpoint

    def save(self, checkpoint: Checkpoint) -> None:
        self._checkpoint = checkpoint


class FileCheckpointer:
    """In a small JSON file, replaced as a whole: a crash leaves the checkpoint before or the one after."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)

    def load(self) -> Checkpoint | None:
        """Raises `InvalidDocument` when the file holds something else."""
        try:
            content = json.loads(self._path.read_bytes())
            number, transaction_id = content["block_number"], content.get("transaction_id")
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            number, transaction_id = None, None
        if not isinstance(number, int) or number < 0 or not isinstance(transaction_id, str | None):
            reason = "is no checkpoint: move it away to begin anew"
            raise InvalidDocument(f"{self._path} {reason}", field="checkpoint", reason=reason)
        return Checkpoint(number, transaction_id)

    def save(self, checkpoint: Checkpoint) -> None:
        content: dict[str, object] = {"block_number": checkpoint.block_number}
        if checkpoint.transaction_id is not None:
            content["transaction_id"] = checkpoint.transaction_id
        with tempfile.NamedTemporaryFile(
            "w", dir=self._path.parent, prefix=f".{self._path.name}.", delete=False, encoding="utf-8"
        ) as part:
            json.dump(content, part)
            part.flush()
            os.fsync(part.fileno())
        Path(part.name).replace(self._path)
