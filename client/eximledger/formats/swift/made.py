"""Documents from values of a SWIFT field: what the model refuses names the field's line."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError

from eximledger.formats.swift.fields import Field
from eximledger_chaincode.documents import Document, FxReceipt, LetterOfCredit

__all__ = ["credit_of", "receipt_of"]

DocumentT = TypeVar("DocumentT", bound=Document)


def receipt_of(field: Field, **values: object) -> FxReceipt:
    return _made(FxReceipt, field, values)


def credit_of(field: Field, **values: object) -> LetterOfCredit:
    return _made(LetterOfCredit, field, values)


def _made(model: type[DocumentT], field: Field, values: dict[str, object]) -> DocumentT:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        reason = problem["msg"].removeprefix("Value error, ")
        raise field.error(f"is refused: {where + ': ' if where else ''}{reason}") from None
