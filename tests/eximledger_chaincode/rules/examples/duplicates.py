"""Examples of the rules on papers that were financed before."""

from __future__ import annotations

from datetime import date

from tests.eximledger_chaincode.rules.cases import (
    CONTAINER,
    NUMBER,
    OTHER_CONTAINER,
    OTHER_NUMBER,
    bill,
    case,
    contract,
    declaration,
    invoice,
    usd,
)
from tests.eximledger_chaincode.rules.examples.expected import REFER, REJECT, Example, of

from eximledger_chaincode.documents import Container
from eximledger_chaincode.lending.likeness.fingerprints import Similarity
from eximledger_chaincode.lending.register import PaperMatch, PaperStanding
from eximledger_chaincode.lending.verdict import DocumentName
from eximledger_chaincode.rules import Case


def _match(
    similarity: Similarity,
    kind: str = "invoice",
    id_: str | None = None,
    standing: PaperStanding = PaperStanding.STANDING,
    *,
    same_bank: bool = False,
) -> PaperMatch:
    return PaperMatch(
        kind=kind, id=id_ or invoice().id, similarity=similarity, standing=standing, same_bank=same_bank
    )  # fmt: skip


def _exact() -> list[Example]:
    fires, silent = of("DUP-EXACT")
    exact = Similarity.EXACT
    return [
        fires("an invoice", case(matches=(_match(exact),)), REJECT),
        fires("a bill", case(matches=(_match(exact, "transport", bill().id),)), REJECT),
        fires("a paper that the case has lost", case(matches=(_match(exact, "invoice", "SOMEBODY:X1"),)), REJECT),
        fires("disbursed elsewhere", case(matches=(_match(exact, standing=PaperStanding.DISBURSED),)), REJECT),
        fires("approved elsewhere and never drawn", case(matches=(_match(exact, standing=PaperStanding.UNDRAWN),))),
        *(
            fires(f"{standing} with the same bank", case(matches=(_match(exact, standing=standing, same_bank=True),)))
            for standing in PaperStanding
        ),
        fires("standing with both banks", case(matches=(_match(exact), _match(exact, same_bank=True))), REJECT, REFER),
        fires("two loans of the same bank are one finding", case(matches=(
            _match(exact, same_bank=True), _match(exact, standing=PaperStanding.DISBURSED, same_bank=True)))),
        silent("a contract is a frame", case(matches=(_match(exact, "contract", contract().id),))),
        silent("alike only", case(matches=(_match(Similarity.ALL_BUT_DATE),))),
        silent("nothing known", case()),
    ]  # fmt: skip


def _near() -> list[Example]:
    fires, silent = of("DUP-NEAR")
    near = (
        Similarity.ALL_BUT_NUMBER, Similarity.ALL_BUT_AMOUNT, Similarity.ALL_BUT_DATE, Similarity.ALL_BUT_PARTIES,
    )  # fmt: skip
    return [
        *(fires(similarity.value, case(matches=(_match(similarity),)), REFER) for similarity in near),
        fires("of two loans", case(matches=(
            _match(near[0]), _match(near[0], standing=PaperStanding.DISBURSED)))),
        fires("of this bank and of another", case(matches=(
            _match(near[0]), _match(near[0], same_bank=True))), REFER, REFER),
        silent("a contract is a frame", case(matches=(_match(near[0], "contract", contract().id),))),
        silent("the same in everything", case(matches=(_match(Similarity.EXACT),))),
        silent("nothing known", case()),
    ]  # fmt: skip


def _within() -> list[Example]:
    fires, silent = of("DUP-WITHIN")
    again = "CI-02"

    def two_invoices(**second: object) -> Case:
        return case(invoice(), invoice(**{"invoice_number": again, **second}))

    def two_bills(**second: object) -> Case:
        return case(bill(), bill(**{"bill_number": "COSU 6302", **second}))

    def two_bills_by_air(number: str) -> Case:
        first, second = (
            bill(bill_number=name, containers=(), declaration_numbers=(declared,))
            for name, declared in (("784-1", NUMBER), ("784-2", number))
        )
        return case(first, second)

    return [
        fires("an invoice under two numbers", two_invoices(), REJECT),
        fires("a contract under two numbers", case(contract(), contract(contract_number="DY-008"))),
        fires("a bill under two numbers", two_bills(), REJECT),
        silent("two invoices a cent apart", two_invoices(totals={"payable": usd("100000.01")})),
        silent("two invoices a day apart", two_invoices(issued_on=date(2026, 3, 16))),
        silent("equal consignments under two declarations", case(
            declaration(), declaration(declaration_number=OTHER_NUMBER),
            invoice(), invoice(invoice_number=again, declaration_numbers=(OTHER_NUMBER,)))),
        fires("the second names no declaration", two_invoices(declaration_numbers=()), REJECT),
        fires("the first names no declaration", case(
            invoice(declaration_numbers=()), invoice(invoice_number=again)), REJECT),
        fires("neither names a declaration or bill", case(invoice(declaration_numbers=()), invoice(
            invoice_number=again, declaration_numbers=()))),
        fires("neither names one, and the number is the same", case(
            invoice(invoice_number="CI 01", declaration_numbers=()), invoice(declaration_numbers=())), REJECT),
        fires("two bills that name nothing", case(
            bill(containers=(), declaration_numbers=()),
            bill(bill_number="COSU 6302", containers=(), declaration_numbers=()))),
        silent("equal bills without containers, of two declarations", two_bills_by_air(OTHER_NUMBER)),
        fires("equal bills without containers, of one declaration", two_bills_by_air(NUMBER), REJECT),
        fires("the second names one declaration more", two_invoices(declaration_numbers=(NUMBER, OTHER_NUMBER)),
              REJECT),
        silent("equal consignments under two bills", case(
            invoice(declaration_numbers=(), bill_numbers=("COSU 6301",)),
            invoice(invoice_number=again, declaration_numbers=(), bill_numbers=("COSU 6302",)))),
        fires("two invoices under one bill", case(
            invoice(declaration_numbers=(), bill_numbers=("COSU 6301",)),
            invoice(invoice_number=again, declaration_numbers=(), bill_numbers=("COSU 6301",))), REJECT),
        fires("three of them are three pairs", case(
            invoice(), invoice(invoice_number=again), invoice(invoice_number="CI-03")), *[REJECT] * 3),
        silent("equal bills with other containers", two_bills(containers=(Container(number=OTHER_CONTAINER),))),
        silent("equal bills with one container more", two_bills(
            containers=(Container(number=CONTAINER), Container(number=OTHER_CONTAINER)))),
        silent("bills that do not state a weight", case(
            bill(gross_weight_kg=None), bill(bill_number="COSU 6302", gross_weight_kg=None))),
    ]  # fmt: skip


def _unmatched() -> list[Example]:
    fires, silent = of("DUP-UNMATCHED")
    an_invoice = DocumentName(kind="invoice", number=invoice().number)
    a_bill = DocumentName(kind="transport", number=bill().number)
    return [
        fires("an invoice", case(unmatched=(an_invoice,)), REJECT),
        fires("an invoice and a bill", case(unmatched=(an_invoice, a_bill)), REJECT, REJECT),
        fires("named twice", case(unmatched=(a_bill, a_bill)), REJECT),
        fires("a paper that the case has lost", case(unmatched=(
            DocumentName(kind="invoice", number="CI-77"),)), REJECT),
        silent("all looked up", case()),
    ]  # fmt: skip


EXAMPLES = [*_exact(), *_near(), *_unmatched(), *_within()]
