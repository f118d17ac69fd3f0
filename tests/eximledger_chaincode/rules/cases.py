"""A sound export and its papers, of which a test says only what is different.

`case()` is a case that no rule has a word against. Documents given to it take the place of the sound ones of their
kind: `case(invoice(issued_on=date(2026, 1, 1)))`, or stand beside them: `case(receipt())`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from eximledger_chaincode.documents import (
    CASE_KINDS,
    KINDS,
    CommercialInvoice,
    Container,
    DeclarationCopy,
    DeclarationLine,
    DeclarationStatus,
    Document,
    EnterpriseClass,
    EnterpriseClassification,
    ExportDeclaration,
    FinancedDeclaration,
    FinancedFrame,
    FxReceipt,
    GoodsLine,
    InsuranceDocument,
    InvoiceTotals,
    LetterOfCredit,
    LoanApplication,
    Money,
    PackingLine,
    PackingList,
    Party,
    Place,
    PriceBand,
    Record,
    Reference,
    ReferenceRate,
    SalesContract,
    TolerancePolicy,
    TotalDifference,
    TransportDocument,
)
from eximledger_chaincode.lending.collecting.naming import NamedPaper, ReceiptNaming, Unallocated
from eximledger_chaincode.lending.register import Position
from eximledger_chaincode.lending.roles import Person, Role
from eximledger_chaincode.rules import Case
from hlf_chaincode.canonical import canonical_json, sha256_hex

SELLER = Party(name="贵州东裕电气有限公司", other_names=("Dongyu Electric Co., Ltd.",), uscc="91520690MA6DMR0B5K")
STRANGER = Party(name="Shanghai Lamp Works", uscc="91310000MA1FL0AB1X")
BUYER = Party(name="Nordlicht Handels GmbH")
THIRD_PARTY = Party(name="Blue Lagoon Trading FZE")

NUMBER, OTHER_NUMBER = "224820260000418836", "224820260000437120"
APPLIED, TODAY = date(2026, 4, 10), date(2026, 4, 11)
EXPORTED, ON_BOARD = date(2026, 3, 20), date(2026, 3, 21)
PAID = date(2026, 4, 2)
APPLIED_AT = datetime(2026, 4, 10, 2, tzinfo=UTC)
MAKER, CHECKER = (Person(msp_id="EximbankMSP", name=name) for name in ("maker", "checker"))
CONTAINER, OTHER_CONTAINER, WRONG_CONTAINER = "CSQU3054383", "MSKU6011672", "CSQU3054384"

_ISSUERS = {Role.CUSTOMS: "CustomsMSP", Role.FX_BUREAU: "SafeMSP", Role.BANK: "EximbankMSP"}
ROLES = {"CustomsMSP": Role.CUSTOMS, "EximbankMSP": Role.BANK, "SafeMSP": Role.FX_BUREAU, "TradebankMSP": Role.BANK}

DocumentT = TypeVar("DocumentT", bound=Document)


def usd(amount: str | int) -> Money:
    return Money.of(amount, "USD")


def eur(amount: str | int) -> Money:
    return Money.of(amount, "EUR")


def cny(amount: str | int) -> Money:
    return Money.of(amount, "CNY")


def _made(model: type[DocumentT], sound: dict[str, object], changes: dict[str, object]) -> DocumentT:
    return model(**{**sound, **changes})


def declared(**changes: object) -> DeclarationLine:
    """500 sets at 200 USD."""
    sound = {
        "number": 1, "hs_code": "8504402000", "description": "整流柜", "quantity": 500, "unit": "台",
        "unit_price": "200", "amount": usd(100_000),
    }  # fmt: skip
    return DeclarationLine(**{**sound, **changes})


def declaration(**changes: object) -> ExportDeclaration:
    """FOB 100,000.00 USD, settled; exported on 20 March 2026."""
    sound: dict[str, object] = {
        "declaration_number": NUMBER, "status": DeclarationStatus.SETTLED, "consignor": SELLER,
        "declared_on": date(2026, 3, 18), "exported_on": EXPORTED, "settled_on": date(2026, 3, 25),
        "supervision_mode": "0110", "transaction_mode": "3", "bill_number": "COSU 6301", "contract_number": "DY-007",
        "exit_port": "CNSHA", "loading_port": "CNSHA", "destination_country": "DE", "packages": 100,
        "gross_weight_kg": 5000, "net_weight_kg": 4500, "containers": (CONTAINER,), "lines": (declared(),),
        "total": usd(100_000),
    }  # fmt: skip
    return _made(ExportDeclaration, sound, changes)


def goods(**changes: object) -> GoodsLine:
    sound: dict[str, object] = {
        "number": "1", "name": "Rectifier cabinet", "hs_code": "850440", "quantity": 500, "unit": "PCE",
        "unit_price": 200, "amount": usd(100_000),
    }  # fmt: skip
    return GoodsLine(**{**sound, **changes})


def contract(**changes: object) -> SalesContract:
    sound: dict[str, object] = {
        "contract_number": "DY-007", "signed_on": date(2026, 1, 5), "seller": SELLER, "buyer": BUYER,
        "currency": "USD", "incoterm": "FOB", "payment_days": 90, "latest_shipment_on": date(2026, 3, 31),
        "lines": (goods(),), "total": usd(100_000),
    }  # fmt: skip
    return _made(SalesContract, sound, changes)


def credit(**changes: object) -> LetterOfCredit:
    """For 100,000.00 USD, valid for a month after the decision; no sound case needs one."""
    sound: dict[str, object] = {
        "credit_number": "LC/2026-77", "issued_on": date(2026, 1, 12), "expires_on": date(2026, 5, 11),
        "applicant": BUYER, "beneficiary": SELLER, "amount": usd(100_000), "contract_numbers": ("DY-007",),
        "latest_shipment_on": date(2026, 3, 31),
    }  # fmt: skip
    return _made(LetterOfCredit, sound, changes)


def invoice(**changes: object) -> CommercialInvoice:
    sound: dict[str, object] = {
        "invoice_number": "CI-01", "issued_on": date(2026, 3, 15), "seller": SELLER, "buyer": BUYER, "currency": "USD",
        "contract_number": "DY-007", "incoterm": "FOB", "payment_days": 90, "declaration_numbers": (NUMBER,),
        "lines": (goods(),), "totals": InvoiceTotals(payable=usd(100_000)),
    }  # fmt: skip
    return _made(CommercialInvoice, sound, changes)


def invoice_of(total: Money, **changes: object) -> CommercialInvoice:
    """An invoice over one line without quantity, so that nothing but its total speaks."""
    lines = (goods(quantity=None, unit_price=None, amount=total),)
    totals = InvoiceTotals(payable=total)
    return invoice(**{"lines": lines, "totals": totals, "currency": total.currency, **changes})


def credit_note(total: Money, **changes: object) -> CommercialInvoice:
    """A credit note on the sound invoice."""
    references = (Reference(kind="invoice", number="CI-01"),)
    sound = {"invoice_number": "CN-01", "type_code": "381", "declaration_numbers": (), "contract_number": None}
    return invoice_of(total, **{**sound, "references": references, **changes})


def bill(**changes: object) -> TransportDocument:
    sound: dict[str, object] = {
        "bill_number": "COSU 6301", "issued_on": ON_BOARD, "on_board_on": ON_BOARD, "shipper": SELLER,
        "consignee": BUYER, "loading": Place(code="CNSHA"), "discharge": Place(code="DEHAM"), "packages": 100,
        "gross_weight_kg": 5000, "containers": (Container(number=CONTAINER),), "declaration_numbers": (NUMBER,),
    }  # fmt: skip
    return _made(TransportDocument, sound, changes)


def packed(**changes: object) -> PackingLine:
    sound: dict[str, object] = {
        "number": "1", "name": "Rectifier cabinet", "hs_code": "850440", "quantity": 500, "unit": "SET",
    }  # fmt: skip
    return PackingLine(**{**sound, **changes})


def packing_list(**changes: object) -> PackingList:
    sound: dict[str, object] = {
        "list_number": "PL-01", "issued_on": date(2026, 3, 15), "seller": SELLER, "invoice_numbers": ("CI-01",),
        "packages": 100, "gross_weight_kg": 5000, "lines": (packed(),),
    }  # fmt: skip
    return _made(PackingList, sound, changes)


def insurance(**changes: object) -> InsuranceDocument:
    """110,000.00 USD on the sound invoice, from before it was shipped."""
    sound: dict[str, object] = {
        "policy_number": "PI-1", "issued_on": EXPORTED, "insurer": Party(name="Harbour Marine Insurance"),
        "insured": SELLER, "insured_amount": usd(110_000), "invoice_numbers": ("CI-01",),
    }  # fmt: skip
    return _made(InsuranceDocument, sound, changes)


def receipt(**changes: object) -> FxReceipt:
    sound: dict[str, object] = {
        "reference": "FX-01", "account": "110092691", "exporter_uscc": SELLER.uscc, "payer": BUYER,
        "amount": usd(100_000), "value_on": date(2026, 6, 10),
    }  # fmt: skip
    return _made(FxReceipt, sound, changes)


def classification(**changes: object) -> EnterpriseClassification:
    sound: dict[str, object] = {
        "enterprise_uscc": SELLER.uscc, "enterprise_class": EnterpriseClass.A, "valid_from": date(2026, 1, 1),
        "valid_until": date(2026, 12, 31),
    }  # fmt: skip
    return _made(EnterpriseClassification, sound, changes)


def total_difference(**changes: object) -> TotalDifference:
    """SAFE's rate of the twelve months until 31 March 2026: exports of 10 million, of which 9 came in: 5.26 %."""
    none = cny(0)
    sound: dict[str, object] = {
        "enterprise_uscc": SELLER.uscc, "period_from": date(2025, 4, 1), "period_until": date(2026, 3, 31),
        "imports": none, "exports": cny(10_000_000), "receipts": cny(9_000_000), "payments": none,
    }  # fmt: skip
    return _made(TotalDifference, sound, changes)


