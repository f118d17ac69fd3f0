"""Rules on the customs declarations that an application names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.wording import Words, finding, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule

_AUTHENTICITY: Final = "authenticity check of SAFE's cross-border finance platform"
_STATUS: Final[Mapping[DeclarationStatus, Words]] = {
    DeclarationStatus.DECLARED: Words("only declared", "仅已申报"),
    DeclarationStatus.RELEASED: Words("only released", "仅已放行"),
    DeclarationStatus.AMENDED: Words("being amended", "处于改单状态"),
}


def _found(rule_id: str, severity: Severity, number: str, field: str, value: str, en: str, zh: str) -> Finding:
    """A finding on one declaration; its name stands at `{}` in both sentences."""
    name = DocumentName(kind=ExportDeclaration.KIND, number=number)
    words = titled(name)
    return finding(rule_id, severity, says(name, field, value), en=en.format(words.en), zh=zh.format(words.zh))


@rule("DECL-EXISTS", Severity.REJECT, source=_AUTHENTICITY)
def decl_exists(case: Case) -> Iterator[Finding]:
    """A declaration that customs does not know."""
    known = {record.document.number for record in case.declarations}
    for item in case.application.document.declarations:
        number = item.declaration_number
        if number not in known:
            yield _found("DECL-EXISTS", Severity.REJECT, number, "number", number, "customs has no {}.", "海关没有{}。")


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
            en, zh = "{} has been cancelled.", "{} 已撤销。"
            yield _found("DECL-STATUS", Severity.REJECT, number, "status", status.value, en, zh)
        elif not settled:
            words = _STATUS[status]
            en = "{} is " + words.en + ", not yet settled: the goods may not have left."
            zh = "{} " + words.zh + "，尚未结关，货物可能未实际出口。"
            yield _found("DECL-STATUS", Severity.REFER, number, "status", status.value, en, zh)
        if record.version > 1 and case.applied_at is not None and record.written_at > case.applied_at:
            en, zh = "{} was amended after the application.", "{} 在申请之后被修改。"
            written = record.written_at.isoformat()
            yield _found("DECL-STATUS", Severity.REFER, number, "written_at", written, en, zh)


@rule("DECL-OWNER", Severity.REJECT, source=_AUTHENTICITY)
def decl_owner(case: Case) -> Iterator[Finding]:
    """Another exporter's declaration."""
    applicant = case.application.document.exporter
    for record in case.declarations:
        owner, number = record.document.exporter, record.document.number
        if owner != applicant:
            en = f"{{}} is of exporter {owner}, not of the applicant {applicant}."
            zh = f"{{}} 的发货人为 {owner}，不是申请人 {applicant}。"
            yield _found("DECL-OWNER", Severity.REJECT, number, "consignor.uscc", owner, en, zh)


@rule("DECL-MODE", Severity.REJECT, source="SAFE goods-trade guidelines, Huifa [2012] 38")
def decl_mode(case: Case) -> Iterator[Finding]:
    """A supervision mode that brings no payment."""
    for record in case.declarations:
        mode, number = record.document.supervision_mode, record.document.number
        if mode not in case.tolerances.financeable_modes:
            en = f"{{}} has supervision mode {mode}, which policy does not finance."
            zh = f"{{}} 的监管方式为 {mode}，不属于可融资范围。"
            yield _found("DECL-MODE", Severity.REJECT, number, "supervision_mode", mode, en, zh)


@rule("DECL-AGE", Severity.REFER, Severity.REJECT, source="bank policy")
def decl_age(case: Case) -> Iterator[Finding]:
    """Exported longer ago than policy allows: refer; after the day of the decision: reject."""
    limit = case.tolerances.declaration_max_age_days
    for record in case.declarations:
        exported, number = record.document.dated, record.document.number
        age = (case.today - exported).days
        if age < 0:
            en = f"{{}} is dated {exported}, after the day of the decision, {case.today}."
            zh = f"{{}} 的出口日期 {exported} 晚于审批日 {case.today}。"
            yield _found("DECL-AGE", Severity.REJECT, number, "exported_on", exported.isoformat(), en, zh)
        elif age > limit:
            en = f"{{}} was exported on {exported}, more than the {limit} days before the decision that policy allows."
            zh = f"{{}} 的出口日期为 {exported}，距审批日超过政策规定的 {limit} 天。"
            yield _found("DECL-AGE", Severity.REFER, number, "exported_on", exported.isoformat(), en, zh)
