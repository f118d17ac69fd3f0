"""Whom a case's papers name: everybody, wherever a paper of whatever kind has a field for it."""

from __future__ import annotations

from tests.eximledger_chaincode.rules import cases

from eximledger_chaincode.documents import Address, Party, Place, TransportStage
from eximledger_chaincode.lending.screening.subjects import SubjectKind, gathered, mentions, subjects_of


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


def test_a_spelling_makes_no_other_party_and_a_number_does() -> None:
    def digest(**said: object) -> str:
        papers = [cases.receipt(payer=Party.model_validate({"name": "Acme", **said}))]
        return next(each.digest for each in subjects_of(papers) if each.called.casefold().startswith("ac"))

    assert digest() == digest(name="ACME.") != digest(name="Acne")
    assert digest() != digest(address={"country": "DE"})
    assert digest(address={"country": "DE"}) == digest(address={"country": "DE", "city": "Bonn"})
    assert digest() != digest(identifiers=[{"value": "HRB 1"}])
