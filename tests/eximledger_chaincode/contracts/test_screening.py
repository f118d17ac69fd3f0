"""Screening of loans: at check, approval and disbursement; cleared by two persons; recorded night by night."""

from __future__ import annotations

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.eximledger_chaincode.contracts.listing import Edition, entry, screened
from tests.eximledger_chaincode.contracts.trade import BUYER, CHECKER, EXIMBANK, SAFE, SECOND, TRADEBANK
from tests.eximledger_chaincode.contracts.vaults import in_the_open
from tests.eximledger_chaincode.rules import cases
from tests.hlf_chaincode.memory_peer import Identity, identity

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.contracts.loanbook import screening
from eximledger_chaincode.contracts.loanbook.screening import require_unlisted
from eximledger_chaincode.documents import Document, Identifier, LegalForce, Money, WatchEntry
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.screening.hits import Clearing, Hit
from eximledger_chaincode.lending.screening.screening import Screening
from eximledger_chaincode.lending.screening.subjects import subjects_of
from eximledger_chaincode.lending.steps import Override, Payment, Step
from eximledger_chaincode.lending.verdict import Finding, Severity, Verdict
from eximledger_chaincode.rules.sanctions import CLEARING
from eximledger_chaincode.rules.sanctions import screened as screened_in
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, NotFound, Refused

NAMED = entry("Q-1", BUYER.name)
HEAD = identity("EximbankMSP", "head", "checker")
REASON = "It is a bakery in another town."


@pytest.fixture
async def lending() -> Lending:
    return await opened(1)


async def listed(lending: Lending, *entries: WatchEntry, edition: str = "1") -> None:
    await Edition.of(*entries, edition=edition).file(lending.ledger)


async def found(lending: Lending, loan_id: str = "L-1", who: Identity = EXIMBANK) -> list[Finding]:
    """What SANCTION finds now."""
    verdict = Verdict.model_validate_json((await lending.endorse(who, "loans:preview", loan_id)).result)
    return [each for each in verdict.findings if each.rule == "SANCTION"]


def hit_in(findings: list[Finding]) -> str:
    return next(each.value for one in findings for each in one.statements if each.field == CLEARING)


async def propose(lending: Lending, hit: str, who: Identity = EXIMBANK, loan_id: str = "L-1") -> Clearing:
    envelope = await lending.endorse(who, "screening:propose", loan_id, hit, REASON)
    lending.ledger.commit(envelope)
    return Clearing.model_validate_json(envelope.result)


async def confirm(lending: Lending, clearing: Clearing, who: Identity = CHECKER) -> Clearing:
    envelope = await lending.endorse(who, "screening:confirm", clearing.hit.subject, clearing.sha256)
    lending.ledger.commit(envelope)
    return Clearing.model_validate_json(envelope.result)


async def clear(lending: Lending) -> Clearing:
    return await confirm(lending, await propose(lending, hit_in(await found(lending))))


async def test_a_name_alone_stands_until_two_persons_clear_it(lending: Lending) -> None:
    await listed(lending, NAMED)
    await lending.apply()
    (finding,) = await found(lending)
    assert finding.severity is Severity.REFER
    proposed = await propose(lending, hit_in([finding]))
    (waiting,) = await found(lending)
    assert waiting.severity is Severity.REFER, "one person has cleared it"
    for who, why in (
        (EXIMBANK, r"exim\.role=checker"),
        (SECOND, r"exim\.role=checker"),
        (identity("EximbankMSP", "MAKER", "checker", issue=3), "another person confirms it"),
    ):
        with pytest.raises(NotAuthorized, match=why):
            await confirm(lending, proposed, who)
    done = await confirm(lending, proposed)
    assert (done.proposed_by.name, done.confirmed_by and done.confirmed_by.name) == ("maker", "checker")
    (cleared,) = await found(lending)
    assert cleared.severity is Severity.INFORM
    assert REASON in cleared.message.en
    again = await lending.endorse(CHECKER, "screening:confirm", done.hit.subject, done.sha256)
    assert again.writes == {}


async def test_no_checker_overrides_a_name_on_a_list(lending: Lending) -> None:
    await listed(lending, NAMED)
    await lending.apply()
    await lending.check()
    with pytest.raises(Refused, match="two persons clear it"):
        await lending.decision()
    await clear(lending)
    lending.ledger.commit(await lending.decision())
    assert (await lending.get()).state is LoanState.APPROVED


