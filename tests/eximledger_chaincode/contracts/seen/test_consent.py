"""Consent: who files it, what vouches for it, who is told of it, and that a number is used once."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending
from tests.eximledger_chaincode.contracts.seen.scene import (
    DONGYU_USCC,
    SIGNERS,
    Scene,
    authorised,
    revoked,
    scene,
    signing,
)
from tests.eximledger_chaincode.contracts.trade import DONGYU, EXIMBANK, OFFICER, OTHER, SAFE, STRANGER, TRADEBANK
from tests.eximledger_chaincode.contracts.vaults import in_the_block, in_the_open
from tests.eximledger_chaincode.lending.consent.issuing import issued
from tests.hlf_chaincode.memory_peer import CommitInvalid, Identity, identity

from eximledger_chaincode.lending.consent import SignedAuthorisation, SignedRevocation
from eximledger_chaincode.lending.floors import Floors
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, Refused

READER = (DONGYU_USCC, "EximbankMSP", "declarations")


async def stands(made: Scene, who: Identity = EXIMBANK, reader: tuple[str, str, str] = READER) -> bool:
    (answer,) = await made.ask(who, "customs", "authorisations:standing", [reader])
    return bool(answer)


async def test_what_an_exporter_signed_holds_until_it_takes_it_back(made: Scene) -> None:
    assert not await stands(made)
    signed, taken_back = authorised(), revoked()
    book = await made.authorise(signed)
    (filed,) = book["consents"]
    assert (filed["consent"]["given"], filed["filed_by"]["name"]) == ("signed", "maker")
    assert SignedAuthorisation.model_validate(filed["signed"]) == signed  # whoever doubts it checks the signature
    assert [await stands(made, who) for who in (EXIMBANK, SAFE, OFFICER)] == [True] * 3
    assert not await stands(made, TRADEBANK, (DONGYU_USCC, "TradebankMSP", "declarations"))
    assert not await stands(made, reader=(OTHER.uscc or "", "EximbankMSP", "declarations"))
    made.lending.ledger.now += timedelta(days=40)
    assert await made.revoke(taken_back) == "EximbankMSP"
    assert [await stands(made, who) for who in (EXIMBANK, SAFE, OFFICER)] == [False] * 3
    book = await made.ask(EXIMBANK, "customs", "authorisations:book", DONGYU_USCC)
    assert book["consents"][0]["consent"]["revoked_on"] == "2026-10-11"  # the day of its filing
    assert SignedRevocation.model_validate(book["consents"][0]["revocation"]) == taken_back
    assert (await made.ask(SAFE, "customs", "authorisations:list"))["books"] == [book]  # once


@pytest.mark.parametrize("scope", ["classification", "declarations", "receipts"])
async def test_only_what_was_allowed_may_be_read(made: Scene, scope: str) -> None:
    await made.authorise(authorised(what=[scope]))  # type: ignore[list-item]  # one of them
    for each in ("classification", "declarations", "receipts"):
        assert await stands(made, reader=(DONGYU_USCC, "EximbankMSP", each)) == (each == scope)


async def test_consent_begins_when_safe_has_opened_its_first_day(made: Scene) -> None:
    """A transaction's time is its signer's own word: dated forward it reads nothing early, from customs or SAFE."""
    first, ledger = date(2026, 9, 20), made.lending.ledger
    await made.authorise(authorised(since=first))
    ledger.now += timedelta(days=30)
    assert not await stands(made)
    for channel, function, more in (("customs", "copies:declarations", ()), ("fx", "copies:exchange", ([], []))):
        with pytest.raises(NotAuthorized, match="no authorisation"):
            await made.submit(EXIMBANK, channel, function, DONGYU_USCC, [trade.number_of(1)], *more)
    ledger.now -= timedelta(days=12)
    await made.submit(SAFE, "customs", "authorisations:open", first - timedelta(days=1))
    assert not await stands(made)
    await made.submit(SAFE, "customs", "authorisations:open", first)
    ledger.now += timedelta(days=1)
    assert await stands(made)
    await made.pull(1)


async def test_a_call_dated_back_reads_nothing_after_the_last_day(made: Scene) -> None:
    """Three days at most: SAFE opens a day no further ahead."""
    await made.authorise(authorised(until=date(2026, 9, 3)))
    ledger, then = made.lending.ledger, made.lending.ledger.now
    for opened, holds in ((6, True), (7, False)):
        ledger.now = then.replace(day=opened)
        await made.submit(SAFE, "customs", "authorisations:open", ledger.now.date())
        ledger.now = then.replace(day=3)
        assert (opened, await stands(made)) == (opened, holds)


async def test_no_consent_is_filed_before_safes_first_day() -> None:
    """Who files it would begin customs' collection, and could name the keys of its collection in every block."""
    ledger = (await signing(Lending(await trade.unopened()), trade.FLOORS)).lending.ledger
    consent = trade.consent("EximbankMSP")
    for function, paper in (("consent", consent), ("authorise", authorised()), ("revoke", revoked())):
        with pytest.raises(Refused, match="no business day on channel customs"):
            await ledger.submit(EXIMBANK, "customs", f"authorisations:{function}", paper)
    assert {collection for collection, _ in ledger.channels["customs"].values} == {""}
    await ledger.submit(SAFE, "customs", "authorisations:open", trade.APPLIED)
    before = dict(ledger.channels["customs"].values)
    assert ("declarations", "secret") in before
    await ledger.submit(EXIMBANK, "customs", "authorisations:consent", consent)
    with pytest.raises(Refused, match="nothing has begun on channel fx"):
        await ledger.submit(EXIMBANK, "fx", "copies:exchange", DONGYU_USCC, [], [], [])
    await ledger.submit(SAFE, "fx", "copies:begin")
    await ledger.submit(EXIMBANK, "fx", "copies:exchange", DONGYU_USCC, [], [], [])
    assert before.items() <= ledger.channels["customs"].values.items()


