"""What an officer has seen, as an entity tag; and what has changed since."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from eximledger.desk import LoanDesk
from eximledger.serving.errors import Difference, PreconditionFailed, PreconditionRequired
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.verdict import Evidence, Finding, Verdict

__all__ = ["Seen", "changed_since", "evidence_tag", "seen_in"]

_TAG: Final = re.compile(r'\s*"([1-9][0-9]{0,8})\.([0-9a-f]{64})"\s*')
_SHORT: Final = 12


class Seen(NamedTuple):
    """The application's version, and the evidence hash of its verdict."""

    version: int
    evidence_hash: str

    def is_of(self, loan: Loan) -> bool:
        """Whether this is what the ledger has recorded."""
        return loan.verdict is not None and self == (loan.version, loan.verdict.evidence_hash)


def evidence_tag(loan: Loan) -> str:
    """The tag of what an officer judges by: the application's version and the verdict's evidence."""
    return f'"{loan.version}"' if loan.verdict is None else f'"{loan.version}.{loan.verdict.evidence_hash}"'


def seen_in(if_match: str | None) -> Seen:
    """What a header says was seen. Raises `PreconditionRequired` where it says nothing of a verdict."""
    found = _TAG.fullmatch(if_match or "")
    if found is None:
        raise PreconditionRequired("say with If-Match which verdict you have seen: the ETag of the loan")
    return Seen(int(found[1]), found[2])


async def changed_since(desk: LoanDesk, loan: Loan, seen: Seen) -> PreconditionFailed:
    """What is another than was seen: against what is recorded, or against the papers as they are now."""
    now = loan.verdict
    if now is not None and seen.is_of(loan):
        now = await desk.reconcile(loan.loan_id)
    before = await _seen_verdict(desk, loan.loan_id, seen)
    found = [] if loan.version == seen.version else [
        Difference("application", loan.loan_id, f"version {seen.version}", f"version {loan.version}")
    ]  # fmt: skip
    if now is None:
        found.append(Difference("verdict", loan.loan_id, "checked", "not checked since"))
    elif before is not None:
        found += _between(before, now)
    return PreconditionFailed(
        f"loan {loan.loan_id} is not what you have seen: look at it again", found, loan_id=loan.loan_id,
        seen=seen.evidence_hash, evidence_hash="" if now is None else now.evidence_hash,
    )  # fmt: skip


async def _seen_verdict(desk: LoanDesk, loan_id: str, seen: Seen) -> Verdict | None:
    """The verdict that was seen, where the ledger has ever recorded it."""
    verdicts = (item.loan.verdict for item in await desk.loan_history(loan_id))
    return next((each for each in verdicts if each is not None and each.evidence_hash == seen.evidence_hash), None)


def _between(before: Verdict, now: Verdict) -> Iterator[Difference]:
    yield from _papers(before, now)
    yield from _findings(before, now)
    for what, was, is_now in (
        ("decision", before.verdict.value, now.verdict.value),
        ("eligible", str(before.eligible), str(now.eligible)),
        ("policy", before.policy_sha256[:_SHORT], now.policy_sha256[:_SHORT]),
        ("rule set", before.rule_set, now.rule_set),
    ):
        if was != is_now:
            yield Difference(what, what, was, is_now)


def _papers(before: Verdict, now: Verdict) -> Iterator[Difference]:
    was, is_now = ({_named(each): each for each in verdict.evidence} for verdict in (before, now))
    for name in sorted(was.keys() | is_now.keys()):
        old, new = was.get(name), is_now.get(name)
        if old != new:
            yield Difference("paper", name, _said(old), _said(new))


def _named(evidence: Evidence) -> str:
    return f"{evidence.kind} {evidence.id}"


def _said(evidence: Evidence | None) -> str:
    return "" if evidence is None else f"version {evidence.version} ({evidence.sha256[:_SHORT]})"


def _findings(before: Verdict, now: Verdict) -> Iterator[Difference]:
    was, is_now = ({each.id: each for each in verdict.findings} for verdict in (before, now))
    for name in sorted(was.keys() | is_now.keys()):
        old, new = was.get(name), is_now.get(name)
        if old is None or new is None or old.severity is not new.severity:
            yield Difference("finding", name, _found(old), _found(new))


def _found(finding: Finding | None) -> str:
    return "" if finding is None else f"{finding.severity}: {finding.message.en}"
