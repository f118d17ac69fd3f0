"""What a committing peer does with an ordered transaction: check it against the state as it is now, then apply it.

The checks are Fabric's, in its order: id, creator, endorsements against the policies of what is written, versions read,
ranges read. Transactions of one block are checked and applied one after the other, so a later one sees the versions and
policies that an earlier one has written.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, Final, NamedTuple

from hlf_client.embedded.committing.revocations import CONFIGURATION, is_newer, list_of
from hlf_client.embedded.endorsing.policies import required_policies
from hlf_client.embedded.endorsing.signatures import Signatures
from hlf_client.embedded.storage.certificates import Certificates, revoked_list, store_statement
from hlf_client.embedded.storage.channel import Channel, satisfied
from hlf_client.embedded.storage.codes import ValidationCode
from hlf_client.embedded.storage.transaction import Transaction, endorsement_digest
from hlf_client.embedded.storage.writeset import CollectionSet, PrivateValues, ReadWriteSet, range_digest
from hlf_client.errors import NotAuthorized
from hlf_client.identity import NodeRole

__all__ = ["Ordered", "Validator"]

_KNOWN: Final = """WITH asked (space, name) AS (VALUES {}) SELECT namespace, key, version, policy
    FROM asked CROSS JOIN state ON namespace = space AND key = name"""
_AT_ONCE: Final = 32
"""Keys that one statement looks up: half the time of as many statements."""
_RANGE: Final = "SELECT key, version FROM state WHERE namespace = ? AND key >= ? AND key < ? ORDER BY key"
_PUT: Final = """INSERT INTO state (namespace, key, version, policy, value) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (namespace, key) DO UPDATE
    SET version = excluded.version, value = excluded.value, policy = coalesce(excluded.policy, policy)"""
_GUARD: Final = "UPDATE state SET version = ?, policy = ? WHERE namespace = ? AND key = ?"
_DELETE: Final = "DELETE FROM state WHERE namespace = ? AND key = ?"
_HISTORY: Final = "INSERT INTO history (namespace, key, version) VALUES (?, ?, ?)"
_DUPLICATE: Final = "SELECT 1 FROM tx WHERE id = ? AND channel = ?"

Known = tuple[int, "bytes | None"]
"""Version and own policy of a key."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A transaction on its way into a block. `private` None: its private values were not kept here."""

    transaction: Transaction
    content: bytes
    signature: bytes
    private: PrivateValues | None
    hashed: bytes = b""
    """SHA-256 of the content, where who made this has computed it."""

    @property
    def digest(self) -> bytes:
        """What the creator signed."""
        return self.hashed or hashlib.sha256(self.content).digest()

    def signed(self, signature: bytes) -> Ordered:
        return replace(self, signature=signature)


