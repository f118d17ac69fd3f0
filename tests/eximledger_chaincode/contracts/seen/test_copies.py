"""Copies: pulled under consent alone, brought up by whoever files, kept for loans, and purged."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.seen.scene import DONGYU_USCC, Scene, authorised, held_in, rows_in
from tests.eximledger_chaincode.contracts.trade import EXIMBANK, OFFICER, OTHER, SAFE, TRADEBANK, usd
from tests.eximledger_chaincode.contracts.vaults import SALT, SECRET, collections, in_the_block, in_the_open, inside
from tests.hlf_chaincode.memory_peer import CommitInvalid, Identity

from eximledger_chaincode.contracts.casefile.facts import LoanFacts
from eximledger_chaincode.contracts.papers.consents import KeptDeclarations
from eximledger_chaincode.contracts.papers.copying import Audience, Following
from eximledger_chaincode.contracts.state.keys import (
    audience_key,
    consents_key,
    declared_key,
    following_key,
    version_key,
)
from eximledger_chaincode.contracts.state.records import encode
from eximledger_chaincode.documents import (
    MAX_NAMED,
    Allocation,
    DeclarationStatus,
    EnterpriseClass,
    FxReceipt,
    ReceiptStatus,
    compared_number,
)
from eximledger_chaincode.lending.consent import Scope
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, NotFound, Refused
from hlf_chaincode.private_call import KEY_BYTES, SEED, derived

OURS = "shared-EximbankMSP"
INVOICE = compared_number("INV-1")
ONE, TWO = trade.number_of(1), trade.number_of(2)


def theirs(reference: str = "X-1", **changes: object) -> FxReceipt:
    """A receipt of the other exporter's."""
    sound: dict[str, object] = {"exporter_uscc": OTHER.uscc, "allocations": ()}
    return trade.receipt(reference).model_copy(update=sound | changes)


def on_invoice(reference: str, exporter: str | None = DONGYU_USCC) -> FxReceipt:
    """A receipt that names the first invoice, and no declaration."""
    said = {"references": ({"kind": "invoice", "number": "INV-1"},), "exporter_uscc": exporter}
    return FxReceipt.model_validate(trade.receipt(reference, serial=None).model_dump() | said)


# -- pulled under consent ----------------------------------------------------------------------------------------------


async def test_nothing_is_copied_without_consent(made: Scene) -> None:
    async def refused(scope: str) -> None:
        function = "copies:declarations" if scope == "declarations" else "copies:exchange"
        channel = "customs" if scope == "declarations" else "fx"
        more: list[list[str]] = [] if scope == "declarations" else [[], []]
        with pytest.raises(NotAuthorized, match=f"lets EximbankMSP read its {scope} today"):
            await made.submit(EXIMBANK, channel, function, DONGYU_USCC, [ONE], *more)

    await refused("declarations")
    await refused("classification")
    await made.authorise(authorised(what=("classification",)))
    await refused("declarations")
    await refused("receipts")
    await made.authorise(authorised(number="A-2", what=("declarations",)))
    await refused("receipts")
    assert collections(made.lending.ledger, "fx") == {"receipts"}
    await made.authorise(authorised(number="A-3", what=("receipts",), until=date(2026, 9, 1)))
    await made.pull(1)
    made.lending.later(days=1)
    await refused("receipts")
    for who in (SAFE, OFFICER, trade.STRANGER):
        with pytest.raises(NotAuthorized, match=r"role bank|no member"):
            await made.submit(who, "customs", "copies:declarations", DONGYU_USCC, [ONE])


async def test_another_exporters_declaration_answers_as_one_that_does_not_exist(made: Scene) -> None:
    await made.authorise()
    declarations, _ = await made.pull(1, 5, 99)
    assert declarations == [ONE]
    numbers = [trade.number_of(serial) for serial in (1, 5, 99)]
    assert await made.ask(EXIMBANK, "customs", "copies:owned", DONGYU_USCC, numbers) == [True, False, False]
    seals = await made.ask(EXIMBANK, "customs", "documents:seals", numbers)
    assert [seal is None for seal in seals] == [False, True, True]
    refusals = []
    for serial in (5, 99):
        with pytest.raises(NotFound) as raised:
            await made.ask(EXIMBANK, "customs", "documents:get", "declaration", trade.number_of(serial))
        refusals.append(str(raised.value).replace(trade.number_of(serial), "N"))
        assert await made.version(serial) is None
    assert len(set(refusals)) == 1
    for serial in (5, 99):
        assert len((await made.customs(1, serial))["declarations"]) == 1
    assert len((await made.customs(1, 5, who=SAFE))["declarations"]) == 2


