"""What a ledger file holds, without changing or opening it for writing."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hlf_client.embedded._founding import load_channels
from hlf_client.embedded.committing.syncing import sync_log
from hlf_client.embedded.storage.database import FORMAT, open_read_only, storage_errors
from hlf_client.errors import LedgerUnavailable
from hlf_client.ledger import ChannelInfo

__all__ = ["ChannelContents", "LedgerInfo", "Member", "describe_file"]


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation: `name` is what `connect` takes."""

    name: str
    msp_id: str
    title: str
    role: str


@dataclass(frozen=True, slots=True)
class ChannelContents:
    """A channel: height and last hash, members by MSP id, endorsement policy per chaincode, and what it holds.

    `keys` counts the public state's, `private_keys` those of the collections.
    """

    info: ChannelInfo
    members: tuple[str, ...]
    policies: dict[str, str]
    collections: tuple[str, ...]
    transactions: int
    keys: int
    private_keys: int


@dataclass(frozen=True, slots=True)
class LedgerInfo:
    """A ledger file. `size` is in bytes, the write-ahead log included."""

    path: Path
    format: int
    size: int
    created: datetime
    members: tuple[Member, ...]
    channels: tuple[ChannelContents, ...]


def describe_file(path: Path) -> LedgerInfo:
    """Raises `LedgerUnavailable` when there is no ledger or it cannot be read."""
    try:
        return _describe(path)
    except (AttributeError, LookupError, TypeError, ValueError) as error:  # values of other types than a ledger's
        raise LedgerUnavailable(f"{path} is damaged: verify the ledger") from error


def _describe(path: Path) -> LedgerInfo:
    with contextlib.closing(open_read_only(path)) as connection, storage_errors(path):
        connection.execute("BEGIN")

        def rows(statement: str, parameters: tuple[object, ...] = ()) -> list[Any]:
            return connection.execute(statement, parameters).fetchall()

        channels = load_channels(path, rows)
        heights = {row[0]: row[1:] for row in rows("SELECT id, height, last_hash FROM channel")}
        transactions = dict(rows("SELECT channel, count(*) FROM tx GROUP BY channel"))
        keys = dict(rows("SELECT namespace, count(*) FROM state GROUP BY namespace"))
    sync_log(path)
    contents, members = [], {}
    for name, channel in channels.items():
        spaces = channel.namespaces.items()
        height, last_hash = heights[channel.id]
        members.update(
            {each.msp_id: Member(each.name, each.msp_id, each.title, each.role) for each in channel.config.members}
        )
        contents.append(
            ChannelContents(
                info=ChannelInfo(name, height, last_hash.hex()),
                members=channel.members,
                policies={each.name: each.policy for each in channel.config.chaincodes},
                collections=tuple(
                    collection.name for each in channel.config.chaincodes for collection in each.collections
                ),
                transactions=transactions.get(channel.id, 0),
                keys=sum(keys.get(space, 0) for (_, collection, _), space in spaces if not collection),
                private_keys=sum(keys.get(space, 0) for (_, _, hashed), space in spaces if hashed),
            )
        )
    wal = path.with_name(path.name + "-wal")
    return LedgerInfo(
        path=path,
        format=FORMAT,
        size=path.stat().st_size + (wal.stat().st_size if wal.exists() else 0),
        created=min(channel.config.created for channel in channels.values()),
        members=tuple(sorted(members.values(), key=lambda member: member.name)),
        channels=tuple(contents),
    )
