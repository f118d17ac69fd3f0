"""loans: the life of a loan step by step, who may take which, and what approval rests on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade, vaults
from tests.eximledger_chaincode.contracts.lending import (
    EVIDENCE,
    Lending,
    Rules,
    finding,
    opened,
    stand_in,
    verdict_of,
)
from tests.eximledger_chaincode.contracts.trade import (
    APPLIED,
    CHECKER,
    EXIMBANK,
    OFFICER,
    SAFE,
    SECOND,
    STRANGER,
    TRADEBANK,
    TRADEBANK_CHECKER,
    usd,
)
from tests.hlf_chaincode.memory_peer import CommitInvalid, Identity, identity

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.contracts.state.keys import contract_invoices_key, loan_key
from eximledger_chaincode.documents import Party, TolerancePolicy
from eximledger_chaincode.lending.loan import OPEN, RUNNING, Application, Loan, LoanState
from eximledger_chaincode.lending.roles import Person
from eximledger_chaincode.lending.steps import Step
from eximledger_chaincode.lending.verdict import Severity
from eximledger_chaincode.rules import rule_set_id
from hlf_chaincode.errors import Conflict, InvalidDocument, NotAuthorized, NotFound, Refused

MAKER = Person(msp_id="EximbankMSP", name="maker")
WHO_CHECKS = Person(msp_id="EximbankMSP", name="checker")


@pytest.fixture
def rules(monkeypatch: pytest.MonkeyPatch) -> Rules:
    return stand_in(monkeypatch)


@pytest.fixture
async def lending(rules: Rules) -> Lending:
    return await opened(1, 2)


async def ready(lending: Lending) -> None:
    """A loan that wants nothing but its approval."""
    await lending.apply()
    await lending.check()


# -- a whole life ------------------------------------------------------------------------------------------------------


async def test_a_loan_from_application_to_its_end(lending: Lending) -> None:
    loan = await lending.apply()
    assert (loan.state, loan.version, loan.applied_by, loan.applicants) == (LoanState.APPLIED, 1, MAKER, (MAKER,))
    assert loan.application.document == trade.application()
    verdict = await lending.check()
    assert (await lending.get()).verdict == verdict
    approved = await lending.approve()
    assert approved.decision == approved.approval
    assert approved.decision is not None
    assert approved.decision.outcome is LoanState.APPROVED
    assert approved.approval is not None
    assert (approved.approval.by, approved.approval.evidence_hash) == (WHO_CHECKS, EVIDENCE)
    disbursed = await lending.take(Step.DISBURSEMENT, reference="PAY-1")
    (paid,) = disbursed.payments
    assert paid.proposal.reference == "PAY-1"
    assert (paid.proposed_by, paid.confirmed_by) == (MAKER, WHO_CHECKS)
    closed = await lending.take(Step.REPAYMENT)
    assert (closed.state, closed.proposed) == (LoanState.CLOSED, None)
    history = await lending.ledger.evaluate(SAFE, "bank", "loans:history", "L-1", "EximbankMSP")
    assert isinstance(history, list)
    states = ["applied", "checked", "approved", "approved", "disbursed", "disbursed", "closed"]  # proposed, confirmed
    assert [item["loan"]["state"] for item in history] == list(reversed(states))
    events = [payload for name, payload in lending.ledger.channels["bank"].events if name == "loan.changed"]
    opaque = {"loan": vaults.opaque(lending.ledger, "bank", "papers-EximbankMSP", loan_key("L-1"))}
    assert events == [opaque] * len(states)  # that something became of it, not what
    named = await lending.endorse(SECOND, "loans:named", opaque["loan"])
    assert Loan.model_validate_json(named.result) == closed
    for who, name in ((TRADEBANK, opaque["loan"]), (EXIMBANK, "0" * 64)):
        with pytest.raises(NotFound, match="no loan of this name"):
            await lending.endorse(who, "loans:named", name)


async def test_every_step_repeats_without_a_write(lending: Lending) -> None:
    disbursement, repayment = lending.proposal(Step.DISBURSEMENT), lending.proposal(Step.REPAYMENT)
    steps: list[tuple[Identity, str, tuple[object, ...]]] = [
        (EXIMBANK, "apply", (trade.application(),)),
        (EXIMBANK, "check", ("L-1",)),
        (EXIMBANK, "refer", ("L-1", "look")),
        (CHECKER, "approve", ("L-1", 1, EVIDENCE, [])),
        (EXIMBANK, "propose", ("L-1", disbursement)),
        (CHECKER, "confirm", ("L-1", disbursement.id)),
        (EXIMBANK, "propose", ("L-1", repayment)),
        (CHECKER, "confirm", ("L-1", repayment.id)),
    ]
    await lending.pull(trade.application())
    for who, step, arguments in steps:
        first = await lending.endorse(who, f"loans:{step}", *arguments)
        lending.ledger.commit(first)
        if step == "apply":
            await lending.match()
        lending.later(minutes=1)
        envelope = await lending.endorse(who, f"loans:{step}", *arguments)
        assert (step, envelope.writes, envelope.event) == (step, {}, None)
        assert (step, envelope.result) == (step, first.result), "who lost the answer gets it"
    for function, words in (("reject", "no"), ("withdraw", "no more")):
        loan_id = f"L-{function}"
        await lending.apply(trade.application(loan_id))
        who = CHECKER if function == "reject" else EXIMBANK
        decided = await lending.loan(who, function, loan_id, words)
        envelope = await lending.endorse(who, f"loans:{function}", loan_id, words)
        assert (function, envelope.writes) == (function, {})
        assert Loan.model_validate_json(envelope.result) == decided
        another = identity("EximbankMSP", "another", "checker" if function == "reject" else "maker")
        with pytest.raises(Refused, match=f"is {decided.state}"):
            await lending.endorse(another, f"loans:{function}", loan_id, words)


async def test_a_check_is_recorded_when_it_finds_otherwise_or_the_loan_stood_elsewhere(
    lending: Lending, rules: Rules
) -> None:
    await lending.apply()
    for evidence_hash in (EVIDENCE, "d" * 64):
        lending.later(minutes=1)
        rules.verdict = verdict_of(evidence_hash=evidence_hash)
        await lending.check()
        loan = await lending.get()
        assert (loan.state, loan.verdict) == (LoanState.CHECKED, rules.verdict)
        assert loan.checked_at == loan.updated_at == lending.ledger.now
    lending.later(minutes=1)
    referred = await lending.loan(EXIMBANK, "refer", "L-1", "look")
    assert referred.updated_at == lending.ledger.now
    await lending.check()
    assert (await lending.get()).state is LoanState.CHECKED


async def test_the_same_words_for_another_decision_are_no_repetition(lending: Lending) -> None:
    await lending.apply()
    for step, state in (("refer", LoanState.REFERRED), ("reject", LoanState.REJECTED)):
        assert (await lending.loan(CHECKER, step, "L-1", "no")).state is state


# -- every state, every step -------------------------------------------------------------------------------------------


async def _in_state(lending: Lending, state: LoanState) -> None:
    await lending.apply()
    if state is LoanState.APPLIED:
        return
    await lending.check()
    if state is LoanState.CHECKED:
        return
    if state in {LoanState.REFERRED, LoanState.REJECTED, LoanState.WITHDRAWN}:
        decision = {"referred": "refer", "rejected": "reject", "withdrawn": "withdraw"}[state]
        await lending.loan(CHECKER, decision, "L-1", "so it is")
        return
    approved = await lending.approve()
    if state is LoanState.LAPSED:
        lending.later(days=trade.policy().drawing_days + 1)
        await lending.loan(EXIMBANK, "lapse")
    elif state is not LoanState.APPROVED:
        await lending.take(Step.DISBURSEMENT)
    if state is LoanState.OVERDUE:
        lending.later(days=(approved.matures_on - lending.day).days + 1)
        await lending.loan(EXIMBANK, "mark_overdue")
    ends = {S.CLOSED: Step.REPAYMENT, S.WRITTEN_OFF: Step.WRITE_OFF, S.INDEMNITY_SOUGHT: Step.INDEMNITY}
    if state in ends:
        await lending.take(ends[state])


S, A, D = LoanState, LoanState.APPROVED, LoanState.DISBURSED
STEPS: dict[str, tuple[Identity, tuple[object, ...], set[LoanState]]] = {
    "apply": (EXIMBANK, (trade.application(purpose="amended"),), {*OPEN}),
    "check": (EXIMBANK, ("L-1",), {*OPEN}),
    "approve": (CHECKER, ("L-1", 1, "a" * 64, []), {LoanState.CHECKED, LoanState.REFERRED}),
    "reject": (CHECKER, ("L-1", "why"), {*OPEN}),
    "refer": (EXIMBANK, ("L-1", "why"), {*OPEN}),
    "withdraw": (EXIMBANK, ("L-1", "why"), {*OPEN}),
    "propose disbursement": (EXIMBANK, (), {A}),
    "propose repayment": (EXIMBANK, (), {*RUNNING, S.WRITTEN_OFF}),
    "propose extension": (EXIMBANK, (), {D, S.OVERDUE}),
    "propose indemnity": (EXIMBANK, (), {D, S.OVERDUE}),
    "propose withdrawal": (EXIMBANK, (), {A}),
    "propose write-off": (EXIMBANK, (), {*RUNNING}),
    "lapse": (EXIMBANK, ("L-1",), {S.LAPSED}),
    "mark_overdue": (EXIMBANK, ("L-1",), {S.OVERDUE}),
}


@pytest.mark.parametrize("state", LoanState)
@pytest.mark.parametrize("step", STEPS)
async def test_each_step_is_taken_from_its_states_only(
    lending: Lending, rules: Rules, state: LoanState, step: str
) -> None:
    await _in_state(lending, state)
    before = await lending.get()
    assert before.state is state
    rules.verdict = verdict_of(evidence_hash="a" * 64)
    who, arguments, allowed = STEPS[step]
    function, _, proposed = step.partition(" ")
    if proposed:
        arguments = ("L-1", lending.proposal(Step(proposed)))
    if step == "apply":
        arguments = (
            trade.application(purpose="amended").model_copy(
                update={"applied_on": lending.day, "matures_on": date(2027, 12, 31)}
            ),
        )
    if state in allowed:
        lending.ledger.commit(await lending.endorse(who, f"loans:{function}", *arguments))
    else:
        with pytest.raises(Refused, match=f"loan L-1(: | is {state}| can be drawn | matures )"):
            await lending.endorse(who, f"loans:{function}", *arguments)
        assert await lending.get() == before


async def test_after_its_maturity_a_repaid_loan_is_not_overdue(lending: Lending) -> None:
    """It would run again."""
    await _in_state(lending, LoanState.CLOSED)
    lending.later(days=365)
    with pytest.raises(Refused, match="is closed: overdue follows on disbursed"):
        await lending.loan(EXIMBANK, "mark_overdue")


async def test_who_goes_by_other_rules_than_the_peer_is_refused(lending: Lending) -> None:
    await lending.apply()
    with pytest.raises(Refused, match="rule set another is asked for, and this peer decides by"):
        await lending.endorse(EXIMBANK, "loans:check", "L-1", "another")
    assert (await lending.endorse(EXIMBANK, "loans:check", "L-1", rule_set_id())).writes


# -- who may -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [*STEPS, "confirm"])
@pytest.mark.parametrize("who", [SAFE, OFFICER, STRANGER], ids=lambda who: who.msp_id)
async def test_a_loan_is_its_own_banks(lending: Lending, step: str, who: Identity) -> None:
    await ready(lending)
    with pytest.raises(NotAuthorized):
        await lending.endorse(who, *tried(lending, step))  # type: ignore[arg-type]  # the first is the function


def tried(lending: Lending, step: str) -> tuple[object, ...]:
    """A step's function and its arguments."""
    function, _, proposed = step.partition(" ")
    arguments = STEPS.get(step, (None, ("L-1", "0" * 64), None))[1]
    if proposed:
        arguments = ("L-1", lending.proposal(Step(proposed)))
    return (f"loans:{function}", *arguments)