@pytest.mark.parametrize("who", [EXIMBANK, OFFICER, STRANGER], ids=lambda who: who.msp_id)
async def test_only_safe_opens_customs_channel_and_never_back(made: Scene, who: Identity) -> None:
    with pytest.raises(NotAuthorized):
        await made.submit(who, "customs", "authorisations:open", trade.APPLIED)
    opened = await made.submit(SAFE, "customs", "authorisations:open", trade.APPLIED)
    assert (opened["opening"], opened["day"]) == (2, "2026-09-01")
    with pytest.raises(Refused, match="2026-08-31 was before it"):
        await made.submit(SAFE, "customs", "authorisations:open", trade.APPLIED - timedelta(days=1))
    with pytest.raises(InvalidDocument, match="more than 3 days"):
        await made.submit(SAFE, "customs", "authorisations:open", trade.APPLIED + timedelta(days=4))


async def test_consent_ends_with_its_last_day(made: Scene) -> None:
    await made.authorise(authorised(until=date(2026, 9, 3)))
    for day, holds in ((1, True), (3, True), (4, False)):
        made.lending.ledger.now = made.lending.ledger.now.replace(day=day)
        assert (day, await stands(made)) == (day, holds)


@pytest.mark.parametrize(
    ("signed", "who", "why"),
    [
        (authorised(signer=SIGNERS[OTHER.uscc]), EXIMBANK, "certificate"),
        (authorised(signer=issued("Dongyu", issued("Nobody's"), usccs=(DONGYU_USCC,))), EXIMBANK, "certificate"),
        (authorised().model_copy(update={"paper": authorised(until=date(2027, 7, 30)).paper}), EXIMBANK, "signature"),
        (authorised(bank="TradebankMSP"), EXIMBANK, "that bank files it"),
        (authorised(bank="SafeMSP"), SAFE, "role bank"),
        (authorised(bank="StrangerMSP"), STRANGER, "no member of the consortium"),
        (authorised(), identity("EximbankMSP", ""), "name"),
    ],
    ids=["another's key", "no authority", "other words", "another bank's", "SAFE", "stranger", "nobody"],
)  # fmt: skip
async def test_what_does_not_vouch_is_refused(made: Scene, signed: object, who: Identity, why: str) -> None:
    with pytest.raises(NotAuthorized, match=why):
        await made.submit(who, "customs", "authorisations:authorise", signed)
    assert not await stands(made)


async def test_an_officers_word_counts_only_where_the_floors_let_it() -> None:
    signed_only = await scene(Floors())
    with pytest.raises(Refused, match="consent must be signed by the exporter"):
        await signed_only.submit(EXIMBANK, "customs", "authorisations:consent", trade.consent("EximbankMSP"))
    both = await scene()
    with pytest.raises(NotAuthorized, match="that bank files it"):
        await both.submit(TRADEBANK, "customs", "authorisations:consent", trade.consent("EximbankMSP"))
    await both.submit(EXIMBANK, "customs", "authorisations:consent", trade.consent("EximbankMSP"))
    await both.authorise()
    for who in (SAFE, OFFICER):
        page = await both.ask(who, "customs", "authorisations:list")
        (book,) = page["books"]
        given = [(each["consent"]["given"], each.get("form_sha256")) for each in book["consents"]]
        assert given == [("officer", "f" * 64), ("signed", None)]
    long = Floors(consent=("signed",), max_authorisation_days=30)
    with pytest.raises(Refused, match="30 days at most"):
        await (await scene(long)).authorise()


