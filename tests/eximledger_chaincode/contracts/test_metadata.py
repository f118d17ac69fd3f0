"""The chaincode describes itself within the official contract schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from eximledger_chaincode.contracts import exim
from eximledger_chaincode.documents.parts.names import scripts
from eximledger_chaincode.rules.ruleset.identity import deciding

# fabric-contract-api, contract-schema.json, definitions/schema: a closed set of keywords
KEYWORDS = {
    "$ref", "format", "title", "description", "default", "multipleOf", "maximum", "exclusiveMaximum", "minimum",
    "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxProperties",
    "minProperties", "required", "enum", "additionalProperties", "type", "items", "allOf", "properties",
    "discriminator", "readOnly", "example",
}  # fmt: skip


def schemas(schema: object) -> Iterator[dict[str, object]]:
    """A schema and every schema inside it."""
    if not isinstance(schema, dict):
        return
    yield schema
    inner = [schema.get("items"), schema.get("additionalProperties"), *dict(schema.get("properties", {})).values()]
    inner += schema.get("allOf", [])
    for each in inner:
        for part in each if isinstance(each, list) else [each]:
            yield from schemas(part)


def test_metadata_keeps_within_the_official_schema() -> None:
    metadata = json.loads(exim().metadata)
    assert set(metadata) == {"info", "contracts", "components"}
    components = metadata["components"]["schemas"]
    found = [{key: value for key, value in each.items() if key != "$id"} for each in components.values()]
    assert all(each["$id"] == name for name, each in components.items())
    for name, contract in metadata["contracts"].items():
        assert contract["name"] == name
        for function in contract["transactions"]:
            assert set(function) == {"name", "tag", "parameters", "returns"}
            assert function["tag"] in (["SUBMIT"], ["SUBMIT", "PRIVATE"], ["EVALUATE"])
            found.append(function["returns"])
            for parameter in function["parameters"]:
                assert set(parameter) <= {"name", "description", "required", "schema"}
                found.append(parameter["schema"])
    for each in found:
        for schema in schemas(each):
            assert set(schema) <= KEYWORDS
            assert isinstance(schema.get("exclusiveMinimum", False), bool)  # draft 4
            if "$ref" in schema:
                assert str(schema["$ref"]).removeprefix("#/components/schemas/") in components


def test_every_function_of_every_contract_is_described() -> None:
    metadata = json.loads(exim().metadata)
    for name, contract in exim().contracts.items():
        described = {function["name"] for function in metadata["contracts"][name]["transactions"]}
        assert described == set(contract.functions)


def test_names_are_ones_that_a_person_would_choose() -> None:
    """`Record[Invoice]` is an `InvoiceRecord`; no module's path and no parameter is in a name or a title."""
    text = exim().metadata.decode()
    components = json.loads(text)["components"]["schemas"]
    assert all(re.fullmatch(r"[A-Z][A-Za-z]{2,31}", name) for name in components)
    assert {"Record", "CommercialInvoiceRecord", "LoanDecision", "VerdictDecision"} <= components.keys()
    assert "Annotated" not in text
    assert "__" not in text
    titles = [str(schema.get("title", "")) for each in components.values() for schema in schemas(each)]
    assert not [title for title in titles if "[" in title]


def test_what_decides_is_read_when_the_chaincode_begins() -> None:
    """Who replaces files under a peer that is running changes neither its rule set's id nor how it compares names."""
    for read in (deciding, scripts._to_simplified, scripts._readings):
        read.cache_clear()
        exim()
        assert read.cache_info().currsize == 1
