"""The text of a generated module: imports, components, one class for each contract, one for the chaincode."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from hlf_client.typed._metadata import ContractMetadata, FunctionMetadata, Metadata, Schema, read_metadata
from hlf_client.typed._types import Types, class_name, field_name, method_name, unique

__all__ = ["client_module"]

_IMPORTS: Final = {
    "date": ("datetime", "date"),
    "datetime": ("datetime", "datetime"),
    "time": ("datetime", "time"),
    "Literal": ("typing", "Literal"),
    "TypeAlias": ("typing", "TypeAlias"),
    "UUID": ("uuid", "UUID"),
    "Field": ("pydantic", "Field"),
    "JsonValue": ("pydantic", "JsonValue"),
    "Mapping": ("collections.abc", "Mapping"),
    "Sequence": ("collections.abc", "Sequence"),
}
_OPTIONS: Final = {
    "ask": ("transient", "endorsing_organizations"),
    "take": ("transient", "endorsing_organizations"),
    "take_private": ("endorsing_organizations",),
}
_OPTION_TYPES: Final = {
    "transient": "Mapping[str, bytes] | None",
    "endorsing_organizations": "Sequence[str] | None",
}
_RESERVED: Final = frozenset({"Calls", "Done", "Model", "Ledger", "decoder", *_IMPORTS})


def client_module(metadata: bytes, chaincode: str) -> str:
    """A module for a chaincode's metadata. Raises `InvalidDocument` for what is no metadata."""
    return _Writer(read_metadata(metadata), chaincode).module()