@pytest.mark.parametrize("step", [step for step in (*STEPS, "confirm") if step != "apply"])
async def test_another_bank_learns_not_even_that_a_loan_exists(lending: Lending, step: str) -> None:
    """It is told, word for word, what it was told before there was one."""
    function, *arguments = tried(lending, step)
    answers = []
    for _ in range(2):
        with pytest.raises(NotFound) as raised:
            await lending.endorse(TRADEBANK_CHECKER, str(function), *arguments)
        answers.append((str(raised.value), raised.value.details))
        await ready(lending)
    assert answers[0] == answers[1]


async def test_two_banks_loans_of_one_id_have_nothing_in_common(lending: Lending) -> None:
    await ready(lending)
    await lending.file_papers(1, bank=TRADEBANK)
    theirs = await lending.apply(trade.application(amount="100.00", occupied="20.00"), TRADEBANK)
    assert (theirs.version, theirs.bank, theirs.applicants) == (1, "TradebankMSP", (theirs.applied_by,))
    await lending.loan(TRADEBANK_CHECKER, "reject", "L-1", "no")
    assert (await lending.get(who=TRADEBANK)).state is LoanState.REJECTED
    assert (await lending.get()).state is LoanState.CHECKED
    for bank, state in (("EximbankMSP", "checked"), ("TradebankMSP", "rejected")):
        loan = await lending.ledger.evaluate(SAFE, "bank", "loans:get", "L-1", bank)
        assert isinstance(loan, dict)
        assert (loan["bank"], loan["state"]) == (bank, state)


