"""What reports say of a loan after its approval: terms, account, interest, conditions, receipts, steps."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console, RenderableType
from tests.eximledger_chaincode.rules.cases import CHECKER, MAKER, application, case, cny, record, usd

from eximledger.reports import (
    Language,
    Report,
    account_table,
    conditions_table,
    html_report,
    life_of,
    loan_table,
    moment,
    next_step,
    offers_table,
    schedule_table,
    terms_table,
    verdict_view,
    write_report,
)
from eximledger_chaincode.documents import FinancedDeclaration, Money
from eximledger_chaincode.documents.parts.terms import Condition, LoanTerms
from eximledger_chaincode.lending.accounts.account import account_of, schedule_of
from eximledger_chaincode.lending.accounts.offers import OfferedReceipt
from eximledger_chaincode.lending.loan import Decision, Loan, LoanState
from eximledger_chaincode.lending.steps import ConditionMet, Override, Payment, Proposal, Step
from eximledger_chaincode.lending.verdict import Decision as Verdict
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity, Text
from eximledger_chaincode.rules import reconcile
from hlf_client.errors import FabricError

AT = datetime(2026, 4, 11, 2, tzinfo=UTC)
DAY = date(2026, 4, 11)


def payment(step: Step, principal: Money | None = None, interest: Money | None = None, **said: object) -> Payment:
    return Payment(
        proposal=Proposal.model_validate({"step": step, **said}), proposed_by=MAKER, confirmed_by=CHECKER, at=AT,
        principal=principal, interest=interest,
    )  # fmt: skip


def loan(*payments: Payment, **changes: object) -> Loan:
    asked = application(terms=LoanTerms(rate_percent=Decimal("3.60")))
    decision = Decision(by=CHECKER, at=AT, outcome=LoanState.APPROVED)
    sound: dict[str, object] = {
        "loan_id": "L-1", "bank": "EximbankMSP", "state": LoanState.DISBURSED, "version": 1,
        "application": record(asked), "applied_by": MAKER, "applied_at": AT, "opened_at": AT, "applicants": (MAKER,),
        "policy_sha256": "0" * 64, "verdict": reconcile(case()), "checked_at": AT, "approval": decision,
        "decision": decision, "payments": payments, "conditions": (Condition.PLEDGE_REGISTRATION,),
        "draws_until": date(2026, 5, 11), "updated_at": AT,
        "held": (FinancedDeclaration(declaration_number="224820260000418836", amount=usd("70000.00")),),
    }  # fmt: skip
    return Loan(**{**sound, **changes})


DRAWN = payment(
    Step.DISBURSEMENT, cny("500000.00"), cny("0.00"), amount=cny("500000.00"), day=DAY, reference="OUT-1",
    conditions=(ConditionMet(condition=Condition.PLEDGE_REGISTRATION, reference="ZD-7"),),
)  # fmt: skip
BACK = payment(
    Step.REPAYMENT, cny("200000.00"), cny("1500.00"), amount=cny("201500.00"), day=date(2026, 5, 11), reference="IN-1"
)


@dataclass
class Page:
    """A terminal of 140 columns."""

    console: Console = field(default_factory=lambda: Console(file=io.StringIO(), width=140))

    def text(self, shown: RenderableType) -> str:
        self.console.print(shown)
        assert isinstance(self.console.file, io.StringIO)
        return self.console.file.getvalue()


def lines(shown: RenderableType) -> list[list[str]]:
    return [line.split("  ") for line in Page().text(shown).splitlines()]


def facts(shown: RenderableType) -> dict[str, str]:
    return {cells[0].strip(): cells[-1].strip() for cells in ([*line, ""] for line in lines(shown)) if cells} | {
        line[0].strip(): [each for each in line if each.strip()][-1].strip() for line in lines(shown) if any(line)
    }


def test_terms_are_as_the_last_extension_has_them() -> None:
    longer = payment(Step.EXTENSION, matures_on=date(2026, 9, 1), rate_percent="4.20", reason="the buyer pays later")
    told = facts(terms_table(loan(DRAWN, longer), "en"))
    assert (told["Rate"], told["Matures on"], told["Product"]) == ("4.2 % / 360", "2026-09-01", "export bill")
    assert told["Overdue surcharge"] == "50 %"


def test_an_account_says_what_is_owed_and_late() -> None:
    told = facts(account_table(account_of(loan(DRAWN, BACK), date(2026, 10, 19)), "en"))
    assert (told["Drawn"], told["Repaid"], told["Outstanding"]) == (
        "500,000.00 CNY",
        "200,000.00 CNY",
        "300,000.00 CNY",
    )
    assert told["Interest due"] == "6,195.00 CNY"  # 70 days at 3.6 %, 91 at 5.4 %
    assert told["Owed in all"] == "306,195.00 CNY"
    assert told["Days overdue"] == "91 (non-performing)"
    assert "Interest ahead" not in told


def test_a_schedule_says_each_stretch_and_the_whole() -> None:
    found = loan(DRAWN, BACK)
    text = Page().text(schedule_table(schedule_of(found, date(2026, 8, 19)), found.day_count, "en"))
    assert "2026-04-11  2026-05-11  30" in text
    assert "1,500.00 CNY" in text
    assert "5.4 % / 360 (overdue)" in text
    assert text.rstrip().splitlines()[-1].split()[-2:] == ["4,950.00", "CNY"]


@pytest.mark.parametrize(("language", "missing"), [("en", "not yet"), ("zh", "尚未落实")])
def test_conditions_say_by_which_number_they_are_met(language: Language, missing: str) -> None:
    assert missing in Page().text(conditions_table(loan(), language))
    met = Page().text(conditions_table(loan(DRAWN), language))
    assert missing not in met
    assert "ZD-7" in met
    assert "2026-05-11" in met


def test_offers_say_what_is_left_and_who_took() -> None:
    offer = OfferedReceipt(
        receipt_id="abc", dated=DAY, amount=usd("60000.00"), left=usd("10000.00"), declarations=(),
        by_loan={"L-1": usd("50000.00")},
    )  # fmt: skip
    assert "60,000.00 USD  10,000.00 USD  L-1: 50,000.00 USD" in Page().text(offers_table([offer], "en"))
    named = Page().text(offers_table([offer], "en", {offer.receipt_id: "Nordlicht Handels GmbH"}))
    assert "Nordlicht Handels GmbH" in named


def test_the_page_shows_terms_account_interest_conditions_and_steps() -> None:
    found = loan(DRAWN, BACK)
    assert found.verdict is not None
    page = html_report(Report(found.application.document, found.verdict, found, date(2026, 6, 10)))
    for words in (
        "3.6 % / 360", "export bill", "ZD-7", "Account on 2026-06-10", "300,000.00 CNY", "900.00 CNY", "70,000.00 USD",
        "OUT-1", "principal 200,000.00 CNY, interest 1,500.00 CNY",
    ):  # fmt: skip
        assert words in page, words
    zh = html_report(Report(found.application.document, found.verdict, found, date(2026, 6, 10)), "zh")
    for words in ("出口押汇", "质押登记", "计息表", "未还本金"):
        assert words in zh, words


def test_a_loan_that_was_not_paid_out_has_no_account() -> None:
    found = loan(state=LoanState.APPROVED)
    assert found.verdict is not None
    report = Report(found.application.document, found.verdict, found)
    assert report.account is None
    assert "Account on" not in html_report(report)


def test_a_step_taken_in_the_moment_of_the_approval_does_not_hide_it() -> None:
    assert [step.state for step in life_of(loan(DRAWN))] == ["applied", "checked", "approved", "disbursement"]
    back = payment(Step.WITHDRAWAL, reason="as agreed")
    decided = Decision(by=CHECKER, at=AT, outcome=LoanState.WITHDRAWN, reason="as agreed")
    states = [step.state for step in life_of(loan(back, state=LoanState.WITHDRAWN, decision=decided))]
    assert states == ["applied", "checked", "approved", "withdrawal"]


def overridden() -> Report:
    """An approval that has set a finding aside."""
    found = loan()
    assert found.verdict is not None
    finding = Finding(
        rule="BL-LATEST", severity=Severity.REFER, documents=(DocumentName(kind="transport", number="B-1"),),
        statements=(), message=Text(en="Shipped late.", zh="迟装。"),
    )  # fmt: skip
    verdict = found.verdict.model_copy(update={"findings": (finding,), "verdict": Verdict.REFER})
    decision = Decision(
        by=CHECKER, at=AT, outcome=LoanState.APPROVED, evidence_hash=verdict.evidence_hash,
        overrides=(Override(finding=finding.id, reason="the buyer agreed"),),
    )  # fmt: skip
    whole = loan(verdict=verdict, approval=decision, decision=decision)
    return Report(whole.application.document, verdict, whole, date(2026, 6, 10))


def test_why_and_by_whom_a_finding_was_set_aside_stands_beside_it() -> None:
    report = overridden()
    said = f"the buyer agreed — {CHECKER} (checker)"
    assert said in Page().text(verdict_view(report.verdict, "en", report.set_aside))
    page = html_report(report)
    assert page.index("Shipped late.") < page.index(said) < page.index("Evidence")
    assert "Overridden findings" not in page
    other = report.verdict.model_copy(update={"evidence_hash": "c" * 64})
    assert not Report(report.application, other, report.loan).set_aside


def test_what_persons_decided_is_told_from_what_the_rules_say() -> None:
    page = html_report(overridden())
    assert "Verdict: refer" in page
    assert f"approved, 2026-04-11 02:00:00 UTC, {CHECKER} (checker)" in page


@pytest.mark.parametrize(
    ("changes", "day", "said"),
    [
        ({"state": LoanState.APPLIED, "verdict": None}, DAY, "The papers are checked."),
        ({"state": LoanState.CHECKED}, DAY, "A checker approves it."),
        ({"state": LoanState.APPROVED}, DAY, "It is paid out, until 2026-05-11 at the latest."),
        ({"state": LoanState.APPROVED}, date(2026, 5, 12), "It was not drawn until 2026-05-11: it lapses."),
        ({"state": LoanState.DISBURSED}, date(2027, 5, 12), "it is noted as overdue."),
        ({"state": LoanState.OVERDUE}, DAY, "It is repaid or extended, or the insurer is asked."),
        ({"state": LoanState.CLOSED}, DAY, "Nothing is left to do."),
    ],
)
def test_one_line_says_what_is_to_be_done_next(changes: dict[str, object], day: date, said: str) -> None:
    assert said in next_step(loan(**changes), day, "en")
    assert next_step(loan(**changes), day, "zh")[0] > "\x7f"


def test_times_are_told_in_the_zone_that_is_asked_for() -> None:
    assert moment(AT, timezone(timedelta(hours=8), "CST")) == "2026-04-11 10:00:00 CST"


def test_a_list_says_how_much_was_asked_for_in_each_currency() -> None:
    text = Page().text(loan_table([loan(), loan()], "en"))
    one = loan().application.document.amount
    assert str(one + one) in text.splitlines()[-1]
    assert "All (2)" in text.splitlines()[-1]


def test_a_report_is_a_pdf_where_its_name_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert write_report(overridden(), tmp_path / "r.pdf").read_bytes().startswith(b"%PDF-")
    assert "<html" in write_report(overridden(), tmp_path / "r.html").read_text(encoding="utf-8")
    monkeypatch.delitem(sys.modules, "eximledger.reports.pdf")
    monkeypatch.setitem(sys.modules, "reportlab", None)
    monkeypatch.setitem(sys.modules, "reportlab.lib", None)
    with pytest.raises(FabricError, match=r"eximledger\[serve\]"):
        write_report(overridden(), tmp_path / "other.pdf")
    assert not (tmp_path / "other.pdf").exists()


def test_persons_are_named_with_their_roles_in_the_life_of_a_loan() -> None:
    """A confirmation takes a checker, which every peer looks for; other roles are those that certificates said."""
    ran = loan(DRAWN, BACK)
    assert ran.payments
    plain = life_of(ran)
    assert [each.by for each in plain if each.state == "applied"] == [ran.applied_by.name]
    assert all(each.confirmed_by.endswith(" (checker)") for each in plain if each.confirmed_by)
    roles = {(ran.applied_by.msp_id, ran.applied_by.name): ("maker", "policy")}
    assert life_of(ran, "en", roles)[0].by == f"{ran.applied_by.name} (maker, policy)"
    assert life_of(ran, "zh", roles)[0].by.startswith(f"{ran.applied_by.name}（经办")