def declaration_copy(**changes: object) -> DeclarationCopy:
    """A true copy of the sound declaration."""
    copied = DeclarationCopy.of(declaration())
    return DeclarationCopy.model_validate({**copied.model_dump(), **changes})


def rate(**changes: object) -> ReferenceRate:
    """One dollar is 7.1 yuan on the day of export."""
    sound: dict[str, object] = {"currency": "USD", "quoted_on": EXPORTED, "unit": 100, "cny": 710}
    return _made(ReferenceRate, sound, changes)


def price_band(**changes: object) -> PriceBand:
    """The sound line's goods: 1,420 CNY a piece is the middle, half of all within 10 % of it."""
    sound: dict[str, object] = {
        "hs_code": "85044020", "unit": "C62", "quarter": "2026-Q1", "median": 1420, "mad": "0.1", "declarations": 34,
        "exporters": 9,
    }  # fmt: skip
    return _made(PriceBand, sound, changes)


def application(**changes: object) -> LoanApplication:
    """500,000 CNY, of 568,000 that can be financed, against the whole declaration."""
    sound: dict[str, object] = {
        "loan_id": "L-1", "applicant": SELLER, "applied_on": APPLIED, "amount": cny(500_000),
        "matures_on": date(2026, 7, 20), "expected_receipt_on": date(2026, 6, 18),
        "declarations": (financed(),), "contracts": ("DY-007",), "invoices": ("CI-01",),
        "transport_documents": ("COSU 6301",), "packing_lists": ("PL-01",),
    }  # fmt: skip
    return _made(LoanApplication, sound, changes)


