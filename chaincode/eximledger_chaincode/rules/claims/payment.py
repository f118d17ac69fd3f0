"""Rules on the claim that is pledged: whether the buyer has paid it already, may have, or should have by now.

What they say as refer rests on papers and receipts alone: neither on what loans hold nor on a quotation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from typing import Final

from eximledger_chaincode.documents import CommercialInvoice, Document, FxReceipt, Money, Party
from eximledger_chaincode.documents.parts.names.spelling import compared_number
from eximledger_chaincode.lending.claim import Claim, Covered, paid_by_name, prepaid_on
from eximledger_chaincode.lending.collecting.counting import Doubt, counted_of, counting
from eximledger_chaincode.lending.collecting.naming import NamedPaper, ReceiptNaming, Unallocated
from eximledger_chaincode.lending.collecting.tally import plus
from eximledger_chaincode.lending.exact import summed
from eximledger_chaincode.lending.verdict import DocumentName, Finding, Severity, Statement
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.eligibility import claims_in
from eximledger_chaincode.rules.basis.links import links
from eximledger_chaincode.rules.basis.parties import may_be_one
from eximledger_chaincode.rules.basis.wording import Words, beyond, finding, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule

_NON_PERFORMING: Final = 90
"""Days after which a claim that is due and unpaid finances nothing."""
_SHORTEST_NUMBER: Final = 3
"""Letters and digits of a number by which a paper is known among a payer's words; of digits alone one more."""
_DIGITS: Final = "0123456789"
_PLEDGE: Final = "the pledge is on the unpaid claim, PBoC Order 4 [2019]"


@rule("CLAIM-PAID", Severity.REJECT, source=_PLEDGE)
def claim_paid(case: Case) -> Iterator[Finding]:
    """The buyer has paid of a declaration, by a deposit on its invoice or by receipts: less than is asked is open."""
    declared = {record.document.number: record.document for record in case.declarations}
    for item in case.application.document.declarations:
        declaration = declared.get(item.declaration_number)
        if declaration is None or declaration.currency != item.amount.currency:
            continue  # DECL-EXISTS and BALANCE say so
        claim = claims_in(case)[declaration.number]
        if claim.unvalued or item.amount <= claim.open or not (claim.prepaid.amount or claim.collected.amount):
            continue
        paper, paid = titled(declaration), _paid(claim)
        yield finding(
            "CLAIM-PAID", Severity.REJECT, says(declaration, "open claim", claim.open),
            says(case.application.document, f"declarations[{declaration.number}].amount", item.amount),
            *_payments(case, declaration.number),
            en=f"{item.amount} is asked against {paper.en}, of which the buyer owes only {claim.open} ({paid.en}).",
            zh=f"申请占用{paper.zh} 的 {item.amount}，但买方仅欠 {claim.open}（{paid.zh}）。",
        )  # fmt: skip


def _paid(claim: Claim) -> Words:
    """What has made the claim smaller."""
    found = [
        Words(f"{money} {en}", f"{zh} {money}")
        for money, en, zh in (
            (claim.prepaid, "prepaid on the invoice", "发票载明已预付"),
            (claim.credited, "taken back by credit notes", "贷记单冲减"),
            (claim.collected, "received", "已收汇"),
        )
        if money.amount
    ]
    return Words(", ".join(each.en for each in found), "，".join(each.zh for each in found))


def _payments(case: Case, number: str) -> Iterator[Statement]:
    """The deposits and receipts that count against a declaration."""
    covering = [each.invoice for each in links(case).covered if number in each.declarations]
    for invoice in covering:
        prepaid = prepaid_on(invoice)
        if prepaid.amount:
            yield says(invoice, "prepaid", prepaid)
    invoiced = {compared_number(invoice.number) for invoice in covering}
    for naming in case.namings:
        declarations = {paper.number for paper in naming.declarations}
        if number in declarations or not invoiced.isdisjoint(paper.number for paper in naming.invoices):
            yield says(_receipt(case, naming.receipt_id), "amount", naming.amount)


def _receipt(case: Case, receipt_id: str) -> Document | DocumentName:
    """The receipt of the case; its id where the application does not name it."""
    found = (record.document for record in case.receipts if record.id == receipt_id)
    return next(found, DocumentName(kind=FxReceipt.KIND, number=receipt_id))


