"""Watch lists as they are published, read into entries; and files that are none, refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger.formats.listed import CSV, EU, FILES, OFAC, UN

from eximledger.formats import detect
from eximledger.formats.watch import ListReading, read_list
from eximledger.formats.watch.streaming import stream
from eximledger_chaincode.documents import Identifier, LegalForce, ListedKind, ListedPlace, WatchEntry
from hlf_chaincode.errors import InvalidDocument


def entries(reading: ListReading) -> dict[str, WatchEntry]:
    return {entry.entry_id: entry for entry in reading.entries}


def test_the_uns_list() -> None:
    reading = read_list(UN.encode())
    assert (reading.format, reading.list_id, reading.force) == ("un-consolidated", "UN-SC", LegalForce.BINDING)
    assert (reading.published_on, reading.edition[:10]) == (date(2026, 3, 1), "2026-03-01")
    found = entries(reading)
    person, ship, company = found["TLi.001"], found["TLe.002"], found["TLe.004"]
    assert (person.kind, person.name) == (ListedKind.PERSON, "QUENBY TARQ AL-ZORRIN")
    assert person.aliases == ("كوينبي طارق الزورين", "Kwenbi Tarik", "Q. T. Zorrin")
    assert person.weak_aliases == ("The Tailor",)
    assert (person.countries, person.listed_on) == (("IR",), date(2024, 5, 6))
    assert person.places == (ListedPlace(city="Nirgendstadt", postal_code="99999", country="SY"),)
    assert person.identifiers == (Identifier(scheme="Passport", value="ZZ0000001"),)
    assert (ship.kind, ship.imo_number, ship.countries) == (ListedKind.ENTITY, "9074729", ("KP",))
    assert company.imo_number is None, "a company's IMO number is none of a ship"
    assert sorted((each.path, each.reason) for each in reading.left_out) == [
        ("entry TLe.003", "has no name"), ("entry TLe.004", "names a country that is not known"),
    ]  # fmt: skip


def test_ofacs_list() -> None:
    reading = read_list(OFAC.encode())
    assert (reading.format, reading.list_id, reading.force) == ("ofac-advanced", "OFAC-SDN", LegalForce.FOREIGN)
    found = entries(reading)
    person, firm, ship = found["7001"], found["7002"], found["7003"]
    assert (person.kind, person.name, person.weak_aliases) == (ListedKind.PERSON, "Vandersnook Ulf", ("Old Fox",))
    assert (person.countries, person.identifiers) == (("AF",), (Identifier(scheme="Passport", value="XX7654321"),))
    assert (firm.kind, firm.name, firm.programmes) == (ListedKind.ENTITY, "Gossamer Holdings", ("TESTPROG",))
    assert firm.places == (ListedPlace(city="Limassol", postal_code="3036", country="CY"),)
    assert (firm.countries, firm.listed_on) == (("CY",), date(2025, 7, 9))
    assert firm.identifiers == (Identifier(scheme="BIC", value="GOSSCY2N"),)
    assert (ship.kind, ship.imo_number) == (ListedKind.VESSEL, "9321483")


def test_the_eus_list() -> None:
    reading = read_list(EU.encode())
    assert (reading.format, reading.list_id, reading.published_on) == (
        "eu-consolidated-1.1", "EU-FSF", date(2026, 3, 2),
    )  # fmt: skip
    found = entries(reading)
    person, firm = found["EU.9001.1"], found["EU.9002.2"]
    assert (person.kind, person.name, person.weak_aliases) == (
        ListedKind.PERSON, "Hildegunst Mythenmetz", ("Der Dichter",),
    )  # fmt: skip
    assert person.identifiers == (Identifier(scheme="passport", value="AB 1234567"),), "a false passport is none"
    assert (person.countries, person.programmes, person.listed_on) == (("RU",), ("TST",), date(2025, 1, 2))
    assert (firm.imo_number, firm.countries) == ("9321483", ("DE",))
    assert firm.places == (ListedPlace(city="Hafenstadt", postal_code="20099", country="DE"),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_of_notices(encoding: str) -> None:
    reading = read_list(CSV.encode(encoding))
    assert (reading.format, reading.list_id, reading.force) == ("watch-csv", "", LegalForce.BINDING)
    found = entries(reading)
    firm = found["1"]
    assert (firm.kind, firm.name) == (ListedKind.ENTITY, "虚构电子股份有限公司")
    assert firm.aliases == ("Xugou Electronics", "虚构电子（香港）")
    assert (firm.countries, firm.places[0].city, firm.listed_on) == (("CN",), "贵阳", date(2026, 1, 15))
    assert firm.identifiers == (Identifier(value="91520690MA6DMR0B5K"),)
    assert found["2"].kind is ListedKind.PERSON
    assert (found["3"].kind, found["3"].imo_number, found["3"].countries) == (ListedKind.VESSEL, "9074729", ("PA",))
    assert (found["4"].ports, found["5"].countries) == (("KPNAM",), ("KP",))
    assert (found["6"].hs_codes, found["6"].kind) == (("850440", "930690"), ListedKind.GOODS)
    assert found["没有编号的组织"].name == "没有编号的组织"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "no watch list"),
        (b"<Invoice/>", "no watch list"),
        (b"<CONSOLIDATED_LIST/>", "holds no entry"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><CONSOLIDATED_LIST>&e;</CONSOLIDATED_LIST>', "document type or an entity"),
        (UN.encode()[:-40], "not well-formed"),
        (b"name,type\nX,dragon\n", "'dragon' is none of"),
        (b"id,name\n1,X\n1,Y\n", "two entries have the id 1"),
        (b'name\n"X\n', "no CSV"),
        (b"<export>" + b"<sanctionEntity>" * 70 + b"</sanctionEntity>" * 70 + b"</export>", "nested more than"),
        (b"<export><sanctionEntity>" + b"<a/>" * 20_001 + b"</sanctionEntity></export>", "more than 20000 elements"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused(source: bytes, why: str) -> None:
    with pytest.raises(InvalidDocument, match=why):
        read_list(source)


def test_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(b"name,type\nX,dragon\n")
    with pytest.raises(InvalidDocument, match=r"^list\.csv: row 2"):
        read_list(tmp_path / "list.csv")
    with pytest.raises(InvalidDocument, match="not a file"):
        read_list(tmp_path)


def test_a_list_among_papers_is_told_where_it_belongs() -> None:
    for name in ("un-consolidated", "ofac-advanced", "eu-consolidated-1.1"):
        with pytest.raises(InvalidDocument, match="eximledger watch file"):
            detect(FILES[name])


def test_one_entry_stands_in_memory_at_a_time() -> None:
    """Of a list of many entries no tree is kept."""
    open_now, most = 0, 0
    source = b"<export>" + b"<sanctionEntity><a/><b/></sanctionEntity>" * 5_000 + b"</export>"

    def take(node: object) -> None:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        assert getattr(node, "parent") is None  # noqa: B009
        open_now -= 1

    stream(source, {"sanctionEntity": take})
    assert most == 1


@given(st.sampled_from(sorted(FILES)), st.data())
def test_a_changed_list_is_read_or_refused(name: str, data: st.DataObject) -> None:
    source = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(source) - 1))
        source[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
    try:
        reading = read_list(bytes(source))
    except InvalidDocument:
        return
    assert list(reading.entries) == sorted(reading.entries, key=lambda entry: entry.entry_id)
