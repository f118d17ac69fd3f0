"""Contracts with one check taken out: what the adversary's judge has to notice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import pytest

from eximledger.desk import _desk, _filing
from eximledger_chaincode.contracts import documents, loans
from eximledger_chaincode.contracts.loanbook import facts, judging, steps, taking
from eximledger_chaincode.contracts.papers import authorising, filing, pulling
from eximledger_chaincode.contracts.papers.consents import Reader
from eximledger_chaincode.contracts.state.members import Consortium
from eximledger_chaincode.contracts.state.names import MAIN_COLLECTION
from eximledger_chaincode.contracts.state.shelves import Shelf, open_shelf
from eximledger_chaincode.contracts.state.vault import open_vault
from eximledger_chaincode.documents import Kept, Kind, Money
from eximledger_chaincode.lending import roles
from eximledger_chaincode.lending.accounts.account import Split
from eximledger_chaincode.lending.accounts.offers import OfferedReceipt, ReceiptTaken
from eximledger_chaincode.lending.matching import FinancedRow
from eximledger_chaincode.lending.roles import Person, person_of
from eximledger_chaincode.lending.verdict import Verdict
from eximledger_chaincode.rules import RULES, reconcile, reconciliation
from eximledger_chaincode.rules.basis.case import Case
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.contract import Context

__all__ = ["MUTANTS", "Mutant"]


@dataclass(frozen=True)
class Mutant:
    """One check less. `seen_as` is what the judge says then."""

    name: str
    plant: Callable[[pytest.MonkeyPatch], None]
    seen_as: str
    is_quick: bool = False


def _anybody_decides(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(loans, "require_decider", lambda _loan, creator: person_of(creator))


def _writers_decide(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(loans, "require_stranger", lambda *_: None)
    unruly = {name: rule for name, rule in RULES.items() if name != "MAKER-CHECKER"}
    patch.setattr(reconciliation, "RULES", unruly)


def _by_certificate(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(roles, "_ENROLLMENT_ATTRIBUTE", "nothing")


def _no_day(patch: pytest.MonkeyPatch) -> None:
    async def every_day(_context: Context) -> None:
        """A business day, whatever SAFE opened."""

    patch.setattr(loans, "require_business_day", every_day)


def _no_positions(patch: pytest.MonkeyPatch) -> None:
    async def none(*_: object) -> tuple[()]:
        return ()

    patch.setattr(facts, "read_positions", none)


def _no_receipts(patch: pytest.MonkeyPatch) -> None:
    async def none(*_: object) -> tuple[()]:
        return ()

    patch.setattr(documents, "receipts_naming", none)


def _nothing_freed(patch: pytest.MonkeyPatch) -> None:
    async def kept(*_: object) -> None:
        """Nothing."""

    patch.setattr(taking, "release", kept)


def _all_freed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(taking, "held_after", lambda _loan: ())


def _nothing_looked_at(patch: pytest.MonkeyPatch) -> None:
    """Whatever the loan's bounds are: amounts, days, references, states."""
    patch.setattr(steps, "require_proposable", lambda *_: None)


