"""Every rule says what an exporter is to bring, in both languages, and what it may be told."""

from __future__ import annotations

import re

import pytest
from tests.eximledger_chaincode.rules.examples.every import EXAMPLES
from tests.eximledger_chaincode.rules.examples.expected import Example

from eximledger_chaincode.rules import RULES
from eximledger_chaincode.rules.ruleset.remedies import REMEDIES

WITHHELD = {"CONCENTRATION", "DUP-UNMATCHED", "ISSUER", "MAKER-CHECKER", "POLICY", "RULE-SET", "SANCTION"}
INTERNAL = re.compile(
    r"\b(?:another|other) bank|\bloans? of|\bpolicy (?:allows|finances|does)|他行|政策(?:规定|允许)", re.IGNORECASE
)
ACCUSING = re.compile(r"fraud|launder|phantom|fatf|egmont|sanction|watch.?list|red flag", re.IGNORECASE)
LATIN = re.compile(r"[A-Za-z]{4,}")

by_rule = pytest.mark.parametrize("rule_id", sorted(REMEDIES))


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_every_rule_says_what_to_bring(rule_id: str) -> None:
    assert rule_id in REMEDIES, "add its row to rules/ruleset/remedies.py"
    assert RULES[rule_id].remedy is REMEDIES[rule_id]


def test_no_row_is_left_over() -> None:
    assert REMEDIES.keys() == RULES.keys()


@by_rule
def test_both_languages_are_sentences_of_their_own(rule_id: str) -> None:
    remedy = REMEDIES[rule_id]
    for words in (remedy.bring, *([remedy.instead] if remedy.instead else [])):
        assert re.match(r"[A-Z{]", words.en), words.en
        assert words.en.endswith("."), words.en
        assert words.zh.endswith("。"), words.zh
        assert re.search(r"[一-鿿]", words.zh), words.zh
        assert not LATIN.search(words.zh.replace("{paper}", "")), words.zh
        assert "{" not in words.en.replace("{paper}", ""), words.en
        assert ("{paper}" in words.en) == ("{paper}" in words.zh)
    assert "{paper}" not in remedy.bring.en


@by_rule
def test_no_word_of_ours_names_another_bank_or_accuses(rule_id: str) -> None:
    remedy = REMEDIES[rule_id]
    said = [*remedy.bring, *(remedy.instead or ()), remedy.basis or ""]
    if not remedy.withheld:
        assert not [text for text in said if INTERNAL.search(text) or ACCUSING.search(text)]


def test_what_concerns_the_bank_or_an_authority_alone_is_never_told() -> None:
    assert {rule_id for rule_id, remedy in REMEDIES.items() if remedy.withheld} == WITHHELD
    assert all(REMEDIES[rule_id].instead is None for rule_id in WITHHELD)


FIRING = [example for example in EXAMPLES if example.found]


@pytest.mark.parametrize("example", FIRING, ids=lambda example: f"{example.rule}: {example.shows}")
def test_a_message_that_is_told_as_found_names_no_bank_and_no_limit_of_policy(example: Example) -> None:
    rule = RULES[example.rule]
    if rule.remedy.withheld or rule.remedy.instead is not None:
        return
    for finding in rule.findings(example.case):
        for text in finding.message.en, finding.message.zh:
            assert not INTERNAL.search(text), text
            assert not ACCUSING.search(text), text
            assert "MSP" not in text
    assert not ACCUSING.search(rule.remedy.basis or rule.source)