@rule("RECEIPT-UNALLOCATED", Severity.REFER, source=_PLEDGE)
def receipt_unallocated(case: Case) -> Iterator[Finding]:
    """Received since the export, from the buyer or in a matching amount, naming no invoice or declaration, or giving
    less than all of itself to those that it names, by more than the policy's percentage for receipts; whenever and from
    whom it came, naming the contract, order, credit or bill and not the invoice; or naming an invoice of the case
    without saying whose receipt it is."""
    yield from _whose_unsaid(case)
    exported = min((record.document.dated for record in case.declarations), default=None)
    if exported is None:
        return
    agreed = _agreed_on(case)
    buyers = [*(record.document.buyer for record in case.contracts), *(item.buyer for item in links(case).invoices)]
    buyers += [record.document.consignee for record in case.declarations if record.document.consignee is not None]
    for item in case.unallocated:
        if item.invoice or item.takes_back or _is_small(case, item):
            continue
        by_number = next((agreed[number] for number in item.mentioned if number in agreed), None)
        if item.dated < exported and by_number is None:
            continue
        payer = Party(name=item.payer) if item.payer else None
        from_buyer = any(may_be_one(payer, buyer) for buyer in buyers)
        if by_number is not None or from_buyer or _matches(case, item):
            name = _receipt(case, item.receipt_id)
            paper, why = titled(name), _why(item, by_number, from_buyer=from_buyer)
            names = Words("names neither invoice nor declaration", "未注明发票或报关单")
            if item.whole is not None:
                names = Words(
                    f"is what it leaves of {item.whole} by what it names", f"是 {item.whole} 中未注明用途的部分"
                )
            yield finding(
                "RECEIPT-UNALLOCATED", Severity.REFER, says(name, "amount", item.amount),
                says(name, "payer", item.payer or None), says(name, "value_on", item.dated),
                en=f"{paper.en} of {item.amount} came on {item.dated}, {why.en}, and {names.en}: it may be for this "
                f"export.",
                zh=f"{paper.zh} 于 {item.dated} 收到 {item.amount}，{why.zh}，{names.zh}：可能属于本次出口。",
            )  # fmt: skip


def _is_small(case: Case, item: Unallocated) -> bool:
    """Whether what a receipt leaves is no more than receipts may be short by: a rounding, a charge."""
    if item.whole is None or item.whole.currency != item.amount.currency:
        return False
    return item.amount.amount * 100 <= item.whole.amount * case.tolerances.receipt_short_percent


def _whose_unsaid(case: Case) -> Iterator[Finding]:
    for item in case.unallocated:
        if item.invoice:
            name = _receipt(case, item.receipt_id)
            paper = titled(name)
            yield finding(
                "RECEIPT-UNALLOCATED", Severity.REFER, says(name, "amount", item.amount),
                says(name, "invoice", item.invoice), says(name, "exporter_uscc", None),
                en=f"{paper.en} of {item.amount} names invoice {item.invoice} and not whose receipt it is: it may be "
                f"for this export.",
                zh=f"{paper.zh}（{item.amount}）注明发票 {item.invoice}，但未注明收款企业：可能属于本次出口。",
            )  # fmt: skip


def _agreed_on(case: Case) -> dict[str, str]:
    """What else than invoices and declarations a payer may name: the contracts, orders, credits and bills of the case,
    by their compared numbers. Shorter ones may be any number."""
    numbers: list[str | None] = [record.document.number for record in case.contracts]
    numbers += [record.document.number for record in case.letters_of_credit]
    for invoice in links(case).invoices:
        numbers += [invoice.contract_number, invoice.order_number, *invoice.bill_numbers]
    for bill in (record.document for record in case.transport_documents):
        numbers += [bill.number, bill.carrier_number]
    for declaration in (record.document for record in case.declarations):
        numbers += [declaration.contract_number, declaration.bill_number]
    told = {compared_number(number): number for number in reversed(numbers) if number}
    return {own: number for own, number in told.items() if len(own) >= _SHORTEST_NUMBER + (not own.strip(_DIGITS))}


def _why(item: Unallocated, by_number: str | None, *, from_buyer: bool) -> Words:
    if by_number is not None:
        return Words(f"for {by_number}", f"注明 {by_number}")
    if from_buyer:
        return Words(f"from the buyer {item.payer}", f"付款人为买方 {item.payer}")
    return Words("in an amount that matches", "金额相符")


def _matches(case: Case, item: Unallocated) -> bool:
    """Whether what was credited or ordered is, within the policy's percentage for receipts, the amount of a
    declaration, of an invoice, with or without what was prepaid, or of all of them."""
    came = [item.amount, *([item.ordered] if item.ordered is not None else [])]
    return any(_is_one_of(case, money) for money in came)


def _is_one_of(case: Case, money: Money) -> bool:
    declared = [record.document.total for record in case.declarations]
    invoices = [invoice for invoice in links(case).invoices if not invoice.takes_back]
    invoiced = [invoice.total for invoice in invoices]
    candidates = {
        *_of_currency(declared, money.currency),
        *_of_currency(invoiced, money.currency),
        *_of_currency((invoice.totals.payable for invoice in invoices), money.currency),
        summed(_of_currency(declared, money.currency)),
        summed(_of_currency(invoiced, money.currency)),
    }
    percent = case.tolerances.receipt_short_percent
    return any(amount > 0 and not beyond(money.amount, amount, percent) for amount in candidates)


