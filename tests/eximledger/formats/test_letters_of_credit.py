"""SWIFT MT700, MT701, MT707 and MT710: the terms of a credit, its amendments, and what cannot be read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from eximledger.formats import Cause, Reading, detect, read
from eximledger.formats.text.terms import reference_kind
from eximledger_chaincode.documents import CreditAmendment, LetterOfCredit, Money, Party, Permission, Place
from hlf_chaincode.errors import InvalidDocument

ISSUE = """:27:1/1
:40A:IRREVOCABLE
:20:LC9
:31C:260302
:31D:260831CHINA
:50:RHEIN HANDEL GMBH
:59:QIANFENG LAMPS
:32B:USD1000,00
:45A:+ LAMPS
+ CABLES
"""
AMENDMENT = """:20:LC9
:21:NONREF
:31C:260302
:26E:{number}
:30:260405
:59:QIANFENG LAMPS
{changes}
"""


def credit_in(reading: Reading) -> LetterOfCredit:
    (credit,) = reading.documents
    assert isinstance(credit, LetterOfCredit)
    return credit


def amended(*changes: str, issue: str = ISSUE) -> Reading:
    amendments = [AMENDMENT.format(number=number, changes=each) for number, each in enumerate(changes, 1)]
    return read("".join([issue, *amendments]).encode())


def test_a_credit_of_two_messages(data: Path) -> None:
    reading = read(data / "mt700.txt", exporter="91520690MA6DMR0B5K")
    assert reading.format == detect(data / "mt700.txt") == "mt700"
    credit = credit_in(reading)
    assert (credit.number, credit.issued_on, credit.expires_on) == ("LC26-0815/4", date(2026, 3, 2), date(2026, 8, 31))
    assert (credit.expiry_place, credit.rules, credit.confirmation) == ("CHINA", "UCP LATEST VERSION", "WITHOUT")
    assert (credit.form, credit.transferable) == ("IRREVOCABLE TRANSFERABLE", True)
    assert credit.issuing_bank is not None
    assert credit.advising_bank is not None
    assert (credit.issuing_bank.name, credit.advising_bank.name) == ("LUBADEHH", "QNFJCN21")
    assert (credit.applicant.name, credit.beneficiary.name) == ("RHEIN HANDEL GMBH", "QIANFENG LAMPS CO., LTD.")
    assert (credit.exporter, credit.id) == ("91520690MA6DMR0B5K", "91520690MA6DMR0B5K:LC26-0815/4")
    assert (credit.amount, credit.plus_percent, credit.minus_percent) == (
        Money.of(182500, "USD"),
        Decimal(5),
        Decimal(10),
    )
    assert credit.available_with == Party(name="ANY BANK IN CHINA")
    assert (credit.available_by, credit.payment_days) == ("BY NEGOTIATION", 60)
    assert (credit.partial_shipments, credit.transhipment) == (Permission.NOT_ALLOWED, Permission.ALLOWED)
    assert (credit.loading, credit.discharge) == (Place(name="ANY CHINESE PORT"), Place(name="HAMBURG, GERMANY"))
    assert (credit.latest_shipment_on, credit.presentation_days) == (date(2026, 7, 31), 15)
    assert (credit.incoterm, credit.incoterm_place) == ("CIF", "HAMBURG")
    assert credit.contract_numbers == ("QF-2026-31",)
    assert credit.documents_required == (
        "SIGNED COMMERCIAL INVOICE IN 3 ORIGINALS",
        "FULL SET OF CLEAN ON BOARD BILLS OF LADING\nMADE OUT TO ORDER",
        "PACKING LIST",
    )
    assert credit.conditions == ("THIRD PARTY DOCUMENTS ARE NOT ACCEPTABLE",)
    assert [(entry.path, entry.cause) for entry in reading.unmapped] == [
        ("line 20 (:42A:)", Cause.NOT_MODELLED),
        ("line 34 (:78:)", Cause.NOT_MODELLED),
    ]


@pytest.mark.parametrize(
    ("tenor", "days"),
    [("AT SIGHT", 0), ("DRAFTS AT SIGHT FOR 100 PCT OF INVOICE VALUE", 0), ("90 DAYS AFTER SIGHT", 90),
     ("AT 120 (ONE HUNDRED TWENTY) DAYS AFTER SHIPMENT", 120),
     ("AT SIGHT FOR 80 PCT, 20 PCT 30 DAYS AFTER ACCEPTANCE", None)],
)  # fmt: skip
def test_the_tenor_of_drafts(tenor: str, days: int | None) -> None:
    drafts = f":42C:{tenor}\n:32B:"
    assert credit_in(read(ISSUE.replace(":32B:", drafts, 1).encode())).payment_days == days


def test_several_contracts_of_one_credit() -> None:
    source = ISSUE.replace("+ LAMPS", "+ LAMPS AS PER CONTRACT NO. QF-31 AND QF-32, QF-33 DATED 2 MARCH")
    assert credit_in(read(source.encode())).contract_numbers == ("QF-31", "QF-32", "QF-33")


def test_an_amendment_that_stands_before_its_credit(data: Path) -> None:
    credit = credit_in(read(data / "mt707.txt"))
    assert (credit.amount, credit.latest_shipment_on) == (Money.of(200000, "USD"), date(2026, 8, 15))
    assert credit.documents_required == ("SIGNED COMMERCIAL INVOICE", "DETAILED PACKING LIST IN 2 COPIES")
    changed = ("amount", "latest_shipment_on", "documents_required")
    assert credit.amendments == (CreditAmendment(number=1, dated=date(2026, 4, 5), changed=changed),)
    assert (credit.presentation_days, credit.presentation_period) == (10, None)


def test_a_credit_that_another_bank_advises(data: Path) -> None:
    reading = read(data / "mt710.txt")
    credit = credit_in(reading)
    assert reading.format == "mt710"
    assert (credit.number, credit.advice_number) == ("LC26-0815/5", "ADV-26-0099")
    assert credit.issuing_bank == Party(name="LUBADEHH", identifiers=credit.issuing_bank.identifiers)  # type: ignore[union-attr]
    assert (credit.confirmation, credit.amount) == ("WITHOUT OUR CONFIRMATION", Money.of(1820000, "JPY"))
    assert (credit.payment_days, credit.presentation_days, credit.loading) == (0, 21, Place(code="CNSHA"))
    assert credit.partial_shipments is Permission.CONDITIONAL


def test_every_amendment_is_a_version_of_the_credit() -> None:
    first, second = ":33B:USD400,00", ":31E:261130\n:79:PLEASE DELETE THE SECOND ITEM"
    one, two = credit_in(amended(first)), credit_in(reading := amended(first, second))
    assert one.id == two.id
    assert [len(each.amendments) for each in (one, two)] == [1, 2]
    assert (one.amount, one.expires_on) == (Money.of(600, "USD"), date(2026, 8, 31))
    assert (two.amount, two.expires_on) == (Money.of(600, "USD"), date(2026, 11, 30))
    assert two.notes == ("amendment 2: PLEASE DELETE THE SECOND ITEM",)
    assert [entry.cause for entry in reading.unmapped] == [Cause.UNUSABLE]


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        (":34B:USD2500,00", "amount", Money.of(2500, "USD")),
        (":39A:03/03", "plus_percent", Decimal(3)),
        (":45B:/REPALL/+ LAMPS ONLY", "goods", ("LAMPS ONLY",)),
        (":45B:/ADD/+ BULBS\n/DELETE/+ CABLES", "goods", ("LAMPS", "BULBS")),
        (":45B:+ BULBS", "goods", ("LAMPS", "CABLES", "BULBS")),
        (":23S:CANCEL", "cancelled", True),
        (":48:30/AFTER RECEIPT OF THE CERTIFICATE", "presentation_days", None),
        (":50:NORDLICHT GMBH", "applicant", Party(name="NORDLICHT GMBH")),
        (":59:SOMEBODY ELSE", "beneficiary", Party(name="QIANFENG LAMPS")),
    ],
)
def test_what_an_amendment_changes(changes: str, field: str, value: object) -> None:
    assert getattr(credit_in(amended(changes)), field) == value


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (":33B:USD1000,01", "takes more away"),
        (":32B:EUR1,00", "another currency"),
        (":44C:260631", "not of the calendar"),
        (":43P:PERHAPS", "none of ALLOWED"),
        (":39A:5", "no tolerance"),
        (":26E:X", "no number"),
    ],
)
def test_an_amendment_that_cannot_be_read_changes_nothing(changes: str, said: str) -> None:
    tail = changes if changes.startswith(":26E:") else ""
    text = AMENDMENT.format(number=1, changes=f":45B:/REPALL/NOTHING\n{changes}")
    text = text.replace(":26E:1", tail) if tail else text
    reading = read((ISSUE + text).encode())
    credit = credit_in(reading)
    assert (credit.amount, credit.goods, credit.amendments) == (Money.of(1000, "USD"), ("LAMPS", "CABLES"), ())
    assert any(said in entry.reason and entry.cause is Cause.UNUSABLE for entry in reading.unmapped)


def test_amendments_between_others_that_the_file_does_not_have() -> None:
    later = AMENDMENT.format(number=3, changes=":44C:260701")
    reading = read((ISSUE + later).encode())
    assert [each.number for each in credit_in(reading).amendments] == [3]
    assert "amendments 3 are in the file" in reading.unmapped[0].reason
    twice = read((ISSUE + later + later).encode())
    assert [each.number for each in credit_in(twice).amendments] == [3]
    assert any("has been read before" in entry.reason for entry in twice.unmapped)


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
def test_amendments_in_any_order_are_made_by_their_numbers(order: tuple[int, ...]) -> None:
    changes = {1: ":44C:260701", 2: ":45B:/ADD/+ LAMPS OF GLASS", 3: ":44C:260715"}
    texts = [AMENDMENT.format(number=number, changes=changes[number]) for number in order]
    reading = read("".join([ISSUE, *texts]).encode())
    credit = credit_in(reading)
    assert [each.number for each in credit.amendments] == [1, 2, 3]
    assert (credit.latest_shipment_on, credit.goods) == (date(2026, 7, 15), ("LAMPS", "CABLES", "LAMPS OF GLASS"))
    assert reading.unmapped == ()


def test_amendments_without_numbers_are_made_by_their_days() -> None:
    texts = [
        AMENDMENT.format(number=0, changes=f":44C:{shipment}").replace(":26E:0\n", "").replace("260405", day)
        for day, shipment in (("260501", "260715"), ("260405", "260701"))
    ]
    credit = credit_in(read("".join([ISSUE, *texts]).encode()))
    assert credit.latest_shipment_on == date(2026, 7, 15)
    assert [each.dated for each in credit.amendments] == [date(2026, 4, 5), date(2026, 5, 1)]


MORE = """:27:{place}
:20:LC9
:21:NONREF
:26E:1
:30:260405
{changes}
"""


def continued(*places: str) -> Reading:
    """An amendment of three messages, of which these are in the file."""
    begun = AMENDMENT.format(number=1, changes=":44C:260701\n:46B:/ADD/+ ONE")
    texts = {
        "1/3": f":27:1/3\n{begun}",
        "2/3": MORE.format(place="2/3", changes=":46B:/ADD/+ TWO"),
        "3/3": MORE.format(place="3/3", changes=":46B:/ADD/+ THREE\n:45B:/REPALL/+ BULBS"),
    }
    return read("".join([ISSUE, *(texts[place] for place in places)]).encode())


@pytest.mark.parametrize("places", [("1/3", "2/3", "3/3"), ("3/3", "1/3", "2/3")])
def test_an_amendment_of_several_messages(places: tuple[str, ...]) -> None:
    reading = continued(*places)
    credit = credit_in(reading)
    assert (credit.documents_required, credit.goods) == (("ONE", "TWO", "THREE"), ("BULBS",))
    assert [(each.number, each.changed) for each in credit.amendments] == [
        (1, ("latest_shipment_on", "documents_required", "goods"))
    ]
    assert reading.unmapped == ()


@pytest.mark.parametrize(
    ("places", "said"),
    [(("1/3", "2/3"), "not all of them are here"), (("1/3",), "not all of them"), (("2/3", "3/3"), "continues no")],
)
def test_an_amendment_of_which_a_message_is_missing_changes_nothing(places: tuple[str, ...], said: str) -> None:
    reading = continued(*places)
    credit = credit_in(reading)
    assert (credit.documents_required, credit.goods, credit.amendments) == ((), ("LAMPS", "CABLES"), ())
    assert all(said in entry.reason and entry.cause is Cause.UNUSABLE for entry in reading.unmapped)
    assert reading.unmapped


@pytest.mark.parametrize(
    ("deleted", "goods", "reported"),
    [
        ("+ LAMPS", ("CABLES",), False),
        ("LAMPS.", ("CABLES",), False),
        ("+ Lamps\n+ CABLES", (), False),
        ("+ LAMP", ("LAMPS", "CABLES"), True),
        ("+ CABLES\n+ PLUGS", ("LAMPS",), True),
    ],
)
def test_what_is_deleted_is_an_item_or_reported(deleted: str, goods: tuple[str, ...], reported: bool) -> None:
    reading = amended(f":45B:/DELETE/{deleted}")
    assert credit_in(reading).goods == goods
    assert [entry.reason.startswith("says to delete") for entry in reading.unmapped] == [True] * reported


@pytest.mark.parametrize(("after", "reported"), [("1500,00", False), ("1400,00", True)])
def test_an_amount_that_its_change_does_not_make_is_reported(after: str, reported: bool) -> None:
    reading = amended(f":32B:USD500,00\n:34B:USD{after}")
    assert credit_in(reading).amount == Money.of(Decimal(after.replace(",", ".")), "USD")
    assert ["change make" in entry.reason for entry in reading.unmapped] == [True] * reported


def test_another_beneficiary_is_reported() -> None:
    reading = read((ISSUE + AMENDMENT.format(number=1, changes=":44C:260701").replace("QIANFENG", "DONGYU")).encode())
    credit = credit_in(reading)
    assert (credit.beneficiary.name, credit.latest_shipment_on) == ("QIANFENG LAMPS", date(2026, 7, 1))
    assert "another beneficiary" in reading.unmapped[0].reason


def test_more_amendments_than_a_credit_has_are_reported() -> None:
    reading = amended(*([":44C:260701"] * 101))
    assert len(credit_in(reading).amendments) == 100
    assert any("more than 100 amendments" in entry.reason for entry in reading.unmapped)


def test_more_items_than_a_credit_has_are_refused() -> None:
    with pytest.raises(InvalidDocument, match="more than 2000 items"):
        read((ISSUE + "+ LAMPS\n" * 2000).encode())


def test_messages_that_are_missing_are_reported() -> None:
    reading = read(ISSUE.replace("1/1", "1/2").encode())
    assert "has 2 messages; 1 are in the file" in reading.unmapped[0].reason


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (AMENDMENT.format(number=1, changes=":32B:USD1,00"), "send it with its MT700"),
        (":27:2/2\n:20:LC9\n:45A:LAMPS\n", "send it with its MT700"),
        (ISSUE.replace(":50:RHEIN HANDEL GMBH\n", ""), "no field :50:"),
        (ISSUE.replace(":31D:260831CHINA\n", ""), "no field :31D:"),
        (ISSUE.replace(":32B:USD1000,00\n", ""), "no field :32B:"),
        (ISSUE.replace(":31C:260302\n", ":40E:UCP\n"), "no field :31C:"),
        (ISSUE.replace("USD1000,00", "XXY1000,00"), "ISO 4217"),
        (ISSUE.replace("260831CHINA", "251231CHINA"), "does not expire before"),
        (ISSUE.replace(":20:LC9", ":20:"), "is empty"),
    ],
)
def test_what_is_no_credit_is_refused(source: str, said: str) -> None:
    with pytest.raises(InvalidDocument, match=said):
        read(source.encode())


def test_one_credit_that_cannot_be_read_does_not_cost_the_other() -> None:
    other = ISSUE.replace("LC9", "LC10")
    reading = read((ISSUE.replace(":50:RHEIN HANDEL GMBH\n", "") + other).encode())
    assert credit_in(reading).number == "LC10"
    assert [entry.cause for entry in reading.unmapped] == [Cause.UNUSABLE]
    again = read((other + other).encode())
    assert any("a second time" in entry.reason for entry in again.unmapped)


def test_a_statement_beside_it_keeps_its_receipts() -> None:
    statement = ":20:R1\n:25:NRA5\n:28C:7\n:60F:C260601USD0,\n:61:260602C100,NTRFNONREF//B7\n:62F:C260602USD100,\n"
    reading = read((statement + ISSUE).encode())
    assert [document.KIND for document in reading.documents] == ["receipt", "letter-of-credit"]


def test_an_invoice_names_its_credit_by_code_or_words() -> None:
    assert reference_kind("LC9", code="465") == "letter-of-credit"
    assert reference_kind("LC9", words="Letter of Credit") == "letter-of-credit"
    assert reference_kind("LC9", words="信用证") == "letter-of-credit"
