"""A re-screening: what is new in it, and whether it says what the one before said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eximledger_chaincode.lending.screening.screening import Edition, news, screening_of
from eximledger_chaincode.lending.verdict import Finding, Severity, Text

AT = datetime(2026, 4, 2, tzinfo=UTC)
UN = Edition(list_id="UN-SC", version=1, edition="7")


def finding(rule: str = "SANCTION", severity: Severity = Severity.REFER) -> Finding:
    return Finding(rule=rule, severity=severity, documents=(), message=Text(en=rule, zh=rule))


@pytest.mark.parametrize(
    ("now", "known", "new"),
    [
        ([finding()], [], [0]),
        ([finding()], [finding()], []),
        ([finding(severity=Severity.INFORM)], [], []),
        ([finding(severity=Severity.REJECT)], [finding()], [0]),
        ([finding(), finding("LICENCE")], [finding()], [1]),
    ],
)
def test_what_is_new(now: list[Finding], known: list[Finding], new: list[int]) -> None:
    """What stops money and was not known, or not as so severe."""
    assert news(now, known) == tuple(now[place] for place in new)


def test_a_screening_says_the_same_but_for_its_time() -> None:
    first = screening_of("L-1", [UN], [finding()], AT)
    assert (first.loan_id, first.at, first.editions, first.findings) == ("L-1", AT, (UN,), (finding(),))
    assert first.says_the_same(screening_of("L-1", [UN], [finding()], AT.replace(hour=9)))
    assert not first.says_the_same(screening_of("L-1", [], [finding()], AT))
    assert not first.says_the_same(screening_of("L-1", [UN], [], AT))
