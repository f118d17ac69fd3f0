"""What may be lent against: the open claim on the buyer, and what of it is free.

    open claim = min(FOB value, invoices of it, processing fee) - prepaid on the invoice - credit notes - receipts that
                 name it or its invoice
    free       = open claim - what loans of all banks hold

Neither is ever below zero. The one function for it: peers, rules and desk go by it, so what the desk shows as free is
what a peer holds. All is said in the declaration's currency, at the reference rates of its export date; what was
received at those of the day on which it came. Of what cannot be converted nobody knows what it takes: the claim then is
nothing, and says which quotation is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import localcontext
from fractions import Fraction
from typing import Final, NamedTuple

from eximledger_chaincode.documents import (
    CommercialInvoice,
    DeclarationStatus,
    ExportDeclaration,
    Money,
    Record,
    ReferenceRate,
    Value,
    compared_number,
)
from eximledger_chaincode.documents.parts.base import Day
from eximledger_chaincode.lending.collecting.counting import counting, spread
from eximledger_chaincode.lending.collecting.naming import ReceiptNaming
from eximledger_chaincode.lending.collecting.tally import Collecting, Tally, Unvalued, converted, plus
from eximledger_chaincode.lending.exact import EXACT
from eximledger_chaincode.lending.valuation import counted, less

__all__ = ["Balance", "Claim", "Covered", "Fee", "balance_of", "claims_of", "paid_by_name", "prepaid_on"]


_TAKEN: Final = ("prepaid", "credited", "collected")


class Covered(NamedTuple):
    """An invoice or credit note of the case, and the declarations of the case that it is for, by number."""

    invoice: CommercialInvoice
    declarations: tuple[str, ...]


class Fee(NamedTuple):
    """A contract's fee for processing what the buyer supplies, and the declarations of the case that it is for."""

    amount: Money
    declarations: tuple[str, ...]


class Claim(Value):
    """What of one declaration the buyer still owes, as far as the papers given tell; `open` is never below zero,
    and nothing of a declaration that was cancelled."""

    declaration_number: str
    dated: Day
    """The day of export, at whose reference rates all is said."""
    value: Money
    """FOB."""
    invoiced: Money | None = None
    """None where no invoice of it was given: then the FOB value alone is the claim."""
    prepaid: Money
    credited: Money
    collected: Money
    open: Money
    unvalued: tuple[Unvalued, ...] = ()
    """The quotations for want of which the claim is not known; `open` is nothing then."""


class Balance(Value):
    """One declaration's balance, in its own currency: `free` = `open` - `held`, never below zero."""

    declaration_number: str
    value: Money
    collected: Money
    open: Money
    held: Money
    free: Money
    unvalued: tuple[Unvalued, ...] = ()


def claims_of(
    declarations: Iterable[ExportDeclaration],
    covered: Iterable[Covered],
    namings: Iterable[ReceiptNaming],
    rates: Sequence[Record[ReferenceRate]],
    fees: Iterable[Fee] = (),
) -> dict[str, Claim]:
    """The claims of all declarations of a case, by number. With nothing `covered` (no papers at hand) a claim is the
    FOB value less the receipts that name the declaration. Where the buyer supplies the materials, no more than its
    contract's fee for the processing is claimed (`fees`).

    What names an invoice is spread over the declarations that are given: where others of the invoice are not, all of it
    counts against these. Each `naming` must be of a receipt of the declarations' own exporter. Nothing is raised.
    """
    papers = sorted(covered, key=lambda each: each.invoice.id)
    with localcontext(EXACT):
        tally = Tally(declarations, rates)
        invoices = [each for each in papers if not each.invoice.takes_back]
        for each in invoices:
            tally.spread("invoiced", _gross(each.invoice), each.declarations)
            tally.spread("prepaid", prepaid_on(each.invoice), each.declarations)
        for each in papers:
            if each.invoice.takes_back:
                tally.spread("credited", -each.invoice.claim, _credited(each, invoices) or tally.exports)
        for fee in fees:
            tally.spread("fee", fee.amount, fee.declarations)
        collecting = Collecting(tally, _by_number(invoices))
        for naming in namings:
            collecting.collect(naming)
        return {number: _claim(tally, number) for number in sorted(tally.exports)}


def _claim(tally: Tally, number: str) -> Claim:
    value, invoiced = tally.value_of(number), tally.sum_of("invoiced", number)
    taken = {name: tally.sum_of(name, number) or Money.zero(value.currency) for name in _TAKEN}
    unvalued = tally.unvalued_of(number)
    due = min(each for each in (value, invoiced, tally.sum_of("fee", number)) if each is not None)
    nothing = bool(unvalued) or tally.exports[number].status is DeclarationStatus.CANCELLED
    return Claim(
        declaration_number=number,
        dated=tally.exports[number].dated,
        value=value,
        invoiced=invoiced,
        open=Money.zero(value.currency) if nothing else less(due, taken.values()),
        unvalued=unvalued,
        **taken,
    )