def _no_interest(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(taking, "split_repayment", lambda loan, amount, _day: Split(Money.zero(loan.currency), amount))


def _receipts_forgotten(patch: pytest.MonkeyPatch) -> None:
    """What is taken of a receipt is remembered nowhere."""
    patch.setattr(
        OfferedReceipt, "taken_for", lambda offer, _loan, _money: ReceiptTaken(receipt_id=offer.receipt_id, by_loan={})
    )


def _alone(patch: pytest.MonkeyPatch) -> None:
    """Who proposed confirms."""
    patch.setattr(Person, "is_same", lambda *_: False)


def _hold_nothing(patch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> None:
        """Nothing is held."""

    patch.setattr(loans, "hold", nothing)


def _others_in_evidence(patch: pytest.MonkeyPatch) -> None:
    """The evidence hash covers what others hold, so that another bank's cent stops an approval."""
    _hashed(patch, lambda case: case.positions)


def _no_evidence(patch: pytest.MonkeyPatch) -> None:
    _hashed(patch, lambda case: case.application.id, instead=True)


def _hashed(patch: pytest.MonkeyPatch, over: Callable[[Case], object], *, instead: bool = False) -> None:
    def mutated(case: Case) -> Verdict:
        verdict = reconcile(case)
        base = "" if instead else verdict.evidence_hash
        changed = sha256_hex(canonical_json([base, over(case)]))
        return verdict.model_copy(update={"evidence_hash": changed})

    for module in (loans, judging, _desk):
        patch.setattr(module, "reconcile", mutated)


def _anybody_files(patch: pytest.MonkeyPatch) -> None:
    async def may(*_: object) -> None:
        """Everybody may."""

    patch.setattr(filing, "require_role", lambda *_: None)
    patch.setattr(_filing, "_require_may_file", may)


def _no_consent(patch: pytest.MonkeyPatch) -> None:
    async def all_stands(_context: Context, readers: Sequence[Reader]) -> dict[Reader, bool]:
        return dict.fromkeys(readers, True)

    patch.setattr(pulling, "read_standing", all_stands)


def _unsigned(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(authorising, "require_signed", lambda *_: None)


def _anybody_reads(patch: pytest.MonkeyPatch) -> None:
    """At the peers of customs and SAFE their own collections, which the ledger itself guards from no reader."""

    async def theirs(
        context: Context, consortium: Consortium, placement: Kind, bank: str = "", ahead: Sequence[str] = ()
    ) -> Shelf:
        if placement.kept is Kept.SHARED:
            return await open_vault(context, MAIN_COLLECTION[context.channel], ahead)
        return await open_shelf(context, consortium, placement, bank, ahead)

    patch.setattr(documents, "open_shelf", theirs)


def _no_marks(patch: pytest.MonkeyPatch) -> None:
    """Each approval leaves its own mark alone."""
    patch.setattr(
        FinancedRow, "with_mark", lambda _row, mark, standing: FinancedRow(marks={mark: standing})
    )  # as if nobody had a paper


MUTANTS: Final = (
    Mutant("anybody decides", _anybody_decides, "without the role|an own application|rejected loan", is_quick=True),
    Mutant("who wrote the papers decides", _writers_decide, "own papers"),
    Mutant("a new certificate is a new person", _by_certificate, "proposed and confirmed|an own|own papers"),
    Mutant("an approval outlives the day", _no_day, "before opening"),
    Mutant("what others hold is not read", _no_positions, "is held, open"),
    Mutant("receipts are not read", _no_receipts, "is held, open"),
    Mutant("nothing is freed", _nothing_freed, "position"),
    Mutant("a part that is repaid frees all", _all_freed, "holds"),
    Mutant("a step is not looked at", _nothing_looked_at, "repaid|drew|drawn|twice|after one|that is|extended|asked"),
    Mutant("a repayment pays no interest", _no_interest, "booked"),
    Mutant("what was taken of a receipt is forgotten", _receipts_forgotten, "than came"),
    Mutant("one person proposes and confirms", _alone, "proposed and confirmed|an own|done twice"),
    Mutant("nothing is held", _hold_nothing, "position|is held, open", is_quick=True),
    Mutant("others' holds are evidence", _others_in_evidence, "stopped it|is refused"),
    Mutant("evidence is not hashed", _no_evidence, "one evidence hash|did not change"),
    Mutant("anybody files anything", _anybody_files, "wrote a|changed collection|got"),
    Mutant("consent is not asked for", _no_consent, "got|lent on", is_quick=True),
    Mutant("consent is not signed", _unsigned, "never signed|could authorise"),
    Mutant("anybody reads what customs has", _anybody_reads, "was shown", is_quick=True),
    Mutant("who had a paper is forgotten", _no_marks, "took away"),
)
