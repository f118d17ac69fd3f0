"""Rules on countries that the bank's policy bars."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from eximledger_chaincode.documents import (
    CASE_KINDS,
    CommercialInvoice,
    Document,
    ExportDeclaration,
    FxReceipt,
    InsuranceDocument,
    LetterOfCredit,
    PackingList,
    Party,
    Place,
    Record,
    SalesContract,
    TransportDocument,
)
from eximledger_chaincode.documents.parts.identifiers import country_of_port
from eximledger_chaincode.documents.parts.names.countries import country_named
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.wording import Words, finding, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule

_DESTINATION = Words("the goods go to", "货物运往")
_BUYER = Words("the buyer is in", "买方位于")
_PASSES = Words("the goods pass through", "货物途经")
_PARTY = Words("a party is in", "当事方位于")
_ORIGIN = Words("the goods come from", "货物原产于")


class _Stated(NamedTuple):
    """A country that a paper names in a field, and what it is there."""

    field: str
    country: str | None
    what: Words


@rule("EMBARGO", Severity.REJECT, Severity.REFER, source="bank policy")
def embargo(case: Case) -> Iterator[Finding]:
    """A country that policy bars. Where goods go, or the buyer is: reject. Where they pass through or come from, or
    another party is: refer. A country is named by its code, or where there is none by its whole name at the end of an
    address or place: there is no likeness to judge."""
    barred = set(case.tolerances.embargoed_countries)
    papers: tuple[Iterable[Record[Document]], ...] = tuple(case.papers(kind) for kind in CASE_KINDS) if barred else ()
    for document in (record.document for records in papers for record in records):
        for field, country, what in dict.fromkeys(_countries(document)):
            if country in barred:
                paper = titled(document)
                grave = what in (_DESTINATION, _BUYER)
                yield finding(
                    "EMBARGO", Severity.REJECT if grave else Severity.REFER, says(document, field, country),
                    en=f"By {paper.en} {what.en} {country}, which policy bars.",
                    zh=f"按{paper.zh}，{what.zh} {country}，属于政策禁止的国家或地区。",
                )  # fmt: skip


def _countries(document: Document) -> Iterator[_Stated]:
    match document:
        case ExportDeclaration():
            yield from _of_declaration(document)
        case SalesContract():
            yield _Stated("destination_country", document.destination_country, _DESTINATION)
            yield _Stated("destination_port", country_of_port(document.destination_port), _DESTINATION)
            yield _of_party("buyer", document.buyer, _BUYER)
            yield _of_party("ship_to", document.ship_to, _DESTINATION)
            yield from (_Stated("transshipment_places", _at(each), _PASSES) for each in document.transshipment_places)
        case LetterOfCredit():
            yield _Stated("final_destination", _at(document.final_destination), _DESTINATION)
            yield _Stated("discharge", _at(document.discharge), _PASSES)
            yield _of_party("applicant", document.applicant, _BUYER)
            yield from _of_bank("issuing_bank", document.issuing_bank)
            yield from _of_bank("advising_bank", document.advising_bank)
            yield from _of_bank("available_with", document.available_with)
        case CommercialInvoice():
            yield _Stated("destination_country", document.destination_country, _DESTINATION)
            yield _of_party("buyer", document.buyer, _BUYER)
            yield _of_party("ship_to", document.ship_to, _DESTINATION)
            yield _of_party("payee", document.payee, _PARTY)
        case TransportDocument():
            yield from _of_bill(document)
        case PackingList():
            yield _Stated("destination_country", document.destination_country, _DESTINATION)
            yield _of_party("ship_to", document.ship_to, _DESTINATION)
            yield _of_party("buyer", document.buyer, _BUYER)
        case InsuranceDocument():
            yield _Stated("destination", _at(document.destination), _DESTINATION)
            yield _of_party("insurer", document.insurer, _PARTY)
        case FxReceipt():
            yield _of_party("payer", document.payer, _PARTY)
            yield _of_party("ultimate_payer", document.ultimate_payer, _PARTY)
            yield from _of_bank("payer_bank", document.payer_bank)


def _of_bank(field: str, bank: Party | None) -> Iterator[_Stated]:
    """By its address, and by its BIC."""
    if bank is not None:
        yield from (_Stated(field, country, _PARTY) for country in bank.countries)


def _of_declaration(document: ExportDeclaration) -> Iterator[_Stated]:
    yield _Stated("destination_country", document.destination_country, _DESTINATION)
    yield _Stated("destination_port", country_of_port(document.destination_port), _DESTINATION)
    yield _Stated("trade_country", document.trade_country, _BUYER)
    yield _of_party("consignee", document.consignee, _BUYER)
    for line in document.lines:
        yield _Stated(f"lines[{line.number}].destination_country", line.destination_country, _DESTINATION)
        yield _Stated(f"lines[{line.number}].origin_country", line.origin_country, _ORIGIN)


def _of_bill(bill: TransportDocument) -> Iterator[_Stated]:
    yield _Stated("destination_country", bill.destination_country, _DESTINATION)
    yield _Stated("final_destination", _at(bill.final_destination), _DESTINATION)
    ends_there = bill.final_destination is None and bill.destination_country is None
    yield _Stated("discharge", _at(bill.discharge), _DESTINATION if ends_there else _PASSES)
    yield _of_party("consignee", bill.consignee, _BUYER)
    yield _of_party("deliver_to", bill.deliver_to, _DESTINATION)
    yield from (_of_party("notify", party, _PARTY) for party in bill.notify)
    yield _of_party("carrier", bill.carrier, _PARTY)
    yield _of_party("forwarder", bill.forwarder, _PARTY)
    yield _Stated("loading", _at(bill.loading), _PASSES)
    for leg in bill.stages:
        for place in (leg.loading, leg.discharge, *leg.transshipment):
            yield _Stated("stages", _at(place), _PASSES)


def _at(place: Place | None) -> str | None:
    """The country of a place, as it states it or by its code."""
    return None if place is None else place.country or country_of_port(place.code) or country_named(place.name)


def _of_party(field: str, party: Party | None, what: Words) -> _Stated:
    if party is None or party.address is None:
        return _Stated(field, None, what)
    return _Stated(field, party.country or next(iter(party.address.named_countries), None), what)
