"""Schemas of papers: every field is described, every document of ours fits, and what does not fit is told."""

from __future__ import annotations

import io
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.dongyu import DONGYU

from eximledger.formats import TABLE_KINDS, detect, read, schema_id, template_of
from eximledger.formats import json_schema as made_schema
from eximledger.formats.schemas.fields import description_of, table_of_fields
from eximledger.formats.schemas.schema import models_of_papers
from eximledger_chaincode.documents import KINDS
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.errors import InvalidDocument

json_schema = cache(made_schema)
Validator = jsonschema.Draft202012Validator
PAPERS = sorted(path for path in DONGYU.rglob("*") if path.suffix in {".json", ".xml", ".csv", ".xlsx"})


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_a_schema_is_one(kind: str) -> None:
    schema = json_schema(kind)
    Validator.check_schema(schema)
    assert schema["$id"] == schema_id(kind)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def objects(part: Any) -> list[dict[str, Any]]:
    """Every object of a schema that has fields."""
    if isinstance(part, list):
        return [found for each in part for found in objects(each)]
    if not isinstance(part, dict):
        return []
    inner = [found for each in part.values() for found in objects(each)]
    return [part, *inner] if isinstance(part.get("properties"), dict) and part.get("type") == "object" else inner


@pytest.mark.parametrize("kind", ["", *KINDS])
def test_no_field_is_without_a_description(kind: str) -> None:
    found = objects(json_schema(kind))
    assert found
    for each in found:
        for field, said in each["properties"].items():
            assert len(said.get("description", "")) > 3, (
                f"{each['title']}.{field}: write it under the field, or in fields.csv"
            )


def test_the_table_of_fields_says_nothing_of_what_there_is_not() -> None:
    models = models_of_papers()
    for name, field in table_of_fields():
        owners = models.values() if name == "*" else [models[name]]
        assert any(field in each.model_fields for each in owners), f"{name}.{field}"
        if name != "*":
            assert description_of(models[name], field) == table_of_fields()[name, field], f"{name}.{field} has two"


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.relative_to(DONGYU).as_posix())
def test_every_paper_of_the_examples_fits_its_schema(path: Path) -> None:
    try:
        documents = read(path).documents
    except InvalidDocument:
        pytest.skip("no paper")
    for document in documents:
        written = json.loads(canonical_json(document))
        for kind in (document.KIND, ""):
            Validator(json_schema(kind)).validate(written)


@pytest.mark.parametrize("kind", TABLE_KINDS)
def test_papers_of_tables_fit_theirs(kind: str) -> None:
    (document,) = read(template_of(kind)).documents
    Validator(json_schema(kind)).validate(json.loads(canonical_json(document)))


@pytest.mark.parametrize(
    ("kind", "place", "value"),
    [
        ("declaration", "declaration_number", "5304202600000000"),
        ("declaration", "transaction_mode", "8"),
        ("declaration", "status", "gone"),
        ("declaration", "consignor.uscc", "91520690MA6DX1234"),
        ("declaration", "lines.0.hs_code", "85.01"),
        ("declaration", "total.currency", "usd"),
        ("declaration", "total.amount", "1e3"),
        ("declaration", "destination_port", "Hamburg"),
        ("declaration", "destination_country", "DEU"),
        ("declaration", "containers.0", "CSQU305438"),
        ("declaration", "imo_number", "907472"),
        ("invoice", "incoterm", "FOR"),
        ("invoice", "lines.0.quantity", "1,000"),
    ],
)
def test_codes_have_patterns_and_lists(kind: str, place: str, value: str) -> None:
    written = json.loads(canonical_json(read(template_of(kind)).documents[0]))
    *parents, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    target = written
    for each in parents:
        target = target[each]
    assert target[last] is not None
    target[last] = value
    errors = list(Validator(json_schema(kind)).iter_errors(written))
    assert errors, f"{place} may be {value!r}"


# papers that name their schema -----------------------------------------------------

RATE = {"kind": "rate", "currency": "USD", "quoted_on": "2026-01-05", "cny": "700.01"}


@pytest.mark.parametrize("named", [schema_id("rate"), schema_id(), "https://example.org/rate.json"])
def test_a_paper_may_name_its_schema(named: str) -> None:
    assert read(json.dumps({"$schema": named, **RATE}).encode()).documents == read(json.dumps(RATE).encode()).documents


@pytest.mark.parametrize("named", [schema_id("invoice"), "urn:eximledger:schema:rate:2", 1, None, ["x"]])
def test_a_schema_of_another_kind_is_refused(named: object) -> None:
    with pytest.raises(InvalidDocument) as refused:
        read(json.dumps([{"$schema": named, **RATE}]).encode())
    assert refused.value.field == "0.$schema"


# what a paper may be given as --------------------------------------------------------


class Dribble(io.BytesIO):
    """A file that gives a few bytes at a time, as sockets do."""

    name = 7

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size or 0, 5))


def test_a_paper_is_a_path_bytes_or_an_open_file(tmp_path: Path) -> None:
    content = json.dumps(RATE).encode()
    path = tmp_path / "rate.json"
    path.write_bytes(content)
    with path.open("rb") as file, path.open("rb") as again:
        given = (path, str(path), content, bytearray(content), memoryview(content), io.BytesIO(content), file)
        found = [read(each).documents for each in given]
        assert detect(again) == detect(path) == detect(Dribble(content)) == "json"
    assert found == [found[0]] * len(given)
    assert read(Dribble(content)).documents == found[0]


def test_errors_of_open_files(tmp_path: Path) -> None:
    path = tmp_path / "wrong.json"
    path.write_bytes(b"{")
    with path.open("rb") as file, pytest.raises(InvalidDocument, match=re.escape("wrong.json: ")):
        read(file)
    with path.open(encoding="utf-8") as text, pytest.raises(TypeError, match="for reading bytes"):
        read(text)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not int"):
        read(7)  # type: ignore[arg-type]
    with pytest.raises(InvalidDocument, match="larger than 32 MiB"):
        read(memoryview(bytes(33 * 2**20)))
    closed = io.BytesIO(b"{}")
    closed.close()
    with pytest.raises(InvalidDocument, match="cannot be read"):
        read(closed)
