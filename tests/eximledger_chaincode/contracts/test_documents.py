"""documents: who files what and where, versions, indexes, lists, facts."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.eximledger_chaincode.contracts import trade, vaults
from tests.eximledger_chaincode.contracts.lending import Lending
from tests.eximledger_chaincode.contracts.trade import EXIMBANK, OFFICER, RISK, SAFE, STRANGER, TRADEBANK
from tests.hlf_chaincode.memory_peer import CommitInvalid, Identity, MemoryLedger, identity

from eximledger_chaincode.contracts import exim
from eximledger_chaincode.contracts.casefile.wanted import MAX_RATE_REQUESTS
from eximledger_chaincode.contracts.state.keys import latest_key
from eximledger_chaincode.contracts.state.records import (
    decode_once,
    document_json,
    encode,
    entry_of,
    record_json,
    record_of,
)
from eximledger_chaincode.documents import (
    MAX_NAMED,
    DeclarationStatus,
    Document,
    EnterpriseClass,
    Entry,
    ExportDeclaration,
    Money,
    Record,
    parse_document,
)
from hlf_chaincode.canonical import canonical_json, sha256_hex
from hlf_chaincode.errors import InvalidDocument, NotAuthorized, NotFound, Refused

DECLARATION = trade.declaration()


@pytest.fixture
async def ledger() -> MemoryLedger:
    return await trade.founded()


async def put(ledger: MemoryLedger, who: Identity, channel: str, document: Document) -> dict[str, object]:
    entry = await ledger.submit(who, channel, "documents:put", document.KIND, document)
    assert isinstance(entry, dict)
    return entry


# -- filing ------------------------------------------------------------------------------------------------------------


async def test_a_declaration_is_filed_and_read_back(ledger: MemoryLedger) -> None:
    entry = await put(ledger, OFFICER, "customs", DECLARATION)
    assert entry["version"] == 1
    assert entry["issuer"] == "CustomsMSP"
    assert entry["written_by"] == "officer"
    assert entry["sha256"] == sha256_hex(canonical_json(DECLARATION))
    answer = (await ledger.call(OFFICER, "customs", "documents:get", "declaration", DECLARATION.id)).result
    record = Record[type(DECLARATION)].model_validate_json(answer)  # type: ignore[misc]  # a type known at run time
    assert record.document == DECLARATION
    assert canonical_json(record) == answer
    assert entry["collection"] == "declarations"
    assert (await ledger.call(SAFE, "customs", "documents:get", "declaration", DECLARATION.id)).result == answer


async def test_what_one_customs_house_wrote_no_other_amends() -> None:
    """They share a collection: the document's issuer is all that keeps it its own."""
    ledger = MemoryLedger(exim(), ("customs",), collections=trade.collection)
    port = {"msp_id": "PortMSP", "name": "Port Customs", "role": "customs"}
    await ledger.submit(SAFE, "customs", "consortium:configure", [*trade.MEMBERS, port], trade.FLOORS)
    other = identity("PortMSP", "officer")
    await put(ledger, OFFICER, "customs", DECLARATION)
    for document in (DECLARATION, trade.declaration(remarks="ours now")):
        with pytest.raises(NotAuthorized, match="was written by CustomsMSP: only it may amend it"):
            await put(ledger, other, "customs", document)
    assert (await put(ledger, other, "customs", trade.declaration(2)))["issuer"] == "PortMSP"


async def test_the_same_content_again_changes_nothing(ledger: MemoryLedger) -> None:
    entry = await put(ledger, OFFICER, "customs", DECLARATION)
    envelope = await ledger.endorse(OFFICER, "customs", "documents:put", "declaration", DECLARATION)
    assert json.loads(envelope.result) == entry
    assert (envelope.writes, envelope.event) == ({}, None)


