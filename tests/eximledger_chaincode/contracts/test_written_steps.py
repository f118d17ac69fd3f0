"""loans:written: a step of a loan just as the collection has it, for who must hold it against a block."""

from __future__ import annotations

from base64 import b64decode

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending, opened
from tests.hlf_chaincode.memory_peer import Envelope, Identity

from eximledger_chaincode.contracts.state.vault import SALT_BYTES
from eximledger_chaincode.lending.loan import Loan, LoanHistoryItem, LoanState, LoanStep, WrittenStep
from eximledger_chaincode.lending.verdict import VerdictHash
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.errors import NotAuthorized, NotFound

COLLECTION = "papers-EximbankMSP"
REASON = "the price is to be asked for"


async def written(lending: Lending, step: int, who: Identity = trade.EXIMBANK, bank: str = "") -> WrittenStep:
    return WrittenStep.model_validate_json((await lending.endorse(who, "loans:written", "L-1", step, bank)).result)


async def referred(lending: Lending) -> Envelope:
    """A loan that was applied for, checked, and now referred: its third step."""
    await lending.apply()
    await lending.check()
    envelope = await lending.endorse(trade.CHECKER, "loans:refer", "L-1", REASON)
    lending.ledger.commit(envelope)
    return envelope


async def test_every_step_can_be_read_again_as_it_was() -> None:
    lending = await opened()
    envelope = await referred(lending)
    answers = [(await lending.endorse(trade.EXIMBANK, "loans:step", "L-1", step)).result for step in range(3)]
    told = [Loan.model_validate_json(answer) for answer in answers]
    assert [(loan.step, loan.state) for loan in told] == [
        (0, LoanState.APPLIED), (1, LoanState.CHECKED), (2, LoanState.REFERRED),
    ]  # fmt: skip
    assert answers[2] == envelope.result
    of_safe = await lending.endorse(trade.SAFE, "loans:step", "L-1", 2, "EximbankMSP")
    assert of_safe.result == answers[2]
    with pytest.raises(NotFound, match="no step 3 of loan L-1"):
        await lending.endorse(trade.EXIMBANK, "loans:step", "L-1", 3)
    with pytest.raises(NotAuthorized):
        await lending.endorse(trade.TRADEBANK, "loans:step", "L-1", 2, "EximbankMSP")
    with pytest.raises(NotFound):
        await lending.endorse(trade.TRADEBANK, "loans:step", "L-1", 2)


async def test_the_short_answer_is_the_step_and_the_hash_of_the_loan() -> None:
    """Of a step that was taken already, too: of the loan as it stands."""
    lending = await opened()
    whole = await referred(lending)
    told = LoanStep.model_validate_json(await brief(lending, trade.CHECKER, "loans:refer", "L-1", REASON))
    again = await lending.endorse(trade.CHECKER, "loans:refer", "L-1", REASON)
    assert told == LoanStep.of(Loan.model_validate_json(again.result))
    assert told.sha256 == sha256_hex(again.result)
    assert told.step == LoanStep.of(Loan.model_validate_json(whole.result)).step


async def test_the_short_answer_of_a_check_is_the_verdict_s_hash() -> None:
    lending = await opened()
    await lending.apply()
    answer = await brief(lending, trade.EXIMBANK, "loans:check", "L-1")
    verdict = (await lending.endorse(trade.EXIMBANK, "loans:check", "L-1")).result
    assert VerdictHash.model_validate_json(answer) == VerdictHash(sha256=sha256_hex(verdict))


async def brief(lending: Lending, who: Identity, function: str, *arguments: object) -> bytes:
    envelope = await lending.ledger.endorse(who, "bank", function, *arguments, transient={"brief": b"1"})
    assert len(envelope.response.payload) == 272  # sealed: a quarter of a kibibyte, and its tag
    return envelope.result


async def test_a_step_is_told_as_its_transaction_wrote_it() -> None:
    lending = await opened()
    envelope = await referred(lending)
    told = await written(lending, 2)
    value = b64decode(told.value, validate=True)
    assert told.collection == COLLECTION
    assert envelope.writes[COLLECTION, told.key] == value
    step = LoanHistoryItem.model_validate_json(value[SALT_BYTES:])
    assert value[SALT_BYTES:] == canonical_json(step)
    assert (step.transaction_id, step.timestamp) == (envelope.transaction.id, envelope.transaction.timestamp)
    assert (step.loan.state, step.loan.step, told.loan) == (LoanState.REFERRED, 2, step.loan)


async def test_a_step_stays_as_it_was_and_the_loan_goes_on() -> None:
    lending = await opened()
    await referred(lending)
    before = await written(lending, 2)
    await lending.loan(trade.CHECKER, "reject", "L-1", "the price is too low")
    after = await written(lending, 2)
    assert (after.key, after.value) == (before.key, before.value)
    assert (before.loan.state, after.loan.state) == (LoanState.REFERRED, LoanState.REJECTED)
    assert len({(await written(lending, step)).key for step in range(4)}) == 4


async def test_it_is_told_to_the_bank_and_to_the_bureau_alone() -> None:
    lending = await opened()
    await referred(lending)
    own = await written(lending, 2)
    assert await written(lending, 2, trade.SAFE, "EximbankMSP") == own
    assert await written(lending, 2, bank="EximbankMSP") == own
    with pytest.raises(NotAuthorized):
        await written(lending, 2, trade.TRADEBANK, "EximbankMSP")
    with pytest.raises(NotFound):
        await written(lending, 2, trade.TRADEBANK)
    with pytest.raises(NotAuthorized):
        await written(lending, 2, trade.OFFICER, "EximbankMSP")


async def test_a_step_that_there_is_not_is_not_found() -> None:
    lending = await opened()
    await referred(lending)
    with pytest.raises(NotFound, match="no step 3 of loan L-1"):
        await written(lending, 3)
