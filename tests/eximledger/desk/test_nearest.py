"""Which numbers are one character off, and what is said of a number that no paper carries."""

from __future__ import annotations

import pytest

from eximledger.desk._reading import _is_one_off


@pytest.mark.parametrize(
    ("written", "is_off"),
    [
        ("224820260000418839", True), ("22482026000041883", True), ("2248202600004188366", True),
        ("224820260000418863", True), ("224820260000418836", False), ("224820260000418899", False),
        ("124820260000418837", False), ("", False), ("422820260000418836", False),
    ],
)  # fmt: skip
def test_one_character_is_another_missing_too_many_or_exchanged(written: str, *, is_off: bool) -> None:
    assert _is_one_off("224820260000418836", written) is is_off
    assert _is_one_off(written, "224820260000418836") is is_off