async def test_nothing_of_a_loan_stands_in_the_open(lending: Lending, rules: Rules) -> None:
    """Nor in its transactions: who signed, who endorsed and when is all that they show."""
    known = [
        b"L-1",
        b"L-2",
        b"Dongyu",
        b"Nordlicht",
        b"INV-1",
        b"70000",
        b"300000",
        b"the buyer is bankrupt",
        b"BALANCE",
    ]
    known += [trade.number_of(1).encode(), (trade.DONGYU.uscc or "").encode(), b"maker", b"checker", b"rejected"]
    await lending.apply()
    rules.verdict = verdict_of(REJECT)
    blocks = []
    for who, step, arguments in (
        (EXIMBANK, "check", ("L-1",)),
        (CHECKER, "reject", ("L-1", "the buyer is bankrupt")),
        (EXIMBANK, "apply", (trade.application("L-2"),)),
    ):
        envelope = await lending.endorse(who, f"loans:{step}", *arguments)
        lending.ledger.commit(envelope)
        blocks.append(vaults.in_the_block(envelope))
    seen = b"\n".join([*blocks, vaults.in_the_open(lending.ledger)])
    assert [secret for secret in known if secret in seen] == []


@pytest.mark.parametrize(
    "who", [TRADEBANK_CHECKER, SAFE, OFFICER, EXIMBANK, SECOND], ids=["tb", "safe", "hg", "m", "2"]
)
async def test_nobody_but_its_checker_is_told_that_an_approval_succeeded(lending: Lending, who: Identity) -> None:
    await ready(lending)
    await lending.approve()
    refusal = NotFound if who is TRADEBANK_CHECKER else NotAuthorized
    with pytest.raises(refusal):
        await lending.approve(who=who)
    await lending.take(Step.DISBURSEMENT)
    with pytest.raises(refusal):
        await lending.approve(who=who)
    assert (await lending.approve()).state is LoanState.DISBURSED  # the checker's own repetition


