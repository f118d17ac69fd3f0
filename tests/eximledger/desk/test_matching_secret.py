"""SAFE changes the secret under which papers are matched: nothing that stands in the register is lost on the way."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from tests.eximledger.desk.test_desk import LOAN

from eximledger.consortium import CHAINCODE, EXIM
from eximledger.desk import LoanDesk, Rekeyed
from eximledger.testing import LedgerNetwork
from eximledger_chaincode.lending.matching import Generations
from eximledger_chaincode.lending.time import day_in_china
from hlf_client import utc_now
from hlf_client.errors import NotAuthorized, Refused

TODAY = day_in_china(utc_now())


async def approved(network: LedgerNetwork) -> LoanDesk:
    """Tradebank's loan stands in the register; SAFE's desk."""
    desk = LoanDesk(network.connect("tradebank/checker"))
    loan = await desk.loan(LOAN)
    verdict = await LoanDesk(network.connect("tradebank")).check(LOAN)
    overrides = {each.id: "as seen" for each in verdict.findings if each.severity == "refer"}
    await desk.approve(LOAN, loan.version, verdict.evidence_hash, overrides)
    return LoanDesk(network.connect("safe"))


async def test_what_stands_is_moved_and_the_older_secret_goes_last(checked: LedgerNetwork) -> None:
    safe = await approved(checked)
    assert await safe.rekey() == Rekeyed(generation=1, loans=0, marks=0)
    assert await safe.rotate() == Generations(current=2, previous=1)
    with pytest.raises(Refused, match="open it anew under 2 first"):
        await safe.rekey()
    await safe.open_day(TODAY)
    with pytest.raises(Refused, match="loans of TradebankMSP still stand under generation 1"):
        await safe.retire()
    assert await safe.generations() == Generations(current=2, previous=1)
    told: list[str] = []
    moved = await safe.rekey(tell=told.append)
    assert (moved.generation, moved.loans) == (2, 1)
    assert moved.marks > 5
    assert told == [f"1 loans, {moved.marks} marks"]
    assert await safe.rekey() == Rekeyed(generation=2, loans=1, marks=0)  # again: found moved
    assert await safe.retire() == Generations(current=2)
    assert await safe.retire() == Generations(current=2)  # again: nothing more


async def test_a_rekeying_that_was_cut_off_goes_on(checked: LedgerNetwork, monkeypatch: pytest.MonkeyPatch) -> None:
    safe = await approved(checked)
    await safe.rotate()
    await safe.open_day(TODAY)
    monkeypatch.setattr("eximledger.desk._matching._MARKS", 3)
    whole, calls = safe._calls.take, 0

    async def cut(*args: object, **options: object) -> object:
        nonlocal calls
        calls += args[2] == "register:rekey"
        if calls == 2:
            raise RuntimeError("killed")
        return await whole(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(safe._calls, "take", cut)
    with pytest.raises(RuntimeError):
        await safe.rekey()
    monkeypatch.undo()
    rest = await safe.rekey()
    assert rest.marks > 3
    assert await safe.retire() == Generations(current=2)


async def test_only_safe_changes_it(checked: LedgerNetwork) -> None:
    for person in ("tradebank/checker", "eximbank/maker"):
        desk = LoanDesk(checked.connect(person))
        for work in (desk.generations, desk.rotate, desk.rekey, desk.retire):
            with pytest.raises(NotAuthorized):
                await work()


async def test_the_first_business_day_begins_what_customs_and_safe_keep(tmp_path: Path) -> None:
    """Before a bank's consent could: whoever begins a collection can name its keys."""
    network = LedgerNetwork(EXIM, tmp_path / "exim.db", chaincode=CHAINCODE)
    safe = LoanDesk(network.connect("safe"))
    customs, fx = [(await safe.ledger.channel_info(channel)).height for channel in ("customs", "fx")]
    for days in (1, 2):
        await safe.open_day(TODAY + timedelta(days=days))
        found = [(await safe.ledger.channel_info(channel)).height for channel in ("customs", "fx")]
        assert found == [customs + days, fx + 1]  # each day is opened on customs' channel
    await network.finish()
    network.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "exim.db")) as connection:
        begun = connection.execute(
            "SELECT collection FROM state JOIN namespace ON namespace.id = state.namespace "
            "WHERE CAST(key AS TEXT) = 'secret' AND NOT hashed ORDER BY collection"
        ).fetchall()
    assert [each for (each,) in begun] == ["declarations", "matching", "receipts"]
