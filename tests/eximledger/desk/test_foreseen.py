"""What a step leaves of a loan is read only where it cannot be told.

Whatever a desk takes for granted, it answers what the ledger has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest
from tests.pledge import met
from tests.trust.exports import Export, exporter, today_in_china
from tests.trust.fields import Field

from eximledger.desk import Boundary, LoanDesk, Moment
from eximledger.desk.calling import last_loan, note_last
from eximledger.desk.calling._turns import note_loan
from eximledger.testing import LedgerNetwork
from eximledger_chaincode.documents import LoanApplication, Money
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.steps import Proposal, Step
from hlf_chaincode.canonical import canonical_json
from hlf_client import Argument, Ledger
from hlf_client import Proposal as Call
from hlf_client.errors import NotAuthorized

BANK, MAKER, CHECKER = "EximbankMSP", "eximbank/maker", "eximbank/checker"


class Officers:
    """A maker and a checker of a bank; their loans as the steps answered them, and what was asked after each."""

    def __init__(self, network: LedgerNetwork) -> None:
        self.asked: Counter[str] = Counter()
        self.network = network
        self.maker = LoanDesk(network.connect(MAKER), interceptor=self._hear)
        self.checker = LoanDesk(network.connect(CHECKER), interceptor=self._hear)

    async def _hear(self, boundary: Boundary) -> None:
        if boundary.moment is Moment.ASKING:
            self.asked[boundary.function] += 1

    async def approved(self, application: LoanApplication) -> list[Loan]:
        loan = await self.maker.apply(application)
        verdict = await self.maker.check(loan.loan_id)
        return [loan, await self.checker.approve(loan.loan_id, 1, verdict.evidence_hash)]

    async def taken(self, loan_id: str, proposal: Proposal) -> list[Loan]:
        return [
            await self.maker.propose(loan_id, proposal),
            await self.checker.confirm(loan_id, proposal.id),
        ]

    async def on_ledger(self, loan_id: str) -> Sequence[Loan]:
        history = await self.maker.loan_history(loan_id)
        return [item.loan for item in reversed(history)]


@pytest.fixture
async def applications(exim_network: LedgerNetwork) -> list[LoanApplication]:
    """Of three loans on exports of one exporter, papers filed."""
    field = Field("embedded", exim_network.url, exim_network.connect, exim_network)
    await field.prepare()
    exports = [Export(serial, exporter(1)) for serial in (1, 2, 3)]
    for export in exports:
        await LoanDesk(exim_network.connect("customs")).file(export.declaration)
        await LoanDesk(exim_network.connect(MAKER)).file(export.papers)
    return [export.application(f"F-{export.serial}") for export in exports]


def paid(step: Step, amount: Money, day: date, reference: str) -> Proposal:
    return Proposal(step=step, amount=amount, day=day, reference=reference, conditions=met(step))


async def test_a_loan_is_not_read_after_its_steps_and_is_what_the_ledger_has(
    exim_network: LedgerNetwork, applications: list[LoanApplication]
) -> None:
    officers, day = Officers(exim_network), today_in_china()
    await officers.approved(applications[0])  # by it the bank's policy is known
    officers.asked.clear()
    application = applications[1]
    part = Money.of("1000.00", application.amount.currency)
    told = await officers.approved(application)
    told += await officers.taken(application.loan_id, paid(Step.DISBURSEMENT, part, day, "D-1"))
    told += await officers.taken(application.loan_id, paid(Step.DISBURSEMENT, application.amount - part, day, "D-2"))
    told += await officers.taken(application.loan_id, paid(Step.REPAYMENT, part, day, "R-1"))
    told += await officers.taken(application.loan_id, paid(Step.REPAYMENT, application.amount - part, day, "R-2"))
    assert officers.asked["loans:step"] == 0
    stored = await officers.on_ledger(application.loan_id)
    applied, checked, *others = stored
    assert checked.state is LoanState.CHECKED
    assert told == [applied, *others]
    assert [canonical_json(each) for each in told] == [canonical_json(each) for each in (applied, *others)]
    assert told[-1].state is LoanState.CLOSED


async def test_other_steps_are_read(exim_network: LedgerNetwork, applications: list[LoanApplication]) -> None:
    officers = Officers(exim_network)
    loan = (await officers.approved(applications[0]))[-1]
    officers.asked.clear()
    told = await officers.taken(loan.loan_id, Proposal(step=Step.WITHDRAWAL, reason="the buyer has paid"))
    assert officers.asked["loans:step"] == 1
    assert told == list(await officers.on_ledger(loan.loan_id))[-2:]


async def test_a_step_that_was_taken_already_answers_with_the_loan(
    exim_network: LedgerNetwork, applications: list[LoanApplication]
) -> None:
    officers, application = Officers(exim_network), applications[0]
    approved = (await officers.approved(application))[-1]
    proposal = paid(Step.DISBURSEMENT, application.amount, today_in_china(), "D-1")
    first = await officers.maker.propose(application.loan_id, proposal)
    officers.asked.clear()
    assert await officers.maker.propose(application.loan_id, proposal) == first
    assert officers.asked["loans:step"] == 0
    assert approved.decision is not None
    again = await officers.checker.approve(application.loan_id, 1, approved.decision.evidence_hash or "")
    assert again == first  # not what an approval would make of it


@pytest.mark.parametrize(
    "wrong",
    [
        lambda loan: loan.model_copy(update={"policy_sha256": "0" * 64}),
        lambda loan: loan.model_copy(update={"application": _other_amount(loan)}),
        lambda loan: loan.model_copy(update={"step": loan.step + 1}),
        lambda loan: loan.model_copy(update={"step": loan.step - 1, "payments": ()}),
        lambda loan: loan.model_copy(update={"proposed": None}),
    ],
    ids=["the policy", "the amount", "a step that was not taken", "a step behind", "nothing proposed"],
)
async def test_what_is_taken_for_granted_wrongly_is_not_answered(
    exim_network: LedgerNetwork, applications: list[LoanApplication], wrong: Callable[[Loan], Loan]
) -> None:
    """Whatever a desk knows of the loan before a step, be it that another process went on: the loan is the ledger's."""
    officers, application = Officers(exim_network), applications[0]
    await officers.approved(application)
    proposal = paid(Step.DISBURSEMENT, application.amount, today_in_china(), "D-1")
    await officers.maker.propose(application.loan_id, proposal)
    known = last_loan(BANK, application.loan_id)
    assert known is not None
    note_last(wrong(known))
    officers.asked.clear()
    confirmed = await officers.checker.confirm(application.loan_id, proposal.id)
    assert officers.asked["loans:step"] == 1
    assert confirmed == (await officers.on_ledger(application.loan_id))[-1]
    assert last_loan(BANK, application.loan_id) == confirmed