async def test_a_pull_does_not_look_at_what_is_another_exporters(made: Scene) -> None:
    """Its endorsement would show that it is there, and where it was filed; and its keys, in other banks' pulls."""
    ledger = made.lending.ledger
    await made.lending.file(theirs(), theirs("X-4", exporter_uscc=None), trade.receipt("R-1"))
    await made.authorise()
    await made.pull(1, receipts=["R-1"])
    foreign = [trade.number_of(serial) for serial in (5, 99)]
    for channel, main, asked in (
        ("customs", "declarations", ("copies:declarations", DONGYU_USCC, foreign)),
        ("fx", "receipts", ("copies:exchange", DONGYU_USCC, foreign, [], ["X-1", "X-9"])),
    ):
        before = await ledger.endorse(EXIMBANK, channel, asked[0], DONGYU_USCC, *([[]] * (len(asked) - 2)))
        endorsed = await ledger.endorse(EXIMBANK, channel, *asked)
        more = {key: version for key, version in endorsed.reads.items() if key[0] == main and key not in before.reads}
        assert more, "it is looked for"
        assert set(more.values()) == {None}, "nothing is found"
        assert not {key for key in endorsed.writes if key[0] == main}
    await made.pull(1, receipts=["X-4"])  # a receipt that does not say whose it is reaches who names it
    assert [each["document"]["reference"] for each in (await made.fx(1, receipts=["X-4"]))["receipts"]] == ["X-4"]


async def test_a_declaration_that_is_taken_over_keeps_its_seal(following: Scene) -> None:
    """What is held of it stands under that."""
    seals = await following.ask(SAFE, "customs", "documents:seals", [ONE, TWO])
    assert None not in seals
    await following.lending.file(trade.declaration(1, exporter=OTHER))
    assert await following.ask(SAFE, "customs", "documents:seals", [ONE, TWO]) == seals
    await following.authorise(authorised("TradebankMSP", "A-2", exporter=OTHER), TRADEBANK)
    await following.submit(TRADEBANK, "customs", "copies:declarations", OTHER.uscc, [ONE, TWO])
    assert await following.ask(TRADEBANK, "customs", "documents:seals", [ONE, TWO]) == [seals[0], None]
    await following.pull(1, 2)
    assert await following.ask(EXIMBANK, "customs", "documents:seals", [ONE, TWO]) == [None, seals[1]]


async def test_another_exporters_receipts_are_not_copied(made: Scene) -> None:
    await made.lending.file(theirs(), trade.receipt("R-1"))
    allocation = Allocation(declaration_number=trade.number_of(5), amount=usd("30000.00"))
    await made.lending.file(theirs("X-2", allocations=(allocation,)))
    await made.lending.file(theirs("X-4", exporter_uscc=None, allocations=(allocation,)))  # of nobody known
    await made.authorise()
    _, receipts = await made.pull(1, 5, receipts=["X-1", "X-2", "R-1"])
    assert len(receipts) == 1
    facts = await made.fx(1, 5, receipts=["X-1", "X-2", "R-1"])
    assert [record["document"]["reference"] for record in facts["receipts"]] == ["R-1"]
    assert facts["received"] == [{"amount": "30000.00", "currency": "USD"}]
    assert len(facts["namings"]) == 1
    await made.lending.file(theirs("X-3", allocations=(allocation,)))
    assert await made.fx(1, 5, receipts=["X-1", "X-2", "R-1"]) == facts


async def test_what_came_before_the_pull_is_copied_as_safe_has_it(made: Scene) -> None:
    nobodys = trade.receipt("R-3").model_copy(update={"exporter_uscc": None})
    await made.lending.file(trade.receipt("R-1"), trade.receipt("R-2", serial=None), nobodys)
    await made.lending.file(on_invoice("R-4"), on_invoice("R-5", None))
    await made.authorise()
    _, ids = await made.pull(1, invoices=[INVOICE], receipts=["R-1", "R-3"])
    facts = await made.fx(1, invoices=[INVOICE], receipts=["R-1", "R-3"])
    assert facts == await made.fx(1, invoices=[INVOICE], receipts=["R-1", "R-3"], who=SAFE)
    counts = {part: len(facts[part]) for part in ("receipts", "namings", "unallocated", "received")}
    assert counts == {"receipts": 2, "namings": 3, "unallocated": 2, "received": 1}
    assert sorted(ids) == sorted(record["id"] for record in facts["receipts"])


async def test_one_pull_names_so_many(made: Scene) -> None:
    for place, limit in enumerate((MAX_NAMED, 2 * MAX_NAMED, 2 * MAX_NAMED)):
        for count, refusal in ((limit, NotAuthorized), (limit + 1, InvalidDocument)):
            named: list[list[str]] = [[], [], []]
            named[place] = [ONE] * count
            with pytest.raises(refusal):  # SAFE pulls nothing, however much it names
                await made.submit(SAFE, "fx", "copies:exchange", DONGYU_USCC, *named)


