"""policies: made by two persons, above the consortium's floors, and in force from a day on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.eximledger_chaincode.contracts import trade, vaults
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.trade import (
    APPLIED,
    CHECKER,
    EXIMBANK,
    MEMBERS,
    OFFICER,
    RISK,
    SAFE,
    SECOND,
    TRADEBANK,
)
from tests.hlf_chaincode.memory_peer import CommitInvalid, Identity, identity

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.contracts.state.keys import POLICY_BOOK_KEY
from eximledger_chaincode.documents import TolerancePolicy
from eximledger_chaincode.lending.floors import Floors, PolicyBook, policy_hash
from eximledger_chaincode.lending.steps import Step
from eximledger_chaincode.lending.verdict import Finding, Verdict
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, Refused

TODAY = APPLIED
POLICY = trade.policy(tenor_max_days=150)


@pytest.fixture
async def lending() -> Lending:
    return await opened(1)


async def propose(lending: Lending, policy: TolerancePolicy = POLICY, who: Identity = EXIMBANK) -> PolicyBook:
    return PolicyBook.model_validate(await lending.ledger.submit(who, "bank", "policies:propose", policy))


async def confirm(lending: Lending, policy: TolerancePolicy = POLICY, who: Identity = RISK) -> PolicyBook:
    return PolicyBook.model_validate(await lending.ledger.submit(who, "bank", "policies:confirm", policy_hash(policy)))


async def make(lending: Lending, policy: TolerancePolicy) -> PolicyBook:
    await propose(lending, policy)
    return await confirm(lending, policy)


async def in_force(lending: Lending, loan_id: str = "L-1") -> TolerancePolicy:
    """What a case of the bank is judged by now."""
    return LoanFacts.model_validate_json((await lending.endorse(EXIMBANK, "loans:facts", loan_id)).result).tolerances


async def judged(lending: Lending, loan_id: str = "L-1") -> list[Finding]:
    """What the rule POLICY finds now."""
    verdict = Verdict.model_validate_json((await lending.endorse(EXIMBANK, "loans:preview", loan_id)).result)
    return [finding for finding in verdict.findings if finding.rule == "POLICY"]


# -- two persons -------------------------------------------------------------------------------------------------------


async def test_a_policy_holds_once_another_person_confirmed_it(lending: Lending) -> None:
    await lending.apply()
    book = await propose(lending)
    assert book.proposed is not None
    assert (book.policies, book.proposed.policy, book.proposed.by.name) == ((), POLICY, "maker")
    assert (await in_force(lending)).tenor_max_days == 180
    book = await confirm(lending)
    (applied,) = book.policies
    assert (applied.record.document, applied.proposed_by.name, applied.confirmed_by.name) == (POLICY, "maker", "risk")
    assert book.proposed is None
    assert (await in_force(lending)).tenor_max_days == 150
    facts = LoanFacts.model_validate_json((await lending.endorse(EXIMBANK, "loans:facts", "L-1")).result)
    assert [person.name for person in facts.policy_by] == ["maker", "risk"]  # neither of them decides by it
    record = await lending.ledger.evaluate(SAFE, "bank", "documents:get", "policy", "EximbankMSP", "EximbankMSP")
    assert isinstance(record, dict)
    assert (record["version"], record["written_by"], record["document"]["tenor_max_days"]) == (1, "risk", 150)
    events = [payload for name, payload in lending.ledger.channels["bank"].events if name == "policy.changed"]
    book_of = vaults.opaque(lending.ledger, "bank", "papers-EximbankMSP", POLICY_BOOK_KEY)
    assert events == [{"book": book_of}] * 2  # whose it is, to those who may know, and no more


async def test_who_proposed_does_not_confirm_and_the_role_is_needed(lending: Lending) -> None:
    await propose(lending, who=RISK)
    for who, why in (
        (RISK, "another person confirms it"),
        (identity("EximbankMSP", "RISK", "policy", issue=2), "another person confirms it"),
        (EXIMBANK, r"exim\.role=policy"),
        (CHECKER, r"exim\.role=policy"),
        (SECOND, r"exim\.role=policy"),
        (identity("EximbankMSP", "boss", units=("admin",)), r"exim\.role=policy"),
    ):
        with pytest.raises(NotAuthorized, match=why):
            await confirm(lending, who=who)
    book = await confirm(lending, who=identity("EximbankMSP", "head", "checker,policy"))
    assert book.policies[0].confirmed_by.name == "head"


async def test_just_the_policy_proposed_is_confirmed_and_a_newer_one_takes_its_place(lending: Lending) -> None:
    newer = trade.policy(tenor_max_days=120)
    with pytest.raises(Refused, match="not the one proposed"):
        await confirm(lending)
    await propose(lending)
    with pytest.raises(Refused, match="not the one proposed"):
        await confirm(lending, newer)
    await propose(lending, newer)
    with pytest.raises(Refused, match="not the one proposed"):
        await confirm(lending)
    assert (await confirm(lending, newer)).policies[0].record.document == newer


async def test_steps_repeat_without_a_write(lending: Lending) -> None:
    proposed = await propose(lending)
    again = await lending.endorse(EXIMBANK, "policies:propose", POLICY)
    assert (again.writes, PolicyBook.model_validate_json(again.result)) == ({}, proposed)
    confirmed = await confirm(lending)
    again = await lending.endorse(RISK, "policies:confirm", policy_hash(POLICY))
    assert (again.writes, PolicyBook.model_validate_json(again.result)) == ({}, confirmed)
    with pytest.raises(Refused, match="not the one proposed"):
        await confirm(lending, who=identity("EximbankMSP", "head", "policy"))


async def test_who_proposed_last_does_not_confirm_and_who_did_before_may(lending: Lending) -> None:
    """Else a policy that its only `policy` person proposed first could never be made."""
    await propose(lending, who=RISK)
    with pytest.raises(NotAuthorized, match="another person"):
        await confirm(lending)
    await propose(lending)
    book = await confirm(lending)
    assert (book.policies[0].proposed_by.name, book.policies[0].confirmed_by.name) == ("maker", "risk")


async def test_who_confirmed_one_policy_has_not_confirmed_another(lending: Lending) -> None:
    made, other = await make(lending, POLICY), trade.policy(tenor_max_days=120)
    with pytest.raises(Refused, match="not the one proposed"):
        await confirm(lending, other)
    waiting = await propose(lending, other)
    assert await confirm(lending, POLICY) == waiting  # again, with the next one proposed already
    assert waiting.policies == made.policies
    own = await lending.ledger.evaluate(EXIMBANK, "bank", "policies:book")
    assert PolicyBook.model_validate(own) == waiting


async def test_a_policy_is_a_banks_own(lending: Lending) -> None:
    with pytest.raises(InvalidDocument, match="made by EximbankMSP") as raised:
        await propose(lending, who=TRADEBANK)
    assert raised.value.field == "bank"
    for who in (SAFE, OFFICER, trade.STRANGER):
        with pytest.raises(NotAuthorized):
            await propose(lending, trade.policy(who.msp_id), who)
    await propose(lending)
    with pytest.raises(Refused, match="not the one proposed"):
        await confirm(lending, who=identity("TradebankMSP", "risk", "policy"))
    forged = await lending.ledger.endorse(
        RISK, "bank", "policies:confirm", policy_hash(POLICY), endorsers=["SafeMSP", "TradebankMSP"]
    )
    with pytest.raises(CommitInvalid, match="ENDORSEMENT_POLICY_FAILURE"):
        lending.ledger.commit(forged)
    for channel in ("fx", "customs"):
        with pytest.raises(Refused, match="lives on channel bank"):
            await lending.ledger.submit(EXIMBANK, channel, "policies:propose", POLICY)


async def test_one_person_files_no_policy(lending: Lending) -> None:
    for who in (EXIMBANK, RISK):
        for function, document in (("put", POLICY), ("put_many", [POLICY])):
            with pytest.raises(Refused, match="policies:propose"):
                await lending.ledger.submit(who, "bank", f"documents:{function}", "policy", document)


# -- from a day on -----------------------------------------------------------------------------------------------------


async def test_a_future_policy_holds_from_its_day(lending: Lending) -> None:
    await lending.apply()
    await make(lending, trade.policy(tenor_max_days=100, effective_from=TODAY + timedelta(days=2)))
    assert (await in_force(lending)).tenor_max_days == 180
    lending.later(days=1)
    assert (await in_force(lending)).tenor_max_days == 180
    lending.ledger.now = lending.ledger.now.replace(day=2, hour=16)  # midnight in China
    assert (await in_force(lending)).tenor_max_days == 100


async def test_the_policy_before_holds_until_the_next_ones_day(lending: Lending) -> None:
    await lending.apply()
    await make(lending, trade.policy(tenor_max_days=140))
    await make(lending, trade.policy(tenor_max_days=130, effective_from=TODAY + timedelta(days=5)))
    book = await make(lending, trade.policy(tenor_max_days=120, effective_from=TODAY + timedelta(days=9)))
    assert [each.record.document.tenor_max_days for each in book.policies] == [140, 130, 120]
    for later, days in ((0, 140), (5, 130), (4, 120)):
        lending.later(days=later)
        assert (await in_force(lending)).tenor_max_days == days
    book = await make(lending, trade.policy(tenor_max_days=110, effective_from=TODAY + timedelta(days=9)))
    assert [each.record.document.tenor_max_days for each in book.policies] == [110]  # what never holds again is gone
    assert (await in_force(lending)).tenor_max_days == 110


async def test_a_policy_that_would_never_hold_is_refused(lending: Lending) -> None:
    """One that begins before the one in force would be filed, confirmed, and read by nothing."""
    await make(lending, trade.policy(tenor_max_days=140, effective_from=TODAY - timedelta(days=5)))
    never = trade.policy(tenor_max_days=20, effective_from=TODAY - timedelta(days=6))
    with pytest.raises(Refused, match="from 2026-08-27 on"):
        await propose(lending, never)
    await propose(lending, trade.policy(tenor_max_days=20, effective_from=TODAY + timedelta(days=1)))
    late = trade.policy(tenor_max_days=30, effective_from=TODAY)
    await make(lending, late)
    await lending.apply()
    assert (await in_force(lending)).tenor_max_days == 30


async def test_a_proposal_overtaken_by_its_day_is_not_confirmed(lending: Lending) -> None:
    await make(lending, trade.policy(tenor_max_days=140, effective_from=TODAY + timedelta(days=2)))
    waiting = trade.policy(tenor_max_days=20, effective_from=TODAY)
    await propose(lending, waiting)
    lending.later(days=2)
    with pytest.raises(Refused, match="from 2026-09-03 on"):
        await confirm(lending, waiting)


async def test_a_loan_is_judged_by_the_policy_of_the_day_of_its_decision(lending: Lending) -> None:
    """One that was in force on the day of the application, or will be after the decision, is not the one."""
    await make(lending, trade.policy(tenor_max_days=100, effective_from=TODAY + timedelta(days=3)))
    await lending.apply()
    before = {finding.rule for finding in (await lending.check()).findings}
    assert not before & {"TENOR", "POLICY"}
    lending.later(days=3)
    after = {finding.rule for finding in (await lending.check()).findings}
    assert after >= {"TENOR", "POLICY"}


# -- changed since the application -------------------------------------------------------------------------------------


async def test_a_policy_changed_since_the_application_is_a_finding(lending: Lending) -> None:
    await lending.apply(who=SECOND)
    assert await judged(lending) == []
    await make(lending, POLICY)
    (finding,) = await judged(lending)
    assert "changed since" in finding.message.en
    assert finding.severity == "refer"
    evidence = (await lending.check()).evidence_hash
    with pytest.raises(Refused, match="POLICY"):
        await lending.approve(evidence_hash=evidence)
    lending.ledger.commit(await lending.decision())  # set aside by the checker, with a reason
    approval = (await lending.get()).approval
    assert approval is not None
    assert any(each.finding.startswith("POLICY:") for each in approval.overrides)


async def test_it_is_the_policy_of_the_decision_that_is_compared_with_that_of_the_application(lending: Lending) -> None:
    strict, lax = trade.policy(tenor_max_days=120), trade.policy(tenor_max_days=180)
    await make(lending, strict)
    await make(lending, lax)
    await lending.apply(who=SECOND)
    await make(lending, strict)
    assert len(await judged(lending)) == 1
    await make(lending, lax)
    assert await judged(lending) == []  # it is what the loan was applied under


async def test_an_applicant_who_made_the_policy_is_a_finding(lending: Lending) -> None:
    await make(lending, POLICY)
    await lending.apply()
    (finding,) = await judged(lending)  # the maker proposed it
    assert "made the policy" in finding.message.en
    await lending.apply(trade.application("L-2"), SECOND)
    assert await judged(lending, "L-2") == []


async def test_an_application_anew_is_under_the_policy_of_its_day(lending: Lending) -> None:
    await lending.apply(who=SECOND)
    await make(lending, POLICY)
    assert len(await judged(lending)) == 1
    await lending.apply(trade.application(purpose="under the new policy"), SECOND)
    assert await judged(lending) == []


# -- floors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"financeable_modes": ("0110", "3010")}, "mode 3010 is never financed"),
        ({"fingerprinted": ("invoice",)}, "transport is always matched"),
        ({"fingerprinted": ()}, "invoice, transport is always matched"),
        ({"financed_percent": Decimal("90.01")}, "at most 90 % is financed"),
        ({"tenor_max_days": 181}, "180 days at most"),
    ],
)
async def test_no_policy_goes_under_the_floors(lending: Lending, changes: dict[str, object], why: str) -> None:
    with pytest.raises(Refused, match=why):
        await propose(lending, trade.policy("EximbankMSP", **changes))


async def raise_floors(lending: Lending, floors: Floors) -> None:
    for voter in (SAFE, EXIMBANK, OFFICER):
        await lending.ledger.submit(voter, "bank", "consortium:configure", MEMBERS, floors)


async def test_floors_that_rose_since_bound_what_holds_and_stop_what_is_proposed(lending: Lending) -> None:
    await make(lending, trade.policy(financed_percent=85))
    proposed = trade.policy(financed_percent=88)
    await propose(lending, proposed)
    await lending.apply()
    await raise_floors(lending, Floors(max_financed_percent=Decimal(50), max_tenor_days=90))
    holds = await in_force(lending)
    assert (str(holds.financed_percent), holds.tenor_max_days) == ("50", 90)
    with pytest.raises(Refused, match="at most 50 %"):
        await confirm(lending, proposed)
    assert any("changed since" in finding.message.en for finding in await judged(lending))


async def test_floors_bound_the_built_in_policy_too(lending: Lending) -> None:
    await raise_floors(lending, Floors(max_tenor_days=30, always_matched=("transport",)))
    await lending.apply()
    holds = await in_force(lending)
    assert (holds.tenor_max_days, "transport" in holds.fingerprinted) == (30, True)
    findings = {finding.rule for finding in (await lending.check()).findings}
    assert "TENOR" in findings


async def test_papers_that_are_always_matched_are_registered_whatever_the_policy_said(lending: Lending) -> None:
    await make(lending, trade.policy(fingerprinted=("invoice", "transport")))
    await raise_floors(lending, Floors())
    await lending.apply()
    await lending.check()
    lending.ledger.commit(await lending.decision())
    await lending.file_papers(1, bank=TRADEBANK)
    await lending.apply(trade.application("T-1"), TRADEBANK)
    facts = LoanFacts.model_validate_json((await lending.endorse(TRADEBANK, "loans:facts", "T-1")).result)
    assert {match.kind for match in facts.matches} == {"invoice", "transport"}


async def test_a_built_in_policy_takes_no_person(lending: Lending) -> None:
    book = await lending.ledger.evaluate(SAFE, "bank", "policies:book", "EximbankMSP")
    assert PolicyBook.model_validate(book) == PolicyBook(bank="EximbankMSP")
    await lending.apply()
    await lending.check()
    lending.ledger.commit(await lending.decision())
    assert (await lending.take(Step.DISBURSEMENT)).taken(Step.DISBURSEMENT)
    assert date(2000, 1, 1) == (await in_force(lending)).effective_from
