"""Rules on the loan that is asked for: what is free, what can be financed, until when, on what papers, by whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from eximledger_chaincode.documents import ExportDeclaration, normal_number
from eximledger_chaincode.documents.record import Entry
from eximledger_chaincode.errors import Refused
from eximledger_chaincode.rules._finding import finding, named, says
from eximledger_chaincode.rules._registry import rule
from eximledger_chaincode.rules.case import Case, Role
from eximledger_chaincode.rules.eligibility import eligible_amount, free_of, occupied_in_cny
from eximledger_chaincode.rules.links import (
    contract_of_declaration,
    declarations_of_transport,
    exports,
    invoices_of_packing_list,
)
from eximledger_chaincode.rules.verdict import DocumentName, Finding, Severity

_ISSUERS: Final = {
    "declaration": Role.CUSTOMS,
    "classification": Role.FX_BUREAU,
    "rate": Role.FX_BUREAU,
    "receipt": Role.FX_BUREAU,
}
"""The role that may issue each kind; every other kind is a bank's."""


@rule("BALANCE", Severity.REJECT, source="financing balance of SAFE's cross-border finance platform")
def balance(case: Case) -> Iterator[Finding]:
    """More is asked against a declaration than it has free."""
    declared = {record.document.number: record.document for record in case.declarations}
    for item in case.application.document.declarations:
        declaration = declared.get(item.declaration_number)
        if declaration is None:
            continue
        asked, number = item.amount, declaration.number
        if asked.currency != declaration.currency:
            yield finding(
                "BALANCE", Severity.REJECT, says(declaration, "currency", declaration.currency),
                says(case.application.document, f"declarations[{number}].amount", asked),
                en=f"Declaration {number} is in {declaration.currency}, but {asked} is asked against it.",
                zh=f"报关单 {number} 的币种为 {declaration.currency}，而申请占用 {asked}。",
            )  # fmt: skip
            continue
        try:
            free = free_of(case, declaration)
        except Refused as refused:
            yield finding(
                "BALANCE", Severity.REJECT, says(declaration, "total", declaration.total),
                en=f"Declaration {number} cannot be valued: {refused}.",
                zh=f"报关单 {number} 无法估值：缺少参考汇率。",
            )  # fmt: skip
            continue
        if asked > free:
            holds = [hold for p in case.positions if p.declaration_number == number for hold in p.holds]
            by = ", ".join(sorted({hold.bank for hold in holds}))
            yield finding(
                "BALANCE", Severity.REJECT, says(declaration, "free balance", free),
                says(case.application.document, f"declarations[{number}].amount", asked),
                en=f"{asked} is asked against declaration {number}, of which only {free} is free"
                + (f"; {by} holds the rest." if by else "."),
                zh=f"申请占用报关单 {number} 的 {asked}，但可用余额仅为 {free}"
                + (f"；其余已被 {by} 占用。" if by else "。"),
            )  # fmt: skip


@rule("AMOUNT", Severity.REFER, source="bank policy")
def amount(case: Case) -> Iterator[Finding]:
    """More is asked for than can be financed, or than the occupied balances are worth."""
    application = case.application.document
    eligible = eligible_amount(case)
    if application.amount > eligible:
        yield finding(
            "AMOUNT", Severity.REFER, says(application, "amount", application.amount),
            en=f"{application.amount} is asked for; {eligible} can be financed "
            f"({case.tolerances.financed_percent} % of the free balances).",
            zh=f"申请金额 {application.amount} 超过可融资金额 {eligible}"
            f"（可用余额的 {case.tolerances.financed_percent}%）。",
        )  # fmt: skip
    occupied = occupied_in_cny(case)
    if occupied is not None and occupied < application.amount:
        yield finding(
            "AMOUNT", Severity.REFER, says(application, "amount", application.amount),
            says(application, "declarations, in CNY", occupied),
            en=f"{application.amount} is asked for, but the balances to be occupied are worth only {occupied}.",
            zh=f"申请金额 {application.amount} 大于拟占用余额的价值 {occupied}。",
        )  # fmt: skip


@rule("TENOR", Severity.REFER, source="bank policy")
def tenor(case: Case) -> Iterator[Finding]:
    """The loan ends before the receipt is expected, or runs longer than policy allows."""
    application, policy = case.application.document, case.tolerances
    if (application.matures_on - application.expected_receipt_on).days < policy.tenor_grace_days:
        yield finding(
            "TENOR", Severity.REFER, says(application, "matures_on", application.matures_on),
            says(application, "expected_receipt_on", application.expected_receipt_on),
            en=f"The loan ends on {application.matures_on}, before the receipt expected on "
            f"{application.expected_receipt_on} and {policy.tenor_grace_days} days of grace.",
            zh=f"贷款到期日 {application.matures_on} 早于预计收汇日 {application.expected_receipt_on}"
            f"加宽限期 {policy.tenor_grace_days} 天。",
        )  # fmt: skip
    days = (application.matures_on - application.applied_on).days
    if days > policy.tenor_max_days:
        yield finding(
            "TENOR", Severity.REFER, says(application, "matures_on", application.matures_on),
            en=f"The loan runs {days} days; policy allows {policy.tenor_max_days}.",
            zh=f"贷款期限 {days} 天，超过政策规定的 {policy.tenor_max_days} 天。",
        )  # fmt: skip