async def test_other_content_is_an_amendment_and_history_keeps_both(ledger: MemoryLedger) -> None:
    await put(ledger, OFFICER, "customs", DECLARATION)
    entry = await put(ledger, OFFICER, "customs", trade.declaration(remarks="corrected"))
    assert (entry["version"], entry["earlier_writers"]) == (2, [])
    history = await ledger.evaluate(SAFE, "customs", "documents:history", "declaration", DECLARATION.id)
    assert isinstance(history, list)
    assert [item["entry"]["version"] for item in history] == [2, 1]
    assert [item["document"].get("remarks") for item in history] == ["corrected", None]
    (first, told), (again, once_more) = ledger.channels["customs"].events[1:]
    assert (first, again) == ("documents.filed", "documents.filed")
    assert told == once_more, "one document has one name, which says nothing"
    assert isinstance(told, dict)
    assert [len(name) for name in told["documents"]] == [64]


async def test_a_put_asks_the_peer_a_handful_of_requests(ledger: MemoryLedger) -> None:
    for serial in (3, 2):  # who comes first makes the vault's secret, the next learns it
        await put(ledger, OFFICER, "customs", trade.declaration(serial))
    await put(ledger, OFFICER, "customs", DECLARATION)
    reads = ["get_states", "get_states"]  # members; the vault's secret with what stands
    assert sorted(ledger.last_requests) == sorted(
        [*reads, "put_states", "put_states", "get_states", "get_states"]
    )  # which parts of its month's sum stand; who may have copies
    await put(ledger, OFFICER, "customs", trade.declaration(remarks="corrected"))
    assert sorted(ledger.last_requests) == sorted([*reads, "put_states", "get_states", "get_states"])


async def test_of_a_banks_own_paper_nobody_is_asked_who_has_copies(ledger: MemoryLedger) -> None:
    for document in (trade.packing_list(3), trade.packing_list(2), trade.packing_list()):
        await put(ledger, EXIMBANK, "bank", document)
    assert ledger.last_requests.count("get_states") == 2  # members; the vault's secret with what stands
    assert vaults.inside(ledger, "bank", "papers-EximbankMSP", latest_key(trade.DONGYU.uscc or "")) is None


@pytest.mark.parametrize(
    ("channel", "document", "writer"),
    [
        ("customs", DECLARATION, OFFICER),
        ("fx", trade.classification(), SAFE),
        ("fx", trade.rate(), SAFE),
        ("fx", trade.receipt(), SAFE),
        ("bank", trade.contract(), EXIMBANK),
        ("bank", trade.invoice(), EXIMBANK),
        ("bank", trade.transport(), EXIMBANK),
        ("bank", trade.packing_list(), EXIMBANK),
    ],
    ids=lambda value: getattr(value, "KIND", None),
)
async def test_each_kind_is_written_by_one_role_on_one_channel(
    ledger: MemoryLedger, channel: str, document: Document, writer: Identity
) -> None:
    async def tried(who: Identity, on: str) -> None:
        await ledger.submit(who, on, "documents:put", document.KIND, document)

    others = {OFFICER, SAFE, EXIMBANK, STRANGER} - {writer}
    for who in others:  # before it is anybody's, so that nothing but the role forbids it
        with pytest.raises(NotAuthorized):
            await tried(who, channel)
    await tried(writer, channel)
    for who in others:
        with pytest.raises(NotAuthorized):
            await tried(who, channel)
    for elsewhere in {"customs", "fx", "bank"} - {channel}:
        with pytest.raises(Refused, match=f"kept on channel {channel}, not on {elsewhere}"):
            await tried(writer, elsewhere)


@pytest.mark.parametrize("function", ["documents:put", "documents:put_many"])
@pytest.mark.parametrize(
    ("document", "where"), [(trade.application(), "loans:apply"), (trade.policy(), "policies:propose")]
)
async def test_what_takes_more_than_one_filing_is_not_filed_here(
    ledger: MemoryLedger, document: Document, where: str, function: str
) -> None:
    """One person alone would put a policy in force."""
    filed = document if function == "documents:put" else [document]
    for who in (EXIMBANK, RISK):
        with pytest.raises(Refused, match=where):
            await ledger.submit(who, "bank", function, document.KIND, filed)


