"""Parties of public registers and of the trade: how many that must alarm do, and how many do that need not."""

from __future__ import annotations

from tests.eximledger_chaincode.documents.names.pair_table import SOURCES, pairs, parts, table

from eximledger_chaincode.documents.parts.names.comparison import compare_names


def test_the_table_is_of_two_hundred_pairs_half_of_which_must_alarm() -> None:
    known = pairs()
    assert len({(pair.left, pair.right) for pair in known}) == len(known) == 200
    assert sum(pair.alarm for pair in known) == 100
    assert sum(pair.register != "trade" for pair in known) == 130
    assert {pair.register for pair in known} == SOURCES.keys()


def test_what_must_alarm_does_and_most_that_need_not_does_not() -> None:
    known = pairs()
    missed = {(pair.left, pair.right) for pair in known if pair.alarm and not pair.alarms}
    assert missed == {
        ("AMAN CONSTRUCTION", "Aman Construction Est"),  # two firms that differ in a form that one leaves out
        ("VAN LOON BEHEER B.V", "Van Loon Beheer B.V."),  # two firms of one name
    }
    false = [pair for pair in known if pair.alarms and not pair.alarm]
    assert len(false) <= 29
    assert sum(pair.register == "OFAC" for pair in false) == 26, "other names of an entity, not other spellings"


def test_whichever_name_comes_first_the_answer_is_one() -> None:
    for pair in pairs():
        assert compare_names(pair.left, pair.right) == compare_names(pair.right, pair.left)


def test_the_page_shows_what_is_measured() -> None:
    _, written, _ = parts()
    assert written == table(), "run: python -m tests.eximledger_chaincode.documents.names.pair_table"