async def test_a_pull_is_endorsed_by_the_writers_peer_and_shows_nothing(made: Scene) -> None:
    await made.authorise()
    ledger = made.lending.ledger
    arguments = (EXIMBANK, "customs", "copies:declarations", DONGYU_USCC, [ONE])
    forged = await ledger.endorse(*arguments, endorsers=["EximbankMSP", "SafeMSP"])
    with pytest.raises(CommitInvalid, match="ENDORSEMENT_POLICY_FAILURE"):
        ledger.commit(forged)
    genuine = await ledger.endorse(*arguments, endorsers=["CustomsMSP"], at="CustomsMSP")
    ledger.commit(genuine)
    seen = in_the_block(genuine) + in_the_open(ledger)
    for said in (ONE, DONGYU_USCC, "Dongyu", "100000.00", "EximbankMSP-"):
        assert said.encode() not in seen


@pytest.mark.parametrize("channel", ["customs", "fx"])
async def test_a_bank_without_copies_learns_no_key_of_an_exporters(following: Scene, channel: str) -> None:
    """An endorsement shows the hashes of keys that it read, and where each was written last: a stranger would know the
    exporter's in every block, and its banks by the collections beside them."""
    await following.lending.file(trade.receipt("R-1"))
    main = {"customs": "declarations", "fx": "receipts"}[channel]
    strangers: tuple[tuple[str, object], ...] = (("copies:keep", []), ("copies:purge", "TradebankMSP"))
    for function, more in strangers:
        endorsed = await following.lending.ledger.endorse(TRADEBANK, channel, function, DONGYU_USCC, more)
        names = {key for where, key in (*endorsed.reads, *endorsed.writes) if where == main}
        assert names <= {SECRET}, function
        assert not [key for key in endorsed.writes if key[0] in {main, "shared-TradebankMSP"}]
        following.lending.ledger.commit(endorsed)
    assert await following.submit(TRADEBANK, channel, "copies:keep", DONGYU_USCC, []) == []
    await following.keep(1)
    served = await following.lending.ledger.endorse(EXIMBANK, channel, "copies:keep", DONGYU_USCC, [ONE])
    assert [key for where, key in served.reads if where == main], "who has copies is served"


@pytest.mark.parametrize("channel", ["customs", "fx"])
async def test_a_bank_that_pulls_cannot_guess_what_it_wrote_of_other_banks(made: Scene, channel: str) -> None:
    """Its call writes who follows a declaration, and whose loans hold which, into the writer's vault; the hashes are in
    the block, and it knows the seed of its call."""
    main = {"customs": "declarations", "fx": "receipts"}[channel]
    await made.authorise(authorised("TradebankMSP", "A-2"), TRADEBANK)
    await made.pull(1, who=TRADEBANK)
    await made.keep(1, who=TRADEBANK)
    await made.authorise()
    if channel == "fx":
        await made.submit(EXIMBANK, "customs", "copies:declarations", DONGYU_USCC, [ONE])
    asked: tuple[object, ...] = (DONGYU_USCC, [ONE]) if channel == "customs" else (DONGYU_USCC, [ONE], [], [])
    seed = bytes(range(KEY_BYTES))
    pulled = await made.lending.ledger.endorse(
        EXIMBANK, channel, f"copies:{'declarations' if channel == 'customs' else 'exchange'}", *asked,
        transient={SEED: seed},
    )  # fmt: skip
    seen = {hashlib.sha256(value).digest() for (where, _), value in pulled.writes.items() if where == main and value}
    both = {"EximbankMSP": DONGYU_USCC, "TradebankMSP": DONGYU_USCC}
    kept = {"EximbankMSP": KeptDeclarations(), "TradebankMSP": KeptDeclarations(numbers=(ONE,))}
    guesses = {
        following_key("declaration", ONE): encode(Following(banks=both)),
        audience_key(DONGYU_USCC): encode(Audience(banks=kept)),
    }
    found = {inside(made.lending.ledger, channel, main, key) for key in guesses}
    made.lending.ledger.commit(pulled)
    assert found.isdisjoint(guesses.values())
    for key, value in guesses.items():
        assert inside(made.lending.ledger, channel, main, key) == value, "the guess is right"
        salt = derived({SEED: seed}, f"salt of {main} {key}")[:SALT]
        assert hashlib.sha256(salt + value).digest() not in seen, key


async def test_copied_receipts_are_found_by_the_reference_that_they_share(made: Scene) -> None:
    await made.lending.file(trade.receipt("R-1"))
    await made.authorise()
    await made.pull(1, receipts=["R-1"])
    await made.lending.file(trade.receipt("R-1", "500.00"))
    for seen in (["30000.00"], ["30000.00", "500.00"], ["30000.00", "500.00"]):
        entries = await made.ask(EXIMBANK, "fx", "documents:find", "receipt", "r/1")
        records = await made.ask(EXIMBANK, "fx", "documents:get_many", "receipt", [each["id"] for each in entries])
        assert sorted(record["document"]["amount"]["amount"] for record in records) == seen
        assert len((await made.fx(1, receipts=["R-1"]))["receipts"]) == len(seen)
        await made.pull(1, receipts=["R-1"])


