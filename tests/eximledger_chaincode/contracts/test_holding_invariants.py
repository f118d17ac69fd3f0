"""Random histories of loans of two banks on two declarations, with envelopes held back and committed late.

Under the rules themselves, whatever happens, after every step: what is held of a declaration is the sum of what loans
hold of it, which is in proportion to what of each is not repaid; none of it is more than the declaration is worth;
each approval asked no more than was free as it was read; a paper is under loans of one bank only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.trade import CHECKER, EXIMBANK, SAFE, TRADEBANK, TRADEBANK_CHECKER, usd
from tests.hlf_chaincode.memory_peer import CommitInvalid, Envelope, Identity

from eximledger_chaincode.documents import FinancedDeclaration, LoanApplication, Money
from eximledger_chaincode.lending.accounts.account import account_of
from eximledger_chaincode.lending.loan import HOLDING, OPEN, Loan, LoanPage, LoanState
from eximledger_chaincode.lending.steps import Step
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.lending.verdict import Severity, Verdict
from hlf_chaincode.errors import FabricError

ResultT = TypeVar("ResultT")

LOANS = ("L-1", "T-1", "L-paper", "T-paper")
"""Two loans of each bank; those on paper name the same invoice."""
SERIALS = (1, 2)
BANKS = ("EximbankMSP", "TradebankMSP")
VALUE = usd("100000.00")
ENDED = {
    LoanState.REJECTED, LoanState.WITHDRAWN, LoanState.LAPSED, LoanState.CLOSED, LoanState.WRITTEN_OFF,
}  # fmt: skip
Holds = dict[tuple[str, str], Money]


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
        "apply", "approve", "approve", "approve", "approve", "disbursement", "disbursement", "repayment", "repayment",
        "withdrawal", "write-off", "extension", "indemnity", "lapse", "mark_overdue", "reject", "receive", "wait",
        "commit", "commit", "commit",
    ]),
    loan_id=st.sampled_from(LOANS),
    amount=st.sampled_from([1, 10_000, 30_000, 60_000, 100_000]),
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
    replaced: Counter[str] = field(default_factory=Counter)
    counted: Counter[str] = field(default_factory=Counter)

    def act(self, act: Act) -> None:
        """Do it; it may be refused, or come too late. Where a loan has ended, a new one takes its place."""
        act = replace(act, loan_id=self._living(act.loan_id))
        with suppress(FabricError, CommitInvalid):
            match act.what:
                case "wait":
                    self.lending.later(hours=20 if act.pick % 8 else 31 * 24)
                    day = day_in_china(self.lending.ledger.now)
                    run(self.lending.ledger.submit(SAFE, "bank", "calendar:open", day))
                    run(self.lending.file(trade.rate(day)))
                case "receive":
                    self.receipts += 1
                    amount = f"{act.amount // 10 + 1}.00"
                    run(self.lending.file(trade.receipt(f"R-{self.receipts}", amount, serial=1 + act.pick % 2)))
                case "commit":
                    if self.held_back:
                        self._commit(self.held_back.pop(act.pick % len(self.held_back)))
                case "apply":
                    application = self._application(act)
                    run(self.lending.pull(application, self._people(act)[0]))
                    self._send(act, "loans:apply", application)
                case "approve":
                    self._approve(act)
                case "reject":
                    self._send(act, "loans:reject", act.loan_id, "no")
                case "lapse" | "mark_overdue":
                    self._send(act, f"loans:{act.what}", act.loan_id)
                case step:
                    self._take(act, Step(step))

    @staticmethod
    def _bank(loan_id: str) -> Identity:
        return TRADEBANK if loan_id.startswith("T") else EXIMBANK

    def _people(self, act: Act) -> tuple[Identity, Identity]:
        return (TRADEBANK, TRADEBANK_CHECKER) if act.loan_id.startswith("T") else (EXIMBANK, CHECKER)

    def _living(self, loan_id: str) -> str:
        name = f"{loan_id}.{self.replaced[loan_id]}"
        with suppress(FabricError):
            if run(self.lending.get(name, self._bank(name))).state in ENDED:
                self.replaced[loan_id] += 1
                return self._living(loan_id)
        return name

    def _application(self, act: Act) -> LoanApplication:
        serials = SERIALS if act.pick % 5 == 0 else (SERIALS[act.pick % 2],)
        items = [
            FinancedDeclaration(declaration_number=trade.number_of(serial), amount=usd(act.amount))
            for serial in serials
        ]
        papers = dict.fromkeys(("contracts", "invoices", "transport_documents", "packing_lists"), ())
        loan = trade.application(act.loan_id, amount="1.00").model_copy(update=papers)
        named = {"invoices": ("INV-1",)} if "paper" in act.loan_id else {}
        today = day_in_china(self.lending.ledger.now)
        return loan.model_copy(update=named | {"declarations": tuple(items), "applied_on": today})

    def _approve(self, act: Act) -> None:
        """With what it needs first, or approvals would be rare; and what it asked was free as it was read."""
        maker, checker = self._people(act)
        loan = self._loan(act.loan_id)
        if loan is None or (loan.state in OPEN and act.pick % 3 == 0):
            run(self.lending.apply(self._application(act), maker))
        run(self.lending.check(act.loan_id, maker))
        run(self.lending.match(act.loan_id, maker))
        envelope = run(self.lending.decision(act.loan_id, checker))
        for item in Loan.model_validate_json(envelope.result).items:
            assert item.amount <= run(self.lending.balance(int(item.declaration_number[-9:]))).free
        self._order(act, envelope)

    def _take(self, act: Act, step: Step) -> None:
        maker, checker = self._people(act)
        loan = run(self.lending.get(act.loan_id, maker))
        account = account_of(loan, day_in_china(self.lending.ledger.now))
        said: dict[str, object] = {}
        if step in {Step.DISBURSEMENT, Step.REPAYMENT, Step.INDEMNITY}:
            most = account.undrawn if step is Step.DISBURSEMENT else account.owed
            if not most.amount:
                return
            part = most if act.pick % 2 else min(most, Money.of("0.37", "CNY"))
            said = {"amount": part, "reference": f"R-{len(loan.payments)}"}
        if step is Step.EXTENSION:
            verdict = Verdict.model_validate_json(run(self.lending.endorse(maker, "loans:preview", act.loan_id)).result)
            referring = dict.fromkeys(each.id for each in verdict.findings if each.severity is Severity.REFER)
            overrides = [{"finding": each, "reason": "seen the goods"} for each in referring]
            said = {"matures_on": loan.matures_on + timedelta(days=1), "overrides": overrides}
        proposal = self.lending.proposal(step, **said)
        run(self.lending.loan(maker, "propose", act.loan_id, proposal))
        self._order(act, run(self.lending.endorse(checker, "loans:confirm", act.loan_id, proposal.id)))

    def _send(self, act: Act, function: str, *arguments: object) -> None:
        maker, checker = self._people(act)
        who = checker if act.what == "reject" else maker
        self._order(act, run(self.lending.endorse(who, function, *arguments)))

    def _order(self, act: Act, envelope: Envelope) -> None:
        if act.late:
            self.held_back.append(envelope)
        else:
            self._commit(envelope)

    def _commit(self, envelope: Envelope) -> None:
        self.lending.ledger.commit(envelope)
        state = Loan.model_validate_json(envelope.result).state
        self.counted[state.value] += 1

    def _loan(self, loan_id: str) -> Loan | None:
        return next((loan for loan in self.loans() if loan.loan_id == loan_id), None)

    # -- what must hold ------------------------------------------------------------------------------------------------

    def loans(self) -> list[Loan]:
        """All loans of both banks, as SAFE lists them."""
        ask = self.lending.ledger.endorse
        pages = [run(ask(SAFE, "bank", "loans:list", "", 1000, "", bank)).result for bank in BANKS]
        return [loan for page in pages for loan in LoanPage.model_validate_json(page).loans]

    def check(self) -> None:
        loans = self.loans()
        holding = [loan for loan in loans if loan.state in HOLDING]
        assert all(loan.holds == (loan.state in HOLDING) for loan in loans)
        owed: Holds = {(loan.loan_id, item.declaration_number): item.amount for loan in holding for item in loan.held}
        for serial in SERIALS:
            number = trade.number_of(serial)
            total = sum((amount for (_, on), amount in owed.items() if on == number), usd(0))
            assert run(self.lending.held(serial)) == ((total,) if total.amount else ())
            assert total <= VALUE
        for loan in loans:
            account = account_of(loan, loan.matures_on)
            assert account.drawn == account.repaid + account.outstanding
            if loan.holds and loan.state is not LoanState.WRITTEN_OFF:
                left = account.undrawn + account.outstanding
                assert all(
                    item.amount.amount * account.approved.amount >= asked.amount.amount * left.amount
                    for item, asked in zip(loan.held, loan.items, strict=True)
                )
        self.check_papers(loans, holding)

    def check_papers(self, loans: Sequence[Loan], holding: Sequence[Loan]) -> None:
        """The shared invoice is under loans of one bank; once paid out on, never again under the other's."""
        paid = {loan.bank for loan in loans if loan.taken(Step.DISBURSEMENT) and loan.application.document.invoices}
        under = {loan.bank for loan in holding if loan.application.document.invoices}
        assert len(paid | under) <= 1


