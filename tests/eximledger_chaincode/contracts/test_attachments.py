"""documents:attach, documents:attachments: what the ledger says of files beside papers, and to whom."""

from __future__ import annotations

import pytest
from tests.eximledger_chaincode.contracts import trade, vaults
from tests.eximledger_chaincode.contracts.trade import CHECKER, EXIMBANK, OFFICER, SAFE, STRANGER, TRADEBANK
from tests.hlf_chaincode.memory_peer import Identity, MemoryLedger

from eximledger_chaincode.documents.attached.attachment import (
    MAX_ATTACHED,
    MAX_ATTACHMENT,
    MEDIA_TYPES,
    Attachment,
    NewAttachment,
    media_type_of,
)
from hlf_chaincode.errors import FabricError, InvalidDocument, NotAuthorized, NotFound, Refused

PAPER = trade.invoice()


@pytest.fixture
async def ledger() -> MemoryLedger:
    founded = await trade.founded()
    await founded.submit(EXIMBANK, "bank", "documents:put", PAPER.KIND, PAPER)
    return founded


async def attach(
    ledger: MemoryLedger, who: Identity = EXIMBANK, scan: object = trade.SCAN, id: str = PAPER.id
) -> Attachment:
    return Attachment.model_validate(await ledger.submit(who, "bank", "documents:attach", "invoice", id, scan))


async def attachments(ledger: MemoryLedger, who: Identity, bank: str = "") -> list[Attachment]:
    found = await ledger.evaluate(who, "bank", "documents:attachments", "invoice", PAPER.id, bank)
    assert isinstance(found, list)
    return [Attachment.model_validate(each) for each in found]


async def test_a_file_is_attached_and_its_bank_and_safe_see_it(ledger: MemoryLedger) -> None:
    assert await attachments(ledger, EXIMBANK) == []
    made = await attach(ledger)
    assert (made.sha256, made.name, made.size) == (trade.SCAN.sha256, trade.SCAN.name, trade.SCAN.size)
    assert (made.attached_by, made.paper_version) == ("maker", 1)
    assert await attachments(ledger, EXIMBANK) == await attachments(ledger, SAFE, "EximbankMSP") == [made]
    event, told = ledger.channels["bank"].events[-1]
    assert isinstance(told, dict)
    assert (event, len(told["documents"])) == ("documents.attached", 1)
    public = vaults.in_the_open(ledger)
    for said in (trade.SCAN.sha256, trade.SCAN.name, ":48213", "application/pdf"):
        assert said.encode() not in public


async def test_the_same_file_again_changes_nothing_another_comes_after_it(ledger: MemoryLedger) -> None:
    first = await attach(ledger)
    renamed = trade.SCAN.model_copy(update={"name": "again.pdf"})
    envelope = await ledger.endorse(CHECKER, "bank", "documents:attach", "invoice", PAPER.id, renamed)
    assert (envelope.writes, envelope.event) == ({}, None)
    assert await attach(ledger, CHECKER, renamed) == first
    other = trade.SCAN.model_copy(update={"sha256": "6d" * 32, "name": "page 2.png", "media_type": "image/png"})
    await ledger.submit(EXIMBANK, "bank", "documents:put", PAPER.KIND, trade.invoice(note="corrected"))
    second = await attach(ledger, CHECKER, other)
    assert (second.attached_by, second.paper_version) == ("checker", 2)
    assert await attachments(ledger, EXIMBANK) == [first, second]


@pytest.mark.parametrize("who", [TRADEBANK, SAFE, OFFICER, STRANGER])
async def test_nobody_else_attaches_anything(ledger: MemoryLedger, who: Identity) -> None:
    with pytest.raises(NotFound if who is TRADEBANK else NotAuthorized):
        await attach(ledger, who)
    assert await attachments(ledger, EXIMBANK) == []


