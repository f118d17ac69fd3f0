"""Papers inside other messages, in a country's namespace, and files that only look like papers."""

from __future__ import annotations

from base64 import b64encode

import pytest
from tests.eximledger.formats.test_camt_natures import entry, statement

from eximledger.formats import Cause, detect, read
from eximledger_chaincode.documents import CommercialInvoice, FxReceipt, ReceiptStatus
from hlf_chaincode.errors import InvalidDocument

ISO = "urn:iso:std:iso:20022:tech:xsd:"
UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE = (
    f'<Invoice xmlns="{UBL}Invoice-2"><UBLVersionID>2.3</UBLVersionID><ID>QF-91</ID><IssueDate>2026-05-04</IssueDate>'
    "<AccountingSupplierParty><Party><PartyName><Name>黔南风机</Name></PartyName></Party></AccountingSupplierParty>"
    "<AccountingCustomerParty><Party><PartyName><Name>Rhein Handel GmbH</Name></PartyName></Party>"
    '</AccountingCustomerParty><LegalMonetaryTotal><PayableAmount currencyID="EUR">640.00</PayableAmount>'
    '</LegalMonetaryTotal><InvoiceLine><ID>1</ID><LineExtensionAmount currencyID="EUR">640.00</LineExtensionAmount>'
    "<Item><Name>Fan</Name></Item></InvoiceLine></Invoice>"
)
STATEMENT = statement(entry("4000.00")).decode()


def receipt(source: bytes) -> FxReceipt:
    (found,) = read(source).documents
    assert isinstance(found, FxReceipt)
    return found


@pytest.mark.parametrize(
    "envelope",
    [
        '<StandardBusinessDocument xmlns="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">'
        "<StandardBusinessDocumentHeader><HeaderVersion>1.0</HeaderVersion></StandardBusinessDocumentHeader>%s"
        "</StandardBusinessDocument>",
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header/><e:Body><Send>%s</Send></e:Body>'
        "</e:Envelope>",
        "<Nachricht><Kopf><Nr>7</Nr></Kopf><Inhalt>%s</Inhalt></Nachricht>",
    ],
)
def test_an_invoice_in_an_envelope(envelope: str) -> None:
    source = (envelope % INVOICE).encode()
    assert detect(source) == "ubl-invoice-2.3"
    reading = read(source)
    (found,) = reading.documents
    assert isinstance(found, CommercialInvoice)
    assert (found.invoice_number, str(found.total)) == ("QF-91", "640.00 EUR")
    assert reading == read(INVOICE.encode())


@pytest.mark.parametrize(
    "envelope",
    [
        f'<BizMsgEnvlp xmlns="{ISO}nvlp.001.001.01"><AppHdr xmlns="{ISO}head.001.001.03"><BizMsgIdr>9</BizMsgIdr>'
        "</AppHdr>%s</BizMsgEnvlp>",
        '<Saa:DataPDU xmlns:Saa="urn:swift:saa:xsd:saa.2.0"><Saa:Body><AppHdr><BizMsgIdr>9</BizMsgIdr></AppHdr>%s'
        "</Saa:Body></Saa:DataPDU>",
        f'<?xml version="1.0"?>\n<h:AppHdr xmlns:h="{ISO}head.001.001.02"><h:BizMsgIdr>9</h:BizMsgIdr></h:AppHdr>\n%s',
    ],
)
def test_a_statement_behind_its_header(envelope: str) -> None:
    assert receipt((envelope % STATEMENT).encode()) == receipt(STATEMENT.encode())


@pytest.mark.parametrize(
    "namespace",
    [
        "ISO:camt.053.001.02:APC:STUZZA:payments:002",
        "urn:swift:xsd:$camt.053.001.06",
        "urn:swift:xsd:camt.053.001.03",
        "http://www.six-interbank-clearing.com/de/camt.053.001.04.ch.02.xsd",
        f"{ISO}camt.053.001.13",
    ],
)
def test_a_statement_by_any_issuers_namespace(namespace: str) -> None:
    source = STATEMENT.replace(f"{ISO}camt.053.001.08", namespace)
    assert detect(source.encode()).startswith("camt.053.001.")
    assert str(receipt(source.encode()).amount) == "4,000.00 USD"


