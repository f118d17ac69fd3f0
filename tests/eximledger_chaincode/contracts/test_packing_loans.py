"""Packing loans on the ledger: what they hold of contracts and credits, who races whom, how they become bills."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending
from tests.eximledger_chaincode.contracts.packing import (
    approved,
    before_shipment,
    bill,
    converted,
    drawn,
    held_beside,
    packing,
    proposed,
    shipped,
)
from tests.eximledger_chaincode.contracts.trade import (
    CHECKER,
    EXIMBANK,
    SAFE,
    TRADEBANK,
    TRADEBANK_CHECKER,
    number_of,
    usd,
)
from tests.hlf_chaincode.memory_peer import CommitInvalid, identity

from eximledger_chaincode.contracts.register.frames import frame_accounts
from eximledger_chaincode.documents import FinancedDeclaration, FinancedFrame, FinancingKind
from eximledger_chaincode.lending.accounts.account import account_of
from eximledger_chaincode.lending.loan import Application, LoanState
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.steps import Step
from eximledger_chaincode.lending.verdict import Severity, Verdict
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, Refused


@pytest.fixture
async def lending() -> Lending:
    return await before_shipment()


def rejecting(verdict: Verdict) -> set[str]:
    return {each.rule for each in verdict.findings if each.severity is Severity.REJECT}


# -- holding -----------------------------------------------------------------------------------------------------------


async def test_a_packing_loan_holds_the_credit_and_its_contract(lending: Lending) -> None:
    loan = await approved(lending, packing())
    assert (loan.state, loan.held, loan.conditions) == (LoanState.APPROVED, (), ())
    assert [item.amount for item in loan.held_frames] == [usd("50000.00")]
    await lending.apply(packing("L-2", kind="contract"))
    assert await held_beside(lending, "L-2") == {"SC1": (usd("50000.00"),)}
    await lending.apply(packing("L-3"))
    assert await held_beside(lending, "L-3") == {"LC269": (usd("50000.00"),), "SC1": (usd("50000.00"),)}


@pytest.mark.parametrize("kind", ["contract", "letter-of-credit"])
async def test_no_more_is_held_than_the_credit_or_its_contract_has(lending: Lending, kind: str) -> None:
    await approved(lending, packing(held="60000.00"))
    await lending.apply(packing("L-2", held="40000.01", kind=kind))
    assert rejecting(await lending.check("L-2")) == {"PACK-BALANCE"}
    await lending.apply(packing("L-3", held="40000.00", kind=kind))
    assert rejecting(await lending.check("L-3")) == set()


def test_nothing_is_held_of_a_paper_that_is_not_filed() -> None:
    """The register itself refuses, whatever the rules say."""
    item = FinancedFrame(kind="contract", number="SC-9", amount=usd("1.00"))
    with pytest.raises(Refused, match="contract SC-9 is not filed"):
        frame_accounts([item], [], [])


async def test_a_loan_on_a_paper_that_is_not_filed_is_judged_and_told_so(lending: Lending) -> None:
    absent = FinancedFrame(kind="contract", number="SC-9", amount=usd("50000.00"))
    await lending.apply(packing().model_copy(update={"frames": (absent,), "contracts": ("SC-9",)}))
    verdict = await lending.check()
    assert rejecting(verdict) == {"AMOUNT"}
    assert any(each.rule == "PAPERS" and each.documents[0].number == "SC-9" for each in verdict.findings)


async def test_more_than_the_share_of_what_is_held_is_not_lent(lending: Lending) -> None:
    await lending.apply(packing(amount="40000.01"))
    verdict = await lending.check()
    assert rejecting(verdict) == {"AMOUNT"}
    assert verdict.eligible == usd("40000.00")


async def test_of_two_loans_that_race_for_a_contract_one_commits(lending: Lending) -> None:
    for loan_id, kind in (("L-1", "letter-of-credit"), ("L-2", "contract")):
        await lending.apply(packing(loan_id, held="60000.00", kind=kind))
        await lending.check(loan_id)
    first, second = await lending.decision("L-1"), await lending.decision("L-2")
    lending.ledger.commit(second)
    with pytest.raises(CommitInvalid):
        lending.ledger.commit(first)
    with pytest.raises(Refused, match="PACK-BALANCE"):
        await lending.decision("L-1")


async def test_of_two_banks_with_one_credit_one_commits_and_the_other_is_told(lending: Lending) -> None:
    await lending.apply(packing())
    await lending.apply(packing("T-1"), TRADEBANK)
    assert "PACK-ELSEWHERE" not in {each.rule for each in (await lending.check("T-1", TRADEBANK)).findings}
    await lending.check()
    first, second = await lending.decision(), await lending.decision("T-1", TRADEBANK_CHECKER)
    lending.ledger.commit(first)
    with pytest.raises(CommitInvalid):
        lending.ledger.commit(second)
    (finding,) = (each for each in (await lending.check("T-1", TRADEBANK)).findings if each.rule == "PACK-ELSEWHERE")
    assert "another bank" in finding.message.en
    assert "50,000" not in finding.message.en
    lending.ledger.commit(await lending.decision("T-1", TRADEBANK_CHECKER))


async def test_a_loan_after_shipment_is_none_elsewhere(lending: Lending) -> None:
    await lending.file_papers(2)
    await approved(lending, trade.application("L-2", (2,)))
    await lending.file(trade.contract(2), bank=TRADEBANK)
    await lending.apply(packing("T-1"), TRADEBANK)
    assert "PACK-ELSEWHERE" not in {each.rule for each in (await lending.check("T-1", TRADEBANK)).findings}


@pytest.mark.parametrize("step", [Step.WITHDRAWAL, Step.REPAYMENT])
async def test_what_ends_a_packing_loan_frees_what_it_held(lending: Lending, step: Step) -> None:
    if step is Step.WITHDRAWAL:
        await approved(lending, packing())
        loan = await lending.take(step)
    else:
        await drawn(lending)
        loan = await lending.take(step, amount=usd("30000.00"))
    assert (loan.held_frames, loan.holds) == ((), False)
    await lending.apply(packing("L-2"))
    assert await held_beside(lending, "L-2") == {"LC269": (), "SC1": ()}


async def test_repaid_in_part_it_frees_in_proportion(lending: Lending) -> None:
    await drawn(lending)
    loan = await lending.take(Step.REPAYMENT, amount=usd("12000.00"))
    assert [item.amount for item in loan.held_frames] == [usd("30000.00")]
    await lending.apply(packing("L-2"))
    assert await held_beside(lending, "L-2") == {"LC269": (usd("30000.00"),), "SC1": (usd("30000.00"),)}


async def test_one_that_is_never_drawn_lapses_and_frees(lending: Lending) -> None:
    loan = await approved(lending, packing())
    assert loan.draws_until is not None
    lending.later(days=(loan.draws_until - lending.day).days + 1)
    loan = await lending.loan(EXIMBANK, "lapse")
    assert (loan.state, loan.held_frames) == (LoanState.LAPSED, ())
    await lending.apply(packing("L-2").model_copy(update={"applied_on": lending.day}))
    assert await held_beside(lending, "L-2") == {"LC269": (), "SC1": ()}


async def test_a_later_drawing_is_judged_for_what_is_still_held(lending: Lending) -> None:
    await approved(lending, packing())
    await lending.take(Step.DISBURSEMENT, amount=usd("15000.00"), conditions=())
    loan = await lending.take(Step.REPAYMENT, amount=usd("6000.00"))
    assert [item.amount for item in loan.held_frames] == [usd("40000.00")]
    await approved(lending, packing("L-2", held="60000.00"))
    loan = await lending.take(Step.DISBURSEMENT, amount=usd("15000.00"), reference="D-2", conditions=())
    assert [item.amount for item in loan.held_frames] == [usd("40000.00")]


async def test_goods_that_are_invoiced_meanwhile_stop_a_drawing(lending: Lending) -> None:
    await approved(lending, packing())
    await lending.file(trade.invoice(1, total="60000.00"))
    with pytest.raises(Refused, match="PACK-BALANCE"):
        await lending.take(Step.DISBURSEMENT, amount=usd("30000.00"), conditions=())


# -- becoming an export bill -------------------------------------------------------------------------------------------


async def test_the_hold_moves_to_the_declaration_in_one_transaction(lending: Lending) -> None:
    before = await drawn(lending)
    await shipped(lending)
    loan = await converted(lending, bill())
    application = loan.application.document
    assert (loan.state, loan.version, application.financing) == (LoanState.DISBURSED, 2, FinancingKind.POST_SHIPMENT)
    assert (application.amount, application.frames) == (usd("30000.00"), ())
    assert application.terms == before.application.document.terms
    assert loan.held_frames == ()
    assert [item.amount for item in loan.held] == [item.amount for item in before.held_frames] == [usd("50000.00")]
    assert await lending.held() == (usd("50000.00"),)
    assert loan.verdict is not None
    assert loan.payments[-1].evidence_hash == loan.verdict.evidence_hash
    assert [each.version for each in loan.verdict.evidence if each.kind == "application"] == [2]
    await lending.apply(packing("L-2", held="1.00"))
    assert await held_beside(lending, "L-2") == {"LC269": (), "SC1": ()}


async def test_an_export_bill_is_repaid_as_any_other(lending: Lending) -> None:
    await drawn(lending)
    await lending.take(Step.REPAYMENT, amount=usd("6000.00"))
    await shipped(lending)
    loan = await converted(lending, bill("40000.00"))
    account = account_of(loan, lending.day)
    assert loan.application.document.amount == account.outstanding == usd("24000.00")
    assert (account.drawn, account.repaid, account.undrawn) == (usd("30000.00"), usd("6000.00"), usd("0.00"))
    loan = await lending.take(Step.REPAYMENT, amount=usd("6000.00"), reference="R-2")
    assert [item.amount for item in loan.held] == [usd("30000.00")]
    loan = await lending.take(Step.REPAYMENT, amount=usd("18000.00"), reference="R-3")
    assert (loan.state, loan.held, await lending.held()) == (LoanState.CLOSED, (), ())


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (bill(letters_of_credit=()), "is on letter-of-credit LC 26/9, which the export bill does not name"),
        (bill(letters_of_credit=("LC 26/8",)), "which the export bill does not name"),
        (bill("50000.01"), "no more than that moves"),
        (bill("37499.99"), "AMOUNT"),
        (
            bill(declarations=(FinancedDeclaration(declaration_number=number_of(9), amount=usd(50_000)),)),
            "DECL-EXISTS|not authorised",
        ),
    ],
    ids=["without the credit", "another credit", "more than it held", "too little for the loan", "another declaration"],
)
async def test_what_is_no_export_bill_of_the_loan_is_refused(lending: Lending, of: ExportBill, said: str) -> None:
    await drawn(lending)
    await shipped(lending)
    with pytest.raises(Refused, match=said):
        await converted(lending, of)
    loan = await lending.get()
    assert (loan.held, [item.amount for item in loan.held_frames]) == ((), [usd("50000.00")])
    assert await lending.held() == ()


async def test_a_condition_precedent_is_met_before_the_hold_moves(lending: Lending) -> None:
    await drawn(lending)
    await shipped(lending)
    with pytest.raises(Refused, match="pledge-registration"):
        await converted(lending, bill(), conditions=())


async def test_what_refers_the_bill_is_set_aside_by_name(lending: Lending) -> None:
    await drawn(lending)
    await shipped(lending)
    proposal = await proposed(lending, bill(packing_lists=()))
    assert proposal.overrides
    unsaid = proposal.model_copy(update={"overrides": ()})
    await lending.loan(EXIMBANK, "propose", "L-1", unsaid)
    with pytest.raises(Refused, match="override each finding"):
        await lending.loan(CHECKER, "confirm", "L-1", unsaid.id)


async def test_another_person_confirms_who_filed_none_of_its_papers(lending: Lending) -> None:
    await drawn(lending)
    await shipped(lending)
    await lending.file(trade.packing_list(1).model_copy(update={"packages": 11}), bank=CHECKER)
    proposal = await proposed(lending, bill())
    with pytest.raises(NotAuthorized, match="filed packing-list"):
        await lending.loan(CHECKER, "confirm", "L-1", proposal.id)
    with pytest.raises(NotAuthorized):
        await lending.loan(EXIMBANK, "confirm", "L-1", proposal.id)


async def test_who_proposed_the_bill_applied_for_what_the_loan_is_now(lending: Lending) -> None:
    """And neither decides on its extension nor is forgotten beside who applied first."""
    senior = identity("EximbankMSP", "senior", "maker,checker")
    await drawn(lending)
    await shipped(lending)
    proposal = await proposed(lending, bill(), senior)
    lending.later(minutes=5)
    loan = await lending.loan(CHECKER, "confirm", "L-1", proposal.id)
    assert [each.name for each in loan.applicants] == ["maker", "senior"]
    assert loan.checked_at == loan.updated_at
    version = Application.model_validate_json(
        (await lending.endorse(SAFE, "loans:version", "L-1", 2, "EximbankMSP")).result
    )
    assert (version.application, version.applied_by) == (loan.application, loan.applicants[1])
    extension = lending.proposal(Step.EXTENSION)
    await lending.loan(EXIMBANK, "propose", "L-1", extension)
    with pytest.raises(NotAuthorized, match="senior of EximbankMSP applied for loan L-1"):
        await lending.loan(senior, "confirm", "L-1", extension.id)


async def test_who_applied_is_named_once(lending: Lending) -> None:
    before = await drawn(lending)
    await shipped(lending)
    assert (await converted(lending, bill())).applicants == before.applicants


async def test_a_bill_names_a_declaration_once(lending: Lending) -> None:
    """Or one hold would overwrite the other."""
    await drawn(lending)
    await shipped(lending)
    half = FinancedDeclaration(declaration_number=number_of(1), amount=usd("25000.00"))
    proposal = lending.proposal(Step.CONVERSION, bill=bill(declarations=(half, half)))
    with pytest.raises(InvalidDocument, match=r"bill.*named twice"):
        await lending.loan(EXIMBANK, "propose", "L-1", proposal)


async def test_only_a_packing_loan_that_was_drawn_becomes_one(lending: Lending) -> None:
    await approved(lending, packing())
    await shipped(lending)
    with pytest.raises(Refused, match="conversion follows on disbursed, overdue"):
        await lending.loan(EXIMBANK, "propose", "L-1", lending.proposal(Step.CONVERSION, bill=bill()))
    await lending.file_papers(2)
    await approved(lending, trade.application("L-2", (2,)))
    await lending.take(Step.DISBURSEMENT, "L-2")
    with pytest.raises(Refused, match="no packing loan"):
        await lending.loan(EXIMBANK, "propose", "L-2", lending.proposal(Step.CONVERSION, bill=bill()))


async def test_a_conversion_may_give_a_new_maturity(lending: Lending) -> None:
    await drawn(lending)
    await shipped(lending)
    until = trade.application().matures_on + timedelta(days=20)
    loan = await converted(lending, bill(), matures_on=until, rate_percent="3.9")
    assert (loan.state, loan.matures_on, str(loan.rate_percent)) == (LoanState.DISBURSED, until, "3.9")
    assert loan.application.document.matures_on == trade.application().matures_on


async def test_a_conversion_that_is_confirmed_again_changes_nothing(lending: Lending) -> None:
    await drawn(lending)
    await shipped(lending)
    loan = await converted(lending, bill())
    again = await lending.loan(CHECKER, "confirm", "L-1", loan.payments[-1].proposal.id)
    assert again == loan
    assert await lending.held() == (usd("50000.00"),)


async def test_of_a_conversion_and_a_loan_that_race_for_a_declaration_one_commits(lending: Lending) -> None:
    await drawn(lending)
    await shipped(lending)
    proposal = await proposed(lending, bill())
    await lending.apply(trade.application("L-2", occupied="60000.00").model_copy(update={"invoices": ()}))
    await lending.check("L-2")
    decision = await lending.decision("L-2")
    conversion = await lending.endorse(CHECKER, "loans:confirm", "L-1", proposal.id)
    lending.ledger.commit(decision)
    with pytest.raises(CommitInvalid):
        lending.ledger.commit(conversion)
    with pytest.raises(Refused, match="BALANCE"):
        await lending.loan(CHECKER, "confirm", "L-1", proposal.id)


# -- the application ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"frames": ()}, "before shipment"),
        ({"declarations": trade.application().declarations}, "before shipment"),
        ({"financing": "post-shipment"}, "after shipment"),
        ({"letters_of_credit": ()}, "letters_of_credit names"),
        ({"frames": (*packing().frames, *packing().frames)}, "named twice"),
    ],
)
async def test_what_is_occupied_fits_the_financing(lending: Lending, changes: dict[str, object], said: str) -> None:
    values = packing().model_dump(mode="json") | {
        name: [each.model_dump(mode="json") for each in value] if isinstance(value, tuple) else value
        for name, value in changes.items()
    }
    with pytest.raises(InvalidDocument, match=said):
        await lending.endorse(EXIMBANK, "loans:apply", values)
