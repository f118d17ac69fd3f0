"""SAFE's secret: whose it is, its rotation with both generations live, re-keying, and the end of the old one."""

from __future__ import annotations

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.registering import Register, founded_register, loses
from tests.eximledger_chaincode.contracts.trade import (
    CHECKER,
    EXIMBANK,
    SAFE,
    TRADEBANK,
)

from eximledger_chaincode.lending.matching import Generations, Rekeying
from eximledger_chaincode.lending.register import PaperStanding
from eximledger_chaincode.lending.steps import Step
from hlf_chaincode.errors import NotFound, Refused


@pytest.fixture
async def register() -> Register:
    return await founded_register()


@pytest.fixture
async def both(register: Register) -> Register:
    """Both banks have applied, and both were matched before either is approved."""
    return await register.both_applied()


# -- rotation ----------------------------------------------------------------------------------------------------------


async def test_a_bank_that_was_matched_before_the_rotation(both: Register) -> None:
    """Until the day goes by the new generation its tokens hold; from then on they are to be had again."""
    assert await both.rotate() == Generations(current=2, previous=1)
    approval = await both.decision("T-1")
    await both.open(2)
    loses(both, approval)
    with pytest.raises(Refused, match="DUP-UNMATCHED"):
        await both.decision("T-1")
    await both.lending.match("T-1", TRADEBANK)
    await both.approve("T-1")


async def test_the_secret_of_the_business_day_is_read_with_what_tells_the_others(both: Register) -> None:
    """Members and day, the bank's, SAFE's, what is shared with the bank; another generation is one request more."""

    async def requests() -> int:
        await both.lending.match("T-1", TRADEBANK)
        return both.lending.ledger.last_requests.count("get_states")

    await requests()  # from here on the server knows the collections' secrets
    assert await requests() == 4
    await both.rotate()
    assert await requests() == 5
    await both.open(2)
    assert await requests() == 5
    assert "get_state" not in both.lending.ledger.last_requests


async def test_two_that_were_matched_on_either_side_of_the_rotation_race(both: Register) -> None:
    """One has tokens of the old generation, one of both: they meet in the rows that the day goes by."""
    await both.rotate()
    await both.lending.match("T-1", TRADEBANK)
    ours, other = await both.decision("L-1"), await both.decision("T-1")
    both.lending.ledger.commit(ours)
    loses(both, other)
    with pytest.raises(Refused, match="DUP-EXACT"):
        await both.decision("T-1")


async def test_what_stands_under_the_old_generation_is_found_until_it_is_rekeyed_and_after(both: Register) -> None:
    await both.approve("L-1")
    before = both.rows()
    await both.rotate()
    await both.open(2)
    await both.lending.match("T-1", TRADEBANK)
    assert await both.standings("T-1") == {(PaperStanding.STANDING, False)}  # both generations live
    with pytest.raises(Refused, match=r"look its papers up first"):
        await both.pairs("EximbankMSP", "L-1")
    await both.match_by_safe("L-1", "EximbankMSP")
    pairs = await both.pairs("EximbankMSP", "L-1")
    assert len(pairs.pairs) == len(before) == 10
    assert await both.rekey(pairs) == 10
    assert not both.rows().keys() & before.keys()
    assert not {mark for row in both.rows().values() for mark in row} & {
        mark for row in before.values() for mark in row
    }
    assert (await both.pairs("EximbankMSP", "L-1")).pairs == ()
    assert await both.standings("T-1") == {(PaperStanding.STANDING, False)}
    await both.retire()
    await both.lending.match("T-1", TRADEBANK)
    assert await both.standings("T-1") == {(PaperStanding.STANDING, False)}
    await both.lending.take(Step.DISBURSEMENT)  # and the owner finds its marks where they are now
    assert await both.standings("T-1") == {(PaperStanding.DISBURSED, False)}
    assert len(both.rows()) == 10


