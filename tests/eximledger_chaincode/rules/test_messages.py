"""What an officer reads: the same in both languages, and each language in its own words."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from tests.eximledger_chaincode.rules.examples.every import EXAMPLES
from tests.eximledger_chaincode.rules.examples.expected import Example

from eximledger_chaincode.documents import KINDS
from eximledger_chaincode.rules import RULES, Finding

FIRING = [example for example in EXAMPLES if example.found]
KIND_WORD = re.compile(
    r"declaration|contract|invoice|transport|\bbill|lading|waybill|packing|receipt|classification|\brate\b|policy"
    r"|application|customs|\bbank\b|bureau|member|\bdays?\b|\bunit\b|\bline\b",
    re.IGNORECASE,
)
MEMBER = re.compile(r"\w+MSP")
FIELD_NAME = re.compile(r"\b[a-z]+_[a-z_]+\b|\w\[\w*\]|\b[a-z]+\.[a-z]+\b")
NUMBER = re.compile(r"\d(?:[\d,.\-]*\d)?")
CURRENCY = re.compile(r"\b(?:USD|EUR|CNY)\b")

by_example = pytest.mark.parametrize("example", FIRING, ids=lambda example: f"{example.rule}: {example.shows}")


def findings(example: Example) -> tuple[Finding, ...]:
    found = RULES[example.rule].findings(example.case)
    assert found
    return found


@by_example
def test_both_languages_name_the_same_numbers_and_currencies(example: Example) -> None:
    for finding in findings(example):
        en, zh = finding.message.en, finding.message.zh
        assert Counter(NUMBER.findall(en)) == Counter(NUMBER.findall(zh)), (en, zh)
        assert Counter(CURRENCY.findall(en)) == Counter(CURRENCY.findall(zh)), (en, zh)


@by_example
def test_chinese_has_no_english_word_of_the_trade(example: Example) -> None:
    for finding in findings(example):
        zh = finding.message.zh
        assert KIND_WORD.search(MEMBER.sub("", zh)) is None, zh
        assert re.search(r"[一-鿿]", zh), zh
        assert zh.endswith("。"), zh


@by_example
def test_english_is_a_sentence_without_names_of_fields(example: Example) -> None:
    for finding in findings(example):
        en = finding.message.en
        assert en[0] == en[0].upper(), en
        assert en.endswith("."), en
        assert "packing-list" not in en, en
        assert FIELD_NAME.search(en) is None, en
        assert "  " not in en, en


@by_example
def test_a_finding_names_the_papers_that_it_is_about(example: Example) -> None:
    for finding in findings(example):
        assert finding.documents
        assert set(finding.documents) == {statement.document for statement in finding.statements}


@by_example
def test_the_findings_of_a_case_can_be_told_apart(example: Example) -> None:
    """An officer overrides a finding by its id: two findings of one id would be overridden at once."""
    ids = [finding.id for finding in findings(example)]
    assert len(set(ids)) == len(ids)


def test_every_kind_has_its_name() -> None:
    """A name of its own in each language, so that a sentence says which paper it is about."""
    for names in zip(*(kind.words for kind in KINDS.values()), strict=True):
        assert all(names)
        assert len(set(names)) == len(KINDS)
