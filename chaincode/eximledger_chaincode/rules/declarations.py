"""Rules on the customs declarations that an application names."""

from __future__ import annotations

from collections.abc import Iterator

from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration
from eximledger_chaincode.rules._finding import finding, says
from eximledger_chaincode.rules._registry import rule
from eximledger_chaincode.rules.case import Case
from eximledger_chaincode.rules.verdict import DocumentName, Finding, Severity

_AUTHENTICITY = "authenticity check of SAFE's cross-border finance platform"


def _found(rule_id: str, severity: Severity, number: str, field: str, value: str, en: str, zh: str) -> Finding:
    name = DocumentName(kind=ExportDeclaration.KIND, number=number)
    return finding(rule_id, severity, says(name, field, value), en=en, zh=zh)


@rule("DECL-EXISTS", Severity.REJECT, source=_AUTHENTICITY)
def decl_exists(case: Case) -> Iterator[Finding]:
    """A declaration that customs does not know."""
    known = {record.document.number for record in case.declarations}
    for item in case.application.document.declarations:
        number = item.declaration_number
        if number not in known:
            en = f"Customs has no declaration {number}."
            yield _found("DECL-EXISTS", Severity.REJECT, number, "number", number, en, f"海关没有报关单 {number}。")


@rule("DECL-STATUS", Severity.REJECT, Severity.REFER, source=_AUTHENTICITY)
def decl_status(case: Case) -> Iterator[Finding]:
    """Cancelled: reject. Not yet settled, or amended since the application: refer."""
    for record in case.declarations:
        declaration = record.document
        number, status = declaration.number, declaration.status
        settled = status is DeclarationStatus.SETTLED or (
            status is DeclarationStatus.AMENDED and declaration.settled_on is not None
        )
        if status is DeclarationStatus.CANCELLED:
            en, zh = f"Declaration {number} has been cancelled.", f"报关单 {number} 已撤销。"
            yield _found("DECL-STATUS", Severity.REJECT, number, "status", status.value, en, zh)
        elif not settled:
            en = f"Declaration {number} is {status.value}, not yet settled: the goods may not have left."
            zh = f"报关单 {number} 尚未结关，货物可能未实际出口。"
            yield _found("DECL-STATUS", Severity.REFER, number, "status", status.value, en, zh)
        if record.version > 1 and case.applied_at is not None and record.written_at > case.applied_at:
            en = f"Declaration {number} was amended after the application."
            zh = f"报关单 {number} 在申请之后被修改。"
            written = record.written_at.isoformat()
            yield _found("DECL-STATUS", Severity.REFER, number, "written_at", written, en, zh)


@rule("DECL-OWNER", Severity.REJECT, source=_AUTHENTICITY)
def decl_owner(case: Case) -> Iterator[Finding]:
    """Another exporter's declaration."""
    applicant = case.application.document.exporter
    for record in case.declarations:
        owner, number = record.document.exporter, record.document.number
        if owner != applicant:
            en = f"Declaration {number} is of exporter {owner}, not of the applicant {applicant}."
            zh = f"报关单 {number} 的发货人为 {owner}，不是申请人 {applicant}。"
            yield _found("DECL-OWNER", Severity.REJECT, number, "consignor.uscc", owner, en, zh)


@rule("DECL-MODE", Severity.REJECT, source="SAFE goods-trade guidelines, Huifa [2012] 38")
def decl_mode(case: Case) -> Iterator[Finding]:
    """A supervision mode that brings no payment."""
    for record in case.declarations:
        mode, number = record.document.supervision_mode, record.document.number
        if mode not in case.tolerances.financeable_modes:
            en = f"Declaration {number} has supervision mode {mode}, which policy does not finance."
            zh = f"报关单 {number} 的监管方式为 {mode}，不属于可融资范围。"
            yield _found("DECL-MODE", Severity.REJECT, number, "supervision_mode", mode, en, zh)


@rule("DECL-AGE", Severity.REFER, Severity.REJECT, source="bank policy")
def decl_age(case: Case) -> Iterator[Finding]:
    """Exported longer ago than policy allows: refer; after the application: reject."""
    applied = case.application.document.applied_on
    for record in case.declarations:
        exported, number = record.document.dated, record.document.number
        age = (applied - exported).days
        if age < 0:
            en = f"Declaration {number} is dated {exported}, after the application of {applied}."
            zh = f"报关单 {number} 的出口日期 {exported} 晚于申请日期 {applied}。"
            yield _found("DECL-AGE", Severity.REJECT, number, "exported_on", exported.isoformat(), en, zh)
        elif age > case.tolerances.declaration_max_age_days:
            limit = case.tolerances.declaration_max_age_days
            en = f"Declaration {number} is {age} days old; policy allows {limit}."
            zh = f"报关单 {number} 距申请日已 {age} 天，超过政策规定的 {limit} 天。"
            yield _found("DECL-AGE", Severity.REFER, number, "exported_on", exported.isoformat(), en, zh)
