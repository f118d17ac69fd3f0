"""Examples of the rules on papers that were financed before."""

from __future__ import annotations

from datetime import date

from tests.eximledger_chaincode.rules.cases import (
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
from eximledger_chaincode.lending.fingerprints import Similarity
from eximledger_chaincode.lending.register import PaperMatch
from eximledger_chaincode.rules import Case


def _match(similarity: Similarity, kind: str = "invoice", id_: str | None = None, loan: str = "TB-9") -> PaperMatch:
    return PaperMatch(
        kind=kind, id=id_ or invoice().id, similarity=similarity, loan_id=loan, bank="TradebankMSP"
    )  # fmt: skip


def _exact() -> list[Example]:
    fires, silent = of("DUP-EXACT")
    exact = Similarity.EXACT
    return [
        fires("an invoice", case(matches=(_match(exact),)), REJECT),
        fires("a bill", case(matches=(_match(exact, "transport", bill().id),)), REJECT),
        fires("a paper that the case has lost", case(matches=(_match(exact, "contract", "SOMEBODY:X1"),)), REJECT),
        fires("for two loans", case(matches=(_match(exact), _match(exact, loan="TB-8"))), REJECT, REJECT),
        silent("alike only", case(matches=(_match(Similarity.ALL_BUT_DATE),))),
        silent("nothing known", case()),
    ]


def _near() -> list[Example]:
    fires, silent = of("DUP-NEAR")
    near = (
        Similarity.ALL_BUT_NUMBER, Similarity.ALL_BUT_AMOUNT, Similarity.ALL_BUT_DATE, Similarity.ALL_BUT_PARTIES,
    )  # fmt: skip
    return [
        *(fires(similarity.value, case(matches=(_match(similarity),)), REFER) for similarity in near),
        silent("the same in everything", case(matches=(_match(Similarity.EXACT),))),
        silent("nothing known", case()),
    ]


def _within() -> list[Example]:
    fires, silent = of("DUP-WITHIN")
    again = "CI-02"

    def two_invoices(**second: object) -> Case:
        return case(invoice(), invoice(**{"invoice_number": again, **second}))

    def two_bills(**second: object) -> Case:
        return case(bill(), bill(**{"bill_number": "COSU 6302", **second}))

    return [
        fires("an invoice under two numbers", two_invoices(), REJECT),
        fires("a contract under two numbers", case(contract(), contract(contract_number="DY-008")), REJECT),
        fires("a bill under two numbers", two_bills(), REJECT),
        silent("two invoices a cent apart", two_invoices(totals={"payable": usd("100000.01")})),
        silent("two invoices a day apart", two_invoices(issued_on=date(2026, 3, 16))),
        silent("equal consignments under two declarations", case(
            declaration(), declaration(declaration_number=OTHER_NUMBER),
            invoice(), invoice(invoice_number=again, declaration_numbers=(OTHER_NUMBER,)))),
        fires("the second names no declaration", two_invoices(declaration_numbers=()), REJECT),
        silent("equal bills with other containers", two_bills(containers=(Container(number=OTHER_CONTAINER),))),
        silent("bills that do not state a weight", case(
            bill(gross_weight_kg=None), bill(bill_number="COSU 6302", gross_weight_kg=None))),
    ]  # fmt: skip


EXAMPLES = [*_exact(), *_near(), *_within()]
