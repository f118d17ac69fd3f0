"""A ledger in memory with the semantics of Fabric's peer, for unit tests of contracts.

No read sees its own transaction's writes; ranges come in batches of 100; reads and ranges are checked again at commit
(MVCC and phantoms); a key's own endorsement policy rules its writes from the next transaction on; private collections
answer their members only; another channel can be read, not written. Endorsing and committing are two calls, so a test
can hold an envelope back. What a private function is given openly travels as a private call, its answer comes opened.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from bisect import bisect_left
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.contract import Chaincode
from hlf_chaincode.errors import FabricError, NotAuthorized, NotSupported, from_message
from hlf_chaincode.peer import Batch, KeyModification, KeyValue, Response, Transaction
from hlf_chaincode.policies import EndorsementPolicy
from hlf_chaincode.private_call import ANSWER, KEY_BYTES, opened, private_transient
from hlf_chaincode.stub import LedgerStub

BATCH = 100
Key = tuple[str, str]
"""Collection ("" for the public state) and key."""


@dataclass(frozen=True, slots=True)
class Identity:
    msp_id: str
    certificate: bytes

    @property
    def certificate_hash(self) -> str:
        return sha256_hex(x509.load_pem_x509_certificate(self.certificate).public_bytes(Encoding.DER))


@lru_cache(maxsize=256)
def identity(
    msp_id: str,
    name: str = "user",
    role: str = "",
    *,
    enrolled: str = "",
    units: tuple[str, ...] = ("client",),
    issue: int = 1,
) -> Identity:
    """An identity with a self-signed certificate. `role` becomes the attribute exim.role, `enrolled` hf.EnrollmentID;
    without a name there is no common name. Another `issue` is another certificate: another key, another serial."""
    key = ec.generate_private_key(ec.SECP256R1())
    named = [x509.NameAttribute(x509.NameOID.COMMON_NAME, name)] if name else []
    subject = x509.Name([*named, *(x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in units)])
    day = datetime(2026, 1, 1, tzinfo=UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(hashlib.sha256(f"{msp_id}{name}{issue}".encode()).digest()[:8]))
        .not_valid_before(day)
        .not_valid_after(day + timedelta(days=3650))
    )
    if attrs := {name: value for name, value in (("exim.role", role), ("hf.EnrollmentID", enrolled)) if value}:
        oid = x509.ObjectIdentifier("1.2.3.4.5.6.7.8.1")
        extension = x509.UnrecognizedExtension(oid, json.dumps({"attrs": attrs}).encode())
        builder = builder.add_extension(extension, critical=False)
    return Identity(msp_id, builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))


@dataclass(frozen=True, slots=True)
class Collection:
    """A private collection's definition. `members_only`: nobody else reads or writes it, at whichever peer;
    `endorsement` in place of the chaincode's policy, as text."""

    members: tuple[str, ...]
    members_only: bool = True
    endorsement: str = ""


class CommitInvalid(Exception):
    """The transaction was ordered but changes nothing; `code` is Fabric's TxValidationCode by name."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(slots=True)
class Channel:
    """The committed state of one channel."""

    values: dict[Key, bytes] = field(default_factory=dict)
    versions: dict[Key, int] = field(default_factory=dict)
    policies: dict[Key, bytes] = field(default_factory=dict)
    history: dict[str, list[KeyModification]] = field(default_factory=dict)
    sorted_keys: dict[str, list[str]] = field(default_factory=dict)
    events: list[tuple[str, object]] = field(default_factory=list)
    height: int = 0

    def keys(self, start: str, end: str, collection: str) -> list[str]:
        known = self.sorted_keys.get(collection, [])
        return known[bisect_left(known, start) : bisect_left(known, end)]


@dataclass(slots=True)
class Envelope:
    """An endorsed transaction: what it read, what it will write, what it answered."""

    transaction: Transaction
    response: Response
    reads: dict[Key, int | None]
    ranges: list[tuple[str, str, str, tuple[tuple[str, int], ...]]]
    writes: dict[Key, bytes | None]
    policies: dict[Key, bytes]
    event: tuple[str, bytes] | None
    endorsers: tuple[str, ...]

    @property
    def result(self) -> bytes:
        """The answer; a private call's opened, where the caller sent a key."""
        key = self.transaction.transient.get(ANSWER)
        payload = self.response.payload
        return opened(key, self.transaction.id, payload) if key and self.is_private else payload

    @property
    def is_private(self) -> bool:
        """Whether the arguments went by transient."""
        return len(self.transaction.arguments) == 1 and ANSWER in self.transaction.transient


