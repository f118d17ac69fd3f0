"""A proposal of a step in words of either language: all that it says, so that nobody confirms what was not shown."""

from __future__ import annotations

from collections.abc import Iterator

from eximledger.words import Language, kind_name, word
from eximledger_chaincode.documents import CASE_KINDS
from eximledger_chaincode.lending.packing.bill import ExportBill
from eximledger_chaincode.lending.steps import Proposal

__all__ = ["proposal_words"]


def proposal_words(proposal: Proposal, language: Language) -> str:
    """What a second person confirms, and what a step was."""
    return "，".join(_chinese(proposal)) if language == "zh" else proposal.words


def _chinese(said: Proposal) -> Iterator[str]:
    yield from (str(each) for each in (said.amount, said.day, said.reference) if each is not None)
    if said.exchange is not None:
        yield f"实付 {said.exchange.money}（汇率 1 {said.exchange.base} = {said.exchange.rate}）"
    yield from (f"{word(each.condition.value, 'zh')} {each.reference}" for each in said.conditions)
    if said.source is not None or said.receipt is not None:
        yield f"还款方：{word(said.by.value, 'zh')}"
    if said.receipt is not None:
        yield f"以收汇凭证 {said.receipt} 还款"
    if said.matures_on is not None:
        yield f"到期日 {said.matures_on}"
    if said.rate_percent is not None:
        yield f"年利率 {said.rate_percent} %"
    if said.bill is not None:
        yield from _bill(said.bill)
    if said.insurer is not None:
        yield f"向 {said.insurer} 索赔"
    if said.reason is not None:
        yield said.reason
    yield from (f"豁免 {each.finding}：{each.reason}" for each in said.overrides)


def _bill(bill: ExportBill) -> Iterator[str]:
    yield from (f"报关单 {each.declaration_number} 占用 {each.amount}" for each in bill.declarations)
    for kind in CASE_KINDS:
        if kind.named and kind.name != "declaration":
            yield from (f"{kind_name(kind.name, 'zh')} {number}" for number in getattr(bill, kind.field))
    yield f"预计收汇日 {bill.expected_receipt_on}"