async def test_nothing_is_filed_before_the_consortium_stands() -> None:
    ledger = MemoryLedger(exim(), ["customs"])
    with pytest.raises(Refused, match="consortium:configure"):
        await put(ledger, OFFICER, "customs", DECLARATION)


@pytest.mark.parametrize(
    ("channel", "who", "document", "forgers", "genuine"),
    [
        ("customs", OFFICER, DECLARATION, ["SafeMSP", "EximbankMSP"], ["CustomsMSP"]),
        ("fx", SAFE, trade.receipt(), ["CustomsMSP", "EximbankMSP"], ["SafeMSP"]),
        ("bank", EXIMBANK, trade.invoice(), ["SafeMSP", "TradebankMSP"], ["EximbankMSP", "SafeMSP"]),
        ("bank", EXIMBANK, trade.invoice(), ["EximbankMSP"], ["EximbankMSP", "SafeMSP"]),
    ],
)
async def test_a_document_is_guarded_by_its_vaults_endorsers(
    ledger: MemoryLedger, channel: str, who: Identity, document: Document, forgers: list[str], genuine: list[str]
) -> None:
    """From its first filing on."""
    for endorsers in (forgers, genuine):
        envelope = await ledger.endorse(who, channel, "documents:put", document.KIND, document, endorsers=endorsers)
        if endorsers is genuine:
            ledger.commit(envelope)
        else:
            with pytest.raises(CommitInvalid, match="ENDORSEMENT_POLICY_FAILURE"):
                ledger.commit(envelope)


# -- bad documents -----------------------------------------------------------------------------------------------------

WHOLE = canonical_json(DECLARATION)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"", ""),
        (b"null", ""),
        (WHOLE[:-20], ""),
        (b"[" * 50_000, ""),
        (b"[]", ""),
        (b"\xff\xfe", ""),
        (WHOLE.replace(b'"100000.00"', b"100000.5"), "lines.0.amount.amount"),
        (WHOLE.replace(b'"schema_version":1', b'"schema_version":2'), "schema_version"),
        (WHOLE.replace(b'"kind":"declaration"', b'"kind":"invoice"'), "kind"),
        (WHOLE.replace(trade.number_of(1).encode(), b"123"), "declaration_number"),
        (WHOLE[:-1] + b',"more":1}', "more"),
    ],
)
async def test_a_wrong_document_is_refused_by_its_field(ledger: MemoryLedger, content: bytes, field: str) -> None:
    before = dict(ledger.channels["customs"].values)
    with pytest.raises(InvalidDocument) as raised:
        await ledger.submit(OFFICER, "customs", "documents:put", "declaration", content)
    assert raised.value.field == field
    assert ledger.channels["customs"].values == before


async def test_an_unknown_kind_is_named(ledger: MemoryLedger) -> None:
    with pytest.raises(InvalidDocument) as raised:
        await ledger.submit(OFFICER, "customs", "documents:put", "licence", b"{}")
    assert raised.value.field == "kind"


@pytest.mark.parametrize(
    ("channel", "who", "document"),
    [("customs", OFFICER, DECLARATION), ("fx", SAFE, trade.receipt()), ("bank", EXIMBANK, trade.invoice())],
)
async def test_a_document_never_travels_as_an_argument(
    ledger: MemoryLedger, channel: str, who: Identity, document: Document
) -> None:
    for function, given_ in (("put", document), ("put_many", [document])):
        with pytest.raises(InvalidDocument, match="transient") as raised:
            await ledger.submit(who, channel, f"documents:{function}", document.KIND, given_, raw=True)
        assert raised.value.field == "arguments"
        envelope = await ledger.endorse(who, channel, f"documents:{function}", document.KIND, given_)
        block = vaults.in_the_block(envelope)
        for said in (
            document.id,
            document.number,
            "Nordlicht",
            "100000.00",
            "30000.00",
            trade.DONGYU.uscc or "?",
            "officer",
        ):
            assert said.encode() not in block


# -- a declaration's life ----------------------------------------------------------------------------------------------

D, R, S, A, C = DeclarationStatus
ALLOWED = {
    D: {D, R, S, A, C},
    R: {R, S, A, C},
    S: {S, A, C},
    A: {D, R, S, A, C},
    C: set(),
}  # fmt: skip


