"""Random histories of some loans of two banks on two declarations, with envelopes held back and committed late.

Whatever happens: a declaration never holds more than it is worth, what is free is what is left, every hold is a held
reservation's, and every loan that is approved or disbursed holds just what its application asked for.
"""

from __future__ import annotations

from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import EVIDENCE, Lending, Rules, opened
from tests.eximledger_chaincode.contracts.trade import CHECKER, EXIMBANK, SAFE, TRADEBANK, TRADEBANK_CHECKER, usd
from tests.hlf_chaincode.memory_peer import CommitInvalid, Envelope

from eximledger_chaincode.contracts import loans
from eximledger_chaincode.documents import FinancedDeclaration, LoanApplication, Money, TolerancePolicy
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.register import Reservation, ReservationState
from hlf_chaincode.errors import FabricError

ResultT = TypeVar("ResultT")

LOANS = ("L-1", "L-2", "T-1")
CLOSED = {LoanState.REJECTED, LoanState.WITHDRAWN, LoanState.RELEASED}
STEPS = {
    "check": "loans:check",
    "reserve": "financing:reserve",
    "approve": "loans:approve",
    "reject": "loans:reject",
    "withdraw": "loans:withdraw",
    "expire": "loans:expire",
    "disburse": "loans:disburse",
    "repay": "loans:repay",
    "free": "financing:release",
    "close": "loans:release",
}
WORDS: dict[str, tuple[object, ...]] = {"approve": (EVIDENCE, [])}
WORDS |= dict.fromkeys(("reject", "withdraw", "disburse", "repay"), ("word",))


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody does; `late`: its envelope is held back until an act `commit`."""

    what: str
    loan_id: str
    amount: int
    late: bool
    pick: int


acts = st.builds(
    Act,
    what=st.sampled_from([
        "apply", "apply", "both", "reserve", "approve", "approve", "approve", "disburse", "disburse", "repay", "repay",
        "free", "free", "close", "reject", "withdraw", "expire", "expire", "wait", "renewable", "receive",
        "commit", "commit", "commit",
    ]),
    loan_id=st.sampled_from(LOANS),
    amount=st.sampled_from([1, 10_000, 30_000, 60_000]),
    late=st.booleans(),
    pick=st.integers(0, 1000),
)  # fmt: skip


def run(coroutine: Coroutine[None, None, ResultT]) -> ResultT:
    """Drive a coroutine that waits for nothing, as all do on a ledger in memory."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: ResultT = stop.value
        return result
    raise AssertionError("the ledger in memory waited for something")


