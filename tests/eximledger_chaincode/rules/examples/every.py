"""All examples of all rules."""

from __future__ import annotations

from tests.eximledger_chaincode.rules.examples import (
    arithmetic,
    authority,
    claims,
    containers,
    contracts,
    declarations,
    duplicates,
    invoices,
    loans,
    prices,
    quantities,
    receipts,
    shipping,
    transport,
)

EXAMPLES = [
    *declarations.EXAMPLES, *arithmetic.EXAMPLES, *invoices.EXAMPLES, *contracts.EXAMPLES, *transport.EXAMPLES,
    *receipts.EXAMPLES, *duplicates.EXAMPLES, *claims.EXAMPLES, *loans.EXAMPLES, *prices.EXAMPLES,
    *authority.EXAMPLES, *quantities.EXAMPLES, *shipping.EXAMPLES, *containers.EXAMPLES,
]  # fmt: skip