@pytest.mark.parametrize("before", DeclarationStatus)
@pytest.mark.parametrize("after", DeclarationStatus)
async def test_a_declarations_status_goes_forward(
    ledger: MemoryLedger, before: DeclarationStatus, after: DeclarationStatus
) -> None:
    await put(ledger, OFFICER, "customs", trade.declaration(status=before))
    follows = trade.declaration(status=after, remarks="later")
    if after in ALLOWED[before]:
        assert (await put(ledger, OFFICER, "customs", follows))["version"] == 2
    else:
        with pytest.raises(Refused):
            await put(ledger, OFFICER, "customs", follows)


# -- private papers ----------------------------------------------------------------------------------------------------


async def test_a_paper_is_its_banks_and_safes(ledger: MemoryLedger) -> None:
    paper = trade.invoice()
    entry = await put(ledger, EXIMBANK, "bank", paper)
    assert entry["collection"] == "papers-EximbankMSP"
    public = vaults.in_the_open(ledger)
    for said in ("Nordlicht", "100000.00", "INV-1", trade.DONGYU.uscc or ""):
        assert said.encode() not in public
    for reader, bank in ((EXIMBANK, ""), (EXIMBANK, "EximbankMSP"), (SAFE, "EximbankMSP")):
        record = await ledger.evaluate(reader, "bank", "documents:get", "invoice", paper.id, bank)
        assert isinstance(record, dict)
        assert parse_document(record["document"]) == paper


async def test_another_bank_does_not_see_a_paper(ledger: MemoryLedger) -> None:
    """Not even that there is one: it is answered as it was before."""
    paper = trade.invoice()
    asked: dict[str, tuple[object, ...]] = {
        "get": (paper.id,), "get_many": ([paper.id],), "history": (paper.id,), "find": ("INV-1", ""),
        "list": ("", 10, ""),
    }  # fmt: skip

    async def told() -> list[object]:
        answers: list[object] = []
        for function, arguments in asked.items():
            try:
                answers.append(await ledger.evaluate(TRADEBANK, "bank", f"documents:{function}", "invoice", *arguments))
            except NotFound as refusal:
                answers.append((str(refusal), refusal.details))
        return answers

    before = await told()
    await put(ledger, EXIMBANK, "bank", paper)
    assert await told() == before
    for function, arguments in asked.items():
        with pytest.raises(NotAuthorized, match="seen by EximbankMSP and the fx-bureau alone"):
            await ledger.evaluate(TRADEBANK, "bank", f"documents:{function}", "invoice", *arguments, "EximbankMSP")
        for who in (OFFICER, STRANGER):
            with pytest.raises(NotAuthorized, match="sees neither papers nor loans"):
                await ledger.evaluate(who, "bank", f"documents:{function}", "invoice", *arguments, "EximbankMSP")


async def test_two_banks_may_hold_the_same_paper(ledger: MemoryLedger) -> None:
    paper = trade.invoice()
    await put(ledger, EXIMBANK, "bank", paper)
    assert (await put(ledger, TRADEBANK, "bank", paper))["version"] == 1
    for bank in (EXIMBANK, TRADEBANK):
        record = await ledger.evaluate(bank, "bank", "documents:get", "invoice", paper.id)
        assert isinstance(record, dict)
        assert record["issuer"] == bank.msp_id
    for unsaid in ("", "SafeMSP", "CustomsMSP", "NobodyMSP"):
        with pytest.raises(InvalidDocument, match="one of EximbankMSP, TradebankMSP") as raised:
            await ledger.evaluate(SAFE, "bank", "documents:get", "invoice", paper.id, unsaid)
        assert raised.value.field == "bank"
    record = await ledger.evaluate(SAFE, "bank", "documents:get", "invoice", paper.id, "TradebankMSP")
    assert isinstance(record, dict)
    assert record["issuer"] == "TradebankMSP"