async def test_what_is_cleared_is_remembered_for_every_loan_of_the_bank_and_for_no_other(lending: Lending) -> None:
    await listed(lending, NAMED)
    await lending.apply()
    await clear(lending)
    await lending.apply(trade.application("L-2"))
    assert [each.severity for each in await found(lending, "L-2")] == [Severity.INFORM]
    await lending.file_papers(1, bank=TRADEBANK)
    await lending.apply(trade.application("T-1"), TRADEBANK)
    assert [each.severity for each in await found(lending, "T-1", TRADEBANK)] == [Severity.REFER]


async def test_it_is_forgotten_when_the_entry_or_the_party_changes(lending: Lending) -> None:
    await listed(lending, NAMED)
    await lending.apply()
    await clear(lending)
    await listed(lending, NAMED.model_copy(update={"programmes": ("Res. 9999",)}), edition="2")
    assert [each.severity for each in await found(lending)] == [Severity.REFER]
    await listed(lending, NAMED, edition="3")
    assert [each.severity for each in await found(lending)] == [Severity.INFORM], "the entry is as it was"
    renamed = trade.invoice(1).model_copy(
        update={"buyer": BUYER.model_copy(update={"identifiers": (Identifier(scheme="HRB", value="HRB 119922"),)})}
    )
    await lending.file(renamed)
    assert [each.severity for each in await found(lending)] == [Severity.REFER]


async def test_whom_a_list_means_for_certain_nobody_clears(lending: Lending) -> None:
    country = entry("DE", kind="country", name="Germany", countries=("DE",))
    await listed(lending, country, NAMED)
    await lending.apply()
    rejected = [each for each in await found(lending) if each.severity is Severity.REJECT]
    assert rejected, "a country on a binding list does not reject"
    hits = await case_hits(lending)
    certain = next(hit for hit in hits if hit.certain)
    with pytest.raises(Refused, match="more than a name"):
        await propose(lending, certain.key)
    with pytest.raises(Refused, match="hits no entry"):
        await propose(lending, "0" * 64)
    await lending.check()
    with pytest.raises(Refused, match="nobody can override it"):
        await lending.decision()


async def case_hits(lending: Lending) -> list[Hit]:
    """The hits of the loan's case, by the search that its peers make."""
    answer = await lending.endorse(EXIMBANK, "loans:facts", "L-1")
    facts = LoanFacts.model_validate_json(answer.result)
    papers: list[Document] = [each.document for each in facts.contracts]
    papers += [each.document for each in facts.invoices]
    papers += [each.document for each in facts.transport_documents]
    return [*(await screened(lending.ledger, *subjects_of([*papers, trade.declaration(1)]))).hits]


async def test_a_list_of_the_day_stops_a_disbursement(lending: Lending) -> None:
    await lending.apply()
    await lending.check()
    lending.ledger.commit(await lending.decision())
    await listed(lending, NAMED)
    with pytest.raises(Refused, match=r"no disbursement of loan L-1 while a watch list stops it: Nordlicht"):
        await lending.take(Step.DISBURSEMENT)
    assert (await lending.get()).state is LoanState.APPROVED
    await clear(lending)
    assert (await lending.take(Step.DISBURSEMENT)).state is LoanState.DISBURSED


async def test_another_edition_is_other_evidence(lending: Lending) -> None:
    await listed(lending, entry("Q-9", "Somebody Else"))
    await lending.apply()
    before = await lending.check()
    named = [(each.kind, each.id, each.version) for each in before.evidence if each.kind == "watch-list"]
    assert named == [("watch-list", "UN-SC", 1)]
    await listed(lending, entry("Q-9", "Somebody Other"), edition="2")
    after = await lending.check()
    assert (after.findings, after.evidence_hash == before.evidence_hash) == (before.findings, False)


async def test_a_banks_own_list_counts_for_its_loans_alone(lending: Lending) -> None:
    own = Edition.of(NAMED, own=True, force=LegalForce.INTERNAL, list_id="HAUS-9")
    await own.file(lending.ledger, EXIMBANK)
    await lending.apply()
    await lending.file_papers(1, bank=TRADEBANK)
    await lending.apply(trade.application("T-1"), TRADEBANK)
    assert [each.severity for each in await found(lending)] == [Severity.REFER]
    assert await found(lending, "T-1", TRADEBANK) == []


