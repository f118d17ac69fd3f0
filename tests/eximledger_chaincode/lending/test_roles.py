"""Persons and duties, from what a certificate says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger_chaincode.rules import cases
from tests.hlf_chaincode.memory_peer import identity

from eximledger_chaincode.lending.roles import (
    Duty,
    Person,
    duties_of,
    is_one_of,
    person_of,
    require_duty,
    writers_of,
)
from hlf_chaincode.creator import Creator, creator_of
from hlf_chaincode.errors import NotAuthorized


def creator(name: str = "wang", role: str = "", enrolled: str = "", unit: str = "client", issue: int = 1) -> Creator:
    who = identity("BankMSP", name, role, enrolled=enrolled, units=(unit,), issue=issue)
    return creator_of(who.msp_id, who.certificate)


def person(name: str, msp_id: str = "BankMSP") -> Person:
    return Person(msp_id=msp_id, name=name)


@pytest.mark.parametrize(
    ("name", "enrolled", "is_named"),
    [
        ("wang", "", "wang"),
        ("desk 3", "wang", "wang"),
        ("", "wang", "wang"),
        (" wang ", "", "wang"),
        ("wang", " ", "wang"),
    ],
)
def test_a_person_is_the_enrolled_name_else_the_common_name(name: str, enrolled: str, is_named: str) -> None:
    assert person_of(creator(name, enrolled=enrolled)) == person(is_named)


@pytest.mark.parametrize(
    ("name", "enrolled"),
    [("", ""), (" ", ""), ("\u200b\u00ad", ""), ("-.-", ""), ("", "  "), ("x", "\u200b" * 200 + "x")],
)
def test_with_neither_there_is_no_act(name: str, enrolled: str) -> None:
    with pytest.raises(NotAuthorized, match="names nobody"):
        person_of(creator(name, "checker", enrolled))


def test_two_hundred_characters_of_a_name_count() -> None:
    assert person_of(creator(enrolled="x" * 199 + "yz")) == person("x" * 199 + "y")


@pytest.mark.parametrize("spelt", ["WANG", "Wang", "ｗａｎｇ", "wa\u200bng", "w\u0430ng", " wang.", "wang\u00ad"])
def test_a_name_spelt_otherwise_is_the_same_person(spelt: str) -> None:
    assert person("wang").is_same(person(spelt))
    assert is_one_of(person(spelt), [person("li"), person("wang")])


@pytest.mark.parametrize("other", [person("wang2"), person("li"), person("wang", "OtherMSP"), person("wangli")])
def test_another_name_or_organisation_is_another_person(other: Person) -> None:
    assert not person("wang").is_same(other)
    assert not is_one_of(other, [person("wang")])


def test_a_reissued_certificate_is_the_same_person() -> None:
    first, second = creator(), creator(issue=2)
    assert first.certificate_hash != second.certificate_hash
    assert person_of(first).is_same(person_of(second))


@pytest.mark.parametrize(
    ("role", "duties"),
    [
        ("", set()),
        ("checker", {Duty.CHECKER}),
        ("maker,checker", {Duty.MAKER, Duty.CHECKER}),
        (" policy , checker ", {Duty.POLICY, Duty.CHECKER}),
        ("Checker", set()),
        ("checkers", set()),
        ("maker;checker", set()),
        ("maker checker", set()),
        ("admin", set()),
        ("checker,unknown,checker", {Duty.CHECKER}),
    ],
)
def test_duties_are_the_words_of_the_attribute(role: str, duties: set[Duty]) -> None:
    assert duties_of(creator(role=role)) == duties


@pytest.mark.parametrize("duty", Duty)
def test_no_duty_follows_from_being_an_administrator(duty: Duty) -> None:
    for unit in ("admin", "peer", duty.value):
        with pytest.raises(NotAuthorized, match=rf"exim\.role={duty}") as raised:
            require_duty(creator(unit=unit), duty, "this")
        assert raised.value.details["role"] == duty
    assert require_duty(creator(role=duty, unit="admin"), duty, "this") == person("wang")


names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(str.strip)


@given(names, names)
def test_to_be_the_same_goes_both_ways(left: str, right: str) -> None:
    assert person(left).is_same(person(left))
    assert person(left).is_same(person(right)) == person(right).is_same(person(left))


def test_whoever_wrote_a_version_is_a_writer_of_the_paper() -> None:
    """Or who wrote the first would decide on a loan on the second."""
    record = cases.record(cases.invoice(), issuer="BankMSP", written_by="li", earlier_writers=("wang", "zhao"))
    assert writers_of(record) == (person("wang"), person("zhao"), person("li"))
