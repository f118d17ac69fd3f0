"""Files beside papers, at the desk: attached, listed, read back by their hash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.dongyu import DONGYU

from eximledger.attachments import AttachmentAltered, FolderStore
from eximledger.desk import LoanDesk
from eximledger.formats import read
from eximledger.testing import LedgerNetwork
from hlf_client.errors import InvalidDocument, NotAuthorized, NotFound, Refused

SCAN = b"%PDF-1.7 stamped and signed"
PICTURE = b"\x89PNG\r\n\x1a\n of the second page"
INVOICE = "DY-CI-260327-01"


@pytest.fixture
async def network(tmp_path: Path, exim_network_factory: Callable[..., LedgerNetwork]) -> LedgerNetwork:
    made = exim_network_factory(tmp_path / "exim.db", strict=True)
    (invoice,) = read(DONGYU / "eximbank" / f"invoice-{INVOICE}.xml").documents
    await LoanDesk(made.connect("eximbank")).file(invoice)
    return made


def desk_of(network: LedgerNetwork, tmp_path: Path, member: str = "eximbank") -> LoanDesk:
    return LoanDesk(network.connect(member), attachments=FolderStore(tmp_path / member))


async def test_a_file_is_attached_listed_and_read_back(network: LedgerNetwork, tmp_path: Path) -> None:
    desk = desk_of(network, tmp_path)
    first = await desk.attach("invoice", INVOICE, "scan.pdf", SCAN)
    second = await desk.attach("invoice", INVOICE, "page 2.png", PICTURE)
    assert await desk.attach("invoice", INVOICE, "scan again.pdf", SCAN) == first
    assert await desk.attachments("invoice", INVOICE) == [first, second]
    for which in (first.sha256, first.sha256[:8], "scan.pdf"):
        assert await desk.attachment("invoice", INVOICE, which) == (first, SCAN)
    for which in ("nothing.pdf", "0" * 64, first.sha256[:7], ""):
        with pytest.raises(NotFound):
            await desk.attachment("invoice", INVOICE, which)
    safe = LoanDesk(network.connect("safe"))
    assert await safe.attachments("invoice", INVOICE, bank="EximbankMSP") == [first, second]
    with pytest.raises(Refused, match="no store"):
        await safe.attachment("invoice", INVOICE, "scan.pdf", bank="EximbankMSP")


async def test_two_files_of_one_name_are_told_apart(network: LedgerNetwork, tmp_path: Path) -> None:
    desk = desk_of(network, tmp_path)
    one = await desk.attach("invoice", INVOICE, "scan", SCAN)
    await desk.attach("invoice", INVOICE, "scan", PICTURE)
    with pytest.raises(InvalidDocument, match=one.sha256[:16]):
        await desk.attachment("invoice", INVOICE, "scan")
    assert (await desk.attachment("invoice", INVOICE, one.sha256))[1] == SCAN


async def test_other_bytes_than_those_attached_are_not_given_out(network: LedgerNetwork, tmp_path: Path) -> None:
    desk = desk_of(network, tmp_path)
    one = await desk.attach("invoice", INVOICE, "scan.pdf", SCAN)
    file = tmp_path / "eximbank" / one.sha256[:2] / one.sha256
    file.write_bytes(SCAN.replace(b"signed", b"forged"))
    with pytest.raises(AttachmentAltered):
        await desk.attachment("invoice", INVOICE, "scan.pdf")
    file.unlink()
    with pytest.raises(NotFound, match=one.sha256):
        await desk.attachment("invoice", INVOICE, "scan.pdf")


async def test_nothing_is_kept_of_what_is_refused(network: LedgerNetwork, tmp_path: Path) -> None:
    desk = desk_of(network, tmp_path)
    with pytest.raises(InvalidDocument):
        await desk.attach("invoice", INVOICE, "page.html", b"<html><script>")
    with pytest.raises(NotFound):
        await desk.attach("invoice", "NO-SUCH", "scan.pdf", SCAN)
    assert not (tmp_path / "eximbank").exists()


async def test_another_bank_neither_sees_nor_attaches(network: LedgerNetwork, tmp_path: Path) -> None:
    await desk_of(network, tmp_path).attach("invoice", INVOICE, "scan.pdf", SCAN)
    other = desk_of(network, tmp_path, "tradebank")
    with pytest.raises(NotFound):
        await other.attachments("invoice", INVOICE)
    with pytest.raises(NotFound):
        await other.attach("invoice", INVOICE, "scan.pdf", SCAN)
    with pytest.raises(NotAuthorized):
        await other.attachments("invoice", INVOICE, bank="EximbankMSP")
