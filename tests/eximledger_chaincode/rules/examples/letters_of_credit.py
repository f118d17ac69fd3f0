"""Examples of the rules that hold what is drawn under a letter of credit against its terms."""

from __future__ import annotations

from datetime import date, timedelta

from tests.eximledger_chaincode.rules.cases import (
    BUYER,
    ON_BOARD,
    STRANGER,
    THIRD_PARTY,
    TODAY,
    bill,
    case,
    contract,
    credit,
    eur,
    invoice,
    invoice_of,
    usd,
)
from tests.eximledger_chaincode.rules.examples.expected import INFORM, REFER, REJECT, Example, of

from eximledger_chaincode.documents import LetterOfCredit, Money, Permission, Place, Reference, TransportStage
from eximledger_chaincode.documents.parts.index import credit_account
from eximledger_chaincode.rules import Case
from eximledger_chaincode.rules.basis.case import ContractTotal

NAMED = (Reference(kind="letter-of-credit", number="LC/2026-77"),)
OTHER = (Reference(kind="letter-of-credit", number="LC/2026-78"),)


def _amount() -> list[Example]:
    fires, silent = of("LC-AMOUNT")

    def ever(*amounts: Money, paper: LetterOfCredit | None = None) -> Case:
        total = ContractTotal(contract_id=credit_account(credit().id), invoices=9, amounts=amounts)
        return case(paper or credit(), invoice(references=NAMED), contract_totals=(total,))

    second = invoice_of(usd("0.01"), invoice_number="CI-02")
    return [
        silent("the whole amount", case(credit())),
        fires("a cent more", case(credit(), invoice_of(usd("100000.01")))),
        silent("10 % above where it says about", case(credit(about=True), invoice_of(usd(110_000)))),
        fires("a cent beyond 10 % where it says about", case(credit(about=True), invoice_of(usd("110000.01")))),
        silent("what it states on top", case(credit(plus_percent=5), invoice_of(usd(105_000)))),
        fires("a cent beyond what it states on top", case(credit(plus_percent=5), invoice_of(usd("105000.01")))),
        fires("a stated nothing is less than about", case(
            credit(about=True, plus_percent=0), invoice_of(usd("100000.01")))),
        fires("an amount not to be exceeded", case(
            credit(plus_percent=5, not_exceeding=True), invoice_of(usd("100000.01")))),
        fires("two invoices together", case(credit(), invoice(), second)),
        silent("an invoice under another credit", case(
            credit(), invoice(), second.model_copy(update={"references": OTHER}))),
        silent("an invoice under another contract than it names", case(
            credit(contract_numbers=("DY-008",)), invoice_of(usd(900_000)))),
        fires("an invoice under the contract that it names", case(
            credit(contract_numbers=("DY 007",)), invoice_of(usd(900_000)))),
        fires("of two credits the one that the invoice names", case(
            credit(contract_numbers=()), credit(credit_number="LC/2026-78", contract_numbers=()),
            invoice_of(usd(900_000), references=OTHER))),
        silent("all time, all of it", ever(usd(100_000))),
        fires("all time, a cent beyond", ever(usd("100000.01"))),
        silent("all time, in another currency besides", ever(usd(100_000), eur(900_000))),
        silent("no credit", case(invoice_of(usd(900_000)))),
    ]  # fmt: skip


def _parties() -> list[Example]:
    fires, silent = of("LC-PARTIES")
    respelled = BUYER.model_copy(update={"name": "NORDLICHT HANDELS-GMBH."})
    return [
        silent("the same", case(credit())),
        silent("the applicant spelt otherwise", case(credit(applicant=respelled))),
        fires("the applicant without its legal form", case(
            credit(applicant=BUYER.model_copy(update={"name": "Nordlicht Handels"}))), INFORM, INFORM),
        fires("another applicant than the buyer, on contract and invoice", case(
            credit(applicant=THIRD_PARTY)), REFER, REFER),
        fires("another seller on the invoice", case(credit(), invoice(seller=STRANGER)), REJECT),
        fires("another seller on the contract", case(credit(), contract(seller=STRANGER)), REJECT),
        fires("another seller under a transferable credit", case(
            credit(transferable=True), invoice(seller=STRANGER)), REFER),
        silent("a contract that it does not go with", case(
            credit(), contract(contract_number="DY-008", seller=STRANGER))),
    ]  # fmt: skip


