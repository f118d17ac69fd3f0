"""camt.053 and camt.054: the published samples and a newer statement made here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from eximledger.formats import Cause, Reading, read
from eximledger_chaincode.documents import Allocation, FxReceipt, Money, ReceiptStatus, Reference
from hlf_chaincode.errors import InvalidDocument

Sample = Callable[[str], Path]
FI_053 = "iso20022/FI_camt_053_sample.xml.xml"
FI_054 = "iso20022/FI_camt_054_sample.xml.xml"
CH_053 = "iso20022/camt.053_P_CH2909000000250094239_1110092698_0_2020112503071366.xml"
CH_054 = "iso20022/200519_camt.054_P_CH2909000000250094239_1111091335_0_2020061900081727.xml"
CH_054_CREDIT = "iso20022/200519_camt.054-Credit_P_CH2909000000250094239_1110092691_0_2019042421291293.xml"


def _receipts(reading: Reading) -> list[FxReceipt]:
    found = [document for document in reading.documents if isinstance(document, FxReceipt)]
    assert len(found) == len(reading.documents)
    return found


def _skipped(reading: Reading) -> list[str]:
    return [entry.path.rpartition("/")[2] for entry in reading.unmapped if entry.cause is Cause.SKIPPED]


@pytest.mark.parametrize(
    ("name", "form", "amounts", "skipped"),
    [
        (
            FI_053,
            "camt.053.001.02",
            ["2000", "500", "3000", "2120", "5455", "10000"],
            ["Ntry[1]", "Ntry[2]", "Ntry[3]", "Ntry[10]"],
        ),
        (FI_054, "camt.054.001.02", ["1900", "100", "400", "100", "2500", "500", "40", "60"], ["Ntry[4]", "Ntry[5]"]),
        (CH_053, "camt.053.001.04", ["4.50", "1500", "1537", "1692.22"], ["Ntry[2]"]),
        (CH_054, "camt.054.001.04", ["778.29", "913.93"], []),
        (CH_054_CREDIT, "camt.054.001.04", ["1500"], []),
    ],
)
def test_credits_of_the_samples(sample: Sample, name: str, form: str, amounts: list[str], skipped: list[str]) -> None:
    reading = read(sample(name))
    receipts = _receipts(reading)
    assert reading.format == form
    assert [receipt.amount.amount for receipt in receipts] == [Decimal(amount) for amount in amounts]
    assert len({receipt.id for receipt in receipts}) == len(receipts)
    assert _skipped(reading) == skipped


def test_an_international_payment(sample: Sample) -> None:
    receipt = _receipts(read(sample(FI_053), exporter="91520690MA6DX12344"))[3]
    assert (receipt.reference, receipt.account) == ("091029ACCTSTMTARCH06", "FI7433010001222090")
    assert receipt.exporter == "91520690MA6DX12344"
    assert (receipt.booked_on, receipt.value_on) == (date(2009, 10, 29), date(2009, 10, 30))
    assert receipt.instructed_amount == Money.of("3200", "USD")
    (exchange,) = receipt.exchanges
    assert (exchange.source, exchange.target, exchange.rate, exchange.contract) == (
        "USD",
        "EUR",
        Decimal("0.666667"),
        "FX12345",
    )
    assert [(entry.amount, entry.reason_code) for entry in receipt.charges] == [(Money.of("20", "EUR"), "COMM")]
    assert receipt.payer is not None
    assert (receipt.payer.name, receipt.payer.identifiers[0].value) == ("DEBTOR NAME", "123456789")
    assert receipt.payer_bank is not None
    assert receipt.payer_bank.name == "BOFAUS6H"
    assert (receipt.remittance, receipt.transaction_code) == (("INVOICE US20291092",), "PMNT/RCDT/XBCT")
    assert receipt.account_owner is not None
    assert receipt.account_owner.name == "BANK ACCOUNT OWNER"


def test_structured_remittance(sample: Sample) -> None:
    statement = _receipts(read(sample(FI_053)))
    assert statement[4].references == (
        Reference(
            kind="creditor-reference",
            number="RF98123456789012",
            amount=Money.of("5500", "EUR"),
            description="SCOR ISO",
        ),
    )
    assert statement[4].payer is not None
    assert statement[4].payer.country == "GB"  # the bank wrote UK
    assert statement[5].ultimate_payer is not None
    assert statement[5].ultimate_payer.name == "ULTIMATE DEBTOR"
    assert statement[5].notes == ("purpose: TREA",)
    notified = _receipts(read(sample(FI_054)))
    assert [(r.kind, r.number, r.amount) for r in notified[0].references] == [
        ("creditor-reference", "3900", Money.of("2500", "EUR")),
        ("credit-note", "12344", Money.of("600", "EUR")),
    ]


def test_returned_debits_inform_only(sample: Sample) -> None:
    returned = _receipts(read(sample(FI_054)))[-2:]
    assert [(entry.status, entry.reversal) for entry in returned] == [(ReceiptStatus.INFORMATION, True)] * 2
    assert returned[0].notes == ("returned: AC01 1+TILIÄ EI LÖYDY",)


def test_a_reference_used_twice_gets_a_number(sample: Sample) -> None:
    references = [receipt.reference for receipt in _receipts(read(sample(CH_053)))]
    assert references[2:] == ["07582000303KBMSU", "07582000303KBMSU/2"]


def test_leftovers_of_a_split_notification(sample: Sample) -> None:
    notification = "/Document/BkToCstmrDbtCdtNtfctn/Ntfctn"
    assert [(entry.path, entry.values) for entry in read(sample(CH_054)).unmapped] == [
        ("/Document/BkToCstmrDbtCdtNtfctn/GrpHdr/AddtlInf", 1),
        (f"{notification}/FrToDt", 2),
        (f"{notification}/RptgSrc", 1),
        (f"{notification}/Ntry/NtryDtls/Btch", 1),
        (f"{notification}/Ntry/NtryDtls/TxDtls[1]/RltdDts", 1),
        (f"{notification}/Ntry/NtryDtls/TxDtls[2]/RltdDts", 1),
    ]


def test_leftovers_of_a_statement(sample: Sample) -> None:
    left = [entry.path.removeprefix("/Document/BkToCstmrStmt/") for entry in read(sample(CH_053)).unmapped]
    balances = [f"Stmt/Bal[{number}]" for number in range(1, 5)]
    assert left == ["GrpHdr/AddtlInf", "Stmt/ElctrncSeqNb", "Stmt/FrToDt", *balances, "Stmt/Ntry[2]"]


# the newer shape ----------------------------------------------------------------


def test_a_statement_of_version_10(data: Path) -> None:
    reading = read(data / "camt.053.001.10.xml")
    first, second, reversal = _receipts(reading)
    assert reading.format == "camt.053.001.10"
    assert (first.status, first.exporter_uscc, first.payer_account) == (
        ReceiptStatus.BOOKED,
        "91520690MA6DX12344",
        "DE89370400440532013000",
    )
    assert first.payer is not None
    assert (first.payer.name, first.payer.country) == ("Rhein Handel GmbH", "DE")
    assert [entry.scheme for entry in first.identifiers] == ["UETR", "MsgId", "StatementId"]
    assert first.allocations == (
        Allocation(declaration_number="530420260000000012", amount=Money.of("20000", "USD")),
        Allocation(declaration_number="530420260000000020", amount=Money.of("10000", "USD")),
    )
    assert (second.status, second.amount, second.instructed_amount) == (
        ReceiptStatus.PENDING,
        Money.of("71000", "CNY"),
        Money.of("10000", "USD"),
    )
    assert second.allocations == (Allocation(declaration_number="530420260000000012", amount=Money.of("10000", "USD")),)
    reasons = {entry.path.rpartition("/")[2]: entry.reason for entry in reading.unmapped}
    assert set(reasons) == {"TtlChrgsAndTaxAmt", "Ntry[3]", "Ntry[4]"}
    assert "CNY" in reasons["Ntry[3]"]
    assert "debit" in reasons["Ntry[4]"]
    assert (reversal.amount, reversal.reverses, reversal.counts) == (Money.of("7", "USD"), (reversal.reference,), False)


@pytest.mark.parametrize("version", [f"{number:02}" for number in (*range(2, 16), 99)])
def test_every_version_is_known(data: Path, version: str) -> None:
    source = (data / "camt.053.001.10.xml").read_text(encoding="utf-8").replace("001.10", f"001.{version}")
    assert read(source.encode()).format == f"camt.053.001.{version}"


def test_details_that_do_not_add_up_are_reported(data: Path) -> None:
    source = (data / "camt.053.001.10.xml").read_text(encoding="utf-8")
    half = "<TxDtls><Amt Ccy='USD'>{}</Amt><CdtDbtInd>{}</CdtDbtInd></TxDtls>"
    details = half.format("10.00", "CRDT") + half.format("20.00", "CRDT") + half.format("3.00", "DBIT")
    start, end = source.index("<TxDtls>"), source.index("</NtryDtls>")
    reading = read((source[:start] + details + source[end:]).encode())
    receipts = _receipts(reading)
    assert (receipts[0].reference, receipts[0].amount.amount) == ("R-1", Decimal(30_000)), "that was credited"
    left = {entry.path.removeprefix("/Document/BkToCstmrStmt/Stmt/"): entry.cause for entry in reading.unmapped}
    assert left["Ntry[1]/Amt"] is Cause.UNUSABLE
    assert left["Ntry[1]/NtryDtls/TxDtls[3]"] is Cause.SKIPPED


def test_a_statement_without_an_account_is_refused(data: Path) -> None:
    source = (data / "camt.053.001.10.xml").read_text(encoding="utf-8")
    with pytest.raises(InvalidDocument) as refused:
        read(source.replace("<Id>1100222233334444</Id>", "<Id/>", 1).encode())
    assert refused.value.field.endswith("Acct/Id/IBAN")


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("<CdtDbtInd>CRDT</CdtDbtInd>\n        <Sts>", "<CdtDbtInd>IN</CdtDbtInd>\n        <Sts>", "CdtDbtInd is"),
        ("<Sts><Cd>BOOK</Cd></Sts>\n        <BookgDt>", "<Sts><Cd>DONE</Cd></Sts>\n        <BookgDt>", "Sts is not"),
        ('<Amt Ccy="USD">30000.00</Amt>\n        <CdtDbtInd>', "<CdtDbtInd>", "Amt is missing"),
    ],
)
def test_what_is_wrong_in_an_entry_is_named(data: Path, right: str, wrong: str, said: str) -> None:
    source = (data / "camt.053.001.10.xml").read_text(encoding="utf-8")
    assert right in source
    reading = read(source.replace(right, wrong, 1).encode())
    assert len(reading.documents) == len(read(source.encode()).documents) - 1
    (left,) = [entry for entry in reading.unmapped if entry.path.endswith("Ntry[1]")]
    assert left.cause is Cause.UNUSABLE
    assert left.reason.startswith(said)