async def test_every_version_of_a_paper_can_be_read_by_its_bank(ledger: MemoryLedger) -> None:
    await put(ledger, EXIMBANK, "bank", trade.invoice())
    await put(ledger, EXIMBANK, "bank", trade.invoice(note="corrected"))
    history = await ledger.evaluate(EXIMBANK, "bank", "documents:history", "invoice", trade.invoice().id)
    assert isinstance(history, list)
    assert [item["document"]["notes"] for item in history] == [["corrected"], []]


# -- many at once ------------------------------------------------------------------------------------------------------


async def test_many_documents_are_filed_in_one_transaction(ledger: MemoryLedger) -> None:
    papers = [trade.declaration(serial) for serial in range(1, 251)]
    for serial in (800, 801):  # who comes first makes the vault's secret, the next learns it
        await put(ledger, OFFICER, "customs", trade.declaration(serial))
    entries = await ledger.submit(OFFICER, "customs", "documents:put_many", "declaration", papers)
    assert isinstance(entries, list)
    assert [entry["id"] for entry in entries] == [paper.id for paper in papers]
    assert ledger.last_requests.count("get_states") == 4  # members, what stands, which parts of sums, who has copies
    assert ledger.last_requests.count("put_states") == 2  # in the vault, and the rows
    event, told = ledger.channels["customs"].events[-1]
    assert isinstance(told, dict)
    assert (event, len(told["documents"])) == ("documents.filed", 250)
    ids = [papers[3].id, trade.number_of(999), papers[0].id]
    records = await ledger.evaluate(SAFE, "customs", "documents:get_many", "declaration", ids)
    assert isinstance(records, list)
    assert [record and record["id"] for record in records] == [papers[3].id, None, papers[0].id]


async def test_many_papers_of_a_bank_are_filed_in_one_transaction(ledger: MemoryLedger) -> None:
    papers = [trade.invoice(serial) for serial in (1, 2, 3)]
    await ledger.submit(EXIMBANK, "bank", "documents:put_many", "invoice", papers)
    records = await ledger.evaluate(EXIMBANK, "bank", "documents:get_many", "invoice", [each.id for each in papers])
    assert isinstance(records, list)
    assert [parse_document(record["document"]) for record in records] == papers


@pytest.mark.parametrize(
    ("papers", "field"),
    [
        ([], "documents"),
        ([trade.declaration(), trade.declaration(2), trade.declaration()], "documents.2"),
        ([trade.declaration(), {"kind": "declaration"}], "documents.1.declaration_number"),
        ([trade.declaration()] * 501, "documents"),
    ],
)
async def test_a_wrong_batch_changes_nothing(ledger: MemoryLedger, papers: list[object], field: str) -> None:
    with pytest.raises(InvalidDocument) as raised:
        await ledger.submit(OFFICER, "customs", "documents:put_many", "declaration", papers)
    assert raised.value.field == field


# -- lists and indexes -------------------------------------------------------------------------------------------------


async def listed(ledger: MemoryLedger, *arguments: object) -> tuple[list[str], str]:
    page = await ledger.evaluate(SAFE, "customs", "documents:list", "declaration", *arguments)
    assert isinstance(page, dict)
    return [entry["id"] for entry in page["entries"]], page["bookmark"]


async def test_lists_are_paged_in_the_order_of_first_filing(ledger: MemoryLedger) -> None:
    days = [date(2026, 7, day) for day in (5, 4, 3, 2, 1)]
    papers = [trade.declaration(serial, exported=day) for serial, day in enumerate(days, 1)]
    papers.append(trade.declaration(6, exporter=trade.OTHER))
    assert await listed(ledger) == ([], "")
    for paper in reversed(papers):
        await put(ledger, OFFICER, "customs", paper)
        ledger.now += timedelta(seconds=1)
    seen: list[str] = []
    bookmark = ""
    while True:
        ids, bookmark = await listed(ledger, "", 4, bookmark)
        seen += ids
        if not bookmark:
            break
        assert bookmark.isascii()
        assert bookmark.isprintable()
    assert seen == [paper.id for paper in reversed(papers)]
    ids, bookmark = await listed(ledger, trade.DONGYU.uscc, 3)
    rest, end = await listed(ledger, trade.DONGYU.uscc, 3, bookmark)
    assert ids + rest == [paper.id for paper in reversed(papers[:5])]
    assert end == ""


