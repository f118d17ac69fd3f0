"""The JSON Schema (draft 2020-12) of a kind of paper, or of any, as documents are written."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Final, Union, get_args

from pydantic import BaseModel, Field, TypeAdapter

from eximledger.formats.schemas.fields import described_fields
from eximledger.formats.schemas.generator import Generator
from eximledger_chaincode.documents import KINDS, document_type
from hlf_chaincode.canonical import Json
from hlf_chaincode.errors import InvalidDocument

__all__ = ["DIALECT", "json_schema", "models_of_papers", "require_schema", "schema_id"]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_OURS: Final = "urn:eximledger:schema:"
_STRANGERS: Final = frozenset({"gt", "ge", "lt", "le", "max_digits", "decimal_places"})
_NAMES_ITS_SCHEMA: Final = {
    "type": "string",
    "description": "Which schema the paper is written by: this one's $id. It is no part of the paper.",
}


def schema_id(kind: str = "") -> str:
    """The `$id` of a kind's schema, or of the schema of any kind: what a paper may have as its `$schema`."""
    return f"{_OURS}{kind}:1" if kind else f"{_OURS}any:1"


def json_schema(kind: str = "") -> dict[str, Json]:
    """The schema of a kind, or of papers of any kind. Raises `InvalidDocument` for an unknown kind."""
    generator = {"mode": "serialization", "schema_generator": Generator}
    if kind:
        made = document_type(kind).model_json_schema(**generator)  # type: ignore[arg-type]
    else:
        models = tuple(row.model for row in KINDS.values())
        any_kind = Annotated[Union[models], Field(discriminator="kind")]  # type: ignore[valid-type]  # noqa: UP007
        made = TypeAdapter(any_kind).json_schema(**generator)  # type: ignore[arg-type]
        made["title"] = "Document"
        made["description"] = "A paper of any kind, told by its `kind`."
    _describe(made)
    _without_strangers(made)
    return {"$schema": DIALECT, "$id": schema_id(kind), **made}


def _describe(schema: dict[str, Json]) -> None:
    """Every field of every model in it gets its description; papers may name their schema."""
    definitions = schema.get("$defs", {})
    assert isinstance(definitions, dict)  # noqa: S101 - JSON Schema's own
    for part in (schema, *definitions.values()):
        assert isinstance(part, dict)  # noqa: S101 - as above
        model, properties = models_of_papers().get(str(part.get("title", ""))), part.get("properties")
        if model is None or not isinstance(properties, dict):
            continue
        for field, said in described_fields(model).items():
            entry = properties.get(field)
            if isinstance(entry, dict):
                entry["description"] = said
        if "schema_version" in properties:
            properties["$schema"] = dict(_NAMES_ITS_SCHEMA)


def _without_strangers(part: Json) -> None:
    """pydantic's own bounds of decimals, which are no words of JSON Schema."""
    if isinstance(part, list):
        for each in part:
            _without_strangers(each)
    elif isinstance(part, dict):
        for name in _STRANGERS & part.keys():
            if not isinstance(part[name], dict):
                del part[name]
        for each in part.values():
            _without_strangers(each)


@cache
def models_of_papers() -> dict[str, type[BaseModel]]:
    """Every model that stands in some kind of paper, by its name."""
    found: dict[str, type[BaseModel]] = {}
    left: list[object] = [row.model for row in KINDS.values()]
    while left:
        each = left.pop()
        if isinstance(each, type) and issubclass(each, BaseModel):
            if each.__name__ not in found:
                found[each.__name__] = each
                left += [field.annotation for field in each.model_fields.values()]
        else:
            left += get_args(each)
    return found


def require_schema(named: object, kind: str) -> None:
    """Raises `InvalidDocument` where a paper names a schema of ours that is another kind's or version's; others' say
    nothing here."""
    if not isinstance(named, str):
        raise InvalidDocument("$schema: write it as text", field="$schema", reason="write it as text")
    if named.startswith(_OURS) and named not in (schema_id(kind), schema_id()):
        reason = f"names {named[:80]}, and the paper is by {schema_id(kind)[:80]}"
        raise InvalidDocument(f"$schema: {reason}", field="$schema", reason=reason)
