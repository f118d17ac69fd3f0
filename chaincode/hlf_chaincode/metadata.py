"""What a chaincode says of itself: the metadata of Fabric's contract APIs, from the types of its functions.

The official schema (fabric-contract-api, contract-schema.json) is JSON Schema draft 4 and closed: no `anyOf`, `const`
or `$defs`. Pydantic writes draft 2020-12, so schemas are rewritten into that subset: what is optional is left out of
`required` instead of being a union with null, and a choice between models is an object that names them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from pydantic import TypeAdapter

from hlf_chaincode.canonical import Json

__all__ = ["FunctionMetadata", "ParameterMetadata", "chaincode_metadata", "inexact_part"]

_REFERENCE: Final = "#/components/schemas/"

_KEPT: Final = frozenset({
    "$ref", "format", "title", "description", "default", "multipleOf", "maximum", "exclusiveMaximum", "minimum",
    "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxProperties",
    "minProperties", "required", "enum", "additionalProperties", "type", "items", "allOf", "properties",
    "discriminator",
})  # fmt: skip
"""The keywords of the official schema's definition of a schema."""

_GENERIC: Final = re.compile(r"(\w+)\[(.+)\]")
"""The title of a generic model with its parameters."""
_LONGEST_NAME: Final = 40

_INEXACT: Final = {"float": "float", "complex": "complex number", "any": "part of any type"}


@dataclass(frozen=True, slots=True)
class ParameterMetadata:
    """One parameter: its name, the validator of its type, and whether a call must bring it."""

    name: str
    type: TypeAdapter[object]
    required: bool


@dataclass(frozen=True, slots=True)
class FunctionMetadata:
    """One function: `tag` is SUBMIT or EVALUATE; a private one takes its arguments by transient."""

    name: str
    tag: str
    parameters: tuple[ParameterMetadata, ...]
    returns: TypeAdapter[object]
    private: bool = False


def inexact_part(adapter: TypeAdapter[object]) -> str | None:
    """What of a type has no exact canonical form (a float, a part of any type); None when all of it has."""
    for node in _nodes(adapter.core_schema):
        kind = node.get("type")
        if isinstance(kind, str) and kind in _INEXACT:
            return _INEXACT[kind]
    return None


def _nodes(schema: object) -> Iterator[Mapping[str, object]]:
    """Every part of a pydantic core schema. How values are written out (`serialization`) is no part of the type."""
    pending = [schema]
    while pending:
        node = pending.pop()
        if isinstance(node, Mapping):
            yield node
            pending.extend(value for key, value in node.items() if key not in {"metadata", "serialization", "config"})
        elif isinstance(node, list | tuple):
            pending.extend(node)


def chaincode_metadata(title: str, version: str, contracts: Mapping[str, Sequence[FunctionMetadata]]) -> Json:
    """The metadata document of a chaincode, by the official contract schema."""
    adapters = list(_adapters(contracts))
    schemas, shared = TypeAdapter.json_schemas(
        [(key, "serialization", adapter) for key, adapter in adapters], ref_template=_REFERENCE + "{model}"
    )
    found = cast("dict[str, Json]", shared.get("$defs", {}))
    names = _chosen_names(found)
    components = {names[name]: _entitled(_renamed(schema, names), names[name]) for name, schema in found.items()}
    by_key = {
        key: (_subset if key.count(":") == 2 else _nullable)(_renamed(cast("Json", schema), names))
        for (key, _mode), schema in schemas.items()
    }
    return {
        "info": {"title": title, "version": version},
        "contracts": {
            name: {
                "name": name,
                "info": {"title": name, "version": version},
                "transactions": [_described(name, function, by_key) for function in functions],
            }
            for name, functions in contracts.items()
        },
        "components": {
            "schemas": {name: {"$id": name, **_object(_subset(schema))} for name, schema in components.items()}
        },
    }


def _chosen_names(components: Mapping[str, Json]) -> dict[str, str]:
    """Names that a person would choose for what pydantic names by its parameters or its module: `Record[Invoice]` is
    an `InvoiceRecord`, one of a union or the like a `Record`, and `loan.Decision` beside another `Decision` a
    `LoanDecision`."""
    chosen = {name: name for name, schema in components.items() if not _is_made_up(name, schema)}
    for name in sorted(components.keys() - chosen.keys()):
        wanted = list(_wanted_names(name, _title(components[name])))
        numbered = (f"{wanted[-1]}{number}" for number in itertools.count(2))
        chosen[name] = next(each for each in itertools.chain(wanted, numbered) if each not in chosen.values())
    return chosen


def _is_made_up(name: str, schema: Json) -> bool:
    return "__" in name or _GENERIC.fullmatch(_title(schema)) is not None


def _title(schema: Json) -> str:
    return str(_object(schema).get("title", ""))


