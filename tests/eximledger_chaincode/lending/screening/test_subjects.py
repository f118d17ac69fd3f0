"""Whom a case's papers name: everybody, wherever a paper of whatever kind has a field for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger_chaincode.rules import cases

from eximledger_chaincode.documents import Address, Identifier, Party, Place, TransportStage
from eximledger_chaincode.lending.screening.subjects import (
    Subject,
    SubjectKind,
    gathered,
    joined,
    mentions,
    named_in,
    subjects_of,
)
from hlf_chaincode.errors import Refused


def test_every_field_of_every_paper_is_walked() -> None:
    papers = [
        cases.bill(
            vessel="SEA HOPE", imo_number="9321483", notify=(Party(name="Notified"),), carrier=Party(name="Carrier"),
            stages=(TransportStage(transshipment=(Place(code="SGSIN"),), carrier=Party(name="Feeder")),),
        ),
        cases.declaration(conveyance="MERRY STAR/021W", agent=Party(name="Broker"), destination_country="KP"),
        cases.receipt(payer_bank=Party(name="Payer's bank"), ultimate_payer=Party(name="Uncle")),
    ]  # fmt: skip
    found = {(each.subject.kind, each.subject.called, each.field) for each in mentions(papers)}
    party, vessel, port, country = (
        SubjectKind.PARTY, SubjectKind.VESSEL, SubjectKind.PORT, SubjectKind.COUNTRY,
    )  # fmt: skip
    assert {
        (party, "Notified", "notify.0"), (party, "Carrier", "carrier"), (party, "Feeder", "stages.0.carrier"),
        (party, "Broker", "agent"), (party, "Payer's bank", "payer_bank"), (party, "Uncle", "ultimate_payer"),
        (vessel, "SEA HOPE", "vessel"), (vessel, "MERRY STAR", "vessel"), (port, "SGSIN", "stages.0.transshipment.0"),
        (country, "SG", "stages.0.transshipment.0"), (country, "KP", "destination_country"),
        (SubjectKind.GOODS, "8504402000", "lines.0.hs_code"),
    } <= found  # fmt: skip


def test_what_papers_say_of_one_party_stands_together() -> None:
    plain, at_home = Party(name="NORDLICHT Handels GmbH"), Party(
        name="Nordlicht Handels GmbH", address=Address(country="DE", city="Lübeck")
    )  # fmt: skip
    papers = [cases.invoice(buyer=plain), cases.bill(consignee=at_home)]
    (one,) = (each for each in gathered(papers) if "nordlicht" in each.subject.called.casefold())
    assert (one.subject.country, one.subject.places, len(one.mentions)) == ("DE", ("lübeck",), 2)
    assert subjects_of(papers) == subjects_of(papers[::-1])
    abroad = cases.receipt(payer=at_home.model_copy(update={"address": Address(country="AT")}))
    countries = [each.country for each in subjects_of([*papers, abroad]) if "nordlicht" in each.called.casefold()]
    assert sorted(filter(None, countries)) == ["AT", "DE"]


def test_a_party_whose_two_names_papers_turn_round_is_one() -> None:
    there = Party(name="Nordlicht GmbH", other_names=("北光公司",))
    back = Party(name="北光公司", other_names=("Nordlicht GmbH",))
    papers = [cases.invoice(buyer=there), cases.bill(consignee=back)]
    found = [each for each in gathered(papers) if "nordlicht" in " ".join(each.subject.names).casefold()]
    assert [len(each.mentions) for each in found] == [2]


PARTIES = st.builds(
    lambda name, other, country: Party(
        name=name, other_names=(other,) if other else (), address=country and Address(country=country)
    ),
    st.sampled_from(("Acme", "ACME.", "Acme GmbH", "甲公司")),
    st.sampled_from((None, "Acme", "甲公司")),
    st.sampled_from((None, "DE", "AT")),
)


@given(st.lists(PARTIES, max_size=6), st.integers(0, 6))
def test_what_two_channels_name_apart_joins_to_the_subjects_of_all(parties: list[Party], at: int) -> None:
    """SAFE's channel joins what its receipts name to what it is told of the other papers."""
    papers = [cases.receipt(payer=each) for each in parties]
    whole = subjects_of(papers)
    assert joined([*named_in(papers[:at]), *named_in(papers[at:])]) == whole
    assert joined([*named_in(papers[at:]), *named_in(papers[:at])]) == whole
    assert sorted(each.subject.digest for each in gathered(papers)) == [each.digest for each in whole]
    assert sum(len(each.mentions) for each in gathered(papers)) == len(list(mentions(papers)))