class MemoryPeer:
    """One transaction's `Peer`. `requests` counts what a real peer would have been asked."""

    def __init__(self, ledger: MemoryLedger, transaction: Transaction, at: str = "") -> None:
        self._ledger = ledger
        self._at = at
        self._transaction = transaction
        self._channel = ledger.channels[transaction.channel]
        self._iterators: dict[str, list[KeyValue] | list[KeyModification]] = {}
        self.reads: dict[Key, int | None] = {}
        self.ranges: list[tuple[str, str, str, tuple[tuple[str, int], ...]]] = []
        self.writes: dict[Key, bytes | None] = {}
        self.policies: dict[Key, bytes] = {}
        self.requests: list[str] = []
        self._read_only = False

    async def get_state(self, key: str, collection: str = "") -> bytes:
        self.requests.append("get_state")
        return self._read(key, collection)

    async def get_states(self, keys: Sequence[str], collection: str = "") -> Sequence[bytes]:
        self.requests.append("get_states")
        return [self._read(key, collection) for key in keys]

    def _read(self, key: str, collection: str) -> bytes:
        self._check_readable(collection)
        self.reads[collection, key] = self._channel.versions.get((collection, key))
        return self._channel.values.get((collection, key), b"")

    def _check_member(self, collection: str) -> None:
        if not collection:
            return
        found = self._ledger.collection(self._transaction.channel, collection)
        if found.members_only and self._transaction.creator_msp not in found.members:
            raise NotAuthorized(f"{self._transaction.creator_msp} is no member of collection {collection}")

    def _check_readable(self, collection: str) -> None:
        """The creator may read it, and the peer has it."""
        self._check_member(collection)
        if not collection or not self._at:
            return
        if self._at not in self._ledger.collection(self._transaction.channel, collection).members:
            raise FabricError(f"the peer of {self._at} does not hold private collection {collection}")

    async def put_state(self, key: str, value: bytes, collection: str = "") -> None:
        self.requests.append("put_state")
        self._write(key, value, collection)

    async def put_states(self, writes: Mapping[str, bytes], collection: str = "") -> None:
        self.requests.append("put_states")
        for key, value in writes.items():
            self._write(key, value, collection)

    async def delete_state(self, key: str, collection: str = "") -> None:
        self.requests.append("delete_state")
        self._write(key, None, collection)

    def _write(self, key: str, value: bytes | None, collection: str) -> None:
        self._check_member(collection)
        assert not self._read_only, "a transaction that reads private ranges or pages may not write"
        self.writes[collection, key] = value

    async def purge_private_data(self, collection: str, key: str) -> None:
        await self.delete_state(key, collection)

    async def get_private_data_hash(self, collection: str, key: str) -> bytes:
        self.requests.append("get_private_data_hash")
        self.reads[collection, key] = self._channel.versions.get((collection, key))
        value = self._channel.values.get((collection, key))
        return hashlib.sha256(value).digest() if value is not None else b""

    async def get_state_by_range(
        self, start: str, end: str, collection: str = "", *, page_size: int = 0, bookmark: str = ""
    ) -> Batch:
        self.requests.append("get_state_by_range")
        self._check_readable(collection)
        if collection or page_size:  # Fabric's tx_simulator.go: such queries are for read-only transactions
            assert not self.writes, "a transaction that writes may not read private ranges or pages"
            self._read_only = True
        keys = self._channel.keys(bookmark or start, end, collection)
        following = ""
        if page_size and not collection:
            following = keys[page_size] if len(keys) > page_size else ""
            keys = keys[:page_size]
        self.ranges.append((collection, bookmark or start, following or end, self._versions(keys, collection)))
        entries = [KeyValue(key, self._channel.values[collection, key]) for key in keys]
        return self._batch(entries, following, paged=bool(page_size))

    def _versions(self, keys: Iterable[str], collection: str) -> tuple[tuple[str, int], ...]:
        return tuple((key, self._channel.versions[collection, key]) for key in keys)

    def _batch(self, entries: list[KeyValue] | list[KeyModification], bookmark: str, *, paged: bool) -> Batch:
        size = len(entries) if paged else BATCH
        iterator = f"iterator-{len(self._iterators)}"
        if rest := entries[size:]:
            self._iterators[iterator] = rest
        return Batch(tuple(entries[:size]), bool(rest), iterator, bookmark)  # type: ignore[arg-type]  # one kind in a list

    async def get_history_for_key(self, key: str) -> Batch:
        self.requests.append("get_history_for_key")
        return self._batch(list(reversed(self._channel.history.get(key, []))), "", paged=False)

    async def query_state_next(self, iterator: str) -> Batch:
        self.requests.append("query_state_next")
        return self._batch(self._iterators.pop(iterator), "", paged=False)

    async def query_state_close(self, iterator: str) -> None:
        self.requests.append("query_state_close")
        del self._iterators[iterator]

    async def get_state_validation_parameter(self, key: str, collection: str = "") -> bytes:
        self.requests.append("get_state_validation_parameter")
        return self._channel.policies.get((collection, key), b"")

    async def put_state_validation_parameter(self, key: str, policy: bytes, collection: str = "") -> None:
        self.requests.append("put_state_validation_parameter")
        self.policies[collection, key] = policy

    async def get_query_result(
        self, query: str, collection: str = "", *, page_size: int = 0, bookmark: str = ""
    ) -> Batch:
        raise NotSupported("no rich queries here")

    async def invoke_chaincode(self, chaincode: str, arguments: Sequence[bytes], channel: str) -> Response:
        self.requests.append("invoke_chaincode")
        channel = channel or self._transaction.channel
        if channel == self._transaction.channel or channel not in self._ledger.channels:
            raise FabricError(f"chaincode {chaincode} on channel {channel!r} cannot be invoked from here")
        nested = Transaction(
            self._transaction.id, channel, self._transaction.timestamp, self._transaction.creator_msp,
            self._transaction.creator_certificate, tuple(arguments), self._transaction.transient,
        )  # fmt: skip
        peer = MemoryPeer(self._ledger, nested, self._at)
        return await self._ledger.chaincode.invoke(LedgerStub(nested, peer))


