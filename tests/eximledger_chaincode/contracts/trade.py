"""A consortium and its papers, for the tests of contracts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.hlf_chaincode.memory_peer import Collection, MemoryLedger, identity

from eximledger_chaincode.contracts import BANK, CUSTOMS, FX, exim
from eximledger_chaincode.documents import (
    Address,
    Allocation,
    CommercialInvoice,
    DeclarationLine,
    DeclarationStatus,
    Document,
    EnterpriseClass,
    EnterpriseClassification,
    ExportDeclaration,
    FinancedDeclaration,
    FxReceipt,
    GoodsLine,
    InvoiceTotals,
    LoanApplication,
    Money,
    PackingLine,
    PackingList,
    Party,
    Place,
    ReferenceRate,
    SalesContract,
    TolerancePolicy,
    TransportDocument,
    TransportGoods,
)
from eximledger_chaincode.documents.attached.attachment import NewAttachment
from eximledger_chaincode.lending.consent import SCOPES, Authorisation, OfficerConsent
from eximledger_chaincode.lending.floors import Floors
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.errors import FabricError

EXIMBANK = identity("EximbankMSP", "maker", "maker")
CHECKER = identity("EximbankMSP", "checker", "checker")
SECOND = identity("EximbankMSP", "second")
RISK = identity("EximbankMSP", "risk", "policy")
TRADEBANK = identity("TradebankMSP", "maker", "maker")
TRADEBANK_CHECKER = identity("TradebankMSP", "checker", "checker")
SAFE = identity("SafeMSP", "officer")
OFFICER = identity("CustomsMSP", "officer")
STRANGER = identity("StrangerMSP", "officer")

MEMBERS = [
    {"msp_id": "CustomsMSP", "name": "Guiyang Customs", "role": "customs"},
    {"msp_id": "EximbankMSP", "name": "Export-Import Bank of China", "role": "bank"},
    {"msp_id": "SafeMSP", "name": "SAFE Guizhou", "role": "fx-bureau"},
    {"msp_id": "TradebankMSP", "name": "Trade Bank", "role": "bank"},
]

BANKS = [each["msp_id"] for each in MEMBERS if each["role"] == "bank"]

FLOORS = Floors(consent=("signed", "officer"))

DONGYU = Party(name="Guizhou Dongyu Electric (Tongren) Co., Ltd.", uscc="91520690MA6DMR0B5K")
OTHER = Party(name="Shanghai Lamp Works", uscc="91310000MA1FL0AB1X")
BUYER = Party(name="Nordlicht Handels GmbH", address=Address(country="DE"))

EXPORTED = date(2026, 7, 20)
APPLIED = date(2026, 9, 1)


def collection(channel: str, name: str) -> Collection:
    """The private collections of the consortium, as its peers know them: no other, and none for a member that is no
    bank."""
    use, _, bank = name.partition("-")
    if bank and bank not in BANKS:
        raise FabricError(f"channel {channel} has no collection {name}")
    if use == "papers":
        return Collection((bank, "SafeMSP"), endorsement=f"AND('{bank}.peer', 'SafeMSP.peer')")
    if use == "shared" and channel == CUSTOMS:
        return Collection((bank, "SafeMSP", "CustomsMSP"), endorsement="OR('CustomsMSP.peer')")
    if use == "shared":
        return Collection((bank, "SafeMSP"), endorsement="OR('SafeMSP.peer')")
    if name == "declarations":
        return Collection(("CustomsMSP", "SafeMSP"), members_only=False, endorsement="OR('CustomsMSP.peer')")
    if name in {"matching", "receipts"}:
        return Collection(("SafeMSP",), members_only=False, endorsement="OR('SafeMSP.peer')")
    raise FabricError(f"channel {channel} has no collection {name}")


async def founded(*channels: str) -> MemoryLedger:
    """A ledger whose consortium stands on every channel, and on which banks may be authorised."""
    ledger = await unopened(*channels)
    for channel, function, arguments in ((CUSTOMS, "authorisations:open", (APPLIED,)), (FX, "copies:begin", ())):
        if channel in ledger.channels:
            await ledger.submit(SAFE, channel, function, *arguments)
    return ledger


async def unopened(*channels: str) -> MemoryLedger:
    """A ledger whose consortium stands on every channel, before SAFE has opened a business day on any."""
    ledger = MemoryLedger(exim(), channels or (CUSTOMS, FX, BANK), collections=collection)
    for channel in ledger.channels:
        await ledger.submit(SAFE, channel, "consortium:configure", MEMBERS, FLOORS)
    return ledger


def usd(amount: str | int | Decimal) -> Money:
    return Money.of(amount, "USD")


def number_of(serial: int) -> str:
    """A declaration number of Guiyang customs, 2026, export."""
    return f"830020260{serial:09}"


def declaration(
    serial: int = 1,
    total: str = "100000.00",
    status: DeclarationStatus = DeclarationStatus.SETTLED,
    exporter: Party = DONGYU,
    exported: date = EXPORTED,
    remarks: str | None = None,
) -> ExportDeclaration:
    quantity = Decimal(total) / 100
    return ExportDeclaration(
        declaration_number=number_of(serial),
        status=status,
        consignor=exporter,
        consignee=BUYER,
        declared_on=exported,
        exported_on=exported,
        supervision_mode="0110",
        transaction_mode="3",
        bill_number=f"BL-{serial}",
        contract_number=f"SC-{serial}",
        exit_port="CNSHA",
        destination_port="DEHAM",
        destination_country="DE",
        packages=10,
        gross_weight_kg=Decimal(1100),
        net_weight_kg=Decimal(1000),
        lines=(
            DeclarationLine(
                number=1, hs_code="8501109990", description="Electric motors", quantity=quantity, unit="PCS",
                unit_price=Decimal(100), amount=usd(total),
            ),
        ),
        total=usd(total),
        remarks=remarks,
    )  # fmt: skip


def contract(serial: int = 1, total: str = "100000.00", seller: Party = DONGYU) -> SalesContract:
    return SalesContract(
        contract_number=f"SC-{serial}",
        signed_on=date(2026, 6, 1),
        seller=seller,
        buyer=BUYER,
        currency="USD",
        incoterm="FOB",
        latest_shipment_on=date(2026, 8, 31),
        destination_country="DE",
        lines=(_goods(total),),
        total=usd(total),
    )


def invoice(
    serial: int = 1, total: str = "100000.00", seller: Party = DONGYU, note: str | None = None
) -> CommercialInvoice:
    return CommercialInvoice(
        invoice_number=f"INV-{serial}",
        issued_on=date(2026, 7, 10),
        seller=seller,
        buyer=BUYER,
        currency="USD",
        contract_number=f"SC-{serial}",
        declaration_numbers=(number_of(serial),),
        incoterm="FOB",
        lines=(_goods(total),),
        totals=InvoiceTotals(payable=usd(total)),
        notes=(note,) if note else (),
    )


SCAN = NewAttachment(sha256="5c" * 32, media_type="application/pdf", size=48_213, name="invoice, stamped.pdf")
"""A file that is attached to a paper."""


def _goods(total: str) -> GoodsLine:
    return GoodsLine(
        number="1", name="Electric motors", hs_code="850110", quantity=Decimal(total) / 100, unit="PCS",
        unit_price=Decimal(100), amount=usd(total),
    )  # fmt: skip


def transport(serial: int = 1, seller: Party = DONGYU, total: str = "100000.00") -> TransportDocument:
    return TransportDocument(
        bill_number=f"BL-{serial}",
        issued_on=EXPORTED,
        on_board_on=EXPORTED,
        shipper=seller,
        consignee=BUYER,
        loading=Place(code="CNSHA"),
        discharge=Place(code="DEHAM"),
        destination_country="DE",
        packages=10,
        gross_weight_kg=Decimal(1100),
        goods=(TransportGoods(number="1", description="Electric motors", quantity=Decimal(total) / 100, unit="PCS"),),
        contract_number=f"SC-{serial}",
        invoice_numbers=(f"INV-{serial}",),
        declaration_numbers=(number_of(serial),),
    )


def packing_list(serial: int = 1, seller: Party = DONGYU, total: str = "100000.00") -> PackingList:
    return PackingList(
        list_number=f"PL-{serial}",
        issued_on=date(2026, 7, 11),
        seller=seller,
        buyer=BUYER,
        invoice_numbers=(f"INV-{serial}",),
        contract_number=f"SC-{serial}",
        packages=10,
        gross_weight_kg=Decimal(1100),
        net_weight_kg=Decimal(1000),
        lines=(
            PackingLine(
                number="1", name="Electric motors", hs_code="850110", quantity=Decimal(total) / 100, unit="PCS"
            ),
        ),
    )


def receipt(
    reference: str = "R-1", amount: str = "30000.00", serial: int | None = 1, on: date = date(2026, 8, 20)
) -> FxReceipt:
    """A receipt of Dongyu's that collects all of itself on one declaration (or none)."""
    allocations = () if serial is None else (Allocation(declaration_number=number_of(serial), amount=usd(amount)),)
    return FxReceipt(
        reference=reference, account="5200111", exporter_uscc=DONGYU.uscc, payer=BUYER, amount=usd(amount),
        booked_on=on, value_on=on, allocations=allocations,
    )  # fmt: skip