def test_a_spelling_makes_no_other_party_and_a_number_does() -> None:
    def digest(**said: object) -> str:
        papers = [cases.receipt(payer=Party.model_validate({"name": "Acme", **said}))]
        return next(each.digest for each in subjects_of(papers) if each.called.casefold().startswith("ac"))

    assert digest() == digest(name="ACME.") != digest(name="Acne")
    assert digest() != digest(address={"country": "DE"})
    assert digest(address={"country": "DE"}) == digest(address={"country": "DE", "city": "Bonn"})
    assert digest() != digest(identifiers=[{"value": "HRB 1"}])


def of(kind: str, *names: str, numbers: tuple[tuple[str | None, str], ...] = (), **said: object) -> Subject:
    told = [{"scheme": scheme, "value": value} for scheme, value in numbers]
    return Subject.model_validate({"kind": kind, "names": names, "identifiers": told} | said)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (of("party", "Acme"), of("vessel", "Acme"), False),
        (of("country", code="KP"), of("country", code="CU"), False),
        (of("party", "***"), of("party", "???"), False),  # nothing of them is compared, so they stand as they are
        (of("party", "A", numbers=(("HRB", "12"),)), of("party", "A", numbers=(("GLN", "12"),)), False),
        (of("party", "A", numbers=(("HRB", "12"),)), of("party", "A", numbers=(("HRB", "13"),)), False),
        (of("party", "A", numbers=((None, "a-12"),)), of("party", "A", numbers=((None, "A 12"),)), True),
        (of("party", "A", "B"), of("party", "b", "A."), True),
        (of("party", "A", "B"), of("party", "A"), False),
    ],
)
def test_whom_one_digest_names(one: Subject, other: Subject, same: bool) -> None:
    """What is cleared for one is cleared for no other."""
    assert (one.digest == other.digest) is same


@pytest.mark.parametrize(
    ("subject", "called"),
    [
        (of("party", "Acme", "Zeta", numbers=(("HRB", "12"),)), "Acme"), (of("port", code="KPNAM"), "KPNAM"),
        (of("vessel", numbers=(("IMO", "9321483"), ("MMSI", "1"))), "9321483"), (of("party"), "-"),
    ],
)  # fmt: skip
def test_what_a_sentence_calls_it(subject: Subject, called: str) -> None:
    assert subject.called == called


def test_who_goes_together_and_who_does_not() -> None:
    """By the first name and the country; one without a country goes with the first one."""
    numbered, german, austrian = of("party", "Acme", numbers=(("HRB", "1"),)), *(
        of("party", "ACME.", country=country, places=[country.lower()]) for country in ("DE", "AT")
    )  # fmt: skip
    found = joined([numbered, german, austrian])
    assert sorted((each.country, each.places, len(each.identifiers), each.names) for each in found) == [
        ("AT", ("at",), 1, ("ACME.",)), ("DE", ("de",), 0, ("ACME.",)),
    ]  # fmt: skip
    (one,) = joined([of("party", "Acme", "甲"), of("party", "Acme", "乙")])
    assert set(one.names) == {"Acme", "甲", "乙"}
    (one,) = joined([of("party", "Acme", "***"), of("party", "Acme", "???")])
    assert set(one.names) == {"Acme", "***", "???"}
    assert len(joined([of("party", "Acme", "甲"), of("party", "Zeta", "甲")])) == 2
    assert len(joined([of("party", "Acme"), of("vessel", "Acme")])) == 2
    assert len(joined([of("party", "***"), of("party", "***", numbers=(("HRB", "1"),)), of("party", "???")])) == 2
    assert {each.code for each in joined([of("country", code="KP"), of("country", code="CU")])} == {"KP", "CU"}


@pytest.mark.parametrize(("names", "numbers", "places"), [(50, 0, 0), (0, 51, 0), (0, 0, 201)])
def test_what_is_more_than_a_subject_holds_is_refused(names: int, numbers: int, places: int) -> None:
    """Who has a fifty-first name could be listed under it."""

    def told(less: int) -> list[Subject]:
        return [
            of("party", "Acme", *([f"Acme {place:03}"] if place < names - less else []),
               numbers=((None, f"N{place:03}"),) if place < numbers - less else (),
               places=[f"p{place:03}"] if place < places - less else [])
            for place in range(201)
        ]  # fmt: skip

    with pytest.raises(Refused, match="held against lists"):
        joined(told(0))
    (one,) = joined(told(1))
    assert (len(one.names), len(one.identifiers), len(one.places)) == (
        max(names, 1), max(numbers - 1, 0), max(places - 1, 0)
    )  # fmt: skip


