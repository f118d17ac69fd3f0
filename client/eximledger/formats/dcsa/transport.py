"""A DCSA transport document as ours. Source: DCSA, Bill of Lading 3.0 (OpenAPI, 3.0.0 to 3.0.4).

Only what was issued is a bill: a draft, or one that was given back to be changed, proves nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from eximledger.formats._gathered import Gathered, soundly
from eximledger.formats._reading import Unmapped
from eximledger.formats.dcsa.goods import Cargo, containers_of
from eximledger.formats.dcsa.parties import party_of, place_of
from eximledger.formats.dcsa.tree import Branch
from eximledger.formats.json_documents import parse_json
from eximledger.formats.text.numbers import Numbers
from eximledger.formats.text.terms import reference_kind
from eximledger.formats.text.values import currency_of, unique
from eximledger_chaincode.documents import (
    AllowanceCharge,
    Document,
    FreightPayment,
    Identifier,
    Money,
    Party,
    Reference,
    TransportDocument,
    TransportStage,
    TransportType,
)
from hlf_chaincode.errors import InvalidDocument

__all__ = ["read_transport_documents"]

_ISSUED: Final = frozenset({"ISSUED", "PENDING_SURRENDER_FOR_AMENDMENT", "PENDING_SURRENDER_FOR_DELIVERY"})
_TYPES: Final = {"BOL": TransportType.BILL_OF_LADING, "SWB": TransportType.SEA_WAYBILL}
_PAYMENTS: Final = {"PRE": FreightPayment.PREPAID, "COL": FreightPayment.COLLECT}
_HOLDERS: Final = ("transportDocument", "document")
"""Where the messages of issuance and transfer have the document."""
_REFERENCES: Final = {"PO": "order", "SPO": "order", "CPO": "order", "BPR": "booking"}
_OF_THE_FORMAT: Final = (
    "termsAndConditions", "isElectronic", "numberOfRiderPages", "numberOfCopiesWithCharges",
    "numberOfCopiesWithoutCharges", "carrierCodeListProvider",
)  # fmt: skip


def read_transport_documents(text: str) -> tuple[tuple[Document, ...], tuple[Unmapped, ...]]:
    """The document, or those of a list; one that cannot be read is reported, and refused where none can be."""
    parsed = parse_json(text)
    entries = parsed if isinstance(parsed, list) else [parsed]
    gathered = Gathered()
    for place, entry in enumerate(entries):
        at = f"$[{place}]" if isinstance(parsed, list) else "$"
        try:
            if not isinstance(entry, dict):
                raise InvalidDocument(f"{at} is not an object", field=at, reason="is not an object")
            top = Branch(entry, at)
            with soundly("transport document"):
                document = _document(_held(top))
            gathered.add(at, (document,), top.leftovers())
        except InvalidDocument as error:
            gathered.miss(at, error)
    gathered.require_some()
    return tuple(gathered.documents), tuple(gathered.unmapped)


def _held(top: Branch) -> Branch:
    if top.has("transportDocumentReference"):
        return top
    name = next((name for name in _HOLDERS if top.has(name)), None)
    if name is None:
        raise top.missing("transportDocumentReference")
    return top.branch(name)


def _document(bill: Branch) -> TransportDocument:
    if not bill.has("documentParties"):
        raise bill.error("documentParties", "is missing: version 3 of DCSA's bill of lading is read, and none before")
    _check_issued(bill)
    parties = bill.branch("documentParties")
    shipper = party_of(parties.branch("shipper"))
    if shipper is None:
        raise parties.missing("shipper")
    consignee, notify = _receivers(parties)
    transports = bill.branch("transports")
    stage = _main_stage(transports)
    containers = containers_of(bill.branches("utilizedTransportEquipments"))
    cargo = Cargo(bill.branches("consignmentItems"), containers)
    references = _references(bill, parties, cargo)
    numbers = Numbers(references)
    issued = bill.day("issueDate")
    if issued is None:
        raise bill.missing("issueDate")
    bill.take(*_OF_THE_FORMAT)
    with bill.located():
        return TransportDocument(
            bill_number=bill.need_text("transportDocumentReference"),
            type=_type(bill),
            issued_on=issued,
            on_board_on=_on_board(bill),
            shipper=shipper,
            consignee=consignee,
            to_order=bill.flag("isToOrder"),
            notify=notify,
            carrier=_carrier(bill, parties),
            forwarder=_forwarder(parties),
            loading=stage.loading,
            discharge=stage.discharge,
            final_destination=place_of(transports.branch("placeOfDelivery")),
            stages=(stage,),
            vessel=stage.conveyance,
            voyage=stage.voyage,
            containers=containers,
            packages=cargo.packages,
            gross_weight_kg=cargo.gross_weight_kg,
            net_weight_kg=cargo.net_weight_kg,
            volume_m3=cargo.volume_m3,
            goods=cargo.goods,
            freight_payment=_PAYMENTS.get(bill.text("freightPaymentTermCode") or ""),
            freight_charges=tuple(_charge(each) for each in bill.branches("charges")),
            declared_carriage_value=_money(bill, "declaredValue", "declaredValueCurrency"),
            contract_number=numbers.first("contract") or numbers.first("order"),
            invoice_numbers=numbers.all("invoice"),
            declaration_numbers=numbers.all("declaration"),
            references=references,
            clauses=tuple(bill.texts("carrierClauses")),
            notes=tuple(bill.texts("displayedShippedOnBoardReceivedForShipment")),
        )


def _main_stage(transports: Branch) -> TransportStage:
    """The way between the ports, by the mother ship where one is named."""
    voyages = transports.branches("vesselVoyages")
    main = next((each for each in voyages if each.text("role") == "MOTHER"), voyages[0] if voyages else Branch({}))
    return TransportStage(
        mode="1",
        conveyance=main.text("vesselName"),
        voyage=main.text("carrierExportVoyageNumber"),
        loading=place_of(transports.branch("portOfLoading")),
        discharge=place_of(transports.branch("portOfDischarge")),
    )


def _check_issued(bill: Branch) -> None:
    status = bill.text("transportDocumentStatus")
    if status is not None and status not in _ISSUED:
        raise bill.error(
            "transportDocumentStatus", f"is {status[:40]}: only a bill that was issued, and stands, is read"
        )


def _on_board(bill: Branch) -> date | None:
    """The day on which the goods were on board; a bill that was received for shipment says nothing of it."""
    if bill.has("isShippedOnBoardType") and not bill.flag("isShippedOnBoardType"):
        bill.unusable("shippedOnBoardDate", "the bill says that it is one received for shipment")
        return None
    return bill.day("shippedOnBoardDate")


def _type(bill: Branch) -> TransportType:
    code = bill.need_text("transportDocumentTypeCode")
    if code not in _TYPES:
        raise bill.error("transportDocumentTypeCode", "is neither BOL nor SWB")
    return _TYPES[code]


def _receivers(parties: Branch) -> tuple[Party | None, tuple[Party, ...]]:
    """Who may take the goods (of a bill to order, the one to whose order it is), and who is to be told of them."""
    notify = [party_of(each) for each in parties.branches("notifyParties")]
    consignee: Party | None = None
    for name in ("consignee", "endorsee"):
        if consignee is None and parties.has(name):
            branch = parties.branch(name)
            consignee = party_of(branch)
            if branch.flag("isNotifyParty"):
                notify.insert(0, consignee)
    return consignee, unique([party for party in notify if party is not None])


def _carrier(bill: Branch, parties: Branch) -> Party | None:
    """Who issued the bill, as or for the carrier, with the carrier's code."""
    issuer = party_of(parties.branch("issuingParty"))
    code = bill.text("carrierCode")
    if issuer is None or code is None:
        return issuer
    identifiers = unique([*issuer.identifiers, Identifier(scheme="carrier", value=code)])
    return issuer.model_copy(update={"identifiers": identifiers})