async def test_officers_who_pull_one_receipt_at_one_time_do_not_meet(made: Scene) -> None:
    await made.lending.file(trade.receipt("R-1"))
    await made.authorise()
    await made.pull(1, receipts=["R-1"])
    again: tuple[Any, ...] = (EXIMBANK, "fx", "copies:exchange", DONGYU_USCC, [ONE], [], ["R-1"])
    for envelope in [await made.lending.ledger.endorse(*again) for _ in range(2)]:
        made.lending.ledger.commit(envelope)


async def test_a_sum_that_ended_meanwhile_is_taken_away_by_the_next_pull(following: Scene) -> None:
    """Its one declaration was cancelled while the bank had no consent."""
    earlier = trade.declaration(7, exported=date(2026, 2, 3))
    part = declared_key(DONGYU_USCC, date(2026, 2, 3), earlier.id)
    await following.lending.file(earlier)
    assert inside(following.lending.ledger, "customs", OURS, part) is not None
    await following.revoke()
    await following.lending.file(earlier.model_copy(update={"status": DeclarationStatus.CANCELLED}))
    await following.authorise(authorised(number="A-9"))
    await following.pull(1)
    assert inside(following.lending.ledger, "customs", OURS, part) is None
    assert (await following.customs(1)) == (await following.customs(1, who=SAFE))


# -- brought up by whoever files ---------------------------------------------------------------------------------------


async def test_an_amendment_reaches_every_copy_in_its_own_transaction(following: Scene) -> None:
    await following.authorise(authorised("TradebankMSP", "A-2"), TRADEBANK)
    await following.pull(1, who=TRADEBANK)
    ledger = following.lending.ledger
    for version, status in ((2, DeclarationStatus.AMENDED), (3, DeclarationStatus.CANCELLED)):
        amended = trade.declaration(1, status=status, remarks=f"version {version}")
        envelope = await ledger.endorse(OFFICER, "customs", "documents:put", "declaration", amended)
        written = {collection for collection, _ in envelope.writes}
        assert {OURS, "shared-TradebankMSP"} <= written
        ledger.commit(envelope)
        for who in (EXIMBANK, TRADEBANK):
            record = await following.ask(who, "customs", "documents:get", "declaration", ONE)
            assert (record["version"], record["document"]["status"]) == (version, status)
    history = await following.ask(EXIMBANK, "customs", "documents:history", "declaration", ONE)
    assert [each["entry"]["version"] for each in history] == [3, 2, 1]
    assert await following.version(2, TRADEBANK) is None
    await following.lending.file(trade.declaration(2, remarks="two"))
    assert (await following.version(2), await following.version(2, TRADEBANK)) == (2, None)
    await following.lending.file(trade.declaration(3, "5000.00"))
    totals = [(await following.customs(1, who=who))["declared"] for who in (EXIMBANK, TRADEBANK, SAFE)]
    assert totals == [[{"amount": "105000.00", "currency": "USD"}]] * 3


async def test_totals_classes_and_receipts_are_pushed(following: Scene) -> None:
    assert (await following.customs(1))["declared"] == [{"amount": "200000.00", "currency": "USD"}]
    await following.lending.file(trade.declaration(3, "5000.00"))
    assert (await following.customs(1))["declared"] == [{"amount": "205000.00", "currency": "USD"}]
    assert await following.version(3) is None, "the sum tells of it; the declaration was not asked for"
    named = on_invoice("R-4")
    nobody = trade.receipt("R-3").model_copy(update={"exporter_uscc": None})
    await following.lending.file(trade.receipt("R-1"), trade.receipt("R-2", serial=None), nobody, named)
    facts = await following.fx(1, invoices=[INVOICE])
    assert facts == await following.fx(1, invoices=[INVOICE], who=SAFE)
    assert len(facts["namings"]) == 3
    assert len(facts["unallocated"]) == 1
    assert (await following.ask(EXIMBANK, "fx", "documents:list", "receipt"))["entries"] == []
    assert facts["received"] == [{"amount": "90000.00", "currency": "USD"}]
    await following.lending.file(trade.classification(EnterpriseClass.C))
    classes = (await following.fx(1))["classifications"]
    assert [each["document"]["enterprise_class"] for each in classes] == ["C"]


async def test_a_declaration_that_becomes_another_exporters_is_taken_away(following: Scene) -> None:
    await following.lending.file(trade.declaration(1, exporter=OTHER))
    assert await following.version(1) is None
    with pytest.raises(NotFound):
        await following.ask(EXIMBANK, "customs", "documents:get", "declaration", ONE)
    await following.lending.file(trade.declaration(1, exporter=OTHER, remarks="still"))
    assert await following.version(1) is None
    held = [inside(following.lending.ledger, "customs", OURS, version_key("declaration", ONE, each)) for each in (2, 3)]
    assert held == [None, None], "no version of the other exporter's"
    assert (await following.customs(1, 2))["declared"] == [{"amount": "100000.00", "currency": "USD"}]
    assert await following.ask(EXIMBANK, "customs", "copies:owned", DONGYU_USCC, [ONE, TWO]) == [False, True]
    assert (await following.pull(1))[0] == []
    page = await following.ask(EXIMBANK, "customs", "documents:list", "declaration")
    assert [entry["id"] for entry in page["entries"]] == [TWO]