def test_a_party_with_more_names_or_numbers_on_one_paper_is_refused() -> None:
    names = tuple(f"Acme {place:03}" for place in range(50))
    numbers = tuple(Identifier(value=f"N{place:03}") for place in range(51))
    for party in (Party(name="Acme", other_names=names), Party(name="Acme", identifiers=numbers)):
        with pytest.raises(Refused, match="held against lists"):
            named_in([cases.receipt(payer=party)])


def test_numbers_stand_by_scheme_then_value() -> None:
    numbers = (("B", "1"), ("A", "2"), (None, "3"), *(("A", f"1{digit}") for digit in "7053918264"))
    ordered = [(None, "3"), *(("A", f"1{digit}") for digit in "0123456789"), ("A", "2"), ("B", "1")]
    identifiers = tuple(Identifier(scheme=scheme, value=value) for scheme, value in numbers)
    paper = cases.receipt(payer=Party(name="Acme", identifiers=identifiers))
    named = next(each for each in named_in([paper]) if each.called == "Acme")
    (one,) = joined([of("party", "Acme", numbers=numbers[:2]), of("party", "Acme", numbers=numbers[2:])])
    for subject in (named, one):
        assert [(each.scheme, each.value) for each in subject.identifiers] == ordered


def test_all_that_a_paper_says_of_a_party_and_a_vessel() -> None:
    address = Address(country="CN", city="Guiyang", postal_code="550-001")
    seller = Party(name="Acme", uscc=cases.SELLER.uscc, address=address, identifiers=(Identifier(value="X 1"),))
    found = {each.called: each for each in named_in([cases.invoice(seller=seller)])}
    numbers = ((None, "X 1"), ("USCC", cases.SELLER.uscc or ""))
    assert found["Acme"] == of("party", "Acme", country="CN", places=["550 001", "guiyang"], numbers=numbers)
    ships = [each for each in named_in([
        cases.bill(vessel="SEA HOPE", imo_number="9321483", stages=(TransportStage(imo_number="9074729"),)),
        cases.declaration(conveyance="MERRY STAR /021W", imo_number=None),
    ]) if each.kind is SubjectKind.VESSEL]  # fmt: skip
    assert ships == [
        of("vessel", numbers=(("IMO", "9074729"),)), of("vessel", "SEA HOPE", numbers=(("IMO", "9321483"),)),
        of("vessel", "MERRY STAR"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "named"),
    [
        (Place(code="SGSIN"), {"SGSIN", "SG"}), (Place(code="SGSIN", country="MY"), {"SGSIN", "MY"}),
        (Place(name="Nampo", country="KP"), {"KP"}), (Place(code="XZSEA"), {"XZSEA"}), (Place(name="at sea"), set()),
    ],
)  # fmt: skip
def test_a_place_is_a_port_and_a_country(place: Place, named: set[str]) -> None:
    def codes(**said: object) -> set[str | None]:
        return {each.code for each in named_in([cases.bill(**said)]) if each.code}

    nowhere = {"loading": None, "discharge": None, "final_destination": None}
    assert codes(**{**nowhere, "discharge": place}) - codes(**nowhere) == named


@pytest.mark.parametrize(
    ("port", "named"), [("KPNAM", {"KPNAM", "KP"}), ("XZSEA", {"XZSEA"}), ("CHN332", {"CHN332"}), ("2248", {"2248"})]
)
def test_a_port_names_its_country_where_it_is_a_locode(port: str, named: set[str]) -> None:
    def codes(port: str | None) -> set[str | None]:
        return {each.code for each in named_in([cases.declaration(destination_port=port)])}

    assert codes(port) - codes(None) == named


def test_who_represents_a_party_is_one_of_its_country() -> None:
    paper = cases.invoice(seller=Party(name="Acme", representative="Li Wei", address=Address(country="CN")))
    found = {each.field: each.subject for each in mentions([paper])}
    assert found["seller.representative"] == of("party", "Li Wei", country="CN")


def test_a_ship_by_its_number_in_the_place_of_its_name() -> None:
    for written in ("UN9321483/021W", "imo 9321483"):
        found = [each.identifiers for each in named_in([cases.declaration(conveyance=written, imo_number=None)])]
        assert (Identifier(scheme="IMO", value="9321483"),) in found
    named = {each.names for each in named_in([cases.bill(vessel="M/V SEA HOPE")]) if each.kind is SubjectKind.VESSEL}
    assert named == {("SEA HOPE", "M/V SEA HOPE")}


def test_where_a_party_lives_is_a_country_of_the_case() -> None:
    paper = cases.invoice(buyer=Party(name="Acme", address=Address(country="KP")))
    assert of("country", code="KP") in named_in([paper])
