"""Verdict: what the rules say of a case, and the hash of what an officer judges by it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from eximledger_chaincode.documents import Money, Value
from eximledger_chaincode.documents.parts.base import Whole
from eximledger_chaincode.documents.parts.record import Hex256
from hlf_chaincode.canonical import canonical_json, sha256_hex

__all__ = [
    "OF_THE_OFFICER",
    "Decision",
    "DocumentName",
    "Evidence",
    "Finding",
    "Severity",
    "Statement",
    "Text",
    "Verdict",
    "VerdictHash",
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
        return f"{self.rule}:{sha256_hex(canonical_json(self._named))[:8]}"

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of all that tells it from another finding: its name, whole, and how severe it is."""
        return sha256_hex(canonical_json([*self._named, self.severity]))

    @property
    def _named(self) -> list[object]:
        return [self.rule, [str(document) for document in self.documents], [str(item) for item in self.statements]]


class Evidence(Value):
    """One thing that was read: a stored document version, or by its hash what a channel knows beside documents."""

    channel: str
    kind: str
    id: str
    version: Whole
    sha256: str


OF_THE_OFFICER: Final = frozenset({"MAKER-CHECKER"})
"""Rules that look at who approves: what they find is no part of what is judged. No other rule is told who does."""


def evidence_hash(evidence: Iterable[Evidence], findings: Iterable[Finding], policy_sha256: str, rule_set: str) -> str:
    """SHA-256 (hex) over the canonical JSON of what an officer judges: the versions of the case's papers, what was
    found in them, and the policy and rules that it was found by."""
    basis = {
        "evidence": list(evidence),
        "findings": sorted({each.digest for each in findings if each.rule not in OF_THE_OFFICER}),
        "policy_sha256": policy_sha256,
        "rule_set": rule_set,
    }
    return sha256_hex(canonical_json(basis))


class Verdict(Value):
    """The same case, policy and rule set give the same verdict, byte for byte in canonical JSON, anywhere.

    `eligible` is what can be financed, in the loan's currency. `evidence` are the papers that are judged; `read` is
    what was looked at beside them: quotations, and what the channels know of positions, financed papers, totals and
    roles. Its part in the evidence hash are the findings about it alone, so that the hash changes neither with the
    day or the officer, nor with another bank's holds, as long as they give no other finding.
    """

    verdict: Decision
    eligible: Money
    findings: tuple[Finding, ...]
    rule_set: str
    policy_sha256: str
    evidence: tuple[Evidence, ...]
    read: tuple[Evidence, ...] = ()
    evidence_hash: str

    @property
    def computed_hash(self) -> str:
        """What `evidence_hash` must be."""
        return evidence_hash(self.evidence, self.findings, self.policy_sha256, self.rule_set)


class VerdictHash(Value):
    """What a block keeps of the answer to a check: the hash of the verdict, for a client that computes its own."""

    sha256: Hex256

    @classmethod
    def of(cls, verdict: Verdict) -> VerdictHash:
        """Over all of it, not what an officer judges alone."""
        return cls(sha256=sha256_hex(canonical_json(verdict)))