# -- when consent ends -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", ["expiry", "revocation"])
async def test_after_consent_only_what_loans_hold_is_brought_up(following: Scene, ends: str) -> None:
    await following.keep(1)
    before = (await following.customs(1))["declared"]
    if ends == "expiry":
        following.lending.later(days=400)
    else:
        await following.revoke()
    await following.lending.file(trade.declaration(1, remarks="held"), trade.declaration(2, remarks="not held"))
    await following.lending.file(trade.declaration(4), trade.receipt("R-1"), trade.receipt("R-2", serial=2))
    assert [await following.version(serial) for serial in (1, 2, 4)] == [2, 1, None]
    facts = await following.customs(1)
    assert (facts["declarations"][0]["version"], facts["declared"]) == (2, before)
    assert [each["receipt_id"] for each in (await following.fx(1))["namings"]] == [
        each["receipt_id"] for each in (await following.fx(1, who=SAFE))["namings"]
    ]
    assert len((await following.fx(1))["namings"]) == 1
    assert (await following.fx(1))["received"] == []
    await following.lending.file(trade.declaration(1, status=DeclarationStatus.CANCELLED, remarks="gone"))
    assert await following.version(1) == 3
    with pytest.raises(NotAuthorized, match="today"):
        await following.pull(4)


async def test_after_consent_receipts_on_what_loans_hold_are_brought_up(following: Scene) -> None:
    """It is taken back: the bank that lent on the one has to know, of the other it is told no more."""
    await following.lending.file(trade.receipt("R-1"), trade.receipt("R-2", serial=2))
    await following.pull(1, 2, receipts=["R-1", "R-2"])
    await following.keep(1)
    await following.revoke()
    for reference, serial in (("R-1", 1), ("R-2", 2)):
        reversed_ = trade.receipt(reference, serial=serial).model_copy(update={"status": ReceiptStatus.REVERSED})
        await following.lending.file(reversed_)
    statuses = {}
    for reference in ("R-1", "R-2"):
        (entry,) = await following.ask(EXIMBANK, "fx", "documents:find", "receipt", reference)
        record = await following.ask(EXIMBANK, "fx", "documents:get", "receipt", entry["id"])
        statuses[reference] = record["document"]["status"]
    assert statuses == {"R-1": "reversed", "R-2": "booked"}


async def test_a_bank_whose_copies_are_not_kept_up_decides_nothing(following: Scene) -> None:
    await following.keep(1)
    following.lending.later(days=400)
    for serials in ((2,), (1, 2), ()):
        with pytest.raises(NotAuthorized, match="read its declarations today"):
            await following.customs(*serials)
        with pytest.raises(NotAuthorized, match=r"read its (classification|receipts) today"):
            await following.fx(*serials)
    await following.customs(1)
    await following.fx(1)
    await following.keep()
    with pytest.raises(NotAuthorized):
        await following.customs(1)


@pytest.mark.parametrize(("left", "lost"), [("receipts", "classification"), ("classification", "receipts")])
async def test_nothing_is_decided_by_half_of_what_safe_knows(following: Scene, left: Scope, lost: str) -> None:
    await following.authorise(authorised(number="A-2", what=(left,)))
    await following.revoke()
    with pytest.raises(NotAuthorized, match=f"read its {lost} today"):
        await following.fx(1)


async def test_what_was_not_pulled_does_not_count_as_not_being_there(made: Scene) -> None:
    await made.authorise()
    for asked, channel in ((made.customs(1), "customs"), (made.fx(1), "fx")):
        with pytest.raises(Refused, match=f"not all of this was pulled from channel {channel}") as raised:
            await asked
        assert raised.value.details["pull"] == channel
    await made.pull(1)
    await made.customs(1)
    await made.fx(1)
    with pytest.raises(Refused, match="pull it first"):
        await made.fx(1, invoices=[INVOICE])
    await made.pull(1, invoices=[INVOICE])
    await made.submit(EXIMBANK, "customs", "copies:declarations", DONGYU_USCC, [TWO])
    for serials, invoices in (((1, 2), []), ((1, 2), [INVOICE]), ((1, 99, 2), [])):
        with pytest.raises(Refused, match="pull it first"):
            await made.fx(*serials, invoices=invoices)
    for serials in ((1, 99), (99, 1)):  # of one that the exporter has not, there is nothing to pull
        await made.fx(*serials)


async def test_a_bank_keeps_only_what_it_has(following: Scene) -> None:
    for channel in ("customs", "fx"):
        with pytest.raises(Refused, match=f"has no copy of declaration {trade.number_of(5)}"):
            await following.submit(EXIMBANK, channel, "copies:keep", DONGYU_USCC, [ONE, trade.number_of(5)])
        with pytest.raises(NotAuthorized, match="role bank"):
            await following.submit(SAFE, channel, "copies:keep", DONGYU_USCC, [ONE])
    with pytest.raises(Refused, match="on channels customs and fx"):
        await following.submit(EXIMBANK, "bank", "copies:keep", DONGYU_USCC, [ONE])


