"""Case -> Verdict: every rule run, findings in a fixed order, and the hashes of all that was read."""

from __future__ import annotations

from typing import Final

from eximledger_chaincode.canonical import canonical_json, sha256_hex
from eximledger_chaincode.documents.record import Entry
from eximledger_chaincode.rules import (  # noqa: F401 - each module declares its rules when it is imported
    arithmetic,
    contracts,
    declarations,
    duplicates,
    invoices,
    loans,
    receipts,
    transport,
)
from eximledger_chaincode.rules._registry import RULE_SET, RULES
from eximledger_chaincode.rules.case import Case
from eximledger_chaincode.rules.eligibility import eligible_amount
from eximledger_chaincode.rules.verdict import Decision, Evidence, Finding, Severity, Verdict

__all__ = ["reconcile"]

_ORDER: Final = {Severity.REJECT: 0, Severity.REFER: 1, Severity.INFORM: 2}
_CHANNELS: Final = {"declaration": "customs", "classification": "fx", "rate": "fx", "receipt": "fx"}


def _decision(findings: tuple[Finding, ...]) -> Decision:
    severities = {finding.severity for finding in findings}
    if Severity.REJECT in severities:
        return Decision.REJECT
    return Decision.REFER if Severity.REFER in severities else Decision.APPROVE


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
        eligible=eligible_amount(case),
        findings=findings,
        rule_set=RULE_SET,
        policy_sha256=policy,
        evidence=evidence,
        evidence_hash=sha256_hex(canonical_json(basis)),
    )