async def test_a_number_is_used_once(made: Scene) -> None:
    signed = authorised()
    book = await made.authorise(signed)
    assert (await made.ask(SAFE, "customs", "authorisations:list"))["books"] == [book]
    again = await made.lending.ledger.endorse(EXIMBANK, "customs", "authorisations:authorise", signed)
    assert (again.writes, json.loads(again.result)) == ({}, book)
    for other, who in (
        (authorised(until=date(2026, 12, 31)), EXIMBANK),
        (authorised(number="a 1"), EXIMBANK),  # another spelling
        (authorised("TradebankMSP"), TRADEBANK),
    ):
        with pytest.raises(Refused, match="each has a number of its own"):
            await made.authorise(other, who)
    await made.authorise(authorised("TradebankMSP", "A-2"), TRADEBANK)
    await made.authorise(authorised(exporter=OTHER))


async def test_a_revocation_that_comes_first_stops_its_authorisation(made: Scene) -> None:
    assert await made.revoke(who=SAFE) == ""
    with pytest.raises(Refused, match="revoked before it was filed"):
        await made.authorise()
    assert not await stands(made)


async def test_a_revocation_is_the_exporters_and_takes_back_one(made: Scene) -> None:
    await made.authorise()
    await made.authorise(authorised(number="A-2", what=("receipts",)))
    with pytest.raises(NotAuthorized):
        await made.revoke(revoked(signer=SIGNERS[OTHER.uscc]))
    with pytest.raises(NotAuthorized, match="no member of the consortium"):
        await made.revoke(who=STRANGER)
    await made.revoke(revoked(exporter=OTHER), SAFE)  # of another exporter's A-1
    assert await stands(made)
    refusals = set()
    for number in ("A-1", "A-9"):  # filed, and not filed
        with pytest.raises(NotAuthorized, match="customs or the fx-bureau files it") as raised:
            await made.revoke(revoked(number), TRADEBANK)
        refusals.add(str(raised.value).replace(number, ""))
    assert len(refusals) == 1
    assert await stands(made)
    assert await made.revoke() == "EximbankMSP"
    assert not await stands(made)
    assert await stands(made, reader=(DONGYU_USCC, "EximbankMSP", "receipts"))
    assert await made.revoke(who=OFFICER) == "EximbankMSP"


async def test_a_bank_asks_about_its_own_consent_alone(made: Scene) -> None:
    await made.authorise()
    theirs = (DONGYU_USCC, "TradebankMSP", "declarations")
    for readers in ([READER], [READER, theirs]):
        with pytest.raises(NotAuthorized, match="let other banks read is not for TradebankMSP"):
            await made.ask(TRADEBANK, "customs", "authorisations:standing", readers)
    with pytest.raises(NotAuthorized, match="let EximbankMSP read is not for TradebankMSP"):
        await made.ask(TRADEBANK, "customs", "authorisations:book", DONGYU_USCC, "EximbankMSP")
    own = await made.ask(TRADEBANK, "customs", "authorisations:book", DONGYU_USCC)
    assert (own["bank"], own["consents"]) == ("TradebankMSP", [])
    assert await made.ask(TRADEBANK, "customs", "authorisations:book", DONGYU_USCC, "TradebankMSP") == own
    assert await made.ask(TRADEBANK, "customs", "authorisations:standing", []) == []
    for named in ("", "CustomsMSP"):
        with pytest.raises(InvalidDocument, match="say which bank"):
            await made.ask(SAFE, "customs", "authorisations:book", DONGYU_USCC, named)
    for who in (TRADEBANK, EXIMBANK):
        with pytest.raises(NotAuthorized, match="role customs or fx-bureau"):
            await made.ask(who, "customs", "authorisations:list")
    for who in (SAFE, OFFICER):
        seen = await made.ask(who, "customs", "authorisations:book", DONGYU_USCC, "EximbankMSP")
        assert len(seen["consents"]) == 1


async def test_consent_is_endorsed_by_customs_peer_and_shows_nothing(made: Scene) -> None:
    ledger = made.lending.ledger
    forged = await ledger.endorse(
        EXIMBANK, "customs", "authorisations:authorise", authorised(), endorsers=["EximbankMSP", "SafeMSP"]
    )
    with pytest.raises(CommitInvalid, match="ENDORSEMENT_POLICY_FAILURE"):
        ledger.commit(forged)
    genuine = await ledger.endorse(
        EXIMBANK, "customs", "authorisations:authorise", authorised(), endorsers=["CustomsMSP"]
    )
    ledger.commit(genuine)
    await made.revoke()
    seen = in_the_block(genuine) + in_the_open(ledger)
    for said in (DONGYU_USCC, DONGYU.name, "A-1", "export loans", "2027-07-31", "maker"):
        assert said.encode() not in seen
    assert b"EximbankMSP" not in in_the_block(genuine)
