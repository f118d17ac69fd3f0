"""The journal: which files were filed as which papers, so that a run goes on where it broke off.

It is a help, not a truth: what it says counts only where the ledger confirms it, so a journal that is old, of another
ledger or lost costs time and nothing else. It names papers: it is as private as the files are.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, TypeAlias

from hlf_client.errors import InvalidDocument

__all__ = ["Journal", "Papers", "Standing"]

_KEYS: Final = 500
"""Keys of one query; SQLite takes 999 parameters and more."""


class Standing(NamedTuple):
    """A paper as the ledger had it when its file was filed."""

    kind: str
    id: str
    version: int


Papers: TypeAlias = tuple[Standing, ...]


class Journal:
    """One file of SQLite; `scope` is all beside a file's bytes that decides what becomes of it: who files it and how it
    is read. May be used from any one thread at a time."""

    def __init__(self, path: Path, scope: Iterable[str]) -> None:
        self._scope = "\n".join(scope)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._database = sqlite3.connect(path, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS filed (file TEXT PRIMARY KEY, papers TEXT NOT NULL) WITHOUT ROWID"
            )
        except (sqlite3.Error, OSError) as error:
            raise InvalidDocument(
                f"{path} is no journal of filed files: {error}", field="journal", reason="no journal"
            ) from None

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._database.close()

    def known(self, digests: Sequence[str]) -> dict[str, Papers]:
        """As what files were filed, by their SHA-256; those never filed are left out."""
        names = {self._name(digest): digest for digest in digests}
        found: dict[str, Papers] = {}
        wanted = list(names)
        for start in range(0, len(wanted), _KEYS):
            some = wanted[start : start + _KEYS]
            marks = ",".join("?" * len(some))
            rows = self._database.execute(f"SELECT file, papers FROM filed WHERE file IN ({marks})", some)  # noqa: S608 - marks alone
            found |= {names[name]: tuple(Standing(*each) for each in json.loads(papers)) for name, papers in rows}
        return found

    def note(self, filed: Mapping[str, Papers]) -> None:
        """What files were filed as, durably once this returns."""
        with self._database:
            self._database.executemany(
                "INSERT OR REPLACE INTO filed VALUES (?, ?)",
                [(self._name(digest), json.dumps(papers)) for digest, papers in filed.items()],
            )

    def _name(self, digest: str) -> str:
        return hashlib.sha256(f"{self._scope}\n{digest}".encode()).hexdigest()
