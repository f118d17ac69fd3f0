"""Rule sets side by side: a day has one, each has the edition of a rule of its time, none copies another's rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eximledger_chaincode.rules import cases
from tests.eximledger_chaincode.rules.strategies import arbitrary_cases

from eximledger_chaincode.rules import (
    RULES,
    SETS,
    Case,
    Counts,
    Decision,
    Finding,
    RuleSet,
    Severity,
    decision_of,
    reconcile,
    reconciliation,
    require_rule_set,
    rows_of,
    rule_set_id,
    rule_set_named,
    rule_set_on,
)
from eximledger_chaincode.rules.basis.wording import finding, says
from eximledger_chaincode.rules.ruleset import identity, registry
from eximledger_chaincode.rules.ruleset.registry import EARLIER, Rule, rule
from eximledger_chaincode.rules.ruleset.sets import require_in_order
from hlf_chaincode.errors import Refused

ENDS = date(2026, 6, 30)
OLD = RuleSet("2026.1", date(2026, 1, 1), ENDS)
NEW = RuleSet(
    "2026.2", date(2026, 7, 1), announced_on=date(2026, 5, 1),
    severities=(Counts("DECL-MODE", Severity.REJECT, Severity.REFER),),
)  # fmt: skip
TWO = (OLD, NEW)


def _says(word: str, severity: Severity = Severity.REFER) -> registry.Check:
    def check(case: Case) -> Iterator[Finding]:
        """Says a word."""
        named = says(case.application.document, "word", word)
        yield finding("TRIED", severity, named, en=f"It says {word}.", zh=f"它说 {word}。")

    return check


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A release with two sets, whose rule TRIED has an edition in each."""
    monkeypatch.setattr(registry, "SETS", TWO)
    on = partial(rule_set_on, sets=TWO)
    monkeypatch.setattr(reconciliation, "rule_set_on", on)
    monkeypatch.setattr(identity, "rule_set_on", on)
    rule("TRIED", Severity.REFER, source="a test")(_says("old"))
    rule("TRIED", Severity.REJECT, source="a test", since="2026.2")(_says("new", Severity.REJECT))
    yield
    RULES.pop("TRIED", None)
    EARLIER.pop("TRIED", None)


def said(case: Case) -> list[tuple[str, Severity]]:
    return [(each.statements[0].value, each.severity) for each in reconcile(case).findings if each.rule == "TRIED"]


# -- a day has one -----------------------------------------------------------------------------------------------------


def test_the_releases_sets_follow_on_one_another() -> None:
    require_in_order(SETS)
    require_in_order(TWO)


@pytest.mark.parametrize(
    "second",
    [
        replace(NEW, valid_from=ENDS),
        replace(NEW, valid_from=ENDS + timedelta(days=2)),
        replace(NEW, announced_on=None),
        replace(NEW, announced_on=NEW.valid_from),
        replace(NEW, name="2026.1"),
    ],
)
def test_sets_that_overlap_leave_a_day_out_or_come_unannounced_start_no_release(second: RuleSet) -> None:
    with pytest.raises(ValueError, match="rule set"):
        require_in_order((OLD, second))


@given(st.dates(date(2026, 1, 1), date(2199, 12, 31)))
def test_every_day_from_the_first_on_has_just_one(day: date) -> None:
    assert [each for each in TWO if each.holds_on(day)] == [rule_set_on(day, TWO)]


def test_a_day_before_all_sets_goes_by_the_first_and_is_rejected() -> None:
    day = SETS[0].valid_from - timedelta(days=1)
    assert rule_set_on(day) is SETS[0]
    assert "RULE-SET" in {each.rule for each in reconcile(cases.case(today=day)).findings}


# -- each has the edition of its time ----------------------------------------------------------------------------------


def test_a_case_is_judged_by_the_set_of_its_day(two: None) -> None:
    before, after = (cases.case(today=day) for day in (ENDS, ENDS + timedelta(days=1)))
    assert said(before) == [("old", Severity.REFER)]
    assert said(after) == [("new", Severity.REJECT)]
    names = [reconcile(case).rule_set.partition("+")[0] for case in (before, after)]
    assert names == ["2026.1", "2026.2"]


