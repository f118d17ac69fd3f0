"""Rules on how much was shipped: weights, packages, quantities packed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from eximledger_chaincode.documents import (
    CommercialInvoice,
    DeclarationLine,
    ExportDeclaration,
    PackingLine,
    PackingList,
    TransportDocument,
)
from eximledger_chaincode.lending.exact import summed
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.goods import Goods, base_unit, compared, counted
from eximledger_chaincode.rules.basis.links import Links, links
from eximledger_chaincode.rules.basis.wording import Words, beyond, called, finding, plain, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule

_Weighed: TypeAlias = TransportDocument | ExportDeclaration | PackingList


class _Measure(NamedTuple):
    """What papers state of the same goods, by its field and in words."""

    field: str
    words: Words


_MEASURES: Final = (
    _Measure("gross_weight_kg", Words("gross weight in kg", "毛重（千克）")),
    _Measure("net_weight_kg", Words("net weight in kg", "净重（千克）")),
    _Measure("packages", Words("number of packages", "件数")),
)


class _Packed:
    """Which packing lists are of which declarations: looked up, for a case may have hundreds of either."""

    def __init__(self, linked: Links, case: Case) -> None:
        self._exports: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = {}
        """By a declaration's number, its exports: the numbers of all their declarations, the ids of their invoices."""
        self._undeclared: frozenset[str] = frozenset()
        for export in linked.exports:
            numbers = frozenset(declaration.number for declaration in export.declarations)
            invoices = frozenset(invoice.id for invoice in export.invoices)
            for number in numbers:
                self._exports.setdefault(number, []).append((numbers, invoices))
            if not numbers:
                self._undeclared |= invoices
        self._lists: dict[str, list[tuple[int, PackingList, frozenset[str]]]] = {}
        """By an invoice's id, the lists that pack it: their place in the case, and the ids of all that they pack."""
        for place, record in enumerate(case.packing_lists):
            ids = frozenset(invoice.id for invoice in linked.invoices_of(record.document))
            for id_ in ids:
                self._lists.setdefault(id_, []).append((place, record.document, ids))

    def lists_for(self, declarations: Iterable[ExportDeclaration]) -> tuple[PackingList, ...]:
        """The packing lists of an export, where its invoices and theirs are exactly the declarations given."""
        numbers = {declaration.number for declaration in declarations}
        invoices = set(self._undeclared)
        for number in numbers:
            for of_export, its_invoices in self._exports.get(number, ()):
                if numbers.issuperset(of_export):
                    invoices |= its_invoices
        found = {
            place: paper
            for id_ in invoices
            for place, paper, packed in self._lists.get(id_, ())
            if invoices.issuperset(packed)
        }
        return tuple(found[place] for place in sorted(found))


def _sum(values: Sequence[Decimal | None]) -> Decimal | None:
    """None where there is nothing to sum, or a part of it is not stated."""
    stated = [value for value in values if value is not None]
    return summed(stated) if stated and len(stated) == len(values) else None


def _stated(papers: Sequence[_Weighed], measure: _Measure) -> Decimal | None:
    """The sum; None where there is no paper, or one that does not state it."""
    return _sum([_value(paper, measure) for paper in papers])


def _value(paper: _Weighed, measure: _Measure) -> Decimal | None:
    value: Decimal | int | None = getattr(paper, measure.field)
    return None if value is None else Decimal(value)


@rule("BL-WEIGHT", Severity.REFER, source="ISBP 821")
def bl_weight(case: Case) -> Iterator[Finding]:
    """Gross weight, net weight or packages differ between bill, declarations and packing lists beyond the policy's
    percentage; so does a net weight from a quantity that is itself a weight, or it is above the gross weight.

    Goods of one declaration may be on several bills: no single one has to weigh the same then.
    """
    linked = links(case)
    packed = _Packed(linked, case)
    for shipment in linked.shipments:
        bill, declarations = shipment.bill, shipment.declarations
        if all(len(linked.shipments_of(item)) == 1 for item in declarations):
            lists = packed.lists_for(declarations)
            for measure in _MEASURES:
                yield from _differ(case, (bill,), declarations, measure)
                yield from _differ(case, (bill,), lists, measure)
    for export in linked.exports:
        lists = packed.lists_for(export.declarations)
        bills = {each.bill.id: each.bill for item in export.declarations for each in linked.shipments_of(item)}
        for measure in _MEASURES:
            if all(_value(bill, measure) is None for bill in bills.values()):  # else the bill says so
                yield from _differ(case, export.declarations, lists, measure)
    yield from _within_papers(case)


def _differ(case: Case, papers: Sequence[_Weighed], others: Sequence[_Weighed], measure: _Measure) -> Iterator[Finding]:
    mine, theirs = _stated(papers, measure), _stated(others, measure)
    if mine is not None and theirs is not None and beyond(theirs, mine, case.tolerances.weight_percent):
        ours, other, words = called(papers), called(others), measure.words
        yield finding(
            "BL-WEIGHT", Severity.REFER, *(says(paper, measure.field, mine) for paper in papers),
            *(says(paper, measure.field, theirs) for paper in others),
            en=f"The {words.en} is {plain(mine)} on {ours.en} and {plain(theirs)} on {other.en}.",
            zh=f"{words.zh}：{ours.zh} 为 {plain(mine)}，{other.zh} 为 {plain(theirs)}。",
        )  # fmt: skip


