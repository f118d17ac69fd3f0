"""SWIFT MT940, MT942, MT910 and MT103, as banks hand them out: credits, what is none, and what cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from eximledger.formats import Cause, detect, read
from eximledger_chaincode.documents import FxReceipt, Money, ReceiptStatus, ReferenceKind
from hlf_chaincode.errors import InvalidDocument

BARE = """:20:R1
:25:NRA5
:28C:7
:60F:C260601USD0,
{entries}
:62F:C260602USD{closing}
"""


def receipts(source: bytes | Path) -> list[FxReceipt]:
    return [each for each in read(source).documents if isinstance(each, FxReceipt)]


def bare(*entries: str, closing: str = "100,") -> bytes:
    return BARE.format(entries="\n".join(entries), closing=closing).encode()


def test_a_statement(data: Path) -> None:
    reading = read(data / "mt940.sta")
    assert reading.format == detect(data / "mt940.sta") == "mt940"
    credit, taken_back, returned = receipts(data / "mt940.sta")
    assert credit.amount == Money.of("18250", "USD")
    assert credit.instructed_amount == Money.of("16900", "EUR")
    assert (credit.reference, credit.reference_kind) == ("GZ0612-77", ReferenceKind.SERVICER)
    assert (credit.account, credit.servicer, credit.status) == ("NRA7700112233", "GZBKCN22", ReceiptStatus.BOOKED)
    assert (credit.booked_on, credit.value_on) == (date(2026, 6, 12), date(2026, 6, 12))
    assert credit.payer is not None
    assert credit.payer.name == "RHEIN HANDEL GMBH"
    assert [each.declaration_number for each in credit.allocations] == ["530420260000000777"]
    assert {(each.scheme, each.value) for each in credit.identifiers} == {
        ("EndToEndId", "E-4711"),
        ("CustomerRef", "QF-2026-31"),
        ("StatementId", "ST260612"),
    }
    assert (taken_back.amount, taken_back.reverses) == (Money.of("250", "USD"), ("GZ0611-12",))
    assert (returned.amount, returned.reversal) == (Money.of("99", "USD"), True)
    left = [(entry.path, entry.cause) for entry in reading.unmapped]
    assert left == [
        ("line 10 (:61:)", Cause.SKIPPED),
        ("line 11 (:61:)", Cause.SKIPPED),
        ("line 17 (:64:)", Cause.NOT_MODELLED),
    ]


def test_a_report_of_the_day_informs(data: Path) -> None:
    credit, expected = receipts(data / "mt942.sta")
    assert (credit.amount, credit.status) == (Money.of("720", "EUR"), ReceiptStatus.INFORMATION)
    assert (credit.account, credit.reference) == ("1234567", "RF-9")
    assert credit.payer is not None
    assert credit.payer.name == "RHEIN HANDEL GMBH"
    assert (credit.payer_account, credit.remittance) == ("DE02100100109307118603", ("RECHNUNG QF-8",))
    assert (expected.amount, expected.status) == (Money.of("15", "EUR"), ReceiptStatus.PENDING)


def test_a_confirmed_credit_is_that_of_the_statement(data: Path) -> None:
    (advice,) = receipts(data / "mt910.txt")
    assert (advice.status, advice.servicer) == (ReceiptStatus.BOOKED, "GZBKCN22")
    assert advice.id == receipts(data / "mt940.sta")[0].id
    assert advice.payer is not None
    assert advice.payer.name == "RHEIN HANDEL GMBH"
    assert advice.payer.address is not None
    assert advice.payer.address.country == "DE"
    assert advice.payer_account == "DE02100100109307118603"


def test_a_payment_on_its_way_informs(data: Path) -> None:
    (payment,) = receipts(data / "mt103.txt")
    assert (payment.status, payment.counts) == (ReceiptStatus.INFORMATION, False)
    assert (payment.amount, payment.instructed_amount) == (Money.of("18250", "USD"), Money.of("16900", "EUR"))
    assert (payment.reference_kind, payment.reference) == (
        ReferenceKind.TRANSACTION,
        "4ea37e81-98ec-4014-b7a4-1ff4611fca12",
    )
    assert [(each.kind, each.number) for each in payment.references] == [
        ("declaration", "530420260000000777"),
        ("invoice", "QF-31"),
    ]
    assert [str(each.amount) for each in payment.charges] == ["12.00 USD"]
    assert str(payment.exchanges[0].rate) == "1.0799"
    assert payment.beneficiary is not None
    assert payment.account == "NRA7700112233"


@pytest.mark.parametrize(
    ("line", "amount", "reference"),
    [
        (":61:260602C100,NTRFNONREF//B7", "100.00 USD", "B7"),
        (":61:2606020602CD100,00NTRFX-1//B7", "100.00 USD", "B7"),
        (":61:2606020602C100,S103X-1", "100.00 USD", "X-1"),
        (":61:2606020602C100,00FMSCNONREF", "100.00 USD", "7-1"),
        (":61:2601011231C100,00NTRFNONREF//B7", "100.00 USD", "B7"),
    ],
)
def test_ways_of_a_statement_line(line: str, amount: str, reference: str) -> None:
    (credit,) = receipts(bare(line))
    assert (str(credit.amount), credit.reference) == (amount, reference)
    if "1231" in line:
        assert credit.booked_on == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (":61:26X602C5,NTRFX", "no statement line"),
        (":61:260632C5,NTRFX", "not of the calendar"),
        (":61:260602CR5,NTRFX", "another currency"),
        (":61:2606020231C5,NTRFX", "not of the calendar"),
        (":61:260602C5,001NTRFX", "decimals"),
        (":61:260602C5.5,5NTRFX", "no statement line"),
    ],
)
def test_an_entry_that_cannot_be_read_does_not_cost_the_others(line: str, said: str) -> None:
    reading = read(bare(line, ":61:260602C100,NTRFNONREF//B7"))
    assert len(reading.documents) == 1
    unusable = [entry for entry in reading.unmapped if entry.cause is Cause.UNUSABLE]
    assert [entry.path for entry in unusable] == ["line 5 (:61:)", *(["line 7 (:62F:)"] if len(unusable) > 1 else [])]
    assert said in unusable[0].reason
    with pytest.raises(InvalidDocument, match=said):
        read(bare(line))


def test_entries_that_do_not_make_the_balance_are_reported() -> None:
    (left,) = read(bare(":61:260602C100,NTRFNONREF//B7", closing="101,")).unmapped
    assert (left.path, left.cause) == ("line 6 (:62F:)", Cause.UNUSABLE)


def test_what_is_no_foreign_credit_is_skipped() -> None:
    source = bare(":61:260602C100,NTRFNONREF//B7", ":61:260602C1,NCMSNONREF//B8").replace(b"USD", b"CNY")
    reading = read(source)
    assert reading.documents == ()
    assert {entry.cause for entry in reading.unmapped} == {Cause.SKIPPED, Cause.UNUSABLE}


@pytest.mark.parametrize(
    ("currency", "narrative", "is_received"),
    [
        ("CNY", "/ORDP/AN NAM MOTORS/BIC/BFTVVNVX/REMI/INV 771", True),
        ("CNY", "/ORDP/HARBOUR LIGHTS/BIC/HSBCHKHHXXX/REMI/INV 771", True),
        ("CNY", "/ORDP/NANHAI MOTORS/BIC/ICBKCNBJGDG/REMI/INV 771", False),
        ("CNY", "/ORDP/NANHAI MOTORS/REMI/INV 771", False),
        ("CNH", "/ORDP/AN NAM MOTORS/REMI/INV 771", True),
    ],
)
def test_renminbi_from_abroad_is_received(currency: str, narrative: str, is_received: bool) -> None:
    source = bare(":61:2606020602C100,00NTRFNONREF//KB-20931", f":86:{narrative}")
    found = receipts(source.replace(b"USD", currency.encode()))
    assert [each.amount for each in found] == ([Money.of("100", "CNY")] if is_received else [])
    assert all(each.payer_bank is None or each.payer_bank.countries for each in found)


@pytest.mark.parametrize(
    ("currency", "ordering", "is_received"),
    [("CNY", ":52A:BFTVVNVX", True), ("CNY", ":52A:ICBKCNBJ", False), ("CNH", ":50K:AN NAM MOTORS", True)],
)
def test_a_confirmed_credit_in_renminbi(currency: str, ordering: str, is_received: bool) -> None:
    source = f":20:KB-5\n:25:NRA5\n:21:NONREF\n:32A:260602{currency}100,00\n{ordering}\n".encode()
    assert len(receipts(source)) == is_received


@pytest.mark.parametrize(
    ("narrative", "came_back"),
    [
        ("/RTRN/AC01/EREF/OUR-8812/BENM/KAI WERFT/REMI/PO 5", True),
        ("/TRTP/RETURN/RTRN/MS03/EREF/OUR-8812", True),
        ("/EREF/KW-55/ORDP/KAI WERFT/REMI/INV 771 /RTRN/AC01/", False),  # the payer's own words
        ("/EREF/KW-55/RTRN/AC01/ORDP/KAI WERFT/REMI/INV 771", False),  # so is the end-to-end id
        ("PAYMENT INV 771 /RTRN/AC01/ RETURN", False),
    ],
)
def test_a_payer_cannot_write_that_its_payment_came_back(narrative: str, came_back: bool) -> None:
    (receipt,) = receipts(bare(":61:2606020602C100,00NTRFNONREF//KB-20931", f":86:{narrative}"))
    assert receipt.reversal is came_back
    assert receipt.counts is not came_back


def test_several_messages_and_one_of_another_type() -> None:
    other = "{1:F01GZBKCN22AXXX0000000000}{2:I900QNFJCN21XXXXN}{4:\n:20:D1\n:25:NRA5\n:32A:260602USD5,\n-}\n"
    statement = bare(":61:260602C100,NTRFNONREF//B7").decode()
    again = statement.replace("B7", "B8").replace(":28C:7", ":28C:8")
    reading = read((statement + other + again).encode())
    assert [each.reference for each in reading.documents if isinstance(each, FxReceipt)] == ["B7", "B8"]
    assert [entry.reason for entry in reading.unmapped] == ["the message is a SWIFT MT900, which is not read here"]
    with pytest.raises(InvalidDocument, match="SWIFT MT900"):
        read(other.encode())


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (":20:R1\n:28C:7\n:60F:C260601USD0,\n:61:260602C1,NTRFX\n", "no field :25:"),
        (":20:R1\n:25:A\n:28C:7\n:60F:C260601XXY0,\n:61:260602C1,NTRFX\n", "ISO 4217"),
        (":20:R1\n:25:A\n:28C:7\n:61:260602C1,NTRFX\n", "no field :60F:"),
        (
            ":20:R1\n:25:A\n:28C:7\n:60F:C260601USD0,\n:61:260602C1,NTRFX\n:62F:C260602EUR1,\n",
            "62F.* is in EUR, and another sum of the statement in USD",
        ),
        (":20:LC1\n:31C:260101\n:40A:IRREVOCABLE\n", "no field :50:"),
        (
            "{1:F01GZBKCN22AXXX0000000000}{2:I103QNFJCN21XXXXN}{4:\n:20:A\n:32A:260602USD5,\n:59:NONE\n-}",
            "no account",
        ),
    ],
)
def test_what_is_missing_is_named(source: str, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        read(source.encode())


def narrated(narrative: str) -> FxReceipt:
    (credit,) = receipts(bare(":61:2606020602C100,00NTRFNONREF//KB-20931", f":86:{narrative}"))
    return credit


@pytest.mark.parametrize("mark", ["?", ">", "<", "~", "^", "@", "|"])
def test_subfields_behind_any_mark(mark: str) -> None:
    """Triodos has a greater-than, Polish banks a tilde or a caret."""
    parts = ("00TRANSFER", "20INV 2026-1 DECL 42172026", "210000012345", "30CHASUS33", "31US77", "32ACME", "33 INC")
    credit = narrated("166" + mark + mark.join(parts[:4]) + "\n" + mark + mark.join(parts[4:]))
    assert credit.remittance == ("INV 2026-1 DECL 421720260000012345",)
    assert [each.number for each in credit.references] == ["421720260000012345"]
    assert credit.payer is not None
    assert credit.payer_bank is not None
    assert (credit.payer.name, credit.payer_account, credit.payer_bank.name) == ("ACME INC", "US77", "CHASUS33")


@pytest.mark.parametrize(
    ("narrative", "remittance"),
    [
        ("DECL 421720260000012345 INV?20 PCS", ("DECL 421720260000012345 INV?20 PCS",)),
        ("DECL 421720260000012345?20INV?2177", ("DECL 421720260000012345", "INV77")),
        ("DECL 421720260000012345 PO/ID/77", ("DECL 421720260000012345 PO/ID/77",)),
        ("DECL 421720260000012345/EREF/E-1/REMI/INV 1", ("DECL 421720260000012345", "INV 1")),
        ("/ID/77/REMI/DECL 421720260000012345", ("DECL 421720260000012345",)),
    ],
)
def test_words_of_a_payer_before_a_mark_are_not_lost(narrative: str, remittance: tuple[str, ...]) -> None:
    credit = narrated(narrative)
    assert credit.remittance == remittance
    assert [each.number for each in credit.references] == ["421720260000012345"]


def test_messages_one_behind_the_other_in_a_line(data: Path) -> None:
    """RJE files part messages by a dollar, and some systems by nothing."""
    first = (data / "mt103.txt").read_text().strip()
    second = first.replace("4ea37e81", "5ea37e81")
    for between in ("$", "", "{5:{CHK:123456789012}}$"):
        both = receipts((first + between + second).encode())
        assert [(each.reference[:8], each.reference_kind) for each in both] == [
            ("4ea37e81", ReferenceKind.TRANSACTION), ("5ea37e81", ReferenceKind.TRANSACTION),
        ]  # fmt: skip


def test_expected_money_moves_no_balance() -> None:
    reading = read(bare(":61:260602EC100,00NTRFNONREF//KB-1", ":61:260602ED5,00NTRFNONREF//KB-2", closing="0,"))
    assert [each.cause for each in reading.unmapped if each.cause is Cause.UNUSABLE] == []


def test_money_that_came_back_pays_no_declaration(data: Path) -> None:
    paid = (data / "mt103.txt").read_text()
    (credit,) = receipts(paid.encode())
    assert (credit.reversal, [each.declaration_number for each in credit.allocations]) == (
        False,
        ["530420260000000777"],
    )
    (credit,) = receipts(paid.replace(":71A:", ":72:/RETN/59\n:71A:").encode())
    assert (credit.reversal, credit.allocations) == (True, ())


@pytest.mark.parametrize("amount", ["18.250", "18,250", "18250,000", "18.250,00", "18,250.00"])
def test_an_amount_of_more_decimals_than_its_currency_has_is_none(amount: str) -> None:
    """18.250 was read as eighteen and a quarter."""
    reading = read(bare(f":61:2606010601C{amount}NTRFA1//B1", ":61:2606020602C100,NTRFA2//B2"))
    assert [str(each.amount) for each in reading.documents if isinstance(each, FxReceipt)] == ["100.00 USD"]
    assert next(each.path for each in reading.unmapped if each.cause is Cause.UNUSABLE) == "line 5 (:61:)"


@pytest.mark.parametrize("written", ["EUR16.900,00", "EUR16.900", "EUR1.2.3"])
def test_an_amount_ordered_that_cannot_be_read_is_reported(data: Path, written: str) -> None:
    source = (data / "mt940.sta").read_text().replace("EUR16900,00", written)
    reading = read(source.encode())
    (credit, *_) = reading.documents
    assert isinstance(credit, FxReceipt)
    assert (credit.amount, credit.instructed_amount) == (Money.of("18250", "USD"), None)
    assert any(each.reason.startswith("the amount ordered") for each in reading.unmapped)
    dotted = read(source.replace(written, "EUR16900.00").encode()).documents[0]
    assert isinstance(dotted, FxReceipt)
    assert dotted.instructed_amount == Money.of("16900", "EUR")
