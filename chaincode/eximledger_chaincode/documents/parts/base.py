"""What every trade document has in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.json_size import require_sane_size

__all__ = ["Document", "Value", "invalid_document"]


class Value(BaseModel):
    """A part of a document: immutable, and with no field that is not in its model."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)


class Document(Value):
    """A trade document. `kind` is fixed by the class; `schema_version` grows when a field changes its meaning."""

    schema_version: Literal[1] = 1

    KIND: ClassVar[str]

    @property
    def number(self) -> str:
        """The document's own number, as written on the paper."""
        raise NotImplementedError

    @property
    def id(self) -> str:
        """The document's identity within its kind on the ledger."""
        raise NotImplementedError

    @property
    def exporter(self) -> str | None:
        """USCC of the exporter whose document it is; None where the document belongs to nobody (rates, policies)."""
        return None

    @property
    def dated(self) -> date | None:
        """The date that the paper carries, for lists and fingerprints."""
        return None

    @classmethod
    def parse(cls, data: Mapping[str, object] | str | bytes) -> Self:
        """Validate JSON text or plain JSON values; raises `InvalidDocument` naming the first wrong field."""
        try:
            if isinstance(data, str | bytes):
                require_sane_size(data)
                return cls.model_validate_json(data)
            return cls.model_validate(data)
        except ValidationError as error:
            raise invalid_document(cls.KIND, error) from None


def invalid_document(kind: str, error: ValidationError) -> InvalidDocument:
    """The pydantic error as ours: first wrong field, its reason, and how many more there are; never the value."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    first = problems[0]
    field = ".".join(str(part) for part in first["loc"])
    reason = first["msg"].removeprefix("Value error, ")
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    where = f"{kind}.{field}" if field else kind
    return InvalidDocument(f"{where}: {reason}{more}", field=field, reason=reason)
