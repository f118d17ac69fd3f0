"""Receipts that may repay a loan are named by who paid and for what."""

from __future__ import annotations

from datetime import date

from tests.eximledger_chaincode.rules.cases import BUYER, receipt, usd

from eximledger.console.views.receipts import shown_receipts
from eximledger_chaincode.lending.accounts.offers import OfferedReceipt

DAY = date(2026, 6, 10)


def offer(receipt_id: str, left: str = "10.00") -> OfferedReceipt:
    return OfferedReceipt(
        receipt_id=receipt_id, dated=DAY, amount=usd("20.00"), left=usd(left), declarations=(), by_loan={}
    )


def test_a_receipt_is_called_by_payer_and_words_and_by_its_number_only_where_its_paper_is_not_there() -> None:
    paper = receipt(remittance=("INV  CI-1", "x" * 300))
    known, unknown = shown_receipts([offer(paper.id), offer("f" * 64), offer("e" * 64, left="0.00")], {paper.id: paper})
    assert known.payer == BUYER.name
    assert known.called.startswith(f"{BUYER.name} · INV CI-1 xxx")
    assert known.called.endswith("… · 2026-06-10 · 10.00 USD")
    assert unknown.called == "ffffffffffff… · 2026-06-10 · 10.00 USD"


def test_what_is_used_up_is_not_offered() -> None:
    assert shown_receipts([offer("e" * 64, left="0.00")], {}) == ()
