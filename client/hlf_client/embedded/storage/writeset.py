"""What a simulation read and wrote: the result that endorsers sign, and the private values that stay out of it.

    result = frame({call, status, message, event, reads, ranges, writes, deletes, policies, private}, [payload, event
             payload, value of each write, each policy, then per collection: hash of each written value, each policy])

Private keys and values appear as SHA-256 only. Everything is sorted, so equal simulations are equal bytes.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from hlf_client.embedded.storage.frame import FrameError, pack, unpack

__all__ = [
    "CollectionSet",
    "PrivateKey",
    "PrivateValues",
    "RangeRead",
    "ReadWriteSet",
    "Result",
    "decode_private_values",
    "encode_private_values",
    "range_digest",
]

PrivateKey = tuple[str, str]
"""Collection and key."""
PrivateValues = Mapping[PrivateKey, bytes | None]
"""The written private values in the clear; None is a deletion."""

_ENTRY = struct.Struct(">QI")


def range_digest(entries: Sequence[tuple[bytes, int]]) -> str:
    """SHA-256 (hex) over keys and versions of a range, in order: what must be the same at commit."""
    return hashlib.sha256(b"".join(_ENTRY.pack(version, len(key)) + key for key, version in entries)).hexdigest()


@dataclass(frozen=True, slots=True)
class RangeRead:
    """A range of keys that was read, `start` included and `end` excluded, and the digest of what was in it."""

    start: str
    end: str
    digest: str


@dataclass(slots=True)
class CollectionSet:
    """Reads and writes of one private collection, by the SHA-256 of keys and values; None is a deletion."""

    reads: dict[bytes, int | None] = field(default_factory=dict)
    writes: dict[bytes, bytes | None] = field(default_factory=dict)
    purges: set[bytes] = field(default_factory=set)
    policies: dict[bytes, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class ReadWriteSet:
    """Versions read (None: there was no such key), ranges read, values and policies written."""

    reads: dict[str, int | None] = field(default_factory=dict)
    ranges: list[RangeRead] = field(default_factory=list)
    writes: dict[str, bytes | None] = field(default_factory=dict)
    policies: dict[str, bytes] = field(default_factory=dict)
    private: dict[str, CollectionSet] = field(default_factory=dict)
    others: dict[str, ReadWriteSet] = field(default_factory=dict)
    """Of chaincodes that were called on the same channel, by name; these have no private writes and no others."""

    def of(self, chaincode: str) -> Sequence[tuple[str, ReadWriteSet]]:
        """Each chaincode that was at work with its own set; `chaincode` is the one that was called by the client."""
        return [(chaincode, self), *sorted(self.others.items())] if self.others else [(chaincode, self)]

    def collection(self, name: str) -> CollectionSet:
        found = self.private.get(name)
        if found is None:
            found = self.private[name] = CollectionSet()
        return found


@dataclass(frozen=True, slots=True)
class Result:
    """An endorsed result: the contract's answer, its event, its reads and writes, and the call they belong to."""

    call_digest: bytes
    status: int
    message: str
    payload: bytes
    event: tuple[str, bytes] | None
    changes: ReadWriteSet

    def encode(self) -> bytes:
        """The bytes that endorsers sign."""
        changes = self.changes
        header, values = _encode_changes(changes)
        parts = [self.payload, self.event[1] if self.event else b"", *values]
        others = []
        for name, other in sorted(changes.others.items()):
            body, values = _encode_changes(other)
            others.append([name, body])
            parts += values
        if others:
            header["others"] = others
        return pack(
            {
                "call": self.call_digest.hex(),
                "status": self.status,
                "message": self.message,
                "event": self.event[0] if self.event else None,
                **header,
            },
            parts,
        )

    @classmethod
    def decode(cls, data: bytes) -> Result:
        """Raises `FrameError` for anything that `encode` did not write."""
        header, parts = unpack(data)
        try:
            return _decode_result(header, iter(parts))
        except (KeyError, TypeError, ValueError, StopIteration, AttributeError) as error:
            raise FrameError("a result cannot be read") from error


def _encode_changes(changes: ReadWriteSet) -> tuple[dict[str, object], list[bytes]]:
    """One chaincode's reads and writes."""
    written = sorted(key for key, value in changes.writes.items() if value is not None)
    guarded = sorted(changes.policies)
    parts = [changes.writes[key] or b"" for key in written]
    parts += [changes.policies[key] for key in guarded]
    private = []
    for name in sorted(changes.private):
        header, values = _encode_collection(changes.private[name])
        private.append([name, header])
        parts += values
    body: dict[str, object] = {
        "reads": sorted(changes.reads.items()),
        "ranges": [(each.start, each.end, each.digest) for each in changes.ranges],
        "writes": written,
        "deletes": sorted(key for key, value in changes.writes.items() if value is None),
        "policies": guarded,
        "private": private,
    }
    return body, parts


