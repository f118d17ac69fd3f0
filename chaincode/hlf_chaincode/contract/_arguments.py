"""A call's arguments: from bytes to values, and what is wrong with them in the caller's terms.

Text is taken raw, everything else as JSON; what is no JSON is tried as a JSON string, so a date or a code may come with
quotes or without.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Final, TypeVar, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.json_size import require_sane_size

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = [
    "MAX_JSON_BYTES",
    "MAX_TEXT_BYTES",
    "MAX_TRANSIENT_BYTES",
    "MAX_TRANSIENT_VALUES",
    "Decoder",
    "json_bytes",
    "require_bounded_transient",
    "typed_decoder",
    "validated",
]

MAX_TEXT_BYTES: Final = 4096
"""UTF-8 bytes of one text argument."""
MAX_JSON_BYTES: Final = 32 * 1024 * 1024
"""Bytes of one JSON argument."""
MAX_TRANSIENT_BYTES: Final = 32 * 1024 * 1024
"""Bytes of all transient values of a call, names included."""
MAX_TRANSIENT_VALUES: Final = 1000
"""Transient values of a call."""

_LONGEST: Final = 40
"""Characters of a wrong value that are told back."""
_WANTED: Final[Mapping[str, str]] = {
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a smaller whole number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "date_type": "a date like 2026-11-28",
    "date_parsing": "a date like 2026-11-28",
    "date_from_datetime_parsing": "a date like 2026-11-28",
    "date_from_datetime_inexact": "a date like 2026-11-28",
    "datetime_type": "a time like 2026-11-28T09:30:00Z",
    "datetime_parsing": "a time like 2026-11-28T09:30:00Z",
    "datetime_from_date_parsing": "a time like 2026-11-28T09:30:00Z",
    "decimal_parsing": "a decimal number",
    "decimal_type": "a decimal number",
    "string_type": "text",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "dataclass_type": "an object",
}
"""What a caller in any language would call the type that pydantic misses."""

ValueT = TypeVar("ValueT")
Decoder = Callable[[bytes], object]


def require_bounded_transient(transient: Mapping[str, bytes]) -> None:
    """Transient values are bounded as arguments are: a contract parses them, too."""
    size = sum(len(name) + len(value) for name, value in transient.items())
    if size > MAX_TRANSIENT_BYTES or len(transient) > MAX_TRANSIENT_VALUES:
        limits = f"{MAX_TRANSIENT_VALUES} values of {MAX_TRANSIENT_BYTES} bytes in all"
        raise InvalidDocument(f"transient: at most {limits} are taken", field="transient", reason="too large")


def typed_decoder(name: str, annotation: object, adapter: TypeAdapter[object], *, quoting: bool) -> Decoder:
    """What turns an argument's bytes into its value. `quoting`: a wrong value is told back to its sender."""
    plain = get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
    if plain is annotation and plain is str:
        return lambda data: _text(name, data)
    if isinstance(plain, type) and issubclass(plain, str):
        return lambda data: _told(name, lambda: adapter.validate_python(_text(name, data)), quoting)
    return lambda data: _told(name, lambda: _from_json(adapter, json_bytes(name, data)), quoting)


def _from_json(adapter: TypeAdapter[object], data: bytes) -> object:
    try:
        return adapter.validate_json(data)
    except ValidationError as error:
        if error.errors(include_url=False)[0]["type"] != "json_invalid" or data.lstrip()[:1] in {b"{", b"[", b'"', b""}:
            raise
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return adapter.validate_json(data)
    return adapter.validate_json(json.dumps(text))


def _told(name: str, validate: Callable[[], ValueT], quoting: bool) -> ValueT:
    """What `validate` returns; its complaint becomes `InvalidDocument` with the field's path below `name`."""
    try:
        return validate()
    except ValidationError as error:
        problems = error.errors(include_url=False)
        field = ".".join(str(part) for part in (name, *problems[0]["loc"]))
        reason = _reason(problems[0], quoting)
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InvalidDocument(f"{field}: {reason}{more}", field=field, reason=reason) from None


def _reason(problem: ErrorDetails, quoting: bool) -> str:
    kind, context = problem["type"], problem.get("ctx") or {}
    wanted = _WANTED.get(kind)
    if kind in {"enum", "literal_error"}:
        wanted = f"one of {context.get('expected')}"
    if wanted is None:
        return problem["msg"].removeprefix("Value error, ")
    return f"{wanted} is wanted" + (f", not {_shown(problem['input'])}" if quoting else "")


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def validated(name: str, validate: Callable[[], ValueT]) -> ValueT:
    """What `validate` returns; pydantic's complaint becomes `InvalidDocument` with the field's path below `name`."""
    try:
        return validate()
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False, include_context=False)
        field = ".".join(str(part) for part in (name, *problems[0]["loc"]))
        reason = problems[0]["msg"].removeprefix("Value error, ")
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InvalidDocument(f"{field}: {reason}{more}", field=field, reason=reason) from None


def json_bytes(name: str, data: bytes) -> bytes:
    """The bytes of a JSON argument, when there are not too many of them or of the values in it."""
    require_sane_size(data, name)
    return _bounded(name, data, MAX_JSON_BYTES)


def _bounded(name: str, data: bytes, limit: int) -> bytes:
    if len(data) > limit:
        raise InvalidDocument(f"{name}: at most {limit} bytes are taken", field=name, reason="too large")
    return data


def _text(name: str, data: bytes) -> str:
    try:
        return _bounded(name, data, MAX_TEXT_BYTES).decode()
    except UnicodeDecodeError:
        raise InvalidDocument(f"{name}: text is UTF-8", field=name, reason="not UTF-8") from None