async def test_copies_are_pulled_told_and_purged_where_their_writer_files(following: Scene) -> None:
    await following.revoke()
    for function, more, wrong in (
        ("declarations", (DONGYU_USCC, []), {"fx", "bank"}),
        ("exchange", (DONGYU_USCC, [], [], []), {"customs", "bank"}),
        ("owned", (DONGYU_USCC, [ONE]), {"fx", "bank"}),
        ("recipients", ([ONE],), {"fx", "bank"}),
        ("purge", (DONGYU_USCC, "EximbankMSP"), {"bank"}),
    ):  # fmt: skip
        for channel in wrong:
            who = SAFE if function in {"recipients", "purge"} else EXIMBANK
            with pytest.raises(Refused, match=rf"(lives on channel|copies are kept on channels) .*, not on {channel}"):
                await following.submit(who, channel, f"copies:{function}", *more)


@pytest.mark.parametrize("who", [EXIMBANK, SAFE], ids=lambda who: who.msp_id)
async def test_revocation_purges_what_no_loan_holds(following: Scene, who: Identity) -> None:
    ledger = following.lending.ledger
    await following.lending.file(trade.receipt("R-1"), trade.receipt("R-2", serial=2))
    await following.keep(1)
    with pytest.raises(Refused, match="stands: it is revoked first"):
        await following.purge(who)
    await following.revoke()
    with pytest.raises(NotAuthorized, match="purged by EximbankMSP, customs or the fx-bureau"):
        await following.purge(TRADEBANK)
    await following.purge(who)
    assert [await following.version(serial) for serial in (1, 2)] == [1, None]
    for asked in (following.customs(1), following.fx(1)):  # totals and classes are gone: they do not count as nothing
        with pytest.raises(Refused, match="not all of this was pulled"):
            await asked
    seals = await following.ask(EXIMBANK, "customs", "documents:seals", [ONE, TWO])
    assert [seal is None for seal in seals] == [False, True]
    assert held_in(following, "customs") == 4  # declaration, seal, what is kept, what was allowed
    assert held_in(following, "fx") == 3
    await following.lending.file(trade.declaration(1, remarks="later"), trade.receipt("R-3"))
    assert await following.version(1) == 2, "it is still brought up"
    await following.keep()
    await following.purge(who)
    assert (held_in(following, "customs"), held_in(following, "fx")) == (1, 0)
    assert inside(ledger, "customs", OURS, consents_key(DONGYU_USCC, "EximbankMSP")) is not None
    await following.lending.file(trade.declaration(1, remarks="unseen"), trade.receipt("R-4"))
    assert (held_in(following, "customs"), held_in(following, "fx")) == (1, 0)
    await following.authorise(authorised(number="A-9"))
    await following.lending.file(trade.receipt("R-5"))
    assert held_in(following, "fx") == 0, "consent alone brings nothing: what is wanted is pulled"


async def test_a_loan_on_what_was_purged_is_read_without_what_is_held_of_it(following: Scene) -> None:
    """The declaration's seal is gone, though the loan holds it: nothing of the loan's own is taken off nothing."""
    lending = following.lending
    lending.ledger.commit(await lending.endorse(EXIMBANK, "loans:apply", trade.application(applied_on=lending.day)))
    await lending.match()
    await lending.check()
    lending.ledger.commit(await lending.decision())
    await following.revoke()
    await following.purge()
    facts = LoanFacts.model_validate_json((await lending.endorse(EXIMBANK, "loans:facts", "L-1")).result)
    assert [(each.declaration_number, each.held) for each in facts.positions] == [(ONE, ())]


async def test_customs_purges_what_stands_on_its_channel(following: Scene) -> None:
    await following.revoke(who=OFFICER)
    await following.submit(OFFICER, "customs", "copies:purge", DONGYU_USCC, "EximbankMSP")
    assert held_in(following, "customs") == 1


async def test_a_second_purge_changes_nothing(following: Scene) -> None:
    await following.revoke()
    await following.purge()
    for channel in ("customs", "fx"):
        again = (SAFE, channel, "copies:purge", DONGYU_USCC, "EximbankMSP")
        assert (await following.lending.ledger.endorse(*again)).writes == {}


async def test_what_was_purged_is_followed_and_named_no_more(following: Scene) -> None:
    """Also when the exporter consents anew: what is wanted then is pulled."""
    await following.lending.file(trade.receipt("R-1"))
    await following.revoke()
    await following.purge()
    assert await following.ask(OFFICER, "customs", "copies:recipients", [ONE]) == []
    await following.authorise(authorised(number="A-7"))
    nobodys = trade.receipt("R-8").model_copy(update={"exporter_uscc": None})
    await following.lending.file(trade.declaration(1, remarks="amended since"), trade.receipt("R-9"), nobodys)
    assert await following.version(1) is None
    assert held_in(following, "fx") == 0


