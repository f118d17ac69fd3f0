"""A receipt from values of a SWIFT field: what the model refuses names the field's line."""

from __future__ import annotations

from pydantic import ValidationError

from eximledger.formats.swift.fields import Field
from eximledger_chaincode.documents import FxReceipt

__all__ = ["receipt_of"]


def receipt_of(field: Field, **values: object) -> FxReceipt:
    try:
        return FxReceipt.model_validate(values)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        reason = problem["msg"].removeprefix("Value error, ")
        raise field.error(f"is refused: {where + ': ' if where else ''}{reason}") from None
