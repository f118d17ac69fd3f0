"""Screening where money moves: at disbursement and repayment a case is held against the lists of that day."""

from __future__ import annotations

from collections.abc import Iterable

from eximledger_chaincode.contracts.loanbook.book import OpenedLoan
from eximledger_chaincode.contracts.loanbook.facts import open_left, open_to_screen
from eximledger_chaincode.contracts.papers.consents import Reader, read_standing
from eximledger_chaincode.contracts.papers.copying import SCOPE_OF_KIND
from eximledger_chaincode.lending.loan import Loan
from eximledger_chaincode.lending.verdict import Finding
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.sanctions import screened, stopping
from hlf_chaincode.contract import Context
from hlf_chaincode.errors import NotAuthorized, Refused

__all__ = ["require_unlisted", "screen_loan"]


def require_unlisted(loan: Loan, findings: Iterable[Finding], what: str) -> None:
    """Raises `Refused` where a list stops money for this loan: a finding that rejects, or one that refers and was
    neither cleared by two persons nor overridden when the loan was approved or extended."""
    overridden = [] if loan.approval is None else [each.finding for each in loan.approval.overrides]
    overridden += [each.finding for payment in loan.payments for each in payment.proposal.overrides]
    stops = stopping(findings, overridden)
    if stops:
        told = " ".join(dict.fromkeys(each.message.en for each in stops[:3]))
        raise Refused(f"no {what} of loan {loan.loan_id} while a watch list stops it: {told}", loan_id=loan.loan_id)


async def screen_loan(context: Context, opened: OpenedLoan, what: str) -> None:
    """The same for a step that does not judge the whole case, such as a repayment. Where the exporter's consent has
    ended, what the bank may still read is held against the lists: what is owed is repaid all the same."""
    require_unlisted(opened.loan, screened(await _screenable(context, opened)), what)


async def _screenable(context: Context, opened: OpenedLoan) -> Case:
    try:
        return await open_to_screen(context, opened)
    except (NotAuthorized, Refused):
        exporter = opened.loan.application.document.exporter
        readers: list[Reader] = [(exporter, opened.loan.bank, scope) for scope in sorted(set(SCOPE_OF_KIND.values()))]
        if all((await read_standing(context, readers)).values()):
            raise
    return await open_left(context, opened)
