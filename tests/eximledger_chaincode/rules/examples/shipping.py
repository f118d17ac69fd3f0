"""Examples of the rules on terms, ways, insurance and descriptions of shipped goods."""

from __future__ import annotations

from datetime import date, timedelta

from tests.eximledger_chaincode.rules.cases import (
    BUYER,
    NUMBER,
    ON_BOARD,
    bill,
    case,
    contract,
    credit,
    credit_note,
    declaration,
    declared,
    eur,
    goods,
    insurance,
    invoice,
    packed,
    packing_list,
    policy,
    receipt,
    usd,
)
from tests.eximledger_chaincode.rules.examples.expected import INFORM, REFER, REJECT, Example, of

from eximledger_chaincode.documents import (
    Address,
    FreightPayment,
    Identifier,
    Party,
    Place,
    TransportGoods,
    TransportStage,
    TransportType,
)
from eximledger_chaincode.rules import Case

_SINGAPORE, _SHENZHEN = Place(code="SGSIN"), Place(code="CNYTN")


def _claused() -> list[Example]:
    fires, silent = of("BL-CLAUSED")

    def remarked(remark: str) -> Case:
        return case(bill(clauses=(remark,)))

    return [
        fires("torn cartons", remarked("12 CARTONS TORN")),
        fires("a number before it", remarked("Case No. 7 crushed and wet")),
        fires("in Chinese", remarked("3件外箱破损")),
        fires("packing that is insufficient", remarked("Packaging is not sufficient")),
        fires("in the notes", case(bill(notes=("CLEAN ON BOARD 2026-03-21. Two drums leaking.",)))),
        fires("two remarks", case(bill(clauses=("one crate broken", "木箱受潮"))), REFER, REFER),
        fires("on deck", case(bill(on_deck=True))),
        fires("on deck by a note", remarked("CARGO LOADED ON DECK AT SHIPPERS RISK")),
        fires("on deck in Chinese", remarked("货物装于甲板")),
        silent("goods that may be on deck", remarked("The goods may be carried on deck")),
        silent("a clean bill", case(bill(notes=("CLEAN ON BOARD", "SHIPPER'S LOAD, STOW AND COUNT")))),
        silent("who answers for damage", remarked("Carrier not responsible for damaged packing")),
        silent("rust proof packing", remarked("Rust proof packing, moisture resistant")),
        silent("damage that would be told", remarked("如有破损，须于提货时提出")),
    ]


def _freight() -> list[Example]:
    fires, silent = of("BL-FREIGHT")

    def paid(payment: FreightPayment | None, incoterm: str | None, **changes: object) -> Case:
        return case(bill(freight_payment=payment, **changes), contract(incoterm=incoterm), invoice(incoterm=None))

    prepaid, collect = FreightPayment.PREPAID, FreightPayment.COLLECT
    return [
        fires("prepaid by FOB", paid(prepaid, "FOB")),
        fires("collect by CIF", paid(collect, "CIF")),
        fires("collect by DAP", paid(collect, "DAP")),
        silent("collect by FOB", paid(collect, "FOB")),
        silent("prepaid by CFR", paid(prepaid, "CFR")),
        fires("prepaid, as written", paid(None, "FOB", freight_terms="Freight Prepaid")),
        fires("collect, in Chinese", paid(None, "CIF", notes=("运费到付",))),
        silent("payable at destination by FOB", paid(None, "FOB", freight_terms="FREIGHT PAYABLE AT DESTINATION")),
        silent("both as written", paid(None, "FOB", freight_terms="freight prepaid; freight collect")),
        silent("not stated", paid(None, "FOB")),
        silent("no term", case(bill(freight_payment=prepaid), contract(incoterm=None), invoice(incoterm=None))),
        fires("the invoice's term", case(
            bill(freight_payment=prepaid), contract(incoterm=None), invoice(incoterm="EXW"))),
        fires("the bill's own term", case(
            bill(freight_payment=prepaid, incoterm="FCA"), contract(incoterm=None), invoice(incoterm=None))),
        fires("CIF by air", paid(prepaid, "CIF", type=TransportType.AIR_WAYBILL), INFORM),
        fires("FOB by rail, and prepaid", paid(
            prepaid, "FOB", type=TransportType.RAIL_CONSIGNMENT_NOTE), INFORM, REFER),
        silent("CPT by air", paid(prepaid, "CPT", type=TransportType.AIR_WAYBILL)),
        silent("FOB by road", paid(None, "FOB", type=TransportType.ROAD_CONSIGNMENT_NOTE)),
    ]  # fmt: skip


def _legs(*days: tuple[date | None, date | None], **changes: object) -> Case:
    stages = tuple(TransportStage(departed_on=departed, arrived_on=arrived) for departed, arrived in days)
    return case(bill(stages=stages, **changes))