@dataclass(slots=True)
class World:
    lending: Lending
    held_back: list[Envelope] = field(default_factory=list)
    receipts: int = 0
    replaced: dict[str, int] = field(default_factory=dict)

    def act(self, act: Act) -> None:
        """Do it; it may be refused, or come too late. Where a loan is closed for good, a new one takes its place."""
        act = replace(act, loan_id=self._living(act.loan_id))
        match act.what:
            case "wait":
                self.lending.ledger.now += timedelta(hours=73)
            case "renewable":
                self.lending.ledger.now += timedelta(hours=71, minutes=30)
            case "receive":
                self.receipts += 1
                paid = trade.receipt(f"R-{self.receipts}", amount=f"{act.amount // 10 + 1}.00", serial=1 + act.pick % 2)
                run(self.lending.file(paid))
            case "commit":
                if self.held_back:
                    self._commit(self.held_back.pop(act.pick % len(self.held_back)))
            case "apply" | "both":
                self._endorse(act, "loans:apply", self._application(act))
            case step:
                if step == "approve":  # what it needs first, or approvals would be rare
                    self._endorse(replace(act, what="apply", late=False), "loans:apply", self._application(act))
                    for before in ("check", "reserve"):
                        self._endorse(replace(act, what=before, late=False), STEPS[before], act.loan_id)
                if step == "expire":
                    self.lending.ledger.now += timedelta(hours=73)
                self._endorse(act, STEPS[step], act.loan_id, *WORDS.get(step, ()))

    def _living(self, loan_id: str) -> str:
        name = f"{loan_id}.{self.replaced.get(loan_id, 0)}"
        with suppress(FabricError):
            if run(self.lending.get(name)).state in CLOSED:
                self.replaced[loan_id] = self.replaced.get(loan_id, 0) + 1
                return self._living(loan_id)
        return name

    def _application(self, act: Act) -> LoanApplication:
        serials = (1, 2) if act.what == "both" else (1 + act.pick % 2,)
        items = tuple(
            FinancedDeclaration(declaration_number=trade.number_of(serial), amount=usd(act.amount))
            for serial in serials
        )
        return trade.application(act.loan_id).model_copy(update={"declarations": items})

    def _endorse(self, act: Act, function: str, *arguments: object) -> None:
        maker, checker = (TRADEBANK, TRADEBANK_CHECKER) if act.loan_id.startswith("T") else (EXIMBANK, CHECKER)
        who = checker if act.what == "approve" else maker
        if act.what in {"expire", "free"}:
            who = SAFE
        with suppress(FabricError):
            envelope = run(self.lending.endorse(who, function, *arguments))
            if act.late:
                self.held_back.append(envelope)
            else:
                self._commit(envelope)

    def _commit(self, envelope: Envelope) -> None:
        with suppress(CommitInvalid):
            self.lending.ledger.commit(envelope)

    # -- what must hold ------------------------------------------------------------------------------------------------

    def check_balances(self) -> dict[str, Money]:
        """What is held of each declaration, once the sums add up."""
        holds: dict[str, Money] = {}
        for serial in (1, 2):
            balance = run(self.lending.balance(serial))
            assert balance.held <= balance.value
            assert balance.open == max(balance.value - balance.collected, usd(0))
            assert balance.free == max(balance.open - balance.held, usd(0))
            holds[balance.declaration_number] = balance.held
        return holds

    def check_reservations(self, holds: dict[str, Money]) -> dict[str, Reservation]:
        """The held reservations by loan, once what they hold is just what is held."""
        page = run(self.lending.ledger.evaluate(SAFE, "fx", "financing:reservations"))
        assert isinstance(page, dict)
        found = [Reservation.model_validate(each) for each in page["reservations"]]
        held = {each.loan_id: each for each in found if each.state is ReservationState.HELD}
        index = run(self.lending.ledger.evaluate(SAFE, "fx", "financing:held"))
        assert isinstance(index, dict)
        assert [Reservation.model_validate(each) for each in index["reservations"]] == [
            held[loan_id] for _, loan_id in sorted((each.bank, each.loan_id) for each in held.values())
        ]
        sums = dict.fromkeys(holds, usd(0))
        for item in (item for each in held.values() for item in each.items):
            sums[item.declaration_number] += item.amount
        assert holds == sums
        return held

    def check_loans(self, held: dict[str, Reservation]) -> list[Loan]:
        page = run(self.lending.ledger.evaluate(SAFE, "bank", "loans:list"))
        assert isinstance(page, dict)
        found = [Loan.model_validate(each) for each in page["loans"]]
        for loan in found:
            if loan.state in {LoanState.APPROVED, LoanState.DISBURSED}:
                assert loan.loan_id in held, f"loan {loan.loan_id} is {loan.state} and holds nothing"
                assert held[loan.loan_id].items == loan.items
        return found


@settings(max_examples=60, deadline=None)
@given(st.lists(acts, min_size=30, max_size=60))
def test_balance_is_held_under_every_approved_loan_and_adds_up(history: list[Act]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loans, "reconcile", Rules().reconcile)
        world = World(run(opened(1, 2)))
        for bank in (EXIMBANK, TRADEBANK):  # so that papers do not keep the loans apart
            run(world.lending.file(TolerancePolicy(bank=bank.msp_id, fingerprinted=()), bank=bank))
        for act in history:
            world.act(act)
            world.check_loans(world.check_reservations(world.check_balances()))