def _terms() -> list[Example]:
    fires, silent = of("LC-TERMS")
    return [
        silent("the same", case(credit(incoterm="FOB", payment_days=90))),
        silent("terms that it does not state", case(credit())),
        fires("another contract's", case(credit(contract_numbers=("SC-9", "SC-10")))),
        silent("two contracts, of which one is here", case(credit(contract_numbers=("SC-9", "DY-007")))),
        fires("another Incoterm", case(credit(incoterm="CIF"))),
        fires("another tenor", case(credit(payment_days=60))),
        fires("another currency", case(credit(), invoice_of(eur(1)))),
        fires("all three", case(
            credit(incoterm="CIF", payment_days=0), invoice_of(eur(1), incoterm="FOB")), REFER, REFER, REFER),
    ]  # fmt: skip


def _expiry() -> list[Example]:
    fires, silent = of("LC-EXPIRY")
    return [
        silent("the last day", case(credit(expires_on=TODAY))),
        fires("the day after", case(credit(expires_on=TODAY - timedelta(days=1)))),
        fires("an amendment that cancels", case(credit(cancelled=True))),
        fires("expired and cancelled", case(credit(cancelled=True, expires_on=date(2026, 4, 1))), REFER, REFER),
    ]


def _latest() -> list[Example]:
    fires, silent = of("LC-LATEST")
    late, early = bill(on_board_on=date(2026, 4, 1)), credit(latest_shipment_on=date(2026, 3, 1))
    return [
        silent("on the last day", case(credit(latest_shipment_on=ON_BOARD))),
        fires("the day after", case(credit(latest_shipment_on=ON_BOARD - timedelta(days=1)))),
        silent("no day of loading", case(credit(latest_shipment_on=date(2026, 3, 1)), bill(on_board_on=None))),
        fires("after expiry, where it states none", case(
            credit(latest_shipment_on=None, expires_on=date(2026, 3, 31)), late)),
        silent("by expiry, where it states none", case(credit(latest_shipment_on=None, expires_on=ON_BOARD))),
        silent("a bill under another credit", case(early, bill(references=OTHER))),
        fires("a bill under this credit", case(early, bill(references=NAMED))),
    ]  # fmt: skip


def _present() -> list[Example]:
    fires, silent = of("LC-PRESENT")
    day_after = TODAY + timedelta(days=1)  # TODAY is the 21st day after shipment
    return [
        silent("21 days, where it states none", case(credit())),
        fires("22 days, where it states none", case(credit(), today=day_after)),
        silent("the last day that it states", case(credit(presentation_days=21))),
        fires("the day after what it states", case(credit(presentation_days=20))),
        silent("later than usual, as it states", case(credit(presentation_days=30), today=day_after)),
        silent(
            "days that count from another day",
            case(credit(presentation_period="10 days after receipt of the inspection certificate"), today=day_after),
        ),
        silent("no credit", case(today=day_after)),
    ]


def _ports() -> list[Example]:
    fires, silent = of("LC-PORTS")
    here = Place(code="CNSHA", name="Shanghai")

    def said(place: Place, loaded: Place = here) -> Case:
        return case(credit(loading=place), bill(loading=loaded))

    return [
        silent("one code", said(Place(code="CNSHA", name="Waigaoqiao"))),
        fires("another code", said(Place(code="CNNGB", name="Shanghai"))),
        silent("the name within a longer one", said(Place(name="SHANGHAI PORT, CHINA"))),
        silent("the shorter name", said(Place(name="SHANGHAI"), Place(name="Shanghai, China"))),
        fires("another name", said(Place(name="NINGBO, CHINA"), Place(name="SHANGHAI"))),
        fires("a name that only begins alike", said(Place(name="SHANG"), Place(name="SHANGHAI"))),
        silent("any port", said(Place(name="ANY CHINESE PORT"))),
        silent("code against name", said(Place(name="YANTIAN"), Place(code="CNSHA"))),
        silent("codes of two lists", said(Place(code="2248", name="SHANGHAI"))),
        fires("discharged elsewhere", case(credit(discharge=Place(code="NLRTM")))),
        silent("not stated", case(credit())),
    ]


