"""The walk along a channel's blocks: links, hashes, signatures, and the replay of what they hold."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

from hlf_client.embedded._material import ORDERER, Material
from hlf_client.embedded.committing.validation import Ordered, Validator
from hlf_client.embedded.definition import ChannelConfig
from hlf_client.embedded.endorsing.signatures import Signatures
from hlf_client.embedded.storage.blocks import GENESIS_PREVIOUS, Header, hash_of_digests, signed_digest
from hlf_client.embedded.storage.certificates import Certificates
from hlf_client.embedded.storage.channel import Channel
from hlf_client.embedded.storage.codes import ValidationCode
from hlf_client.embedded.storage.database import place_of, version_of
from hlf_client.embedded.storage.transaction import Transaction, decode_config
from hlf_client.embedded.verifying.ahead import Ahead
from hlf_client.embedded.verifying.contents import Touched
from hlf_client.embedded.verifying.report import Progress, VerifiedChannel
from hlf_client.embedded.verifying.scratch import Reached, Scratch
from hlf_client.errors import NotAuthorized

__all__ = ["Walk"]

_BLOCKS: Final = """SELECT number, previous_hash, data_hash, hash, signer, signature FROM block
    WHERE channel = ? AND number >= ? ORDER BY number"""
_TRANSACTIONS: Final = """SELECT place, channel, id, code, signature, content FROM tx
    WHERE place >= ? AND place < ? ORDER BY place"""
_SPACES: Final = "SELECT chaincode, collection, hashed, id FROM namespace WHERE channel = ? ORDER BY id"
_PUT_SPACE: Final = "INSERT INTO namespace (channel, chaincode, collection, hashed, id) VALUES (?, ?, ?, ?, ?)"


class _Block(NamedTuple):
    """A block as the file has it, whose links and hashes are right. `digests`: SHA-256 of each transaction."""

    name: str
    number: int
    hash: bytes
    signer: bytes
    signature: bytes
    rows: Sequence[Any]
    digests: Sequence[bytes]

    @property
    def signed(self) -> bytes:
        return signed_digest(self.hash, [ValidationCode(row[3]) for row in self.rows], self.signer)


class Walk:
    """Of one file, `source`, replayed in `scratch`. Every check raises `Touched`."""

    def __init__(self, path: Path, source: sqlite3.Connection, scratch: Scratch, progress: Progress) -> None:
        self._path = path
        self._source = source
        self._scratch = scratch
        self._progress = progress
        self._certificates = Certificates()
        self.signatures = Signatures()
        self._validator = Validator(scratch.connection, Certificates(), self.signatures, hashes_only=True)
        self.channels: dict[int, Channel] = {}
        self.reached: dict[int, Reached] = dict(scratch.reached)

    def earlier_fits(self) -> bool:
        """Whether the blocks that were verified before, and their verdicts, are still those: all hashes anew."""
        return all(self._is_same(each) for each in self._scratch.reached.values())

    def _is_same(self, then: Reached) -> bool:
        now = Reached(then.channel, 0, GENESIS_PREVIOUS, b"", 0, b"")
        row = self._source.execute("SELECT name FROM channel WHERE id = ?", (then.channel,)).fetchone()
        spaces = [
            each.execute(_SPACES, (then.channel,)).fetchall() for each in (self._source, self._scratch.connection)
        ]
        if row is None or spaces[0] != spaces[1]:
            return False
        for number, *stored in self._source.execute(_BLOCKS, (then.channel, 0)):
            if now.height == then.height or number != now.height:
                break
            now = _after(now, self._linked(then.channel, row[0], number, now.last_hash, stored))
        return now == then

    def channel(self, channel_id: int, name: str, height: int, last_hash: bytes, ahead: Ahead) -> VerifiedChannel:
        """All blocks of a channel that were not verified before. Raises `Touched` for the first that is not good."""
        now = self.reached.get(channel_id) or Reached(channel_id, 0, GENESIS_PREVIOUS, b"", 0, b"")
        if now.height:
            (first,) = self._source.execute(_BLOCKS, (channel_id, 0)).fetchmany(1)
            self._found(self._linked(channel_id, name, 0, GENESIS_PREVIOUS, list(first[1:])), channel_id)
        for number, *stored in self._source.execute(_BLOCKS, (channel_id, now.height)):
            if number != now.height:
                raise Touched(name, now.height, "the block is missing")
            ahead.reach(channel_id, number)
            try:
                block = self._linked(channel_id, name, number, now.last_hash, stored)
                self._check(channel_id, block, ahead)
            except Touched:
                raise
            except Exception as error:
                raise Touched(name, number, f"the block cannot be read ({type(error).__name__})") from error
            now = self.reached[channel_id] = _after(now, block)
            self._scratch.offer(self.reached)
            self._progress(name, number)
        rows = self._source.execute("SELECT count(*) FROM tx WHERE channel = ?", (channel_id,)).fetchone()[0]
        if not now.height or rows != now.transactions:
            raise Touched(name, now.height, "the block is missing")
        if (height, last_hash) != (now.height, now.last_hash):
            raise Touched(name, now.height - 1, "the channel's height or last hash is not this block's")
        return VerifiedChannel(name, now.height, now.transactions, now.genesis_hash.hex(), now.last_hash.hex())

    def _linked(self, channel_id: int, name: str, number: int, previous: bytes, stored: list[Any]) -> _Block:
        """A block that follows the one before, with all of its transactions and hashes."""
        stored_previous, stored_data, stored_hash, signer, signature = stored
        start, end = version_of(number, 0), version_of(number + 1, 0)
        rows = self._source.execute(_TRANSACTIONS, (place_of(channel_id, start), place_of(channel_id, end))).fetchall()
        for position, (place, owner, *_) in enumerate(rows):
            if (place, owner) != (place_of(channel_id, start + position), channel_id):
                raise Touched(name, number, f"transaction {position} is missing")
        if stored_previous != previous:
            raise Touched(name, number, "its previous hash is not the hash of the block before")
        digests = [hashlib.sha256(row[5]).digest() for row in rows]
        signed = (hashlib.sha256(row[4]).digest() for row in rows)
        header = Header(name, number, previous, hash_of_digests(zip(digests, signed, strict=True)))
        if header.data_hash != stored_data:
            raise Touched(name, number, "its data hash does not fit its transactions")
        if header.hash != stored_hash:
            raise Touched(name, number, "its hash does not fit its header")
        return _Block(name, number, stored_hash, signer, signature, rows, digests)

    def _check(self, channel_id: int, block: _Block, ahead: Ahead) -> None:
        """What a block that is linked says, and that it may say so."""
        if block.number == 0:
            self._found(block, channel_id)
        channel = self.channels[channel_id]
        decoded = [
            ahead.decoded(digest) or Transaction.decode(row[5])
            for digest, row in zip(block.digests, block.rows if block.number else (), strict=False)
        ]
        self._check_orderer(channel, block, decoded)
        if len({row[2] for row in block.rows}) != len(block.rows):  # across blocks, the validator looks
            raise Touched(block.name, block.number, "two of its transactions have one id")
        for position, transaction in enumerate(decoded):
            self._replay(channel, block, position, transaction)
        seen = [(place, channel_id, name, code, b"", b"") for place, _, name, code, *_ in block.rows[: len(decoded)]]
        self._scratch.connection.executemany("INSERT INTO tx VALUES (?, ?, ?, ?, ?, ?)", seen)

    def _found(self, block: _Block, channel_id: int) -> None:
        """The channel that a first block defines."""
        name, rows = block.name, block.rows
        content = decode_config(rows[0][5]) if len(rows) == 1 else None
        if content is None:
            raise Touched(name, 0, "the first block holds no configuration")
        config = ChannelConfig.model_validate_json(content)
        if config.channel != name or rows[0][2] != block.digests[0]:
            raise Touched(name, 0, "the first block belongs to another channel")
        self._check_roots(name, config)
        spaces = self._source.execute(_SPACES, (channel_id,)).fetchall()
        namespaces = {(chaincode, collection, bool(hashed)): space for chaincode, collection, hashed, space in spaces}
        if {tuple(row[:3]) for row in spaces} != set(_namespaces(config)):
            raise Touched(name, 0, "the namespaces are not those of the configuration")
        if channel_id not in self._scratch.reached:
            self._scratch.connection.executemany(_PUT_SPACE, [(channel_id, *row) for row in spaces])
        self.channels[channel_id] = Channel(channel_id, config, namespaces)

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

    def _check_orderer(self, channel: Channel, block: _Block, decoded: Sequence[Transaction]) -> None:
        moment = decoded[0].call.timestamp if block.number else channel.config.created
        pem = self._certificates.find(lambda sql, values: self._source.execute(sql, values).fetchall(), block.signer)
        try:
            key = channel.certify_orderer(pem, moment)
        except NotAuthorized as error:
            raise Touched(block.name, block.number, f"it is not signed by the orderer: {error}") from error
        if not self.signatures.verify(key, block.signer, block.signed, block.signature):
            raise Touched(block.name, block.number, "its signature does not fit the block and its verdicts")

    def _replay(self, channel: Channel, block: _Block, position: int, transaction: Transaction) -> None:
        _, _, name, code, signature, content = block.rows[position]
        call = transaction.call
        if (bytes.fromhex(call.transaction_id), call.channel) != (name, channel.name):
            raise Touched(channel.name, block.number, f"transaction {position} has another's id or channel")
        ordered = Ordered(transaction, content, signature, None, block.digests[position])
        found = self._validator.check(ordered, channel, call.timestamp) if code == ValidationCode.VALID else None
        if found is not ValidationCode.VALID:  # a good one is signed by its creator
            if not self._validator.creator_signed(ordered, channel, call.timestamp, even_if_revoked=True):
                raise Touched(channel.name, block.number, f"transaction {position} is not signed by its creator")
            if found is not None:
                what = f"transaction {position} counts as valid but is not: {found.name}"
                raise Touched(channel.name, block.number, what)
        else:
            self._validator.apply(ordered, channel, version_of(block.number, position))


def _after(before: Reached, block: _Block) -> Reached:
    return replace(
        before,
        height=block.number + 1,
        last_hash=block.hash,
        verdicts=hashlib.sha256(before.verdicts + block.signed + block.signature).digest(),
        transactions=before.transactions + len(block.rows),
        genesis_hash=before.genesis_hash or block.hash,
    )


def _namespaces(config: ChannelConfig) -> Iterator[tuple[str, str, bool]]:
    for chaincode in config.chaincodes:
        yield chaincode.name, "", False
        for collection in chaincode.collections:
            yield chaincode.name, collection.name, False
            yield chaincode.name, collection.name, True
