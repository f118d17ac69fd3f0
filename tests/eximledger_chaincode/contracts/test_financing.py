"""The financing register: approving holds, ending frees, each in its own transaction; and what papers stand in it."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.credits import credit
from tests.eximledger_chaincode.contracts.lending import AFTER, EVIDENCE, Lending, Rules, opened, stand_in
from tests.eximledger_chaincode.contracts.trade import (
    CHECKER,
    EXIMBANK,
    OFFICER,
    RISK,
    SAFE,
    TRADEBANK,
    TRADEBANK_CHECKER,
    usd,
)
from tests.hlf_chaincode.memory_peer import CommitInvalid, Envelope, Identity

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.documents import DeclarationStatus, FinancedDeclaration, Money, TolerancePolicy
from eximledger_chaincode.lending.floors import policy_hash
from eximledger_chaincode.lending.likeness.fingerprints import Similarity
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.register import PaperStanding
from eximledger_chaincode.lending.steps import Step
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, NotFound, Refused

FIRST, SECOND = trade.number_of(1), trade.number_of(2)


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Rules:
    return stand_in(monkeypatch)


@pytest.fixture
async def lending(rules: Rules) -> Lending:
    return await opened(1, 2)


def changed(envelope: Envelope) -> set[str]:
    """The types of the public keys that a transaction writes."""
    return {key.split("\x00")[1] for collection, key in envelope.writes if not collection}


async def approved(lending: Lending, loan_id: str = "L-1", occupied: str = "70000.00", serials: tuple[int, ...] = (1,),
                   ) -> None:  # fmt: skip
    await lending.apply(trade.application(loan_id, serials, occupied))
    await lending.check(loan_id)
    await lending.approve(loan_id)


async def at_tradebank(lending: Lending, invoice_total: str = "100000.00") -> LoanFacts:
    """What the register knows for a loan of Tradebank on the same declaration."""
    await lending.file_papers(1, bank=TRADEBANK, total=invoice_total)
    await lending.apply(trade.application("T-1"), TRADEBANK)
    return LoanFacts.model_validate_json((await lending.endorse(TRADEBANK, "loans:facts", "T-1")).result)


# -- one transaction ---------------------------------------------------------------------------------------------------


async def test_approving_holds_in_the_transaction_that_approves(lending: Lending) -> None:
    await lending.apply(trade.application(serials=(1, 2)))
    await lending.check()
    assert (await lending.held(), await lending.held(2)) == ((), ())  # nothing before a decision
    envelope = await lending.endorse(CHECKER, "loans:approve", "L-1", 1, "e" * 64, [])
    assert {"position", "financed"} <= changed(envelope)
    assert {collection for collection, _ in envelope.writes} == {"", "papers-EximbankMSP", "shared-EximbankMSP"}
    public = {key for collection, key in envelope.writes if not collection and "\x00row\x00" not in key}
    assert public <= {key for collection, key in envelope.reads if not collection}  # or two could write at once
    lending.ledger.commit(envelope)
    assert (await lending.held(), await lending.held(2)) == ((usd("70000"),), (usd("70000"),))


async def test_an_approval_that_does_not_count_holds_nothing(lending: Lending) -> None:
    await lending.apply()
    await lending.check()
    envelope = await lending.endorse(CHECKER, "loans:approve", "L-1", 1, "e" * 64, [])
    await lending.loan(CHECKER, "reject", "L-1", "no")
    with pytest.raises(CommitInvalid, match="MVCC_READ_CONFLICT"):
        lending.ledger.commit(envelope)
    assert await lending.held() == ()


async def test_nothing_is_held_of_papers_that_were_not_looked_up(lending: Lending) -> None:
    """The register itself refuses, whatever the rules say."""
    await lending.apply()
    await lending.file(trade.invoice(total="99.00"))
    await lending.check()
    with pytest.raises(Refused, match=r"looked up in the register of all banks first, under generation 1"):
        await lending.approve()


async def test_nothing_is_held_of_a_declaration_that_the_bank_may_not_know(lending: Lending) -> None:
    await lending.apply(trade.application(serials=(1, 7)))
    await lending.check()
    with pytest.raises(Refused, match="not authorised for a declaration"):
        await lending.approve()


@pytest.mark.parametrize("step", [Step.WITHDRAWAL, Step.REPAYMENT])
async def test_ending_frees_in_the_transaction_that_ends(lending: Lending, step: Step) -> None:
    await approved(lending, "L-0", occupied="10000.00")
    await approved(lending, serials=(1, 2))
    if step is not Step.WITHDRAWAL:
        await lending.take(Step.DISBURSEMENT)
    proposal = lending.proposal(step)
    await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    assert await lending.held() == (usd("80000"),)
    envelope = await lending.endorse(CHECKER, "loans:confirm", "L-1", proposal.id)
    assert "position" in changed(envelope)
    lending.ledger.commit(envelope)
    assert (await lending.held(), await lending.held(2)) == ((usd("10000"),), ())
    assert (await lending.get()).state is AFTER[step]


async def test_a_repayment_reads_of_the_register_just_what_it_frees(lending: Lending) -> None:
    """It meets no other bank's loan on the same papers."""
    await lending.apply()
    await lending.check()
    await lending.approve()
    await lending.take(Step.DISBURSEMENT)
    proposal = lending.proposal(Step.REPAYMENT)
    await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    envelope = await lending.endorse(CHECKER, "loans:confirm", "L-1", proposal.id)
    public = {key.split("\x00")[1] for collection, key in envelope.reads if not collection and "\x00" in key}
    assert public == {"position"}


