"""Units are compared across spellings, and converted exactly or not at all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eximledger_chaincode.documents.parts import units
from eximledger_chaincode.documents.parts.units import normal_unit, same_dimension, to_base


@pytest.mark.parametrize(
    ("spellings", "code"),
    [
        (("千克", "公斤", "KGM", "kg", "KGS", "Kgs.", "035", "０３５"), "KGM"),
        (("台", "001", "SET", "sets", "个", "件", "C62", "EA", "PCE", "H87", "NAR", "PCS", "pc"), "C62"),
        (("吨", "TNE", "MT", "M.T.", "metric ton"), "TNE"),
        (("双", "PAIRS", "025"), "PR"),
        (("箱", "CTNS", "carton", "120"), "XCT"),
    ],
)
def test_one_code_for_all_spellings(spellings: tuple[str, ...], code: str) -> None:
    assert {normal_unit(spelling) for spelling in spellings} == {code}


@pytest.mark.parametrize(
    ("quantity", "unit", "expected"),
    [
        ("2.5", "吨", ("2500.0", "KGM")),
        ("1", "LBR", ("0.45359237", "KGM")),
        ("3", "dozen", ("36", "C62")),
        ("10", "双", ("20", "C62")),
        ("1", "CMT", ("0.01", "MTR")),
        ("1000", "升", ("1.000", "MTQ")),
        ("7", "BANANA BOX", ("7", "BANANABOX")),
        ("1", "市尺", ("1", "市尺")),
    ],
)
def test_to_base_is_exact(quantity: str, unit: str, expected: tuple[str, str]) -> None:
    amount, base = to_base(Decimal(quantity), unit)
    assert (amount, base) == (Decimal(expected[0]), expected[1])


def test_dimensions() -> None:
    assert same_dimension("吨", "KGS")
    assert same_dimension("打", "PCS")
    assert not same_dimension("KGM", "C62")
    assert not same_dimension("箱", "件")


def test_no_spelling_means_two_units() -> None:
    """Each spelling of the table is found under the code that lists it, so no later entry hides it."""
    for code, spellings in units._SPELLINGS.items():
        assert {normal_unit(spelling) for spelling in (code, *spellings.split())} == {code}


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**15), max_value=10**15))
def test_ratio_of_units_holds_exactly(quantity: Decimal) -> None:
    assert to_base(quantity, "TNE")[0] == to_base(quantity * 1000, "KGM")[0] == to_base(quantity * 2000, "斤")[0]
