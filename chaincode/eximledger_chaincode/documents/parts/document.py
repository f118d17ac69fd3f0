"""What every trade document has in common."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar, Self

from pydantic import ValidationError

from eximledger_chaincode.documents.parts.base import First, Value, invalid_document
from eximledger_chaincode.documents.parts.index import IndexRow, Traits
from hlf_chaincode.json_size import require_sane_size

__all__ = ["Document"]


class Document(Value):
    """A trade document. `kind` is fixed by the class; `schema_version` grows when a field changes its meaning."""

    schema_version: First = 1

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

    @property
    def traits(self) -> Traits | None:
        """What its fingerprint compares; None for a document that has no fingerprint."""
        return None

    def index_rows(self) -> tuple[IndexRow, ...]:
        """What the ledger sums of it without reading it."""
        return ()

    def of_exporter(self, uscc: str) -> Self:
        """The document as this exporter's, where its paper does not say whose it is."""
        return self

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
