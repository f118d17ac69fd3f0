"""Parties, money, terms and days of letters of credit: what an invoice or contract can say against them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from eximledger_chaincode.documents import CommercialInvoice, LetterOfCredit, SalesContract
from eximledger_chaincode.documents.parts.index import credit_account
from eximledger_chaincode.lending.exact import summed
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.drawings import Drawing, drawings
from eximledger_chaincode.rules.basis.parties import Compared, compared, graded, so
from eximledger_chaincode.rules.basis.wording import Words, finding, plain, priced, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule


@rule("LC-AMOUNT", Severity.REFER, source="UCP 600 art. 18(b), 30(a)")
def lc_amount(case: Case) -> Iterator[Finding]:
    """More was invoiced under a letter of credit, over all time, than its amount and the tolerance that it states."""
    for drawing in drawings(case):
        credit, currency, percent = drawing.credit, drawing.credit.amount.currency, plain(drawing.credit.most_percent)
        drawn = _drawn(case, drawing)
        if drawn * 100 > credit.amount.amount * (100 + credit.most_percent):
            paper = titled(credit)
            yield finding(
                "LC-AMOUNT", Severity.REFER, says(credit, "amount", credit.amount),
                *(says(invoice, "total", invoice.total) for invoice in drawing.invoices),
                en=f"{priced(drawn, currency)} have been invoiced under {paper.en}, which is for {credit.amount}: "
                f"more than the {percent} % that may come on top.",
                zh=f"{paper.zh} 项下累计开票 {priced(drawn, currency)}，信用证金额为 {credit.amount}，"
                f"超出允许的 {percent}% 上浮幅度。",
            )  # fmt: skip


def _drawn(case: Case, drawing: Drawing) -> Decimal:
    """In the credit's currency: by all invoices ever filed that name it, and by those of the case that do not."""
    account, currency = credit_account(drawing.credit.id), drawing.credit.amount.currency
    known = next((total.amounts for total in case.contract_totals if total.contract_id == account), None)
    counted = drawing.invoices if known is None else [each for each in drawing.invoices if not each.credit_numbers]
    amounts = [*(known or ()), *(invoice.claim for invoice in counted)]
    return summed(money.amount for money in amounts if money.currency == currency)


class _Role(NamedTuple):
    """A party of the credit, and who it must be on the papers drawn under it."""

    field: str
    words: Words
    on_papers: str
    called: Words


_SELLING: Final = _Role("beneficiary", Words("beneficiary", "受益人"), "seller", Words("seller", "卖方"))
_BUYING: Final = _Role("applicant", Words("applicant", "开证申请人"), "buyer", Words("buyer", "买方"))


@rule("LC-PARTIES", Severity.REJECT, Severity.REFER, Severity.INFORM, source="UCP 600 art. 18(a), 38(g)")
def lc_parties(case: Case) -> Iterator[Finding]:
    """The seller on a contract or invoice is not the beneficiary of its letter of credit: reject, refer where that is
    transferable. The buyer is not the applicant: refer (nominees)."""
    for drawing in drawings(case):
        credit = drawing.credit
        sellers = Severity.REFER if credit.transferable else Severity.REJECT
        papers: list[SalesContract | CommercialInvoice] = [*drawing.contracts, *drawing.invoices]
        for paper in papers:
            selling, buying = compared(credit.beneficiary, paper.seller), compared(credit.applicant, paper.buyer)
            if (severity := graded(selling, sellers)) is not None:
                yield _another_party(severity, selling, _SELLING, credit, paper)
            if (severity := graded(buying, Severity.REFER)) is not None:
                yield _another_party(severity, buying, _BUYING, credit, paper)


def _another_party(
    severity: Severity, pair: Compared, role: _Role, credit: LetterOfCredit, paper: SalesContract | CommercialInvoice
) -> Finding:
    mine, theirs, end = pair.left, pair.right, so(pair)
    terms, other = titled(credit), titled(paper)
    return finding(
        "LC-PARTIES", severity, says(credit, role.field, mine), says(paper, role.on_papers, theirs),
        en=f"The {role.words.en} of {terms.en} is {mine}; the {role.called.en} on {other.en} is {theirs}{end.en}.",
        zh=f"{terms.zh} 的{role.words.zh}为 {mine}，{other.zh} 的{role.called.zh}为 {theirs}{end.zh}。",
    )  # fmt: skip


@rule("LC-TERMS", Severity.REFER, source="UCP 600 art. 18(a)(iii); ISBP 821 C")
def lc_terms(case: Case) -> Iterator[Finding]:
    """Currency, Incoterm or days of payment of an invoice are not those of its letter of credit; a term that one of the
    papers does not state is not compared. Or it names contracts, and no paper of the case is drawn under it."""
    none = Words("", "")
    for drawing in drawings(case):
        credit = drawing.credit
        if credit.contract_numbers and not (drawing.contracts or drawing.invoices or drawing.shipments):
            terms, others = titled(credit), ", ".join(credit.contract_numbers)
            yield finding(
                "LC-TERMS", Severity.REFER, says(credit, "contract_numbers", others),
                en=f"{terms.en} is of contract {others}: no paper of the case is drawn under it.",
                zh=f"{terms.zh} 对应合同 {others}：本案没有单据在该证项下。",
            )  # fmt: skip
        for invoice in drawing.invoices:
            for field, words, unit, mine, theirs in (
                ("currency", Words("currency", "币种"), none, invoice.currency, credit.amount.currency),
                ("incoterm", Words("Incoterm", "贸易术语"), none, invoice.incoterm, credit.incoterm),
                ("payment_days", Words("payment term", "付款期限"), Words(" days", " 天"), invoice.payment_days,
                 credit.payment_days),
            ):  # fmt: skip
                if mine is not None and theirs is not None and mine != theirs:
                    paper, terms = titled(invoice), titled(credit)
                    yield finding(
                        "LC-TERMS", Severity.REFER, says(invoice, field, mine), says(credit, field, theirs),
                        en=f"The {words.en} is {mine}{unit.en} on {paper.en} and {theirs}{unit.en} in {terms.en}.",
                        zh=f"{paper.zh} 的{words.zh}为 {mine}{unit.zh}，{terms.zh} 为 {theirs}{unit.zh}。",
                    )  # fmt: skip


@rule("LC-EXPIRY", Severity.REFER, source="UCP 600 art. 6(d), 10(a), 29(a)")
def lc_expiry(case: Case) -> Iterator[Finding]:
    """A letter of credit has expired on the day of the decision, which is that of presentation, or an amendment asks to
    cancel it."""
    for drawing in drawings(case):
        credit, paper = drawing.credit, titled(drawing.credit)
        if credit.expires_on < case.today:
            yield finding(
                "LC-EXPIRY", Severity.REFER, says(credit, "expires_on", credit.expires_on),
                en=f"{paper.en} expired on {credit.expires_on}.",
                zh=f"{paper.zh} 已于 {credit.expires_on} 到期。",
            )  # fmt: skip
        if credit.cancelled:
            yield finding(
                "LC-EXPIRY", Severity.REFER, says(credit, "cancelled", "yes"),
                en=f"An amendment of {paper.en} asks to cancel it.",
                zh=f"{paper.zh} 的修改要求撤销该证。",
            )  # fmt: skip