async def test_clearings_are_the_banks_own(lending: Lending) -> None:
    await listed(lending, NAMED)
    await lending.apply()
    proposed = await propose(lending, hit_in(await found(lending)))
    for who in (identity("TradebankMSP", "checker", "checker"),):
        with pytest.raises(NotFound):
            await confirm(lending, proposed, who)
    for who in (SAFE, trade.OFFICER, trade.STRANGER):
        with pytest.raises(NotAuthorized):
            await confirm(lending, proposed, who)
        with pytest.raises(NotAuthorized):
            await propose(lending, proposed.key, who)
    await confirm(lending, proposed, HEAD)
    assert b"bakery" not in in_the_open(lending.ledger)
    assert proposed.key.encode() not in in_the_open(lending.ledger)
    assert proposed.hit.subject.encode() not in in_the_open(lending.ledger)


async def test_a_screening_is_recorded_once_for_what_it_found(lending: Lending) -> None:
    await lending.apply()

    async def record(who: Identity = EXIMBANK) -> Screening:
        envelope = await lending.endorse(who, "screening:record", "L-1")
        lending.ledger.commit(envelope)
        return Screening.model_validate_json(envelope.result)

    assert (await record()).findings == ()
    lending.later(hours=1)
    assert (await lending.endorse(EXIMBANK, "screening:record", "L-1")).writes == {}
    await listed(lending, NAMED)
    recorded = await record()
    assert [each.severity for each in recorded.findings] == [Severity.REFER]
    assert list(recorded.findings) == await found(lending)  # less is read than for a verdict, and the same is found
    assert [(each.list_id, each.version) for each in recorded.editions] == [("UN-SC", 1)]
    for who, bank in ((EXIMBANK, ""), (SAFE, "EximbankMSP")):
        answer = await lending.ledger.evaluate(who, "bank", "screening:recorded", ["L-1", "L-0"], bank)
        assert isinstance(answer, list)
        assert [each and Screening.model_validate(each) for each in answer] == [recorded, None]
    with pytest.raises(NotAuthorized):
        await lending.ledger.evaluate(TRADEBANK, "bank", "screening:recorded", ["L-1"], "EximbankMSP")
    with pytest.raises(NotAuthorized):
        await record(SAFE)


async def test_a_list_of_the_day_stops_a_repayment(lending: Lending) -> None:
    await lending.apply()
    await lending.check()
    lending.ledger.commit(await lending.decision())
    await lending.take(Step.DISBURSEMENT)
    await listed(lending, NAMED)
    with pytest.raises(Refused, match=r"no repayment of loan L-1 while a watch list stops it: Nordlicht"):
        await lending.take(Step.REPAYMENT)
    await clear(lending)
    await lending.take(Step.REPAYMENT)


@pytest.mark.parametrize("is_purged", [False, True])
async def test_a_loan_is_repaid_when_consent_has_ended_unless_a_list_stops_it(
    lending: Lending, is_purged: bool
) -> None:
    await lending.apply()
    await lending.check()
    lending.ledger.commit(await lending.decision())
    await lending.take(Step.DISBURSEMENT)
    exporter, number = trade.DONGYU.uscc, trade.number_of(1)
    for channel in ("customs", "fx"):
        await lending.ledger.submit(EXIMBANK, channel, "copies:keep", exporter, [number])
    lending.later(days=400)
    for channel in ("customs", "fx") if is_purged else ():
        await lending.ledger.submit(EXIMBANK, channel, "copies:purge", exporter, "EximbankMSP")
    await listed(lending, NAMED)
    with pytest.raises(Refused, match=r"no repayment of loan L-1 while a watch list stops it: Nordlicht"):
        await lending.take(Step.REPAYMENT)
    await listed(lending, entry("Q-1", "Nobody Of That Name"), edition="2")
    await lending.file(trade.rate(lending.day))
    assert (await lending.take(Step.INDEMNITY)).state is LoanState.INDEMNITY_SOUGHT  # the bank's own invoices bound it
    assert (await lending.take(Step.REPAYMENT)).state is LoanState.CLOSED


async def test_a_banks_own_list_stops_a_repayment_when_consent_has_ended(lending: Lending) -> None:
    await lending.apply()
    await lending.check()
    lending.ledger.commit(await lending.decision())
    await lending.take(Step.DISBURSEMENT)
    lending.later(days=400)
    for channel in ("customs", "fx"):  # of the declarations nothing is left to it
        await lending.ledger.submit(EXIMBANK, channel, "copies:purge", trade.DONGYU.uscc, "EximbankMSP")
    own = Edition.of(NAMED, own=True, force=LegalForce.INTERNAL, list_id="HAUS-9")
    await own.file(lending.ledger, EXIMBANK)
    with pytest.raises(Refused, match=r"no repayment of loan L-1 while a watch list stops it: Nordlicht"):
        await lending.take(Step.REPAYMENT)


