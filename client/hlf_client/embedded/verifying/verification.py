"""`verify`: walk a ledger's blocks from the first to the last and replay them.

Everything is computed again: hashes, the chain, signatures of orderer, creators and endorsers, and, by the same
validator that committed them, whether each valid transaction was entitled to be. The state, the history and the private
values in the file must be what the replay gives. Needs the file only: no private key, no network, no write access.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hlf_client.embedded._material import ORDERER, Material
from hlf_client.embedded.committing.validation import Ordered, Validator
from hlf_client.embedded.definition import ChannelConfig
from hlf_client.embedded.endorsing.signatures import Signatures
from hlf_client.embedded.storage.blocks import GENESIS_PREVIOUS, Header, data_hash, signed_digest
from hlf_client.embedded.storage.certificates import Certificates
from hlf_client.embedded.storage.channel import Channel
from hlf_client.embedded.storage.codes import ValidationCode
from hlf_client.embedded.storage.database import SCHEMA, open_read_only, place_of, version_of
from hlf_client.embedded.storage.presence import noted_heights, shortfall
from hlf_client.embedded.storage.transaction import Transaction, decode_config
from hlf_client.embedded.verifying.contents import Contents, Problem, Touched
from hlf_client.embedded.verifying.shape import Shape
from hlf_client.errors import NotAuthorized
from hlf_client.identity import verify_signature

__all__ = ["Problem", "Verification", "VerifiedChannel", "verify_file"]

Progress = Callable[[str, int], None]
"""Told the channel and the number of each block that was found good."""


@dataclass(frozen=True, slots=True)
class VerifiedChannel:
    """How far a channel was found good. Compare `genesis_hash` and `last_hash` with what other members have noted."""

    name: str
    height: int
    transactions: int
    genesis_hash: str
    last_hash: str


@dataclass(frozen=True, slots=True)
class Verification:
    """The report. `problems` holds at most a few: the first of each kind, the first block first."""

    path: Path
    channels: tuple[VerifiedChannel, ...]
    problems: tuple[Problem, ...]

    @property
    def is_good(self) -> bool:
        return not self.problems


_CHANNELS: Final = "SELECT id, name, height, last_hash FROM channel ORDER BY id"
_BLOCKS: Final = """SELECT number, previous_hash, data_hash, hash, signer, signature FROM block
    WHERE channel = ? ORDER BY number"""
_TRANSACTIONS: Final = """SELECT place, channel, id, code, signature, content FROM tx
    WHERE place >= ? AND place < ? ORDER BY place"""


def verify_file(path: Path, progress: Progress | None = None) -> Verification:
    """Verify the ledger in a file. Raises `LedgerUnavailable` when there is none or it cannot be read at all."""
    with contextlib.closing(open_read_only(path)) as source, contextlib.closing(_scratch()) as scratch:
        return _Verifier(path, source, scratch, progress or (lambda _channel, _block: None)).run()


def _scratch() -> sqlite3.Connection:
    """A temporary database with a ledger's tables, where the blocks are replayed."""
    connection = sqlite3.connect("", isolation_level=None)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    for statement in SCHEMA:
        connection.execute(statement)
    return connection