@rule("CLASS", Severity.REJECT, Severity.REFER, source="Huifa [2012] 38")
def enterprise_class(case: Case) -> Iterator[Finding]:
    """SAFE's class of the applicant on the day of the application: C or none reject, B refer."""
    application = case.application.document
    held = [record for record in case.classifications if record.document.holds_on(application.applied_on)]
    if not held:
        yield finding(
            "CLASS", Severity.REJECT, says(application, "applicant.uscc", application.exporter),
            en=f"SAFE has no class for {application.exporter} on {application.applied_on}.",
            zh=f"外汇局没有 {application.exporter} 在 {application.applied_on} 的分类记录。",
        )  # fmt: skip
        return
    latest = max(held, key=lambda record: (record.document.valid_from, record.version)).document
    if latest.enterprise_class != "A":
        severity = Severity.REJECT if latest.enterprise_class == "C" else Severity.REFER
        yield finding(
            "CLASS", severity, says(latest, "enterprise_class", latest.enterprise_class),
            en=f"{application.exporter} is in class {latest.enterprise_class} on {application.applied_on}.",
            zh=f"{application.exporter} 在 {application.applied_on} 属于 {latest.enterprise_class} 类企业。",
        )  # fmt: skip


def _missing(number: str, kind: str, en: str, zh: str) -> Finding:
    name = DocumentName(kind=kind, number=number)
    return finding("PAPERS", Severity.REFER, says(name, "number", number), en=en, zh=zh)


@rule("PAPERS", Severity.REFER, source="bank policy")
def papers(case: Case) -> Iterator[Finding]:
    """A paper that the application names is not on the ledger, or one that policy asks for is not named."""
    application = case.application.document
    named_papers = (
        ("contract", application.contracts, case.contracts),
        ("invoice", application.invoices, case.invoices),
        ("transport", application.transport_documents, case.transport_documents),
        ("packing-list", application.packing_lists, case.packing_lists),
        ("receipt", application.receipts, case.receipts),
    )
    for kind, numbers, records in named_papers:
        there = {normal_number(record.number) for record in records}
        for number in numbers:
            if normal_number(number) not in there:
                en = f"The application names {kind} {number}, which nobody has filed."
                yield _missing(number, kind, en, f"申请所列单据 {kind} {number} 尚未入账。")
    for declaration in (record.document for record in case.declarations):
        for kind in case.tolerances.required_papers:
            if not _has(case, declaration, kind):
                yield finding(
                    "PAPERS", Severity.REFER, says(declaration, kind, None),
                    en=f"Policy asks for a {kind} for declaration {declaration.number}; there is none.",
                    zh=f"按政策，报关单 {declaration.number} 须附 {kind}，但未提供。",
                )  # fmt: skip


def _has(case: Case, declaration: ExportDeclaration, kind: str) -> bool:
    group = next(export for export in exports(case) if declaration in export.declarations)
    match kind:
        case "contract":
            return contract_of_declaration(case, declaration) is not None
        case "invoice":
            return bool(group.invoices)
        case "transport":
            return any(
                declaration in declarations_of_transport(case, record.document) for record in case.transport_documents
            )
        case "packing-list":
            return any(
                invoice in group.invoices
                for record in case.packing_lists
                for invoice in invoices_of_packing_list(case, record.document)
            )
        case _:
            return bool(case.receipts)


@rule("ISSUER", Severity.REJECT, source="the channel's policy")
def issuer(case: Case) -> Iterator[Finding]:
    """A document that was written by a member whose role may not issue it."""
    entries: tuple[Entry, ...] = (
        case.application, *case.declarations, *case.contracts, *case.invoices, *case.transport_documents,
        *case.packing_lists, *case.receipts, *case.classifications, *case.rates,
    )  # fmt: skip
    for entry in entries:
        role, expected = case.roles.get(entry.issuer), _ISSUERS.get(entry.kind, Role.BANK)
        if role is not expected:
            name = DocumentName(kind=entry.kind, number=entry.number)
            yield finding(
                "ISSUER", Severity.REJECT, says(name, "issuer", entry.issuer),
                en=f"{name} was written by {entry.issuer} ({role or 'no member'}); only {expected} may issue it.",
                zh=f"{name} 由 {entry.issuer}（{role or '非成员'}）写入；只有 {expected} 有权出具。",
            )  # fmt: skip


@rule("MAKER-CHECKER", Severity.REJECT, source="four-eyes principle")
def maker_checker(case: Case) -> Iterator[Finding]:
    """The certificate that approves is the one that applied."""
    if case.approving is not None and case.approving == case.application.written_by:
        yield finding(
            "MAKER-CHECKER", Severity.REJECT, says(named(case.application.document), "written_by", case.approving[:16]),
            en="The officer who approves is the one who applied: another one must approve.",
            zh="审批人与申请录入人为同一人：须由另一名人员审批。",
        )  # fmt: skip
