"""Papers in other files: attached to a PDF, in a ZIP archive, in UBL's AttachedDocument."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib

import pytest
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject
from tests.eximledger.formats.test_camt_natures import entry, statement
from tests.eximledger.formats.test_envelopes import INVOICE
from tests.trust.fuzz.bombs import pdf

from eximledger.formats import Cause, _files, detect, read
from eximledger_chaincode.documents import CommercialInvoice, FxReceipt
from hlf_chaincode.errors import InvalidDocument

STATEMENT = statement(entry("4000.00"))
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"


def pdf_with(*files: tuple[str, bytes], password: str = "") -> bytes:
    writer, saved = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    for name, content in files:
        writer.add_attachment(name, content)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(saved)
    return saved.getvalue()


def zip_with(*files: tuple[str, bytes]) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return saved.getvalue()


def test_an_invoice_attached_to_a_pdf() -> None:
    source = pdf_with(("logo.png", b"\x89PNG\r\n\x1a\n" + bytes(50)), ("factur-x.xml", INVOICE.encode()))
    reading = read(source)
    assert (reading.format, detect(source)) == ("pdf", "pdf")
    assert reading.documents == read(INVOICE.encode()).documents
    assert [(each.path, each.cause) for each in reading.unmapped] == [("logo.png", Cause.UNUSABLE)]


def test_an_attachment_that_is_only_associated_and_one_that_is_named_twice() -> None:
    writer, saved = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    file = writer.add_attachment("xrechnung.xml", INVOICE.encode())
    root = writer.root_object
    root[NameObject("/AF")] = ArrayObject([file.pdf_object])
    writer.write(saved)
    assert len(read(saved.getvalue()).documents) == 1
    root[NameObject("/Names")] = DictionaryObject()
    saved = io.BytesIO()
    writer.write(saved)
    assert len(read(saved.getvalue()).documents) == 1


def test_a_small_pdf_written_by_hand() -> None:
    """So that the bombs, which are written so, are more than damaged files."""
    assert read(pdf(zlib.compress(INVOICE.encode()))).documents == read(INVOICE.encode()).documents


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (pdf_with(), "is a scan"),
        (pdf_with(("a.txt", b"hello there")), "a.txt: this is no format"),
        (pdf_with(("a.xml", INVOICE.encode()), password="x"), "encrypted"),
        (b"%PDF-1.7 ...", "is damaged"),
        (pdf_with(("b.pdf", pdf_with(("a.xml", INVOICE.encode())))), "b.pdf: the file is a pdf within a pdf"),
        (pdf_with(("a.xml", INVOICE[:-20].encode())), "a.xml: the XML is refused"),
    ],
)
def test_pdfs_that_are_refused(source: bytes, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        read(source)


@pytest.mark.parametrize("profile", ["urn:factur-x.eu:1p0:minimum", "urn:factur-x.eu:1p0:basicwl"])
def test_a_profile_without_lines_says_so(profile: str) -> None:
    source = (
        '<x:CrossIndustryInvoice xmlns:x="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100" '
        'xmlns:r="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100">'
        "<x:ExchangedDocumentContext>"
        f"<r:GuidelineSpecifiedDocumentContextParameter><r:ID>{profile}</r:ID>"
        "</r:GuidelineSpecifiedDocumentContextParameter></x:ExchangedDocumentContext></x:CrossIndustryInvoice>"
    )
    with pytest.raises(InvalidDocument, match="which has no lines"):
        read(pdf_with(("factur-x.xml", source.encode())))


def test_papers_in_an_archive() -> None:
    source = zip_with(
        ("2026/statement.xml", STATEMENT), ("invoice.xml", INVOICE.encode()), ("read me.txt", b"hello there")
    )
    reading = read(source)
    assert (reading.format, detect(source)) == ("zip", "zip")
    receipt, invoice = reading.documents
    assert isinstance(receipt, FxReceipt)
    assert isinstance(invoice, CommercialInvoice)
    assert [(each.path, each.cause) for each in reading.unmapped][-1] == ("read me.txt", Cause.UNUSABLE)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (zip_with(("a.txt", b"hello there")), "a.txt: this is no format"),
        (zip_with(("mimetype", b"x")), "holds no papers"),
        (zip_with(("mimetype", b"x"), ("content.xml", b"<a/>")), "OpenDocument file without a spreadsheet"),
        (zip_with(("b.zip", zip_with(("a.xml", INVOICE.encode())))), "b.zip: the file is a zip within a zip"),
        (zip_with(("a.xml", bytes(4 * 2**20))), "packed more tightly"),
        (zip_with(("\x1b[2J.xml", b"hello there")), r"\?\?2J.xml: this is no format"),
        (zip_with(("a.xml", INVOICE.encode()))[:-40], "damaged"),
    ],
)
def test_archives_that_are_refused(source: bytes, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        read(source)


def test_files_in_an_archive_may_hold_papers_themselves() -> None:
    """A month's invoices as PDFs, an OFD, an AttachedDocument; their own files are named behind theirs."""
    attached = (
        f'<AttachedDocument xmlns="{UBL}AttachedDocument-2"><Attachment><ExternalReference><Description>'
        f"<![CDATA[{INVOICE}]]></Description></ExternalReference></Attachment></AttachedDocument>"
    )
    fapiao = zip_with(("OFD.xml", b"<a/>"), ("Doc_0/Attachs/original_invoice.xml", INVOICE.encode()))
    bank = zip_with(
        ("a.pdf", pdf_with(("factur-x.xml", INVOICE.encode()), ("logo.png", b"\x89PNG"))),
        ("b.ofd", fapiao),
        ("c.xml", attached.encode()),
        ("scan.pdf", pdf_with()),
    )
    reading = read(bank)
    assert reading.format == "zip"
    assert reading.documents == read(INVOICE.encode()).documents * 3
    assert [each.path for each in reading.unmapped if each.cause is Cause.UNUSABLE] == ["a.pdf: logo.png", "scan.pdf"]