class MemoryLedger:
    """Channels that one chaincode serves. `now` is the time of the next proposal; `collections` defines the private
    collections, in place of `papers-{MSP}` for that organisation and the `collection_readers`."""

    def __init__(
        self,
        chaincode: Chaincode,
        channels: Sequence[str],
        *,
        collection_readers: Sequence[str] = (),
        collections: Callable[[str, str], Collection] | None = None,
        now: datetime = datetime(2026, 9, 1, 1, 0, tzinfo=UTC),
    ) -> None:
        self.chaincode = chaincode
        self.channels = {name: Channel() for name in channels}
        self.now = now
        self.last_requests: list[str] = []
        self._collection_readers = tuple(collection_readers)
        self._collections = collections
        self._proposals = 0

    def collection(self, channel: str, name: str) -> Collection:
        """A collection's definition."""
        if self._collections is not None:
            return self._collections(channel, name)
        return Collection((name.removeprefix("papers-"), *self._collection_readers))

    async def call(
        self,
        who: Identity,
        channel: str,
        function: str | bytes,
        *arguments: object,
        transient: Mapping[str, bytes] | None = None,
        endorsers: Sequence[str] = (),
        at: str = "",
    ) -> Envelope:
        """Endorse: run the chaincode on just these arguments. The response may be an error; nothing is committed. It
        runs at the peer of `at`, where named; else at one that has every collection."""
        self._proposals += 1
        encoded = [_encoded(argument) for argument in (function, *arguments)]
        transaction = Transaction(
            hashlib.sha256(f"{self._proposals}".encode()).hexdigest(), channel, self.now, who.msp_id, who.certificate,
            tuple(encoded), transient or {},
        )  # fmt: skip
        peer = MemoryPeer(self, transaction, at)
        stub = LedgerStub(transaction, peer)
        response = await self.chaincode.invoke(stub)
        self.last_requests = peer.requests
        return Envelope(
            transaction, response, peer.reads, peer.ranges, peer.writes, peer.policies, stub.event, tuple(endorsers)
        )

    async def endorse(
        self,
        who: Identity,
        channel: str,
        function: str,
        *arguments: object,
        transient: Mapping[str, bytes] | None = None,
        endorsers: Sequence[str] = (),
        at: str = "",
        raw: bool = False,
    ) -> Envelope:
        """As `call`; raises the typed error of an error response. The arguments of a private function travel by
        transient, unless they are to go `raw`."""
        if not raw and self._is_private(function):
            seed, key = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES)
            encoded = [_encoded(argument) for argument in arguments]
            transient, arguments = private_transient(encoded, seed=seed, answer=key) | dict(transient or {}), ()
        envelope = await self.call(who, channel, function, *arguments, transient=transient, endorsers=endorsers, at=at)
        if not 200 <= envelope.response.status < 400:
            raise from_message(envelope.response.status, envelope.response.message)
        return envelope

    def _is_private(self, function: str) -> bool:
        contract, _, name = function.partition(":")
        found = self.chaincode.contracts.get(contract)
        return found is not None and name in found.functions and found.functions[name].private

    async def evaluate(
        self,
        who: Identity,
        channel: str,
        function: str,
        *arguments: object,
        transient: Mapping[str, bytes] | None = None,
    ) -> object:
        """The JSON of a query's answer."""
        return json.loads((await self.endorse(who, channel, function, *arguments, transient=transient)).result)

    async def submit(
        self,
        who: Identity,
        channel: str,
        function: str,
        *arguments: object,
        transient: Mapping[str, bytes] | None = None,
        endorsers: Sequence[str] = (),
        at: str = "",
        raw: bool = False,
    ) -> object:
        """Endorse and commit; the JSON of the answer."""
        envelope = await self.endorse(
            who, channel, function, *arguments, transient=transient, endorsers=endorsers, at=at, raw=raw
        )
        self.commit(envelope)
        return json.loads(envelope.result)

    def commit(self, envelope: Envelope) -> None:
        """Validate and apply. Raises `CommitInvalid`. `endorsers` empty: every organisation's peer endorsed."""
        channel = self.channels[envelope.transaction.channel]
        for key, version in envelope.reads.items():
            if channel.versions.get(key) != version:
                raise CommitInvalid("MVCC_READ_CONFLICT")
        for collection, start, end, seen in envelope.ranges:
            now = tuple((key, channel.versions[collection, key]) for key in channel.keys(start, end, collection))
            if not collection and now != seen:
                raise CommitInvalid("PHANTOM_READ_CONFLICT")
        for key in [*envelope.writes, *envelope.policies]:
            policy = self._policy_of(envelope.transaction.channel, key)
            endorsed = [(msp, "peer") for msp in envelope.endorsers]
            if endorsed and policy is not None and not policy.satisfied_by(endorsed):
                raise CommitInvalid("ENDORSEMENT_POLICY_FAILURE")
        self._apply(channel, envelope)

    def _policy_of(self, channel: str, key: Key) -> EndorsementPolicy | None:
        """The key's own policy, else its collection's; None where the chaincode's holds."""
        if policy := self.channels[channel].policies.get(key):
            return EndorsementPolicy.from_bytes(policy)
        text = self.collection(channel, key[0]).endorsement if key[0] else ""
        return EndorsementPolicy.parse(text) if text else None

    def _apply(self, channel: Channel, envelope: Envelope) -> None:
        channel.height += 1
        for (collection, key), value in envelope.writes.items():
            known = channel.sorted_keys.setdefault(collection, [])
            position = bisect_left(known, key)
            present = position < len(known) and known[position] == key
            if value is None:
                channel.values.pop((collection, key), None)
                channel.versions.pop((collection, key), None)
                if present:
                    del known[position]
            else:
                channel.values[collection, key] = value
                channel.versions[collection, key] = channel.height
                if not present:
                    known.insert(position, key)
            if not collection:
                transaction = envelope.transaction
                change = KeyModification(transaction.id, value or b"", value is None, transaction.timestamp)
                channel.history.setdefault(key, []).append(change)
        channel.policies.update(envelope.policies)
        if envelope.event is not None:
            channel.events.append((envelope.event[0], json.loads(envelope.event[1])))


def _encoded(argument: object) -> bytes:
    if isinstance(argument, bytes):
        return argument
    return argument.encode() if isinstance(argument, str) else canonical_json(argument)


async def collected(entries: AsyncIterator[KeyValue]) -> list[KeyValue]:
    return [entry async for entry in entries]