def packing(amount: Money | None = None, frames: tuple[FinancedFrame, ...] = (), **changes: object) -> LoanApplication:
    """A packing loan on the whole contract, or on these frames."""
    held = frames or (FinancedFrame(kind="contract", number="DY-007", amount=amount or usd(100_000)),)
    nothing: dict[str, object] = dict.fromkeys(("declarations", "invoices", "transport_documents", "packing_lists"), ())
    sound = {"financing": "pre-shipment", "frames": held, "letters_of_credit": ("LC/2026-77",), **nothing}
    return application(**{**sound, **changes})


def financed(number: str = NUMBER, amount: Money | None = None) -> FinancedDeclaration:
    return FinancedDeclaration(declaration_number=number, amount=amount or usd(100_000))


def held(amount: Money, number: str = NUMBER) -> Position:
    """What other loans hold of a declaration."""
    return Position(declaration_number=number, held=(amount,))


def naming(
    amount: Money,
    declarations: Mapping[str, Money | None] | Iterable[str] = (),
    invoices: Mapping[str, Money | None] | Iterable[str] = (),
    **changes: Any,
) -> ReceiptNaming:
    """A receipt that names these papers, with what it gives to each where that is said."""
    named = {
        field: tuple(
            NamedPaper(number=number, amount=papers[number] if isinstance(papers, Mapping) else None)
            for number in papers
        )
        for field, papers in (("declarations", declarations), ("invoices", invoices))
    }
    sound = {"receipt_id": "FX-01", "amount": amount, "dated": PAID}
    return ReceiptNaming(**{**sound, **named, **changes})


