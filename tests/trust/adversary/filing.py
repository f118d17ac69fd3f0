"""Moves of customs, SAFE and the banks' clerks: declarations, receipts, rates, classes, papers; and of who may not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Final

from tests.trust.adversary.hidden import canonical
from tests.trust.adversary.people import BANKS
from tests.trust.adversary.world import CURRENCIES, KnownExport, World
from tests.trust.consent import require_authority
from tests.trust.exports import Export, classification, rates_on

from eximledger.desk import LoanDesk
from eximledger.testing import signed_authorisation
from eximledger_chaincode.documents import (
    Allocation,
    CommercialInvoice,
    DeclarationStatus,
    Document,
    EnterpriseClass,
    ExportDeclaration,
    FxReceipt,
    Money,
    ReceiptStatus,
    Reference,
    TolerancePolicy,
)

__all__ = ["AGE", "EXPORTERS", "FILING", "authorise", "begin", "new_day", "recent"]

EXPORTERS: Final = 6
AGE: Final = timedelta(days=6)
"""How old an export is at most when the players still think of it."""
_TRUSTED: Final = 0.8
"""Of exporters and banks; the others come to it later."""
_VOTERS: Final = ("eximbank/admin", "tradebank/admin", "safe/officer", "customs/officer")
_ACCOUNT: Final = "5200111000222"


async def begin(world: World) -> None:
    """What every case reads, and some exports."""
    safe = world.actors["safe/officer"]
    day = world.today
    rates = [rate for back in range(26) for rate in rates_on(day - timedelta(days=back))]
    classes = [classification(world.party(number)) for number in range(EXPORTERS)]
    await world.call(safe, "open day", lambda desk: desk.open_day(day), once=True)
    await world.call(safe, "file rates", lambda desk: desk.file(world.remember(rates)))
    await world.call(safe, "file class", lambda desk: desk.file(world.remember(classes)))
    await require_authority([LoanDesk(world.ledgers[person]) for person in _VOTERS])
    for bank in BANKS:
        await _policy(world, bank)
        for number in range(EXPORTERS):
            if world.chance.random() < _TRUSTED:
                await authorise(world, bank, number)
    for _ in range(4):
        await declare(world)
        await file_papers(world)


async def authorise(world: World, bank: str, number: int) -> None:
    """An exporter lets a bank read; one whom another bank's clerk files it for is another's."""
    exporter, maker = world.uscc(number), world.actors[f"{bank}/maker"]
    signed = signed_authorisation(exporter, maker.msp_id, world.today, number=f"AU-{world.next_serial()}")
    world.judge.consents.signed.add(canonical(signed.paper.model_dump(mode="json")))
    if await world.call(maker, "authorise", lambda desk: desk.authorise(signed), about=exporter):
        world.given[bank, exporter] = signed


async def _policy(world: World, bank: str) -> None:
    """One that does not refer every loan because little was received yet."""
    admin, risk = world.actors[f"{bank}/admin"], world.actors[f"{bank}/risk"]
    policy = TolerancePolicy(bank=admin.msp_id, total_deviation_percent=Decimal(1000), effective_from=world.today)
    book = await world.call(admin, "propose policy", lambda desk: desk.propose_policy(policy))
    if book is not None and (proposed := book.proposed) is not None:
        await world.call(risk, "confirm policy", lambda desk: desk.confirm_policy(proposed.sha256))


async def new_day(world: World) -> None:
    """Time goes on, and SAFE opens the day and quotes its rates."""
    world.clock.now += timedelta(hours=world.chance.randint(8, 20))
    safe, day = world.actors["safe/officer"], world.today
    if world.chance.random() < 0.9:
        await world.call(safe, "open day", lambda desk: desk.open_day(day), once=True)
    moved = world.chance.randint(-300, 300)
    await world.call(safe, "file rates", lambda desk: desk.file(world.remember(rates_on(day, moved))))


def recent(world: World) -> list[KnownExport]:
    return [each for each in world.exports if world.today - each.export.day <= AGE]


# -- customs -----------------------------------------------------------------------------------------------------------


async def declare(world: World) -> None:
    """A new export."""
    chance = world.chance
    seller = world.party(chance.randrange(EXPORTERS))
    export = Export(world.next_serial(), seller, world.today, chance.choice(CURRENCIES))
    declaration = world.remember([export.declaration])
    if await world.call(
        world.actors["customs/officer"], "declare", lambda desk: desk.file(declaration), about=export.number
    ):
        world.exports.append(KnownExport(export, export.currency, int(export.total.amount)))


async def amend_declaration(world: World) -> None:
    """Another amount, another currency, cancelled, or a step back, which is refused."""
    if not (known := recent(world)):
        return
    each, kind = world.chance.choice(known), world.chance.random()
    amount, currency, status = each.amount, each.currency, DeclarationStatus.SETTLED
    if kind < 0.55:
        amount = max(1, int(amount * world.chance.choice([0.4, 0.997, 0.998, 0.999, 1.001, 1.002, 1.3])))
    elif kind < 0.7:
        currency = world.chance.choice(CURRENCIES)
    elif kind < 0.85:
        status = DeclarationStatus.CANCELLED
    else:
        status = world.chance.choice([DeclarationStatus.DECLARED, DeclarationStatus.AMENDED])
    made = each.export.declaration
    total = Money.of(amount, currency)
    priced = {"amount": total, "unit_price": None}
    lines = tuple(line.model_copy(update=priced) for line in made.lines)
    amended: ExportDeclaration = made.model_copy(update={"status": status, "lines": lines, "total": total})
    name = f"amend declaration: {status}"
    documents = world.remember([amended])
    if await world.call(
        world.actors["customs/officer"], name, lambda desk: desk.file(documents), about=f"{made.number} {total}"
    ):
        each.amount, each.currency = amount, currency
        each.is_cancelled |= status is DeclarationStatus.CANCELLED


# -- SAFE --------------------------------------------------------------------------------------------------------------


async def receive(world: World) -> None:
    """A credit: that names declarations, or an invoice, or nothing; announced or booked."""
    chance = world.chance
    if not (known := recent(world)):
        return
    each = chance.choice(known)
    currency = each.currency if chance.random() < 0.8 else chance.choice(CURRENCIES)
    amount = Money.of(Decimal(chance.randint(1, 40) * each.amount // 100 + 1), currency)
    said: dict[str, object] = {}
    names = chance.random()
    if names < 0.5:
        said["allocations"] = (Allocation(declaration_number=each.export.number, amount=amount),)
    elif names < 0.8:
        said["references"] = (Reference(kind="invoice", number=f"INV-{each.export.serial}"),)
    elif names < 0.9:
        said["remittance"] = (f"INV-{each.export.serial}",)
    receipt = FxReceipt.model_validate(
        {
            "reference": f"CR{world.next_serial():08}-{chance.randrange(10**6)}", "account": _ACCOUNT, "amount": amount,
            "exporter_uscc": each.export.seller.uscc if chance.random() < 0.85 else None,
            "status": ReceiptStatus.PENDING if chance.random() < 0.25 else ReceiptStatus.BOOKED,
            "booked_on": world.today, "value_on": world.today, **said,
        }
    )  # fmt: skip
    if await _report(world, "receive", receipt):
        each.credits.append(receipt.model_dump(mode="json"))


async def report_again(world: World) -> None:
    """A credit that was reported before: booked now, once more, or announced after it was booked."""
    if (found := _reported(world)) is None:
        return
    status = world.chance.choice(["booked", "booked", "pending"])
    again = FxReceipt.model_validate(found[1] | {"status": status})
    await _report(world, f"report again: {status}", again)


async def reverse(world: World) -> None:
    """The bank takes a credit back."""
    if (found := _reported(world)) is None:
        return
    each, receipt = found
    taken = FxReceipt.model_validate(
        {
            "reference": f"RV{world.chance.randrange(10**9):010}", "account": receipt["account"],
            "amount": receipt["amount"], "exporter_uscc": receipt["exporter_uscc"], "booked_on": world.today,
            "value_on": world.today, "reverses": (receipt["reference"],),
        }
    )  # fmt: skip
    if await _report(world, "reverse", taken):
        each.credits.remove(receipt)


def _reported(world: World) -> tuple[KnownExport, dict[str, object]] | None:
    found = [(each, credit) for each in recent(world) for credit in each.credits]
    return world.chance.choice(found) if found else None


async def _report(world: World, name: str, receipt: FxReceipt) -> bool:
    documents = world.remember([receipt])
    safe = world.actors["safe/officer"]
    about = f"{receipt.reference} {receipt.amount}"
    return bool(await world.call(safe, name, lambda desk: desk.file(documents), about=about))


async def classify(world: World) -> None:
    """Another class, mostly A."""
    grade = world.chance.choices(list(EnterpriseClass), [8, 1, 1])[0]
    party = world.party(world.chance.randrange(EXPORTERS))
    documents = world.remember([classification(party, grade)])
    await world.call(world.actors["safe/officer"], "file class", lambda desk: desk.file(documents), about=grade)


async def quote(world: World) -> None:
    """A rate of some day of late, corrected."""
    day = world.today - timedelta(days=world.chance.randint(0, 20))
    rate = world.chance.choice(rates_on(day, world.chance.randint(-2000, 2000)))
    documents = world.remember([rate])
    await world.call(world.actors["safe/officer"], "correct rate", lambda desk: desk.file(documents), about=rate.id)


# -- banks -------------------------------------------------------------------------------------------------------------


async def file_papers(world: World) -> None:
    """A bank's clerk files the papers of an export; another bank may have them, too."""
    bank = world.chance.choice(BANKS)
    lacking = [each for each in recent(world) if bank not in each.banks]
    lacking = [each for each in lacking if not each.banks or world.chance.random() < 0.08]
    if not lacking:
        return
    each = world.chance.choice(lacking)
    clerk = world.pick(*[f"{bank}/maker"] * 6, f"{bank}/second", f"{bank}/checker", f"{bank}/allround")
    papers = [_invoiced(each, paper) for paper in each.export.papers]
    documents = world.remember(papers)
    if await world.call(clerk, "file papers", lambda desk: desk.file(documents), several=True):
        each.banks.add(bank)