def _voyage() -> list[Example]:
    fires, silent = of("BL-VOYAGE")
    first, later, last = ON_BOARD, ON_BOARD + timedelta(days=5), ON_BOARD + timedelta(days=20)
    lorry = TransportStage(departed_on=ON_BOARD - timedelta(days=2), arrived_on=first, pre_carriage=True)
    return [
        silent("one leg", _legs((first, last))),
        fires("arrived before it departed", _legs((last, first), on_board_on=None)),
        silent("two legs", _legs((first, later), (later, last))),
        fires("the second departs before the first arrives", _legs((first, last), (later, None))),
        fires("the second departs before the first does", _legs((later, None), (first, None), on_board_on=first)),
        fires("on board after the ship had left", _legs((first, last), on_board_on=later)),
        silent("on board before the ship left", _legs((later, last))),
        silent("the lorry to the port, listed last", case(bill(
            stages=(TransportStage(departed_on=first, arrived_on=last), lorry)))),
        silent("no days", _legs((None, None), (None, None))),
    ]  # fmt: skip


def _route() -> list[Example]:
    fires, silent = of("ROUTE")

    def via(*places: Place, **agreed: object) -> Case:
        return case(bill(stages=(TransportStage(transshipment=places),)), contract(**agreed))

    def changing_at(port: Place, **agreed: object) -> Case:
        legs = (TransportStage(loading=Place(code="CNSHA"), discharge=port),
                TransportStage(loading=port, discharge=Place(code="DEHAM")))  # fmt: skip
        return case(bill(stages=legs), contract(**agreed))

    return [
        fires("the contract says nothing", via(_SINGAPORE)),
        fires("between two legs", changing_at(_SINGAPORE)),
        fires("two places", via(_SINGAPORE, Place(code="AEJEA")), REFER, REFER),
        fires("a place without a country", via(Place(name="Port Klang"))),
        silent("allowed", via(_SINGAPORE, transshipment=True)),
        fires("forbidden", via(_SINGAPORE, transshipment=False)),
        fires("forbidden at home, too", via(_SHENZHEN, transshipment=False)),
        silent("at home", changing_at(_SHENZHEN)),
        silent("in the country of destination", via(Place(code="DEBRV"))),
        silent("at the port that is named", via(_SINGAPORE, transshipment_places=(_SINGAPORE,))),
        silent("at the place by its name", via(
            Place(name="Port Klang"), transshipment_places=(Place(name="PORT-KLANG"),))),
        silent("in the country that is named", via(_SINGAPORE, transshipment_places=(Place(country="SG"),))),
        fires("at another port than is named", via(
            Place(code="AEJEA"), transshipment=True, transshipment_places=(_SINGAPORE,))),
        silent("no contract", case(
            bill(stages=(TransportStage(transshipment=(_SINGAPORE,)),)), without=("contract",))),
        silent("direct", case(bill(stages=(TransportStage(mode="1"),)))),
    ]  # fmt: skip


def _bank(bic: str) -> Party:
    return Party(name="A bank", identifiers=(Identifier(scheme="BIC", value=bic),))


def _embargo() -> list[Example]:
    fires, silent = of("EMBARGO")
    barred = policy(embargoed_countries=("KP", "IR"))
    abroad = Address(country="IR")
    buyer = Party(name=BUYER.name, address=abroad)

    def found(*papers: object) -> Case:
        return case(*papers, policy=barred)  # type: ignore[arg-type]  # documents

    return [
        fires("the declared destination", found(declaration(destination_country="IR")), REJECT),
        fires("a line's destination", found(declaration(lines=(declared(destination_country="IR"),))), REJECT),
        fires("the trade country", found(declaration(trade_country="KP")), REJECT),
        fires("the port of destination", found(declaration(destination_port="IRBND")), REJECT),
        fires("the buyer on the contract", found(contract(buyer=buyer)), REJECT),
        fires("the buyer's address in words", found(contract(buyer=Party(
            name=BUYER.name, address=Address(lines=("Vali Asr 12", "TEHRAN, I.R. IRAN"))))), REJECT),
        fires("where a bill's goods go, in words", found(bill(discharge=Place(name="Bandar Abbas, Iran"))), REJECT),
        fires("the buyer on the invoice", found(invoice(buyer=buyer)), REJECT),
        fires("where the bill goes", found(bill(final_destination=Place(code="IRBND"))), REJECT),
        fires("where it is discharged", found(bill(discharge=Place(code="IRBND"))), REJECT),
        fires("the bill's consignee", found(bill(consignee=buyer)), REJECT),
        fires("where the list goes", found(packing_list(destination_country="IR")), REJECT),
        fires("where the insurance goes", found(insurance(destination=Place(code="IRBND"))), REJECT),
        fires("discharged there, but going on", found(
            bill(discharge=Place(code="IRBND"), final_destination=Place(country="DE")))),
        fires("trans-shipped there", found(
            bill(stages=(TransportStage(transshipment=(Place(code="IRBND"),)),)))),
        fires("made there", found(declaration(lines=(declared(origin_country="KP"),)))),
        fires("a party to be notified", found(bill(notify=(Party(name="Agent", address=abroad),)))),
        fires("the payer", found(receipt(payer=Party(name="Payer", address=abroad)))),
        fires("the payer's bank", found(receipt(payer_bank=Party(name="Bank", address=abroad)))),
        fires("the payer's bank, by its BIC", found(receipt(payer_bank=_bank("MELIIRTH")))),
        silent("a bank elsewhere", found(receipt(payer_bank=_bank("NDEADEFF")))),
        fires("who advised the credit", found(credit(advising_bank=_bank("MELIIRTHXXX")))),
        fires("where the credit is available", found(credit(available_with=_bank("MELIIRTH")))),
        fires("who issued the credit", found(credit(issuing_bank=Party(name="Bank", address=abroad)))),
        fires("the buyer on the packing list", found(packing_list(buyer=buyer)), REJECT),
        fires("the port of destination by the customs' own code", found(
            declaration(destination_port="IRN045")), REJECT),
        silent("such a port elsewhere", found(declaration(destination_port="DEU054"))),
        silent("a code of no country", found(declaration(destination_port="ZZZ001"))),
        silent("nowhere", found()),
        silent("a policy that bars nobody", case(declaration(destination_country="IR"))),
    ]  # fmt: skip


