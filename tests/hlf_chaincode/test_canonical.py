"""Canonical JSON: one byte string for one value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

import eximledger_chaincode.contracts  # noqa: F401 - declares every model
from eximledger_chaincode.documents import Money
from hlf_chaincode.canonical import canonical_json

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_it_is_json_and_says_the_same(value: object) -> None:
    try:
        text = canonical_json(value)
    except UnicodeEncodeError:  # half a surrogate pair has no UTF-8
        return
    assert json.loads(text) == value
    assert canonical_json(json.loads(text)) == text


@given(st.dictionaries(st.text(max_size=5), st.integers(), max_size=6))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    try:
        assert canonical_json(value) == canonical_json(dict(reversed(value.items())))
    except UnicodeEncodeError:
        return


def test_values_have_one_form() -> None:
    value = {"money": Money.of("1000.50", "USD"), "share": Decimal("1E+2"), "on": date(2026, 4, 1), "none": None}
    expected = '{"money":{"amount":"1000.50","currency":"USD"},"none":null,"on":"2026-04-01","share":"100"}'
    assert canonical_json(value) == expected.encode()


def test_a_float_is_refused() -> None:
    with pytest.raises(TypeError):
        canonical_json({"share": 0.8})


def models(of: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in of.__subclasses__():
        yield model
        yield from models(model)


def test_no_model_has_a_float() -> None:
    """canonical_json takes a model's own dump as it is."""
    found = {model for model in models(BaseModel) if model.__module__.startswith("eximledger_chaincode.")}
    assert len(found) > 60
    for model in found:
        if not model.__pydantic_generic_metadata__["parameters"]:
            schema = json.dumps(model.model_json_schema(mode="serialization"))
            assert '"type": "number"' not in schema, model