async def test_another_checker_or_other_words_are_no_repetition(lending: Lending) -> None:
    await ready(lending)
    await lending.approve()
    with pytest.raises(Refused, match="is approved"):
        await lending.approve(who=identity("EximbankMSP", "another", "checker"))
    with pytest.raises(Refused, match="is approved"):
        await lending.approve(evidence_hash="f" * 64)
    with pytest.raises(Refused, match="is approved"):
        await lending.approve(version=2)
    with pytest.raises(Refused, match="is approved"):
        await lending.approve(overrides=[{"finding": "TENOR:0", "reason": "since"}])


async def test_rejecting_takes_a_checker_who_did_not_apply(lending: Lending) -> None:
    await lending.apply()
    with pytest.raises(NotAuthorized, match=r"exim\.role=checker"):
        await lending.loan(SECOND, "reject", "L-1", "no")
    await lending.apply(trade.application("L-2"), CHECKER)
    with pytest.raises(NotAuthorized, match="maker-checker"):
        await lending.loan(CHECKER, "reject", "L-2", "no")


async def test_the_case_is_seen_by_the_bank_and_the_bureau(lending: Lending) -> None:
    await lending.apply()
    for who, bank in ((EXIMBANK, ""), (SECOND, "EximbankMSP"), (SAFE, "EximbankMSP")):
        facts = await lending.endorse(who, "loans:facts", "L-1", bank)
        assert LoanFacts.model_validate_json(facts.result).invoices[0].document == trade.invoice()
        await lending.endorse(who, "loans:preview", "L-1", bank)
    read = {"facts": ("L-1",), "preview": ("L-1",), "get": ("L-1",), "history": ("L-1",), "version": ("L-1", 1)}
    for function, arguments in read.items():
        with pytest.raises(NotFound, match="no loan L-1"):
            await lending.endorse(TRADEBANK, f"loans:{function}", *arguments)
    for function, arguments in (read | {"list": ("", 10, ""), "named": ("0" * 64,)}).items():
        with pytest.raises(NotAuthorized, match="seen by EximbankMSP and the fx-bureau alone"):
            await lending.endorse(TRADEBANK, f"loans:{function}", *arguments, "EximbankMSP")
        for who in (OFFICER, STRANGER):
            with pytest.raises(NotAuthorized, match="sees neither papers nor loans"):
                await lending.endorse(who, f"loans:{function}", *arguments, "EximbankMSP")
        with pytest.raises(InvalidDocument, match="say whose papers or loans are meant") as raised:
            await lending.endorse(SAFE, f"loans:{function}", *arguments)
        assert raised.value.field == "bank"