class Validator:
    """Checks and applies transactions of any channel inside one SQLite transaction of `connection`.

    `hashes_only`: private values are not at hand (a replay of blocks), only their hashes are written.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        certificates: Certificates,
        signatures: Signatures,
        *,
        hashes_only: bool = False,
    ) -> None:
        self._connection = connection
        self._certificates = certificates
        self._signatures = signatures
        self._hashes_only = hashes_only
        self._lists: dict[tuple[object, ...], list[Any]] = {}

    def _rows(self, statement: str, parameters: tuple[object, ...]) -> list[Any]:
        return self._connection.execute(statement, parameters).fetchall()

    def _revoked(self, statement: str, parameters: tuple[object, ...]) -> list[Any]:
        """As `_rows`, of the lists of revoked certificates: inside one transaction only `apply` changes them."""
        found = self._lists.get(parameters)
        if found is None:
            found = self._lists[parameters] = self._rows(statement, parameters)
        return found

    def check(self, ordered: Ordered, channel: Channel, now: datetime) -> ValidationCode:
        """VALID, or why the transaction does not count."""
        transaction = ordered.transaction
        call = transaction.call
        if self._connection.execute(_DUPLICATE, (bytes.fromhex(call.transaction_id), channel.id)).fetchone():
            return ValidationCode.DUPLICATE_TXID
        if not self.creator_signed(ordered, channel, now):
            return ValidationCode.BAD_CREATOR_SIGNATURE
        if call.chaincode == CONFIGURATION:
            return self._check_revocation(transaction, channel, now)
        if not channel.has_chaincode(call.chaincode):
            return ValidationCode.INVALID_CHAINCODE
        if transaction.result.call_digest != call.digest or not 200 <= transaction.result.status < 400:
            return ValidationCode.INVALID_ENDORSER_TRANSACTION
        if not self._namespaces_exist(transaction, channel) or not self._private_values_fit(ordered):
            return ValidationCode.BAD_RWSET
        known = self._known(transaction, channel)
        needed = required_policies(
            transaction.result.changes, channel, call.chaincode, lambda space, key: _policy(known.get((space, key)))
        )
        endorsers = self._endorsers(transaction, channel, now)
        if not all(satisfied(policy, endorsers) for policy in needed):
            return ValidationCode.ENDORSEMENT_POLICY_FAILURE
        return self._check_reads(transaction, channel, known)

    def creator_signed(
        self, ordered: Ordered, channel: Channel, now: datetime, *, even_if_revoked: bool = False
    ) -> bool:
        """Whether a member's certificate, valid now, signed exactly this content."""
        call = ordered.transaction.call
        pem = self._certificates.find(self._rows, call.certificate_hash)
        try:
            key = channel.certify(call.creator_msp, pem, now, None if even_if_revoked else self._revoked)
        except NotAuthorized:
            return False
        return self._signatures.verify(key, call.certificate_hash, ordered.digest, ordered.signature)

    def _endorsers(self, transaction: Transaction, channel: Channel, now: datetime) -> frozenset[str]:
        """Organisations whose peer's signature over the result is good; others count for nothing."""
        good = set()
        for each in transaction.endorsements:
            digest = endorsement_digest(transaction.result_data, each.certificate_hash, each.msp_id)
            pem = self._certificates.find(self._rows, each.certificate_hash)
            try:
                key = channel.certify_peer(each.msp_id, pem, now, self._revoked)
            except NotAuthorized:
                continue
            if self._signatures.verify(key, each.certificate_hash, digest, each.signature):
                good.add(each.msp_id)
        return frozenset(good)

    def _check_revocation(self, transaction: Transaction, channel: Channel, now: datetime) -> ValidationCode:
        """Whether an organisation's own administrator brings its authority's next list."""
        call, revoked = transaction.call, list_of(transaction)
        pem = self._certificates.find(self._rows, call.certificate_hash)
        role = channel.certify(call.creator_msp, pem, now, self._rows).role
        before = revoked_list(self._rows, channel.id, call.creator_msp)
        if role is not NodeRole.ADMIN or not channel.may_revoke(call.creator_msp, revoked):
            return ValidationCode.INVALID_CONFIG_TRANSACTION
        return ValidationCode.VALID if is_newer(revoked, before) else ValidationCode.INVALID_CONFIG_TRANSACTION

    def _namespaces_exist(self, transaction: Transaction, channel: Channel) -> bool:
        """Whether the channel has every chaincode and collection, and none but the first writes private values."""
        changes, known = transaction.result.changes, channel.namespaces
        for chaincode, own in changes.of(transaction.call.chaincode):
            if (chaincode, "", False) not in known or any((chaincode, name, True) not in known for name in own.private):
                return False
        others = [private for other in changes.others.values() for private in other.private.values()]
        return not any(private.writes or private.policies for private in others)

    def _private_values_fit(self, ordered: Ordered) -> bool:
        """Whether every private write is here in the clear and is the value whose hash was endorsed."""
        private = ordered.transaction.result.changes.private
        expected = {(name, key): value for name, changes in private.items() for key, value in changes.writes.items()}
        if not expected or self._hashes_only:
            return True
        if ordered.private is None:
            return False
        present = {
            (name, hashlib.sha256(key.encode()).digest()): None if value is None else hashlib.sha256(value).digest()
            for (name, key), value in ordered.private.items()
        }
        return present == expected and all(_purges_delete(changes) for changes in private.values())

    def _known(self, transaction: Transaction, channel: Channel) -> dict[tuple[int, bytes], Known]:
        """What is committed of every key that was read or written."""
        keys: list[tuple[int, bytes]] = []
        for chaincode, changes in transaction.result.changes.of(transaction.call.chaincode):
            public = channel.namespaces[chaincode, "", False]
            keys += [(public, key.encode()) for key in {**changes.reads, **changes.writes, **changes.policies}]
            for name, private in changes.private.items():
                hashed = channel.namespaces[chaincode, name, True]
                keys += [(hashed, key) for key in {**private.reads, **private.writes, **private.policies}]
        found: dict[tuple[int, bytes], Known] = {}
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            rows = self._connection.execute(_known_statement(len(some)), list(chain.from_iterable(some)))
            for space, key, version, policy in rows:
                found[space, key] = (version, policy)
        return found

    def _check_reads(
        self, transaction: Transaction, channel: Channel, known: Mapping[tuple[int, bytes], Known]
    ) -> ValidationCode:
        called = transaction.result.changes.of(transaction.call.chaincode)
        codes = (self._check_reads_of(chaincode, changes, channel, known) for chaincode, changes in called)
        return next((code for code in codes if code is not ValidationCode.VALID), ValidationCode.VALID)

    def _check_reads_of(
        self, chaincode: str, changes: ReadWriteSet, channel: Channel, known: Mapping[tuple[int, bytes], Known]
    ) -> ValidationCode:
        public = channel.namespaces[chaincode, "", False]
        for key, version in changes.reads.items():
            if _version(known.get((public, key.encode()))) != version:
                return ValidationCode.MVCC_READ_CONFLICT
        for name, private in changes.private.items():
            hashed = channel.namespaces[chaincode, name, True]
            for key_hash, version in private.reads.items():
                if _version(known.get((hashed, key_hash))) != version:
                    return ValidationCode.MVCC_READ_CONFLICT
        for each in changes.ranges:
            rows = self._connection.execute(_RANGE, (public, each.start.encode(), each.end.encode())).fetchall()
            if range_digest(rows) != each.digest:
                return ValidationCode.PHANTOM_READ_CONFLICT
        return ValidationCode.VALID

    def apply(self, ordered: Ordered, channel: Channel, version: int) -> None:
        """Write what a valid transaction writes."""
        changes, chaincode = ordered.transaction.result.changes, ordered.transaction.call.chaincode
        if chaincode == CONFIGURATION:
            revoked = list_of(ordered.transaction)
            self._connection.execute(*store_statement(channel.id, ordered.transaction.call.creator_msp, revoked))
            self._lists.clear()
            return
        rows = _Rows([], [], [])
        history: list[tuple[int, bytes, int]] = []
        for each, own in changes.of(chaincode):
            public = channel.namespaces[each, "", False]
            writes = {key.encode(): value for key, value in own.writes.items()}
            rows.add(public, version, writes, {key.encode(): policy for key, policy in own.policies.items()})
            history += [(public, key, version) for key in sorted(writes)]
        for name, private in changes.private.items():
            rows.add(channel.namespaces[chaincode, name, True], version, private.writes, private.policies)
            clear = channel.namespaces[chaincode, name, False]
            values = {key.encode(): value for (owner, key), value in (ordered.private or {}).items() if owner == name}
            rows.add(clear, 0, values, {})  # its version is that of its hash
        for statement, many in ((_PUT, rows.puts), (_DELETE, rows.deletes), (_GUARD, rows.guards), (_HISTORY, history)):
            if many:
                self._connection.executemany(statement, many)


class _Rows(NamedTuple):
    """What a transaction does to the state, as parameters of `_PUT`, `_DELETE` and `_GUARD`."""

    puts: list[tuple[object, ...]]
    deletes: list[tuple[object, ...]]
    guards: list[tuple[object, ...]]

    def add(
        self, namespace: int, version: int, writes: Mapping[bytes, bytes | None], policies: Mapping[bytes, bytes]
    ) -> None:
        """In key order: neighbours in the index are written together."""
        for key in sorted(writes):
            value = writes[key]
            if value is None:
                self.deletes.append((namespace, key))
            else:
                self.puts.append((namespace, key, version, policies.get(key), value))
        self.guards.extend((version, policies[key], namespace, key) for key in sorted(policies) if key not in writes)


@lru_cache(maxsize=_AT_ONCE)
def _known_statement(count: int) -> str:
    return _KNOWN.format(", ".join(["(?, ?)"] * count))


def _version(known: Known | None) -> int | None:
    return known[0] if known else None


def _policy(known: Known | None) -> bytes | None:
    return known[1] if known else None


def _purges_delete(changes: CollectionSet) -> bool:
    return all(changes.writes.get(key, b"") is None for key in changes.purges)