def test_another_set_may_be_asked_for_and_changes_nothing_of_the_case(two: None) -> None:
    case = cases.case(today=ENDS)
    by_new = reconcile(case, NEW)
    assert [each.statements[0].value for each in by_new.findings if each.rule == "TRIED"] == ["new"]
    assert (by_new.evidence, by_new.read) == (reconcile(case).evidence, reconcile(case).read)
    assert by_new.evidence_hash != reconcile(case).evidence_hash


def test_a_set_says_as_what_a_rules_findings_count(two: None) -> None:
    gift = cases.case(cases.declaration(supervision_mode="3010"), today=ENDS)
    severities = [
        [each.severity for each in reconcile(gift, by).findings if each.rule == "DECL-MODE"] for by in (OLD, NEW)
    ]
    assert severities == [[Severity.REJECT], [Severity.REFER]]
    (row,) = (row for row in rows_of(NEW) if row.rule.id == "DECL-MODE")
    assert row.severities == (Severity.REFER,)


def test_a_rule_ends_with_the_set_before_the_one_it_names() -> None:
    rules = {
        "A": Rule("A", (Severity.REFER,), "a test", _says("a"), until="2026.2"),
        "B": Rule("B", (Severity.REFER,), "a test", _says("b"), since="2026.2"),
    }
    assert [[row.rule.id for row in rows_of(each, rules, {}, TWO)] for each in TWO] == [["A"], ["B"]]


@pytest.mark.parametrize(
    ("since", "until", "says_why"),
    [("2026.1", "", "twice"), ("2027.9", "", "no rule set 2027.9"), ("2026.2", "2026.1", "ends before it begins")],
)
def test_a_rule_that_stands_there_twice_or_in_no_set_starts_no_release(
    two: None, since: str, until: str, says_why: str
) -> None:
    with pytest.raises(ValueError, match=says_why):
        rule("TRIED", Severity.REFER, source="a test", since=since, until=until)(_says("again"))


@given(arbitrary_cases(), st.sampled_from(sorted(RULES)))
@settings(deadline=None, max_examples=15)
def test_a_set_without_a_rule_finds_what_the_others_find(case: Case, left_out: str) -> None:
    draft = RuleSet("draft", SETS[0].valid_from, without=(left_out,), base=SETS[-1].name)
    all_of_them, fewer = reconcile(case, SETS[-1]), reconcile(case, draft)
    assert list(fewer.findings) == [each for each in all_of_them.findings if each.rule != left_out]
    assert fewer.verdict is decision_of(fewer.findings)


@given(arbitrary_cases(), st.sampled_from(Severity))
@settings(deadline=None, max_examples=15)
def test_severities_change_neither_what_is_found_nor_its_name(case: Case, severity: Severity) -> None:
    counted = tuple(Counts(each, found, severity) for each in RULES for found in Severity)
    draft = RuleSet("draft", SETS[0].valid_from, severities=counted, base=SETS[-1].name)
    before, after = reconcile(case, SETS[-1]), reconcile(case, draft)
    assert {each.id for each in after.findings} == {each.id for each in before.findings}
    assert {each.severity for each in after.findings} <= {severity}
    decision = {"reject": Decision.REJECT, "refer": Decision.REFER, "inform": Decision.APPROVE}[severity]
    assert after.verdict is (decision if after.findings else Decision.APPROVE)


# -- ids ---------------------------------------------------------------------------------------------------------------


def test_sets_of_one_release_share_the_hash_and_a_draft_has_its_own() -> None:
    ids = [rule_set_id(each) for each in TWO]
    assert [each.partition("+")[0] for each in ids] == ["2026.1", "2026.2"]
    assert len({each.partition("+")[2] for each in ids}) == 1
    drafts = [RuleSet("2026.1", OLD.valid_from, without=(each,), base="2026.1") for each in ("AMOUNT", "TENOR")]
    assert len({rule_set_id(each) for each in (OLD, *drafts)}) == 3
    assert rule_set_named(ids[0], TWO) is OLD
    assert rule_set_named("2025.9", TWO) is None


def test_a_peer_goes_by_the_set_of_the_transactions_day(two: None) -> None:
    require_rule_set(rule_set_id(OLD), ENDS)
    require_rule_set(rule_set_id(NEW), NEW.valid_from)
    for wanted, day in ((OLD, NEW.valid_from), (NEW, ENDS)):
        with pytest.raises(Refused, match="is asked for, and this peer decides by"):
            require_rule_set(rule_set_id(wanted), day)