async def amend_paper(world: World) -> None:
    """An invoice is filed anew: with a deposit, or with a remark."""
    bank = world.chance.choice(BANKS)
    if not (mine := [each for each in recent(world) if bank in each.banks]):
        return
    each = world.chance.choice(mine)
    if world.chance.random() < 0.5:
        each.prepaid = world.chance.randint(1, 60) * each.amount // 100
    invoice = next(paper for paper in each.export.papers if paper.KIND == "invoice")
    noted = _invoiced(each, invoice).model_copy(update={"notes": (f"note {world.chance.randrange(9)}",)})
    documents = world.remember([noted])
    clerk = world.pick(f"{bank}/maker", f"{bank}/second")
    await world.call(clerk, "amend invoice", lambda desk: desk.file(documents), about=each.export.serial)


def _invoiced(each: KnownExport, paper: Document) -> Document:
    """An invoice with the deposit that was paid on it: so much less is payable."""
    if not isinstance(paper, CommercialInvoice) or not each.prepaid:
        return paper
    total = each.export.total
    prepaid = Money.of(min(each.prepaid, int(total.amount) - 1), total.currency)
    totals = paper.totals.model_copy(update={"payable": total - prepaid, "prepaid": prepaid, "with_tax": total})
    return paper.model_copy(update={"totals": totals})


async def trespass(world: World) -> None:
    """Somebody files what another role files, or the paper of another bank."""
    if not (known := recent(world)):
        return
    each = world.chance.choice(known)
    export = each.export
    document = world.chance.choice([export.declaration, *export.papers, rates_on(world.today)[0]])
    writer = {"declaration": "customs", "rate": "safe"}.get(document.KIND)
    strangers = [
        actor for actor in world.actors.values() if (actor.member != writer if writer else actor.member not in BANKS)
    ]
    actor, documents = world.chance.choice(strangers), world.remember([document])
    await world.call(actor, f"trespass: {document.KIND}", lambda desk: desk.file(documents))


FILING: Final[dict[Callable[[World], Awaitable[None]], int]] = {
    declare: 6,
    amend_declaration: 2,
    receive: 5,
    report_again: 2,
    reverse: 1,
    classify: 1,
    quote: 1,
    file_papers: 8,
    amend_paper: 2,
    trespass: 2,
}
"""How often each is chosen."""