def _insurance() -> list[Example]:
    fires, silent = of("INSURANCE")
    cif = {"incoterm": "CIF"}
    second = {"invoice_number": "CI-02", "declaration_numbers": (NUMBER,), **cif}

    def sold(*papers: object, **changes: object) -> Case:
        return case(invoice(**cif), contract(**cif), *papers, **changes)  # type: ignore[arg-type]  # documents

    return [
        fires("sold CIF without it", sold()),
        fires("sold CIP without it", case(invoice(incoterm="CIP"), contract(incoterm="CIP"))),
        fires("the contract's term", case(invoice(incoterm=None), contract(**cif))),
        silent("sold CFR", case(invoice(incoterm="CFR"), contract(incoterm="CFR"))),
        silent("insured for 110 %", sold(insurance())),
        fires("a cent under 110 %", sold(insurance(insured_amount=usd("109999.99")))),
        silent("by what policy asks", sold(
            insurance(insured_amount=usd(100_000)), policy=policy(insured_percent=100))),
        fires("in another currency", sold(insurance(insured_amount=eur(500_000)))),
        silent("in two parts", sold(
            insurance(insured_amount=usd(60_000)), insurance(policy_number="PI-2", insured_amount=usd(50_000)))),
        fires("issued after shipment", sold(insurance(issued_on=ON_BOARD + timedelta(days=1)))),
        silent("issued after shipment, covering from it", sold(
            insurance(issued_on=ON_BOARD + timedelta(days=1), effective_on=ON_BOARD))),
        silent("issued on the day", sold(insurance(issued_on=ON_BOARD))),
        fires("all three", sold(
            insurance(insured_amount=eur(1), issued_on=date(2026, 4, 1)),
            insurance(policy_number="PI-2", insured_amount=usd(1))), REFER, REFER, REFER),
        fires("of another invoice", sold(insurance(invoice_numbers=("CI-99",)))),
        silent("of its bill", sold(insurance(invoice_numbers=(), bill_numbers=("COSU-6301",)))),
        silent("of its contract", sold(insurance(invoice_numbers=(), contract_number="DY-007"))),
        silent("that names nothing", sold(insurance(invoice_numbers=()))),
        fires("one for two invoices", case(
            invoice(**cif), invoice(**second), contract(**cif), insurance(invoice_numbers=("CI-01", "CI-02")))),
        silent("enough for two invoices", case(
            invoice(**cif), invoice(**second), contract(**cif),
            insurance(invoice_numbers=("CI-01", "CI-02"), insured_amount=usd(220_000)))),
        fires("the second invoice without it", case(
            invoice(**cif), invoice(**second), contract(**cif), insurance())),
        silent("a credit note", case(
            invoice(incoterm="FOB"), credit_note(usd(5), **cif), contract(incoterm="FOB"))),
    ]  # fmt: skip


def _vague() -> list[Example]:
    fires, silent = of("GOODS-VAGUE")

    def invoiced(name: str, description: str | None = None) -> Case:
        return case(invoice(lines=(goods(name=name, description=description),)))

    return [
        fires("goods", invoiced("Goods")),
        fires("as per contract", invoiced("Goods as per S/C No. DY-007")),
        fires("general merchandise", invoiced("General merchandise, various")),
        fires("freight of all kinds", case(bill(goods=(TransportGoods(number="1", description="F.A.K."),)))),
        fires("in Chinese", case(declaration(lines=(declared(description="详见合同", specification="一批货物"),)))),
        fires("on the contract", case(contract(lines=(goods(name="Items"),)))),
        fires("packed", case(packing_list(lines=(packed(name="cargo"),)))),
        fires("two lines are one finding", case(
            invoice(lines=(goods(name="Goods"), goods(number="2", name="Others"))))),
        silent("described beside it", invoiced("Goods", "Rectifier cabinet 380 V")),
        silent("named", invoiced("Spare parts for rectifier cabinets")),
        silent("named in Chinese", case(declaration(lines=(declared(description="整流柜配件"),)))),
        silent("a word of one character", case(declaration(lines=(declared(description="铜"),)))),
    ]  # fmt: skip


EXAMPLES = [
    *_claused(), *_freight(), *_voyage(), *_route(), *_embargo(), *_insurance(), *_vague(),
]  # fmt: skip