def _gross(invoice: CommercialInvoice) -> Money:
    """What an invoice claims before what was prepaid on it (EN 16931: the payable amount is without it)."""
    totals, none = invoice.totals, Money.zero(invoice.currency)
    stated = totals.payable - (totals.for_third_parties or none) if totals.with_tax is None else totals.with_tax
    prepaid = none if totals.with_tax is not None or totals.prepaid is None else totals.prepaid
    return plus(stated, counted(prepaid.amount, prepaid.currency))


def prepaid_on(invoice: CommercialInvoice) -> Money:
    """What the paper says was paid before it: as stated, or by how much less is payable than is invoiced."""
    totals, none = invoice.totals, Money.zero(invoice.currency)
    stated = (totals.prepaid or none).amount
    if totals.with_tax is not None:
        rounded = EXACT.add(totals.with_tax.amount, (totals.rounding or none).amount)
        due = EXACT.add(rounded, (totals.for_third_parties or none).amount)
        stated = max(stated, EXACT.subtract(due, totals.payable.amount))
    return counted(stated, invoice.currency)


def _credited(note: Covered, invoices: Iterable[Covered]) -> tuple[str, ...]:
    """The declarations of the invoices that a credit note refers to; its own where it refers to none of the case; none
    where it says nothing of the kind."""
    meant = {compared_number(reference.number) for reference in note.invoice.references}
    found = {
        number
        for each in invoices
        if compared_number(each.invoice.number) in meant and each.invoice.seller.uscc == note.invoice.seller.uscc
        for number in each.declarations
    }
    return tuple(sorted(found)) or note.declarations


def _by_number(invoices: Iterable[Covered]) -> Mapping[str, tuple[str, ...]]:
    """The declarations of each invoice by its compared number, as receipts name it."""
    found: dict[str, set[str]] = {}
    for each in invoices:
        found.setdefault(compared_number(each.invoice.number), set()).update(each.declarations)
    return {number: tuple(sorted(declarations)) for number, declarations in found.items()}


def balance_of(claim: Claim, held: Iterable[Money], rates: Sequence[Record[ReferenceRate]] = ()) -> Balance:
    """What is free of a claim of which loans hold `held`.

    What is held in another currency, as of a declaration that was amended, is converted like all else.
    """
    with localcontext(EXACT):
        none = Money.zero(claim.value.currency)
        taken, lacking = none, set(claim.unvalued)
        known = True
        for money in held:
            part, missing = converted(money, none.currency, claim.dated, rates)
            taken = plus(taken, part)
            if missing is not None:
                lacking.add(missing)
                known = False
        return Balance(
            declaration_number=claim.declaration_number,
            value=claim.value,
            collected=claim.collected,
            open=claim.open,
            held=taken,
            free=less(claim.open, (taken,)) if known else none,
            unvalued=tuple(sorted(lacking, key=lambda each: each.order)),
        )


def paid_by_name(
    invoices: Iterable[CommercialInvoice],
    namings: Iterable[ReceiptNaming],
    rates: Sequence[Record[ReferenceRate]] = (),
) -> dict[str, Money]:
    """What receipts in an invoice's own currency that name it have paid of it, by its id.

    Of what a receipt gives to no paper by amount, the invoices that it names without one share by their amounts.
    """
    known = {invoice.id: invoice for invoice in invoices}
    paid = {id_: Money.zero(invoice.currency) for id_, invoice in known.items()}
    currencies = frozenset(invoice.currency for invoice in known.values())
    for naming in (counting(each, currencies, rates) for each in namings):
        left, own = naming.amount, [invoice for invoice in known.values() if invoice.currency == naming.amount.currency]
        said: dict[str, Money] = {}
        for paper in (*naming.declarations, *naming.invoices):
            if paper.amount is not None and paper.amount.currency == left.currency:
                said[paper.number] = plus(said.get(paper.number, Money.zero(left.currency)), paper.amount)
                left = less(left, (paper.amount,))
        named = {paper.number for paper in naming.invoices}
        mine = [invoice for invoice in own if compared_number(invoice.number) in named]
        unsaid = {
            invoice.id: Fraction(_gross(invoice).amount)
            for invoice in mine
            if compared_number(invoice.number) not in said
        }
        parts = spread(left, unsaid) if unsaid else {}
        for invoice in mine:
            part = parts.get(invoice.id) or said[compared_number(invoice.number)]
            paid[invoice.id] = plus(paid[invoice.id], part)
    return paid