async def test_just_what_was_held_is_freed_whatever_was_filed_since(lending: Lending) -> None:
    """Papers, policy and application as documents have all changed: what was held stands under a key of its own."""
    await approved(lending, occupied="60000.00")
    await lending.file(trade.invoice(total="1.00"), trade.contract(total="1.00"))
    await lending.file(trade.declaration(total="50000.00"))
    policy = TolerancePolicy(bank="EximbankMSP", fingerprinted=("invoice", "transport"), tenor_max_days=10)
    await lending.ledger.submit(EXIMBANK, "bank", "policies:propose", policy)
    await lending.ledger.submit(RISK, "bank", "policies:confirm", policy_hash(policy))
    with pytest.raises(Refused, match="is approved"):
        await lending.apply(trade.application(occupied="10.00"))
    await lending.take(Step.DISBURSEMENT)
    await lending.take(Step.REPAYMENT)
    assert await lending.held() == ()
    assert (await lending.balance()).held == usd(0)


async def test_holds_of_two_currencies_are_kept_apart(lending: Lending) -> None:
    """Under a stand-in for the rules (BALANCE refuses another currency): the register itself mixes nothing up."""
    await approved(lending, "L-0")
    application = trade.application()
    euro = FinancedDeclaration(declaration_number=FIRST, amount=Money.of("5.00", "EUR"))
    await lending.apply(application.model_copy(update={"declarations": (euro,)}))
    await lending.check()
    await lending.approve()
    assert await lending.held() == (Money.of("5.00", "EUR"), usd("70000"))
    balance = await lending.balance()
    assert (balance.held, balance.free) == (usd("70000"), usd(0))  # what the euros are worth nobody knows yet
    await lending.file(trade.rate(cny="791.6667", currency="EUR"))
    balance = await lending.balance()
    assert (balance.held, balance.free) == (usd("70005.56"), usd("29994.44"))
    await lending.take(Step.WITHDRAWAL)
    assert await lending.held() == (usd("70000"),)


async def test_public_rows_are_shared_and_a_banks_own_need_its_peer(lending: Lending) -> None:
    await approved(lending)
    policies = lending.ledger.channels["bank"].policies
    kinds = {key.split("\x00")[1] for collection, key in policies if not collection and key.startswith("\x00")}
    assert not kinds & {"position", "financed"}  # the chaincode's policy: any bank's peer and SAFE's
    proposal = lending.proposal(Step.WITHDRAWAL)
    await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    forged = await lending.ledger.endorse(
        CHECKER, "bank", "loans:confirm", "L-1", proposal.id, endorsers=["TradebankMSP", "SafeMSP"]
    )
    with pytest.raises(CommitInvalid, match="ENDORSEMENT_POLICY_FAILURE"):
        lending.ledger.commit(forged)


