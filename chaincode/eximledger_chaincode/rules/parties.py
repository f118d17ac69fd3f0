"""Rules on who the parties are: the same on all papers, others than one another, and who really buys and pays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from eximledger_chaincode.documents import (
    CommercialInvoice,
    Document,
    ExportDeclaration,
    Party,
    ReceiptStatus,
    SalesContract,
    compared_name,
)
from eximledger_chaincode.documents.parts.names.comparison import Grade
from eximledger_chaincode.lending.verdict import Finding, Severity
from eximledger_chaincode.rules.basis.case import Case
from eximledger_chaincode.rules.basis.links import Shipment, links
from eximledger_chaincode.rules.basis.parties import Compared, closest, compared, graded, so
from eximledger_chaincode.rules.basis.relations import Side, shared
from eximledger_chaincode.rules.basis.wording import Words, finding, says, titled
from eximledger_chaincode.rules.ruleset.registry import rule

_FATF: Final = "FATF/Egmont, trade-based money laundering, 2021"
_NOBODY: Final = frozenset({"", "no", "n a", "na", "none", "nil", "order", "无", "凭指示", "凭指定", "指示"})
"""What a declaration has for a consignee that is not known (NO), or a bill for whoever holds it."""
_TO_ORDER: Final = re.compile(
    r"\W*(?:to\s+(?:the\s+)?order(?:\s+of)?\b|(?:the\s+)?order\s+of\b|凭指示|凭指定|凭(?=.*指示))\W*", re.IGNORECASE
)
_WHO_SHIPS: Final = frozenset({"shipper", "the shipper", "consignor", "seller", "holder", "bearer", "托运人", "发货人"})
_BANKS: Final = frozenset({"bank", "banco", "banque", "banca", "bankasi", "banka", "sparkasse", "issuing"})


@rule("CON-INV-PARTIES", Severity.REJECT, Severity.REFER, Severity.INFORM, source="UCP 600 art. 18(a)")
def con_inv_parties(case: Case) -> Iterator[Finding]:
    """An invoice names another seller than its contract: reject; another buyer (a nominee), or either with another
    legal form or nearly the same name: refer; spelt otherwise: inform."""
    linked = links(case)
    for invoice in linked.invoices:
        contract = linked.contract_of(invoice)
        if contract is None:
            continue  # PAPERS says so
        for role, zh, mine, theirs, different in (
            ("seller", "卖方", invoice.seller, contract.seller, Severity.REJECT),
            ("buyer", "买方", invoice.buyer, contract.buyer, Severity.REFER),
        ):
            pair = compared(mine, theirs)
            severity = graded(pair, different)
            if severity is not None:
                paper, agreed, end = titled(invoice), titled(contract), so(pair)
                yield finding(
                    "CON-INV-PARTIES", severity, says(invoice, role, pair.left), says(contract, role, pair.right),
                    en=f"The {role} on {paper.en} is {pair.left}; on {agreed.en} it is {pair.right}{end.en}.",
                    zh=f"{paper.zh} 的{zh}为 {pair.left}，{agreed.zh} 的{zh}为 {pair.right}{end.zh}。",
                )  # fmt: skip


@rule("BL-PARTIES", Severity.REFER, Severity.INFORM, source="ISBP 821 E")
def bl_parties(case: Case) -> Iterator[Finding]:
    """The shipper is not the seller, or neither consignee nor notify party is the buyer: refer; spelt otherwise:
    inform.

    A bill to order (also to a bank's order) is in order when it notifies the buyer. Where the contract's buyer is
    named, the invoices' must be nothing but the same as well.
    """
    for shipment in links(case).shipments:
        contract = shipment.contract
        if contract is None:
            continue  # PAPERS says so
        pair = compared(shipment.bill.shipper, contract.seller)
        severity = graded(pair, Severity.REFER)
        if severity is not None:
            paper, end = titled(shipment.bill), so(pair)
            as_ = Words(f"not the seller {pair.right}", f"不是卖方 {pair.right}")
            if pair.grade is not Grade.DIFFERENT:
                as_ = Words(f"the seller {pair.right}{end.en}", f"卖方为 {pair.right}{end.zh}")
            yield finding(
                "BL-PARTIES", severity, says(shipment.bill, "shipper", pair.left),
                says(contract, "seller", pair.right),
                en=f"The shipper on {paper.en} is {pair.left}, {as_.en}.",
                zh=f"{paper.zh} 的托运人为 {pair.left}，{as_.zh}。",
            )  # fmt: skip
        yield from _receivers(case, shipment)


def _receivers(case: Case, shipment: Shipment) -> Iterator[Finding]:
    bill, contract = shipment.bill, shipment.contract
    assert contract is not None  # noqa: S101 - the caller looks
    receivers = [party for party in (bill.consignee, *bill.notify, bill.deliver_to) if party]
    found = closest(receivers, [party for party in (contract.buyer, contract.ship_to) if party])
    if found is None or found.grade is Grade.DIFFERENT:
        names = list(dict.fromkeys(party.name for party in receivers))
        goes = (
            Words(f"goes to {', '.join(names)}", f"的收货人及通知人为 {'、'.join(names)}")
            if names
            else Words("is to order and notifies nobody", "凭指示且未列通知人")
        )
        yield _received(bill, contract, contract.buyer.name, ", ".join(names) or None, goes, Words("", ""))
        return
    if found.grade is not Grade.SAME:
        yield _received_as(bill, contract, found)
    if found.grade is Grade.DOUBTFUL:
        return
    linked = links(case)
    invoices = {each.id: each for item in shipment.declarations for each in linked.export_of(item).invoices}
    for id_ in sorted(invoices):
        pair = closest(receivers, [invoices[id_].buyer])
        if pair is not None and pair.grade is Grade.DOUBTFUL:
            yield _received_as(bill, invoices[id_], pair)


def _received_as(bill: Document, sold: Document, pair: Compared) -> Finding:
    goes = Words(f"goes to {pair.left}", f"的收货人或通知人为 {pair.left}")
    severity = graded(pair, Severity.REFER) or Severity.INFORM
    return _received(bill, sold, pair.right, pair.left, goes, so(pair), severity)


def _received(
    bill: Document, sold: Document, buyer: str, receiver: str | None, goes: Words, end: Words,
    severity: Severity = Severity.REFER,
) -> Finding:  # fmt: skip
    paper, other = titled(bill), titled(sold)
    return finding(
        "BL-PARTIES", severity, says(bill, "consignee", receiver), says(sold, "buyer", buyer),
        en=f"{paper.en} {goes.en}; the buyer on {other.en} is {buyer}{end.en}.",
        zh=f"{paper.zh} {goes.zh}；{other.zh} 的买方为 {buyer}{end.zh}。",
    )  # fmt: skip


@rule("FX-PAYER", Severity.REFER, Severity.INFORM, source="Wolfsberg trade finance principles")
def fx_payer(case: Case) -> Iterator[Finding]:
    """Neither the payer nor the ultimate payer is a buyer of the case: refer; spelt otherwise: inform."""
    buyers = [record.document.buyer for record in case.contracts]
    buyers += [record.document.buyer for record in case.invoices]
    for receipt in (record.document for record in case.receipts):
        payers = [party for party in (receipt.payer, receipt.ultimate_payer) if party is not None]
        if receipt.status is not ReceiptStatus.BOOKED or receipt.reversal:
            continue
        pair = closest(payers, buyers)
        severity = None if pair is None else graded(pair, Severity.REFER)
        if pair is None or severity is None:
            continue
        paper, end, payer = titled(receipt), so(pair), pair.left
        who = Words(f"the buyer is {pair.right}{end.en}", f"买方为 {pair.right}{end.zh}")
        if pair.grade is Grade.DIFFERENT:
            payer, names = payers[0].name, list(dict.fromkeys(buyer.name for buyer in buyers))
            who = Words(f"who is not the buyer ({', '.join(names)})", f"不是买方（{'、'.join(names)}）")
        yield finding(
            "FX-PAYER", severity, says(receipt, "payer", payer),
            en=f"{paper.en} was paid by {payer}, {who.en}.",
            zh=f"{paper.zh} 的付款人 {payer} {who.zh}。" if pair.grade is Grade.DIFFERENT
            else f"{paper.zh} 的付款人为 {payer}，{who.zh}。",
        )  # fmt: skip


@rule("PARTY-RELATED", Severity.REFER, source=_FATF)
def party_related(case: Case) -> Iterator[Finding]:
    """The buyer is the seller by name or number, or shares an address, an account or a representative with it."""
    sellers, buyers = _sides(case)
    told: set[tuple[str, str]] = set()
    for buyer in buyers:
        for seller in sellers:
            for link in shared(case, buyer.party, seller.party):
                if (known := (buyer.party.name, link.field)) in told:
                    continue  # of the same seller on another paper
                told.add(known)
                one, other = titled(buyer.paper), titled(seller.paper)
                yield finding(
                    "PARTY-RELATED", Severity.REFER, says(buyer.paper, f"buyer {link.field}", link.mine),
                    says(seller.paper, f"{seller.role} {link.field}", link.theirs),
                    en=f"The buyer {buyer.party.name} on {one.en} {link.words.en} the seller {seller.party.name} on "
                    f"{other.en}{link.end.en}.",
                    zh=f"{one.zh} 的买方 {buyer.party.name} 与{other.zh} 的卖方 {seller.party.name} "
                    f"{link.words.zh}{link.end.zh}。",
                )  # fmt: skip


def _sides(case: Case) -> tuple[list[Side], list[Side]]:
    """Who sells and who buys, each party once, with the first paper that names it so."""
    contracts, invoices = ([record.document for record in records] for records in (case.contracts, case.invoices))
    papers: list[SalesContract | CommercialInvoice] = [*contracts, *invoices]
    asked = case.application.document
    sellers = [Side(asked, "applicant", asked.applicant), *(Side(paper, "seller", paper.seller) for paper in papers)]
    return _once(sellers), _once([Side(paper, "buyer", paper.buyer) for paper in papers])


def _once(sides: list[Side]) -> list[Side]:
    """The first side of every party."""
    found: list[Side] = []
    for side in sides:
        if all(side.party != other.party for other in found):
            found.append(side)
    return found


@rule("PARTY-CONSIGNEE", Severity.REFER, Severity.INFORM, source=_FATF)
def party_consignee(case: Case) -> Iterator[Finding]:
    """The declared consignee is not the buyer, or the country that customs was told to trade with is not the buyer's:
    refer; spelt otherwise: inform. None, NO and to order (of the shipper or a bank) are no consignee; to the order of
    anybody else is.

    The buyer is that of the declaration's contract, or whom the contract ships to, or of its invoices.
    """
    for declaration in (record.document for record in case.declarations):
        sides = _sold_to(case, declaration)
        if not sides:
            continue  # PAPERS says so
        yield from _declared_to(declaration, sides)
        yield from _traded_with(declaration, sides)


def _sold_to(case: Case, declaration: ExportDeclaration) -> list[Side]:
    linked = links(case)
    contract = linked.contract_of(declaration)
    sides = [] if contract is None else [Side(contract, "buyer", contract.buyer)]
    if contract is not None and contract.ship_to is not None:
        sides.append(Side(contract, "ship_to", contract.ship_to))
    invoices = sorted(linked.export_of(declaration).invoices, key=lambda paper: paper.id)
    return [*sides, *(Side(paper, "buyer", paper.buyer) for paper in invoices)]


def _declared_to(declaration: ExportDeclaration, sides: list[Side]) -> Iterator[Finding]:
    consignee = declaration.consignee
    if consignee is None or _is_nobody(consignee, declaration.consignor):
        return
    consignee = _ordered_by(consignee)
    side, pair = min(
        ((side, compared(consignee, side.party)) for side in sides), key=lambda each: each[1].likeness.order
    )
    severity = graded(pair, Severity.REFER)
    if severity is None:
        return
    export, paper, end = titled(declaration), titled(side.paper), so(pair)
    yield finding(
        "PARTY-CONSIGNEE", severity, says(declaration, "consignee", pair.left),
        says(side.paper, side.role, pair.right),
        en=f"The consignee on {export.en} is {pair.left}; the buyer on {paper.en} is {pair.right}{end.en}.",
        zh=f"{export.zh} 的境外收货人为 {pair.left}，{paper.zh} 的买方为 {pair.right}{end.zh}。",
    )  # fmt: skip


def _is_nobody(party: Party, shipper: Party) -> bool:
    """None, or to the order of nobody who would be named, of who ships, or of a bank, which holds the bill as pledge.
    Of anybody else the order is a consignee."""
    name = compared_name(party.name)
    if name in _NOBODY or _TO_ORDER.match(party.name) is None:
        return name in _NOBODY
    ordered = compared_name(_ordered_by(party).name)
    if ordered in _NOBODY or ordered in _WHO_SHIPS or not _BANKS.isdisjoint(ordered.split()) or "银行" in ordered:
        return True
    return compared(_ordered_by(party), shipper).grade is not Grade.DIFFERENT


def _ordered_by(party: Party) -> Party:
    """Whose order it is to: a party by that name."""
    to_order = _TO_ORDER.match(party.name)
    if to_order is None:
        return party
    name = party.name[to_order.end() :].strip(" ,.:").removesuffix("指示").removesuffix("指定")
    return party.model_copy(update={"name": name})


def _traded_with(declaration: ExportDeclaration, sides: list[Side]) -> Iterator[Finding]:
    trade = declaration.trade_country
    known = [side for side in sides if side.role == "buyer" and side.party.country is not None]
    if trade is None or not known or any(side.party.country == trade for side in known):
        return
    side = known[0]
    export, paper, country = titled(declaration), titled(side.paper), side.party.country
    yield finding(
        "PARTY-CONSIGNEE", Severity.REFER, says(declaration, "trade_country", trade),
        says(side.paper, "buyer country", country),
        en=f"{export.en} names {trade} as the country of trade; the buyer {side.party.name} on {paper.en} is in "
        f"{country}.",
        zh=f"{export.zh} 的贸易国为 {trade}，{paper.zh} 的买方 {side.party.name} 位于 {country}。",
    )  # fmt: skip
