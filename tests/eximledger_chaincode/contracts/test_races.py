"""Two at once, and envelopes held back: endorsed while they were right, ordered when they no longer are.

What was read on the bank channel is in the read set: of two that race one counts, and the loser reads again and is
refused by what it reads. What was read on another channel is in no read set: whoever holds such an approval or
disbursement back past SAFE's next opening of the day has nothing in hand, and a disbursement judges the case again.
Under the rules themselves: nothing stands in for them.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import AFTER, Lending, opened
from tests.eximledger_chaincode.contracts.trade import (
    APPLIED,
    CHECKER,
    EXIMBANK,
    SAFE,
    TRADEBANK,
    TRADEBANK_CHECKER,
    usd,
)
from tests.hlf_chaincode.memory_peer import CommitInvalid, Envelope, Identity

from eximledger_chaincode.contracts.state.keys import BUSINESS_DAY_KEY
from eximledger_chaincode.documents import DeclarationStatus, EnterpriseClass, LoanApplication
from eximledger_chaincode.lending.floors import policy_hash
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.steps import Step
from hlf_chaincode.errors import Refused


@pytest.fixture
async def lending() -> Lending:
    lending = await opened(1, 2, 3)
    await lending.apply()
    await lending.check()
    return lending


async def checked(lending: Lending, loan: LoanApplication, bank: Identity = EXIMBANK) -> None:
    await lending.apply(loan, bank)
    await lending.check(loan.loan_id, bank)


async def on_its_own_papers(lending: Lending, occupied: str = "70000.00") -> None:
    """A loan of Tradebank on the same declaration: its papers are others, so that they keep nobody apart."""
    contract = trade.contract().model_copy(update={"signed_on": date(2026, 5, 20), "notes": ("copy",)})
    invoice = trade.invoice().model_copy(update={"invoice_number": "X-77", "issued_on": date(2026, 7, 12)})
    await lending.file(contract, invoice, bank=TRADEBANK)
    named = {"invoices": ("X-77",), "transport_documents": (), "packing_lists": ()}
    loan = trade.application("T-1", occupied=occupied, amount="100000.00")
    await checked(lending, loan.model_copy(update=named), TRADEBANK)


def loses(lending: Lending, envelope: Envelope) -> None:
    with pytest.raises(CommitInvalid, match="MVCC_READ_CONFLICT"):
        lending.ledger.commit(envelope)


# -- two at once -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["L-1", "T-1"])
async def test_of_two_banks_that_race_for_a_declaration_one_gets_it(lending: Lending, first: str) -> None:
    await on_its_own_papers(lending)
    envelopes = {"L-1": await lending.decision("L-1"), "T-1": await lending.decision("T-1", TRADEBANK_CHECKER)}
    second = "T-1" if first == "L-1" else "L-1"
    lending.ledger.commit(envelopes[first])
    loses(lending, envelopes[second])
    with pytest.raises(Refused, match=r"nobody can override it: .*BALANCE"):
        await lending.decision(second, CHECKER if second == "L-1" else TRADEBANK_CHECKER)
    assert (await lending.get(second, EXIMBANK if second == "L-1" else TRADEBANK)).state is LoanState.CHECKED
    assert (await lending.balance()).held == usd("70000")


async def test_the_loser_of_a_race_that_still_fits_is_approved_when_it_repeats(lending: Lending) -> None:
    """What another bank took in between is a conflict of this once."""
    await on_its_own_papers(lending, occupied="30000.00")
    ours, theirs = await lending.decision("L-1"), await lending.decision("T-1", TRADEBANK_CHECKER)
    lending.ledger.commit(ours)
    loses(lending, theirs)
    lending.ledger.commit(await lending.decision("T-1", TRADEBANK_CHECKER))
    assert (await lending.balance()).free == usd(0)


async def test_of_two_banks_with_one_paper_one_is_approved(lending: Lending) -> None:
    """On two declarations: only the papers bring them together."""
    await lending.file_papers(1, bank=TRADEBANK)
    other = trade.application("T-1").declarations[0].model_copy(update={"declaration_number": trade.number_of(3)})
    theirs = trade.application("T-1").model_copy(update={"declarations": (other,), "receipts": ()})
    await checked(lending, theirs, TRADEBANK)
    verdict_before = await lending.check("T-1", TRADEBANK)
    first = await lending.decision("L-1")
    second = await lending.endorse(
        TRADEBANK_CHECKER, "loans:approve", "T-1", 1, verdict_before.evidence_hash,
        [{"finding": each.id, "reason": "seen"} for each in verdict_before.findings if each.severity == "refer"],
    )  # fmt: skip
    lending.ledger.commit(first)
    loses(lending, second)
    with pytest.raises(Refused, match=r"nobody can override it: .*DUP-EXACT"):
        await lending.decision("T-1", TRADEBANK_CHECKER)


async def test_two_loans_of_one_bank_race_as_two_banks_do(lending: Lending) -> None:
    await checked(lending, trade.application("L-2", occupied="30000.01", amount="100000.00"))
    one, two = await lending.decision("L-1"), await lending.decision("L-2")
    lending.ledger.commit(two)
    loses(lending, one)
    with pytest.raises(Refused, match="BALANCE"):
        await lending.decision("L-1")


async def test_an_approval_and_a_rejection_do_not_both_count(lending: Lending) -> None:
    approval = await lending.decision()
    rejection = await lending.endorse(CHECKER, "loans:reject", "L-1", "no")
    lending.ledger.commit(approval)
    loses(lending, rejection)
    assert (await lending.balance()).held == usd("70000")


async def test_an_approval_held_back_past_a_new_application(lending: Lending) -> None:
    held_back = await lending.decision()
    await lending.apply(trade.application(occupied="90000.00"))
    loses(lending, held_back)
    assert (await lending.balance()).held == usd(0)


@pytest.mark.parametrize("late", [Step.DISBURSEMENT, Step.WITHDRAWAL])
async def test_of_disbursement_and_withdrawal_one_counts(lending: Lending, late: Step) -> None:
    """Both confirmed on the same proposal key: the second has nothing to confirm any more."""
    lending.ledger.commit(await lending.decision())
    proposal = lending.proposal(late)
    await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    held_back = await lending.endorse(CHECKER, "loans:confirm", "L-1", proposal.id)
    other = Step.WITHDRAWAL if late is Step.DISBURSEMENT else Step.DISBURSEMENT
    await lending.take(other)
    loses(lending, held_back)
    assert (await lending.get()).state is AFTER[other]
    assert (await lending.balance()).held == (usd("70000") if other is Step.DISBURSEMENT else usd(0))


async def test_a_repayment_confirmed_twice_frees_once(lending: Lending) -> None:
    await checked(lending, trade.application("L-2", serials=(2,)))
    lending.ledger.commit(await lending.decision())
    await lending.take(Step.DISBURSEMENT)
    proposal = lending.proposal(Step.REPAYMENT)
    await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    twice = [await lending.endorse(CHECKER, "loans:confirm", "L-1", proposal.id) for _ in range(2)]
    lending.ledger.commit(twice[0])
    loses(lending, twice[1])
    assert (await lending.balance()).held == usd(0)


async def test_a_policy_that_two_persons_made_meanwhile_is_a_conflict(lending: Lending) -> None:
    policy = trade.policy(tenor_max_days=100)
    await lending.ledger.submit(EXIMBANK, "bank", "policies:propose", policy)
    held_back = await lending.decision()
    await lending.ledger.submit(trade.RISK, "bank", "policies:confirm", policy_hash(policy))
    loses(lending, held_back)


# -- held back past SAFE's opening -------------------------------------------------------------------------------------


async def opens(lending: Lending, days: int = 0) -> None:
    await lending.ledger.submit(SAFE, "bank", "calendar:open", APPLIED + timedelta(days=days))


@pytest.mark.parametrize("days", [0, 1], ids=["the same day anew", "the next day"])
async def test_an_approval_held_back_past_an_opening_is_void(lending: Lending, days: int) -> None:
    held_back = await lending.decision()
    assert ("", BUSINESS_DAY_KEY) in held_back.reads
    await opens(lending, days)
    loses(lending, held_back)
    lending.ledger.commit(await lending.decision())  # and one that is made after it counts


@pytest.mark.parametrize("days", [0, 1], ids=["the same day anew", "the next day"])
async def test_a_disbursement_held_back_past_an_opening_is_void(lending: Lending, days: int) -> None:
    lending.ledger.commit(await lending.decision())
    proposal = lending.proposal(Step.DISBURSEMENT)
    await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    held_back = await lending.endorse(CHECKER, "loans:confirm", "L-1", proposal.id)
    await opens(lending, days)
    loses(lending, held_back)
    assert (await lending.loan(CHECKER, "confirm", "L-1", proposal.id)).state is LoanState.DISBURSED


@pytest.mark.parametrize("what", ["a class lost", "a declaration cancelled", "a receipt"])
async def test_a_bank_that_holds_back_what_other_channels_no_longer_bear_out(lending: Lending, what: str) -> None:
    """Within the day such an approval still counts: it is what disbursement judges again that stops the money."""
    approval = await lending.decision()
    await {
        "a class lost": lambda: lending.file(trade.classification(EnterpriseClass.C)),
        "a declaration cancelled": lambda: lending.file(trade.declaration(status=DeclarationStatus.CANCELLED)),
        "a receipt": lambda: lending.file(trade.receipt(amount="90000.00")),
    }[what]()
    lending.ledger.commit(approval)
    assert (await lending.get()).state is LoanState.APPROVED
    with pytest.raises(Refused, match="cannot be disbursed any more"):
        await lending.take(Step.DISBURSEMENT)
    assert (await lending.take(Step.WITHDRAWAL)).state is LoanState.WITHDRAWN
    disbursed = await lending.ledger.evaluate(SAFE, "bank", "loans:list", "disbursed", 10, "", "EximbankMSP")
    assert disbursed == {"bookmark": "", "loans": []}


async def test_officers_of_a_bank_who_pull_for_one_exporter_at_one_time_do_not_meet(lending: Lending) -> None:
    """Each pulls another declaration, and with it the exporter's class, which is there already."""
    exporter, bank = trade.DONGYU.uscc, EXIMBANK
    envelopes = []
    for number in map(trade.number_of, (2, 3)):
        for channel, function, more in (("customs", "copies:declarations", ()), ("fx", "copies:exchange", ([], []))):
            envelopes.append(await lending.ledger.endorse(bank, channel, function, exporter, [number], *more))
    for envelope in envelopes:
        lending.ledger.commit(envelope)
