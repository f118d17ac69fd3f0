"""Whom a case's papers name: everybody, wherever a paper of whatever kind has a field for it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.eximledger_chaincode.rules import cases

from eximledger_chaincode.documents import Address, Party, Place, TransportStage
from eximledger_chaincode.lending.screening.subjects import (
    SubjectKind,
    gathered,
    joined,
    mentions,
    named_in,
    subjects_of,
)


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