async def test_a_bank_that_was_purged_is_not_shown_how_a_class_is_amended(following: Scene) -> None:
    """Also where its loan holds a declaration still, and the exporter consents anew: it has to ask again."""
    await following.keep(1)
    await following.revoke()
    await following.purge()
    await following.authorise(authorised(number="A-9"))
    amended = trade.classification(EnterpriseClass.C)
    await following.lending.file(amended)
    assert await following.ask(EXIMBANK, "fx", "documents:get_many", "classification", [amended.id]) == [None]


async def test_a_call_that_says_it_is_of_yesterday_gets_nothing_of_today(following: Scene) -> None:
    """The time of a call is its signer's own word, and a patched peer keeps what it was sent, ordered or not."""
    begun = following.lending.ledger.now
    following.lending.later(days=400)
    await following.lending.file(trade.receipt("R-LATE"), trade.declaration(1, remarks="late"))
    following.lending.ledger.now = begun
    with pytest.raises(Refused, match="older than what was filed last"):
        await following.submit(EXIMBANK, "customs", "copies:declarations", DONGYU_USCC, [ONE])
    with pytest.raises(Refused, match="older than what was filed last"):
        await following.submit(EXIMBANK, "fx", "copies:exchange", DONGYU_USCC, [ONE], [], [])


async def test_clocks_may_differ_by_a_quarter_of_an_hour(following: Scene) -> None:
    ledger = following.lending.ledger
    await following.lending.file(trade.declaration(1, remarks="late"))
    ledger.now -= timedelta(minutes=15)
    await following.submit(EXIMBANK, "customs", "copies:declarations", DONGYU_USCC, [ONE])
    ledger.now -= timedelta(seconds=1)
    with pytest.raises(Refused, match="older than what was filed last"):
        await following.submit(EXIMBANK, "customs", "copies:declarations", DONGYU_USCC, [ONE])


async def test_an_exporter_of_which_nothing_was_filed_is_pulled_as_any(made: Scene) -> None:
    await made.authorise(authorised(number="B-1", exporter=OTHER))
    assert await made.submit(EXIMBANK, "fx", "copies:exchange", OTHER.uscc, [], [], ["R-1"]) == []


async def test_what_was_revoked_is_not_pulled_by_calling_it_yesterday(following: Scene) -> None:
    begun = following.lending.ledger.now
    following.lending.later(days=2)
    await following.revoke()
    following.lending.ledger.now = begun
    with pytest.raises(NotAuthorized, match="no authorisation"):
        await following.submit(EXIMBANK, "customs", "copies:declarations", DONGYU_USCC, [ONE])


async def test_a_declaration_taken_over_leaves_no_seal(following: Scene) -> None:
    held, rows = held_in(following, "customs"), rows_in(following, "customs")
    await following.lending.file(trade.declaration(1, exporter=OTHER))
    gone = held - held_in(following, "customs"), rows - rows_in(following, "customs")
    assert gone == (3, 0)  # the declaration, its seal, its part of the month's sum; a row for a row
    with pytest.raises(Refused, match="has no copy of declaration"):
        await following.submit(EXIMBANK, "customs", "copies:keep", DONGYU_USCC, [ONE])
    assert await following.ask(EXIMBANK, "customs", "documents:seals", [ONE]) == [None]
    assert await following.ask(EXIMBANK, "customs", "copies:owned", DONGYU_USCC, [ONE]) == [False]


async def test_purging_leaves_other_banks_and_exporters_alone(following: Scene) -> None:
    await following.authorise(authorised("TradebankMSP", "A-2"), TRADEBANK)
    await following.pull(1, who=TRADEBANK)
    await following.authorise(authorised(number="B-1", exporter=OTHER))
    await following.submit(EXIMBANK, "customs", "copies:declarations", OTHER.uscc, [trade.number_of(5)])
    assert await following.ask(EXIMBANK, "customs", "copies:owned", DONGYU_USCC, [ONE, trade.number_of(5)]) == [
        True,
        False,
    ]
    await following.revoke()
    await following.purge()
    assert await following.version(1, TRADEBANK) == 1
    assert [await following.version(serial) for serial in (1, 2, 5)] == [None, None, 1]
    await following.lending.file(trade.declaration(1, remarks="x"), trade.declaration(5, exporter=OTHER, remarks="x"))
    assert await following.version(1, TRADEBANK) == 2
    assert [await following.version(serial) for serial in (1, 5)] == [None, 2]


