"""Rules on the customs declarations that an application names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.eligibility import SUPPLIED_MATERIALS, processing_fees
from eximledger_chaincode.rules.basis.wording import Words, finding, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule

_AUTHENTICITY: Final = "authenticity check of SAFE's cross-border finance platform"
_OVERSEAS_WAREHOUSE: Final = "9810"
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


@rule("DECL-MODE", Severity.REJECT, Severity.REFER, source="SAFE goods-trade guidelines; Huifa [2020] 14")
def decl_mode(case: Case) -> Iterator[Finding]:
    """A supervision mode that brings no payment: reject. One that policy leaves out, or goods sent to an overseas
    warehouse (9810), not yet sold: refer. Processing with supplied materials (0214): only the fee that the contract
    states counts as claim; refer where it states none."""
    policy = case.tolerances
    for declaration in (record.document for record in case.declarations):
        mode, number = declaration.supervision_mode, declaration.number
        if mode in policy.never_financed_modes:
            severity = Severity.REJECT
            en, zh = (
                f"{{}} has supervision mode {mode}, which brings no payment.",
                f"{{}} 的监管方式为 {mode}，不产生收汇。",
            )
        elif mode == _OVERSEAS_WAREHOUSE:
            severity = Severity.REFER
            en = f"{{}} has supervision mode {mode}: the goods went to an overseas warehouse and may not be sold yet."
            zh = f"{{}} 的监管方式为 {mode}：货物发往海外仓，可能尚未售出。"
        elif mode not in policy.financeable_modes:
            severity = Severity.REFER
            en = f"{{}} has supervision mode {mode}, which policy does not finance."
            zh = f"{{}} 的监管方式为 {mode}，不属于政策规定的可融资范围。"
        elif mode == SUPPLIED_MATERIALS and not _has_fee(case, declaration):
            severity = Severity.REFER
            en = f"{{}} has supervision mode {mode}, where only the processing fee is claimed: no contract states it."
            zh = f"{{}} 的监管方式为 {mode}，仅加工费构成债权，但没有合同载明加工费。"
        else:
            continue
        yield _found("DECL-MODE", severity, number, "supervision_mode", mode, en, zh)


def _has_fee(case: Case, declaration: ExportDeclaration) -> bool:
    return any(declaration.number in fee.declarations for fee in processing_fees(case))


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