def rate(on: date = date(2026, 7, 20), cny: str = "712.50", currency: str = "USD") -> ReferenceRate:
    return ReferenceRate(currency=currency, quoted_on=on, cny=Decimal(cny))


def classification(grade: EnterpriseClass = EnterpriseClass.A) -> EnterpriseClassification:
    assert DONGYU.uscc is not None
    return EnterpriseClassification(
        enterprise_uscc=DONGYU.uscc, enterprise_class=grade, valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31)
    )


def application(
    loan_id: str = "L-1",
    serials: tuple[int, ...] = (1,),
    occupied: str = "70000.00",
    amount: str = "300000.00",
    applicant: Party = DONGYU,
    purpose: str | None = None,
    receipts: tuple[str, ...] = (),
    applied_on: date = APPLIED,
) -> LoanApplication:
    return LoanApplication(
        loan_id=loan_id,
        applicant=applicant,
        applied_on=applied_on,
        amount=Money.of(amount, "CNY"),
        matures_on=date(2027, 1, 15),
        expected_receipt_on=date(2026, 12, 31),
        declarations=tuple(FinancedDeclaration(declaration_number=number_of(s), amount=usd(occupied)) for s in serials),
        contracts=tuple(f"SC-{s}" for s in serials),
        invoices=tuple(f"INV-{s}" for s in serials),
        transport_documents=tuple(f"BL-{s}" for s in serials),
        packing_lists=tuple(f"PL-{s}" for s in serials),
        receipts=receipts,
        purpose=purpose,
    )


def consent(bank: str, exporter: Party = DONGYU) -> OfficerConsent:
    """An exporter lets a bank read all of it for a year, on a form that the bank's officer has seen."""
    allowed = Authorisation.model_validate(
        {
            "number": f"A-{bank}", "exporter": exporter.uscc, "bank": bank, "what": SCOPES, "purpose": "export loans",
            "valid_from": date(2026, 8, 1), "valid_until": date(2027, 7, 31),
        }
    )  # fmt: skip
    return OfficerConsent(authorisation=allowed, form_sha256="f" * 64)


def policy(bank: str = "EximbankMSP", **changes: object) -> TolerancePolicy:
    return TolerancePolicy.model_validate({"bank": bank} | changes)


def private(document: Document) -> dict[str, bytes]:
    """The transient map that carries a private paper."""
    return {"document": canonical_json(document)}