async def test_a_loan_that_is_applied_for_again_is_read(
    exim_network: LedgerNetwork, applications: list[LoanApplication]
) -> None:
    officers, application = Officers(exim_network), applications[0]
    first = await officers.maker.apply(application)
    officers.asked.clear()
    again = await officers.maker.apply(application.model_copy(update={"amount": _less(application)}))
    assert (first.version, again.version) == (1, 2)
    assert officers.asked["loans:step"] == 1
    assert again == (await officers.on_ledger(application.loan_id))[-1]


async def test_where_the_time_of_a_call_is_not_known_the_loan_is_read(
    exim_network: LedgerNetwork, applications: list[LoanApplication]
) -> None:
    officers = Officers(exim_network)
    await officers.approved(applications[0])
    officers.maker = LoanDesk(_Timeless(exim_network.connect(MAKER)), interceptor=officers._hear)  # type: ignore[arg-type]  # stands in by __getattr__
    officers.asked.clear()
    loan = await officers.maker.apply(applications[1])
    assert officers.asked["loans:step"] == 1
    assert loan == (await officers.on_ledger(loan.loan_id))[-1]


class _Timeless:
    """A ledger that does not say what time its proposals bear."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> object:
        return getattr(self._ledger, name)

    def propose(self, channel: str, function: str, *args: Argument, **more: object) -> Call:
        return replace(self._ledger.propose(channel, function, *args, **more), timestamp=None)  # type: ignore[arg-type]  # passed on


def _less(application: LoanApplication) -> Money:
    return application.amount - Money.of("1.00", application.amount.currency)


def _other_amount(loan: Loan) -> object:
    document = loan.application.document
    return loan.application.model_copy(update={"document": document.model_copy(update={"amount": _less(document)})})


class Order:
    """The calls of a maker's desk, one after the other."""

    def __init__(self, network: LedgerNetwork) -> None:
        self.calls: list[str] = []
        self.maker = LoanDesk(network.connect(MAKER), interceptor=self)

    async def checked(self, application: LoanApplication) -> None:
        """A loan that is applied for and checked, before the calls that count."""
        await self.maker.apply(application)
        await self.maker.check(application.loan_id)

    async def __call__(self, boundary: Boundary) -> None:
        if boundary.moment in {Moment.ASKING, Moment.ENDORSING}:
            self.calls.append(boundary.function)