def _of_currency(amounts: Iterable[Money], currency: str) -> list[Decimal]:
    return [money.amount for money in amounts if money.currency == currency]


@rule("RECEIPT-DOUBTFUL", Severity.REFER, Severity.INFORM, source="ISO 20022 camt.053, entry references; bank practice")
def receipt_doubtful(case: Case) -> Iterator[Finding]:
    """A receipt cannot be told apart from another entry: both were counted; its payer ordered another amount than what
    was credited and charges explain: what was credited counts; or a part of it was taken back. Inform where a debit
    took money back and the receipt that it means is not known: all of that counts; and where a payer gives a part of a
    receipt to papers that are not in the case: that part does not."""
    for naming in case.namings:
        name = _receipt(case, naming.receipt_id)
        paper = titled(name)
        if naming.doubtful:
            yield finding(
                "RECEIPT-DOUBTFUL", Severity.REFER, says(name, "amount", naming.amount),
                en=f"{paper.en} of {naming.amount} cannot be told apart from another entry: both count as received.",
                zh=f"{paper.zh}（{naming.amount}）与另一笔入账无法区分：两笔均计为已收汇。",
            )  # fmt: skip
        found = counted_of(naming.amount, naming.ordered, naming.dated, (), case.rates)
        if naming.ordered is not None and found.doubt is not None:
            why, ordered = _DOUBTS[found.doubt], naming.ordered.amount
            yield finding(
                "RECEIPT-DOUBTFUL", Severity.REFER, says(name, "amount", naming.amount),
                says(name, "instructed_amount", ordered),
                en=f"{paper.en} of {naming.amount} was ordered as {ordered}, {why.en}: {found.amount} counts.",
                zh=f"{paper.zh}（{naming.amount}）的付款指示金额为 {ordered}，{why.zh}：按 {found.amount} 计。",
            )  # fmt: skip
        if naming.returned is not None:
            counts = counting(naming, (), case.rates).amount
            yield finding(
                "RECEIPT-DOUBTFUL", Severity.REFER, says(name, "amount", naming.amount),
                says(name, "returned", naming.returned),
                en=f"{naming.returned} of {paper.en} of {naming.amount} was taken back: {counts} counts as received. "
                f"What was taken back may not be owed any more.",
                zh=f"{paper.zh}（{naming.amount}）中 {naming.returned} 已被退回：按已收汇 {counts} 计，"
                f"退回部分买方可能不再欠付。",
            )  # fmt: skip
    yield from _taken_back(case)
    yield from _given_elsewhere(case)


_DOUBTS: Final = {
    Doubt.LESS: Words("which is worth less than was credited", "折合低于入账金额"),
    Doubt.MORE: Words(
        "which is worth more than was credited, and no charges say why", "折合高于入账金额，且无费用可说明"
    ),
    Doubt.UNKNOWN: Words("of which no quotation tells the worth", "当日无牌价可供折算"),
}


def _taken_back(case: Case) -> Iterator[Finding]:
    """Debits that may have taken back a part of what was received for the case."""
    for item in (each for each in case.unallocated if each.takes_back):
        for naming in (each for each in case.namings if _may_take_back(item, each)):
            debit, name = _receipt(case, item.receipt_id), _receipt(case, naming.receipt_id)
            paper = titled(name)
            yield finding(
                "RECEIPT-DOUBTFUL", Severity.INFORM, says(debit, "amount", item.amount),
                says(debit, "reverses", None), says(name, "amount", naming.amount),
                en=f"A debit of {item.amount} on {item.dated} took money back, and it is not known of which receipt: "
                f"{paper.en} of {naming.amount} counts whole.",
                zh=f"{item.dated} 有一笔 {item.amount} 的借记退款，无法确定对应哪笔收汇："
                f"{paper.zh}（{naming.amount}）仍全额计入。",
            )  # fmt: skip


def _given_elsewhere(case: Case) -> Iterator[Finding]:
    """Receipts that name papers of the case and give a part of themselves, by amount, to others."""
    here = {record.document.number for record in case.declarations}
    here |= {compared_number(invoice.number) for invoice in links(case).invoices}
    for naming in case.namings:
        found = counting(naming, (), case.rates)
        groups = [_amounts_outside(papers, here) for papers in (found.declarations, found.invoices)]
        sums = [reduce(plus, group) for group in groups if group]
        given = max(sums, default=None, key=lambda each: each.amount)
        if given is None or given.amount <= 0:
            continue
        name = _receipt(case, naming.receipt_id)
        paper = titled(name)
        yield finding(
            "RECEIPT-DOUBTFUL", Severity.INFORM, says(name, "amount", naming.amount), says(name, "allocations", given),
            en=f"{paper.en} of {naming.amount} gives {given} to papers that are not in this case: that part does not "
            f"count here.",
            zh=f"{paper.zh}（{naming.amount}）注明其中 {given} 用于本案以外的单据：该部分不计入本案。",
        )  # fmt: skip