# -- papers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("named", "meant"), [("INV-8", ["INV/8"]), ("INV-7", []), ("INV 7", ["INV 7"]), ("INV-9", [])])
async def test_a_number_that_two_papers_could_mean_names_neither(
    lending: Lending, named: str, meant: list[str]
) -> None:
    """Nor does one that only another exporter's paper bears."""
    papers = [trade.invoice().model_copy(update={"invoice_number": number}) for number in ("INV/7", "INV 7", "INV/8")]
    papers.append(trade.invoice(seller=trade.OTHER).model_copy(update={"invoice_number": "INV/9"}))
    for paper in papers:
        await lending.ledger.submit(EXIMBANK, "bank", "documents:put", "invoice", paper)
    await lending.apply(trade.application().model_copy(update={"invoices": (named,)}))
    facts = LoanFacts.model_validate_json((await lending.endorse(EXIMBANK, "loans:facts", "L-1")).result)
    assert [record.number for record in facts.invoices] == meant


async def standings(lending: Lending) -> set[PaperStanding]:
    """What became of the papers, as another bank that has the same ones is told."""
    facts = LoanFacts.model_validate_json((await lending.endorse(TRADEBANK, "loans:facts", "T-1")).result)
    assert all(not match.same_bank and match.similarity is Similarity.EXACT for match in facts.matches)
    return {match.standing for match in facts.matches}


async def test_a_paper_stands_then_was_disbursed_for_good(lending: Lending) -> None:
    await at_tradebank(lending)
    await lending.apply()
    assert await standings(lending) == set()  # an application registers nothing
    await lending.check()
    await lending.approve()
    assert await standings(lending) == {PaperStanding.STANDING}
    await lending.take(Step.DISBURSEMENT)
    assert await standings(lending) == {PaperStanding.DISBURSED}
    await lending.take(Step.REPAYMENT)
    assert await standings(lending) == {PaperStanding.DISBURSED}
    lending.later(days=3000)
    assert await standings(lending) == {PaperStanding.DISBURSED}


async def test_what_was_written_off_is_held_for_good(lending: Lending) -> None:
    """The claim is still unpaid and pledged: no bank lends on it again, with other papers or none."""
    await approved(lending, occupied="70000.00")
    await lending.take(Step.DISBURSEMENT)
    await lending.take(Step.WRITE_OFF)
    assert await lending.held() == (usd("70000"),)


async def test_papers_amended_after_the_approval_are_financed_as_they_were_paid_on(lending: Lending) -> None:
    await at_tradebank(lending)
    await approved(lending)
    await lending.file(trade.invoice(note="amended after the approval"))
    again = trade.invoice().model_copy(update={"issued_on": trade.invoice().issued_on + timedelta(days=1)})
    await lending.file(again)
    await lending.take(Step.DISBURSEMENT)
    await lending.file(again, bank=trade.TRADEBANK)
    assert await standings(lending) == {PaperStanding.DISBURSED}


async def test_a_written_off_paper_stays_disbursed(lending: Lending) -> None:
    await at_tradebank(lending)
    await approved(lending)
    await lending.take(Step.DISBURSEMENT)
    await lending.take(Step.WRITE_OFF)
    assert await standings(lending) == {PaperStanding.DISBURSED}


async def test_a_paper_approved_and_never_drawn_on_is_told_as_that(lending: Lending) -> None:
    await at_tradebank(lending)
    await approved(lending)
    await lending.take(Step.WITHDRAWAL)
    assert await standings(lending) == {PaperStanding.UNDRAWN}


