"""Case -> Verdict: every rule run, findings in a fixed order, and the hashes of all that was read."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from typing import Final

from eximledger_chaincode.canonical import canonical_json, sha256_hex
from eximledger_chaincode.documents import DeclarationStatus, ExportDeclaration, Money
from eximledger_chaincode.documents.record import Entry
from eximledger_chaincode.errors import Refused
from eximledger_chaincode.rules import declarations as _declarations  # noqa: F401 - declares its rules
from eximledger_chaincode.rules._registry import RULE_SET, RULES
from eximledger_chaincode.rules.case import Case
from eximledger_chaincode.rules.valuation import fob_value, free_balance, rate_on
from eximledger_chaincode.rules.verdict import Decision, Evidence, Finding, Severity, Verdict

__all__ = ["reconcile"]

_ORDER: Final = {Severity.REJECT: 0, Severity.REFER: 1, Severity.INFORM: 2}
_CHANNELS: Final = {"declaration": "customs", "classification": "fx", "rate": "fx", "receipt": "fx"}
_EXACT: Final = Context(prec=60)


def _decision(findings: tuple[Finding, ...]) -> Decision:
    severities = {finding.severity for finding in findings}
    if Severity.REJECT in severities:
        return Decision.REJECT
    return Decision.REFER if Severity.REFER in severities else Decision.APPROVE


def _free_in_cny(case: Case, declaration: ExportDeclaration) -> Decimal:
    """Zero where a quotation is missing: what cannot be valued cannot be financed."""
    held = [hold.amount for p in case.positions if p.declaration_number == declaration.number for hold in p.holds]
    collected = [money for p in case.positions if p.declaration_number == declaration.number for money in p.collected]
    try:
        free = free_balance(fob_value(declaration, case.rates), held, collected)
        return free.amount * rate_on(free.currency, declaration.dated, case.rates)
    except Refused:
        return Decimal(0)


def _eligible(case: Case) -> Money:
    """The financed share of the free balances of the applicant's own declarations that are not cancelled, in CNY."""
    with localcontext(_EXACT):
        free = sum(
            (
                _free_in_cny(case, record.document)
                for record in case.declarations
                if record.document.exporter == case.application.document.exporter
                and record.document.status is not DeclarationStatus.CANCELLED
            ),
            Decimal(0),
        )
        return Money.rounded(free * case.tolerances.financed_percent / 100, "CNY")


def _evidence(case: Case) -> tuple[Evidence, ...]:
    entries: tuple[Entry, ...] = (
        case.application,
        *case.declarations,
        *case.contracts,
        *case.invoices,
        *case.transport_documents,
        *case.packing_lists,
        *case.receipts,
        *case.classifications,
        *case.rates,
    )
    read = [
        Evidence(
            channel=_CHANNELS.get(entry.kind, "bank"),
            kind=entry.kind,
            id=entry.id,
            version=entry.version,
            sha256=entry.sha256,
        )
        for entry in entries
    ]
    facts: dict[str, object] = {
        "position": sorted(case.positions, key=lambda position: position.declaration_number),
        "match": sorted(case.matches, key=lambda match: (match.kind, match.id, match.loan_id, match.similarity)),
        "contract-total": sorted(case.contract_totals, key=lambda total: total.contract_id),
        "exporter-totals": case.exporter_totals,
        "roles": {msp: role.value for msp, role in case.roles.items()},
    }
    read += [
        Evidence(channel="fx", kind=kind, id=case.application.id, version=0, sha256=sha256_hex(canonical_json(fact)))
        for kind, fact in facts.items()
    ]
    return tuple(sorted(read, key=lambda item: (item.channel, item.kind, item.id, item.version, item.sha256)))


def reconcile(case: Case) -> Verdict:
    """Run every rule on the case. Pure and deterministic: equal cases give equal verdicts byte for byte."""
    found = [finding for _, rule in sorted(RULES.items()) for finding in rule.check(case)]
    findings = tuple(sorted(found, key=lambda finding: (_ORDER[finding.severity], finding.rule, finding.id)))
    evidence = _evidence(case)
    policy = sha256_hex(canonical_json(case.tolerances))
    basis = {"evidence": list(evidence), "policy_sha256": policy, "rule_set": RULE_SET}
    return Verdict(
        verdict=_decision(findings),
        eligible=_eligible(case),
        findings=findings,
        rule_set=RULE_SET,
        policy_sha256=policy,
        evidence=evidence,
        evidence_hash=sha256_hex(canonical_json(basis)),
    )