@pytest.mark.parametrize("blank", [b"\n", b"\xef\xbb\xbf\r\n  ", b" " * 500])
def test_blanks_before_the_declaration_say_nothing(blank: bytes) -> None:
    source = STATEMENT.encode() if STATEMENT.startswith("<?xml") else b'<?xml version="1.0"?>' + STATEMENT.encode()
    assert receipt(blank + source) == receipt(STATEMENT.encode())


def test_a_report_of_the_day_informs_and_its_statement_books_the_same_credit() -> None:
    report = STATEMENT.replace("camt.053", "camt.052").replace("BkToCstmrStmt", "BkToCstmrAcctRpt")
    informs = receipt(report.replace("<Stmt>", "<Rpt>").replace("</Stmt>", "</Rpt>").encode())
    booked = receipt(STATEMENT.encode())
    assert (informs.status, informs.counts) == (ReceiptStatus.INFORMATION, False)
    assert (booked.status, booked.counts) == (ReceiptStatus.BOOKED, True)
    assert informs.id == booked.id


# several papers ----------------------------------------------------------------


def test_papers_of_several_kinds_in_one_envelope() -> None:
    other = INVOICE.replace("QF-91", "QF-92")
    reading = read(f"<Stapel><Blatt>{INVOICE}</Blatt><Blatt>{STATEMENT}{other}</Blatt></Stapel>".encode())
    assert reading.format == "ubl-invoice-2.3"
    alone = [*read(INVOICE.encode()).documents, *read(STATEMENT.encode()).documents, *read(other.encode()).documents]
    assert list(reading.documents) == alone
    statement_left = [entry for entry in reading.unmapped if entry.path.startswith("/Stapel/Blatt[2]/Document: /")]
    assert len(statement_left) == len(read(STATEMENT.encode()).unmapped)


def test_one_that_cannot_be_read_does_not_cost_the_others() -> None:
    broken = INVOICE.replace("2026-05-04", "yesterday")
    reading = read(f"<Stapel>{broken}{INVOICE}</Stapel>".encode())
    assert reading.documents == read(INVOICE.encode()).documents
    (left,) = [each for each in reading.unmapped if each.cause is Cause.UNUSABLE]
    assert left.path == "/Stapel/Invoice[1]"
    assert "/Invoice/IssueDate is not a date" in left.reason
    with pytest.raises(InvalidDocument, match="/Invoice/IssueDate is not a date"):
        read(f"<Stapel>{broken}{broken}</Stapel>".encode())


def test_a_status_report_before_a_notice_is_ignored_with_a_word() -> None:
    status = f'<Document xmlns="{ISO}pain.002.001.10"><CstmrPmtStsRpt/></Document>'
    reading = read(f"<Batch>{status}{STATEMENT}</Batch>".encode())
    assert reading.format == "camt.053.001.08"
    assert reading.documents == read(STATEMENT.encode()).documents
    assert "reports the status" in reading.unmapped[0].reason


def test_a_paper_within_a_paper_is_a_part_of_it() -> None:
    inner = INVOICE.replace("<Note>", "")
    outer = INVOICE.replace("<ID>QF-91</ID>", f"<ID>QF-91</ID><Extra>{inner}</Extra>", 1)
    assert [each.number for each in read(outer.encode()).documents] == ["QF-91"]


def test_more_papers_than_anybody_sends_are_refused() -> None:
    one = f'<CreditNote xmlns="{UBL}CreditNote-2"/>'
    with pytest.raises(InvalidDocument, match="holds more than 1000 papers"):
        read(f"<Stapel>{one * 1001}</Stapel>".encode())


SBDH = (
    '<sh:StandardBusinessDocument xmlns:sh="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">'
    "<sh:StandardBusinessDocumentHeader><sh:HeaderVersion>1.0</sh:HeaderVersion></sh:StandardBusinessDocumentHeader>"
    "%s</sh:StandardBusinessDocument>"
)


def test_an_sbdh_message_of_several_papers() -> None:
    reading = read((SBDH % (INVOICE + INVOICE.replace("QF-91", "QF-92"))).encode())
    assert [each.number for each in reading.documents] == ["QF-91", "QF-92"]


