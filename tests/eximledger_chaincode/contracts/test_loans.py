"""loans: the life of a loan step by step, who may take which, and what approval rests on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import EVIDENCE, Lending, Rules, finding, opened, verdict_of
from tests.eximledger_chaincode.contracts.trade import (
    CHECKER,
    EXIMBANK,
    OFFICER,
    SAFE,
    SECOND,
    STRANGER,
    TRADEBANK,
    usd,
)
from tests.hlf_chaincode.memory_peer import CommitInvalid, Identity

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.documents import Party, TolerancePolicy
from eximledger_chaincode.lending.loan import Loan, LoanState
from eximledger_chaincode.lending.verdict import Severity
from hlf_chaincode.errors import Conflict, InvalidDocument, NotAuthorized, NotFound, Refused


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Rules:
    stand_in = Rules()
    monkeypatch.setattr("eximledger_chaincode.contracts.loans.reconcile", stand_in.reconcile)
    return stand_in


@pytest.fixture
async def lending(rules: Rules) -> Lending:
    return await opened(1, 2)


async def ready(lending: Lending) -> None:
    """A loan that wants nothing but its approval."""
    await lending.apply()
    await lending.check()
    await lending.reserve()


# -- a whole life ------------------------------------------------------------------------------------------------------


async def test_a_loan_from_application_to_release(lending: Lending) -> None:
    loan = await lending.apply()
    assert (loan.state, loan.version, loan.applied_by) == (LoanState.APPLIED, 1, EXIMBANK.certificate_hash)
    assert loan.application.document == trade.application()
    verdict = await lending.check()
    assert (await lending.get()).verdict == verdict
    await lending.reserve()
    approved = await lending.approve()
    assert approved.decision is not None
    assert (approved.decision.by, approved.decision.evidence_hash) == (CHECKER.certificate_hash, EVIDENCE)
    disbursed = await lending.loan(EXIMBANK, "disburse", "L-1", "PAY-1")
    assert disbursed.disbursement is not None
    assert disbursed.disbursement.reference == "PAY-1"
    await lending.loan(EXIMBANK, "repay", "L-1", "BACK-1")
    with pytest.raises(Refused, match="financing:release"):
        await lending.loan(EXIMBANK, "release")
    await lending.free()
    released = await lending.loan(EXIMBANK, "release")
    assert released.released_at is not None
    names = [name for name, _ in lending.ledger.channels["bank"].events if name.startswith("loan.")]
    states = ["applied", "checked", "approved", "disbursed", "repaid", "released"]
    assert names == [f"loan.{state}" for state in states]
    assert lending.ledger.channels["bank"].events[-1][1] == {
        "loan_id": "L-1", "bank": "EximbankMSP", "state": "released",
    }  # fmt: skip
    history = await lending.ledger.evaluate(SAFE, "bank", "loans:history", "L-1")
    assert isinstance(history, list)
    assert [item["loan"]["state"] for item in history] == list(reversed(states))


async def test_every_step_repeats_without_a_write(lending: Lending) -> None:
    steps: list[tuple[Callable[[], Awaitable[object]], Identity, tuple[object, ...]]] = [
        (lambda: lending.apply(), EXIMBANK, ("loans:apply", trade.application())),
        (lambda: lending.check(), EXIMBANK, ("loans:check", "L-1")),
        (lambda: lending.loan(EXIMBANK, "refer", "L-1", "look"), EXIMBANK, ("loans:refer", "L-1", "look")),
        (lambda: lending.reserve(), EXIMBANK, ("financing:reserve", "L-1")),
        (lambda: lending.approve(), CHECKER, ("loans:approve", "L-1", EVIDENCE, [])),
        (lambda: lending.loan(EXIMBANK, "disburse", "L-1", "P"), EXIMBANK, ("loans:disburse", "L-1", "P")),
        (lambda: lending.loan(EXIMBANK, "repay", "L-1", "B"), EXIMBANK, ("loans:repay", "L-1", "B")),
        (lambda: lending.free(), EXIMBANK, ("financing:release", "L-1")),
        (lambda: lending.loan(EXIMBANK, "release"), EXIMBANK, ("loans:release", "L-1")),
    ]
    for step, who, (function, *arguments) in steps:
        await step()
        lending.later(minutes=1)
        envelope = await lending.endorse(who, str(function), *arguments)
        assert (function, envelope.writes, envelope.event) == (function, {}, None)


async def test_the_same_step_with_other_words_is_refused(lending: Lending) -> None:
    await ready(lending)
    await lending.approve()
    with pytest.raises(Refused):
        await lending.approve(evidence_hash="f" * 64)
    await lending.loan(EXIMBANK, "disburse", "L-1", "PAY-1")
    with pytest.raises(Refused, match="is disbursed"):
        await lending.loan(EXIMBANK, "disburse", "L-1", "PAY-2")


# -- every state, every step -------------------------------------------------------------------------------------------


async def _in_state(lending: Lending, state: LoanState) -> None:
    await lending.apply()
    await lending.reserve()
    if state is LoanState.EXPIRED:
        lending.later(hours=73)
        await lending.loan(TRADEBANK, "expire")
    if state in {LoanState.APPLIED, LoanState.EXPIRED}:
        return
    await lending.check()
    if state in {LoanState.REFERRED, LoanState.REJECTED, LoanState.WITHDRAWN}:
        decision = {"referred": "refer", "rejected": "reject", "withdrawn": "withdraw"}[state]
        await lending.loan(EXIMBANK, decision, "L-1", "so it is")
        return
    steps: tuple[Callable[[], Awaitable[Loan]], ...] = (
        lending.approve,
        lambda: lending.loan(EXIMBANK, "disburse", "L-1", "P"),
        lambda: lending.loan(EXIMBANK, "repay", "L-1", "B"),
        lambda: _released(lending),
    )
    for step in steps:
        if (await lending.get()).state is state:
            return
        await step()


async def _released(lending: Lending) -> Loan:
    await lending.free()
    return await lending.loan(EXIMBANK, "release")


STEPS: dict[str, tuple[Identity, tuple[object, ...], set[str]]] = {
    "apply": (EXIMBANK, (), {"applied", "checked", "referred", "expired"}),
    "check": (EXIMBANK, ("L-1",), {"applied", "checked", "referred"}),
    "approve": (CHECKER, ("L-1", "a" * 64, []), {"checked", "referred"}),
    "reject": (EXIMBANK, ("L-1", "why"), {"applied", "checked", "referred"}),
    "refer": (EXIMBANK, ("L-1", "why"), {"applied", "checked", "referred"}),
    "withdraw": (EXIMBANK, ("L-1", "why"), {"applied", "checked", "referred", "expired", "approved"}),
    "expire": (SAFE, ("L-1",), {"applied", "checked", "referred", "expired"}),
    "disburse": (EXIMBANK, ("L-1", "R"), {"approved"}),
    "repay": (EXIMBANK, ("L-1", "R"), {"disbursed"}),
    "release": (EXIMBANK, ("L-1",), {"repaid", "released"}),
}


@pytest.mark.parametrize("state", LoanState)
@pytest.mark.parametrize("step", STEPS)
async def test_each_step_is_taken_from_its_states_only(
    lending: Lending, rules: Rules, state: LoanState, step: str
) -> None:
    await _in_state(lending, state)
    assert (await lending.get()).state is state
    if step == "release" and state is LoanState.REPAID:
        await lending.free()
    if step == "expire":
        lending.later(hours=80)
    rules.verdict = verdict_of(evidence_hash="a" * 64)
    who, arguments, allowed = STEPS[step]
    if step == "apply":
        arguments = (trade.application(purpose="amended"),)
    if state in allowed:
        lending.ledger.commit(await lending.endorse(who, f"loans:{step}", *arguments))
    else:
        with pytest.raises(Refused, match=f"loan L-1 is {state}"):
            await lending.endorse(who, f"loans:{step}", *arguments)
        assert (await lending.get()).state is state


# -- who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", sorted(set(STEPS) - {"expire"}))
@pytest.mark.parametrize("who", [TRADEBANK, SAFE, OFFICER, STRANGER], ids=lambda who: who.msp_id)
async def test_a_loan_is_its_own_banks(lending: Lending, step: str, who: Identity) -> None:
    await ready(lending)
    arguments = STEPS[step][1] or (trade.application(),)
    with pytest.raises(NotAuthorized):
        await lending.endorse(who, f"loans:{step}", *arguments)


async def test_an_expiry_is_marked_by_any_bank_or_the_bureau(lending: Lending) -> None:
    await ready(lending)
    lending.later(days=4)
    for who in (OFFICER, STRANGER):
        with pytest.raises(NotAuthorized):
            await lending.loan(who, "expire")
    assert (await lending.loan(TRADEBANK, "expire")).state is LoanState.EXPIRED


async def test_the_case_is_seen_by_the_bank_and_the_bureau(lending: Lending) -> None:
    await lending.apply()
    for who in (EXIMBANK, SECOND, SAFE):
        facts = await lending.endorse(who, "loans:facts", "L-1")
        assert LoanFacts.model_validate_json(facts.result).invoices[0].document == trade.invoice()
        await lending.endorse(who, "loans:preview", "L-1")
    for function in ("facts", "preview", "reservation_facts"):
        with pytest.raises(NotAuthorized, match="papers of EximbankMSP"):
            await lending.endorse(TRADEBANK, f"loans:{function}", "L-1")


async def test_a_loan_is_guarded_by_its_bank_and_the_bureau(lending: Lending) -> None:
    await lending.apply()
    for endorsers in (["SafeMSP", "TradebankMSP"], ["EximbankMSP"]):
        envelope = await lending.ledger.endorse(EXIMBANK, "bank", "loans:reject", "L-1", "forged", endorsers=endorsers)
        with pytest.raises(CommitInvalid, match="ENDORSEMENT_POLICY_FAILURE"):
            lending.ledger.commit(envelope)
    lending.later(days=4)
    await lending.reserve()
    lending.later(days=4)  # the owner's peer is not needed to mark an expiry
    marked = await lending.ledger.endorse(
        TRADEBANK, "bank", "loans:expire", "L-1", endorsers=["SafeMSP", "TradebankMSP"]
    )
    lending.ledger.commit(marked)
    assert (await lending.get()).state is LoanState.EXPIRED


# -- approval ----------------------------------------------------------------------------------------------------------


async def test_maker_and_checker_are_two(lending: Lending) -> None:
    await ready(lending)
    with pytest.raises(NotAuthorized, match="maker-checker"):
        await lending.approve(who=EXIMBANK)
    await lending.approve(who=SECOND)


async def test_who_applied_again_is_a_maker_too(lending: Lending) -> None:
    await ready(lending)
    await lending.apply(trade.application(purpose="amended"), CHECKER)
    await lending.check()
    await lending.reserve()
    with pytest.raises(NotAuthorized, match="maker-checker"):
        await lending.approve(who=CHECKER)


async def test_the_approving_certificate_is_part_of_the_case(lending: Lending, rules: Rules) -> None:
    await ready(lending)
    assert {case.approving for case in rules.cases} == {None}
    await lending.approve()
    assert rules.cases[-1].approving == CHECKER.certificate_hash
    assert rules.cases[-1].today == date(2026, 9, 1)


@pytest.mark.parametrize(("hour", "day"), [(15, 1), (16, 2)])
async def test_the_loans_day_is_chinas(lending: Lending, rules: Rules, hour: int, day: int) -> None:
    await lending.apply()
    lending.ledger.now = lending.ledger.now.replace(hour=hour, minute=59)
    await lending.check()
    assert rules.cases[-1].today == date(2026, 9, day)


async def test_no_approval_without_balance(lending: Lending) -> None:
    await lending.apply()
    await lending.check()
    with pytest.raises(Refused, match="reserve first"):
        await lending.approve()


async def test_an_amended_application_needs_a_reservation_of_its_own(lending: Lending) -> None:
    await ready(lending)
    await lending.apply(trade.application(purpose="the same items"))
    await lending.check()
    with pytest.raises(Refused, match="holds no balance for version 2"):
        await lending.approve()
    await lending.reserve()
    assert (await lending.approve()).version == 2


async def test_an_amended_paper_needs_a_reservation_of_its_own(lending: Lending) -> None:
    await ready(lending)
    await lending.file(trade.invoice(total="99000.00"))
    with pytest.raises(Refused, match="present papers"):
        await lending.approve()
    await lending.reserve()
    await lending.approve()


async def test_an_hour_must_be_left(lending: Lending) -> None:
    await ready(lending)
    lending.later(hours=71, seconds=1)
    with pytest.raises(Refused, match="renew it first"):
        await lending.approve()
    await lending.reserve()
    await lending.approve()


async def test_changed_evidence_is_a_conflict(lending: Lending, rules: Rules) -> None:
    await ready(lending)
    rules.verdict = verdict_of(evidence_hash="d" * 64)
    with pytest.raises(Conflict, match="check it again") as raised:
        await lending.approve()
    assert raised.value.retryable
    assert (await lending.get()).state is LoanState.CHECKED


REFER = finding("INV-DECL-QTY", Severity.REFER)
OTHER = finding("TENOR", Severity.REFER)
REJECT = finding("BALANCE", Severity.REJECT)
INFORM = finding("BL-PRESENT", Severity.INFORM)


def override(*findings: object) -> list[dict[str, str]]:
    return [{"finding": getattr(each, "id", str(each)), "reason": "seen the goods"} for each in findings]


async def test_a_reject_is_never_overridden(lending: Lending, rules: Rules) -> None:
    await ready(lending)
    rules.verdict = verdict_of(REJECT, REFER)
    with pytest.raises(Refused, match="nobody can override it: BALANCE"):
        await lending.approve(overrides=override(REFER, REJECT))


async def test_every_referral_is_overridden_by_a_checker_with_a_reason(lending: Lending, rules: Rules) -> None:
    await ready(lending)
    rules.verdict = verdict_of(REFER, OTHER, INFORM)
    with pytest.raises(Refused, match=OTHER.id):
        await lending.approve(overrides=override(REFER))
    with pytest.raises(Refused, match="no finding"):
        await lending.approve(overrides=override(REFER, OTHER, "NONE:0"))
    with pytest.raises(NotAuthorized, match="checker"):
        await lending.approve(who=SECOND, overrides=override(REFER, OTHER))
    with pytest.raises(InvalidDocument) as raised:
        await lending.approve(overrides=[{"finding": REFER.id, "reason": ""}])
    assert raised.value.field == "overrides.0.reason"
    loan = await lending.approve(overrides=override(OTHER, REFER))
    assert loan.decision is not None
    assert {each.finding for each in loan.decision.overrides} == {REFER.id, OTHER.id}
    assert loan.verdict == rules.verdict


async def test_what_only_informs_needs_nobody(lending: Lending, rules: Rules) -> None:
    await ready(lending)
    rules.verdict = verdict_of(INFORM)
    await lending.approve(who=SECOND)


# -- applying ----------------------------------------------------------------------------------------------------------


async def test_an_application_is_a_document_too(lending: Lending) -> None:
    await lending.apply()
    await lending.apply(trade.application(purpose="amended"))
    record = await lending.ledger.evaluate(SAFE, "bank", "documents:get", "application", "L-1")
    assert isinstance(record, dict)
    assert (record["version"], record["document"]["purpose"]) == (2, "amended")
    loan = await lending.get()
    assert (loan.version, loan.verdict, loan.state) == (2, None, LoanState.APPLIED)


async def test_an_expired_loan_is_applied_for_again(lending: Lending) -> None:
    await ready(lending)
    lending.later(hours=73)
    await lending.loan(TRADEBANK, "expire")
    with pytest.raises(Refused, match="is expired"):
        await lending.reserve()
    await lending.free()
    again = await lending.apply(trade.application(), SECOND)  # the same application
    assert (again.version, again.application.version, again.applied_by) == (2, 1, SECOND.certificate_hash)
    await lending.check()
    await lending.reserve()
    for maker in (SECOND, EXIMBANK):
        with pytest.raises(NotAuthorized):
            await lending.approve(who=maker)
    assert (await lending.approve()).state is LoanState.APPROVED


@pytest.mark.parametrize(("days", "taken"), [(-4, False), (-3, True), (3, True), (4, False)])
async def test_an_application_is_dated_from_the_day_on_which_it_is_filed(
    lending: Lending, days: int, taken: bool
) -> None:
    dated = trade.application(applied_on=lending.day + timedelta(days=days))
    if taken:
        await lending.apply(dated)
        lending.later(days=30)
        assert (await lending.apply(dated)).version == 1, "to repeat it changes nothing on any day"
    else:
        with pytest.raises(InvalidDocument, match="3 days from the day of the transaction") as raised:
            await lending.apply(dated)
        assert raised.value.field == "applied_on"


async def test_a_loan_id_belongs_to_who_used_it_first(lending: Lending) -> None:
    await lending.apply()
    with pytest.raises(NotAuthorized, match="choose another"):
        await lending.apply(who=TRADEBANK)


async def test_a_wrong_application_is_refused_by_its_field(lending: Lending) -> None:
    wrong = trade.application().model_dump(mode="json") | {"amount": {"amount": "1.00", "currency": "USD"}}
    with pytest.raises(InvalidDocument) as raised:
        await lending.endorse(EXIMBANK, "loans:apply", wrong)
    assert raised.value.field == "application"
    many = trade.application().model_dump(mode="json")
    many["invoices"] = [f"I-{n}" for n in range(201)]
    with pytest.raises(InvalidDocument) as raised:
        await lending.endorse(EXIMBANK, "loans:apply", many)
    assert raised.value.field == "application.invoices"


# -- expiry ------------------------------------------------------------------------------------------------------------


async def test_only_what_has_run_out_expires(lending: Lending) -> None:
    await lending.apply()
    with pytest.raises(NotFound):
        await lending.loan(SAFE, "expire")
    await lending.reserve()
    lending.later(hours=71, minutes=59)
    with pytest.raises(Refused, match="runs until"):
        await lending.loan(SAFE, "expire")
    lending.later(minutes=1)
    await lending.loan(SAFE, "expire")
    await lending.free()
    await lending.apply()
    with pytest.raises(Refused, match="holds nothing"):
        await lending.loan(SAFE, "expire")


# -- facts, lists ------------------------------------------------------------------------------------------------------


async def test_facts_hold_the_papers_and_what_the_contract_was_invoiced(lending: Lending) -> None:
    await lending.file(trade.invoice(7, total="500.00").model_copy(update={"contract_number": "SC 1"}))
    note = trade.invoice(8, total="100.00").model_copy(update={"contract_number": "SC-1", "type_code": "381"})
    await lending.file(note)
    await lending.apply()
    facts = LoanFacts.model_validate_json((await lending.endorse(SAFE, "loans:facts", "L-1")).result)
    assert [record.document for record in facts.contracts] == [trade.contract()]
    assert [record.document for record in facts.transport_documents] == [trade.transport()]
    assert [record.document for record in facts.packing_lists] == [trade.packing_list()]
    assert facts.policy == TolerancePolicy(bank="EximbankMSP")
    (total,) = facts.contract_totals
    assert (total.contract_id, total.invoices, total.amounts) == (trade.contract().id, 3, (usd("100400.00"),))
    await lending.file(note.model_copy(update={"contract_number": "SC-2"}))  # moved to another contract
    facts = LoanFacts.model_validate_json((await lending.endorse(SAFE, "loans:facts", "L-1")).result)
    assert facts.contract_totals[0].amounts == (usd("100500.00"),)


async def test_papers_of_another_exporter_or_bank_are_not_taken(lending: Lending) -> None:
    await lending.file(trade.invoice(5, seller=trade.OTHER))
    await lending.file(trade.invoice(6), bank=TRADEBANK)
    unnamed = trade.invoice(4).model_copy(update={"seller": Party(name="Dongyu")})
    await lending.file(unnamed)
    application = trade.application().model_copy(update={"invoices": ("INV-4", "INV-5", "INV-6", "inv 4")})
    await lending.apply(application)
    facts = LoanFacts.model_validate_json((await lending.endorse(EXIMBANK, "loans:facts", "L-1")).result)
    assert [record.document for record in facts.invoices] == [unnamed]


async def listed(lending: Lending, *arguments: object) -> tuple[list[str], str]:
    page = await lending.ledger.evaluate(EXIMBANK, "bank", "loans:list", *arguments)
    assert isinstance(page, dict)
    return [f"{loan['loan_id']} {loan['state']}" for loan in page["loans"]], page["bookmark"]


async def test_loans_are_listed_by_state(lending: Lending) -> None:
    for loan_id in ("L-1", "L-2", "L-3"):
        await lending.apply(trade.application(loan_id, occupied="1.00"))
    await lending.check("L-2")
    ids, bookmark = await listed(lending, "", 2)
    rest, end = await listed(lending, "", 2, bookmark)
    assert (ids, rest, end) == (["L-1 applied", "L-2 checked"], ["L-3 applied"], "")
    assert (await listed(lending, "checked"))[0] == ["L-2 checked"]
    await lending.reserve("L-1")
    lending.later(days=4)
    await lending.loan(SAFE, "expire", "L-1")
    assert (await listed(lending, "applied"))[0] == ["L-3 applied"]
    assert (await listed(lending, "expired"))[0] == ["L-1 expired"]
    await lending.apply(trade.application("L-1", occupied="2.00", applied_on=lending.day))
    assert (await listed(lending, "expired"))[0] == []
    assert (await listed(lending, "applied"))[0] == ["L-1 applied", "L-3 applied"]
    with pytest.raises(InvalidDocument) as raised:
        await listed(lending, "lost")
    assert raised.value.field == "state"


async def test_what_is_not_there_is_said(lending: Lending) -> None:
    for function in ("get", "history", "check", "facts", "standing", "expire"):
        with pytest.raises(NotFound, match="no loan none"):
            await lending.endorse(EXIMBANK, f"loans:{function}", "none")
    with pytest.raises(Refused, match="lives on channel bank"):
        await lending.ledger.evaluate(SAFE, "fx", "loans:get", "L-1")