async def test_a_loan_is_guarded_by_its_bank_and_the_bureau(lending: Lending) -> None:
    await lending.apply()
    for endorsers in (["SafeMSP", "TradebankMSP"], ["EximbankMSP"]):
        envelope = await lending.ledger.endorse(CHECKER, "bank", "loans:reject", "L-1", "forged", endorsers=endorsers)
        with pytest.raises(CommitInvalid, match="ENDORSEMENT_POLICY_FAILURE"):
            lending.ledger.commit(envelope)
    genuine = await lending.ledger.endorse(
        CHECKER, "bank", "loans:reject", "L-1", "no", endorsers=["EximbankMSP", "SafeMSP"]
    )
    lending.ledger.commit(genuine)


# -- approval ----------------------------------------------------------------------------------------------------------


async def test_the_approving_person_is_part_of_the_case(lending: Lending, rules: Rules) -> None:
    await ready(lending)
    assert {case.approving for case in rules.cases} == {None}
    await lending.approve()
    assert rules.cases[-1].approving == WHO_CHECKS
    assert rules.cases[-1].today == APPLIED


@pytest.mark.parametrize(("hour", "day"), [(15, 1), (16, 2)])
async def test_the_loans_day_is_chinas(lending: Lending, rules: Rules, hour: int, day: int) -> None:
    await lending.apply()
    lending.ledger.now = lending.ledger.now.replace(hour=hour, minute=59)
    await lending.check()
    assert rules.cases[-1].today == date(2026, 9, day)


async def test_an_approval_names_the_version_that_it_is_of(lending: Lending) -> None:
    await ready(lending)
    await lending.apply(trade.application(purpose="amended"))
    await lending.check()
    for version in (1, 3):
        with pytest.raises(Refused, match="version 2 of loan L-1 is to be decided"):
            await lending.approve(version=version)
    with pytest.raises(InvalidDocument) as raised:
        await lending.approve(version=0)
    assert raised.value.field == "version"
    assert (await lending.approve(version=2)).version == 2


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


