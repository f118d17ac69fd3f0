"""What a chaincode says of itself, read: the metadata of Fabric's contract APIs in Go, Java, Node and Python."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from hlf_client.errors import InvalidDocument

__all__ = ["ContractMetadata", "FunctionMetadata", "Metadata", "ParameterMetadata", "Schema", "read_metadata"]

Schema: TypeAlias = Mapping[str, object]

_SYSTEM: Final = "org.hyperledger.fabric"
"""The contract that every chaincode has; its one function gives the metadata."""


@dataclass(frozen=True, slots=True)
class ParameterMetadata:
    name: str
    schema: Schema
    required: bool


@dataclass(frozen=True, slots=True)
class FunctionMetadata:
    """One function. `returns` is None where the chaincode does not say."""

    name: str
    is_query: bool
    is_private: bool
    parameters: tuple[ParameterMetadata, ...]
    returns: Schema | None


@dataclass(frozen=True, slots=True)
class ContractMetadata:
    name: str
    functions: tuple[FunctionMetadata, ...]


@dataclass(frozen=True, slots=True)
class Metadata:
    title: str
    version: str
    contracts: tuple[ContractMetadata, ...]
    schemas: Mapping[str, Schema]


def read_metadata(data: bytes) -> Metadata:
    """Raises `InvalidDocument` for what is no metadata of a chaincode."""
    try:
        content = _mapping(json.loads(data), "the metadata")
    except ValueError:
        raise _wrong("the metadata", "is not JSON") from None
    info, components = _at(content, "info"), _at(content, "components")
    contracts = [
        _contract(name, _mapping(each, f"contract {name}")) for name, each in _at(content, "contracts").items()
    ]
    schemas = {name: _mapping(each, f"component {name}") for name, each in _at(components, "schemas").items()}
    found = tuple(each for each in contracts if each.functions and each.name != _SYSTEM)
    if not found:
        raise _wrong("the metadata", "names no function")
    return Metadata(str(info.get("title", "")), str(info.get("version", "")), found, schemas)


def _contract(name: str, content: Schema) -> ContractMetadata:
    functions = content.get("transactions") or []
    if not isinstance(functions, list):
        raise _wrong(f"contract {name}", "has transactions that are no list")
    where = f"a transaction of {name}"
    return ContractMetadata(name, tuple(_function(_mapping(each, where), where) for each in functions))


def _function(content: Schema, where: str) -> FunctionMetadata:
    name = content.get("name")
    if not isinstance(name, str) or not name:
        raise _wrong(where, "has no name")
    tag = content.get("tag", [])
    tags = {str(each).upper() for each in (tag if isinstance(tag, list) else [tag])}
    parameters = content.get("parameters") or []
    if not isinstance(parameters, list):
        raise _wrong(name, "has parameters that are no list")
    return FunctionMetadata(
        name=name,
        is_query="EVALUATE" in tags or "EVALUATETX" in tags,
        is_private="PRIVATE" in tags,
        parameters=tuple(_parameters(parameters, name)),
        returns=_returns(content.get("returns")),
    )


def _parameters(content: list[object], function: str) -> Iterator[ParameterMetadata]:
    for number, each in enumerate(content):
        one = _mapping(each, f"a parameter of {function}")
        name, required = one.get("name"), one.get("required", True)
        yield ParameterMetadata(str(name or f"argument{number}"), _at(one, "schema"), required is not False)


def _returns(content: object) -> Schema | None:
    """A schema; older APIs wrap it in an object with a name, and that in a list."""
    if isinstance(content, list):
        content = content[0] if content else None
    if isinstance(content, Mapping) and isinstance(content.get("schema"), Mapping):
        content = content["schema"]
    return content if isinstance(content, Mapping) and content else None


def _at(content: Schema, name: str) -> Schema:
    return _mapping(content.get(name, {}), name)


def _mapping(content: object, where: str) -> Schema:
    if not isinstance(content, Mapping):
        raise _wrong(where, "is no JSON object")
    return content


def _wrong(where: str, reason: str) -> InvalidDocument:
    return InvalidDocument(f"{where} {reason}", field="metadata", reason=reason)
