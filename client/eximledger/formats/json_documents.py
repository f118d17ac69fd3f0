"""The project's own JSON: one document, or a list of them; and what all JSON is held to."""

from __future__ import annotations

import json
from collections import Counter

from eximledger.formats.schemas.schema import require_schema
from eximledger_chaincode.documents import Document, parse_document
from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.json_size import require_sane_size

__all__ = ["parse_json", "read_documents"]


def _refused(reason: str, field: str = "") -> InvalidDocument:
    return InvalidDocument(f"the JSON is refused: {reason}", field=field, reason=reason)


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise _refused(f"it has the name {twice[:40]!r} twice in one object", twice[:40])
    return found


def _constant(name: str) -> object:
    raise _refused(f"{name} is no number of JSON")


def parse_json(text: str) -> object:
    """The values, those with decimals as texts. Raises `InvalidDocument` for what is no sound JSON."""
    require_sane_size(text)
    try:
        parsed: object = json.loads(text, parse_float=str, parse_constant=_constant, object_pairs_hook=_no_duplicates)
    except json.JSONDecodeError as error:
        raise _refused(f"it breaks off or is malformed at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise _refused("it is nested too deeply") from None
    except ValueError:
        raise _refused("it holds a number that is too long") from None
    return parsed


def read_documents(text: str) -> tuple[Document, ...]:
    """The documents, each told by its `kind`. Raises `InvalidDocument`; in a list the field begins with its index."""
    parsed = parse_json(text)
    if isinstance(parsed, dict):
        return (_document(parsed),)
    if not isinstance(parsed, list) or not parsed:
        raise _refused("it is neither a document nor a list of documents")
    return tuple(_numbered(entry, index) for index, entry in enumerate(parsed))


def _document(parsed: dict[str, object]) -> Document:
    """The paper, which may name its schema; that is no part of it."""
    if "$schema" in parsed:
        require_schema(parsed["$schema"], str(parsed.get("kind", "")))
    return parse_document({name: value for name, value in parsed.items() if name != "$schema"})


def _numbered(entry: object, index: int) -> Document:
    if not isinstance(entry, dict):
        raise _refused("an entry of the list is not a document", str(index))
    try:
        return _document(entry)
    except InvalidDocument as error:
        field = f"{index}.{error.field}" if error.field else str(index)
        raise InvalidDocument(f"[{index}] {error.message}", field=field, reason=error.reason) from None