def _wanted_names(name: str, title: str) -> Iterator[str]:
    """The best first."""
    generic = _GENERIC.fullmatch(title)
    if generic is not None:
        parts = [_capital(next(_wanted_names(part, part))) for part in generic[2].split(", ")]
        if all(part.isidentifier() for part in parts) and len("".join(parts)) <= _LONGEST_NAME:
            yield "".join(parts) + generic[1]
        yield generic[1]
        return
    *modules, own = name.split("__")
    words = [word for module in modules for word in module.split("_") if word]
    for count in range(min(1, len(words)), len(words) + 1):
        yield "".join(_capital(word) for word in [*words[len(words) - count :], own])


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _entitled(schema: Json, name: str) -> Json:
    """With its name for a title where that would tell its parameters."""
    return _object(schema) | {"title": name} if _GENERIC.fullmatch(_title(schema)) else schema


def _renamed(schema: Json, names: Mapping[str, str]) -> Json:
    """The schema with its references by other names."""
    if isinstance(schema, list):
        return [_renamed(each, names) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: _renamed(value, names) for key, value in schema.items()}
    if isinstance(reference := made.get("$ref"), str):
        made["$ref"] = _REFERENCE + names[reference.removeprefix(_REFERENCE)]
    return made


def _adapters(
    contracts: Mapping[str, Sequence[FunctionMetadata]],
) -> Iterator[tuple[str, TypeAdapter[object]]]:
    for name, functions in contracts.items():
        for function in functions:
            yield f"{name}:{function.name}", function.returns
            for parameter in function.parameters:
                yield f"{name}:{function.name}:{parameter.name}", parameter.type


def _described(contract: str, function: FunctionMetadata, schemas: Mapping[str, Json]) -> Json:
    key = f"{contract}:{function.name}"
    return {
        "name": function.name,
        "tag": [function.tag, *(["PRIVATE"] if function.private else [])],
        "parameters": [
            {"name": each.name, "required": each.required, "schema": schemas[f"{key}:{each.name}"]}
            for each in function.parameters
        ],
        "returns": schemas[key],
    }


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _subset(schema: Json) -> Json:
    """A schema of draft 2020-12 in the official subset of draft 4."""
    if not isinstance(schema, dict):
        return schema
    kept = {key: value for key, value in schema.items() if key in _KEPT}
    kept |= _choice(schema)
    if "const" in schema:
        kept["enum"] = [schema["const"]]
    if "prefixItems" in schema:
        kept["items"] = schema["prefixItems"]
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if exclusive in schema:
            kept[bound], kept[exclusive] = schema[exclusive], True
    if kept.get("default", ...) is None:
        del kept["default"]
    if isinstance(kept.get("discriminator"), dict):
        kept["discriminator"] = _object(kept["discriminator"])["propertyName"]
    made = kept | _inner(kept)
    if made.get("required") == []:  # draft 4 takes a list with something in it, or none
        del made["required"]
    return made


def _inner(schema: dict[str, Json]) -> dict[str, Json]:
    """The schemas that stand within one, in the subset as it is."""
    found: dict[str, Json] = {key: _nullable(schema[key]) for key in ("items", "additionalProperties") if key in schema}
    if isinstance(items := found.get("items"), list):
        found["items"] = [_nullable(item) for item in items]
    if "properties" in schema:
        properties = _object(schema["properties"])
        found["properties"] = {name: _subset(value) for name, value in properties.items()}
        required = schema.get("required")
        if isinstance(required, list):
            found["required"] = [name for name in required if not _takes_null(properties.get(str(name)))]
    return found


def _nullable(schema: Json) -> Json:
    """The subset of a schema where a value cannot be left out: that it may be null its description says."""
    subset = _subset(schema)
    if not isinstance(subset, dict) or not _takes_null(schema):
        return subset
    return subset | {"description": f"{subset.get('description', 'a value')} or null"}


def _takes_null(schema: Json) -> bool:
    alternatives = _object(schema).get("anyOf")
    return isinstance(alternatives, list) and {"type": "null"} in alternatives


def _choice(schema: dict[str, Json]) -> dict[str, Json]:
    """What draft 4's subset can say of a union: the one alternative beside null, or an object that names the models."""
    alternatives = schema.get("anyOf") or schema.get("oneOf")
    if not isinstance(alternatives, list):
        return {}
    present = [each for each in alternatives if isinstance(each, dict) and each.get("type") != "null"]
    if len(present) == 1:
        return _object(_subset(present[0]))
    names = [str(each["$ref"]).removeprefix(_REFERENCE) for each in present if "$ref" in each]
    if len(names) == len(present):
        return {"type": "object", "description": f"one of {', '.join(names)}"}
    return {"description": "one of several types"}
