"""The keys of the index: under which an entry stands, and under which a case's subjects look for it."""

from __future__ import annotations

import pytest
from tests.eximledger_chaincode.contracts.listing import entry, party

from eximledger_chaincode.documents import Identifier
from eximledger_chaincode.lending.screening.keys import keys_of, number_of, postings_of
from eximledger_chaincode.lending.screening.subjects import Subject


@pytest.mark.parametrize(
    ("value", "scheme", "number"),
    [
        ("HRB 119922", None, "HRB119922"),
        ("12345", "HRB", None),  # a house, a room, a running number
        ("123456", "HRB", "123456"),
        ("ABCDEF", "HRB", None),  # a word
        ("ABCDE1", "HRB", "ABCDE1"),
        ("1" * 120, "HRB", "1" * 120),
        ("1" * 121, "HRB", None),
        ("KUSTDEFF", None, "KUSTDEFF"),  # a BIC, whatever it is called
        ("KUSTDEFFXXX", "BIC", "KUSTDEFF"),
        ("kustdeffxxx", "bic", "KUSTDEFF"),
        ("KUSTDEFFXXX", "SWIFT", "KUSTDEFF"),
        ("KUSTDEFFXXX", "SWIFT/BIC", "KUSTDEFF"),
        ("KUSTDE2HXXX", "BIC", "KUSTDE2H"),
        ("KUSTDEFFXXX", "HRB", None),
        ("KUSTDEF", None, None),
        ("KUST", "BIC", None),
        ("KUST-DEF!", None, None),
    ],
)
def test_a_number_as_it_is_compared(value: str, scheme: str | None, number: str | None) -> None:
    assert number_of(Identifier(scheme=scheme, value=value)) == number


def postings(**said: object) -> list[tuple[str, str]]:
    found = postings_of(7, entry("E-1", **{"name": "Blue Lagoon"} | said))  # type: ignore[arg-type]  # a text
    assert {number for _, number, _ in found} == {7}
    assert found == sorted(set(found))
    return [(key, form) for key, _, form in found]


BLUE = "blue lagoon"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, [("e:E-1", ""), ("n+lkn+vl", BLUE), ("n=bluelagoon", BLUE)]),
        ({"kind": "person", "name": "Blue"}, [("e:E-1", ""), ("n+vl", "blue"), ("n=blue", "blue")]),
        ({"kind": "other"}, [("e:E-1", ""), ("n+lkn+vl", BLUE), ("n=bluelagoon", BLUE)]),
        ({"kind": "vessel"}, [("e:E-1", ""), ("v+lkn+vl", BLUE), ("v=bluelagoon", BLUE)]),
        ({"imo_number": "9321483"}, [
            ("e:E-1", ""), ("n+lkn+vl", BLUE), ("n=bluelagoon", BLUE), ("s:9321483", ""), ("v+lkn+vl", BLUE),
            ("v=bluelagoon", BLUE)]),
        ({"kind": "vessel", "imo_number": "9321483"}, [
            ("e:E-1", ""), ("s:9321483", ""), ("v+lkn+vl", BLUE), ("v=bluelagoon", BLUE)]),
        ({"weak_aliases": ["Rose"]}, [
            ("e:E-1", ""), ("n+lkn+vl", BLUE), ("n+rs", "?rose"), ("n=bluelagoon", BLUE), ("n=rose", "?rose")]),
        ({"aliases": ["Rose"]}, [
            ("e:E-1", ""), ("n+lkn+vl", BLUE), ("n+rs", "rose"), ("n=bluelagoon", BLUE), ("n=rose", "rose")]),
        ({"name": "Trading Group"}, [  # nothing but general words: they have to do
            ("e:E-1", ""), ("n+krp+trdn", "trading group"), ("n=tradinggroup", "trading group")]),
        ({"name": "Blue Trading"}, [("e:E-1", ""), ("n+vl", "blue trading"), ("n=bluetrading", "blue trading")]),
        ({"kind": "country", "countries": ["KP", "CU"]}, [("c:CU", ""), ("c:KP", ""), ("e:E-1", "")]),
        ({"countries": ["KP"]}, [("e:E-1", ""), ("n+lkn+vl", BLUE), ("n=bluelagoon", BLUE)]),
        ({"kind": "port", "ports": ["KPNAM"]}, [("e:E-1", ""), ("p:KPNAM", "")]),
        ({"kind": "goods", "hs_codes": ["8504"], "identifiers": [{"value": "12"}, {"value": "123456"}]},
         [("e:E-1", ""), ("g:8504", ""), ("i:123456", "")]),
    ],
)  # fmt: skip
def test_what_an_entry_stands_under(said: dict[str, object], found: list[tuple[str, str]]) -> None:
    """By hand: the index of a list that an earlier release filed is of these keys."""
    assert postings(**said) == found


def test_of_a_long_name_the_six_longest_telling_words_are_paired() -> None:
    words = ["mmmm", "nnnnn", "pppppp", "rrrrrrr", "llllllll", "fffffffff", "ddd", "ttt"]
    pairs = [key for key, _ in postings(name=" ".join(words)) if "+" in key]
    assert len(pairs) == 6 * 5 // 2
    assert {head for pair in pairs for head in pair[2:].split("+")} == {"m", "n", "p", "r", "l", "f"}
    equals = [key for key, _ in postings(name="mmm ddd ttt ppp fff lll nnn") if "+" in key]
    assert {head for pair in equals for head in pair[2:].split("+")} == {"m", "d", "p", "f", "l", "n"}, "as they sort"


def test_a_long_name_is_kept_as_far_as_a_key_and_a_row_go() -> None:
    found = postings(name="ab" * 150 + " " + "cd" * 60)
    assert ("n=" + "ab" * 60, "ab" * 150) in found
    assert keys_of(party("ab" * 150))[0] == "n=" + "ab" * 60


@pytest.mark.parametrize(
    ("subject", "keys"),
    [
        ({"kind": "country", "code": "KP"}, ["c:KP"]),
        ({"kind": "port", "code": "KPNAM"}, ["p:KPNAM"]),
        ({"kind": "goods", "code": "8504402000123"},
         ["g:8504", "g:850440", "g:85044020", "g:8504402000", "g:8504402000123"]),
        ({"kind": "goods", "code": "850440200"}, ["g:8504", "g:850440", "g:85044020"]),
        ({"kind": "goods", "code": "8504"}, ["g:8504"]),
        ({"kind": "party", "names": ["Blue Lagoon", "Lagoon Blue", "Rose"]},
         ["n=bluelagoon", "n+lkn+vl", "n=lagoonblue", "n=rose", "n+rs"]),
        ({"kind": "vessel", "names": ["Rose"], "identifiers": [{"scheme": "IMO", "value": "9321483"}]},
         ["v=rose", "v+rs", "s:9321483"]),
        ({"kind": "party", "identifiers": [{"value": "12"}, {"scheme": "BIC", "value": "KUSTDEFFXXX"}]},
         ["i:KUSTDEFF"]),
    ],
)  # fmt: skip
def test_under_which_keys_a_subject_is_looked_up(subject: dict[str, object], keys: list[str]) -> None:
    assert keys_of(Subject.model_validate(subject)) == keys
