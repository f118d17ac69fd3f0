"""Case -> Verdict: every rule run, findings in a fixed order, and the hashes of what was judged and read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from eximledger_chaincode.documents import BANK, CUSTOMS, FX, KINDS, PriceBand, ReferenceRate
from eximledger_chaincode.lending.verdict import (
    OF_THE_OFFICER,
    Decision,
    Evidence,
    Finding,
    Severity,
    Verdict,
    evidence_hash,
)
from eximledger_chaincode.rules import (  # noqa: F401 - each module declares its rules when it is imported
    arithmetic,
    authority,
    duplicates,
    invoices,
    loans,
    parties,
    receipts,
    sales_contracts,
    sanctions,
    transport,
)
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.eligibility import eligible_amount
from eximledger_chaincode.rules.claims import claimants, payment  # noqa: F401 - as above
from eximledger_chaincode.rules.credits import carriage, conditions, packing  # noqa: F401 - as above
from eximledger_chaincode.rules.customs import declaration_copies, declarations, prices  # noqa: F401 - likewise
from eximledger_chaincode.rules.exporter import enterprise, history  # noqa: F401 - likewise
from eximledger_chaincode.rules.ruleset.identity import rule_set_id
from eximledger_chaincode.rules.ruleset.registry import RULES, RuleSet, rows_of
from eximledger_chaincode.rules.ruleset.sets import rule_set_on
from eximledger_chaincode.rules.shipping import (  # noqa: F401
    cargo,
    containers,
    dates,
    embargo,
    insurance,
    places,
    quantities,
    terms,
)
from hlf_chaincode.canonical import canonical_json, sha256_hex

__all__ = ["decision_of", "facts_of", "for_officer", "judged", "reconcile"]

_LENT: Final = frozenset({ReferenceRate.KIND, PriceBand.KIND})
"""Papers that are not judged and only lend a number to what is."""

_ORDER: Final = {Severity.REJECT: 0, Severity.REFER: 1, Severity.INFORM: 2}


def decision_of(findings: Iterable[Finding]) -> Decision:
    """What follows from findings: reject with any reject, refer with any refer, else approve."""
    severities = {finding.severity for finding in findings}
    if Severity.REJECT in severities:
        return Decision.REJECT
    return Decision.REFER if Severity.REFER in severities else Decision.APPROVE


def _rank(finding: Finding) -> tuple[int, str, str, str]:
    """The worst first, then by rule; a total order of findings that differ."""
    return _ORDER[finding.severity], finding.rule, finding.id, finding.message.en


def _papers(case: Case) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    """The case's papers: those that are judged, and those that only lend them a number."""
    judged: list[Evidence] = []
    lent: list[Evidence] = []
    for entry in case.entries:
        channel = KINDS[entry.kind].channel
        item = Evidence(channel=channel, kind=entry.kind, id=entry.id, version=entry.version, sha256=entry.sha256)
        (lent if entry.kind in _LENT else judged).append(item)
    return _sorted(judged), _sorted(lent)


def facts_of(case: Case) -> tuple[Evidence, ...]:
    """What the channels know of the case beside papers, each under the channel that it comes from."""
    totals = case.exporter_totals
    period = None if totals is None else [totals.since, totals.until]
    facts: dict[tuple[str, str], object] = {
        (BANK, "held"): [[each.declaration_number, each.held] for each in case.positions],
        (BANK, "frame-held"): case.frame_positions,
        (BANK, "match"): case.matches,
        (BANK, "unmatched"): case.unmatched,
        (BANK, "financed"): case.other_financings,
        (BANK, "contract-total"): case.contract_totals,
        (BANK, "roles"): {msp: role.value for msp, role in case.roles.items()},
        (CUSTOMS, "earlier"): [[each.id, each.version, each.sha256] for each in case.earlier_declarations],
        (CUSTOMS, "declared"): [period, totals and totals.declared, totals and totals.exported],
        (BANK, "cleared"): case.clearings,
        (FX, "listed"): [case.hits, case.omitted_hits],
        (FX, "naming"): case.namings,
        (FX, "unallocated"): case.unallocated,
        (FX, "received"): [period, totals and totals.received],
    }
    name = case.application.id
    return _sorted(
        Evidence(channel=channel, kind=kind, id=name, version=0, sha256=sha256_hex(canonical_json(fact)))
        for (channel, kind), fact in facts.items()
    )


def _sorted(items: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple(sorted(items, key=lambda item: (item.channel, item.kind, item.id, item.version, item.sha256)))


def reconcile(case: Case, rule_set: RuleSet | None = None) -> Verdict:
    """Run every rule of the set that holds on the case's day, or of another one. Pure and deterministic: equal cases,
    in whatever order a ledger gave their documents, give equal verdicts byte for byte."""
    judged_by = rule_set or rule_set_on(case.today)
    return for_officer(case, judged(case, judged_by), judged_by)


def judged(case: Case, rule_set: RuleSet) -> Verdict:
    """What is found whoever approves: no rule is told here who does."""
    case = replace(case, approving=None).ordered()
    found = dict.fromkeys(finding for row in rows_of(rule_set, RULES) for finding in row.findings(case))
    findings = tuple(sorted(found, key=_rank))
    evidence, lent = _papers(case)
    policy, rules = sha256_hex(canonical_json(case.tolerances)), rule_set_id(rule_set)
    return Verdict(
        verdict=decision_of(findings),
        eligible=eligible_amount(case),
        findings=findings,
        rule_set=rules,
        policy_sha256=policy,
        evidence=evidence,
        read=(*lent, *facts_of(case)),
        evidence_hash=evidence_hash(evidence, findings, policy, rules),
    )


def for_officer(case: Case, verdict: Verdict, rule_set: RuleSet) -> Verdict:
    """The verdict with what the rules `OF_THE_OFFICER` find of who approves the case, which is no part of what is
    judged."""
    if case.approving is None:
        return verdict
    rules = {id_: rule for id_, rule in RULES.items() if id_ in OF_THE_OFFICER}
    found = [finding for row in rows_of(rule_set, rules) for finding in row.findings(case)]
    if not found:
        return verdict
    findings = tuple(sorted(dict.fromkeys((*verdict.findings, *found)), key=_rank))
    return verdict.model_copy(update={"verdict": decision_of(findings), "findings": findings})
