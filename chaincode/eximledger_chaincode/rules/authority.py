"""Rules on who may decide, and by which policy."""

from __future__ import annotations

from collections.abc import Iterator

from eximledger_chaincode.lending.floors import policy_hash
from eximledger_chaincode.lending.roles import is_one_of, writers_of
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.wording import finding, named, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule


@rule("MAKER-CHECKER", Severity.REJECT, source="four-eyes principle")
def maker_checker(case: Case) -> Iterator[Finding]:
    """The person who decides applied, or wrote a paper of the case, in whichever version."""
    person = case.approving
    if person is None:
        return
    if is_one_of(person, case.applicants):
        yield finding(
            "MAKER-CHECKER", Severity.REJECT, says(named(case.application.document), "applicants", str(person)),
            en=f"{person.name} decides and has applied for the loan: another person must decide.",
            zh=f"{person.name} 既是申请录入人又是审批人：须由另一名人员审批。",
        )  # fmt: skip
    for entry in case.entries:
        if entry.kind != case.application.kind and is_one_of(person, writers_of(entry)):
            name = DocumentName(kind=entry.kind, number=entry.number)
            paper = titled(name)
            yield finding(
                "MAKER-CHECKER", Severity.REJECT, says(name, "written_by", str(person)),
                en=f"{person.name} decides and has filed {paper.en}: another person must decide.",
                zh=f"{person.name} 既提交了{paper.zh} 又是审批人：须由另一名人员审批。",
            )  # fmt: skip


@rule("POLICY", Severity.REFER, source="four-eyes principle")
def policy_changed(case: Case) -> Iterator[Finding]:
    """The policy has changed since the application, or an applicant made it. Who decides may not have made it either:
    `loans:approve` refuses such a person outright, whatever the findings."""
    application = case.application.document
    if case.policy_before is not None and case.policy_before != policy_hash(case.tolerances):
        yield finding(
            "POLICY", Severity.REFER, says(application, "policy", case.policy_before[:16]),
            en="The bank's policy has changed since the loan was applied for.",
            zh="自申请以来，银行的融资政策已变更。",
        )  # fmt: skip
    for person in case.policy_by:
        if is_one_of(person, case.applicants):
            yield finding(
                "POLICY", Severity.REFER, says(application, "applicants", str(person)),
                en=f"{person.name} applied for the loan and made the policy that it is judged by.",
                zh=f"{person.name} 既录入申请又制定了所适用的融资政策。",
            )  # fmt: skip
