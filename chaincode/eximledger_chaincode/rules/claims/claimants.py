"""The rule on whether an invoice claims anything, and for whom: what the exporter does not claim it cannot pledge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from eximledger_chaincode.documents import Words
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.links import links
from eximledger_chaincode.rules.basis.parties import may_be_one
from eximledger_chaincode.rules.basis.wording import finding, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule

_NO_CLAIM: Final[Mapping[str, Words]] = {
    "130": Words("an invoicing data sheet", "开票数据单"),
    "325": Words("a pro forma invoice", "形式发票"),
    "751": Words("information for accounting", "记账用信息"),
    "870": Words("a consular invoice", "领事发票"),
    "935": Words("a customs invoice", "海关发票"),
}
"""By the code of its type (UN/EDIFACT 1001): papers that look like an invoice and ask nobody to pay."""
_DOUBTFUL: Final[Mapping[str, Words]] = {
    "386": Words("asks for a payment in advance: nothing is owed for goods yet", "为预付款发票：货款债权尚未产生"),
    "393": Words("was assigned to a factor", "所载债权已转让给保理商"),
    "395": Words("is of goods on consignment: they are not sold yet", "为寄售发票：货物尚未售出"),
}


@rule("CLAIM-KIND", Severity.REJECT, Severity.REFER, source="UN/EDIFACT 1001; EN 16931 BG-10; Civil Code art. 768")
def claim_kind(case: Case) -> Iterator[Finding]:
    """An invoice that by its type asks nobody to pay (pro forma, for customs): reject. One that asks for a payment in
    advance, is of goods on consignment or was assigned to a factor, or that is payable to another than its seller (a
    factor, a bank, a relative): refer."""
    for invoice in links(case).invoices:
        paper, code = titled(invoice), invoice.type_code or ""
        if code in _NO_CLAIM:
            what = _NO_CLAIM[code]
            yield finding(
                "CLAIM-KIND", Severity.REJECT, says(invoice, "type_code", code),
                en=f"By its type {code} {paper.en} is {what.en}: it is no claim.",
                zh=f"{paper.zh} 的类型代码为 {code}（{what.zh}）：不构成债权。",
            )  # fmt: skip
        elif code in _DOUBTFUL:
            what = _DOUBTFUL[code]
            yield finding(
                "CLAIM-KIND", Severity.REFER, says(invoice, "type_code", code),
                en=f"By its type {code} {paper.en} {what.en}.",
                zh=f"{paper.zh} 的类型代码为 {code}，{what.zh}。",
            )  # fmt: skip
        payee = invoice.payee
        if payee is not None and not invoice.takes_back and not may_be_one(payee, invoice.seller):
            yield finding(
                "CLAIM-KIND", Severity.REFER, says(invoice, "payee", payee.name),
                says(invoice, "seller", invoice.seller.name),
                en=f"{paper.en} is payable to {payee.name}, not to its seller {invoice.seller.name}: the claim may be "
                f"another's.",
                zh=f"{paper.zh} 的收款人为 {payee.name}，并非卖方 {invoice.seller.name}：债权可能已转让。",
            )  # fmt: skip