PULLED = ["copies:declarations", "copies:exchange"]
READ = ["documents:customs_facts", "loans:facts", "documents:fx_case"]
CHECKED = ["loans:check"]


async def test_copies_of_a_new_loan_are_pulled_without_asking_and_once(
    exim_network: LedgerNetwork, applications: list[LoanApplication]
) -> None:
    order = Order(exim_network)
    maker = order.maker
    for application in applications[:2]:  # the second one's exporter is known to the bank
        await maker.apply(application)
        order.calls.clear()
        await maker.check(application.loan_id)
        assert order.calls == PULLED + READ + CHECKED
        order.calls.clear()
        await maker.check(application.loan_id)
        assert order.calls == READ + CHECKED


async def test_copies_that_are_known_to_be_there_are_not_pulled_again(
    exim_network: LedgerNetwork, applications: list[LoanApplication]
) -> None:
    order, application = Order(exim_network), applications[0]
    maker = order.maker
    await maker.pull(application.exporter, application.named("declarations"), invoices=application.invoices)
    await maker.apply(application)
    order.calls.clear()
    await maker.check(application.loan_id)
    assert order.calls == READ + CHECKED


async def test_where_a_declaration_has_no_copy_nothing_more_is_asked_before_it_is_pulled(
    exim_network: LedgerNetwork, applications: list[LoanApplication]
) -> None:
    """Of an exporter of which the bank has others; the loan has gone on since, so that it may have been pulled."""
    order, (first, second, _) = Order(exim_network), applications
    maker = order.maker
    await order.checked(first)
    loan = await maker.apply(second)
    note_last(loan.model_copy(update={"step": 1}))
    order.calls.clear()
    await maker.check(second.loan_id)
    assert order.calls == ["documents:customs_facts", *PULLED, *READ, *CHECKED]


async def test_where_a_pull_is_refused_the_channels_say_what_is_wrong(
    exim_network: LedgerNetwork, applications: list[LoanApplication]
) -> None:
    order, application = Order(exim_network), applications[0]
    maker = order.maker
    stranger = application.model_copy(update={"applicant": exporter(99)})
    await maker.apply(stranger)
    for pulled in (["copies:declarations"], []):
        order.calls.clear()
        with pytest.raises(NotAuthorized, match="no authorisation of exporter"):
            await maker.check(stranger.loan_id)
        assert order.calls == [*pulled, "documents:customs_facts"]


async def test_what_was_pulled_for_an_application_that_holds_no_longer_is_not_all_that_is_pulled(
    exim_network: LedgerNetwork, applications: list[LoanApplication]
) -> None:
    """Another process amended it, so that it is on another export: of that nothing is there yet."""
    order, (first, second, third) = Order(exim_network), applications
    maker = order.maker
    await order.checked(first)
    old = await maker.apply(second)
    await maker.apply(second.model_copy(update={"declarations": third.declarations}))
    note_last(old)
    note_loan(old)
    order.calls.clear()
    verdict = await maker.check(second.loan_id)
    assert order.calls.count("copies:declarations") == 2
    assert "DECL-EXISTS" not in {finding.rule for finding in verdict.findings}
