"""The evidence hash: another one for each thing that an officer judges."""

from __future__ import annotations

import pytest

from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.verdict import (
    Decision,
    DocumentName,
    Evidence,
    Finding,
    Severity,
    Statement,
    Text,
    Verdict,
    evidence_hash,
)

NAME = DocumentName(kind="invoice", number="1")
PAPER = Evidence(channel="bank", kind="invoice", id="X:1", version=1, sha256="a" * 64)
FOUND = Finding(
    rule="INV-MATH",
    severity=Severity.INFORM,
    documents=(NAME,),
    statements=(Statement(document=NAME, field="total", value="1"),),
    message=Text(en="It differs.", zh="不符。"),
)
BASIS = ((PAPER,), (FOUND,), "b" * 64, "rules")
OTHER = {
    "version": ((PAPER.model_copy(update={"version": 2}),), *BASIS[1:]),
    "content": ((PAPER.model_copy(update={"sha256": "c" * 64}),), *BASIS[1:]),
    "no paper": ((), *BASIS[1:]),
    "no finding": (BASIS[0], (), *BASIS[2:]),
    "severity": (BASIS[0], (FOUND.model_copy(update={"severity": Severity.REJECT}),), *BASIS[2:]),
    "statement": (BASIS[0], (FOUND.model_copy(update={"statements": ()}),), *BASIS[2:]),
    "rule": (BASIS[0], (FOUND.model_copy(update={"rule": "INV-TOTAL"}),), *BASIS[2:]),
    "policy": (*BASIS[:2], "d" * 64, BASIS[3]),
    "rule set": (*BASIS[:3], "other rules"),
}


@pytest.mark.parametrize("basis", OTHER.values(), ids=OTHER)
def test_each_thing_that_is_judged_changes_it(
    basis: tuple[tuple[Evidence, ...], tuple[Finding, ...], str, str],
) -> None:
    assert evidence_hash(*basis) != evidence_hash(*BASIS)


def test_who_approves_and_how_often_a_thing_is_found_does_not() -> None:
    of_the_officer = FOUND.model_copy(update={"rule": "MAKER-CHECKER", "severity": Severity.REJECT})
    reworded = FOUND.model_copy(update={"message": Text(en="It is not the same.", zh="不同。")})
    assert evidence_hash((PAPER,), (of_the_officer, reworded, FOUND), *BASIS[2:]) == evidence_hash(*BASIS)


def test_a_verdict_says_by_which_hash_it_is_to_be_known() -> None:
    """What a proof compares with the hash that was approved."""
    said = Verdict(
        verdict=Decision.APPROVE, eligible=Money.of("1.00", "CNY"), findings=BASIS[1], rule_set=BASIS[3],
        policy_sha256=BASIS[2], evidence=BASIS[0], evidence_hash="e" * 64,
    )  # fmt: skip
    assert said.computed_hash == evidence_hash(*BASIS) != said.evidence_hash