async def test_a_page_is_of_a_hundred_unless_said_otherwise(ledger: MemoryLedger) -> None:
    many = [trade.declaration(serial) for serial in range(1, 102)]
    await ledger.submit(OFFICER, "customs", "documents:put_many", "declaration", many)
    ids, bookmark = await listed(ledger)
    assert (len(ids), len((await listed(ledger, "", 100, bookmark))[0])) == (100, 1)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("", 0), "page_size"),
        (("", 1001), "page_size"),
        (("", b"1.5"), "page_size"),
        (("", 10, "no bookmark"), "bookmark"),
        (("", 10, "AGxvYW4AeAA="), "bookmark"),
        (("", 10, "_w=="), "bookmark"),
    ],
)
async def test_a_wrong_page_is_refused(ledger: MemoryLedger, arguments: tuple[object, ...], field: str) -> None:
    await put(ledger, OFFICER, "customs", DECLARATION)
    with pytest.raises(InvalidDocument) as raised:
        await listed(ledger, *arguments)
    assert raised.value.field == field


async def test_an_amendment_keeps_its_place_and_another_exporter_its_own_list(ledger: MemoryLedger) -> None:
    for serial in (3, 1, 2):
        await put(ledger, OFFICER, "customs", trade.declaration(serial))
        ledger.now += timedelta(seconds=1)
    await put(ledger, OFFICER, "customs", trade.declaration(3, exported=date(2026, 8, 1)))
    await put(ledger, OFFICER, "customs", trade.declaration(1, exporter=trade.OTHER))
    assert (await listed(ledger, trade.DONGYU.uscc))[0] == [trade.number_of(3), trade.number_of(2)]
    assert (await listed(ledger, trade.OTHER.uscc))[0] == [trade.number_of(1)]
    assert (await listed(ledger))[0] == [trade.number_of(serial) for serial in (3, 1, 2)]


async def test_what_stands_in_the_open_is_listed_to_every_member(ledger: MemoryLedger) -> None:
    for day in (date(2026, 7, 20), date(2026, 7, 19)):
        await put(ledger, SAFE, "fx", trade.rate(day))
        ledger.now += timedelta(seconds=1)
    for who in (SAFE, TRADEBANK):
        page = await ledger.evaluate(who, "fx", "documents:list", "rate")
        assert isinstance(page, dict)
        assert [entry["dated"] for entry in page["entries"]] == ["2026-07-20", "2026-07-19"]


async def test_a_bare_number_is_found_however_it_is_spelt(ledger: MemoryLedger) -> None:
    await put(ledger, EXIMBANK, "bank", trade.invoice())
    await put(ledger, EXIMBANK, "bank", trade.invoice(seller=trade.OTHER))
    await put(ledger, TRADEBANK, "bank", trade.invoice())

    async def found(who: Identity, *arguments: str) -> list[tuple[str, str]]:
        entries = await ledger.evaluate(who, "bank", "documents:find", "invoice", *arguments)
        assert isinstance(entries, list)
        return [(entry["issuer"], entry["exporter"]) for entry in entries]

    assert len(await found(EXIMBANK, "inv 1")) == 2
    assert await found(EXIMBANK, "INV/1", trade.OTHER.uscc or "") == [("EximbankMSP", trade.OTHER.uscc)]
    assert len(await found(TRADEBANK, "INV-1")) == 1
    assert len(await found(SAFE, "INV-1", "", "EximbankMSP")) == 2
    assert await found(EXIMBANK, "INV-2") == []
    await put(ledger, OFFICER, "customs", DECLARATION)
    entries = await ledger.evaluate(SAFE, "customs", "documents:find", "declaration", DECLARATION.id, "")
    assert isinstance(entries, list)
    assert [entry["id"] for entry in entries] == [DECLARATION.id]