@settings(max_examples=15, deadline=None)
@given(st.lists(acts, min_size=25, max_size=45))
def test_what_is_held_is_what_standing_loans_asked_for(history: list[Act]) -> None:
    world = World(run(opened(*SERIALS)))
    run(world.lending.file_papers(1, bank=TRADEBANK))
    for act in history:
        world.act(act)
        world.check()


def test_such_histories_reach_every_state() -> None:
    """Or the invariants would hold of nothing."""
    world = World(run(opened(*SERIALS)))
    run(world.lending.file_papers(1, bank=TRADEBANK))
    told = [
        ("approve", "L-1"), ("disbursement", "L-1"), ("approve", "T-1"), ("repayment", "L-1"), ("withdrawal", "T-1"),
        ("apply", "T-1"), ("reject", "T-1"), ("approve", "L-paper"), ("disbursement", "L-paper"),
        ("approve", "T-paper"), ("indemnity", "L-paper"), ("write-off", "L-paper"), ("wait", "L-1"),
        ("approve", "L-1"), ("disbursement", "L-1"), ("extension", "L-1"),
    ]  # fmt: skip
    for what, loan_id in told:
        world.act(Act(what, loan_id, 30_000, late=False, pick=1))
        world.check()
    assert world.counted.keys() == {
        "approved",
        "disbursed",
        "closed",
        "withdrawn",
        "rejected",
        "written-off",
        "applied",
        "indemnity-sought",
    }
    assert run(world.lending.get("L-1.1")).taken(Step.EXTENSION)
    assert world.counted["approved"] == 4  # all but T-paper: its invoice was paid out on at the other bank
