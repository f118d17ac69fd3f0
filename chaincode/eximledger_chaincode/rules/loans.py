"""Rules on the loan that is asked for: what is free, what can be financed, until when, on what papers, by whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from eximledger_chaincode.documents import CASE_KINDS, KINDS, ExportDeclaration, Need, TolerancePolicy, compared_number
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.roles import Role
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.eligibility import balance_in, eligible_amount, financed_percent, unvalued_today
from eximledger_chaincode.rules.basis.links import links
from eximledger_chaincode.rules.basis.wording import Words, finding, missing_rates, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule
from eximledger_chaincode.rules.ruleset.sets import rule_set_on

_ROLES: Final[Mapping[Role | None, Words]] = {
    Role.CUSTOMS: Words("customs", "海关"),
    Role.FX_BUREAU: Words("the foreign-exchange bureau", "外汇局"),
    Role.BANK: Words("a bank", "银行"),
    None: Words("no member", "非成员"),
}


@rule("BALANCE", Severity.REJECT, source="financing balance of SAFE's cross-border finance platform")
def balance(case: Case) -> Iterator[Finding]:
    """More is asked against a declaration than is free of its open claim; or what is free cannot be told."""
    declared = {record.document.number: record.document for record in case.declarations}
    for item in case.application.document.declarations:
        declaration = declared.get(item.declaration_number)
        if declaration is None:
            continue  # DECL-EXISTS says so
        paper, currency = titled(declaration), declaration.currency
        asked = says(case.application.document, f"declarations[{declaration.number}].amount", item.amount)
        if item.amount.currency != currency:
            yield finding(
                "BALANCE", Severity.REJECT, says(declaration, "currency", currency), asked,
                en=f"{paper.en} is in {currency}, but {item.amount} is asked against it.",
                zh=f"{paper.zh} 的币种为 {currency}，而申请占用 {item.amount}。",
            )  # fmt: skip
            continue
        found = balance_in(case, declaration)
        if found.unvalued:
            reason = missing_rates(found.unvalued)
            yield finding(
                "BALANCE", Severity.REJECT, says(declaration, "total", declaration.total),
                en=f"{paper.en} cannot be valued: {reason.en}.",
                zh=f"{paper.zh} 无法估值：{reason.zh}。",
            )  # fmt: skip
        elif item.amount > found.free:
            taken = _taken(found)
            yield finding(
                "BALANCE", Severity.REJECT, says(declaration, "free balance", found.free), asked,
                en=f"{item.amount} is asked against {paper.en}, of which only {found.free} is free{taken.en}.",
                zh=f"申请占用{paper.zh} 的 {item.amount}，但可用余额仅为 {found.free}{taken.zh}。",
            )  # fmt: skip


def _taken(found: Balance) -> Words:
    """Why less is free than was exported: what is left of the claim, and what loans of all banks hold of it."""
    parts: list[Words] = []
    if found.open < found.value:
        parts.append(Words(f"the open claim is {found.open}", f"未收债权为 {found.open}"))
    if found.held.amount:
        parts.append(Words(f"other loans hold {found.held}", f"其他贷款占用 {found.held}"))
    if found.held > found.open:
        parts.append(Words("which is more than the open claim", "已超过未收债权"))
    if not parts:
        return Words("", "")
    return Words(f" ({', '.join(each.en for each in parts)})", f"（{'，'.join(each.zh for each in parts)}）")


@rule("AMOUNT", Severity.REJECT, source="bank policy")
def amount(case: Case) -> Iterator[Finding]:
    """More is asked for than policy finances of the balances to be occupied, at the reference rates of the day."""
    application, percent = case.application.document, financed_percent(case)
    eligible = eligible_amount(case)
    if application.amount <= eligible:
        return
    missing = unvalued_today(case)
    why = missing_rates(missing) if missing else Words("", "")
    yield finding(
        "AMOUNT", Severity.REJECT, says(application, "amount", application.amount),
        en=f"{application.amount} is asked for; {eligible} can be financed ({percent} % of the balances to be "
        f"occupied){'; ' if missing else ''}{why.en}.",
        zh=f"申请金额 {application.amount} 超过可融资金额 {eligible}（拟占用余额的 {percent}%）"
        f"{'；' if missing else ''}{why.zh}。",
    )  # fmt: skip


@rule("TENOR", Severity.REJECT, Severity.REFER, source="bank policy")
def tenor(case: Case) -> Iterator[Finding]:
    """Due by the day of the decision: reject. Ends before the receipt is expected and the days of grace, or runs longer
    from the decision than policy allows: refer."""
    application, policy = case.application.document, case.tolerances
    ends, expected, grace = application.matures_on, application.expected_receipt_on, policy.tenor_grace_days
    if (ends - expected).days < grace:
        late = Words(f" with {grace} days of grace", f" 加宽限期 {grace} 天") if grace else Words("", "")
        yield finding(
            "TENOR", Severity.REFER, says(application, "matures_on", ends),
            says(application, "expected_receipt_on", expected),
            en=f"The loan ends on {ends}, before the receipt expected on {expected}{late.en}.",
            zh=f"贷款到期日 {ends} 早于预计收汇日 {expected}{late.zh}。",
        )  # fmt: skip
    days, most = (ends - case.today).days, policy.tenor_max_days
    if days <= 0:
        yield finding(
            "TENOR", Severity.REJECT, says(application, "matures_on", ends),
            en=f"The loan matures on {ends}, which is not after the day of the decision, {case.today}.",
            zh=f"贷款到期日 {ends} 不晚于审批日 {case.today}。",
        )  # fmt: skip
    elif days > most:
        yield finding(
            "TENOR", Severity.REFER, says(application, "matures_on", ends),
            en=f"The loan ends on {ends}, more than {most} days after the decision, which policy allows.",
            zh=f"贷款到期日 {ends} 距审批日超过政策规定的 {most} 天。",
        )  # fmt: skip


@rule("PAPERS", Severity.REFER, source="bank policy")
def papers(case: Case) -> Iterator[Finding]:
    """A paper that the application names is not on the ledger, or one that policy asks for is not named."""
    application = case.application.document
    for kind in CASE_KINDS:
        if kind.need is not Need.BY_POLICY:
            continue  # DECL-EXISTS says which declarations are missing
        there = {compared_number(record.number) for record in case.papers(kind)}
        for number in application.named(kind.field):
            if compared_number(number) not in there:
                name = DocumentName(kind=kind.name, number=number)
                yield finding(
                    "PAPERS", Severity.REFER, says(name, "number", number),
                    en=f"The application names {titled(name).en}, which nobody has filed for this exporter. "
                    "One of that number by another seller is another paper.",
                    zh=f"申请所列{titled(name).zh} 尚未为本出口商入账；其他卖方同号的单据不是此单据。",
                )  # fmt: skip
    for declaration in (record.document for record in case.declarations):
        for required in case.tolerances.required_papers:
            if not _has(case, declaration, required):
                paper, wanted = titled(declaration), KINDS[required].words
                yield finding(
                    "PAPERS", Severity.REFER, says(declaration, required, None),
                    en=f"{paper.en} has no {wanted.en}, which policy asks for.",
                    zh=f"按政策，{paper.zh} 须附{wanted.zh}，但未提供。",
                )  # fmt: skip


def _has(case: Case, declaration: ExportDeclaration, kind: str) -> bool:
    linked = links(case)
    match kind:
        case "contract":
            return linked.contract_of(declaration) is not None
        case "invoice":
            return bool(linked.export_of(declaration).invoices)
        case "transport":
            return bool(linked.shipments_of(declaration))
        case "packing-list":
            invoiced = {invoice.id for invoice in linked.export_of(declaration).invoices}
            return any(
                invoice.id in invoiced
                for record in case.packing_lists
                for invoice in linked.invoices_of(record.document)
            )
        case _:
            return bool(case.papers(KINDS[kind]))


@rule("ISSUER", Severity.REJECT, source="the channel's policy")
def issuer(case: Case) -> Iterator[Finding]:
    """A document that was written by a member whose role may not issue it."""
    entries = case.entries
    if not isinstance(case.policy, TolerancePolicy):
        entries = (*entries, case.policy)
    for entry in entries:
        role, expected = case.roles.get(entry.issuer), KINDS[entry.kind].writer
        if role is not expected:
            name = DocumentName(kind=entry.kind, number=entry.number)
            paper, is_now, must = titled(name), _ROLES[role], _ROLES[expected]
            yield finding(
                "ISSUER", Severity.REJECT, says(name, "issuer", entry.issuer),
                en=f"{paper.en} was written by {entry.issuer} ({is_now.en}); only {must.en} may issue it.",
                zh=f"{paper.zh} 由 {entry.issuer}（{is_now.zh}）写入；只有{must.zh}有权出具。",
            )  # fmt: skip


@rule("RULE-SET", Severity.REJECT, source="the consortium's rules")
def rule_set(case: Case) -> Iterator[Finding]:
    """Decided on a day for which no rule set is made."""
    nearest = rule_set_on(case.today)
    if not nearest.holds_on(case.today):
        yield finding(
            "RULE-SET", Severity.REJECT, says(case.application.document, "rule set", nearest.name),
            en=f"Rule set {nearest.name} does not decide on {case.today}.",
            zh=f"规则集 {nearest.name} 不适用于 {case.today} 的审批。",
        )  # fmt: skip
