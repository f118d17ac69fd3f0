"""A letter tells an exporter what it may know: nothing in it depends on other banks, policy's limits or persons."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.eximledger_chaincode.rules.cases import (
    MAKER,
    NUMBER,
    STRANGER,
    TODAY,
    application,
    bill,
    case,
    cny,
    contract,
    declaration,
    financed,
    held,
    invoice,
    policy,
    usd,
)
from tests.eximledger_chaincode.rules.examples.every import EXAMPLES
from tests.eximledger_chaincode.rules.examples.expected import Example

from eximledger.desk import Letter, left_out, write_letter
from eximledger_chaincode.documents import KINDS, Document, TolerancePolicy
from eximledger_chaincode.lending.likeness.fingerprints import Similarity
from eximledger_chaincode.lending.loan import OPEN, Loan, LoanState
from eximledger_chaincode.lending.register import PaperMatch, PaperStanding
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity, Statement, Text, Verdict
from eximledger_chaincode.rules import RULES, Case, Decision, reconcile
from hlf_client.errors import InvalidDocument, Refused

BANK = "Export-Import Bank"
AT = datetime(2026, 4, 11, 2, tzinfo=UTC)


def loan_of(judged: Case, verdict: Verdict | None = None, state: LoanState = LoanState.CHECKED) -> Loan:
    return Loan(
        loan_id="L-1", bank="EximbankMSP", state=state, version=2, application=judged.application, applied_by=MAKER,
        applied_at=AT, opened_at=AT, applicants=(MAKER,), policy_sha256="0" * 64,
        verdict=verdict or reconcile(judged), checked_at=AT, updated_at=AT,
    )  # fmt: skip


def letter(judged: Case) -> Letter:
    return write_letter(loan_of(judged), BANK, TODAY)


def said(written: Letter) -> str:
    return repr(written.sections)


def matched(
    similarity: Similarity, standing: PaperStanding, *, same_bank: bool, kind: str = "invoice", id: str = ""
) -> PaperMatch:
    found = id or invoice().id
    return PaperMatch(kind=kind, id=found, similarity=similarity, standing=standing, same_bank=same_bank)


def test_it_says_paper_by_paper_what_does_not_agree_by_which_article_and_what_to_bring() -> None:
    written = letter(case(invoice(incoterm="CIF"), bill(on_board_on=date(2026, 4, 2))))
    assert (written.bank, written.loan_id, written.version, written.dated) == (BANK, "L-1", 2, TODAY)
    assert (written.to.name, written.until) == ("贵州东裕电气有限公司", TODAY + timedelta(days=15))
    papers = [str(section.paper) for section in written.sections]
    assert papers == ["invoice CI-01", "transport COSU 6301"]
    (terms,) = [point for point in written.sections[0].points if "Incoterm" in point.says.en]
    assert terms.says.zh == "发票 CI-01 的贸易术语为 CIF，合同 DY-007 为 FOB。"
    assert terms.basis == RULES["CON-INV-TERMS"].source
    assert terms.bring == RULES["CON-INV-TERMS"].remedy.bring


SHIPPED = {Similarity.SAME_SAILING, Similarity.UNDER_WAY}


def test_what_is_known_of_a_container_elsewhere_is_not_to_be_seen() -> None:
    letters = {
        letter(case(matches=(matched(similarity, standing, same_bank=same_bank, kind="transport", id=bill().id),)))
        for similarity in SHIPPED
        for standing in PaperStanding
        for same_bank in (True, False)
    }
    (only,) = letters
    assert "carried the goods of this export" in said(only)


def test_which_bank_financed_a_paper_how_and_how_far_is_not_to_be_seen() -> None:
    """The same letter, whatever the register knows of the paper: one match or several, of whom, of which loan."""
    letters = {
        letter(case(matches=matches))
        for matches in [
            *(
                (matched(similarity, standing, same_bank=same_bank),)
                for similarity in set(Similarity) - SHIPPED
                for standing in PaperStanding
                for same_bank in (True, False)
            ),
            (
                matched(Similarity.EXACT, PaperStanding.STANDING, same_bank=True),
                matched(Similarity.ALL_BUT_DATE, PaperStanding.DISBURSED, same_bank=False),
            ),
        ]
    }
    (only,) = letters
    assert "free of any other financing" in said(only)


def test_what_other_loans_hold_is_not_to_be_seen() -> None:
    asked = application(declarations=(financed(amount=usd(60_000)),), amount=cny(1))
    one, other = (letter(case(asked, positions=(held(usd(amount)),))) for amount in ("40000.01", "99999"))
    assert one == other
    assert "40,000" not in said(one)
    assert "hold" not in said(one)


@pytest.mark.parametrize(
    ("papers", "lax", "strict"),
    [
        ((application(amount=cny(600_000)),), policy(financed_percent=71), policy(financed_percent=37)),
        (
            (declaration(declared_on=date(2025, 7, 1), exported_on=date(2025, 7, 2), settled_on=None),),
            policy(declaration_max_age_days=170),
            policy(declaration_max_age_days=91),
        ),
        (
            (application(matures_on=date(2026, 10, 30)),),
            policy(tenor_max_days=173),
            policy(tenor_max_days=97),
        ),
        ((contract(total=usd(80_000), lines=()),), policy(contract_percent=7), policy(contract_percent=3)),
        ((bill(on_board_on=date(2026, 3, 1)),), policy(presentation_days=33), policy(presentation_days=23)),
    ],
)
def test_what_policy_allows_is_not_to_be_seen(
    papers: tuple[Document, ...], lax: TolerancePolicy, strict: TolerancePolicy
) -> None:
    cases = [case(*papers, policy=limits) for limits in (lax, strict)]
    assert reconcile(cases[0]).findings != reconcile(cases[1]).findings
    one, other = (_written(each) for each in cases)
    assert one.sections == other.sections


def _written(judged: Case) -> Letter:
    """With a point that is to be mended in any case: a letter that only informs is none."""
    found = reconcile(judged)
    mend = Finding(
        rule="INV-MATH", severity=Severity.REJECT, documents=(DocumentName(kind="invoice", number="X"),),
        message=Text(en="It does not add up.", zh="合计不符。"),
    )  # fmt: skip
    return write_letter(loan_of(judged, found.model_copy(update={"findings": (*found.findings, mend)})), BANK, TODAY)


@pytest.mark.parametrize(
    "rule_id", ["SANCTION", "MAKER-CHECKER", "POLICY", "ISSUER", "RULE-SET", "DUP-UNMATCHED", "CONCENTRATION"]
)
def test_a_finding_that_is_not_for_the_exporter_leaves_no_trace(rule_id: str) -> None:
    judged = case(invoice(incoterm="CIF"))
    verdict = reconcile(judged)
    paper = DocumentName(kind="invoice", number="CI-01")
    secret = Finding(
        rule=rule_id, severity=Severity.REJECT, documents=(paper,),
        statements=(Statement(document=paper, field="seller", value="Listed Person"),),
        message=Text(en="Listed Person is on a list.", zh="Listed Person 在名单上。"),
    )  # fmt: skip
    with_it = verdict.model_copy(update={"findings": (secret, *verdict.findings), "verdict": Decision.REJECT})
    assert write_letter(loan_of(judged, with_it), BANK, TODAY) == write_letter(loan_of(judged, verdict), BANK, TODAY)
    assert left_out(with_it) == (secret,)


def test_a_finding_of_a_rule_that_nobody_here_knows_is_left_out() -> None:
    verdict = reconcile(case(invoice(incoterm="CIF")))
    strange = verdict.findings[0].model_copy(update={"rule": "NEW-RULE"})
    told = verdict.model_copy(update={"findings": (strange,)})
    with pytest.raises(Refused, match="for the exporter to mend"):
        write_letter(loan_of(case(), told), BANK, TODAY)


def test_of_another_exporters_declaration_nothing_is_told_but_that_it_is_another_s() -> None:
    theirs = declaration(consignor=STRANGER, status="cancelled", supervision_mode="3010")
    written = letter(case(theirs))
    (section,) = [each for each in written.sections if each.paper.number == NUMBER]
    assert [point.says.en for point in section.points] == [
        f"Declaration {NUMBER} does not name your company as its exporter."
    ]
    assert STRANGER.uscc is not None
    assert STRANGER.uscc not in said(written)
    assert "cancelled" not in said(written)


@pytest.mark.parametrize("example", [example for example in EXAMPLES if example.found], ids=lambda each: each.shows)
def test_no_letter_names_a_member_a_person_or_a_findings_id(example: Example) -> None:
    verdict = reconcile(example.case)
    try:
        text = said(write_letter(loan_of(example.case), BANK, TODAY))
    except Refused:
        return
    assert not re.search(r"MSP|\b(?:maker|checker|reject|refer)\b", text)
    assert not [finding.id for finding in verdict.findings if finding.id in text]


def test_every_point_of_every_example_has_words_in_both_languages() -> None:
    points = 0
    for example in EXAMPLES:
        if example.found and any(
            not RULES[each.rule].remedy.withheld for each in RULES[example.rule].findings(example.case)
        ):
            try:
                written = letter(example.case)
            except Refused:
                continue
            for section in written.sections:
                assert section.paper.kind in KINDS
                for point in section.points:
                    points += 1
                    assert all((*point.says, *point.bring, point.basis))
                    assert "{" not in point.says.en
    assert points > 200


def test_what_only_informs_stands_last_and_makes_no_letter_by_itself() -> None:
    late = bill(on_board_on=date(2026, 3, 20))
    with pytest.raises(Refused, match="for the exporter to mend"):
        letter(case(late, today=date(2026, 4, 14), applied_at=None))
    written = _written(case(late, invoice(incoterm="CIF"), today=date(2026, 4, 14)))
    flags = [point.to_know for section in written.sections for point in section.points]
    assert flags.count(True) == 1


@pytest.mark.parametrize("state", sorted(set(LoanState) - OPEN))
def test_a_decided_loan_gets_no_letter(state: LoanState) -> None:
    with pytest.raises(Refused, match=f"is {state}"):
        write_letter(loan_of(case(invoice(incoterm="CIF")), state=state), BANK, TODAY)


def test_an_unchecked_loan_and_one_without_findings_get_none() -> None:
    unchecked = loan_of(case()).model_copy(update={"verdict": None})
    with pytest.raises(Refused, match="has not been checked"):
        write_letter(unchecked, BANK, TODAY)
    with pytest.raises(Refused, match="for the exporter to mend"):
        letter(case())


def test_the_last_day_is_the_letters_own_or_later() -> None:
    loan = loan_of(case(invoice(incoterm="CIF")))
    assert write_letter(loan, BANK, TODAY, TODAY).until == TODAY
    with pytest.raises(InvalidDocument) as refused:
        write_letter(loan, BANK, TODAY, TODAY - timedelta(days=1))
    assert refused.value.field == "until"
