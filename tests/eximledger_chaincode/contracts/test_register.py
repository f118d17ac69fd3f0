"""The register of all banks under SAFE's secret: races, limits, and what others can see of it.

Under the rules themselves, on two banks that have the same papers on two declarations: only papers bring them together.
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from datetime import timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.registering import Register, founded_register, loses, theirs
from tests.eximledger_chaincode.contracts.trade import (
    APPLIED,
    CHECKER,
    EXIMBANK,
    OFFICER,
    SAFE,
    STRANGER,
    TRADEBANK,
    TRADEBANK_CHECKER,
    usd,
)
from tests.hlf_chaincode.memory_peer import CommitInvalid, identity

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.contracts.state.keys import presented_count_key
from eximledger_chaincode.documents import Document
from eximledger_chaincode.lending import allowance
from eximledger_chaincode.lending.allowance import slots_in_turn
from eximledger_chaincode.lending.likeness.fingerprints import Similarity, fingerprint
from eximledger_chaincode.lending.loan import LoanState
from eximledger_chaincode.lending.matching import MatchingUsage
from eximledger_chaincode.lending.register import PaperStanding
from eximledger_chaincode.lending.steps import Step
from eximledger_chaincode.lending.verdict import Verdict
from hlf_chaincode.errors import FabricError, NotAuthorized, NotFound, Refused


@pytest.fixture
async def register() -> Register:
    return await founded_register()


@pytest.fixture
async def both(register: Register) -> Register:
    """Both banks have applied, and both were matched before either is approved."""
    return await register.both_applied()


# -- races -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["L-1", "T-1"])
async def test_of_two_banks_with_one_paper_at_the_same_instant_one_commits(both: Register, first: str) -> None:
    """Both matched first, both approvals endorsed, then both submitted."""
    envelopes = {loan: await both.decision(loan) for loan in ("L-1", "T-1")}
    second = "T-1" if first == "L-1" else "L-1"
    both.lending.ledger.commit(envelopes[first])
    loses(both, envelopes[second])
    with pytest.raises(Refused, match=r"nobody can override it: .*DUP-EXACT"):
        await both.decision(second)
    assert await both.standings(second) == {(PaperStanding.STANDING, False)}


async def test_papers_that_are_only_alike_race_as_well(register: Register) -> None:
    """A day apart: the rows that they share are near ones."""
    await register.lending.file(
        trade.invoice().model_copy(update={"issued_on": trade.invoice().issued_on + timedelta(days=1)}),
        bank=TRADEBANK,
    )
    await register.apply(trade.application())
    loan = theirs().model_copy(update={"transport_documents": ()})
    await register.apply(loan, TRADEBANK)
    ours, other = await register.decision("L-1"), await register.decision("T-1")
    register.lending.ledger.commit(ours)
    loses(register, other)
    assert "DUP-NEAR" in await register.rules("T-1")
    assert {(each.kind, each.similarity) for each in (await register.facts("T-1")).matches} == {
        ("invoice", Similarity.ALL_BUT_DATE)
    }


async def test_of_two_banks_that_race_for_a_declaration_one_commits(register: Register) -> None:
    """On papers of their own: the position's row brings them together."""
    await register.apply(trade.application())
    await register.lending.file(trade.invoice().model_copy(update={"invoice_number": "X-9", "issued_on": APPLIED,
                                                                   }), bank=TRADEBANK)  # fmt: skip
    named = {"invoices": ("X-9",), "transport_documents": (), "packing_lists": ()}
    await register.apply(trade.application("T-1", amount="100000.00").model_copy(update=named), TRADEBANK)
    ours = await register.decision("L-1")
    who = TRADEBANK_CHECKER
    preview = (await register.lending.endorse(TRADEBANK, "loans:preview", "T-1")).result
    verdict = Verdict.model_validate_json(preview)
    overrides = [{"finding": each.id, "reason": "seen"} for each in verdict.findings if each.severity == "refer"]
    other = await register.lending.endorse(who, "loans:approve", "T-1", 1, verdict.evidence_hash, overrides)
    public = {key for key in ours.writes if key in other.reads and not key[0]}
    assert [key.split("\x00")[1] for _, key in public] == ["position"]
    register.lending.ledger.commit(ours)
    loses(register, other)


# -- what is looked up, and what is not --------------------------------------------------------------------------------


async def test_nothing_is_approved_on_papers_that_were_not_looked_up(register: Register) -> None:
    application = trade.application()
    await register.lending.pull(application)
    await register.lending.ledger.submit(EXIMBANK, "bank", "loans:apply", application)
    facts = await register.facts("L-1")
    assert {each.number for each in facts.unmatched} == {"INV-1", "BL-1"}
    await register.lending.check()
    with pytest.raises(Refused, match=r"nobody can override it: DUP-UNMATCHED"):
        await register.decision("L-1")
    await register.lending.match()
    assert (await register.facts("L-1")).unmatched == ()
    await register.approve("L-1")