async def test_while_consent_stands_no_part_of_the_case_is_left_out(
    lending: Lending, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lending.apply()
    await lending.check()
    lending.ledger.commit(await lending.decision())
    await lending.take(Step.DISBURSEMENT)

    async def unread(*_: object) -> None:
        raise Refused("not all of this was pulled")

    monkeypatch.setattr(screening, "open_to_screen", unread)
    with pytest.raises(Refused, match="not all of this was pulled"):
        await lending.take(Step.REPAYMENT)


async def test_the_one_function_stops_money_by_findings_alone(lending: Lending) -> None:
    """What disbursement calls, and repayment may: what was overridden at approval stops nothing again."""
    await lending.apply()
    loan = await lending.get()
    missing = cases.case(policy=cases.policy(required_watch_lists=("PBOC",)))
    with pytest.raises(Refused, match="no repayment of loan L-1"):
        require_unlisted(loan, screened_in(missing), "repayment")
    require_unlisted(loan, screened_in(cases.case()), "repayment")


async def test_what_an_extension_set_aside_stops_nothing_after_it(lending: Lending) -> None:
    await lending.apply()
    loan = await lending.get()
    found = screened_in(cases.case(policy=cases.policy(required_watch_lists=("PBOC",))))
    aside = tuple(Override(finding=each.id, reason="The list is late.") for each in found)
    proposal = lending.proposal(Step.EXTENSION, overrides=aside)
    by = loan.applied_by
    taken = Payment(proposal=proposal, proposed_by=by, confirmed_by=by, at=loan.applied_at)
    require_unlisted(loan.model_copy(update={"payments": (taken,)}), found, "repayment")
    other = taken.model_copy(update={"proposal": proposal.model_copy(update={"overrides": ()})})
    with pytest.raises(Refused, match="no repayment of loan L-1"):
        require_unlisted(loan.model_copy(update={"payments": (other,)}), found, "repayment")


@pytest.mark.parametrize("is_left_a_part", [False, True])
async def test_a_loan_is_repaid_to_a_bank_that_may_read_no_more_than_a_part(
    lending: Lending, is_left_a_part: bool
) -> None:
    """It kept no copies, so its case is not for it to open; a part of consent that still stands opens it no more."""
    await lending.apply()
    await lending.check()
    lending.ledger.commit(await lending.decision())
    await lending.take(Step.DISBURSEMENT)
    lending.later(days=400)
    with pytest.raises(NotAuthorized, match="today"):
        await lending.endorse(EXIMBANK, "loans:preview", "L-1")
    if is_left_a_part:
        given = trade.consent("EximbankMSP")
        part = {"number": "A-2", "what": ("receipts",), "valid_from": lending.day, "valid_until": lending.day}
        again = given.model_copy(update={"authorisation": given.authorisation.model_copy(update=part)})
        await lending.ledger.submit(EXIMBANK, "customs", "authorisations:consent", again)
        await lending.ledger.submit(SAFE, "customs", "authorisations:open", lending.day)  # from then on it stands
    await listed(lending, NAMED)
    with pytest.raises(Refused, match=r"no repayment of loan L-1 while a watch list stops it: Nordlicht"):
        await lending.take(Step.REPAYMENT)
    await listed(lending, entry("Q-1", "Nobody Of That Name"), edition="2")
    await lending.take(Step.REPAYMENT, amount=Money.of("1000.00", "CNY"))


async def test_just_the_reason_that_was_proposed_last_is_confirmed(lending: Lending) -> None:
    await listed(lending, NAMED)
    await lending.apply()
    hit = hit_in(await found(lending))
    first = await propose(lending, hit)
    await lending.ledger.submit(SECOND, "bank", "screening:propose", "L-1", hit, "Another reason.")
    with pytest.raises(NotFound, match="no such clearing"):
        await confirm(lending, first)


async def test_who_proposes_again_says_it_again_or_begins_anew(lending: Lending) -> None:
    """The same of the same person writes nothing; in other words, of another loan or by another person it does."""
    await listed(lending, NAMED)
    await lending.apply()
    await lending.apply(trade.application("L-2"))
    hit = hit_in(await found(lending))
    first = await propose(lending, hit)
    again = await lending.endorse(EXIMBANK, "screening:propose", "L-1", hit, REASON)
    assert again.writes == {}
    assert Clearing.model_validate_json(again.result) == first
    for who, loan_id, reason in (
        (EXIMBANK, "L-1", "Another reason."), (EXIMBANK, "L-2", "Another reason."), (SECOND, "L-2", "Another reason."),
    ):  # fmt: skip
        envelope = await lending.endorse(who, "screening:propose", loan_id, hit, reason)
        lending.ledger.commit(envelope)
        last = Clearing.model_validate_json(envelope.result)
        assert (last.loan_id, last.reason) == (loan_id, reason)
    assert last.proposed_by.name == "second"
    assert (await confirm(lending, last)).proposed_by.name == "second"


async def test_what_was_cleared_stays_as_it_was_cleared(lending: Lending) -> None:
    await listed(lending, NAMED)
    await lending.apply()
    hit = hit_in(await found(lending))
    done = await confirm(lending, await propose(lending, hit))
    assert done.confirmed_at is not None
    anew = await lending.endorse(SECOND, "screening:propose", "L-1", hit, "Another reason.")
    assert (anew.writes, Clearing.model_validate_json(anew.result)) == ({}, done)
    again = await lending.endorse(CHECKER, "screening:confirm", done.hit.subject, done.sha256)
    assert Clearing.model_validate_json(again.result) == done
    with pytest.raises(Refused, match="has cleared it already"):
        await confirm(lending, done, HEAD)


async def test_a_party_is_cleared_of_each_entry_by_itself(lending: Lending) -> None:
    """Of one the other is not forgotten."""
    await listed(lending, NAMED, entry("Q-2", "Handels Nordlicht"))
    await lending.apply()
    hits = [each.value for one in await found(lending) for each in one.statements if each.field == CLEARING]
    assert len(set(hits)) == 2
    for hit in sorted(set(hits)):
        await confirm(lending, await propose(lending, hit))
    assert {each.severity for each in await found(lending)} == {Severity.INFORM}


async def test_no_bank_clears_goods_of_a_list_or_a_name_with_country_and_city(lending: Lending) -> None:
    goods = entry("G", kind="goods", name="Lamps", hs_codes=(trade.declaration(1).lines[0].hs_code[:4],))
    at_home = NAMED.model_copy(update={"countries": ("DE",), "aliases": ("Nordlicht",)})
    await listed(lending, goods, at_home)
    papers = trade.invoice(1)
    buyer = papers.buyer.model_copy(update={"other_names": ("Nordlicht",)})
    await lending.file(papers.model_copy(update={"buyer": buyer}))
    await lending.apply()
    verdict = Verdict.model_validate_json((await lending.endorse(EXIMBANK, "loans:preview", "L-1")).result)
    facts = LoanFacts.model_validate_json((await lending.endorse(EXIMBANK, "loans:facts", "L-1")).result)
    asked = subjects_of([*(each.document for each in facts.invoices), trade.declaration(1)])
    told = await screened(lending.ledger, *asked)
    assert {(each.basis.value, each.is_the_same) for each in told.hits} >= {("goods", False), ("name", True)}
    assert any(each.severity is Severity.REJECT for each in verdict.findings)
    for hit in told.hits:
        with pytest.raises(Refused, match=r"more than a name|hits no entry"):
            await propose(lending, hit.key)


async def test_screenings_are_of_the_bank_channel_and_told_to_who_listens(lending: Lending) -> None:
    await lending.apply()
    recorded = await lending.endorse(EXIMBANK, "screening:record", "L-1")
    assert recorded.event is not None
    assert recorded.event[0] == "screening.recorded"
    lending.ledger.commit(recorded)
    again = await lending.endorse(EXIMBANK, "screening:record", "L-1")
    assert (again.result, again.event) == (recorded.result, None)
    for function, arguments in (
        ("propose", ("L-1", "0" * 64, REASON)), ("confirm", ("0" * 64, "0" * 64)), ("record", ("L-1",)),
        ("recorded", (["L-1"],)),
    ):  # fmt: skip
        with pytest.raises(Refused, match="channel"):
            await lending.ledger.endorse(EXIMBANK, "fx", f"screening:{function}", *arguments)


async def test_what_was_recorded_is_asked_of_two_hundred_loans_at_once(lending: Lending) -> None:
    ids = [f"L-{number}" for number in range(201)]
    with pytest.raises(InvalidDocument):
        await lending.ledger.evaluate(EXIMBANK, "bank", "screening:recorded", ids)
    assert await lending.ledger.evaluate(EXIMBANK, "bank", "screening:recorded", ids[:200]) == [None] * 200