class _Writer:
    def __init__(self, metadata: Metadata, chaincode: str) -> None:
        self._metadata, self._chaincode = metadata, chaincode
        contracts = [class_name(each.name or chaincode) for each in metadata.contracts]
        wanted = [*_RESERVED, *map(class_name, metadata.schemas), *(f"{each}Calls" for each in contracts)]
        names = list(unique([*wanted, class_name(chaincode)]))[len(_RESERVED) :]
        components = names[: len(metadata.schemas)]
        self._contracts = names[len(components) : -1]
        self._client = names[-1]
        self._types = Types(dict(zip(metadata.schemas, components, strict=True)))
        self._readers: dict[tuple[str, bool], str] = {}

    def module(self) -> str:
        components = [line for name in self._ordered() for line in self._component(name)]
        reading = list(self._reading())
        contracts = [
            line
            for each, name in zip(self._metadata.contracts, self._contracts, strict=True)
            for line in self._contract(each, name)
        ]
        body = [*components, *reading, *contracts, *self._whole()]
        title = _words(f"{self._metadata.title or self._chaincode} {self._metadata.version}")
        head = [
            f'"""A typed client of the chaincode {_words(self._chaincode)} ({title}).',
            "",
            "Written by `hlf client generate`: write it again, do not change it.",
            '"""',
            "",
            "from __future__ import annotations",
            "",
            *self._import_lines(),
        ]
        return "\n".join([*head, *body]) + "\n"

    def _ordered(self) -> Iterator[str]:
        """Other names for simple types, then models, then names for what is made of models: an alias is evaluated."""
        schemas = self._metadata.schemas
        texts = {name: json.dumps(schema) for name, schema in schemas.items()}
        made_of_others = {name for name, text in texts.items() if '"$ref"' in text or "one of" in text}
        yield from sorted(schemas, key=lambda name: 1 if _is_model(schemas[name]) else 2 * (name in made_of_others))

    def _component(self, name: str) -> Iterator[str]:
        schema, made = self._metadata.schemas[name], self._types.components[name]
        if not _is_model(schema):
            self._types.used.add("TypeAlias")
            yield from ("", f"{made}: TypeAlias = {self._types.of(schema)}")
            return
        yield from ("", "", f"class {made}(Model):")
        yield f'    """{_sentence(str(schema.get("description") or name))}"""'
        properties = schema.get("properties")
        assert isinstance(properties, dict)  # noqa: S101 - `_is_model` has looked
        required = schema.get("required")
        needed = set(required) if isinstance(required, list) else set()
        yield ""
        yield from self._fields(properties, needed)

    def _fields(self, properties: dict[str, Schema], needed: set[str]) -> Iterator[str]:
        """Fields that must be there first: others have a default."""
        names = dict(zip(properties, unique(map(field_name, properties)), strict=True))
        for name in sorted(properties, key=lambda each: each not in needed):
            annotation, made = self._types.of(properties[name]), names[name]
            if name not in needed and not annotation.endswith("| None"):
                annotation += " | None"
            default = "" if name in needed else "None"
            if made != name:
                self._types.used.add("Field")
                arguments = [f"default={default}"] if default else []
                arguments += [f"validation_alias={name!r}", f"serialization_alias={name!r}"]
                default = f"Field({', '.join(arguments)})"
            yield f"    {made}: {annotation}" + (f" = {default}" if default else "")

    def _reading(self) -> Iterator[str]:
        """What reads results, once for each type; made when the module is imported."""
        for contract in self._metadata.contracts:
            for function in contract.functions:
                self._readers.setdefault(self._result(function), f"_read_{len(self._readers)}")
        if self._readers:
            yield ""
        for (annotation, text), name in self._readers.items():
            declared = f"{name}: Callable[[bytes], {annotation}]"
            self._types.used.add("Callable")
            yield f"{declared} = decoder({annotation}{', text=True' if text else ''})"

    def _result(self, function: FunctionMetadata) -> tuple[str, bool]:
        if function.returns is None:
            self._types.used.add("JsonValue")
            return "JsonValue", True
        return self._types.of(function.returns), function.returns.get("type") == "string"

    def _contract(self, contract: ContractMetadata, made: str) -> Iterator[str]:
        called = f"contract {contract.name}" if contract.name else "the chaincode"
        yield from ("", "", f"class {made}:", f'    """The functions of {_sentence(called)}"""', "")
        yield "    def __init__(self, ledger: Ledger, channel: str) -> None:"
        yield "        self._calls = Calls(ledger, channel)"
        names = unique(method_name(each.name) for each in contract.functions)
        for function, name in zip(contract.functions, names, strict=True):
            yield from self._method(contract, function, name)

    def _method(self, contract: ContractMetadata, function: FunctionMetadata, made: str) -> Iterator[str]:
        verb = "ask" if function.is_query else "take_private" if function.is_private else "take"
        options = _OPTIONS[verb]
        parameters = function.parameters
        names = list(unique(["self", *options, *(field_name(each.name) for each in parameters)]))[1 + len(options) :]
        annotation, text = self._result(function)
        yield from ("", f"    async def {made}(", "        self,")
        for each, name in zip(parameters, names, strict=True):
            yield f"        {name}: {self._parameter(each.schema)}" + ("," if each.required else " | None = None,")
        yield "        *,"
        for option in options:
            self._types.used.update({"Mapping", "Sequence"} if option == "transient" else {"Sequence"})
            yield f"        {option}: {_OPTION_TYPES[option]} = None,"
        yield f"    ) -> {annotation if verb == 'ask' else f'Done[{annotation}]'}:"
        called = f"{contract.name}:{function.name}" if contract.name else function.name
        told = "Evaluate" if verb == "ask" else "Submit"
        yield f'        """{told} `{_words(called)}`."""'
        yield f"        return await self._calls.{verb}("
        yield f"            {called!r},"
        yield f"            [{', '.join(names)}],"
        yield f"            {self._readers[annotation, text]},"
        yield from (f"            {option}={option}," for option in options)
        yield "        )"

    def _parameter(self, schema: Schema) -> str:
        """What a caller may give: any sequence where a list is taken."""
        annotation = self._types.of(schema)
        if annotation.startswith("tuple[") and annotation.endswith(", ...]"):
            self._types.used.add("Sequence")
            return f"Sequence[{annotation[len('tuple[') : -len(', ...]')]}]"
        return annotation

    def _whole(self) -> Iterator[str]:
        yield from ("", "", f"class {self._client}:")
        yield f'    """The chaincode {_words(self._chaincode)} on one channel."""'
        yield ""
        yield "    def __init__(self, ledger: Ledger, channel: str) -> None:"
        attributes = unique(method_name(each.name or "calls") for each in self._metadata.contracts)
        for attribute, made in zip(attributes, self._contracts, strict=True):
            yield f"        self.{attribute} = {made}(ledger, channel)"

    def _import_lines(self) -> Iterator[str]:
        used: dict[str, set[str]] = {}
        homes = {**_IMPORTS, "Callable": ("collections.abc", "Callable")}
        for name in self._types.used:
            module, imported = homes[name]
            used.setdefault(module, set()).add(imported)
        standard = [each for each in sorted(used) if each != "pydantic"]
        yield from (f"from {each} import {', '.join(sorted(used[each]))}" for each in standard)
        yield ""
        if "pydantic" in used:
            yield from (f"from pydantic import {', '.join(sorted(used['pydantic']))}", "")
        names = ["Calls", "decoder"]
        takes = [not each.is_query for contract in self._metadata.contracts for each in contract.functions]
        names += ["Done"] if any(takes) else []
        names += ["Model"] if any(map(_is_model, self._metadata.schemas.values())) else []
        yield "from hlf_client import Ledger"
        yield f"from hlf_client.typed import {', '.join(sorted(names, key=lambda each: (each.islower(), each)))}"


def _is_model(schema: Schema) -> bool:
    return isinstance(schema.get("properties"), dict)


def _words(text: str) -> str:
    """Text of others as it may stand in a docstring."""
    line = " ".join(text.split()).replace("\\", "/").replace('"', "'")
    return "".join(each for each in line if each.isprintable())


def _sentence(text: str) -> str:
    return _words(text).removesuffix(".") + "."
