"""Values that papers are made of, and the words for what does not fit."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, ValidationError

from hlf_chaincode.errors import InvalidDocument

__all__ = ["Value", "invalid_document"]


class Value(BaseModel):
    """A part of a document: immutable, and with no field that is not in its model."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


def invalid_document(kind: str, error: ValidationError) -> InvalidDocument:
    """The pydantic error as ours: first wrong field, its reason, and how many more there are; never the value."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    first = problems[0]
    field = ".".join(str(part) for part in first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    where = f"{kind}.{field}" if field else kind
    return InvalidDocument(f"{where}: {reason}{more}", field=field, reason=reason)
