"""Whether the rest of a ledger's file is what its blocks lead to: state, history, certificates."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from hlf_client.embedded._founding import FOUNDED, founded_mark
from hlf_client.embedded.storage.channel import Channel
from hlf_client.embedded.storage.database import block_of
from hlf_client.errors import NotAuthorized
from hlf_client.identity import canonical_pem, certificate_hash

__all__ = ["Contents", "Problem", "Touched", "attempt", "shown"]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and in which block it shows. `channel` "" and `block` None: in no block in particular."""

    channel: str
    block: int | None
    what: str

    def __str__(self) -> str:
        where = f"channel {self.channel}, block {self.block}: " if self.block is not None else ""
        return where + self.what


class Touched(Exception):
    """Something does not fit; ends the walk of its channel."""

    def __init__(self, channel: str, block: int | None, what: str) -> None:
        super().__init__(what)
        self.problem = Problem(channel, block, what)


def attempt(problems: list[Problem], channel: str, check: Callable[[], None]) -> None:
    """Run a check; what it finds, or fails of, is one more problem."""
    try:
        check()
    except Touched as touched:
        problems.append(touched.problem)
    except sqlite3.Error as error:
        problems.append(Problem(channel, None, f"the file is damaged: {error}"))
    except Exception as error:  # a touched file may hold anything: that is a finding, no failure
        problems.append(Problem(channel, None, f"the file holds what cannot be read ({type(error).__name__})"))


_STATE: Final = """SELECT namespace, key, version, policy, value FROM state
    WHERE namespace IN (SELECT id FROM namespace WHERE hashed OR collection = '') ORDER BY namespace, key"""
_AS_WRITTEN: Final = """SELECT namespace, key, version, policy, value FROM state NOT INDEXED
    WHERE namespace IN (SELECT id FROM namespace WHERE channel = ? AND (hashed OR collection = '')) ORDER BY id"""
_ALL_AS_WRITTEN: Final = """SELECT namespace, key, version, policy, value FROM state NOT INDEXED
    WHERE namespace IN (SELECT id FROM namespace WHERE hashed OR collection = '') ORDER BY id"""
_REVOKED: Final = "SELECT name, value FROM ledger WHERE name GLOB 'revoked/*'"
_NOTED: Final = "SELECT name, value FROM ledger WHERE name NOT GLOB 'revoked/*'"
_STRAY: Final = "SELECT version FROM state WHERE namespace NOT IN (SELECT id FROM namespace) ORDER BY version LIMIT 1"
_HISTORY: Final = "SELECT namespace, key, version FROM history ORDER BY namespace, key, version"


class Contents:
    """Compares a ledger's file, `source`, with the replay of its blocks in `scratch`. Every check raises `Touched`."""

    def __init__(
        self, source: sqlite3.Connection, scratch: sqlite3.Connection, channels: Mapping[int, Channel]
    ) -> None:
        self._source = source
        self._scratch = scratch
        self._channels = channels

    def check_strays(self) -> None:
        """Rows that belong to no channel."""
        known = tuple(self._channels)
        for table in ("block", "tx", "namespace", "transient"):
            for (channel,) in self._source.execute(f"SELECT DISTINCT channel FROM {table}"):  # noqa: S608 - one of these four
                if channel not in known:
                    raise Touched("", None, f"table {table} has rows of channel {channel}, which does not exist")
        if row := self._source.execute(_STRAY).fetchone():
            raise Touched("", block_of(row[0]), "the state has a key of no channel")

    def check_founding(self) -> None:
        """What is written of the ledger itself, in no block, is what its first blocks say."""
        rows = dict(self._source.execute(_NOTED).fetchall())
        if sorted(rows) != [FOUNDED]:
            what = f"the ledger's own notes are {', '.join(sorted(rows)) or 'none'}, not {FOUNDED}"
            raise Touched(
                "", None, f"{what}: its founding was cut short (open it to finish that), or they were changed"
            )
        if rows[FOUNDED] != founded_mark(channel.config for channel in self._channels.values()):
            raise Touched("", None, "the mark of a finished founding is not that of the first blocks")

    def check_revocations(self) -> None:
        """The revocation lists in force are those that the blocks have."""
        ours, theirs = (dict(each.execute(_REVOKED).fetchall()) for each in (self._scratch, self._source))
        if ours != theirs:
            raise Touched("", None, "a list of revoked certificates is not what the blocks say")

    def check_state(self) -> None:
        if self._is_same_as_written():
            return
        for ours, theirs in _differences(self._scratch.execute(_STATE), self._source.execute(_STATE)):
            row = ours or theirs
            version = min(each[2] for each in (ours, theirs) if each)
            what = "has been changed" if ours and theirs else "is missing" if ours else "was never written"
            raise self._at(row[0], version, f"key {shown(row[1])} of the state {what}")

    def check_history(self) -> None:
        for ours, theirs in _differences(self._scratch.execute(_HISTORY), self._source.execute(_HISTORY)):
            row = ours or theirs
            raise self._at(row[0], row[2], f"the history of key {shown(row[1])} is not what the blocks say")

    def _is_same_as_written(self) -> bool:
        """Whether both have the same rows in the same order within each channel, as they have if the blocks were
        committed and replayed one after the other: no row is looked for. If not, they may still be the same rows."""
        ours = {channel: self._scratch.execute(_AS_WRITTEN, (channel,)) for channel in self._channels}
        spaces = self._scratch.execute("SELECT id, channel FROM namespace").fetchall()
        next_of = {space: ours[channel].__next__ for space, channel in spaces if channel in ours}
        try:
            for row in self._source.execute(_ALL_AS_WRITTEN):
                if next_of[row[0]]() != row:
                    return False
        except (StopIteration, KeyError):
            return False
        return all(rows.fetchone() is None for rows in ours.values())

    def check_certificates(self) -> None:
        for digest, msp_id, pem in self._source.execute("SELECT hash, msp_id, pem FROM certificate"):
            try:
                same = bytes.fromhex(certificate_hash(pem)) == digest and canonical_pem(pem) == pem
                good = same and self._vouched(msp_id, pem)
            except (NotAuthorized, TypeError):
                good = False
            if not good:
                raise Touched("", None, f"a certificate of {msp_id} has been changed")

    def _vouched(self, msp_id: str, pem: bytes) -> bool:
        """Whether a channel knows the organisation and its authority issued the certificate."""
        return any(channel.issued(msp_id, pem) for channel in self._channels.values())

    def _at(self, namespace: int, version: int, what: str) -> Touched:
        row = self._scratch.execute("SELECT channel FROM namespace WHERE id = ?", (namespace,)).fetchone()
        name = self._channels[row[0]].name if row else ""
        return Touched(name, block_of(version), what)


def _differences(ours: sqlite3.Cursor, theirs: sqlite3.Cursor) -> Iterator[tuple[Any, Any]]:
    """Rows, sorted by namespace and key, that one side has and the other has not or has otherwise."""
    for mine, other in zip_longest(ours, theirs):
        if mine == other:
            continue
        if mine is None or other is None or mine[:2] == other[:2]:
            yield mine, other
        elif mine[:2] < other[:2]:
            yield mine, None
        else:
            yield None, other


def shown(key: object) -> str:
    """A key as a person reads it."""
    if not isinstance(key, bytes):
        return repr(key)
    return repr(key.decode(errors="replace").replace("\\x00", "/"))
