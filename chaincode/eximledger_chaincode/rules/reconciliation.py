"""Case -> Verdict: every rule run, findings in a fixed order, and the hashes of all that was read."""

from __future__ import annotations

from typing import Final

from eximledger_chaincode.documents import FX, KINDS
from eximledger_chaincode.lending.verdict import Decision, Evidence, Finding, Severity, Verdict, evidence_hash
from eximledger_chaincode.rules import (  # noqa: F401 - each module declares its rules when it is imported
    arithmetic,
    claims,
    declarations,
    duplicates,
    invoices,
    loans,
    receipts,
    sales_contracts,
    transport,
)
from eximledger_chaincode.rules._registry import RULE_SET, RULES
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.eligibility import eligible_amount
from hlf_chaincode.canonical import canonical_json, sha256_hex

__all__ = ["reconcile"]

_ORDER: Final = {Severity.REJECT: 0, Severity.REFER: 1, Severity.INFORM: 2}


def _decision(findings: tuple[Finding, ...]) -> Decision:
    severities = {finding.severity for finding in findings}
    if Severity.REJECT in severities:
        return Decision.REJECT
    return Decision.REFER if Severity.REFER in severities else Decision.APPROVE


def _rank(finding: Finding) -> tuple[int, str, str, str]:
    """The worst first, then by rule; a total order of findings that differ."""
    return _ORDER[finding.severity], finding.rule, finding.id, finding.message.en


def _evidence(case: Case) -> tuple[Evidence, ...]:
    read = [
        Evidence(
            channel=KINDS[entry.kind].channel,
            kind=entry.kind,
            id=entry.id,
            version=entry.version,
            sha256=entry.sha256,
        )
        for entry in case.entries
    ]
    facts: dict[str, object] = {
        "position": case.positions,
        "naming": case.namings,
        "unallocated": case.unallocated,
        "match": case.matches,
        "contract-total": case.contract_totals,
        "exporter-totals": case.exporter_totals,
        "roles": {msp: role.value for msp, role in case.roles.items()},
    }
    read += [
        Evidence(channel=FX, kind=kind, id=case.application.id, version=0, sha256=sha256_hex(canonical_json(fact)))
        for kind, fact in facts.items()
    ]
    return tuple(sorted(read, key=lambda item: (item.channel, item.kind, item.id, item.version, item.sha256)))


def reconcile(case: Case) -> Verdict:
    """Run every rule on the case. Pure and deterministic: equal cases, in whatever order a ledger gave their documents,
    give equal verdicts byte for byte."""
    case = case.ordered()
    found = dict.fromkeys(finding for rule in RULES.values() for finding in rule.findings(case))
    findings = tuple(sorted(found, key=_rank))
    evidence = _evidence(case)
    policy = sha256_hex(canonical_json(case.tolerances))
    return Verdict(
        verdict=_decision(findings),
        eligible=eligible_amount(case),
        findings=findings,
        rule_set=RULE_SET,
        policy_sha256=policy,
        evidence=evidence,
        evidence_hash=evidence_hash(evidence, policy, RULE_SET),
    )