async def test_what_carries_one_number_is_read_up_to_a_limit(
    ledger: MemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eximledger_chaincode.contracts.papers.reading.MAX_HISTORY", 2)
    for number in ("INV-1", "INV/1"):
        await put(ledger, EXIMBANK, "bank", trade.invoice().model_copy(update={"invoice_number": number}))
    found = await ledger.evaluate(EXIMBANK, "bank", "documents:find", "invoice", "INV-1")
    assert isinstance(found, list)
    assert len(found) == 2
    await put(ledger, EXIMBANK, "bank", trade.invoice().model_copy(update={"invoice_number": "INV 1"}))
    with pytest.raises(InvalidDocument, match="too many papers are numbered INV-1") as raised:
        await ledger.evaluate(EXIMBANK, "bank", "documents:find", "invoice", "INV-1")
    assert raised.value.field == "number"


# -- facts -------------------------------------------------------------------------------------------------------------


async def test_customs_facts_total_a_period_without_what_was_cancelled(ledger: MemoryLedger) -> None:
    papers = [
        trade.declaration(1, "100.00", exported=date(2026, 1, 1)),
        trade.declaration(2, "200.00", exported=date(2026, 6, 30)),
        trade.declaration(3, "400.00", exported=date(2026, 7, 1)),
        trade.declaration(4, "800.00", exported=date(2025, 12, 31)),
        trade.declaration(5, "1600.00", exported=date(2026, 3, 1), status=C),
        trade.declaration(6, "3200.00", exported=date(2026, 3, 1), exporter=trade.OTHER),
    ]
    await ledger.submit(OFFICER, "customs", "documents:put_many", "declaration", papers)
    numbers = [trade.number_of(2), trade.number_of(99), trade.number_of(6)]
    asked = (numbers, trade.DONGYU.uscc, date(2026, 1, 1), date(2026, 6, 30))
    await Lending(ledger).pull(trade.application(serials=(2, 99, 6)))
    for who, seen in ((SAFE, [2, 6]), (OFFICER, [2, 6]), (EXIMBANK, [2])):  # a bank is shown its exporter's alone
        facts = await ledger.evaluate(who, "customs", "documents:customs_facts", *asked)
        assert isinstance(facts, dict)
        assert [record["id"] for record in facts["declarations"]] == [trade.number_of(serial) for serial in seen]
        assert facts["declared"] == [{"amount": "300.00", "currency": "USD"}]
    with pytest.raises(Refused, match="lives on channel customs"):
        await ledger.evaluate(
            EXIMBANK, "fx", "documents:customs_facts", [], trade.DONGYU.uscc, date(2026, 1, 1), date(2026, 6, 30)
        )


async def test_a_rate_is_that_of_the_day_or_the_last_before_it(ledger: MemoryLedger) -> None:
    for day in (date(2026, 9, 20), date(2026, 9, 30)):
        await put(ledger, SAFE, "fx", trade.rate(day))
    asked = [("USD", day) for day in ("2026-09-30", "2026-10-10", "2026-10-11", "2026-09-29", "2026-09-19")]
    records = await ledger.evaluate(EXIMBANK, "fx", "documents:rates", [*asked, ("EUR", "2026-09-30")])
    assert isinstance(records, list)
    found = [record and record["dated"] for record in records]
    assert found == ["2026-09-30", "2026-09-30", None, "2026-09-20", None, None]


USCC, YEAR = trade.DONGYU.uscc, (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("channel", "function", "limit", "field"),
    [
        ("customs", "documents:get_many", 500, "ids"),
        ("customs", "documents:customs_facts", MAX_NAMED, "numbers"),
        ("customs", "copies:recipients", MAX_NAMED, "numbers"),
        ("fx", "documents:fx_facts", MAX_NAMED, "numbers"),
        ("fx", "documents:fx_facts", 2 * MAX_NAMED, "invoices"),
        ("fx", "documents:fx_facts", MAX_NAMED, "receipts"),
        ("fx", "documents:rates", MAX_RATE_REQUESTS, "requests"),
    ],
)
async def test_one_call_asks_for_so_much(
    ledger: MemoryLedger, channel: str, function: str, limit: int, field: str
) -> None:
    """A peer answers each call while others wait."""

    async def asked(count: int) -> None:
        numbers = [trade.number_of(serial) for serial in range(1, count + 1)]
        said = {name: numbers if name == field else [] for name in ("numbers", "invoices", "receipts")}
        arguments: dict[str, tuple[object, ...]] = {
            "documents:get_many": ("declaration", numbers), "documents:customs_facts": (numbers, USCC, *YEAR),
            "copies:recipients": (numbers,), "documents:fx_facts": (USCC, *said.values(), *YEAR),
            "documents:rates": ([("USD", "2026-07-20")] * count,),
        }  # fmt: skip
        await ledger.evaluate(SAFE, channel, function, *arguments[function])

    await asked(limit)
    with pytest.raises(InvalidDocument) as raised:
        await asked(limit + 1)
    assert raised.value.field == field


# -- how records stand on the ledger -----------------------------------------------------------------------------------


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet='":,{}\\ aexporterid\u4e1c', min_size=1, max_size=60), st.booleans())
def test_splicing_a_record_gives_its_canonical_json(text: str, owned: bool) -> None:
    remarks = text if text.strip() else "x"
    document: Document = trade.declaration(remarks=remarks) if owned else trade.rate()
    now = MemoryLedger(exim(), []).now
    entry = Entry(
        kind=document.KIND, id=document.id, number=remarks, exporter=document.exporter, dated=document.dated,
        version=1, issuer="A", written_by="officer", written_at=now, filed_at=now,
        transaction_id="t", sha256=sha256_hex(canonical_json(document)), collection="papers-A" if owned else None,
    )  # fmt: skip
    spliced = record_json(encode(entry), document_json(document))
    record = record_of(document.KIND, spliced)
    assert record.document == document
    assert canonical_json(record) == spliced
    assert entry_of(spliced) == entry
    assert document_json(document) == canonical_json(document)


