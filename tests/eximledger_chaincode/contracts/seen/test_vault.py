"""Vaults and lists: no key and no value of a private collection can be guessed, no row says what it is of."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.trade import EXIMBANK, OFFICER, SAFE, TRADEBANK
from tests.eximledger_chaincode.contracts.vaults import (
    SALT,
    SECRET,
    collections,
    in_the_open,
    inside,
    opaque,
    stored_key,
)
from tests.hlf_chaincode.memory_peer import CommitInvalid, Identity, MemoryLedger

from eximledger_chaincode.contracts.state.keys import document_key
from eximledger_chaincode.documents import Document
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.errors import NotAuthorized, Refused
from hlf_chaincode.private_call import KEY_BYTES, SEED
from hlf_chaincode.stub import composite_key, split_composite_key

OURS, THEIRS = "papers-EximbankMSP", "papers-TradebankMSP"


@pytest.fixture
async def ledger() -> MemoryLedger:
    return await trade.founded()


async def put(ledger: MemoryLedger, document: Document, who: Identity = EXIMBANK, channel: str = "bank") -> None:
    await ledger.submit(who, channel, "documents:put", document.KIND, document)


def private(ledger: MemoryLedger, collection: str, channel: str = "bank") -> dict[str, bytes]:
    values = ledger.channels[channel].values
    return {key: value for (where, key), value in values.items() if where == collection}


async def test_no_private_key_and_no_private_value_is_found_by_guessing(ledger: MemoryLedger) -> None:
    """Fabric shows the plain SHA-256 of each: whoever knows the whole paper finds neither."""
    paper = trade.invoice()
    await put(ledger, paper)
    record = inside(ledger, "bank", OURS, document_key("invoice", paper.id))
    assert record is not None
    names = [composite_key(kind, ("invoice", paper.id)) for kind in ("document", "paper")]
    guesses = {hashlib.sha256(each).digest() for each in (record, canonical_json(paper), *(n.encode() for n in names))}
    stored = private(ledger, OURS)
    seen = [each for key, value in stored.items() for each in (key.encode(), value)]
    assert guesses.isdisjoint(hashlib.sha256(each).digest() for each in seen)
    assert all(key == SECRET or len(bytes.fromhex(key)) == 32 for key in stored)
    guessed_keys = {hashlib.sha256(name.encode()).hexdigest() for name in names}
    assert guessed_keys.isdisjoint(stored)


async def test_a_collections_secret_is_made_once_and_is_another_in_each(ledger: MemoryLedger) -> None:
    await put(ledger, trade.invoice())
    first = private(ledger, OURS)[SECRET]
    await put(ledger, trade.invoice(2))
    await put(ledger, trade.invoice(), TRADEBANK)
    secrets = [private(ledger, OURS)[SECRET], private(ledger, THEIRS)[SECRET]]
    assert secrets[0] == first
    assert len(set(secrets)) == 2
    assert {len(secret) for secret in secrets} == {32}
    key = document_key("invoice", trade.invoice().id)
    assert opaque(ledger, "bank", OURS, key) != opaque(ledger, "bank", THEIRS, key)


async def test_papers_in_a_row_stand_together_and_nothing_that_all_see_says_so(ledger: MemoryLedger) -> None:
    """A row of a list and an event name them, and who cannot read the vault is not to know which are numbered alike."""
    many = [trade.declaration(serial) for serial in range(1, 9)]
    await ledger.submit(OFFICER, "customs", "documents:put_many", "declaration", many)
    kept = [document_key("declaration", each.id) for each in many]
    stored = [stored_key(ledger, "customs", "declarations", each) for each in kept]
    assert set(stored) <= set(private(ledger, "declarations", "customs"))
    assert len({each[:16] for each in stored}) == 1
    assert len({each[16:] for each in stored}) == len(many)
    elsewhere = document_key("declaration", "9" + many[0].id[1:])
    assert stored_key(ledger, "customs", "declarations", elsewhere)[:16] != stored[0][:16]
    public, place = in_the_open(ledger), stored[0][:16].encode()
    shown = [opaque(ledger, "customs", "declarations", each) for each in kept]
    assert all(each.encode() in public for each in shown)
    assert len({each[:16] for each in shown}) == len(many)
    keys = {key for collection, key in ledger.channels["customs"].values if not collection}
    assert not any(place in key.encode() for key in keys)


async def test_two_collections_that_one_transaction_begins_have_two_secrets(ledger: MemoryLedger) -> None:
    """Who may read the one must not name the other's keys."""
    await ledger.submit(EXIMBANK, "customs", "authorisations:consent", trade.consent("EximbankMSP"))
    secrets = [private(ledger, each, "customs")[SECRET] for each in ("declarations", "shared-EximbankMSP")]
    assert len(set(secrets)) == 2


