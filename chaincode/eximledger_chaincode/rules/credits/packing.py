"""Rules on packing loans: what is free of the contracts and letters of credit that they are on, and who else is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from eximledger_chaincode.documents import KINDS, LetterOfCredit, SalesContract
from eximledger_chaincode.lending.packing.frames import FrameBalance
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.frames import Frame, frames_in
from eximledger_chaincode.rules.basis.parties import compared, graded, so
from eximledger_chaincode.rules.basis.wording import Words, finding, missing_rates, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule


@rule("PACK-BALANCE", Severity.REJECT, source="bank policy")
def pack_balance(case: Case) -> Iterator[Finding]:
    """A packing loan asks more of a contract or letter of credit than is free: not invoiced, nor held by other packing
    loans of the bank; or what is free cannot be told."""
    for frame in frames_in(case):
        paper, item, balance = titled(frame.paper), frame.item, frame.balance
        asked = says(case.application.document, f"frames[{item.number}].amount", item.amount)
        if balance.unvalued:
            reason = missing_rates(balance.unvalued)
            yield finding(
                "PACK-BALANCE", Severity.REJECT, says(frame.paper, "number", frame.paper.number), asked,
                en=f"{paper.en} cannot be valued: {reason.en}.",
                zh=f"{paper.zh} 无法估值：{reason.zh}。",
            )  # fmt: skip
        elif frame.unknown is not None:
            yield finding(
                "PACK-BALANCE", Severity.REJECT, says(frame.paper, "contract", frame.unknown), asked,
                en=f"{paper.en} is for contract {frame.unknown}, which is not among the papers of the case: what of it "
                "is free cannot be told.",
                zh=f"{paper.zh} 对应合同 {frame.unknown}，而申请资料中没有该合同：无法确定其可用余额。",
            )  # fmt: skip
        elif item.amount > balance.free:
            taken = _taken(balance)
            yield finding(
                "PACK-BALANCE", Severity.REJECT, says(frame.paper, "free balance", balance.free), asked,
                en=f"{item.amount} is asked against {paper.en}, of which only {balance.free} is free{taken.en}.",
                zh=f"申请占用{paper.zh} 的 {item.amount}，但可用余额仅为 {balance.free}{taken.zh}。",
            )  # fmt: skip


def _taken(balance: FrameBalance) -> Words:
    """Why less is free than was agreed."""
    parts: list[Words] = []
    if balance.invoiced.amount:
        parts.append(Words(f"{balance.invoiced} are invoiced", f"已开票 {balance.invoiced}"))
    if balance.held.amount:
        parts.append(Words(f"{balance.held} are held for packing loans", f"打包贷款已占用 {balance.held}"))
    if not parts:
        return Words("", "")
    return Words(f" ({', '.join(each.en for each in parts)})", f"（{'，'.join(each.zh for each in parts)}）")


@rule("PACK-ELSEWHERE", Severity.REFER, source="trade financing validation services (MonetaGo, SWIFT)")
def pack_elsewhere(case: Case) -> Iterator[Finding]:
    """Another bank has a packing loan on the contract or letter of credit, or on one alike in all but one of number,
    amount, date and parties. How much it holds is that bank's own business: an officer asks."""
    named = {(kind.name, record.id): record.document for kind in KINDS.values() if kind.frame
             for record in case.papers(kind)}  # fmt: skip
    found = {(match.kind, match.id) for match in case.matches if _is_frame(match.kind) and not match.same_bank}
    for kind, id_ in sorted(found):
        paper = named.get((kind, id_)) or DocumentName(kind=kind, number=id_)
        yield finding(
            "PACK-ELSEWHERE", Severity.REFER, says(paper, "financed before shipment", "at another bank"),
            en=f"{titled(paper).en}, or one very like it, has a packing loan at another bank, now or before.",
            zh=f"{titled(paper).zh}（或与之极为相似者）在他行已有或曾有打包贷款。",
        )  # fmt: skip


def _is_frame(kind: str) -> bool:
    return kind in KINDS and KINDS[kind].frame


@rule("PACK-PARTIES", Severity.REFER, Severity.INFORM, source="UCP 600 art. 18(a)")
def pack_parties(case: Case) -> Iterator[Finding]:
    """A packing loan is asked for by another party than the seller of the contract or the beneficiary of the credit."""
    applicant = case.application.document.applicant
    for frame in frames_in(case):
        field, words, party = (
            ("beneficiary", Words("beneficiary", "受益人"), frame.paper.beneficiary)
            if isinstance(frame.paper, LetterOfCredit)
            else ("seller", Words("seller", "卖方"), frame.paper.seller)
        )
        pair = compared(applicant, party)
        severity = graded(pair, Severity.REFER)
        if severity is not None:
            paper, end = titled(frame.paper), so(pair)
            yield finding(
                "PACK-PARTIES", severity, says(case.application.document, "applicant", pair.left),
                says(frame.paper, field, pair.right),
                en=f"The applicant is {pair.left}; the {words.en} of {paper.en} is {pair.right}{end.en}.",
                zh=f"申请人为 {pair.left}，{paper.zh} 的{words.zh}为 {pair.right}{end.zh}。",
            )  # fmt: skip


@rule("PACK-DATES", Severity.REFER, source="bank policy")
def pack_dates(case: Case) -> Iterator[Finding]:
    """A packing loan on a contract or letter of credit under which nothing can be shipped any more on the day of the
    decision."""
    for frame in frames_in(case):
        field, last = _last_day(frame)
        if last is not None and last < case.today:
            paper = titled(frame.paper)
            yield finding(
                "PACK-DATES", Severity.REFER, says(frame.paper, field, last),
                en=f"{paper.en} allows shipment until {last}, and nothing is shipped yet.",
                zh=f"{paper.zh} 的装运期至 {last} 止，而货物尚未装运。",
            )  # fmt: skip


def _last_day(frame: Frame) -> tuple[str, date | None]:
    paper = frame.paper
    if paper.latest_shipment_on is not None:
        return "latest_shipment_on", paper.latest_shipment_on
    if isinstance(paper, SalesContract):
        return "valid_until", paper.valid_until
    return "expires_on", paper.expires_on
