"""The Python types of a metadata's schemas, as text, and the names of what it describes."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from hlf_client.typed._metadata import Schema

__all__ = ["Types", "class_name", "field_name", "is_text", "method_name", "unique"]

_SIMPLE: Final = {"integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_FORMATS: Final = {"date": "date", "date-time": "datetime", "time": "time", "uuid": "UUID"}
_REFERENCE: Final = re.compile(r"(?:#/components/schemas/|#/definitions/)?([^/#]+)")
_CHOICE: Final = re.compile(r"one of ([\w.]+(?:, [\w.]+)+)")
"""As our own contracts describe what draft 4's subset cannot say."""
OR_NULL: Final = " or null"
_TAKEN: Final = frozenset({"copy", "dict", "json", "schema", "validate", "construct", "self"})
"""What pydantic's models have already; and what a method has."""


def class_name(text: str) -> str:
    """`my-asset` as `MyAsset`."""
    name = "".join(part[:1].upper() + part[1:] for part in re.split(r"[^0-9A-Za-z]+", text) if part) or "Unnamed"
    return name if name.isidentifier() and not keyword.iskeyword(name) else f"X{name}"


def method_name(text: str) -> str:
    """`CreateAsset` as `create_asset`, `getHTTPStatus` as `get_http_status`."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", text)
    return field_name(spaced.lower())


def field_name(text: str) -> str:
    """A property's or parameter's name as Python can write it."""
    name = re.sub(r"\W", "_", text, flags=re.ASCII).strip("_") or "field"
    name = name if not name[0].isdigit() else f"n{name}"
    is_taken = keyword.iskeyword(name) or name in _TAKEN or name.startswith("model_")
    return f"{name}_" if is_taken else name


def unique(names: Iterable[str]) -> Iterator[str]:
    """The same names, with a number behind one that was there already."""
    seen: set[str] = set()
    for name in names:
        number, made = 2, name
        while made in seen:
            made, number = f"{name}{number}", number + 1
        seen.add(made)
        yield made


def is_text(schema: Schema) -> bool:
    """Whether it is text that travels without quotes."""
    return schema.get("type") == "string" and schema.get("format") not in _FORMATS


@dataclass(slots=True)
class Types:
    """Annotations for schemas. `components` are the classes of what the metadata names; `used` is to be imported."""

    components: Mapping[str, str]
    used: set[str] = field(default_factory=set)

    def of(self, schema: Schema) -> str:
        """The annotation of a schema."""
        annotation = self._plain(schema)
        described = schema.get("description")
        is_nullable = isinstance(described, str) and described.endswith(OR_NULL)
        return f"{annotation} | None" if is_nullable else annotation

    def _plain(self, schema: Schema) -> str:
        if "$ref" in schema:
            return self._component(str(schema["$ref"]))
        kind, choices = schema.get("type"), schema.get("enum")
        if isinstance(choices, list) and choices and all(isinstance(each, str | int) for each in choices):
            return self._needs("Literal", f"Literal[{', '.join(map(repr, choices))}]")
        if isinstance(parts := schema.get("allOf"), list) and len(parts) == 1:
            return self._plain(cast("Schema", parts[0]))
        if kind == "string":
            name = _FORMATS.get(str(schema.get("format")))
            return self._needs(name, name) if name else "str"
        if kind == "array":
            return self._array(schema.get("items"))
        if kind in _SIMPLE:
            return _SIMPLE[kind]
        return self._object(schema)

    def _component(self, reference: str) -> str:
        found = _REFERENCE.fullmatch(reference)
        name = found[1] if found else reference
        return self.components.get(name) or self._needs("JsonValue", "JsonValue")

    def _array(self, items: object) -> str:
        if isinstance(items, list):
            return f"tuple[{', '.join(self.of(each) for each in items) or '()'}]"
        return f"tuple[{self.of(cast('Schema', items)) if items else self._needs('JsonValue', 'JsonValue')}, ...]"

    def _object(self, schema: Schema) -> str:
        choice = _CHOICE.fullmatch(str(schema.get("description", "")))
        names = choice[1].split(", ") if choice else []
        if names and all(name in self.components for name in names):
            return " | ".join(self.components[name] for name in names)
        inner = schema.get("additionalProperties")
        if schema.get("type") != "object" or schema.get("properties"):
            return self._needs("JsonValue", "JsonValue")
        value = self.of(inner) if isinstance(inner, Mapping) and inner else self._needs("JsonValue", "JsonValue")
        return f"dict[str, {value}]"

    def _needs(self, name: str, annotation: str) -> str:
        self.used.add(name)
        return annotation