async def test_a_paper_that_was_amended_is_looked_up_again(both: Register) -> None:
    """Else a bank could match a harmless paper and finance another one."""
    await both.approve("L-1")
    harmless = trade.invoice().model_copy(update={"invoice_number": "INV-8", "issued_on": APPLIED})
    await both.lending.file(harmless, bank=TRADEBANK)
    loan = theirs("T-2", serial=2).model_copy(update={"invoices": ("INV-8",), "transport_documents": ()})
    await both.apply(loan, TRADEBANK)
    assert await both.standings("T-2") == set()
    await both.lending.file(trade.invoice().model_copy(update={"invoice_number": "INV-8"}), bank=TRADEBANK)
    assert "DUP-UNMATCHED" in await both.rules("T-2")
    await both.lending.match("T-2", TRADEBANK)  # not put before the register yet: no check has seen it
    assert "DUP-UNMATCHED" in await both.rules("T-2")
    await both.lending.check("T-2", TRADEBANK)
    await both.lending.match("T-2", TRADEBANK)
    assert "DUP-NEAR" in await both.rules("T-2")


async def test_only_what_is_committed_is_looked_up(register: Register) -> None:
    """Endorsed and never submitted, an application teaches nothing: there is nothing of it to match."""
    application = trade.application()
    await register.lending.pull(application)
    await register.lending.endorse(EXIMBANK, "loans:apply", application)
    with pytest.raises(NotFound, match="there is no loan"):
        await register.lending.match()
    await register.lending.ledger.submit(EXIMBANK, "bank", "loans:apply", application)
    more = application.model_copy(update={"invoices": ("INV-1", "INV-2"), "transport_documents": ("BL-1", "BL-2")})
    await register.lending.endorse(EXIMBANK, "loans:apply", more)
    await register.lending.match()
    envelope = await register.endorsed_by_safe(EXIMBANK, "register:match", "L-1")
    assert json.loads(envelope.result) == {"generation": 1, "papers": 2}


async def test_a_match_registers_nothing_and_writes_nothing_public(both: Register) -> None:
    before = both.rows()
    envelope = await both.endorsed_by_safe(EXIMBANK, "register:match", "L-1")
    assert {collection for collection, _ in envelope.writes} == {"shared-EximbankMSP"}
    assert envelope.event is None
    both.lending.ledger.commit(envelope)
    assert both.rows() == before == {}


@pytest.mark.parametrize("peer", ["EximbankMSP", "TradebankMSP"])
async def test_no_banks_peer_has_the_secret(both: Register, peer: str) -> None:
    """And what a bank's peer signs, which simulated what it liked, does not count."""
    with pytest.raises(FabricError, match=f"the peer of {peer} does not hold"):
        await both.lending.ledger.endorse(EXIMBANK, "bank", "register:match", "L-1", at=peer)
    forged = await both.lending.ledger.endorse(EXIMBANK, "bank", "register:match", "L-1", endorsers=[peer])
    with pytest.raises(CommitInvalid, match="ENDORSEMENT_POLICY_FAILURE"):
        both.lending.ledger.commit(forged)


async def test_nobody_matches_another_banks_loan(both: Register) -> None:
    with pytest.raises(NotFound):
        await both.lending.match("L-1", TRADEBANK)
    for who in (OFFICER, STRANGER, identity("EximbankMSP", "")):
        with pytest.raises(NotAuthorized):
            await both.lending.match("L-1", who)
    with pytest.raises(NotAuthorized):
        await both.at_safe(TRADEBANK, "register:match", "L-1", "EximbankMSP")


async def test_the_secret_is_safes_to_make(both: Register) -> None:
    for who in (EXIMBANK, CHECKER, OFFICER, STRANGER):
        for call in (("rotate",), ("retire",), ("generations",), ("pairs", "EximbankMSP", ["L-1"]),
                     ("rekey", {"generation": 1, "pairs": []})):  # fmt: skip
            with pytest.raises(NotAuthorized):
                await both.lending.ledger.endorse(who, "bank", f"register:{call[0]}", *call[1:], at="SafeMSP")


# -- the limit ---------------------------------------------------------------------------------------------------------


async def limited(register: Register, limit: int) -> None:
    """The members vote for so many papers a day."""
    floors = trade.FLOORS.model_copy(update={"matches_per_day": limit})
    for who in (SAFE, OFFICER, EXIMBANK):
        await register.lending.ledger.submit(who, "bank", "consortium:configure", trade.MEMBERS, floors)


