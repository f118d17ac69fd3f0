"""Examples of the rule on whether an invoice claims anything, and for whom."""

from __future__ import annotations

from tests.eximledger_chaincode.rules.cases import SELLER, THIRD_PARTY, case, invoice
from tests.eximledger_chaincode.rules.examples.expected import REFER, REJECT, Example, of

from eximledger_chaincode.documents import Party


def _kind() -> list[Example]:
    fires, silent = of("CLAIM-KIND")
    names = {
        "130": "a data sheet", "325": "a pro forma", "751": "for accounting", "870": "a consular one",
        "935": "for customs",
    }  # fmt: skip
    doubtful = {"386": "in advance", "393": "a factor's", "395": "on consignment"}
    factor = Party(name=SELLER.name, uscc="91310000MA1FL0AB1X")
    return [
        *(fires(name, case(invoice(type_code=code)), REJECT) for code, name in names.items()),
        *(fires(name, case(invoice(type_code=code)), REFER) for code, name in doubtful.items()),
        *(silent(f"type {code}", case(invoice(type_code=code))) for code in ("380", "384", "388", "389", "326")),
        fires("payable to another", case(invoice(payee=THIRD_PARTY))),
        fires("payable to one of another number", case(invoice(payee=factor))),
        silent("payable to its seller", case(invoice(payee=Party(name="Dongyu Electric Co Ltd")))),
        silent("nothing of its type", case(invoice(type_code=None))),
    ]


EXAMPLES = _kind()