def _encode_collection(changes: CollectionSet) -> tuple[dict[str, object], list[bytes]]:
    written = sorted(key for key, value in changes.writes.items() if value is not None)
    guarded = sorted(changes.policies)
    header: dict[str, object] = {
        "reads": [(key.hex(), changes.reads[key]) for key in sorted(changes.reads)],
        "writes": [key.hex() for key in written],
        "deletes": sorted(key.hex() for key, value in changes.writes.items() if value is None),
        "purges": sorted(key.hex() for key in changes.purges),
        "policies": [key.hex() for key in guarded],
    }
    values = [changes.writes[key] or b"" for key in written]
    return header, values + [changes.policies[key] for key in guarded]


def _decode_result(header: Mapping[str, object], parts: Iterator[bytes]) -> Result:
    payload, event_payload = next(parts), next(parts)
    event = header["event"]
    changes = _decode_changes(header, parts)
    for name, body in _pairs(header.get("others", [])):
        if not isinstance(body, dict):
            raise FrameError("a chaincode's part is an object")
        changes.others[_text(name)] = _decode_changes(body, parts)
    if next(parts, None) is not None:
        raise FrameError("a result has more parts than it names")
    status = header["status"]
    if not isinstance(status, int):
        raise FrameError("a result has a status")
    return Result(
        call_digest=bytes.fromhex(_text(header["call"])),
        status=status,
        message=_text(header["message"]),
        payload=payload,
        event=None if event is None else (_text(event), event_payload),
        changes=changes,
    )


def _decode_changes(header: Mapping[str, object], parts: Iterator[bytes]) -> ReadWriteSet:
    changes = ReadWriteSet(
        reads={_text(key): _version(version) for key, version in _pairs(header["reads"])},
        ranges=[RangeRead(_text(a), _text(b), _text(c)) for a, b, c in _triples(header["ranges"])],
    )
    for key in _texts(header["writes"]):
        changes.writes[key] = next(parts)
    for key in _texts(header["policies"]):
        changes.policies[key] = next(parts)
    for key in _texts(header["deletes"]):
        changes.writes[key] = None
    for name, body in _pairs(header["private"]):
        changes.private[_text(name)] = _decode_collection(body, parts)
    return changes


def _decode_collection(body: object, parts: Iterator[bytes]) -> CollectionSet:
    if not isinstance(body, dict):
        raise FrameError("a collection's part is an object")
    changes = CollectionSet(reads={bytes.fromhex(_text(k)): _version(v) for k, v in _pairs(body["reads"])})
    written = [bytes.fromhex(key) for key in _texts(body["writes"])]
    changes.writes.update(zip(written, islice(parts, len(written)), strict=True))
    guarded = [bytes.fromhex(key) for key in _texts(body["policies"])]
    changes.policies.update(zip(guarded, islice(parts, len(guarded)), strict=True))
    changes.writes.update((bytes.fromhex(key), None) for key in _texts(body["deletes"]))
    changes.purges.update(bytes.fromhex(key) for key in _texts(body["purges"]))
    return changes


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise FrameError("expected text")
    return value


def _version(value: object) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
        return value
    raise FrameError("expected a version")


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise FrameError("expected a list")
    return value


def _texts(value: object) -> list[str]:
    return [_text(item) for item in _list(value)]


def _pairs(value: object) -> Iterator[tuple[object, object]]:
    for item in _list(value):
        first, second = _list(item)
        yield first, second


def _triples(value: object) -> Iterator[tuple[object, object, object]]:
    for item in _list(value):
        first, second, third = _list(item)
        yield first, second, third


def encode_private_values(values: PrivateValues) -> bytes:
    """Private values as they wait between endorsement and commit."""
    written = sorted(key for key, value in values.items() if value is not None)
    deleted = sorted(key for key, value in values.items() if value is None)
    return pack({"writes": written, "deletes": deleted}, [values[key] or b"" for key in written])


def decode_private_values(data: bytes) -> PrivateValues:
    """Raises `FrameError` for anything that `encode_private_values` did not write."""
    header, parts = unpack(data)
    try:
        written = [(_text(collection), _text(key)) for collection, key in _pairs(header["writes"])]
        values: dict[PrivateKey, bytes | None] = dict(zip(written, parts, strict=True))
        values.update(((_text(collection), _text(key)), None) for collection, key in _pairs(header["deletes"]))
    except (KeyError, ValueError) as error:
        raise FrameError("private values cannot be read") from error
    return values
