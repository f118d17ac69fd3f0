"""How values stand on the ledger: canonical JSON, with a record's document embedded as it was hashed.

A document is validated once, turned into canonical bytes once, hashed once, and its bytes are spliced into the record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeVar, cast

from pydantic import BaseModel

from eximledger_chaincode.documents import Document, Entry, Record, document_type
from hlf_chaincode.canonical import canonical_json, plain_json

__all__ = [
    "decode",
    "decode_once",
    "document_json",
    "encode",
    "entry_json",
    "entry_of",
    "object_json",
    "record_json",
    "record_list",
    "record_of",
]

ModelT = TypeVar("ModelT", bound=BaseModel)

_KEPT_BYTES: Final = 16 << 10
"""Of a parsed value that is kept; what is larger is no ordinary paper, and is parsed anew."""


def encode(value: BaseModel) -> bytes:
    """Canonical JSON of a model."""
    return canonical_json(value)


def decode(model: type[ModelT], data: bytes) -> ModelT:
    """A model from what `encode` wrote."""
    return model.model_validate_json(data)


def decode_once(model: type[ModelT], data: bytes) -> ModelT:
    """The same of a model that nobody changes; one and the same where it was parsed a short while ago."""
    return cast("ModelT", _decoded(model, data)) if len(data) <= _KEPT_BYTES else decode(model, data)


@lru_cache(maxsize=1024)
def _decoded(model: type[BaseModel], data: bytes) -> BaseModel:
    return decode(model, data)


def document_json(document: Document) -> bytes:
    """The document's canonical JSON: what is hashed, stored and sent."""
    return encode(document)


def record_json(entry: bytes, document: bytes) -> bytes:
    """Canonical JSON of a record, from its entry's and its document's canonical JSON.

    The document's place among the sorted keys is before `earlier_writers`; within a JSON text value a quote is escaped,
    so the first such key is the entry's own.
    """
    place = entry.index(b'"earlier_writers":')
    return b"".join((entry[:place], b'"document":', document, b",", entry[place:]))


def entry_of(stored: bytes) -> Entry:
    """The entry in a stored record; one and the same where it was parsed a short while ago."""
    return _entry(stored) if len(stored) <= _KEPT_BYTES else decode(Entry, entry_json(stored))


@lru_cache(maxsize=1024)
def _entry(stored: bytes) -> Entry:
    return decode(Entry, entry_json(stored))


def entry_json(stored: bytes) -> bytes:
    """The entry's canonical JSON in a stored record, without validating it again."""
    fields = json.loads(stored)
    del fields["document"]
    return plain_json(fields)


def record_of(kind: str, data: bytes) -> Record[Document]:
    """A record of a kind from its JSON; one and the same where it was parsed a short while ago."""
    return _record(kind, data) if len(data) <= _KEPT_BYTES else _parsed(kind, data)


@lru_cache(maxsize=1024)  # a hundred cases that are at work at one time
def _record(kind: str, data: bytes) -> Record[Document]:
    return _parsed(kind, data)


def _parsed(kind: str, data: bytes) -> Record[Document]:
    return Record[document_type(kind)].model_validate_json(data)  # type: ignore[misc,no-any-return]  # the kind's own


def record_list(values: Sequence[bytes | None]) -> bytes:
    """Canonical JSON of a list whose values are canonical JSON already; None is null."""
    return b"[" + b",".join(value if value is not None else b"null" for value in values) + b"]"


def object_json(parts: Mapping[str, bytes | None]) -> bytes:
    """Canonical JSON of an object whose values are canonical JSON already; what is None is left out."""
    inner = [b'"%b":%b' % (key.encode(), value) for key, value in sorted(parts.items()) if value is not None]
    return b"{" + b",".join(inner) + b"}"