async def test_what_each_bank_keeps_is_its_own(following: Scene) -> None:
    """To keep, to give up and to purge one bank's copies leaves another's brought up as they were."""
    await following.authorise(authorised("TradebankMSP", "A-2"), TRADEBANK)
    await following.pull(1, who=TRADEBANK)
    await following.keep(1, who=TRADEBANK)
    numbers = [TWO, ONE, ONE]
    kept = await following.submit(EXIMBANK, "customs", "copies:keep", DONGYU_USCC, numbers)
    assert kept == await following.submit(EXIMBANK, "fx", "copies:keep", DONGYU_USCC, numbers) == [ONE, TWO]
    following.lending.later(days=400)
    await following.lending.file(trade.declaration(1, remarks="held by both"), trade.receipt("R-1"))
    assert [await following.version(1, who) for who in (EXIMBANK, TRADEBANK)] == [2, 2]
    await following.keep()
    await following.purge()
    await following.lending.file(trade.declaration(1, remarks="held by one"), trade.receipt("R-2"))
    assert [await following.version(1, who) for who in (EXIMBANK, TRADEBANK)] == [None, 3]
    assert len((await following.fx(1, who=TRADEBANK))["namings"]) == 2


async def test_what_was_taken_away_since_does_not_stop_a_purge(following: Scene) -> None:
    """The declaration is another exporter's now; and of one month a single part of the sum stands."""
    earlier = trade.declaration(7, exported=date(2026, 2, 3))
    await following.lending.file(earlier, trade.declaration(1, exporter=OTHER))
    await following.revoke()
    await following.purge()
    assert (held_in(following, "customs"), held_in(following, "fx")) == (1, 0)


async def test_nothing_is_purged_while_any_part_of_consent_stands(following: Scene) -> None:
    await following.authorise(authorised(number="A-2", what=("receipts",)))
    await following.revoke()
    with pytest.raises(Refused, match="stands: it is revoked first"):
        await following.purge()
    assert await following.version(1) == 1


async def test_only_a_banks_copies_are_purged(following: Scene) -> None:
    with pytest.raises(InvalidDocument, match="has no bank CustomsMSP"):
        await following.purge(SAFE, "CustomsMSP")


async def test_a_purge_leaves_no_row_of_what_is_gone(following: Scene) -> None:
    before = {channel: rows_in(following, channel) for channel in ("customs", "fx")}
    held = {channel: held_in(following, channel) for channel in before}
    await following.revoke()
    await following.purge()
    assert {channel: before[channel] - rows_in(following, channel) for channel in before} == {
        channel: held[channel] - held_in(following, channel) for channel in before
    }


async def test_a_receipt_that_does_not_say_whose_it_is_stays_with_the_declaration_that_it_names(
    following: Scene,
) -> None:
    nobodys = trade.receipt("R-0").model_copy(update={"exporter_uscc": None})
    await following.lending.file(nobodys, trade.receipt("R-1"))
    await following.keep(1)
    await following.revoke()
    await following.purge()
    assert held_in(following, "fx") == 4  # what is kept, that it is copied, the receipts of its exporter and nobody's


# -- who sees all ------------------------------------------------------------------------------------------------------


async def test_customs_and_safe_see_all_and_who_has_copies(following: Scene) -> None:
    for who in (OFFICER, SAFE):
        assert [await following.version(serial, who) for serial in (1, 2, 5)] == [1, 1, 1]
        recipients = await following.ask(who, "customs", "copies:recipients", [ONE, trade.number_of(5)])
        assert recipients == [{"bank": "EximbankMSP", "declaration_number": ONE, "exporter": DONGYU_USCC}]
    for bank in (EXIMBANK, TRADEBANK):
        with pytest.raises(NotAuthorized, match="role customs or fx-bureau"):
            await following.ask(bank, "customs", "copies:recipients", [ONE])
    with pytest.raises(NotAuthorized, match="sees no receipt"):
        await following.ask(OFFICER, "fx", "documents:list", "receipt")
    with pytest.raises(NotAuthorized, match="sees no declaration"):
        await following.ask(trade.STRANGER, "customs", "documents:list", "declaration")


async def test_what_a_bank_was_not_given_is_not_listed_to_it(following: Scene) -> None:
    """A new receipt moves the sums that the bank is shown; the receipt is SAFE's own until it is pulled."""

    before, held = rows_in(following, "fx"), held_in(following, "fx")
    await following.lending.file(trade.receipt("R-1"), on_invoice("R-2"))
    assert (await following.ask(EXIMBANK, "fx", "documents:list", "receipt"))["entries"] == []
    assert len((await following.ask(SAFE, "fx", "documents:list", "receipt"))["entries"]) == 2
    assert (
        rows_in(following, "fx") - before == 2 * 2 + held_in(following, "fx") - held
    )  # of SAFE's two lists, and one a sum of the bank's


async def test_a_bank_lists_its_copies_alone(following: Scene) -> None:
    page = await following.ask(EXIMBANK, "customs", "documents:list", "declaration")
    assert sorted(entry["id"] for entry in page["entries"]) == [ONE, TWO]
    assert (await following.ask(TRADEBANK, "customs", "documents:list", "declaration"))["entries"] == []
    following.lending.ledger.now += timedelta(seconds=1)
    assert len((await following.ask(SAFE, "customs", "documents:list", "declaration"))["entries"]) == 3