async def test_another_bank_does_not_learn_whether_there_is_anything(ledger: MemoryLedger) -> None:
    async def told() -> str:
        with pytest.raises(NotFound) as raised:
            await attachments(ledger, TRADEBANK)
        return f"{raised.value}{raised.value.details}"

    before = await told()
    await attach(ledger)
    assert await told() == before
    with pytest.raises(NotAuthorized):
        await attachments(ledger, TRADEBANK, "EximbankMSP")
    for who in (OFFICER, STRANGER):
        with pytest.raises(NotAuthorized):
            await attachments(ledger, who, "EximbankMSP")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sha256": "5C" * 32}, "sha256"), ({"sha256": "5c" * 31}, "sha256"), ({"size": 0}, "size"),
        ({"size": MAX_ATTACHMENT + 1}, "size"), ({"size": "5"}, "size"), ({"media_type": "text/html"}, "media_type"),
        ({"media_type": "image/svg+xml"}, "media_type"), ({"name": ""}, "name"), ({"name": "a/b.pdf"}, "name"),
        ({"name": ".."}, "name"),
        ({"name": ".profile"}, "name"),
        ({"name": "..\\b.pdf"}, "name"), ({"name": "a\nb.pdf"}, "name"), ({"name": "n" * 201}, "name"),
        ({"attached_by": "somebody else"}, "attached_by"),
    ],
)  # fmt: skip
async def test_a_wrong_fact_is_refused_by_its_field(
    ledger: MemoryLedger, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidDocument) as raised:
        await attach(ledger, scan=trade.SCAN.model_dump(mode="json") | changes)
    assert field in raised.value.field
    assert await attachments(ledger, EXIMBANK) == []


async def test_nothing_is_attached_to_what_is_not_there_or_not_the_banks_own(ledger: MemoryLedger) -> None:
    with pytest.raises(NotFound):
        await attach(ledger, id="NO-SUCH")
    for kind, channel in (("declaration", "customs"), ("receipt", "fx"), ("rate", "fx"), ("application", "bank")):
        with pytest.raises(Refused):
            await ledger.submit(EXIMBANK, channel, "documents:attach", kind, "1", trade.SCAN)
    with pytest.raises(FabricError):
        await ledger.submit(EXIMBANK, "bank", "documents:attach", "declaration", "1", trade.SCAN)


async def test_a_paper_takes_so_many(ledger: MemoryLedger) -> None:
    for number in range(MAX_ATTACHED):
        await attach(ledger, scan=trade.SCAN.model_copy(update={"sha256": f"{number:064x}"}))
    with pytest.raises(Refused, match="takes no more"):
        await attach(ledger)
    assert len(await attachments(ledger, EXIMBANK)) == MAX_ATTACHED


async def test_the_facts_never_travel_as_arguments(ledger: MemoryLedger) -> None:
    with pytest.raises(InvalidDocument):
        await ledger.submit(EXIMBANK, "bank", "documents:attach", "invoice", PAPER.id, trade.SCAN, raw=True)
    block = vaults.in_the_block(
        await ledger.endorse(EXIMBANK, "bank", "documents:attach", "invoice", PAPER.id, trade.SCAN)
    )
    for said in (PAPER.id, trade.SCAN.sha256, trade.SCAN.name, ":48213"):
        assert said.encode() not in block


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n...", "application/pdf"), (b"\xff\xd8\xff\xe0 JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"), (b"II*\x00....", "image/tiff"), (b"MM\x00*....", "image/tiff"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8L", "image/webp"), (b"<html>", None), (b"<svg xmlns=''/>", None), (b"", None),
        (b"PK\x03\x04", None), (b" %PDF-1.7", None), (b"GIF89a", None),
    ],
)  # fmt: skip
def test_a_type_is_told_by_the_first_bytes(content: bytes, media_type: str | None) -> None:
    assert media_type_of(content) == media_type


def test_every_type_can_be_a_new_attachment() -> None:
    for media_type in MEDIA_TYPES:
        NewAttachment(sha256="0" * 64, media_type=media_type, size=1, name="a")
