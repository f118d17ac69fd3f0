"""Private data collections as members agree on them, and the JSON file in which Fabric's own tools take them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from hlf_client.errors import InvalidDocument

__all__ = ["Collection", "read_collections"]

ValueT = TypeVar("ValueT")

_FIELDS: Final = frozenset({
    "name", "policy", "requiredPeerCount", "maxPeerCount", "blockToLive", "memberOnlyRead", "memberOnlyWrite",
    "endorsementPolicy",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Collection:
    """A private data collection; `members` and `endorsement` are policies as text, None the chaincode's own."""

    name: str
    members: str
    endorsement: str | None = None
    required_peers: int = 0
    maximum_peers: int = 3
    block_to_live: int = 0
    member_only_read: bool = True
    member_only_write: bool = True


def read_collections(path: Path) -> tuple[Collection, ...]:
    """From a file as `peer lifecycle chaincode --collections-config` takes it. Raises `InvalidDocument`."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise _wrong(path, f"cannot be read: {error}") from None
    if not isinstance(content, list):
        raise _wrong(path, "is not a list of collections")
    return tuple(_collection(path, each) for each in content)


def _collection(path: Path, content: object) -> Collection:
    if not isinstance(content, Mapping):
        raise _wrong(path, "is not a list of collections")
    unknown = sorted(set(content) - _FIELDS)
    if unknown:
        raise _wrong(path, f"has fields of no collection: {', '.join(map(str, unknown))}")
    name, members = _of(path, content, "name", str, ""), _of(path, content, "policy", str, "")
    if not name or not members:
        raise _wrong(path, "has a collection without a name or a policy")
    endorsement = _of(path, content, "endorsementPolicy", dict, dict[str, object]())
    policy = endorsement.get("signaturePolicy") or endorsement.get("channelConfigPolicy")
    return Collection(
        name=name,
        members=members,
        endorsement=str(policy) if policy else None,
        required_peers=_of(path, content, "requiredPeerCount", int, 0),
        maximum_peers=_of(path, content, "maxPeerCount", int, 0),
        block_to_live=_of(path, content, "blockToLive", int, 0),
        member_only_read=_of(path, content, "memberOnlyRead", bool, False),
        member_only_write=_of(path, content, "memberOnlyWrite", bool, False),
    )


def _of(path: Path, content: Mapping[str, object], name: str, kind: type[ValueT], absent: ValueT) -> ValueT:
    value = content.get(name, absent)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _wrong(path, f"has {name} that is no {kind.__name__}")
    return value


def _wrong(path: Path, reason: str) -> InvalidDocument:
    return InvalidDocument(f"{path} {reason}", field="collections", reason=reason)