def _partial() -> list[Example]:
    fires, silent = of("LC-PARTIAL")
    whole = credit(partial_shipments=Permission.NOT_ALLOWED)
    one = {"vessel": "EVER GIVEN", "voyage": "017W"}
    first, second = bill(**one), bill(bill_number="COSU 6302", **one)
    return [
        silent("one bill", case(whole)),
        fires("two bills that name no ship", case(whole, bill(), bill(bill_number="COSU 6302"))),
        silent("two bills of one ship and voyage", case(whole, first, second)),
        silent("one ship and voyage, written otherwise", case(
            whole, first, second.model_copy(update={"vessel": "M/V Ever Given", "voyage": "Voy. No. 017W"}))),
        fires("another voyage", case(whole, first, second.model_copy(update={"voyage": "018W"}))),
        fires("another ship", case(whole, first, second.model_copy(update={"vessel": "EVER GREEN"}))),
        fires("another destination", case(whole, first, second.model_copy(update={"discharge": Place(code="NLRTM")}))),
        silent("allowed", case(
            credit(partial_shipments=Permission.ALLOWED), bill(), bill(bill_number="COSU 6302"))),
        silent("not said", case(credit(), bill(), bill(bill_number="COSU 6302"))),
    ]  # fmt: skip


def _tranship() -> list[Example]:
    fires, silent = of("LC-TRANSHIP")
    straight = credit(transhipment=Permission.NOT_ALLOWED)
    change = (TransportStage(mode="1", means="FEEDER 1", transshipment=(Place(name="Singapore"),)),)
    two = (TransportStage(mode="1", means="FEEDER 1"), TransportStage(mode="1", means="EVER GIVEN"))
    fed = (TransportStage(mode="3", means="TRUCK"), TransportStage(mode="1", means="EVER GIVEN"))
    return [
        fires("a port of transhipment", case(straight, bill(containers=(), stages=change))),
        fires("two ships", case(straight, bill(containers=(), stages=two))),
        fires(
            "two ships of one type",
            case(
                straight,
                bill(
                    containers=(),
                    stages=tuple(
                        TransportStage(mode="1", means="1501", conveyance=ship) for ship in ("FEEDER 1", "EVER GIVEN")
                    ),
                ),
            ),
        ),
        silent(
            "one ship in two legs",
            case(
                straight,
                bill(
                    containers=(),
                    stages=tuple(
                        TransportStage(mode="1", means=means, conveyance="FEEDER 1") for means in ("1501", None)
                    ),
                ),
            ),
        ),
        silent(
            "one ship, with and without what sort it is",
            case(
                straight,
                bill(
                    containers=(),
                    stages=tuple(TransportStage(mode="1", conveyance=ship) for ship in ("FEEDER 1", "MV Feeder 1")),
                ),
            ),
        ),
        silent("in containers", case(straight, bill(stages=change))),
        silent("by lorry to the ship", case(straight, bill(containers=(), stages=fed))),
        silent("by air", case(straight, bill(type="air-waybill", containers=(), stages=change))),
        silent("allowed", case(credit(transhipment=Permission.ALLOWED), bill(containers=(), stages=change))),
        silent("one ship", case(straight, bill(containers=()))),
    ]


def _papers() -> list[Example]:
    fires, silent = of("LC-PAPERS")
    asking = credit(documents_required=(
        "SIGNED COMMERCIAL INVOICE IN TRIPLICATE", "FULL SET OF CLEAN ON BOARD BILLS OF LADING",
        "PACKING LIST SHOWING INVOICE NUMBER", "CERTIFICATE OF ORIGIN",
    ))  # fmt: skip
    return [
        silent("all are there", case(asking)),
        fires("no packing list", case(asking, without=("packing-list",))),
        fires("no bill", case(asking, without=("transport",))),
        fires("no invoice", case(asking, without=("invoice",))),
        fires("no insurance", case(credit(documents_required=("INSURANCE POLICY OR CERTIFICATE FOR 110 PCT",)))),
        silent("nothing asked for", case(credit(), without=("packing-list",))),
        silent("an invoice's number is no invoice", case(
            credit(documents_required=("PACKING LIST SHOWING INVOICE NUMBER",)), without=("invoice",))),
        silent("nothing drawn", case(asking, without=("invoice", "transport", "packing-list"))),
    ]  # fmt: skip


EXAMPLES = [
    *_amount(), *_parties(), *_terms(), *_expiry(), *_latest(), *_present(), *_ports(), *_partial(), *_tranship(),
    *_papers(),
]  # fmt: skip
