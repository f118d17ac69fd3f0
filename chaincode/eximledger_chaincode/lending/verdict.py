"""Verdict: what the rules say of a case, and the hashes of all that they read."""

from __future__ import annotations

from enum import StrEnum

from eximledger_chaincode.documents import Money, Value
from eximledger_chaincode.documents.parts.base import Whole
from hlf_chaincode.canonical import canonical_json, sha256_hex

__all__ = [
    "Decision",
    "DocumentName",
    "Evidence",
    "Finding",
    "Severity",
    "Statement",
    "Text",
    "Verdict",
    "evidence_hash",
]


class Severity(StrEnum):
    """reject: no loan; refer: an officer decides, with a reason; inform: to be known."""

    REJECT = "reject"
    REFER = "refer"
    INFORM = "inform"


class Decision(StrEnum):
    APPROVE = "approve"
    REFER = "refer"
    REJECT = "reject"


class Text(Value):
    """One sentence in both languages."""

    en: str
    zh: str


class DocumentName(Value):
    """A document as a report names it: its kind and its number on the paper."""

    kind: str
    number: str

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Statement(Value):
    """What one document says in one field: `{"document": ..., "field": "total", "value": "1,000.00 USD"}`."""

    document: DocumentName
    field: str
    value: str


class Finding(Value):
    """What a rule found: the documents, fields and values that disagree, said in both languages."""

    rule: str
    severity: Severity
    documents: tuple[DocumentName, ...]
    statements: tuple[Statement, ...] = ()
    message: Text

    @property
    def id(self) -> str:
        """The finding's stable name, `RULE:8 hex digits`: what an officer's override refers to."""
        named = [self.rule, [str(document) for document in self.documents], [str(item) for item in self.statements]]
        return f"{self.rule}:{sha256_hex(canonical_json(named))[:8]}"


class Evidence(Value):
    """One thing that was read: a stored document version, or a fact of the register by its hash."""

    channel: str
    kind: str
    id: str
    version: Whole
    sha256: str


def evidence_hash(evidence: tuple[Evidence, ...], policy_sha256: str, rule_set: str) -> str:
    """SHA-256 (hex) over the canonical JSON of what was read and of what it was judged by."""
    basis = {"evidence": list(evidence), "policy_sha256": policy_sha256, "rule_set": rule_set}
    return sha256_hex(canonical_json(basis))


class Verdict(Value):
    """The same case, policy and rule set give the same verdict, byte for byte in canonical JSON, anywhere.

    `eligible` is what can be financed, in CNY. `evidence_hash` does not change with the day on which the same evidence
    is read.
    """

    verdict: Decision
    eligible: Money
    findings: tuple[Finding, ...]
    rule_set: str
    policy_sha256: str
    evidence: tuple[Evidence, ...]
    evidence_hash: str