def _within_papers(case: Case) -> Iterator[Finding]:
    """What one paper says of its goods' weight twice. That a declaration's net weight is above its gross weight is for
    DECL-MATH to say."""
    for declaration in (record.document for record in case.declarations):
        yield from _sold_by_weight(case, declaration, [_mass_declared(line) for line in declaration.lines])
    for packing in (record.document for record in case.packing_lists):
        yield from _sold_by_weight(case, packing, [_mass_packed(line) for line in packing.lines])
        yield from _heavier_than_gross(packing)
    for bill in (record.document for record in case.transport_documents):
        yield from _heavier_than_gross(bill)


def _sold_by_weight(
    case: Case, paper: ExportDeclaration | PackingList, masses: Sequence[Decimal | None]
) -> Iterator[Finding]:
    """The quantities of a paper's lines against its net weight, where all of them are weights."""
    mass, net, name = _sum(masses), paper.net_weight_kg, titled(paper)
    if mass is not None and net is not None and beyond(mass, net, case.tolerances.weight_percent):
        yield finding(
            "BL-WEIGHT", Severity.REFER, says(paper, "net_weight_kg", net), says(paper, "quantity", mass),
            en=f"{name.en} has a net weight of {plain(net)} kg and quantities of {plain(mass)} kg.",
            zh=f"{name.zh} 的净重为 {plain(net)} 千克，数量合计为 {plain(mass)} 千克。",
        )  # fmt: skip


def _mass_declared(line: DeclarationLine) -> Decimal | None:
    """A declared line in kilograms: in the unit of the deal, else in one that the tariff asks for."""
    amounts = ((line.quantity, line.unit), *((each.quantity, each.unit) for each in line.legal_quantities))
    return next((mass for quantity, unit in amounts if (mass := _mass(quantity, unit)) is not None), None)


def _mass_packed(line: PackingLine) -> Decimal | None:
    by_quantity = None if line.quantity is None or line.unit is None else _mass(line.quantity, line.unit)
    return line.net_weight_kg if by_quantity is None else by_quantity


def _mass(quantity: Decimal, unit: str) -> Decimal | None:
    factor, base = base_unit(unit)
    return quantity * factor if base == "KGM" else None


def _heavier_than_gross(paper: TransportDocument | PackingList) -> Iterator[Finding]:
    net, gross, name = paper.net_weight_kg, paper.gross_weight_kg, titled(paper)
    if net is not None and gross is not None and net > gross:
        yield finding(
            "BL-WEIGHT", Severity.REFER, says(paper, "net_weight_kg", net), says(paper, "gross_weight_kg", gross),
            en=f"{name.en} has a net weight of {plain(net)} kg, above its gross weight of {plain(gross)} kg.",
            zh=f"{name.zh} 的净重 {plain(net)} 千克大于毛重 {plain(gross)} 千克。",
        )  # fmt: skip


@rule("PL-INV-QTY", Severity.REFER, source="ISBP 821 M")
def pl_inv_quantity(case: Case) -> Iterator[Finding]:
    """Packed and invoiced quantities differ, by HS code where all lines carry one, else by unit.

    All packing lists of the same invoices count together, since partial packing lists are usual.
    """
    groups: dict[tuple[str, ...], tuple[list[PackingList], tuple[CommercialInvoice, ...]]] = {}
    for packing in (record.document for record in case.packing_lists):
        invoices = links(case).invoices_of(packing)
        if invoices:
            groups.setdefault(tuple(item.id for item in invoices), ([], invoices))[0].append(packing)
    for lists, invoices in groups.values():
        packed = counted(Goods(line.hs_code, line.quantity, line.unit) for item in lists for line in item.lines)
        billed = counted(Goods(line.hs_code, line.quantity, line.unit) for item in invoices for line in item.lines)
        if not packed or not billed:
            continue
        for goods in compared(packed, billed):
            if goods.ours != goods.theirs:
                ours, theirs = called(lists), called(invoices)
                yield finding(
                    "PL-INV-QTY", Severity.REFER,
                    *(says(item, f"quantity, {goods.words.en}", goods.ours) for item in lists),
                    *(says(item, f"quantity, {goods.words.en}", goods.theirs) for item in invoices),
                    en=f"{ours.en} and {theirs.en} differ in quantity ({goods.words.en}): {plain(goods.ours)} packed, "
                    f"{plain(goods.theirs)} invoiced.",
                    zh=f"{ours.zh} 与{theirs.zh} 数量不符（{goods.words.zh}）：装箱 {plain(goods.ours)}，"
                    f"发票 {plain(goods.theirs)}。",
                )  # fmt: skip
