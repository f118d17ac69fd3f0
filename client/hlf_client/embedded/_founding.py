"""What a new ledger begins with: tables, known certificates, first blocks, and the mark of one that is whole.

A crash on the way is made good by the next opening: the tables and first blocks are one SQLite transaction, and what
comes after them, the transactions that begin the channels' state, is done while `founded` is not set.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_client._file_lock import lock
from hlf_client.embedded._material import ORDERER_MSP, Material
from hlf_client.embedded.definition import ChannelConfig, ChannelDefinition, ConsortiumDefinition, MemberConfig
from hlf_client.embedded.storage.blocks import GENESIS_PREVIOUS, Header, data_hash, signed_digest
from hlf_client.embedded.storage.certificates import Rows
from hlf_client.embedded.storage.channel import Channel, NamespaceKey
from hlf_client.embedded.storage.codes import ValidationCode
from hlf_client.embedded.storage.database import Storage, place_of, storage_errors
from hlf_client.embedded.storage.frame import FrameError
from hlf_client.embedded.storage.presence import noted_heights, shortfall
from hlf_client.embedded.storage.transaction import decode_config, encode_config
from hlf_client.errors import LedgerUnavailable
from hlf_client.identity import PrivateKeySigner, certificate_hash
from hlf_client.identity.wallet import make_private_folder

__all__ = [
    "FOUNDED",
    "create",
    "founded_mark",
    "founding_lock",
    "is_founded",
    "load_channels",
    "mark_founded",
    "require_new",
    "require_whole",
]

FOUNDED: Final = "founded"


@contextlib.contextmanager
def founding_lock(folder: Path) -> Iterator[None]:
    """One process at a time makes keys and tables. Raises `LedgerUnavailable` where the folder cannot be made."""
    try:
        make_private_folder(folder)
        descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LedgerUnavailable(
            f"a new ledger cannot be made: {folder} cannot be written ({error.strerror})"
        ) from error
    try:
        lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def create(
    storage: Storage,
    connection: sqlite3.Connection,
    material: Material,
    definition: ConsortiumDefinition,
    now: datetime,
) -> None:
    """Tables, known certificates and every channel's first block, or nothing."""
    with storage_errors(storage.path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            storage.create(connection)
            for organization in definition.organizations:
                identities = [material.peer(organization.name, organization.msp_id)]
                identities += [
                    material.user(organization.name, organization.msp_id, user.name) for user in organization.users
                ]
                for identity in identities:
                    _add_certificate(connection, identity.msp_id, identity.certificate)
            _add_certificate(connection, ORDERER_MSP, material.orderer().certificate)
            for number, channel in enumerate(definition.channels, start=1):
                _create_channel(connection, number, _config(channel, definition, material, now), material)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _add_certificate(connection: sqlite3.Connection, msp_id: str, pem: bytes) -> None:
    connection.execute(
        "INSERT OR IGNORE INTO certificate (hash, msp_id, pem) VALUES (?, ?, ?)",
        (bytes.fromhex(certificate_hash(pem)), msp_id, pem),
    )


def _config(
    channel: ChannelDefinition, definition: ConsortiumDefinition, material: Material, now: datetime
) -> ChannelConfig:
    members = [definition.organization(name) for name in channel.members]
    return ChannelConfig(
        channel=channel.name,
        created=now,
        orderer_msp_id=ORDERER_MSP,
        orderer_root=material.orderer_root.decode(),
        members=tuple(
            MemberConfig(
                name=each.name,
                msp_id=each.msp_id,
                title=each.title,
                role=each.role,
                root=material.root(each.name).decode(),
            )
            for each in members
        ),
        chaincodes=channel.chaincodes,
    )


def _create_channel(connection: sqlite3.Connection, number: int, config: ChannelConfig, material: Material) -> None:
    content = encode_config(canonical_json(config))
    header = Header(config.channel, 0, GENESIS_PREVIOUS, data_hash([(content, b"")]))
    orderer = material.orderer()
    if not isinstance(orderer.signer, PrivateKeySigner):
        raise LedgerUnavailable("the orderer's key is not at hand")
    signer = bytes.fromhex(orderer.certificate_hash)
    signature = orderer.signer.sign(signed_digest(header.hash, [ValidationCode.VALID], signer))
    connection.execute("INSERT INTO channel VALUES (?, ?, ?, ?)", (number, config.channel, 1, header.hash))
    connection.execute(
        "INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, ?)",
        (number, 0, GENESIS_PREVIOUS, header.data_hash, header.hash, signer, signature),
    )
    connection.execute(
        "INSERT INTO tx VALUES (?, ?, ?, ?, ?, ?)",
        (place_of(number, 0), number, bytes.fromhex(sha256_hex(content)), int(ValidationCode.VALID), b"", content),
    )
    for chaincode in config.chaincodes:
        spaces = [("", False)]
        spaces += [(each.name, hashed) for each in chaincode.collections for hashed in (False, True)]
        connection.executemany(
            "INSERT INTO namespace (channel, chaincode, collection, hashed) VALUES (?, ?, ?, ?)",
            [(number, chaincode.name, collection, hashed) for collection, hashed in spaces],
        )


def is_founded(connection: sqlite3.Connection) -> bool:
    """Whether the transactions that begin the channels' state have all been committed."""
    return connection.execute("SELECT 1 FROM ledger WHERE name = ?", (FOUNDED,)).fetchone() is not None


def mark_founded(connection: sqlite3.Connection, channels: Iterable[Channel]) -> None:
    """Note that nothing is left to do, and move it all into the file itself: who copies that has a whole ledger."""
    mark = founded_mark(channel.config for channel in channels)
    connection.execute("INSERT OR REPLACE INTO ledger VALUES (?, ?)", (FOUNDED, mark))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def founded_mark(configs: Iterable[ChannelConfig]) -> str:
    """What a founded ledger notes of itself: when its first blocks were made. They vouch for it."""
    return min(config.created for config in configs).isoformat()


def require_new(path: Path) -> None:
    """Raises `LedgerUnavailable` where there has been a ledger whose file is gone, or was copied without its log."""
    if noted_heights(path):
        raise LedgerUnavailable(
            f"{path} is missing or empty, but the keys in {path}.msp have founded a ledger there: put the file and its "
            "-wal back, or move that folder away to begin a new ledger"
        )


def require_whole(path: Path, noted: Mapping[int, int], rows: Rows) -> None:
    """Raises `LedgerUnavailable` where the file ends before blocks that it has had, by notes older than `rows`."""
    heights = {number: (name, height) for number, name, height in rows("SELECT id, name, height FROM channel", ())}
    missing = shortfall(path, noted, heights)
    if missing is not None:
        name, block, what = missing
        raise LedgerUnavailable(f"channel {name}, block {block}: {what}")


def load_channels(path: Path, rows: Rows) -> dict[str, Channel]:
    """The channels as their first blocks define them. Raises `LedgerUnavailable` for a damaged one."""
    channels = {}
    for number, name in rows("SELECT id, name FROM channel ORDER BY name", ()):
        first = rows("SELECT content FROM tx WHERE place = ?", (place_of(number, 0),))
        spaces = rows("SELECT chaincode, collection, hashed, id FROM namespace WHERE channel = ?", (number,))
        namespaces: dict[NamespaceKey, int] = {(a, b, bool(c)): space for a, b, c, space in spaces}
        try:
            config = ChannelConfig.model_validate_json(decode_config(first[0][0]) or b"")
        except (FrameError, ValueError, TypeError, IndexError) as error:
            raise LedgerUnavailable(
                f"the first block of channel {name} in {path} is damaged: verify the ledger"
            ) from error
        channels[name] = Channel(number, config, namespaces)
    return channels
