"""The largest loan that an application can ask for, and one step beyond it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.eximledger.bank import authorised
from tests.eximledger_chaincode.contracts import trade

from eximledger.desk import LoanDesk
from eximledger.testing import LedgerNetwork
from eximledger_chaincode.contracts.casefile.wanted import MAX_CURRENCIES, MAX_RATE_REQUESTS
from eximledger_chaincode.documents import MAX_NAMED, LoanApplication, Money
from hlf_client.errors import InvalidDocument, Refused

SERIALS = tuple(range(1, MAX_NAMED + 1))
NOW = datetime(2026, 9, 1, 4, tzinfo=UTC)


def application(serials: tuple[int, ...], receipts: tuple[str, ...]) -> dict[str, Any]:
    asked = trade.application(serials=(1,)).model_dump(mode="json")
    item, *_ = asked["declarations"]
    return asked | {
        "declarations": [item | {"declaration_number": trade.number_of(serial)} for serial in serials],
        "contracts": [f"SC-{serial}" for serial in serials],
        "invoices": [f"INV-{serial}" for serial in serials],
        "transport_documents": [f"BL-{serial}" for serial in serials],
        "packing_lists": [f"PL-{serial}" for serial in serials],
        "receipts": list(receipts),
    }


@pytest.mark.slow
async def test_the_most_papers_are_judged_and_one_more_currency_is_refused(
    tmp_path: Path, exim_network_factory: Callable[..., LedgerNetwork]
) -> None:
    """Every declaration and every receipt of a day of its own, in as many currencies as all these days allow."""
    network = exim_network_factory(tmp_path / "exim.db", clock=lambda: NOW)
    customs, safe, bank = (LoanDesk(network.connect(member)) for member in ("customs", "safe", "eximbank"))
    days = [trade.APPLIED - timedelta(days=back) for back in range(1, 2 * MAX_NAMED + 1)]
    totals = {serial: f"{100_000 + 100 * serial}.00" for serial in SERIALS}  # no two papers are alike
    await customs.file([trade.declaration(each, totals[each], exported=days[each - 1]) for each in SERIALS])
    receipts = [trade.receipt(f"R-{s}", "100.00", serial=s, on=days[MAX_NAMED + s - 1]) for s in SERIALS]
    euros = receipts[0].model_copy(update={"amount": Money.of("100.00", "EUR"), "allocations": ()})
    await safe.file([trade.classification(), *(trade.rate(day) for day in days), euros, *receipts[1:]])
    papers = [make(each, total=totals[each]) for make in (trade.invoice, trade.packing_list) for each in SERIALS]
    bills = [trade.transport(each).model_copy(update={"gross_weight_kg": Decimal(1000 + each)}) for each in SERIALS]
    contracts = [trade.contract(each, totals[each]) for each in SERIALS]
    contracts[0] = contracts[0].model_copy(update={"currency": "JPY", "lines": (), "total": Money.of(1, "JPY")})
    await bank.file([*papers, *bills, *contracts])

    await authorised(bank, trade.DONGYU.uscc or "")
    asked = application(SERIALS, tuple(f"R-{serial}" for serial in SERIALS))
    await bank.apply(LoanApplication.parse(asked))
    outcome = await bank.check("L-1")
    read = {(each.kind, each.id) for each in outcome.evidence + outcome.read}
    for kind in ("declaration", "contract", "invoice", "transport", "packing-list", "receipt"):
        assert sum(found == kind for found, _ in read) == MAX_NAMED
    assert sum(kind == "rate" for kind, _ in read) == len(days)

    assert (1 + 2 * MAX_NAMED) * MAX_CURRENCIES == MAX_RATE_REQUESTS == 1203
    pounds = contracts[1].model_copy(update={"currency": "GBP", "lines": (), "total": Money.of(1, "GBP")})
    await bank.file([pounds])
    with pytest.raises(Refused, match=r"^the loan is in 4 foreign currencies on 401 days: 1203 quotations"):
        await bank.reconcile("L-1")


@pytest.mark.parametrize("field", ["declarations", "contracts", "invoices", "packing_lists", "receipts"])
def test_one_paper_more_is_refused(field: str) -> None:
    more = (*SERIALS, MAX_NAMED + 1)
    asked = application(SERIALS, tuple(f"R-{serial}" for serial in SERIALS))
    LoanApplication.parse(asked)
    asked[field] = application(more, tuple(f"R-{serial}" for serial in more))[field]
    with pytest.raises(InvalidDocument, match=f"^application.{field}: .* at most {MAX_NAMED} items"):
        LoanApplication.parse(asked)
