"""Whom a paper names within what it writes as one name, and that each of them meets the list's entry of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger_chaincode.contracts.listing import entry
from tests.eximledger_chaincode.lending.screening.test_hits import LIST, listed_ship
from tests.eximledger_chaincode.rules import cases

from eximledger_chaincode.documents import Address, Document, Party, Place, WatchEntry
from eximledger_chaincode.lending.screening.hits import Hit, hit_of
from eximledger_chaincode.lending.screening.keys import keys_of, postings_of
from eximledger_chaincode.lending.screening.subjects import SubjectKind, subjects_of
from eximledger_chaincode.lending.screening.within import MAX_WITHIN, names_within, ship_numbers_within, ships_within
from hlf_chaincode.errors import Refused


def met(paper: Document, listed: WatchEntry) -> list[Hit]:
    """Hits of a paper on an entry that is found under its keys."""
    keys = {posting.key for posting in postings_of(0, listed)}
    looked_up = [subject for subject in subjects_of([paper]) if keys & set(keys_of(subject))]
    found = (hit_of(subject, listed, "1" * 64, LIST, 88) for subject in looked_up)
    return [hit for hit in found if hit is not None]


ORDERS = (
    "TO ORDER OF {}", "TO THE ORDER OF {}", "To the order of: {}, Tehran", "ORDER OF {}", "{} TO ORDER",
    "TO {} OR ORDER", "UNTO THE ORDER OF {}", "TO ORDER {}", "CONSIGNED TO THE ORDER OF {}", "A L'ORDRE DE {}",
    "A LA ORDEN DE {}",
    "AN ORDER {}", "凭指示 {}", "凭{}指示", "{} or their order",
)  # fmt: skip
BESIDE = (
    "{} c/o Gulf Shipping LLC", "Gulf Shipping LLC C/O {}", "Gulf Shipping LLC care of {}", "A/C {}", "ATTN: {}",
    "Gulf Shipping LLC on behalf of {}", "Gulf Shipping LLC o/b/o {}", "{} d/b/a Sun", "Sun Trading t/a {}",
    "Sun Trading formerly {}", "Sun Trading, formerly known as {}", "Sun Trading f/k/a {}", "Sun Trading (ex {})",
    "Sun Trading a.k.a. {}", "Notify: {}", "SAME AS CONSIGNEE {}", "{} / Gulf Shipping LLC", "{} & Gulf Shipping LLC",
    "Gulf Shipping LLC and {}", "{}; Gulf Shipping LLC", "{}, P.O. Box 1234, Dubai", "{} - DUBAI - U.A.E.", "{}\nDubai",
    "{} TEL 97143322", "for account of {}", "Sun Trading 曾用名 {}", "FOR THE BENEFIT OF {}", "IN FAVOUR OF {}",
    "ULTIMATE CONSIGNEE: {}", "收货人：{}", "B/O {}", "VIA {}", "BY ORDER OF {}", "REPRESENTED BY {}", "AGENT FOR {}",
    "Sun Trading, a wholly owned subsidiary of {}", "{}, its agent Gulf Shipping LLC", "Sun Trading [{}]",
    "{}-DUBAI BRANCH", "Dubai Branch of {}",
)  # fmt: skip


@pytest.mark.parametrize("written", ORDERS)
def test_to_whose_order_a_bill_is(written: str) -> None:
    (hit,) = met(cases.bill(consignee=Party(name=written.format("BANK SEPAH"))), entry("1", "Bank Sepah"))
    assert (hit.score, hit.own) == (100, "BANK SEPAH")


@pytest.mark.parametrize("written", BESIDE)
@pytest.mark.parametrize("name", ["PETRO ROYAL FZE", "Petro Royal Co., Ltd."])
def test_who_stands_beside_another_or_before_an_address(written: str, name: str) -> None:
    (hit,) = met(cases.receipt(payer=Party(name=written.format(name))), entry("1", "Petro Royal"))
    assert hit.score == 100
    assert met(
        cases.contract(buyer=Party(name="X Y Z", representative=written.format(name))), entry("1", "Petro Royal")
    )


@pytest.mark.parametrize(
    "name",
    [
        "Nordlicht Handels GmbH", "贵州东裕电气有限公司", "Johnson & Johnson", "Marks and Spencer plc",
        "Order Trading LLC", "Smith, John", "TO ORDER", "TO THE ORDER OF SHIPPER's", "", " ", "&", "c/o",
        "To Order of", "Royal",
        "Guangdong Import & Export Co., Ltd.", "x" * 501,
    ],
)  # fmt: skip
def test_a_name_alone_has_none_within(name: str) -> None:
    assert [part for part in names_within(name) if part.casefold() not in {"shipper's", "nordlicht handels"}] == []


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("Sun Trading (Petro Royal FZE)", ("Petro Royal FZE",)), ("Sun Trading (Dubai)", ()),
        ("Conti Ship GmbH & Co. KG", ("Conti Ship GmbH & Co.",)), ("Petro Royal FZE & Company", ("Petro Royal FZE",)),
        ("Garcia Lopez, Maria", ()), ("Bank Sepah, Tehran", ("Bank Sepah",)), ("Bank, Tehran", ()),
        ("LLC INSPIRA INVEST", ()), ("Petro Royal FZE c/o Xu", ("Petro Royal FZE",)),
        ("Petro Royal FZE c/o Gao", ("Petro Royal FZE", "Gao")), ("Petro Royal FZE c/o 12345", ("Petro Royal FZE",)),
        ("PETRO ROYAL FZE AND GULF SHIPPING LLC", ("PETRO ROYAL FZE", "GULF SHIPPING LLC")),
        ("Petro Royal FZE & CO LLC", ("Petro Royal FZE",)), ("Petro Royal c/o Petro Royal FZE", ("Petro Royal",)),
        ("Royal FZE, Dubai", ("Royal FZE",)), (f"Petro Royal FZE {'x ' * 250}", ("Petro Royal FZE",)),
        ("Conti Ship GmbH & Co. Reederei KG", ("Conti Ship GmbH", "Conti Ship GmbH & Co.")),
        ("CONTI SHIP GMBH & CO. REEDEREI KG", ("CONTI SHIP GMBH", "CONTI SHIP GMBH & CO.")),
        ("Conti Ship GmbH & Co. Reederei & Sonnen KG", ("Conti Ship GmbH", "Conti Ship GmbH & Co.")),
        ("贵州东裕电气有限公司 贵阳", ("贵州东裕电气有限公司",)),
        ("贵州东裕电气有限公司，贵阳市", ("贵州东裕电气有限公司",)),
        ("! & Petro Royal FZE", ()), ("Sun Trading (!)", ()),
        ("Ромашка Москва Сибирь", ()), ("Нефть ЗАО Москва", ("Нефть ЗАО",)),
    ],
)  # fmt: skip
def test_just_these_stand_within(written: str, found: tuple[str, ...]) -> None:
    assert names_within(written) == found


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("SEA HOPE NO 12", ("SEA HOPE",)), ("SEA HOPE NR. 12", ("SEA HOPE",)), ("SEA HOPE UN 12", ("SEA HOPE",)),
        ("SEA HOPE FLIGHT CA101", ("SEA HOPE",)), ("SEA HOPE 航次 012", ("SEA HOPE",)),
        ("sea hope voy 012w", ("sea hope",)), ("m/v sea hope v.3e / tbn", ("sea hope", "tbn")), ("V 012", ()),
        ("012W / SEA HOPE", ("SEA HOPE",)), ("HOPE 012W", ("HOPE",)), ("SEA HOPE 7", ()),
        ("SEA HOPE / ABCD12", ("SEA HOPE",)), ("MV AB 012W", ()), ("ABC 012W", ("ABC",)),
        (f"{'X' * 995} 012W", ("X" * 995,)),
        (f"{'X' * 490} 012W", ("X" * 490,)),
    ],
)  # fmt: skip
def test_just_these_ships_stand_within(written: str, found: tuple[str, ...]) -> None:
    assert ships_within(written) == found


names = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=5, max_size=12)


@given(st.sampled_from([*ORDERS, *BESIDE]), names, names)
def test_any_name_is_found_within(written: str, first: str, second: str) -> None:
    """However it is written there; by itself it names nobody else."""
    name = f"{first}Q {second}Q LLC"
    assert met(cases.bill(consignee=Party(name=written.format(name))), entry("1", name))


def many(count: int) -> list[str]:
    """Made-up names, each its own."""
    return [f"{chr(97 + number // 26)}{chr(97 + number % 26)}zoth" for number in range(count)]


@pytest.mark.parametrize("paper", [
    cases.bill(consignee=Party(name=" / ".join([*many(MAX_WITHIN), "Petro Royal FZE"]))),
    cases.bill(consignee=Party(name="Sun Trading, " + "Dock Road 7, " * 76 + "c/o Petro Royal FZE")),
    cases.bill(consignee=Party(name="Sun Trading", other_names=(*many(49), "Petro Royal FZE"))),
    cases.bill(vessel="/".join([*many(MAX_WITHIN), "SEA HOPE"])),
    cases.bill(vessel="MV " + "SEA HOPE " * 112),
])  # fmt: skip
def test_what_is_too_much_to_look_up_passes_nowhere(paper: Document) -> None:
    """A name behind the last that is looked up would not be screened: the case is refused."""
    with pytest.raises(Refused, match="held against lists"):
        subjects_of([paper])


def test_as_many_as_are_looked_up_are_all_looked_up() -> None:
    name = " / ".join([*many(MAX_WITHIN - 1), "Petro Royal FZE"])
    assert met(cases.bill(consignee=Party(name=name)), entry("1", "Petro Royal FZE"))


@given(st.text(max_size=600))
def test_no_text_is_more_than_a_few_names(text: str) -> None:
    try:
        read = names_within(text), ships_within(text)
    except Refused:
        return
    for found in read:
        assert len(found) <= MAX_WITHIN
        assert len(set(found)) == len(found)
        assert text.strip() not in found


# -- ships -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        "MERRY STAR V.012W", "MERRY STAR 012W", "MERRY STAR VOY 012W", "MERRY STAR V012", "MERRY STAR - 012W",
        "MERRY STAR, VOY. NO. 12", "MERRY STAR@012W", "MERRY STAR VOYAGE 012W", "MERRY STAR V/012W", "MERRY STAR;012W",
        "SS MERRY STAR", "OCEAN VESSEL MERRY STAR", "MERRY STAR EX SEA HOPE", "SEA HOPE EX MERRY STAR",
        "SEA HOPE (EX. MERRY STAR)", "FEEDER X / MERRY STAR", "TBN / M/V MERRY STAR V.3E", "水路运输 MERRY STAR",
        "MERRY STAR 0TUA1W1MA", "MERRY STAR IMO", "Merry Star / 012W / SHANGHAI",
    ],
)  # fmt: skip
def test_a_ship_with_its_voyage_or_another(written: str) -> None:
    listed = listed_ship(imo=None)
    (hit,) = met(cases.bill(vessel=written), listed)
    assert (hit.score, hit.own.upper()) == (100, "MERRY STAR")
    assert met(cases.declaration(conveyance=written), listed)


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("SEA HOPE (IMO 9321483)", ("9321483",)), ("SEA HOPE IMO9321483", ("9321483",)),
        ("IMO NO. 9321483", ("9321483",)),
        ("IMO Number: 9321483", ("9321483",)), ("un9321483/012W", ("9321483",)), ("9321483/012W", ("9321483",)),
        ("9321484/012W", ()), ("SEA HOPE 9321483", ()), ("IMO 93214831", ()), ("XIMO 9321483", ()), ("SUN 9321483", ()),
    ],
)  # fmt: skip
def test_a_ships_number_wherever_it_stands(written: str, numbers: tuple[str, ...]) -> None:
    """Without a word before it, it is one in the place of the name, with a right check digit."""
    assert ship_numbers_within(written) == numbers
    assert [hit.certain for hit in met(cases.bill(vessel=written), listed_ship("OTHER"))] == [True] * len(numbers)


@pytest.mark.parametrize("name", ["SEA HOPE", "MERRY STAR II", "MERRY STAR 7", "COSCO 66", "V", ""])
def test_a_ships_name_has_none_within(name: str) -> None:
    assert "MERRY STAR" not in ships_within(name)


# -- countries ---------------------------------------------------------------------------------------------------------

KOREA = entry("KP", "North Korea", kind="country", countries=["KP"])


@pytest.mark.parametrize(
    ("paper", "found"),
    [
        (cases.bill(discharge=Place(name="NAMPO, NORTH KOREA")), True),
        (cases.bill(discharge=Place(code="CNDLC", name="Nampo, DPRK")), True),
        (cases.bill(discharge=Place(name="Nampo")), False),
        (cases.contract(incoterm_place="Nampo, D.P.R.K."), True),
        (cases.contract(incoterm_place="Dalian"), False),
        (cases.invoice(buyer=Party(name="Green Lotus", address=Address(lines=("12 Main St", "PYONGYANG DPRK")))), True),
        (cases.invoice(buyer=Party(name="Green Lotus", address=Address(city="Pyongyang, North Korea"))), True),
        (cases.invoice(buyer=Party(name="Green Lotus", address=Address(lines=("North Korea Street",)))), False),
    ],
)  # fmt: skip
def test_a_country_in_words(paper: Document, found: bool) -> None:
    assert [hit.certain for hit in met(paper, KOREA)] == [True] * found
    assert all(subject.code for subject in subjects_of([paper]) if subject.kind is SubjectKind.COUNTRY)
