"""pydantic's schemas with what its own leave out: the patterns of codes that a function checks, and lists of terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, get_args

from pydantic import AfterValidator
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from eximledger_chaincode.documents.parts import identifiers, money
from hlf_chaincode.canonical import decimal_text

__all__ = ["Generator"]

_DECIMAL: Final = {"type": "string", "pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]{1,12})?$"}
_TERMS: Final = (
    "EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP", "DAT", "DAF", "DES", "DEQ", "DDU",
)  # fmt: skip


def _checker(alias: object) -> Callable[..., object]:
    """The function that a type's values are checked by."""
    return next(each.func for each in get_args(alias) if isinstance(each, AfterValidator))


_CHECKED: Final[dict[Callable[..., object], JsonSchemaValue]] = {
    _checker(identifiers.Uscc): {
        "pattern": r"^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$", "examples": ["91520690MA6DX12344"],
    },
    _checker(identifiers.DeclarationNumber): {
        "pattern": r"^[0-9]{4}20[0-9]{2}[01][0-9]{9}$", "examples": ["530420260000000012"],
    },
    _checker(identifiers.Country): {"pattern": "^[A-Z]{2}$", "examples": ["CN"]},
    _checker(identifiers.Port): {
        "pattern": "^([A-Z]{2}[A-Z2-9]{3}|[0-9]{4}|[A-Z]{3}[0-9]{3})$", "examples": ["CNSHA", "2248", "USA309"],
    },
    _checker(identifiers.ContainerNumber): {"pattern": "^[A-Z]{3}[UJZR][0-9]{7}$", "examples": ["CSQU3054383"]},
    _checker(identifiers.CheckedContainerNumber): {"pattern": "^[A-Z]{3}[UJZR][0-9]{7}$", "examples": ["CSQU3054383"]},
    _checker(identifiers.ImoNumber): {"pattern": "^[0-9]{7}$", "examples": ["9074729"]},
    _checker(money.Currency): {"pattern": "^[A-Z]{3}$", "examples": ["USD"]},
}  # fmt: skip


class Generator(GenerateJsonSchema):
    """As documents are written: capitals, plain decimals, ISO codes."""

    def function_after_schema(self, schema: core_schema.AfterValidatorFunctionSchema) -> JsonSchemaValue:
        made = super().function_after_schema(schema)
        return made | _CHECKED.get(_function(schema), {})

    def ser_schema(self, schema: Any) -> JsonSchemaValue | None:
        if schema.get("type") == "function-plain" and _function(schema) is decimal_text:
            return dict(_DECIMAL)
        return super().ser_schema(schema)

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        made = super().str_schema(schema)
        if str(made.get("pattern", "")).startswith("^(?i:"):  # a flag that other readers of schemas do not know
            return {"type": "string", "enum": list(_TERMS)}
        return made


def _function(schema: Any) -> Callable[..., object]:
    found = schema["function"]
    function: Callable[..., object] = found["function"] if isinstance(found, dict) else found
    return function
