"""Rules on what SAFE says of the exporter: its class, and the rate by which its goods and its money differ."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

from eximledger_chaincode.documents import EnterpriseClass, EnterpriseClassification, TotalDifference
from eximledger_chaincode.lending.exact import half_up
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.grade import class_of, is_within, registration_of
from eximledger_chaincode.rules.basis.wording import Words, finding, says
from eximledger_chaincode.rules.ruleset.registry import rule


@rule("CLASS", Severity.REJECT, Severity.REFER, source="Huifa [2020] 14, [2024] 11")
def enterprise_class(case: Case) -> Iterator[Finding]:
    """SAFE's class of the applicant on the day of the decision. None: reject. C: refer where the financing is
    registered with SAFE, else reject. B: refer, and reject above the quota without registration."""
    application = case.application.document
    exporter, day, who = application.exporter, case.today, application.applicant.name
    held = class_of(case)
    if held is None:
        yield finding(
            "CLASS", Severity.REJECT, says(application, "applicant.uscc", exporter),
            en=f"SAFE has no class for {who} ({exporter}) on {day}.",
            zh=f"外汇局没有 {who}（{exporter}）在 {day} 的分类记录。",
        )  # fmt: skip
        return
    if held.enterprise_class is EnterpriseClass.A:
        return
    registration, grade = registration_of(case, held), held.enterprise_class
    if registration is None and grade is EnterpriseClass.C:
        yield finding(
            "CLASS", Severity.REJECT, says(held, "enterprise_class", grade), says(held, "registrations", None),
            en=f"{who} ({exporter}) is in class {grade} of SAFE, and no registration with SAFE covers the financing.",
            zh=f"{who}（{exporter}）属于外汇局 {grade} 类企业，且没有涵盖该笔融资的外汇局登记。",
        )  # fmt: skip
        return
    number = None if registration is None else registration.number
    with_number = Words("", "")
    if number is not None:
        with_number = Words(f", registered with it under {number}", f"，登记编号 {number}")
    yield finding(
        "CLASS", Severity.REFER, says(held, "enterprise_class", grade), says(held, "registrations", number),
        en=f"{who} ({exporter}) is in class {grade} of SAFE{with_number.en}.",
        zh=f"{who}（{exporter}）属于外汇局 {grade} 类企业{with_number.zh}。",
    )  # fmt: skip
    if registration is None:
        yield from _above_quota(case, held)


def _above_quota(case: Case, held: EnterpriseClassification) -> Iterator[Finding]:
    """An enterprise of class B is financed up to its receivable quota, valued on the day of the decision."""
    quota, application = held.quota, case.application.document
    if quota is None:
        return
    who, stated = application.applicant.name, says(held, "quota", quota)
    within = is_within(case, quota)
    if within is None:
        yield finding(
            "CLASS", Severity.REJECT, stated,
            en=f"The quota of {who}, {quota}, cannot be valued: there is no reference rate of the day.",
            zh=f"{who} 的可收汇额度 {quota} 无法估值：没有当日参考汇率。",
        )  # fmt: skip
    elif not within:
        yield finding(
            "CLASS", Severity.REJECT, stated, says(application, "amount", application.amount),
            en=f"{application.amount} is asked for; the quota of {who} in class B is {quota}, and no registration with "
            f"SAFE covers the financing.",
            zh=f"申请金额 {application.amount}，而 {who} 作为 B 类企业的可收汇额度为 {quota}，"
            f"且没有涵盖该笔融资的外汇局登记。",
        )  # fmt: skip


@rule("FX-DEVIATION", Severity.REFER, Severity.INFORM, source="SAFE off-site monitoring, total difference rate")
def fx_deviation(case: Case) -> Iterator[Finding]:
    """SAFE's own total difference rate of twelve months, ((imports + receipts) - (exports + payments)) / their sum, is
    beyond the policy's percentage: refer. Without SAFE's paper it is not judged: inform."""
    application = case.application.document
    paper, who = _last_paper(case), application.applicant.name
    if paper is None:
        yield finding(
            "FX-DEVIATION", Severity.INFORM, says(application, "applicant.uscc", application.exporter),
            en=f"SAFE has filed no total difference rate of {who} that is recent enough: it is not judged.",
            zh=f"外汇局未提供 {who} 近期的总量差额比率：未予判断。",
        )  # fmt: skip
        return
    if abs(paper.rate) * 100 > Fraction(case.tolerances.total_deviation_percent):
        rate = half_up(paper.rate * 100, 2)
        yield finding(
            "FX-DEVIATION", Severity.REFER,
            *(says(paper, field, getattr(paper, field)) for field in ("imports", "exports", "receipts", "payments")),
            en=f"The total difference rate of {who} in the twelve months until {paper.period_until} is {rate} %.",
            zh=f"截至 {paper.period_until} 的十二个月，{who} 的总量差额比率为 {rate}%。",
        )  # fmt: skip


def _last_paper(case: Case) -> TotalDifference | None:
    """SAFE's latest paper on the exporter, if its twelve months ended by the day of the decision, not long before."""
    longest = timedelta(days=case.tolerances.deviation_paper_days)
    papers = [
        record.document
        for record in case.total_differences
        if record.document.exporter == case.application.document.exporter
        and timedelta(0) <= case.today - record.document.period_until <= longest
    ]
    return max(papers, key=lambda paper: paper.period_until, default=None)
