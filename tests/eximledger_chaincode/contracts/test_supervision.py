"""supervision: SAFE asks across banks, and nobody else asks at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened, stand_in
from tests.eximledger_chaincode.contracts.test_channel_graph import Recorder, require_in_order
from tests.eximledger_chaincode.contracts.trade import (
    APPLIED,
    CHECKER,
    DONGYU,
    EXIMBANK,
    OFFICER,
    SAFE,
    STRANGER,
    TRADEBANK,
    TRADEBANK_CHECKER,
)
from tests.hlf_chaincode.memory_peer import Identity, identity

from eximledger_chaincode.contracts import BANK, CUSTOMS, FX
from eximledger_chaincode.contracts.supervision import MAX_BALANCES, LoanPapersPage
from eximledger_chaincode.lending.claim import Balance
from eximledger_chaincode.lending.register import PaperStanding
from eximledger_chaincode.lending.steps import Step
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, Refused

FIRST, SECOND, ABSENT = trade.number_of(1), trade.number_of(2), trade.number_of(99)
QUESTIONS = {
    "papers": (BANK, ("EximbankMSP",)),
    "balances": (BANK, ([FIRST],)),
    "usage": (BANK, ("EximbankMSP", [])),
    "kept of customs": (CUSTOMS, ([(DONGYU.uscc, "EximbankMSP")],)),
    "kept of SAFE": (FX, ([(DONGYU.uscc, "EximbankMSP")],)),
}


@pytest.fixture
async def lending(monkeypatch: pytest.MonkeyPatch) -> Lending:
    """Both banks have applied on the first declaration; Eximbank has approved."""
    stand_in(monkeypatch)
    lending = await opened(1, 2)
    await lending.file_papers(1, bank=TRADEBANK)
    await lending.apply(trade.application())
    await lending.check()
    await lending.approve()
    await lending.apply(trade.application("T-1"), TRADEBANK)
    return lending


async def ask(lending: Lending, who: Identity, question: str, *arguments: object, channel: str = "") -> object:
    place, usual = QUESTIONS[question]
    function = f"supervision:{question.partition(' ')[0]}"
    return await lending.ledger.evaluate(who, channel or place, function, *(arguments or usual))


async def papers(lending: Lending, bank: str, *arguments: object) -> LoanPapersPage:
    return LoanPapersPage.model_validate(await ask(lending, SAFE, "papers", bank, *arguments))


# -- who may ask -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "who",
    [EXIMBANK, CHECKER, TRADEBANK, OFFICER, STRANGER, identity("EximbankMSP", "boss", units=("admin",))],
    ids=lambda who: who.msp_id,
)
async def test_nobody_but_safe_is_answered(lending: Lending, who: Identity, question: str) -> None:
    assert await ask(lending, SAFE, question) is not None
    with pytest.raises(NotAuthorized):
        await ask(lending, who, question)


@pytest.mark.parametrize("question", QUESTIONS)
async def test_each_question_has_its_channel(lending: Lending, question: str) -> None:
    for channel in {BANK, CUSTOMS, FX} - {QUESTIONS[question][0]} - ({CUSTOMS, FX} if "kept" in question else set()):
        with pytest.raises(Refused, match="call it there"):
            await ask(lending, SAFE, question, channel=channel)


async def test_nothing_is_written(lending: Lending) -> None:
    for question, (channel, arguments) in QUESTIONS.items():
        function = f"supervision:{question.partition(' ')[0]}"
        assert not (await lending.ledger.endorse(SAFE, channel, function, *arguments)).writes


# -- what is answered --------------------------------------------------------------------------------------------------


async def test_papers_have_the_names_and_the_standing_that_the_register_hides(lending: Lending) -> None:
    (ours,), (theirs,) = (await papers(lending, "EximbankMSP")).loans, (await papers(lending, "TradebankMSP")).loans
    assert (ours.loan_id, ours.standing) == ("L-1", PaperStanding.STANDING)
    assert (theirs.loan_id, theirs.standing) == ("T-1", None)
    assert {paper.kind for paper in ours.papers} >= {"invoice", "transport"}
    assert ours.papers == theirs.papers  # one paper at two banks, by its fingerprint
    await lending.take(Step.DISBURSEMENT)
    assert (await papers(lending, "EximbankMSP")).loans[0].standing is PaperStanding.DISBURSED
    await lending.take(Step.REPAYMENT)
    assert (await papers(lending, "EximbankMSP")).loans[0].standing is PaperStanding.DISBURSED  # for good


async def test_papers_of_an_approval_that_came_to_nothing(lending: Lending) -> None:
    await lending.take(Step.WITHDRAWAL)
    assert (await papers(lending, "EximbankMSP")).loans[0].standing is PaperStanding.UNDRAWN


async def test_papers_of_an_approval_that_lapsed(lending: Lending) -> None:
    lending.later(days=40)
    await lending.loan(trade.EXIMBANK, "lapse")
    assert (await papers(lending, "EximbankMSP")).loans[0].standing is PaperStanding.UNDRAWN


async def test_papers_come_in_pages(lending: Lending) -> None:
    lending.later(minutes=1)
    await lending.apply(trade.application("L-2", (2,)))
    first = await papers(lending, "EximbankMSP", 1)
    second = await papers(lending, "EximbankMSP", 1, first.bookmark)
    assert [each.loan_id for each in (*first.loans, *second.loans)] == ["L-1", "L-2"]


async def test_a_bank_is_named_that_is_one(lending: Lending) -> None:
    with pytest.raises(InvalidDocument, match="say whose"):
        await papers(lending, "CustomsMSP")


async def test_balances_are_those_of_financing(lending: Lending) -> None:
    answers = await ask(lending, SAFE, "balances", [FIRST, ABSENT, SECOND])
    assert isinstance(answers, list)
    assert answers[1] is None
    found = [Balance.model_validate(answer) for answer in (answers[0], answers[2])]
    assert found == [await lending.balance(1), await lending.balance(2)]
    assert str(found[0].held) == "70,000.00 USD"


async def test_channels_are_asked_in_one_order_however_many_declarations(
    lending: Lending, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = Recorder()
    recorder.watch(monkeypatch)
    await ask(lending, SAFE, "balances", [FIRST, SECOND])
    ((_, asked),) = recorder.asked.items()
    assert asked == [CUSTOMS, CUSTOMS, FX, FX, FX]
    require_in_order(recorder.asked)


async def test_a_question_is_bounded(lending: Lending) -> None:
    with pytest.raises(InvalidDocument):
        await ask(lending, SAFE, "balances", [trade.number_of(each) for each in range(MAX_BALANCES + 1)])


async def test_usage_by_day(lending: Lending) -> None:
    later = APPLIED + timedelta(days=1)
    answer = await ask(lending, SAFE, "usage", "EximbankMSP", [APPLIED, later])
    assert isinstance(answer, list)
    counted = len((await papers(lending, "EximbankMSP")).loans[0].papers)
    assert [(each["day"], each["papers"]) for each in answer] == [(str(APPLIED), counted), (str(later), 0)]
    assert counted > 0
    assert await ask(lending, SAFE, "usage", "EximbankMSP", []) == answer[:1]  # the day that is open


async def test_what_is_kept_is_told_by_bank_and_channel(lending: Lending) -> None:
    await lending.pull(trade.application("L-2", (1, 2)))
    submit = lending.ledger.submit
    await submit(EXIMBANK, CUSTOMS, "copies:keep", DONGYU.uscc, [FIRST, SECOND])
    keepers = [(DONGYU.uscc, "TradebankMSP"), (DONGYU.uscc, "EximbankMSP"), (trade.OTHER.uscc, "EximbankMSP")]
    assert await ask(lending, SAFE, "kept of customs", keepers) == [[], [FIRST, SECOND], []]
    assert await ask(lending, SAFE, "kept of SAFE", keepers) == [[], [], []]


async def test_a_loan_of_the_other_bank_is_counted_for_it_alone(lending: Lending) -> None:
    await lending.check("T-1", TRADEBANK)
    await lending.approve("T-1", TRADEBANK_CHECKER)
    assert [each.loan_id for each in (await papers(lending, "TradebankMSP")).loans] == ["T-1"]
    answers = await ask(lending, SAFE, "balances", [FIRST])
    assert isinstance(answers, list)
    assert [str(Balance.model_validate(answer).held) for answer in answers] == ["140,000.00 USD"]