def unallocated(amount: Money, **changes: Any) -> Unallocated:
    """A receipt of the buyer's that names nothing."""
    return Unallocated(**{"receipt_id": "FX-09", "amount": amount, "payer": BUYER.name, "dated": PAID, **changes})


def policy(**changes: object) -> TolerancePolicy:
    return _made(TolerancePolicy, {"bank": "EximbankMSP"}, changes)


def record(document: DocumentT, **changes: object) -> Record[DocumentT]:
    """The document as its member would have stored it before the application."""
    sound: dict[str, object] = {
        "kind": document.KIND, "id": document.id, "number": document.number, "exporter": document.exporter,
        "dated": document.dated, "version": 1, "issuer": _ISSUERS[KINDS[document.KIND].writer],
        "written_by": MAKER.name, "written_at": datetime(2026, 4, 1, tzinfo=UTC),
        "filed_at": datetime(2026, 4, 1, tzinfo=UTC), "transaction_id": "t-1",
        "sha256": sha256_hex(canonical_json(document)), "document": document,
    }  # fmt: skip
    return Record[DocumentT](**{**sound, **changes})


def case(*papers: Document | Record[Any], without: Iterable[str] = (), **changes: object) -> Case:
    """The sound case with these papers in the place of its own of their kinds; `without` kinds that are to be missing;
    `changes` of the case's other fields (positions, matches, roles, today, approving, ...)."""
    given: list[Record[Any]] = [paper if isinstance(paper, Record) else record(paper) for paper in papers]
    kinds = {paper.kind for paper in given} | {*without}
    sound = (
        application(), declaration(), contract(), invoice(), bill(), packing_list(), classification(),
        total_difference(), rate(), rate(quoted_on=TODAY),
    )  # fmt: skip
    records = [*given, *(record(paper) for paper in sound if paper.KIND not in kinds)]
    fields: dict[str, object] = {
        kind.field: tuple(each for each in records if each.kind == kind.name) for kind in CASE_KINDS
    }
    asked = next(each for each in records if each.kind == "application")
    common: dict[str, object] = {
        "application": asked, "policy": policy(), "today": TODAY, "roles": ROLES, "applied_at": APPLIED_AT,
    }  # fmt: skip
    return Case(**{**common, **fields, **changes})  # type: ignore[arg-type] # fields by their names
