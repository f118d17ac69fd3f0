"""All examples of all rules."""

from __future__ import annotations

from tests.eximledger_chaincode.rules.examples import (
    arithmetic,
    authority,
    claimants,
    claims,
    containers,
    contracts,
    declarations,
    duplicates,
    enterprise,
    history,
    invoices,
    letters_of_credit,
    loans,
    packing,
    parties,
    prices,
    quantities,
    receipts,
    sanctions,
    shipping,
    transport,
)

EXAMPLES = [
    *declarations.EXAMPLES, *arithmetic.EXAMPLES, *invoices.EXAMPLES, *contracts.EXAMPLES, *transport.EXAMPLES,
    *letters_of_credit.EXAMPLES, *packing.EXAMPLES, *receipts.EXAMPLES, *duplicates.EXAMPLES, *claims.EXAMPLES,
    *claimants.EXAMPLES,
    *loans.EXAMPLES,
    *authority.EXAMPLES, *enterprise.EXAMPLES, *history.EXAMPLES,
    *quantities.EXAMPLES, *shipping.EXAMPLES, *containers.EXAMPLES,
    *prices.EXAMPLES, *sanctions.EXAMPLES, *parties.EXAMPLES,
]  # fmt: skip