async def used(register: Register) -> int:
    answer = await register.lending.ledger.evaluate(SAFE, "bank", "register:usage", "EximbankMSP")
    return MatchingUsage.model_validate(answer).papers


@pytest.mark.parametrize("slots", [1, 4, 1024])
async def test_a_bank_has_so_many_papers_looked_up_a_day(
    register: Register, slots: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In whatever number of slots a day is counted: many share a slot, or each takes several."""
    monkeypatch.setattr(allowance, "SLOTS", slots)
    await limited(register, 16)
    await register.apply(trade.application())  # two papers
    await register.apply(trade.application(purpose="again"))  # the same: counted once
    usage = MatchingUsage.model_validate(
        await register.lending.ledger.evaluate(SAFE, "bank", "register:usage", "EximbankMSP")
    )
    assert (usage.papers, usage.limit, usage.day) == (2, 16, APPLIED.isoformat())
    for number in range(2, 9):
        await register.apply(trade.application(f"L-{number}", occupied="10.00"))  # the same papers of another loan
    assert await used(register) == 16  # all of it, and not one more
    more = trade.application(serials=(1, 2), occupied="10.00")
    for _ in range(3):  # under whichever transaction id
        with pytest.raises(Refused, match=r"as many papers .* as one business day takes \(16\)"):
            await register.lending.apply(more)
    await register.open(days=1)
    await register.lending.apply(more)
    assert (await register.facts("L-1")).unmatched == ()
    assert await used(register) == 2  # of the new day


async def test_what_is_left_of_a_day_is_not_overdrawn(register: Register) -> None:
    await limited(register, 17)
    for number in range(1, 9):
        await register.apply(trade.application(f"L-{number}", occupied="10.00"))
    with pytest.raises(Refused, match="as many papers"):
        await register.lending.apply(trade.application("L-9", occupied="10.00"))
    assert await used(register) == 16
    one = trade.application("L-9", occupied="10.00").model_copy(update={"transport_documents": ()})
    await register.lending.apply(one)
    assert await used(register) == 17


async def test_a_limit_that_is_lowered_or_raised_counts_what_was_used(register: Register) -> None:
    await limited(register, 2_000)
    for number in range(1, 6):
        await register.apply(trade.application(f"L-{number}", occupied="10.00"))
    await limited(register, 16)
    taken = 0
    for number in range(6, 20):
        with suppress(Refused):
            await register.apply(trade.application(f"L-{number}", occupied="10.00"))
            taken += 2
    assert taken <= 16  # never more than the greater of the limits in all
    await limited(register, 2_000)
    await register.apply(trade.application("L-20", occupied="10.00"))
    assert await used(register) == 10 + taken + 2


async def test_applications_of_one_bank_at_one_time_do_not_meet(register: Register) -> None:
    """Endorsed on one state, then committed one after the other: who has slots of its own commits."""
    ledger = register.lending.ledger
    serials = range(1, 13)
    applications = [trade.application(f"L-{number}", occupied="10.00") for number in serials]
    await register.lending.pull(applications[0])
    envelopes = [await register.lending.endorse(EXIMBANK, "loans:apply", each) for each in applications]
    counted: set[int] = set()
    committed = 0
    for envelope in envelopes:
        slots = set(next(slots_in_turn(envelope.transaction.id, trade.FLOORS.matches_per_day, 2)))
        if slots & counted:
            loses(register, envelope)  # the same slot: the count is in the read set
        else:
            ledger.commit(envelope)
            committed += 1
        counted |= slots
    assert committed > len(envelopes) // 2
    assert await used(register) == 2 * committed


async def test_of_two_that_take_from_one_slot_one_commits(register: Register) -> None:
    """Else a bank that endorses many at one time would be counted once."""
    await limited(register, 16)
    applications = [trade.application(f"L-{number}", occupied="10.00") for number in range(1, 10)]
    await register.lending.pull(applications[0])
    envelopes = [await register.lending.endorse(EXIMBANK, "loans:apply", each) for each in applications]
    committed = 0
    for envelope in envelopes:
        with suppress(CommitInvalid):
            register.lending.ledger.commit(envelope)
            committed += 1
    assert 1 <= committed <= 8
    assert await used(register) == 2 * committed <= 16


async def test_a_day_s_count_is_in_the_bank_s_vault_under_names_that_tell_nothing(register: Register) -> None:
    """Nothing public is written for it, and neither the day nor the slot is in a key's name."""
    application = trade.application()
    await register.lending.pull(application)
    envelope = await register.lending.endorse(EXIMBANK, "loans:apply", application)
    private = {name for collection, name in envelope.writes if collection == "papers-EximbankMSP"}
    assert all(re.fullmatch(r"[0-9a-f]{64}", name) for name in private)
    slots = next(slots_in_turn(envelope.transaction.id, trade.FLOORS.matches_per_day, 2))
    guesses = {_hash(presented_count_key(APPLIED.isoformat(), slot)) for slot in slots}
    assert not guesses & {*private, *(_hash(name) for name in private)}
    assert not [key for collection, key in envelope.writes if not collection and "presented" in key]


async def test_another_day_in_the_proposal_is_no_other_day(register: Register) -> None:
    """A proposal's time is its signer's word: the day that counts is the one that SAFE has opened."""
    await register.apply(trade.application())
    register.lending.later(days=1)
    await register.apply(trade.application("L-2", serials=(2,)))
    usage = await register.lending.ledger.evaluate(EXIMBANK, "bank", "register:usage", "EximbankMSP")
    assert usage == {"bank": "EximbankMSP", "day": APPLIED.isoformat(), "limit": 16000, "papers": 4}
    with pytest.raises(NotAuthorized):
        await register.lending.ledger.evaluate(TRADEBANK, "bank", "register:usage", "EximbankMSP")


# -- what others see ---------------------------------------------------------------------------------------------------


async def test_another_banks_loan_stays_unnamed(register: Register) -> None:
    await register.apply(trade.application("L-SECRET"))
    await register.approve("L-SECRET")
    await register.apply(theirs(), TRADEBANK)
    answer = (await register.lending.endorse(TRADEBANK, "loans:facts", "T-1")).result
    facts = LoanFacts.model_validate_json(answer)
    assert {(each.similarity, each.same_bank) for each in facts.matches} == {(Similarity.EXACT, False)}
    assert b"SECRET" not in answer
    assert b'"bank":"EximbankMSP"' not in answer


async def test_marks_tie_no_two_rows_together(both: Register) -> None:
    await both.approve("L-1")
    await both.apply(trade.application("L-2", serials=(2,)))
    await both.approve("L-2")
    marks = [mark for row in both.rows().values() for mark in row]
    assert len(marks) == len(set(marks)) == 20
    assert len(both.rows()) == 18  # two papers of each loan are alike in all but their numbers
    assert all(re.fullmatch(r"[0-9a-f]{32}", each) for each in [*both.rows(), *marks])


async def test_the_search_that_found_the_amount_finds_nothing(both: Register) -> None:
    """Whoever guesses a paper whole has its fingerprint, and nothing public that holds it or a plain hash of it."""
    await both.approve("L-1")
    papers: list[Document] = [trade.invoice(), trade.transport()]
    digests = [
        value for paper in papers for value in fingerprint(paper).model_dump().values() if isinstance(value, str)
    ]
    numbers = [trade.number_of(serial) for serial in (1, 2, 3)]
    whole = {text for guess in [*digests, *numbers] for text in (guess, _hash(guess))} - {"invoice", "transport"}
    guesses = whole | {text[:32] for text in whole if len(text) > 32}
    channel = both.lending.ledger.channels["bank"]
    public = [key + value.decode("latin-1") for (collection, key), value in channel.values.items() if not collection]
    private = [
        hashlib.sha256(part).hexdigest()
        for (collection, key), value in channel.values.items()
        if collection
        for part in (key.encode(), value)
    ]
    assert not [guess for guess in guesses for text in public if guess in text]
    assert not guesses & set(private)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def test_a_position_is_another_ciphertext_at_every_write_and_opens_with_the_seal(register: Register) -> None:
    await register.apply(trade.application())
    await register.apply(trade.application("L-2", occupied="70000.00", amount="40000.00").model_copy(
        update={"invoices": (), "transport_documents": ()}))  # fmt: skip
    twice = [await register.decision("L-1") for _ in range(2)]  # nor can it be told that two endorsements say the same
    assert len({value for each in twice for (_, key), value in each.writes.items() if "position" in key}) == 2
    await register.approve("L-1")
    (key, first), *rest = register.public("position").items()
    assert rest == []
    assert trade.number_of(1) not in key
    assert b"70000" not in first
    await register.lending.take(Step.DISBURSEMENT)
    await register.lending.take(Step.REPAYMENT)
    second = register.public("position")[key]
    await register.apply(trade.application("L-3"))
    await register.approve("L-3")
    third = register.public("position")[key]
    assert len({first, second, third}) == 3
    assert {len(first), len(second), len(third)} == {len(first)}
    assert (await register.lending.balance()).held == usd("70000")
    with pytest.raises(FabricError):
        await register.lending.balance(who=TRADEBANK)  # not authorised for it: no seal
    assert (await register.lending.get("L-3")).state is LoanState.APPROVED