async def test_customs_and_safe_begin_their_collections_before_a_bank_does(ledger: MemoryLedger) -> None:
    """Whoever does can name its keys, and find an exporter, a declaration, a bank in blocks by trying."""
    for channel, main, who in (("customs", "declarations", OFFICER), ("fx", "receipts", SAFE)):
        with pytest.raises(NotAuthorized):
            await ledger.submit(EXIMBANK, channel, "copies:begin")
        await ledger.submit(who, channel, "copies:begin")
        begun = private(ledger, main, channel)
        assert set(begun) == {SECRET}
        await ledger.submit(who, channel, "copies:begin")
        assert private(ledger, main, channel) == begun
    begun = private(ledger, "declarations", "customs")
    await ledger.submit(EXIMBANK, "customs", "authorisations:consent", trade.consent("EximbankMSP"))
    assert private(ledger, "declarations", "customs")[SECRET] == begun[SECRET]
    with pytest.raises(Refused, match="copies are kept on channels"):
        await ledger.submit(SAFE, "bank", "copies:begin")


async def test_once_there_is_a_secret_writers_do_not_meet_in_it(ledger: MemoryLedger) -> None:
    await put(ledger, trade.invoice())
    for envelope in [
        await ledger.endorse(EXIMBANK, "bank", "documents:put", "invoice", trade.invoice(serial)) for serial in (2, 3)
    ]:
        ledger.commit(envelope)


async def test_behind_its_salt_a_value_is_what_its_bank_reads(ledger: MemoryLedger) -> None:
    """By a release after this one, too."""
    paper = trade.invoice()
    await put(ledger, paper)
    read = (await ledger.call(EXIMBANK, "bank", "documents:get", "invoice", paper.id)).result
    assert inside(ledger, "bank", OURS, document_key("invoice", paper.id)) == read


async def test_every_value_is_salted_anew(ledger: MemoryLedger) -> None:
    """The same content under two keys, and again under one key, never has one hash."""
    await put(ledger, trade.invoice())
    before = salts(ledger)
    await put(ledger, trade.invoice(note="other"))
    after = salts(ledger)
    assert len(set(after.values())) == len(after)
    assert all(len(salt) == SALT for salt in after.values())
    changed = stored_key(ledger, "bank", OURS, document_key("invoice", trade.invoice().id))
    assert before[changed] != after[changed]


def salts(ledger: MemoryLedger) -> dict[str, bytes]:
    return {name: value[:SALT] for name, value in private(ledger, OURS).items() if name != SECRET}


async def test_a_seed_that_is_given_twice_does_not_show_that_a_value_is_the_same(ledger: MemoryLedger) -> None:
    await put(ledger, trade.invoice())
    poor = {SEED: bytes(KEY_BYTES)}
    hashes = []
    for note in ("one", "other", "one"):
        paper = trade.invoice(2, note=note)
        await ledger.submit(EXIMBANK, "bank", "documents:put", "invoice", paper, transient=poor)
        name = stored_key(ledger, "bank", OURS, document_key("invoice", paper.id))
        hashes.append(private(ledger, OURS)[name][:SALT])
    assert len(set(hashes)) == 3


