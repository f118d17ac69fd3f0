"""A verdict as the one JSON document that machines read."""

from __future__ import annotations

from eximledger.words import Language
from eximledger_chaincode.rules import Verdict
from hlf_chaincode.canonical import Json, to_json

__all__ = ["verdict_json"]


def verdict_json(verdict: Verdict, language: Language) -> dict[str, Json]:
    """`message` is in `language`, `messages` in both; `id` is what an override names."""
    return {
        "verdict": verdict.verdict.value,
        "eligible": to_json(verdict.eligible),
        "findings": [
            {
                "id": finding.id,
                "rule": finding.rule,
                "severity": finding.severity.value,
                "documents": [str(document) for document in finding.documents],
                "statements": [
                    {"document": str(item.document), "field": item.field, "value": item.value}
                    for item in finding.statements
                ],
                "message": finding.message.zh if language == "zh" else finding.message.en,
                "messages": {"en": finding.message.en, "zh": finding.message.zh},
            }
            for finding in verdict.findings
        ],
        "evidence_hash": verdict.evidence_hash,
        "rule_set": verdict.rule_set,
    }