@pytest.mark.parametrize(
    "inner",
    [
        zip_with(("a.xml", INVOICE.encode())),
        pdf_with(("b.pdf", pdf_with(("a.xml", INVOICE.encode())))),
        zip_with(("OFD.xml", b"<a/>"), ("Doc_0/Attachs/x.xml", zip_with(("a.xml", INVOICE.encode())))),
    ],
)
def test_an_archive_in_an_archive_and_a_third_file_are_closed(inner: bytes) -> None:
    with pytest.raises(InvalidDocument, match=r"within a (zip|pdf|ofd); send it by itself"):
        read(zip_with(("inner", inner)))


def test_what_files_of_an_archive_hold_counts_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_files, "MAX_BYTES", 2 * len(INVOICE.encode()))
    source = zip_with(*((f"{number}.pdf", pdf_with(("a.xml", INVOICE.encode()))) for number in range(3)))
    reading = read(source)
    assert len(reading.documents) == 2
    assert reading.unmapped[-1].path == "2.pdf"
    assert "brings what its archive holds to more than" in reading.unmapped[-1].reason


def test_an_archive_costs_no_more_than_a_few_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read no more is named; a picture costs nothing, however large."""
    monkeypatch.setattr(_files, "MAX_PARTS_WORK", 2 * INVOICE.count("<"))
    picture = ("scan.jpg", b"\xff\xd8\xff\xe0" + b"\n" * 100_000)
    source = zip_with(picture, *((f"{number}.xml", INVOICE.encode()) for number in range(3)))
    reading = read(source)
    assert len(reading.documents) == 2
    assert [each.path for each in reading.unmapped if each.cause is Cause.UNUSABLE] == ["scan.jpg", "2.xml"]
    assert "after more than is read of one archive" in reading.unmapped[-1].reason


def test_an_archive_of_nothing() -> None:
    with pytest.raises(InvalidDocument, match="the archive is empty"):
        read(zip_with())


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_pdf_that_only_forbids_printing_opens_for_everybody(algorithm: str) -> None:
    """It is encrypted with no word to open it by; one that has a word is refused."""
    writer, saved = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.add_attachment("factur-x.xml", INVOICE.encode())
    writer.encrypt("", owner_password="owner", algorithm=algorithm)
    writer.write(saved)
    assert read(saved.getvalue()).documents == read(INVOICE.encode()).documents


def test_an_encrypted_archive_is_refused() -> None:
    source = bytearray(zip_with(("a.xml", INVOICE.encode())))
    for place in (source.find(b"PK\x03\x04") + 6, source.find(b"PK\x01\x02") + 8):
        source[place] |= 1
    with pytest.raises(InvalidDocument, match="encrypted"):
        read(bytes(source))


@pytest.mark.parametrize(
    "attachment",
    [
        f"<ExternalReference><Description><![CDATA[{INVOICE}]]></Description></ExternalReference>",
        f"<EmbeddedDocumentBinaryObject>{base64.b64encode(INVOICE.encode()).decode()}</EmbeddedDocumentBinaryObject>",
    ],
)
def test_an_attached_document(attachment: str) -> None:
    source = (
        f'<AttachedDocument xmlns="{UBL}AttachedDocument-2"><Attachment>{attachment}</Attachment></AttachedDocument>'
    )
    reading = read(source.encode())
    assert reading.format == "ubl-attached-document"
    assert reading.documents == read(INVOICE.encode()).documents


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-8", "GBK"])
def test_an_attached_text_is_what_it_would_be_as_a_file(encoding: str) -> None:
    """Long, and in an encoding that it declares, though what it stands in has another."""
    note = "".join(f"<Note>remark {number} of many, all of them of some length</Note>" for number in range(400))
    inner = (
        INVOICE.replace("黔南风机", "Qiannan")
        .replace("Rhein Handel GmbH", "R\u00fcgen \u0026amp; S\u00f6hne")
        .replace("<IssueDate>", f"{note}<IssueDate>")
    )
    inner = f'<?xml version="1.0" encoding="{encoding}"?>{inner}'
    inner = inner.replace("\u00fc", "ue").replace("\u00f6", "oe") if encoding == "GBK" else inner
    source = (
        f'<AttachedDocument xmlns="{UBL}AttachedDocument-2"><Attachment><ExternalReference><Description>'
        f"<![CDATA[{inner}]]></Description></ExternalReference></Attachment></AttachedDocument>"
    )
    (found,) = read(source.encode()).documents
    assert isinstance(found, CommercialInvoice)
    assert found.buyer.name == ("Ruegen & Soehne" if encoding == "GBK" else "R\u00fcgen & S\u00f6hne")
    assert len(found.notes) == 400