def _forwarder(parties: Branch) -> Party | None:
    for each in parties.branches("other"):
        if each.text("partyFunction") == "DDR":
            return party_of(each.branch("party"))
    return None


def _money(branch: Branch, amount: str, currency: str) -> Money | None:
    value, stated = branch.decimal(amount), branch.text(currency)
    if value is None:
        return None
    code = currency_of(stated or "")
    if code is None:
        raise branch.error(currency, "is not an ISO 4217 currency code")
    with branch.located():
        return Money.of(value, code)


def _charge(branch: Branch) -> AllowanceCharge:
    amount = _money(branch, "currencyAmount", "currencyCode")
    if amount is None:
        raise branch.missing("currencyAmount")
    with branch.located():
        return AllowanceCharge(
            charge=True, amount=amount, reason=branch.text("chargeName"), reason_code=branch.text("paymentTermCode")
        )


def _references(bill: Branch, parties: Branch, cargo: Cargo) -> tuple[Reference, ...]:
    found = [Reference(kind="booking", number=number) for number in cargo.bookings]
    for name, kind in (
        ("shippingInstructionsReference", "shipping-instructions"),
        ("serviceContractReference", "service-contract"),
        ("contractQuotationReference", "quotation"),
    ):
        if (number := bill.text(name)) is not None:
            found.append(Reference(kind=kind, number=number))
    for each in bill.branches("references"):
        found += _reference(each, each.texts("value"))
    for each in bill.branches("customsReferences"):
        each.take("countryCode")
        found += _reference(each, each.texts("values"))
    for name in ("shipper", "consignee"):
        orders = parties.branch(name).texts("purchaseOrderReferences") if parties.has(name) else []
        found += [Reference(kind="order", number=number) for number in orders]
    return unique(found)


def _reference(branch: Branch, numbers: list[str]) -> list[Reference]:
    code = branch.text("type") or "document"
    with branch.located():
        return [
            Reference(kind=reference_kind(number) or _REFERENCES.get(code, code), number=number) for number in numbers
        ]
