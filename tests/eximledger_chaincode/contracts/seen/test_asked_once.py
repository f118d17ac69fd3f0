"""What a pull writes and asks, and that what customs has told is asked of it once (docs/decisions/0060)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.seen.scene import DONGYU_USCC, Scene, authorised, held_in, rows_in
from tests.eximledger_chaincode.contracts.trade import EXIMBANK, OFFICER, OTHER, SAFE

from eximledger_chaincode.documents import (
    EnterpriseClass,
    compared_number,
)
from eximledger_chaincode.lending.consent import SCOPES, Scope
from hlf_chaincode.errors import InvalidDocument, NotAuthorized

OURS = "shared-EximbankMSP"
INVOICE = compared_number("INV-1")
ONE, TWO = trade.number_of(1), trade.number_of(2)


async def test_what_a_bank_has_already_is_not_written_again(following: Scene) -> None:
    """A private key costs every peer of the channel."""
    ledger = following.lending.ledger
    await following.lending.file(trade.receipt("R-1"))
    await following.pull(1, 2, invoices=[INVOICE], receipts=["R-1"])
    for channel, function, more in (
        ("customs", "copies:declarations", ()),
        ("fx", "copies:exchange", ([INVOICE], ["R-1"])),
    ):
        again = await ledger.endorse(EXIMBANK, channel, function, DONGYU_USCC, [ONE, TWO], *more)
        assert again.writes == {}
    await following.revoke()
    await following.lending.file(trade.declaration(1, remarks="unseen"), trade.classification(EnterpriseClass.B))
    await following.authorise(authorised(number="A-9"))
    await following.pull(1)
    assert await following.version(1) == 2
    assert (await following.fx(1)) == (await following.fx(1, who=SAFE))


async def test_receipts_of_two_exporters_with_one_reference_are_both_found(following: Scene) -> None:
    """What is pulled of the second takes nothing of the first away from what a number finds."""
    await following.lending.file(trade.receipt("R-1"))
    await following.pull(1, receipts=["R-1"])
    theirs = {"exporter_uscc": OTHER.uscc, "allocations": ()}
    await following.lending.file(trade.receipt("R-1", "500.00").model_copy(update=theirs))
    await following.authorise(authorised(number="B-1", exporter=OTHER))
    await following.submit(EXIMBANK, "fx", "copies:exchange", OTHER.uscc, [], [], ["R-1"])
    found = await following.ask(EXIMBANK, "fx", "documents:find", "receipt", "R-1")
    assert {entry["exporter"] for entry in found} == {DONGYU_USCC, OTHER.uscc}


async def test_what_was_purged_is_pulled_anew(following: Scene) -> None:
    await following.lending.file(trade.receipt("R-1"))
    held = {channel: held_in(following, channel) for channel in ("customs", "fx")}
    rows = {channel: rows_in(following, channel) for channel in ("customs", "fx")}
    await following.revoke()
    await following.purge()
    await following.authorise(authorised(number="A-9"))
    await following.pull(1, 2, invoices=[INVOICE])
    assert {channel: held_in(following, channel) for channel in held} == held
    assert {channel: rows_in(following, channel) for channel in rows} == rows
    assert (await following.customs(1, 2)) == (await following.customs(1, 2, who=SAFE))
    assert (await following.fx(1, invoices=[INVOICE])) == (await following.fx(1, who=SAFE, invoices=[INVOICE]))


async def test_a_pull_of_a_declaration_writes_it_and_its_seal(following: Scene) -> None:
    """And in the writer's collection who has it; no mark of its own, and none that the exporter's sums are there."""
    await following.lending.file(trade.declaration(3))
    call = ("copies:declarations", DONGYU_USCC, [trade.number_of(3)])
    written = (await following.lending.ledger.endorse(EXIMBANK, "customs", *call)).writes
    assert sum(collection == OURS for collection, _ in written) == 2
    assert sum(collection == "declarations" for collection, _ in written) == 1


async def test_a_pull_asks_the_peer_a_handful_of_requests(following: Scene) -> None:
    """Of customs' channel: members and day, consent, the writer's in two, what the bank has. Of SAFE's: members,
    customs' word, the writer's in two, what the bank has."""
    ledger = following.lending.ledger
    await following.lending.file(trade.declaration(3), trade.receipt("R-1"))
    three = [trade.number_of(3)]
    await ledger.submit(EXIMBANK, "customs", "copies:declarations", DONGYU_USCC, three)
    assert ledger.last_requests.count("get_states") == 5
    assert "get_state" not in ledger.last_requests
    await ledger.submit(EXIMBANK, "fx", "copies:exchange", DONGYU_USCC, three, [INVOICE], ["R-1"])
    assert ledger.last_requests.count("get_states") == 4
    assert ledger.last_requests.count("invoke_chaincode") == 1
    assert "get_state" not in ledger.last_requests


async def test_queries_of_a_case_ask_few_requests_at_first_too(following: Scene) -> None:
    """Members with the day; consent and copies; the parts of sums; bands. Once asked, the same are asked together."""
    await following.fx(1)  # the server knows the collection's secret
    ledger, first = following.lending.ledger, date(2026, 1, 1)
    period = (first, date(2026, 12, 31))
    named = {"currencies": ["USD"], "days": [first], "subjects": [], "foreign": [], "least": 88}
    asked: list[tuple[Any, ...]] = [
        ("customs", "documents:customs_facts", [ONE], DONGYU_USCC, *period),
        ("customs", "documents:seals", [ONE]),
        ("customs", "authorisations:standing", [(DONGYU_USCC, "EximbankMSP", "receipts")]),
        ("fx", "documents:fx_case", DONGYU_USCC, [ONE], [INVOICE], [], *period, named),
    ]
    counted = []
    for call in [*asked, *asked]:
        await ledger.endorse(EXIMBANK, *call)
        counted.append(len(ledger.last_requests))
    assert counted == [4, 3, 2, 4, 2, 2, 2, 3]
    await ledger.endorse(EXIMBANK, *asked[-1], ["classification", "receipts"])
    assert "invoke_chaincode" not in ledger.last_requests


async def test_what_customs_has_told_is_not_asked_again(following: Scene) -> None:
    """A bank that says it was told what it was not gets its own copies, and decides nothing by them."""
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    named = {"currencies": ["USD"], "days": [first], "subjects": [], "foreign": [], "least": 88}

    async def case(*allowed: str) -> Any:
        papers: tuple[Any, ...] = (DONGYU_USCC, [ONE], [INVOICE], [])
        return await following.ask(EXIMBANK, "fx", "documents:fx_case", *papers, first, last, named, allowed)

    assert await following.allowed() == ["classification", "receipts"]
    assert [await following.allowed(who) for who in (SAFE, OFFICER)] == [[], []]
    told = await case()
    await following.revoke()
    await following.authorise(authorised(number="A-2", what=("declarations", "receipts")))
    assert await following.allowed() == ["receipts"]
    for allowed in ((), ("receipts",), ("receipts", "declarations")):
        with pytest.raises(NotAuthorized, match="read its classification today"):
            await case(*allowed)
    assert await case("classification", "receipts") == told
    with pytest.raises(InvalidDocument, match="allowed"):
        await case("classification", "receipts", "declarations", "receipts")


@pytest.mark.parametrize("scope", ["classification", "receipts"])
async def test_nothing_is_decided_by_what_of_safes_the_exporter_allows_no_more(following: Scene, scope: Scope) -> None:
    lending = following.lending
    lending.ledger.commit(await lending.endorse(EXIMBANK, "loans:apply", trade.application(applied_on=lending.day)))
    await lending.match()
    await lending.check()
    await lending.decision()
    await following.revoke()
    others = tuple(each for each in SCOPES if each != scope)
    await following.authorise(authorised(number="A-2", what=others))
    for deciding in (lending.check, lending.decision):
        with pytest.raises(NotAuthorized, match=f"read its {scope} today"):
            await deciding()


async def test_a_bank_asks_what_it_has_and_may_read_at_once(following: Scene) -> None:
    async def told(*scopes: str) -> list[bool]:
        said = await following.ask(EXIMBANK, "customs", "copies:owned", DONGYU_USCC, [ONE, trade.number_of(5)], scopes)
        return list(said)

    assert await told() == [True, False]
    assert await told("receipts") == [True, True, False]
    await following.revoke()
    await following.authorise(authorised(number="A-2", what=("receipts",)))
    assert await told("classification", "receipts") == [False, True, True, False]
    with pytest.raises(InvalidDocument, match="scopes"):
        await told("receipts", "receipts", "receipts", "receipts")