async def test_a_paper_whose_loan_lapsed_is_told_as_never_drawn_on(lending: Lending) -> None:
    await at_tradebank(lending)
    await approved(lending)
    lending.later(days=40)
    await lending.loan(EXIMBANK, "lapse")
    assert await standings(lending) == {PaperStanding.UNDRAWN}


async def test_papers_amended_since_are_still_told(lending: Lending) -> None:
    """The fingerprints are those of the approval: who amends them afterwards takes nothing out of the register."""
    await at_tradebank(lending)
    await approved(lending)
    await lending.file(trade.invoice(total="1.00"), trade.contract(total="1.00"))
    await lending.take(Step.DISBURSEMENT)
    facts = LoanFacts.model_validate_json((await lending.endorse(TRADEBANK, "loans:facts", "T-1")).result)
    assert {(match.kind, match.standing) for match in facts.matches} >= {
        (kind, PaperStanding.DISBURSED) for kind in ("invoice", "transport")
    }


async def test_facts_name_papers_alike_and_leave_the_loans_own_out(lending: Lending) -> None:
    await approved(lending)
    own = LoanFacts.model_validate_json((await lending.endorse(EXIMBANK, "loans:facts", "L-1")).result)
    assert (own.matches, own.positions[0].held) == ((), ())
    other = await at_tradebank(lending, invoice_total="99999.00")
    assert {(match.kind, match.similarity) for match in other.matches} >= {
        ("invoice", Similarity.ALL_BUT_AMOUNT),
        ("transport", Similarity.EXACT),
    }
    assert other.positions[0].held == (usd("70000"),)


async def test_every_paper_is_told_of_every_loan_that_has_it(lending: Lending) -> None:
    """Of two invoices that are financed elsewhere, an override of one must not pass the other."""
    await approved(lending, serials=(1, 2), occupied="500.00")
    await approved(lending, "L-2", occupied="700.00")
    await lending.file_papers(1, 2, bank=TRADEBANK)
    await lending.apply(trade.application("T-1", (1, 2)), TRADEBANK)
    facts = LoanFacts.model_validate_json((await lending.endorse(TRADEBANK, "loans:facts", "T-1")).result)
    told = [(each.id, each.similarity) for each in facts.matches if each.kind == "invoice"]
    first, second = trade.invoice(1).id, trade.invoice(2).id
    assert {(first, Similarity.EXACT), (second, Similarity.EXACT)} <= set(told)


async def test_a_bank_knows_its_own_marks_again_beside_others(lending: Lending) -> None:
    """Its second loan on a paper leaves a mark in rows that have one already."""
    for loan_id in ("L-1", "L-2"):
        await approved(lending, loan_id, occupied="500.00")
    await lending.apply(trade.application("L-3", (1,), "500.00"))
    facts = LoanFacts.model_validate_json((await lending.endorse(EXIMBANK, "loans:facts", "L-3")).result)
    told = [each.same_bank for each in facts.matches if (each.kind, each.similarity) == ("invoice", Similarity.EXACT)]
    assert told == [True]  # of loans of one bank that stand alike, once
    assert all(each.same_bank for each in facts.matches)


async def test_another_bank_learns_neither_loan_nor_bank(lending: Lending) -> None:
    await approved(lending, loan_id="SECRET-LOAN")
    await at_tradebank(lending)
    answer = (await lending.endorse(TRADEBANK, "loans:facts", "T-1")).result
    assert b"SECRET-LOAN" not in answer
    assert b'"bank":"EximbankMSP"' not in answer
    balance = (await lending.endorse(TRADEBANK, "financing:balance", FIRST)).result
    assert set(json.loads(balance)) == {
        "declaration_number", "value", "open", "held", "collected", "free", "unvalued",
    }  # fmt: skip


# -- balance -----------------------------------------------------------------------------------------------------------


async def test_a_balance_tells_what_is_held_and_free(lending: Lending) -> None:
    before = await lending.balance()
    assert (before.value, before.held, before.free) == (usd("100000"), usd(0), usd("100000"))
    await approved(lending)
    after = await lending.balance()
    assert (after.held, after.free) == (usd("70000"), usd("30000"))