async def test_every_referral_is_overridden_with_a_reason(lending: Lending, rules: Rules) -> None:
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
    again = await lending.endorse(CHECKER, "loans:approve", "L-1", 1, EVIDENCE, override(REFER, OTHER))  # any order
    assert again.writes == {}


# -- applying ----------------------------------------------------------------------------------------------------------


async def test_an_application_is_a_document_and_each_version_has_its_key(lending: Lending) -> None:
    await lending.apply()
    await lending.check()
    await lending.apply(trade.application(purpose="amended"), SECOND)
    record = await lending.ledger.evaluate(SAFE, "bank", "documents:get", "application", "L-1", "EximbankMSP")
    assert isinstance(record, dict)
    assert (record["version"], record["document"]["purpose"]) == (2, "amended")
    loan = await lending.get()
    assert (loan.version, loan.verdict, loan.state) == (2, None, LoanState.APPLIED)
    assert [person.name for person in loan.applicants] == ["maker", "second"]
    versions = [
        Application.model_validate_json(
            (await lending.endorse(SAFE, "loans:version", "L-1", number, "EximbankMSP")).result
        )
        for number in (1, 2)
    ]
    assert [(each.version, each.application.document.purpose, each.applied_by.name) for each in versions] == [
        (1, None, "maker"), (2, "amended", "second"),
    ]  # fmt: skip
    with pytest.raises(NotFound, match="no version 3"):
        await lending.endorse(SAFE, "loans:version", "L-1", 3, "EximbankMSP")


@pytest.mark.parametrize("loan_id", ["", "-1", "L" * 65, "L/1", "L 1", "L-1\n", "贷-1"])
async def test_a_loans_id_is_part_of_keys_and_parts_none(lending: Lending, loan_id: str) -> None:
    await lending.apply()
    assert (await lending.get("L-1")).loan_id == "L-1"
    for function, words in (("get", ()), ("reject", ("no",)), ("history", ())):
        with pytest.raises(InvalidDocument):
            await lending.endorse(CHECKER, f"loans:{function}", loan_id, *words)


@pytest.mark.parametrize(("days", "taken"), [(-4, False), (-3, True), (3, True), (4, False)])
async def test_an_application_is_dated_within_three_days(lending: Lending, days: int, taken: bool) -> None:
    dated = trade.application().model_copy(update={"applied_on": APPLIED + timedelta(days=days)})
    if taken:
        assert (await lending.apply(dated)).state is LoanState.APPLIED
        return
    with pytest.raises(InvalidDocument, match="more than 3 days from the day of the transaction, 2026-09-01") as raised:
        await lending.apply(dated)
    assert raised.value.field == "applied_on"


@pytest.mark.parametrize("year", [1, 2024, 9999])
async def test_no_year_crashes_or_passes(lending: Lending, year: int) -> None:
    dated = trade.application().model_copy(update={"applied_on": date(year, 1, 1), "matures_on": date(2199, 12, 31)})
    with pytest.raises(InvalidDocument, match="applied_on"):
        await lending.apply(dated)


async def test_a_wrong_application_is_refused_by_its_field(lending: Lending) -> None:
    wrong = trade.application().model_dump(mode="json") | {"amount": {"amount": "-1.00", "currency": "CNY"}}
    with pytest.raises(InvalidDocument) as raised:
        await lending.endorse(EXIMBANK, "loans:apply", wrong)
    assert raised.value.field == "application"
    many = trade.application().model_dump(mode="json")
    many["invoices"] = [f"I-{n}" for n in range(201)]
    with pytest.raises(InvalidDocument) as raised:
        await lending.endorse(EXIMBANK, "loans:apply", many)
    assert raised.value.field == "application.invoices"