async def test_a_rekeyed_paper_is_still_known_as_the_banks_own(both: Register) -> None:
    await both.approve("L-1")
    await both.rotate()
    await both.open(2)
    await both.match_by_safe("L-1", "EximbankMSP")
    await both.rekey(await both.pairs("EximbankMSP", "L-1"))
    again = trade.application("L-2", occupied="10000.00", amount="40000.00")
    await both.apply(again)
    assert await both.standings("L-2") == {(PaperStanding.STANDING, True)}


async def test_a_loan_takes_its_marks_along_when_it_moves(both: Register) -> None:
    await both.approve("L-1")
    before = both.rows()
    await both.rotate()
    await both.open(2)
    await both.match_by_safe("L-1", "EximbankMSP")
    pairs = await both.pairs("EximbankMSP", "L-1")
    await both.lending.take(Step.DISBURSEMENT)
    assert not both.rows().keys() & before.keys()
    assert await both.rekey(pairs) == 0  # nothing is moved twice, nor back
    await both.lending.match("T-1", TRADEBANK)
    assert await both.standings("T-1") == {(PaperStanding.DISBURSED, False)}


async def test_rekeying_and_a_step_of_the_loan_do_not_both_count(both: Register) -> None:
    await both.approve("L-1")
    await both.rotate()
    await both.open(2)
    await both.match_by_safe("L-1", "EximbankMSP")
    proposal = both.lending.proposal(Step.WITHDRAWAL)
    await both.lending.loan(EXIMBANK, "propose", "L-1", proposal)
    withdrawal = await both.lending.endorse(CHECKER, "loans:confirm", "L-1", proposal.id)
    await both.rekey(await both.pairs("EximbankMSP", "L-1"))
    loses(both, withdrawal)
    await both.lending.loan(CHECKER, "confirm", "L-1", proposal.id)
    await both.lending.match("T-1", TRADEBANK)
    assert await both.standings("T-1") == {(PaperStanding.UNDRAWN, False)}


async def test_rotation_goes_in_order(both: Register) -> None:
    with pytest.raises(Refused, match=r"1 or 2 follows"):
        await both.open(3)
    await both.rotate()
    with pytest.raises(Refused, match=r"generation 1 is still looked up: retire it first"):
        await both.rotate()
    with pytest.raises(Refused, match=r"goes by generation 1"):
        await both.rekey(Rekeying(generation=2))
    with pytest.raises(Refused, match=r"goes by generation 1"):
        await both.retire()
    with pytest.raises(NotFound, match="loan L-1 has nothing in the register"):
        await both.pairs("EximbankMSP", "L-1")
    await both.open(2)
    await both.open(2)  # the present one may be named
    with pytest.raises(Refused, match=r"goes by 2, 2 or 3 follows"):
        await both.open(1)
    await both.open()  # as the day before
    await both.retire()
    await both.retire()  # again: nothing more
    assert await both.rotate() == Generations(current=3, previous=2)
    assert await both.at_safe(SAFE, "register:generations") == {
        "kind": "matching-generations", "schema_version": 2, "current": 3, "previous": 2,
    }  # fmt: skip


async def test_before_the_first_secret_nothing_is_looked_up() -> None:
    ledger = await trade.founded()
    with pytest.raises(Refused, match="made no matching secret yet"):
        await ledger.endorse(SAFE, "bank", "register:generations", at="SafeMSP")


async def test_a_retired_secret_is_gone_and_a_made_one_is_new(both: Register) -> None:
    secrets = {
        key: value
        for (collection, key), value in both.lending.ledger.channels["bank"].values.items()
        if collection == "matching"
    }
    await both.rotate()
    await both.open(2)
    await both.retire()
    after = {
        key: value
        for (collection, key), value in both.lending.ledger.channels["bank"].values.items()
        if collection == "matching"
    }
    assert len(secrets) == len(after) == 3  # the collection's own, the generations, one secret
    assert len(secrets.keys() & after.keys()) == 2
