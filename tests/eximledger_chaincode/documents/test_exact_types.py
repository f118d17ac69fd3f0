"""What a whole number, a flag, a day and a moment of any model may be: as they are written, in bounds, or refused."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

import eximledger_chaincode
from eximledger_chaincode.contracts import exim
from eximledger_chaincode.documents import Money, Value
from eximledger_chaincode.documents.parts.base import Count, Day, First, Flag, Moment, Whole
from eximledger_chaincode.documents.parts.money import ExactDecimal

for module in pkgutil.walk_packages(eximledger_chaincode.__path__, "eximledger_chaincode."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)


def models(above: type[Value] = Value) -> Iterator[type[Value]]:
    for model in above.__subclasses__():
        yield model
        yield from models(model)


MODELS = {
    f"{model.__module__}.{model.__name__.partition('[')[0]}": model
    for model in models()
    if model.__module__.startswith("eximledger_chaincode")
}
"""By their names: of a generic one any that is in use."""


def parts(schema: object, inherited: tuple[str, ...] = ()) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """Every schema below one, with the names of the functions that look at the value before it."""
    if isinstance(schema, dict):
        before = inherited
        if schema.get("type") == "function-before":
            before = (*inherited, schema["function"]["function"].__name__)
        if isinstance(schema.get("type"), str):
            yield schema, before
        for key, value in schema.items():
            if key not in {"metadata", "serialization"}:
                yield from parts(value, before)
    elif isinstance(schema, list | tuple):
        for value in schema:
            yield from parts(value, inherited)


def faults(schema: object) -> list[str]:
    found = []
    for part, before in parts(schema):
        match part["type"]:
            case "int" | "bool" if not part.get("strict"):
                found.append(f"lax {part['type']}")
            case "date" if "_day" not in before or "ge" not in part or "le" not in part:
                found.append("date that is no Day")
            case "datetime" if "_moment" not in before or part.get("tz_constraint") != "aware" or "le" not in part:
                found.append("datetime that is no Moment")
            case "decimal" if "_no_float" not in before:
                found.append("decimal from a float")
            case "literal" if {type(each) for each in part["expected"]} == {int} and "_written_whole" not in before:
                found.append("lax version")
            case "float" | "any" | "time" | "timedelta":
                found.append(part["type"])
    return found


def test_models_are_found() -> None:
    names = {name.rpartition(".")[2] for name in MODELS}
    assert names >= {"ExportDeclaration", "TolerancePolicy", "Loan", "Verdict", "ContractTotal", "EntryPage", "Member"}


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_field_of_every_model_is_read_as_it_is_written(name: str) -> None:
    assert faults(MODELS[name].__pydantic_core_schema__) == []


ARGUMENTS = [
    pytest.param(parameter.metadata.type, id=f"{name}:{function.name}:{parameter.name}")
    for name, contract in exim().contracts.items()
    for function in contract.functions.values()
    for parameter in function.parameters
]


@pytest.mark.parametrize("adapter", ARGUMENTS)
def test_so_is_every_argument_of_every_contract(adapter: TypeAdapter[object]) -> None:
    assert faults(adapter.core_schema) == []


TYPES: dict[str, Any] = {
    "Whole": Whole,
    "Count": Count,
    "First": First,
    "Flag": Flag,
    "Day": Day,
    "Moment": Moment,
    "Decimal": ExactDecimal,
}
REFUSED: dict[str, tuple[object, ...]] = {
    "Whole": (True, 5.0, "5", None),
    "Count": (-1, 10**9, False, "0"),
    "First": (True, 1.0, "1", 2),
    "Flag": (1, 0, "yes", "true", None),
    "Day": (
        *(0, 1.5, True, "0", "1767225600", "2026-01-01T00:00:00", "20260101", "2026-1-1", "２026-01-01"),
        *("0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"),
    ),
    "Moment": (
        *(0, 1.5, "0", "1767225600", "2026-01-01", "2026-01-01T00:00:00"),
        *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
    ),
    "Decimal": (1.5, True, "1e3", "1_000", "Infinity"),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in REFUSED.items() for value in values])
def test_what_is_not_written_as_one_is_refused(name: str, value: object) -> None:
    adapter: TypeAdapter[object] = TypeAdapter(TYPES[name])
    with pytest.raises(ValidationError):
        adapter.validate_python(value)
    with pytest.raises(ValidationError):
        adapter.validate_json(TypeAdapter(object).dump_json(value))


def test_what_is_written_as_one_is_taken() -> None:
    class Sample(Value):
        whole: Whole
        flag: Flag
        day: Day
        moment: Moment
        version: First
        money: Money

    text = """{"whole": -5, "flag": true, "day": "1900-01-01", "moment": "2026-12-31T23:59:59.5+08:00", "version": 1,
               "money": {"amount": "5.50", "currency": "USD"}}"""
    sample = Sample.model_validate_json(text)
    assert sample.day == date(1900, 1, 1)
    assert Sample.model_validate_json(sample.model_dump_json()) == sample
    assert Sample.model_validate(sample.model_dump()) == sample


def test_a_datetime_is_no_day() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(datetime(2026, 1, 1))  # noqa: DTZ001 - a naive one on purpose