async def test_a_check_that_misses_an_invoice_of_the_contract_does_not_count(lending: Lending) -> None:
    """Whether a part of the sum comes to be or one that stands changes: both were read."""
    await lending.apply()
    invoices = [trade.invoice(serial).model_copy(update={"contract_number": "SC-1"}) for serial in range(1, 99)]
    parts = [contract_invoices_key(trade.contract().id, invoice.id) for invoice in invoices]
    new = next(place for place, part in enumerate(parts) if part != parts[0])
    same = next(place for place, part in enumerate(parts) if place and part == parts[0])
    for place in (new, same):
        envelope = await lending.endorse(EXIMBANK, "loans:check", "L-1")
        await lending.file(invoices[place])
        with pytest.raises(CommitInvalid, match="MVCC_READ_CONFLICT"):
            lending.ledger.commit(envelope)


# -- facts, lists ------------------------------------------------------------------------------------------------------


async def test_facts_hold_the_papers_and_what_the_contract_was_invoiced(lending: Lending) -> None:
    await lending.file(trade.invoice(7, total="500.00").model_copy(update={"contract_number": "SC 1"}))
    note = trade.invoice(8, total="100.00").model_copy(update={"contract_number": "SC-1", "type_code": "381"})
    await lending.file(note)
    await lending.apply()
    facts = LoanFacts.model_validate_json((await lending.endorse(SAFE, "loans:facts", "L-1", "EximbankMSP")).result)
    assert [record.document for record in facts.contracts] == [trade.contract()]
    assert [record.document for record in facts.transport_documents] == [trade.transport()]
    assert [record.document for record in facts.packing_lists] == [trade.packing_list()]
    assert (facts.policy, facts.policy_by) == (TolerancePolicy(bank="EximbankMSP"), ())
    assert (facts.applicants, facts.roles["SafeMSP"]) == ((MAKER,), "fx-bureau")
    (total,) = facts.contract_totals
    assert (total.contract_id, total.invoices, total.amounts) == (trade.contract().id, 3, (usd("100400.00"),))
    await lending.file(note.model_copy(update={"contract_number": "SC-2"}))  # moved to another contract
    facts = LoanFacts.model_validate_json((await lending.endorse(SAFE, "loans:facts", "L-1", "EximbankMSP")).result)
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


async def listed(lending: Lending, *arguments: object, who: Identity = EXIMBANK) -> tuple[list[str], str]:
    page = await lending.ledger.evaluate(who, "bank", "loans:list", *arguments)
    assert isinstance(page, dict)
    return [f"{loan['loan_id']} {loan['state']}" for loan in page["loans"]], page["bookmark"]


async def test_loans_are_listed_by_state_in_the_order_of_their_opening(lending: Lending) -> None:
    assert await listed(lending) == ([], "")  # the bank has never had a loan
    for loan_id in ("L-3", "L-2", "L-1"):
        await lending.apply(trade.application(loan_id, occupied="1.00"))
        lending.later(seconds=1)
    await lending.apply(trade.application("T-1"), TRADEBANK)
    await lending.check("L-2")
    ids, bookmark = await listed(lending, "", 2)
    rest, end = await listed(lending, "", 2, bookmark)
    assert (ids, rest, end) == (["L-3 applied", "L-2 checked"], ["L-1 applied"], "")
    assert (await listed(lending, "checked"))[0] == ["L-2 checked"]
    assert (await listed(lending, who=TRADEBANK))[0] == ["T-1 applied"]
    assert (await listed(lending, "applied", 10, "", "TradebankMSP", who=SAFE))[0] == ["T-1 applied"]
    await lending.apply(trade.application("L-2", occupied="2.00"))
    await lending.apply(trade.application("L-3", occupied="2.00"))  # again, and applied for as before
    assert (await listed(lending, "checked"))[0] == []
    assert (await listed(lending, "applied", 10, "", "EximbankMSP"))[0] == ["L-3 applied", "L-2 applied", "L-1 applied"]
    with pytest.raises(InvalidDocument) as raised:
        await listed(lending, "lost")
    assert raised.value.field == "state"


async def test_what_is_not_there_is_said(lending: Lending) -> None:
    for function in ("get", "history", "check", "facts"):
        with pytest.raises(NotFound, match="no loan none"):
            await lending.endorse(EXIMBANK, f"loans:{function}", "none")
    with pytest.raises(Refused, match="lives on channel bank"):
        await lending.ledger.evaluate(SAFE, "fx", "loans:get", "L-1")
