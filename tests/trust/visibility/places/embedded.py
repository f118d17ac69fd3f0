"""The embedded ledger as a venue: the bytes of its blocks, and of its state what a member's own peer would store."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.trust.visibility.places.consortium import GUESTS
from tests.trust.visibility.places.eavesdropper import eavesdropping
from tests.trust.visibility.places.venue import HASHES, Part
from tests.trust.visibility.planted.planting import MSP

from eximledger.consortium import CHAINCODE
from hlf_client import Ledger
from hlf_client.embedded import ChaincodeDefinition, ConsortiumDefinition, HostedConsortium, Organization
from hlf_client.embedded.storage.transaction import Transaction, decode_config
from hlf_client.testing import LedgerNetwork

__all__ = ["EmbeddedVenue"]

_BLOCKS = """SELECT content, signature FROM tx JOIN channel ON channel.id = tx.channel
    WHERE channel.name = ? ORDER BY place"""
_STATE = """SELECT collection, hashed, key, value FROM state JOIN namespace ON namespace.id = state.namespace
    JOIN channel ON channel.id = namespace.channel WHERE channel.name = ? ORDER BY state.id"""


class EmbeddedVenue:
    """A `Venue` over a ledger file. Everybody's peers run in this process, the eavesdropper's chaincode with them: it
    is asked at the member's own peer only."""

    def __init__(self, path: Path, definition: ConsortiumDefinition = GUESTS) -> None:
        self.network = LedgerNetwork(HostedConsortium(definition, lambda: [eavesdropping()]), path, chaincode=CHAINCODE)
        self._definition = definition
        self._logged = _Log()
        logging.getLogger().addHandler(self._logged)

    def close(self) -> None:
        logging.getLogger().removeHandler(self._logged)
        self.network.close()

    @property
    def channels(self) -> Mapping[str, Sequence[str]]:
        return {each.name: each.members for each in self._definition.channels}

    def people(self, member: str) -> Sequence[str]:
        owner = self._definition.organization(member)
        return [f"{member}/{name}" for name in (owner.default_user, "checker", "admin") if name in _names(owner)]

    def connect(self, person: str) -> Ledger:
        return self.network.connect(person)

    def collections(self, channel: str) -> Sequence[str]:
        return [each.name for each in self._chaincode(channel).collections]

    async def blocks(self, member: str, channel: str) -> Sequence[Part]:
        return [
            part for content, signature in self._rows(_BLOCKS, channel) for part in _taken_apart(content, signature)
        ]

    async def own(self, member: str, channel: str) -> Sequence[Part]:
        shared = {each.name for each in self._chaincode(channel).collections if MSP[member] in each.members}
        found = []
        for collection, hashed, key, value in self._rows(_STATE, channel):
            if hashed:
                found.append(Part(HASHES, key + value))
            elif not collection:
                found += [Part("keys of the public state", key), Part("public state", value)]
            elif collection in shared:
                found += [Part(f"own collection {collection}", key), Part(f"own collection {collection}", value)]
        return found

    def logs(self, member: str) -> Iterable[Part]:
        """One process logs for all, so nobody's secret may be there."""
        return [Part("log", "\n".join(self._logged.lines).encode())]

    async def settle(self) -> None:
        """A commit is everybody's at once."""

    async def bend(self, member: str) -> None:
        """It is bent from the beginning."""

    def _chaincode(self, channel: str) -> ChaincodeDefinition:
        (found,) = next(each.chaincodes for each in self._definition.channels if each.name == channel)
        return found

    def _rows(self, query: str, channel: str) -> Iterator[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(f"file:{self.network.path}?mode=ro", uri=True)) as connection:
            yield from connection.execute(query, (channel,))


def _names(owner: Organization) -> set[str]:
    return {each.name for each in owner.users}


class _Log(logging.Handler):
    """Every line that anything in this process logs."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def _taken_apart(content: bytes, signature: bytes) -> Iterator[Part]:
    """A transaction of a block: its bytes as they are, and every part of it for itself."""
    yield Part("block", content + signature)
    if decode_config(content) is not None:
        return
    transaction = Transaction.decode(content)
    result = transaction.result
    yield from (Part("block: argument", each) for each in transaction.call.arguments[1:])
    yield from (Part("block: answer", result.payload), Part("block: message", result.message.encode()))
    if result.event is not None:
        yield from (Part("block: event", result.event[0].encode()), Part("block: event", result.event[1]))
    changes = result.changes
    yield from (Part("block: key read", key.encode()) for key in changes.reads)
    for each in changes.ranges:
        yield from (Part("block: range read", text.encode()) for text in (each.start, each.end, each.digest))
    for key, value in changes.writes.items():
        yield from (Part("block: key written", key.encode()), Part("block: value written", value or b""))
    for private in changes.private.values():
        yield Part(HASHES, b"".join((*private.reads, *private.writes, *private.purges, *private.policies)))
        yield Part(HASHES, b"".join(value for value in private.writes.values() if value is not None))