async def test_a_balance_counts_what_came_in_euro_at_the_rate_of_its_own_day(lending: Lending) -> None:
    """712.50 yuan are 100 dollars or 90 euro on that day; on the exports the euro was worth half."""
    paid = credit("TRX-EU-1").model_copy(update={"amount": Money.of("9000.00", "EUR")})
    quoted = [trade.rate(paid.dated, "791.6667", "EUR"), trade.rate(paid.dated), trade.rate(cny="395", currency="EUR")]
    await lending.file(*quoted, paid)
    assert (await lending.balance()).open == usd("90000.00")
    await approved(lending, occupied="80000.00")
    balance = await lending.balance()
    assert (balance.collected, balance.held, balance.free) == (usd("10000.00"), usd("80000.00"), usd("10000.00"))


async def test_a_balance_counts_freight_in_euro_at_the_rate_of_the_export(lending: Lending) -> None:
    """Of declaration 3, sold with freight (C&F): 7.90 yuan a euro are 1.1088 dollars."""
    sold = trade.declaration(3).model_copy(update={"transaction_mode": "2", "freight": Money.of("1000.00", "EUR")})
    await lending.file(trade.rate(cny="790", currency="EUR"), sold)
    balance = await lending.balance(3)
    assert (balance.unvalued, balance.value) == ((), usd("98891.23"))


@pytest.mark.parametrize("ordered", ["1.00", "0.01", "99999999.00"])
async def test_a_payers_dollar_in_the_place_of_seven_hundred_thousand_yuan_collects_what_was_credited(
    lending: Lending, ordered: str
) -> None:
    """At SAFE's quotation of the day on which it came."""
    credited = Money.of("712500.00", "CNY")
    paid = credit("TRX-CNY-1").model_copy(update={"amount": credited, "instructed_amount": usd(ordered)})
    await lending.file(trade.rate(paid.dated), paid)
    balance = await lending.balance()
    assert (balance.collected, balance.open, balance.free) == (usd("100000.00"), usd(0), usd(0))


async def test_what_a_payer_ordered_collects_where_it_agrees_with_what_was_credited(lending: Lending) -> None:
    paid = credit("TRX-CNY-1").model_copy(
        update={"amount": Money.of("71100.00", "CNY"), "instructed_amount": usd("10000.00")}
    )
    await lending.file(trade.rate(paid.dated), paid)
    assert (await lending.balance()).collected == usd("10000.00")


async def test_a_balance_without_the_quotation_of_a_receipt_is_nothing_and_names_it(lending: Lending) -> None:
    paid = credit("TRX-EU-1").model_copy(update={"amount": Money.of("1.00", "EUR")})
    await lending.file(trade.rate(paid.dated), paid)
    balance = await lending.balance()
    assert (balance.open, balance.free, balance.collected) == (usd(0), usd(0), usd(0))
    assert [(each.currency, each.day) for each in balance.unvalued] == [("EUR", paid.dated)]


async def test_calls_that_make_no_sense_are_named(lending: Lending) -> None:
    with pytest.raises(NotFound, match="customs has no declaration"):
        await lending.balance(99)
    with pytest.raises(InvalidDocument, match="18 digits"):
        await lending.endorse(SAFE, "financing:balance", "123")
    for channel in ("fx", "customs"):
        with pytest.raises(Refused, match=f"lives on channel bank, not on {channel}"):
            await lending.ledger.evaluate(SAFE, channel, "financing:balance", FIRST)


@pytest.mark.parametrize("who", [TRADEBANK, TRADEBANK_CHECKER, SAFE, OFFICER], ids=lambda who: who.msp_id)
async def test_nobody_else_frees_what_a_bank_holds(lending: Lending, who: Identity) -> None:
    await approved(lending)
    proposal = lending.proposal(Step.WITHDRAWAL)
    await lending.loan(EXIMBANK, "propose", "L-1", proposal)
    with pytest.raises((NotAuthorized, NotFound)):
        await lending.loan(who, "confirm", "L-1", proposal.id)
    assert await lending.held() == (usd("70000"),)


