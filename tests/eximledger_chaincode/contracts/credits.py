"""Credits and the entries that take them back, and what a ledger knows of them, for the tests of receipts."""

from __future__ import annotations

import json
from datetime import date

from tests.eximledger_chaincode.contracts import trade
from tests.eximledger_chaincode.contracts.lending import Lending
from tests.eximledger_chaincode.contracts.trade import DONGYU, SAFE, usd
from tests.eximledger_chaincode.contracts.vaults import inside

from eximledger_chaincode.contracts.state.keys import receipts_of_declaration_key
from eximledger_chaincode.documents import (
    Entry,
    FxReceipt,
    Identifier,
    Money,
    Party,
    ReferenceKind,
    StatementPlace,
)
from eximledger_chaincode.lending.collecting.naming import ReceiptNaming

ACCOUNT = "NRA 7700 8811"
DAY = date(2026, 8, 20)


def at(report: str, place: str = "1", form: str = "camt.054") -> StatementPlace:
    return StatementPlace(form=form, report=report, made="2026-08-21T07:00:00", place=place)


def credit(reference: str = "TRX-88410", amount: str = "4000.00", **changes: object) -> FxReceipt:
    """A booked credit of Dongyu's that names declaration 1 in its text."""
    sound: dict[str, object] = {
        "reference": reference, "account": ACCOUNT, "exporter_uscc": DONGYU.uscc, "payer": trade.BUYER,
        "amount": usd(amount), "booked_on": DAY, "value_on": DAY, "remittance": (f"DECL {trade.number_of(1)}",),
    }  # fmt: skip
    return FxReceipt.model_validate(sound | changes)


def bank(bic: str) -> Party:
    return Party(name="A bank", identifiers=(Identifier(scheme="BIC", value=bic),))


def from_payer(value: str, report: str, place: str = "1", **changes: object) -> FxReceipt:
    """A credit that only the payer gave a reference."""
    changes = {
        "reference_kind": ReferenceKind.PAYER,
        "statement": changes.get("statement") or at(report, place),
    } | changes
    own = (Identifier(scheme="EndToEndId", value=value.partition("/")[0]),)
    return credit(value, "4000.00", identifiers=own, **changes)


def reversal(*references: str, amount: str = "4000.00", reference: str = "BACK-1", **changes: object) -> FxReceipt:
    return credit(reference, amount, **({"reverses": references, "remittance": ()} | changes))


async def put(lending: Lending, *receipts: FxReceipt) -> list[Entry]:
    """File in one call."""
    answer = await lending.ledger.submit(SAFE, "fx", "documents:put_many", "receipt", list(receipts))
    assert isinstance(answer, list)
    return [Entry.model_validate(entry) for entry in answer]


async def stored(lending: Lending, id_: str) -> FxReceipt:
    record = await lending.ledger.evaluate(SAFE, "fx", "documents:get", "receipt", id_)
    assert isinstance(record, dict)
    return FxReceipt.model_validate(record["document"])


def namings(lending: Lending, serial: int = 1) -> list[ReceiptNaming]:
    key = receipts_of_declaration_key(DONGYU.uscc or "", trade.number_of(serial))
    value = inside(lending.ledger, "fx", "receipts", key) or b"{}"
    return [ReceiptNaming.model_validate(each) for each in json.loads(value).values()]


async def collected(lending: Lending, serial: int = 1) -> Money:
    return (await lending.balance(serial)).collected