async def test_a_large_paper_is_kept_and_read_as_any(ledger: MemoryLedger) -> None:
    """What is parsed is remembered of small ones alone."""
    line = DECLARATION.lines[0].model_copy(update={"description": ", ".join(["Electric motors"] * 20)})
    lines = tuple(line.model_copy(update={"number": number}) for number in range(1, 51))
    large = DECLARATION.model_copy(update={"lines": lines, "total": Money.of(50 * line.amount.amount, "USD")})
    await put(ledger, OFFICER, "customs", large)
    assert (await put(ledger, OFFICER, "customs", large.model_copy(update={"remarks": "corrected"})))["version"] == 2
    history = await ledger.evaluate(SAFE, "customs", "documents:history", "declaration", large.id)
    assert isinstance(history, list)
    assert [item["entry"]["version"] for item in history] == [2, 1]
    assert parse_document(history[1]["document"]) == large
    assert decode_once(ExportDeclaration, document_json(large)) == large


async def test_the_class_of_an_enterprise_is_filed_by_period(ledger: MemoryLedger) -> None:
    await put(ledger, SAFE, "fx", trade.classification())
    entry = await put(ledger, SAFE, "fx", trade.classification(EnterpriseClass.B))
    assert entry["version"] == 2


async def test_two_numbers_that_differ_in_their_separators_are_two_papers(ledger: MemoryLedger) -> None:
    """EN 16931 BT-1 identifies the invoice as written: 2026/11-1 and 2026/1-11 are two of one seller."""
    for number in ("2026/11-1", "2026/1-11"):
        document = trade.invoice().model_copy(update={"invoice_number": number})
        entry = await put(ledger, EXIMBANK, "bank", document)
        assert (entry["version"], entry["number"]) == (1, number)
    for spelt in ("2026/11-1", "2026-1-11", "２０２６１１１"):
        found = await ledger.evaluate(EXIMBANK, "bank", "documents:find", "invoice", spelt, "")
        assert isinstance(found, list)
        assert {entry["number"] for entry in found} == {"2026/11-1", "2026/1-11"}
