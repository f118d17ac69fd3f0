"""What is to be done next about a loan, in one line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from eximledger.words import Language, word
from eximledger_chaincode.lending.loan import OPEN, Loan, LoanState
from eximledger_chaincode.lending.verdict import Decision

__all__ = ["next_step"]

_UNDECIDED: Final[Mapping[Decision, str]] = {
    Decision.APPROVE: "A checker approves it.",
    Decision.REFER: "A checker approves it with a reason for each finding that refers, or rejects it.",
    Decision.REJECT: "The papers or the application are amended and checked again, or a checker rejects it.",
}


def next_step(loan: Loan, day: date, language: Language) -> str:
    """What somebody has to do on a day; of a loan that has come to its end that nothing is left."""
    return word(_step(loan, day), language).format(
        draws=loan.draws_until or "", matures=loan.matures_on, proposal=_proposed(loan, language)
    )


def _proposed(loan: Loan, language: Language) -> str:
    return "" if loan.proposed is None else word(loan.proposed.proposal.step.value, language)


def _step(loan: Loan, day: date) -> str:
    if loan.proposed is not None:
        return "A checker who is another person confirms: {proposal}."
    if loan.state in OPEN:
        return "The papers are checked." if loan.verdict is None else _UNDECIDED[loan.verdict.verdict]
    if loan.state is LoanState.APPROVED:
        late = loan.draws_until is not None and day > loan.draws_until
        return "It was not drawn until {draws}: it lapses." if late else "It is paid out, until {draws} at the latest."
    if loan.state is LoanState.DISBURSED:
        late = day > loan.matures_on
        return "It was due on {matures}: it is noted as overdue." if late else "It is repaid, by {matures}."
    if loan.state is LoanState.OVERDUE:
        return "It is repaid or extended, or the insurer is asked."
    if loan.state is LoanState.INDEMNITY_SOUGHT:
        return "The insurer pays, or the exporter does."
    return "Nothing is left to do."