def _amounts_outside(papers: Iterable[NamedPaper], here: Collection[str]) -> list[Money]:
    """Of one group of papers, those in the currency of the first."""
    found = [paper.amount for paper in papers if paper.amount is not None and paper.number not in here]
    return [money for money in found if money.currency == found[0].currency]


def _may_take_back(debit: Unallocated, naming: ReceiptNaming) -> bool:
    own = debit.amount.currency == naming.amount.currency and debit.dated >= naming.dated
    return own and debit.amount <= naming.amount


@rule("CLAIM-OVERDUE", Severity.REJECT, Severity.REFER, source="bank practice")
def claim_overdue(case: Case) -> Iterator[Finding]:
    """An invoice is due on the day of decision and unpaid: refer; for over 90 days: reject.

    It is paid when what receipts and credit notes leave open is within the policy's percentage for receipts: of the
    invoice itself, or of all the declarations that it is for.
    """
    paid = paid_by_name([each.invoice for each in links(case).covered], case.namings, case.rates)
    for each in links(case).covered:
        invoice, due = each.invoice, each.invoice.falls_due
        if invoice.takes_back or due is None or due >= case.today or _is_settled(case, each, paid[invoice.id]):
            continue
        paper = titled(invoice)
        yield _overdue(invoice, paper, due, (case.today - due).days)


def _overdue(invoice: CommercialInvoice, paper: Words, due: date, days: int) -> Finding:
    if days > _NON_PERFORMING:
        return finding(
            "CLAIM-OVERDUE", Severity.REJECT, says(invoice, "due_on", due),
            en=f"{paper.en} was due on {due}, {days} days ago, and is not paid.",
            zh=f"{paper.zh} 于 {due} 到期，已逾期 {days} 天，尚未收汇。",
        )  # fmt: skip
    return finding(
        "CLAIM-OVERDUE", Severity.REFER, says(invoice, "due_on", due),
        en=f"{paper.en} was due on {due} and is not paid.",
        zh=f"{paper.zh} 于 {due} 到期，尚未收汇。",
    )  # fmt: skip


def _is_settled(case: Case, covered: Covered, paid: Money) -> bool:
    short = case.tolerances.receipt_short_percent
    due = covered.invoice.total.amount - prepaid_on(covered.invoice).amount
    if (due - paid.amount) * 100 <= short * max(due, Decimal(0)):
        return True
    claims = [claims_in(case)[number] for number in covered.declarations]
    return bool(claims) and all(
        not claim.unvalued and claim.open.amount * 100 <= short * claim.value.amount for claim in claims
    )


@rule("EXPECTED-RECEIPT", Severity.REFER, source="bank practice")
def expected_receipt(case: Case) -> Iterator[Finding]:
    """The applicant expects the receipt more days than policy allows before or after the last invoice falls due by its
    own terms, or else by its contract's."""
    due = [(day, each.invoice) for each in links(case).covered if (day := _due(case, each)) is not None]
    if not due:
        return
    last, invoice = max(due, key=lambda each: (each[0], each[1].id))
    application = case.application.document
    expected, days = application.expected_receipt_on, case.tolerances.expected_receipt_days
    if abs((expected - last).days) > days:
        paper = titled(invoice)
        yield finding(
            "EXPECTED-RECEIPT", Severity.REFER, says(application, "expected_receipt_on", expected),
            says(invoice, "due_on", last),
            en=f"The applicant expects the receipt on {expected}; {paper.en} falls due on {last}, more than {days} "
            f"days apart.",
            zh=f"申请人预计 {expected} 收汇；{paper.zh} 按付款条件于 {last} 到期，相差超过 {days} 天。",
        )  # fmt: skip


def _due(case: Case, covered: Covered) -> date | None:
    """When an invoice falls due; where it does not say, its contract's days after shipment, or after its own date."""
    invoice, contract = covered.invoice, links(case).contract_of(covered.invoice)
    if invoice.takes_back:
        return None
    if invoice.falls_due is not None or contract is None or contract.payment_days is None:
        return invoice.falls_due
    declared = [record.document for record in case.declarations if record.document.number in covered.declarations]
    shipped = [each.bill.on_board_on for item in declared for each in links(case).shipments_of(item)]
    days = [day for day in shipped if day is not None] or [item.dated for item in declared] or [invoice.issued_on]
    try:
        return max(days) + timedelta(days=contract.payment_days)
    except OverflowError:  # beyond the year 9999
        return None
