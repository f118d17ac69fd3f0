"""What of a ledger's file is judged without its blocks: SQLite's pages, tables, types, private values by their hashes.

Of a large ledger by another process, `python -m ...aside PATH`, while the blocks are walked.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from hlf_client.embedded.storage.database import SCHEMA, block_of, open_read_only
from hlf_client.embedded.verifying.ahead import WORTH, command, environment
from hlf_client.embedded.verifying.contents import Problem, Touched, attempt, shown
from hlf_client.embedded.verifying.shape import Shape

__all__ = ["Aside", "main"]

_SPACES: Final = """SELECT clear.id, hashes.id, hashes.collection, channel.name FROM namespace AS hashes
    JOIN namespace AS clear USING (channel, chaincode, collection) JOIN channel ON channel.id = hashes.channel
    WHERE hashes.hashed AND NOT clear.hashed ORDER BY hashes.id"""
_VALUES: Final = """SELECT namespace, key, version, policy, value FROM state NOT INDEXED
    WHERE namespace IN (SELECT id FROM namespace WHERE NOT hashed AND collection != '') ORDER BY id"""
_HASH: Final = """WITH asked (space, name) AS (VALUES {}) SELECT namespace, key, version, value
    FROM asked CROSS JOIN state ON namespace = space AND key = name"""
_AT_ONCE: Final = 64
_HASHES: Final = "SELECT count(*) FROM state WHERE namespace = ?"
_KEYS: Final = "SELECT key, version FROM state WHERE namespace = ? ORDER BY version"


class Aside:
    """Both parts of the judgement; each is asked for once."""

    def __init__(self, path: Path, source: sqlite3.Connection) -> None:
        self._source = source
        self._process = _started(path) if _is_large(source) else None
        self._told: dict[str, list[Problem]] | None = None

    def sound(self) -> Sequence[Problem]:
        """Pages, tables, indexes, types."""
        return self._answer()["sound"]

    def private(self) -> Sequence[Problem]:
        """Every private value has the hash that the state has, and none is missing."""
        return self._answer()["private"]

    def close(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stdout is not None:
                self._process.stdout.close()

    def _answer(self) -> dict[str, list[Problem]]:
        if self._told is None:
            self._told = _read(self._process) or _judged(self._source)
        return self._told


def _is_large(source: sqlite3.Connection) -> bool:
    try:
        return bool(source.execute("SELECT count(*) >= ? FROM state", (WORTH,)).fetchone()[0])
    except sqlite3.Error:
        return False


def _started(path: Path) -> subprocess.Popen[bytes] | None:
    try:
        return subprocess.Popen(  # noqa: S603 - this very program
            command("hlf_client.embedded.verifying.aside", path),
            stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(),
            start_new_session=True,
        )  # fmt: skip
    except OSError:
        return None


def _read(process: subprocess.Popen[bytes] | None) -> dict[str, list[Problem]] | None:
    """What the process found; None where it found no end."""
    if process is None:
        return None
    output, _ = process.communicate()
    if process.returncode:
        return None
    try:
        return {part: [Problem(*each) for each in found] for part, found in json.loads(output).items()}
    except (ValueError, TypeError, AttributeError):
        return None


def _judged(source: sqlite3.Connection) -> dict[str, list[Problem]]:
    sound: list[Problem] = []
    private: list[Problem] = []
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as pattern:
        for statement in SCHEMA:
            pattern.execute(statement)
        shape = Shape(source, pattern)
        for check in (lambda: _check_pages(source), shape.check_schema, shape.check_types, shape.check_beside):
            attempt(sound, "", check)
    attempt(private, "", lambda: _check_private(source))
    return {"sound": sound, "private": private}


def _check_pages(source: sqlite3.Connection) -> None:
    found = source.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        raise Touched("", None, f"the file is damaged: {found}")


def _check_private(source: sqlite3.Connection) -> None:
    spaces = {clear: (hashed, collection, channel) for clear, hashed, collection, channel in source.execute(_SPACES)}
    counts = dict.fromkeys(spaces, 0)
    rows = source.execute(_VALUES)
    while some := rows.fetchmany(_AT_ONCE):
        named = [(spaces[space][0], hashlib.sha256(key).digest()) for space, key, *_ in some]
        asked = source.execute(_HASH.format(", ".join(["(?, ?)"] * len(some))), list(chain.from_iterable(named)))
        found = {(space, key): (version, value) for space, key, version, value in asked}
        for (space, key, version, policy, value), name in zip(some, named, strict=True):
            row = found.get(name)
            if row is None or policy is not None or version or row[1] != hashlib.sha256(value).digest():
                what = f"key {shown(key)} of private collection {spaces[space][1]} has been changed"
                raise Touched(spaces[space][2], block_of(row[0] if row else 0), what)
            counts[space] += 1
    for clear, (hashed, collection, channel) in spaces.items():
        if source.execute(_HASHES, (hashed,)).fetchone()[0] != counts[clear]:  # keys are unique, and so their hashes
            first = next(_unmatched(source, clear, hashed))
            raise Touched(channel, block_of(first), f"a value of private collection {collection} is missing")


def _unmatched(source: sqlite3.Connection, clear: int, hashed: int) -> Iterator[int]:
    """Versions of the hashes that no value has."""
    seen = {hashlib.sha256(key).digest() for key, _ in source.execute(_KEYS, (clear,))}
    for key, version in source.execute(_KEYS, (hashed,)):
        if key not in seen:
            yield version


def main(path: Path) -> None:
    with contextlib.closing(open_read_only(path)) as source:
        source.execute("BEGIN")
        found = _judged(source)
    body = {part: [(one.channel, one.block, one.what) for one in problems] for part, problems in found.items()}
    sys.stdout.write(json.dumps(body))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