async def test_of_two_first_writers_one_makes_the_secret(ledger: MemoryLedger) -> None:
    """Else what the one wrote would stand under keys that nobody finds."""
    first, second = [
        await ledger.endorse(EXIMBANK, "bank", "documents:put", "invoice", trade.invoice(serial)) for serial in (1, 2)
    ]
    ledger.commit(first)
    with pytest.raises(CommitInvalid, match="MVCC_READ_CONFLICT"):
        ledger.commit(second)
    await put(ledger, trade.invoice(2))
    for serial in (1, 2):
        assert inside(ledger, "bank", OURS, document_key("invoice", trade.invoice(serial).id)) is not None


async def test_the_seed_of_a_call_decides_secret_and_salts(ledger: MemoryLedger) -> None:
    """Random for whoever does not have the seed: two calls of the same paper write other bytes."""
    envelopes = [await ledger.endorse(EXIMBANK, "bank", "documents:put", "invoice", trade.invoice()) for _ in range(2)]
    one, other = ({value for (_, _), value in envelope.writes.items() if value != b"{}"} for envelope in envelopes)
    assert one.isdisjoint(other)


# -- lists -------------------------------------------------------------------------------------------------------------


def rows(ledger: MemoryLedger, channel: str) -> list[tuple[str, ...]]:
    keys = [key for where, key in ledger.channels[channel].values if not where and key.startswith("\x00row\x00")]
    return [split_composite_key(key)[1] for key in keys]


async def test_a_row_says_when_and_nothing_else(ledger: MemoryLedger) -> None:
    for serial in (1, 2):
        await put(ledger, trade.declaration(serial), OFFICER, "customs")
    found = rows(ledger, "customs")
    assert len(found) == 4  # of all, and of the exporter's
    tokens = {token for token, _, _ in found}
    assert len(tokens) == 2
    for token, order, name in found:
        assert len(bytes.fromhex(token)) == len(bytes.fromhex(name)) == 32
        assert order.isdigit()
    guesses = [f"list {name}" for name in ("declaration", f"declaration {trade.DONGYU.uscc}")]
    assert tokens.isdisjoint(hashlib.sha256(guess.encode()).hexdigest() for guess in guesses)
    public = {value for (where, key), value in ledger.channels["customs"].values.items() if "\x00row\x00" in key}
    assert public == {b"{}"}


async def test_rows_of_two_banks_are_not_to_be_told_to_be_of_one_list(ledger: MemoryLedger) -> None:
    await put(ledger, trade.invoice())
    ours = set(rows(ledger, "bank"))
    await put(ledger, trade.invoice(), TRADEBANK)
    theirs = set(rows(ledger, "bank")) - ours
    for column in (0, 2):
        assert {row[column] for row in ours}.isdisjoint(row[column] for row in theirs)


async def test_pages_hold_every_value_once_in_the_order_of_filing(ledger: MemoryLedger) -> None:
    serials = [5, 3, 4, 1, 2]
    for serial in serials:
        await put(ledger, trade.invoice(serial))
        ledger.now += timedelta(seconds=1)
    await put(ledger, trade.invoice(3, note="amended"))
    seen: list[str] = []
    bookmark = ""
    for size in (2, 2, 1):
        page = await ledger.evaluate(SAFE, "bank", "documents:list", "invoice", "", size, bookmark, "EximbankMSP")
        assert isinstance(page, dict)
        seen += [entry["number"] for entry in page["entries"]]
        bookmark = page["bookmark"]
        assert len(page["entries"]) == size
    assert seen == [f"INV-{serial}" for serial in serials]
    assert bookmark == ""


async def test_a_vault_that_was_never_written_lists_nothing(ledger: MemoryLedger) -> None:
    assert collections(ledger, "bank") == set()
    page = await ledger.evaluate(EXIMBANK, "bank", "documents:list", "invoice")
    assert page == {"bookmark": "", "entries": []}
    page = await ledger.evaluate(EXIMBANK, "bank", "loans:list")
    assert page == {"bookmark": "", "loans": []}
    for channel, kind in (("customs", "declaration"), ("fx", "receipt")):
        page = await ledger.evaluate(EXIMBANK, channel, "documents:list", kind)
        assert page == {"bookmark": "", "entries": []}