@pytest.mark.parametrize(
    "content",
    [
        f'<BinaryContent mimeType="text/xml" encoding="base64">{b64encode(INVOICE.encode()).decode()}</BinaryContent>',
        f"<TextContent><![CDATA[{INVOICE}]]></TextContent>",
    ],
)
def test_an_sbdh_message_of_text_or_bytes(content: str) -> None:
    reading = read((SBDH % content).encode())
    assert reading.format == "sbdh"
    assert reading.documents == read(INVOICE.encode()).documents


def test_an_sbdh_message_of_what_is_no_paper_says_so() -> None:
    with pytest.raises(InvalidDocument, match="an envelope around invoiceMessage, which is no paper"):
        read((SBDH % '<i:invoiceMessage xmlns:i="urn:gs1:ecom:invoice:xsd:3"><invoice/></i:invoiceMessage>').encode())


def test_an_attached_document_in_an_sbdh_message() -> None:
    attached = (
        f'<AttachedDocument xmlns="{UBL}AttachedDocument-2"><Attachment><ExternalReference><Description>'
        f"<![CDATA[{INVOICE}]]></Description></ExternalReference></Attachment></AttachedDocument>"
    )
    reading = read((SBDH % attached).encode())
    assert reading.format == "ubl-attached-document"
    assert reading.documents == read(INVOICE.encode()).documents


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (f'<Document xmlns="{ISO}pain.002.001.10"/>', "pain.002.001.10, which reports the status"),
        (f'<Document xmlns="{ISO}camt.029.001.09"/>', "camt.029.001.09, which holds no paper"),
        (f'<Document xmlns="{ISO}camt.053.001.01"/>', "camt.053.001.01, of a version that banks have left"),
        ("MIME-Version: 1.0\nContent-Type: multipart/related", "saved under the name of a workbook"),
    ],
)
def test_what_is_no_paper_is_told_by_name(source: str, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        read(source.encode())


# one entry that cannot be read ----------------------------------------------------


def test_an_entry_that_cannot_be_read_does_not_cost_the_others() -> None:
    broken = entry("12,5").replace("TRX-88410", "T-2")
    reading = read(statement(entry("4000.00"), broken, entry("70.00", servicer="T-3", end_to_end="E-3", text="x")))
    amounts = [str(each.amount) for each in reading.documents if isinstance(each, FxReceipt)]
    assert amounts == ["4,000.00 USD", "70.00 USD"]
    (left,) = [each for each in reading.unmapped if each.cause is Cause.UNUSABLE]
    assert left.path.endswith("/Ntry[2]")
    assert "Amt is not a plain decimal" in left.reason


def test_a_part_that_cannot_be_read_does_not_cost_the_other_parts() -> None:
    whole = entry("900.00")
    first = whole[whole.index("<TxDtls>") : whole.index("</NtryDtls>")]
    told = '<TxDtls><Amt Ccy="USD">%s</Amt><RltdDts><IntrBkSttlmDt>%s</IntrBkSttlmDt></RltdDts>'
    pairs = (("600.00", "2026-08-20"), ("300.00", "yesterday"))
    parts = [first.replace("<TxDtls>", told % pair) for pair in pairs]
    split = whole.replace(first, "".join(parts)).replace("<BookgDt><Dt>2026-08-20</Dt></BookgDt>", "")
    reading = read(statement(split.replace("<ValDt><Dt>2026-08-20</Dt></ValDt>", "")))
    assert [str(each.amount) for each in reading.documents if isinstance(each, FxReceipt)] == ["600.00 USD"]
    (left,) = [each for each in reading.unmapped if each.cause is Cause.UNUSABLE]
    assert left.path.endswith("/TxDtls[2]")


def test_a_statement_of_which_nothing_can_be_read_is_refused() -> None:
    with pytest.raises(InvalidDocument, match="Amt is not a plain decimal"):
        read(statement(entry("12,5")))


@pytest.mark.parametrize(
    ("paper", "form"),
    [
        ("<table border=1><tr><td>报关单号<br></td></tr></table>", "table-html"),
        ("<!DOCTYPE html><html><body>x</html>", "table-html"),
        ("\n<!-- x --><HTML><meta charset=gbk></HTML>", "table-html"),
        ('<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "table-spreadsheetml"),
    ],
)
def test_tables_under_another_name_are_told_and_need_a_header(paper: str, form: str) -> None:
    assert detect(paper.encode()) == form
    with pytest.raises(InvalidDocument, match="has no header row"):
        read(paper.encode())