class _Verifier:
    def __init__(self, path: Path, source: sqlite3.Connection, scratch: sqlite3.Connection, progress: Progress) -> None:
        self._path = path
        self._noted = noted_heights(path)  # before the snapshot: who writes meanwhile notes more
        self._source = source
        self._scratch = scratch
        self._progress = progress
        self._certificates = Certificates()
        self._validator = Validator(scratch, Certificates(), Signatures(), hashes_only=True)
        self._channels: dict[int, Channel] = {}
        self._problems: list[Problem] = []
        self._verified: list[VerifiedChannel] = []

    def run(self) -> Verification:
        self._attempt("", self._read_consistently)
        shape = Shape(self._source, self._scratch)
        for check in (shape.check_schema, shape.check_types, shape.check_beside):
            self._attempt("", check)
        with contextlib.suppress(sqlite3.Error):
            for number, name, height, last_hash in self._source.execute(_CHANNELS).fetchall():
                self._attempt(str(name), lambda: self._walk(number, str(name), height, last_hash))  # noqa: B023 - run at once
        self._attempt("", self._check_whole)
        contents = Contents(self._source, self._scratch, self._channels)
        if not self._problems:  # where a block is bad, the state follows
            for check in (
                contents.check_strays, contents.check_founding, contents.check_revocations, contents.check_state,
                contents.check_history, contents.check_private,
            ):  # fmt: skip
                self._attempt("", check)
        if not any(problem.block is not None for problem in self._problems):
            self._attempt("", contents.check_certificates)
        self._problems.sort(key=lambda problem: problem.block is None)
        return Verification(self._path, tuple(self._verified), tuple(self._problems))

    def _attempt(self, channel: str, check: Callable[[], None]) -> None:
        try:
            check()
        except Touched as touched:
            self._problems.append(touched.problem)
        except sqlite3.Error as error:
            self._problems.append(Problem(channel, None, f"the file is damaged: {error}"))
        except Exception as error:  # a touched file may hold anything: that is a finding, no failure
            self._problems.append(
                Problem(channel, None, f"the file holds what cannot be read ({type(error).__name__})")
            )

    def _read_consistently(self) -> None:
        """One snapshot for all that follows; first, whether SQLite itself finds its pages sound."""
        self._source.execute("BEGIN")
        self._scratch.execute("BEGIN")
        self._scratch.executemany(
            "INSERT INTO certificate VALUES (?, ?, ?)",
            self._source.execute("SELECT hash, msp_id, pem FROM certificate"),
        )
        found = self._source.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            raise Touched("", None, f"the file is damaged: {found}")

    def _check_whole(self) -> None:
        """The good blocks are all that the file has had."""
        good = {each.name: each.height for each in self._verified}
        names = {number: channel.name for number, channel in self._channels.items()}
        heights = {number: (name, good[name]) for number, name in names.items() if name in good}
        if missing := shortfall(self._path, self._noted, heights):
            raise Touched(*missing)

    # -- blocks ----------------------------------------------------------------------------------------------------

    def _walk(self, channel_id: int, name: str, height: int, last_hash: bytes) -> None:
        expected, previous, transactions, genesis = 0, GENESIS_PREVIOUS, 0, b""
        for number, *block in self._source.execute(_BLOCKS, (channel_id,)).fetchall():
            if number != expected:
                raise Touched(name, expected, "the block is missing")
            try:
                count = self._check_block(channel_id, name, number, previous, block)
            except Touched:
                raise
            except Exception as error:
                raise Touched(name, number, f"the block cannot be read ({type(error).__name__})") from error
            previous = block[2]
            genesis = genesis or previous
            transactions += count
            expected += 1
            self._progress(name, number)
        rows = self._source.execute("SELECT count(*) FROM tx WHERE channel = ?", (channel_id,)).fetchone()[0]
        if not expected or rows != transactions:
            raise Touched(name, expected, "the block is missing")
        if (height, last_hash) != (expected, previous):
            raise Touched(name, expected - 1, "the channel's height or last hash is not this block's")
        self._verified.append(VerifiedChannel(name, expected, transactions, genesis.hex(), previous.hex()))

    def _check_block(self, channel_id: int, name: str, number: int, previous: bytes, block: list[Any]) -> int:
        """The number of transactions of a block that is good."""
        stored_previous, stored_data, stored_hash, signer, signature = block
        start, end = version_of(number, 0), version_of(number + 1, 0)
        rows = self._source.execute(_TRANSACTIONS, (place_of(channel_id, start), place_of(channel_id, end))).fetchall()
        for position, (place, owner, *_) in enumerate(rows):
            if (place, owner) != (place_of(channel_id, start + position), channel_id):
                raise Touched(name, number, f"transaction {position} is missing")
        if stored_previous != previous:
            raise Touched(name, number, "its previous hash is not the hash of the block before")
        header = Header(name, number, previous, data_hash((row[5], row[4]) for row in rows))
        if header.data_hash != stored_data:
            raise Touched(name, number, "its data hash does not fit its transactions")
        if header.hash != stored_hash:
            raise Touched(name, number, "its hash does not fit its header")
        if number == 0:
            self._channels[channel_id] = self._found(channel_id, name, rows)
        self._check_orderer(self._channels[channel_id], number, header.hash, rows, signer, signature)
        for position, row in enumerate(rows if number else ()):
            self._replay(self._channels[channel_id], number, position, row)
        return len(rows)

    def _found(self, channel_id: int, name: str, rows: list[Any]) -> Channel:
        """The channel that a first block defines."""
        content = decode_config(rows[0][5]) if len(rows) == 1 else None
        if content is None:
            raise Touched(name, 0, "the first block holds no configuration")
        config = ChannelConfig.model_validate_json(content)
        if config.channel != name or rows[0][2] != hashlib.sha256(rows[0][5]).digest():
            raise Touched(name, 0, "the first block belongs to another channel")
        self._check_roots(name, config)
        spaces = self._source.execute(
            "SELECT chaincode, collection, hashed, id FROM namespace WHERE channel = ?", (channel_id,)
        ).fetchall()
        namespaces = {(chaincode, collection, bool(hashed)): space for chaincode, collection, hashed, space in spaces}
        if {tuple(row[:3]) for row in spaces} != set(_namespaces(config)):
            raise Touched(name, 0, "the namespaces are not those of the configuration")
        self._scratch.executemany(
            "INSERT INTO namespace (channel, chaincode, collection, hashed, id) VALUES (?, ?, ?, ?, ?)",
            [(channel_id, *row) for row in spaces],
        )
        return Channel(channel_id, config, namespaces)

    def _check_roots(self, name: str, config: ChannelConfig) -> None:
        """Where the ledger's own folder is at hand, the members' authorities and the orderer's are those it holds."""
        material = Material(self._path.with_name(self._path.name + ".msp"))
        known = [(member.name, member.msp_id, member.root) for member in config.members]
        for organization, msp_id, founded in [*known, (ORDERER, config.orderer_msp_id, config.orderer_root)]:
            try:
                root = material.root(organization)
            except OSError:
                continue
            if root != founded.encode():
                raise Touched(name, 0, f"the authority of {msp_id} is not the one in {material.folder}")

    def _check_orderer(
        self, channel: Channel, number: int, block_hash: bytes, rows: Sequence[Any], signer: bytes, signature: bytes
    ) -> None:
        name = channel.name
        moment = Transaction.decode(rows[0][5]).call.timestamp if number else channel.config.created
        pem = self._certificates.find(lambda sql, values: self._source.execute(sql, values).fetchall(), signer)
        try:
            key = channel.certify_orderer(pem, moment)
        except NotAuthorized as error:
            raise Touched(name, number, f"it is not signed by the orderer: {error}") from error
        digest = signed_digest(block_hash, [ValidationCode(row[3]) for row in rows], signer)
        if not verify_signature(key.public_key, signature, digest):
            raise Touched(name, number, "its signature does not fit the block and its verdicts")

    def _replay(self, channel: Channel, number: int, position: int, row: Any) -> None:
        place, _, name, code, signature, content = row
        transaction = Transaction.decode(content)
        call = transaction.call
        if (bytes.fromhex(call.transaction_id), call.channel) != (name, channel.name):
            raise Touched(channel.name, number, f"transaction {position} has another's id or channel")
        ordered = Ordered(transaction, content, signature, None)
        if not self._validator.creator_signed(ordered, channel, call.timestamp, even_if_revoked=True):
            raise Touched(channel.name, number, f"transaction {position} is not signed by its creator")
        if code == ValidationCode.VALID:
            found = self._validator.check(ordered, channel, call.timestamp)
            if found is not ValidationCode.VALID:
                raise Touched(channel.name, number, f"transaction {position} counts as valid but is not: {found.name}")
            self._validator.apply(ordered, channel, version_of(number, position))
        self._scratch.execute("INSERT INTO tx VALUES (?, ?, ?, ?, ?, ?)", (place, channel.id, name, code, b"", b""))


def _namespaces(config: ChannelConfig) -> Iterator[tuple[str, str, bool]]:
    for chaincode in config.chaincodes:
        yield chaincode.name, "", False
        for collection in chaincode.collections:
            yield chaincode.name, collection.name, False
            yield chaincode.name, collection.name, True