async def test_a_makers_application_of_one_cent_freezes_nothing(lending: Lending) -> None:
    """What froze a declaration for 90 days: applying, with papers or without, holds nothing and stops nobody."""
    for serial in range(20):
        loan = trade.application(f"T-{serial}", occupied="0.01").model_copy(update={"invoices": (), "contracts": ()})
        await lending.apply(loan, TRADEBANK)
        await lending.check(f"T-{serial}", TRADEBANK)
    assert (await lending.balance()).free == usd("100000")
    await approved(lending, occupied="100000.00")
    assert (await lending.get()).state is LoanState.APPROVED


async def test_the_receipts_named_and_the_year_reach_the_case(lending: Lending, rules: Rules) -> None:
    await lending.file(
        trade.receipt("R 1"), trade.receipt("R-2", amount="10.00", serial=None),
        trade.receipt("R-3", amount="5.00", serial=None, on=date(2025, 8, 1)),
    )  # fmt: skip
    await lending.apply(trade.application(receipts=("R-1", "R-9")))
    await lending.check()
    case = rules.cases[-1]
    assert [record.number for record in case.receipts] == ["R 1"]
    assert case.exporter_totals is not None
    assert case.exporter_totals.received == (usd("30010.00"),)


async def test_nothing_of_a_cancelled_declaration_is_free(lending: Lending) -> None:
    await lending.file(trade.declaration(status=DeclarationStatus.CANCELLED))
    balance = await lending.balance()
    assert (balance.value, balance.open, balance.free) == (usd("100000.00"), usd(0), usd(0))


def others(rules: Rules) -> list[str]:
    """What the bank's other loans finance the exporter of the last case with, in CNY."""
    return [str(money.amount) for money in rules.cases[-1].other_financings if money.currency == "CNY"]


async def test_what_the_bank_finances_the_exporter_with_reaches_the_case(lending: Lending, rules: Rules) -> None:
    """The bank's own standing loans, without the loan itself: never another bank's."""
    await lending.file(trade.declaration(2))
    await lending.file_papers(2)
    await approved(lending)
    await lending.file_papers(2, bank=TRADEBANK)
    await lending.apply(trade.application("T-2", serials=(2,), occupied="10.00"), TRADEBANK)
    await lending.check("T-2", TRADEBANK)
    assert others(rules) == []
    await lending.approve("T-2", trade.TRADEBANK_CHECKER)
    await lending.apply(trade.application("L-2", serials=(2,), amount="50.00", occupied="10.00"))
    await lending.check("L-2")
    assert others(rules) == ["300000.00"]
    await lending.approve("L-2")
    await lending.take(Step.DISBURSEMENT)
    assert others(rules) == ["50.00"], "it is not its own other"
    await lending.take(Step.REPAYMENT)
    await lending.apply(trade.application("L-3", serials=(2,), occupied="10.00"))
    await lending.check("L-3")
    assert others(rules) == ["50.00"]


async def test_of_two_approvals_for_one_exporter_at_one_time_one_counts(lending: Lending, rules: Rules) -> None:
    """Each alone may leave the exporter's share in order, and both together not."""
    await lending.file(trade.declaration(2))
    await lending.file_papers(2)
    envelopes = []
    for loan_id, serial in (("L-1", 1), ("L-2", 2)):
        await lending.apply(trade.application(loan_id, serials=(serial,)))
        await lending.check(loan_id)
    for loan_id in ("L-1", "L-2"):
        envelopes.append(await lending.endorse(CHECKER, "loans:approve", loan_id, 1, EVIDENCE, []))
    lending.ledger.commit(envelopes[0])
    with pytest.raises(CommitInvalid, match="MVCC_READ_CONFLICT"):
        lending.ledger.commit(envelopes[1])
    await lending.approve("L-2")
    assert others(rules) == ["300000.00"]
