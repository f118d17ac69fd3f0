"""`verify`: walk a ledger's blocks from the first to the last and replay them.

Everything is computed again: hashes, the chain, signatures of orderer, creators and endorsers, and, by the same
validator that committed them, whether each valid transaction was entitled to be. The state, the history and the private
values in the file must be what the replay gives. Needs the file only: no private key, no network, no write access.

The replay is one process's; others decode and check signatures ahead of it (ahead) and look at the file (aside).
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from hlf_client.embedded.committing.syncing import sync_log
from hlf_client.embedded.storage.database import open_read_only
from hlf_client.embedded.storage.presence import noted_heights, shortfall
from hlf_client.embedded.verifying.ahead import Ahead
from hlf_client.embedded.verifying.aside import Aside
from hlf_client.embedded.verifying.contents import Contents, Problem, Touched, attempt
from hlf_client.embedded.verifying.report import Earlier, Progress, Verification, VerifiedChannel
from hlf_client.embedded.verifying.scratch import Scratch
from hlf_client.embedded.verifying.walking import Walk

__all__ = ["verify_file"]

_CHANNELS: Final = "SELECT id, name, height, last_hash FROM channel ORDER BY id"


def verify_file(
    path: Path, progress: Progress | None = None, *, resumable: bool = False, from_start: bool = False
) -> Verification:
    """Verify the ledger in a file. `resumable`: what was verified is noted beside the file while it goes on, and where
    a verification was cut short, the next goes on there, unless `from_start`.

    Raises `LedgerUnavailable` when there is no ledger or it cannot be read at all.
    """
    with contextlib.closing(open_read_only(path)) as source:
        scratch = Scratch.open(path, resumable=resumable, from_start=from_start)
        try:
            report = _Verifier(path, source, scratch, progress or (lambda _channel, _block: None)).run()
        except BaseException:
            scratch.close()
            raise
        scratch.finish()
        sync_log(path)  # what is reported good is durable
        return report


class _Verifier:
    def __init__(self, path: Path, source: sqlite3.Connection, scratch: Scratch, progress: Progress) -> None:
        self._path = path
        self._noted = noted_heights(path)  # before the snapshot: who writes meanwhile notes more
        self._source = source
        self._scratch = scratch
        self._progress = progress
        self._problems: list[Problem] = []
        self._verified: list[VerifiedChannel] = []

    def run(self) -> Verification:
        with contextlib.closing(Aside(self._path, self._source)) as aside:
            self._attempt("", self._read_consistently)
            walk = self._begin()
            begun = {each.channel: each.height for each in self._scratch.reached.values()}
            with Ahead(self._path, self._source, walk.signatures, begun) as ahead:
                self._walk(walk, ahead)
            self._attempt("", lambda: self._check_whole(walk))
            self._problems = [*aside.sound(), *self._problems]
            self._check_contents(walk, aside)
        self._problems.sort(key=lambda problem: problem.block is None)
        return Verification(self._path, tuple(self._verified), tuple(self._problems), self._earlier(walk))

    def _attempt(self, channel: str, check: Callable[[], None]) -> None:
        attempt(self._problems, channel, check)

    def _read_consistently(self) -> None:
        """One snapshot for all that follows, and the certificates that the replay names."""
        self._source.execute("BEGIN")
        self._take_certificates()

    def _take_certificates(self) -> None:
        self._scratch.connection.execute("DELETE FROM certificate")
        self._scratch.connection.executemany(
            "INSERT INTO certificate VALUES (?, ?, ?)",
            self._source.execute("SELECT hash, msp_id, pem FROM certificate"),
        )

    def _begin(self) -> Walk:
        """The walk from where the last one was, if all before is as it was then; else from the start."""
        walk = Walk(self._path, self._source, self._scratch, self._progress)
        try:
            fits = walk.earlier_fits()
        except (Touched, sqlite3.Error, TypeError, ValueError, LookupError):
            fits = False
        if fits:
            return walk
        self._scratch.restart()
        self._attempt("", self._take_certificates)
        return Walk(self._path, self._source, self._scratch, self._progress)

    def _walk(self, walk: Walk, ahead: Ahead) -> None:
        def one(channel: int, name: str, height: int, last_hash: bytes) -> None:
            self._verified.append(walk.channel(channel, name, height, last_hash, ahead))

        with contextlib.suppress(sqlite3.Error):
            for number, name, height, last_hash in self._source.execute(_CHANNELS).fetchall():
                self._attempt(str(name), lambda: one(number, str(name), height, last_hash))  # noqa: B023 - run at once

    def _check_whole(self, walk: Walk) -> None:
        """The good blocks are all that the file has had."""
        good = {each.name: each.height for each in self._verified}
        names = {number: channel.name for number, channel in walk.channels.items()}
        heights = {number: (name, good[name]) for number, name in names.items() if name in good}
        if missing := shortfall(self._path, self._noted, heights):
            raise Touched(*missing)

    def _check_contents(self, walk: Walk, aside: Aside) -> None:
        contents = Contents(self._source, self._scratch.connection, walk.channels)
        if not self._problems:  # where a block is bad, the state follows
            for check in (
                contents.check_strays, contents.check_founding, contents.check_revocations, contents.check_state,
                contents.check_history,
            ):  # fmt: skip
                self._attempt("", check)
            self._problems += aside.private()
        if not any(problem.block is not None for problem in self._problems):
            self._attempt("", contents.check_certificates)

    def _earlier(self, walk: Walk) -> tuple[Earlier, ...]:
        at = self._scratch.at
        return tuple(
            Earlier(walk.channels[each.channel].name, each.height, at)
            for each in self._scratch.reached.values()
            if at is not None and each.channel in walk.channels
        )
