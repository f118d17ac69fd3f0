"""What an officer does at the desk, over a strict embedded ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from tests.dongyu import CABLE, DONGYU
from tests.eximledger.bank import authorised
from tests.pledge import met

from eximledger.desk import Change, LoanDesk, Retry
from eximledger.desk.calling import Boundary, Moment
from eximledger.formats import read
from eximledger.testing import LedgerNetwork, ManualClock
from eximledger_chaincode.documents import (
    CommercialInvoice,
    Document,
    ExportDeclaration,
    LoanApplication,
    Money,
    TolerancePolicy,
)
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.steps import Proposal, Step
from eximledger_chaincode.lending.time import day_in_china
from eximledger_chaincode.rules import Decision
from hlf_client import Ledger, utc_now
from hlf_client.errors import (
    Conflict,
    FabricError,
    InvalidDocument,
    LedgerUnavailable,
    NotAuthorized,
    NotFound,
    Refused,
)

LOAN = "TB-2026-044"


def paper(name: str) -> Document:
    (found,) = read(DONGYU / name).documents
    return found


def application() -> LoanApplication:
    found = paper("tradebank/application.json")
    assert isinstance(found, LoanApplication)
    return found


def proposed(step: Step, reference: str = "") -> Proposal:
    """A payment of all that was applied for, or a step that has a reason."""
    if not reference:
        return Proposal(step=step, reason="the exporter does not need it")
    return Proposal(
        step=step, amount=application().amount, day=day_in_china(utc_now()), reference=reference,
        conditions=met(step),
    )  # fmt: skip


async def taken(maker: LoanDesk, checker: LoanDesk, proposal: Proposal) -> Loan:
    await maker.propose(LOAN, proposal)
    return await checker.confirm(LOAN, proposal.id)


async def test_papers_go_to_their_channels_and_an_amendment_is_a_version(exim_network: LedgerNetwork) -> None:
    desk = LoanDesk(exim_network.connect("eximbank"))
    first, amended = (paper(f"{where}/invoice-DY-CI-260401-05.xml") for where in ("eximbank", "corrected/eximbank"))
    assert [one.change for one in await desk.file(first)] == [Change.NEW]
    assert [one.change for one in await desk.file([first])] == [Change.UNCHANGED]
    (filed,) = await desk.file([amended])
    assert (filed.change, filed.entry.version) == (Change.AMENDED, 2)
    found = await desk.document("invoice", "DY-CI-260401-05")
    assert found.document == amended
    history = await desk.history("invoice", "DY-CI-260401-05")
    assert [item.document for item in history] == [amended, first]


async def test_the_answer_has_the_order_of_what_was_given(exim_network: LedgerNetwork) -> None:
    desk = LoanDesk(exim_network.connect("eximbank"))
    papers = [
        paper(f"eximbank/{name}.xml")
        for name in ("packing-list-DY-PL-260401-05", "invoice-DY-CI-260401-05", "packing-list-DY-PL-260326-04")
    ]
    filed = await desk.file(papers)
    assert [one.entry.id for one in filed] == [one.id for one in papers]


async def test_many_papers_are_filed_in_as_few_transactions_as_it_takes(exim_network: LedgerNetwork) -> None:
    declarations = list(read(DONGYU / "customs" / "declarations-2026.csv").documents)
    model = declarations[0]
    assert isinstance(model, ExportDeclaration)
    many = [model.model_copy(update={"declaration_number": f"224820260{n + 1:09}"}) for n in range(1200)]
    ledger = exim_network.connect("customs")
    before = (await ledger.channel_info("customs")).height
    filed = await LoanDesk(ledger).file(many)
    assert len({one.entry.id for one in filed}) == 1200
    assert (await ledger.channel_info("customs")).height - before <= 6


async def test_nothing_is_filed_when_one_paper_is_another_members_to_file(exim_network: LedgerNetwork) -> None:
    ledger = exim_network.connect("eximbank")
    declaration = read(DONGYU / "customs" / "declarations-2026.csv").documents[0]
    heights = [(await ledger.channel_info(name)).height for name in ledger.channels]
    with pytest.raises(NotAuthorized, match="declaration is filed by role customs"):
        await LoanDesk(ledger).file([paper("eximbank/invoice-DY-CI-260401-05.xml"), declaration])
    with pytest.raises(InvalidDocument, match="apply for the loan"):
        await LoanDesk(ledger).file(application())
    assert [(await ledger.channel_info(name)).height for name in ledger.channels] == heights


async def test_a_paper_is_found_by_its_bare_number_and_an_unknown_one_is_named(exim_network: LedgerNetwork) -> None:
    desk = LoanDesk(exim_network.connect("eximbank"))
    await desk.file(paper("eximbank/invoice-DY-CI-260401-05.xml"))
    assert (await desk.document("invoice", "dy ci 260401/05")).number == "DY-CI-260401-05"
    with pytest.raises(NotFound, match="there is no invoice X-1"):
        await desk.document("invoice", "X-1")
    with pytest.raises(FabricError):
        await desk.document("no-such-kind", "X-1")


async def test_two_exporters_papers_of_one_number_are_told_apart(exim_network: LedgerNetwork) -> None:
    desk = LoanDesk(exim_network.connect("eximbank"))
    mine = paper("eximbank/invoice-DY-CI-260401-05.xml")
    assert isinstance(mine, CommercialInvoice)
    assert mine.exporter is not None
    theirs = mine.model_copy(
        update={"seller": mine.seller.model_copy(update={"uscc": "91310115MA6HTD410U", "name": "Another Exporter"})}
    )
    assert theirs.exporter != mine.exporter
    await desk.file([mine, theirs])
    with pytest.raises(InvalidDocument, match="2 documents of kind invoice"):
        await desk.document("invoice", mine.number)
    assert (await desk.document("invoice", mine.number, exporter=mine.exporter)).document == mine


async def test_the_client_computes_the_verdict_that_the_peers_record(checked: LedgerNetwork) -> None:
    desk = LoanDesk(checked.connect("tradebank"))
    preview = await desk.reconcile(LOAN)
    assert preview.verdict is Decision.APPROVE
    assert await desk.check(LOAN) == preview
    assert (await desk.loan(LOAN)).verdict == preview


async def test_what_changes_after_the_check_has_to_be_checked_again(checked: LedgerNetwork) -> None:
    maker, checker = LoanDesk(checked.connect("tradebank")), LoanDesk(checked.connect("tradebank/checker"))
    seen = await maker.reconcile(LOAN)
    invoice = paper("tradebank/invoice-DY-CI-260326-04.xml")
    assert isinstance(invoice, CommercialInvoice)
    await maker.file(invoice.model_copy(update={"notes": ("one line more",)}))
    with pytest.raises(Conflict) as caught:
        await checker.approve(LOAN, 1, seen.evidence_hash)
    assert "evidence_hash" in caught.value.details
    assert (await checker.balance(CABLE)).held == Money.zero("USD")  # refused before anything was held


async def test_who_applied_cannot_approve(checked: LedgerNetwork) -> None:
    maker = LoanDesk(checked.connect("tradebank"))
    with pytest.raises(NotAuthorized):
        await maker.approve(LOAN, 1, (await maker.reconcile(LOAN)).evidence_hash)
    assert (await maker.balance(CABLE)).held == Money.zero("USD")


async def test_an_officer_approves_the_version_that_was_shown(checked: LedgerNetwork) -> None:
    maker, checker = LoanDesk(checked.connect("tradebank")), LoanDesk(checked.connect("tradebank/checker"))
    seen = await maker.reconcile(LOAN)
    asked = application()
    await maker.apply(asked.model_copy(update={"amount": asked.amount - Money.of("0.01", "CNY")}))
    again = await maker.check(LOAN)
    with pytest.raises(Refused, match="version 2 of loan TB-2026-044 is to be decided, not 1"):
        await checker.approve(LOAN, 1, again.evidence_hash)
    assert again.evidence_hash != seen.evidence_hash
    assert (await checker.approve(LOAN, 2, again.evidence_hash)).state is LoanState.APPROVED


async def test_a_loan_goes_through_its_life_and_its_history_keeps_each_step(checked: LedgerNetwork) -> None:
    maker, checker = LoanDesk(checked.connect("tradebank")), LoanDesk(checked.connect("tradebank/checker"))
    await checker.approve(LOAN, 1, (await maker.reconcile(LOAN)).evidence_hash)
    with pytest.raises(Refused, match="repayment follows on disbursed"):
        await maker.propose(LOAN, proposed(Step.REPAYMENT, "TOO-EARLY"))
    await taken(maker, checker, proposed(Step.DISBURSEMENT, "PAID"))
    with pytest.raises(Refused):
        await maker.propose(LOAN, proposed(Step.WITHDRAWAL))
    loan = await taken(maker, checker, proposed(Step.REPAYMENT, "BACK"))
    (repaid,) = loan.taken(Step.REPAYMENT)
    assert (repaid.proposed_by.name, repaid.confirmed_by.name) == (
        "maker@tradebank", "checker@tradebank",
    )  # fmt: skip
    states = [item.loan.state for item in await maker.loan_history(LOAN)]
    assert states == [
        LoanState.CLOSED, LoanState.DISBURSED, LoanState.DISBURSED, LoanState.APPROVED, LoanState.APPROVED,
        LoanState.CHECKED, LoanState.APPLIED,
    ]  # fmt: skip
    assert [loan.loan_id for loan in (await maker.loans(state="closed")).loans] == [LOAN]
    assert (await maker.loans(state="approved")).loans == ()
    assert (await maker.balance(CABLE)).held == Money.zero("USD")


async def test_nothing_moves_before_another_person_confirms(checked: LedgerNetwork) -> None:
    maker, checker = LoanDesk(checked.connect("tradebank")), LoanDesk(checked.connect("tradebank/checker"))
    await checker.approve(LOAN, 1, (await maker.reconcile(LOAN)).evidence_hash)
    payment = proposed(Step.DISBURSEMENT, "PAID")
    assert (await maker.propose(LOAN, payment)).state is LoanState.APPROVED
    with pytest.raises(NotAuthorized, match=r"exim\.role=checker"):
        await maker.confirm(LOAN, payment.id)
    await checker.propose(LOAN, proposed(Step.DISBURSEMENT, "ANOTHER"))
    with pytest.raises(Refused, match="not what is proposed"):
        await checker.confirm(LOAN, payment.id)
    with pytest.raises(NotAuthorized, match="another person confirms"):
        await checker.confirm(LOAN, proposed(Step.DISBURSEMENT, "ANOTHER").id)
    assert not (await maker.loan(LOAN)).taken(Step.DISBURSEMENT)


async def test_a_referred_finding_is_set_aside_with_a_reason_only(exim_network: LedgerNetwork) -> None:
    for member in ("customs", "safe", "tradebank"):
        files = sorted(path for path in (DONGYU / member).iterdir() if path.name != "application.json")
        papers = [one for path in files for one in read(path).documents]
        if member == "tradebank":
            papers = [
                one.model_copy(update={"latest_shipment_on": one.latest_shipment_on - timedelta(days=60)})
                if hasattr(one, "latest_shipment_on") and one.latest_shipment_on
                else one
                for one in papers
            ]
        await LoanDesk(exim_network.connect(member)).file(papers)
    maker, checker = LoanDesk(exim_network.connect("tradebank")), LoanDesk(exim_network.connect("tradebank/checker"))
    await authorised(maker, application().exporter)
    await maker.apply(application())
    verdict = await maker.check(LOAN)
    assert verdict.verdict is Decision.REFER
    with pytest.raises(Refused, match="BL-LATEST"):
        await checker.approve(LOAN, 1, verdict.evidence_hash)
    reasons = {finding.id: "the buyer agreed in writing" for finding in verdict.findings}
    loan = await checker.approve(LOAN, 1, verdict.evidence_hash, reasons)
    assert loan.decision is not None
    assert {one.finding: one.reason for one in loan.decision.overrides} == reasons


async def test_without_a_business_day_nothing_is_approved(
    checked_copy: Path, exim_network_factory: Callable[..., LedgerNetwork]
) -> None:
    clock = ManualClock(utc_now())
    network = exim_network_factory(checked_copy, clock=clock)
    clock.advance(timedelta(days=11))
    safe, today = LoanDesk(network.connect("safe"), clock=clock), day_in_china(clock())
    quoted = next(one for one in read(DONGYU / "safe" / "rates.json").documents if "USD" in str(one.id))
    await safe.file(quoted.model_copy(update={"quoted_on": today}))  # one of eleven days ago values nothing
    checker = LoanDesk(network.connect("tradebank/checker"), clock=clock)
    evidence = (await checker.reconcile(LOAN)).evidence_hash
    with pytest.raises(Refused, match="opened its last business day"):
        await checker.approve(LOAN, 1, evidence)
    await safe.open_day(today)
    assert (await checker.approve(LOAN, 1, evidence)).state is LoanState.APPROVED


async def test_a_policy_holds_once_two_persons_made_it(exim_network: LedgerNetwork) -> None:
    (policy,) = read(DONGYU / "policies" / "eximbank.json").documents
    assert isinstance(policy, TolerancePolicy)
    admin, risk = LoanDesk(exim_network.connect("eximbank/admin")), LoanDesk(exim_network.connect("eximbank/risk"))
    book = await admin.propose_policy(policy)
    assert book.policies == ()
    assert book.proposed is not None
    with pytest.raises(NotAuthorized, match=r"exim\.role=policy"):
        await admin.confirm_policy(book.proposed.sha256)
    (applied,) = (await risk.confirm_policy(book.proposed.sha256)).policies
    assert (applied.record.document, applied.proposed_by.name, applied.confirmed_by.name) == (
        policy, "admin@eximbank", "risk@eximbank",
    )  # fmt: skip
    assert (await risk.policies()).proposed is None
    with pytest.raises(InvalidDocument, match="another confirms it"):
        await admin.file(policy)


class Flaky:
    """A ledger whose chosen calls fail a number of times: after the work was done, when `late`."""

    def __init__(self, ledger: Ledger, calls: Sequence[str], *, times: int, late: bool) -> None:
        self._ledger, self._calls, self._left, self._late = ledger, calls, times, late

    def __getattr__(self, name: str) -> object:
        found: object = getattr(self._ledger, name)
        if name not in self._calls:
            return found
        assert callable(found)

        async def call(*args: object, **kwargs: object) -> object:
            if self._left and not self._late:
                self._left -= 1
                raise LedgerUnavailable("the line is cut")
            answer = await found(*args, **kwargs)
            if self._left:
                self._left -= 1
                raise LedgerUnavailable("the line is cut")
            return answer

        return call


QUICK = Retry(base=0.001, cap=0.002)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("call", ["evaluate", "endorse", "order", "commit_status"])
async def test_a_cut_line_is_bridged_and_nothing_is_done_twice(checked: LedgerNetwork, call: str, late: bool) -> None:
    ledger = checked.connect("tradebank/checker")
    flaky: Ledger = Flaky(ledger, [call], times=3, late=late)  # type: ignore[assignment]  # stands in by __getattr__
    desk = LoanDesk(flaky, retry=QUICK)
    evidence = (await LoanDesk(ledger).reconcile(LOAN)).evidence_hash
    before = (await ledger.channel_info("bank")).height
    assert (await desk.approve(LOAN, 1, evidence)).state is LoanState.APPROVED
    blocks = (await ledger.channel_info("bank")).height - before
    valid = await LoanDesk(ledger).loan_history(LOAN)
    assert [item.loan.state for item in valid[:2]] == [LoanState.APPROVED, LoanState.CHECKED]
    assert blocks == 1


async def test_a_line_that_stays_cut_is_reported_with_the_transaction(checked: LedgerNetwork) -> None:
    ledger = checked.connect("tradebank/checker")
    flaky: Ledger = Flaky(ledger, ["commit_status"], times=1000, late=False)  # type: ignore[assignment]  # as above
    endorsed: list[str] = []

    async def note(boundary: Boundary) -> None:
        if boundary.moment is Moment.ENDORSED:
            endorsed.append(boundary.function)

    desk = LoanDesk(flaky, retry=QUICK, interceptor=note)
    with pytest.raises(LedgerUnavailable, match="not known yet") as caught:
        await desk.approve(LOAN, 1, (await LoanDesk(ledger).reconcile(LOAN)).evidence_hash)
    assert len(caught.value.details["transaction_id"]) == 64
    assert len(endorsed) == len(set(endorsed)), "what may have taken effect was endorsed anew"
    evidence = (await LoanDesk(ledger).reconcile(LOAN)).evidence_hash
    assert (await LoanDesk(ledger).approve(LOAN, 1, evidence)).state is LoanState.APPROVED
    states = [item.loan.state for item in await LoanDesk(ledger).loan_history(LOAN)]
    assert states.count(LoanState.APPROVED) == 1


async def test_a_bank_says_what_its_loans_hold(checked: LedgerNetwork) -> None:
    maker, checker = LoanDesk(checked.connect("tradebank")), LoanDesk(checked.connect("tradebank/checker"))
    assert await maker.keep() == {application().exporter: ()}
    verdict = (await maker.loan(LOAN)).verdict
    assert verdict is not None
    await checker.approve(LOAN, 1, verdict.evidence_hash)
    assert await maker.keep() == {application().exporter: tuple(application().named("declarations"))}
    assert await maker.keep() == {application().exporter: tuple(application().named("declarations"))}
