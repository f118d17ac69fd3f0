"""Moves of loan officers, of policies and of the business day; by those who may and by those who may not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Final

from tests.trust.adversary.claims import CENTS, Unconvertible
from tests.trust.adversary.filing import recent
from tests.trust.adversary.hidden import Json, Violation
from tests.trust.adversary.judge import day_of, items_of
from tests.trust.adversary.people import BANKS, PEOPLE, Actor
from tests.trust.adversary.world import KnownExport, KnownLoan, World
from tests.trust.exports import PRICES, Export, application_of

from eximledger_chaincode.documents import LoanApplication, Money, TolerancePolicy
from eximledger_chaincode.documents.parts.terms import InterestPaid, LoanTerms

__all__ = ["LENDING", "may_decide", "people_of", "standing_in"]

_NOBODY: Final = "0" * 64
_USERS: Final = tuple(person.user for person in PEOPLE)


def people_of(world: World, bank: str) -> list[Actor]:
    return [world.actors[f"{bank}/{user}"] for user in _USERS]


def standing_in(world: World, *states: str) -> list[str]:
    """Loans in these states, the youngest ones more often."""
    found = [id_ for id_ in world.loans if id_ in world.judge.loans and world.judge.loans[id_]["state"] in states]
    return found[-12:]


# -- applying ----------------------------------------------------------------------------------------------------------


async def apply(world: World) -> None:
    """For a new loan, sometimes for what cannot be had."""
    bank, chance = world.chance.choice(BANKS), world.chance
    mine = [each for each in recent(world) if bank in each.banks and not each.is_cancelled]
    if not mine:
        return
    lent = {known.export.number for loan in world.loans.values() for known in loan.exports}
    fresh = [each for each in mine if each.export.number not in lent]
    first = chance.choice(fresh if fresh and chance.random() < 0.6 else mine[-10:])
    chosen = [first, *(each for each in mine if each is not first and each.export.seller == first.export.seller)][
        : chance.choice([1, 1, 2, 3])
    ]
    loan_id = f"A-{world.next_serial()}"
    application = _application(world, loan_id, chosen)
    maker = world.pick(*[f"{bank}/maker"] * 6, f"{bank}/second", *(f"{bank}/{user}" for user in _USERS))
    await _apply(world, maker, bank, application, chosen)


async def amend(world: World) -> None:
    """Apply again for a loan that is not decided; or somebody for another bank's."""
    if not (open_ := standing_in(world, "applied", "checked", "referred", "approved")):
        return
    loan_id = world.chance.choice(open_)
    known = world.loans[loan_id]
    application = _application(world, loan_id, known.exports)
    bank = known.bank if world.chance.random() < 0.85 else world.chance.choice(BANKS)
    await _apply(world, world.chance.choice(people_of(world, bank)), known.bank, application, known.exports)


async def _apply(
    world: World, actor: Actor, bank: str, application: LoanApplication, chosen: list[KnownExport]
) -> None:
    about = f"{application.loan_id} {application.amount} on {[str(item.amount) for item in application.declarations]}"
    applied = await world.call(actor, "apply", lambda desk: desk.apply(application), about=about, several=True)
    if applied and actor.member == bank:  # another bank's loan of the same id is another loan
        known = world.loans.setdefault(application.loan_id, KnownLoan(bank, application, chosen))
        known.application, known.exports = application, chosen


def _application(world: World, loan_id: str, chosen: list[KnownExport]) -> LoanApplication:
    chance = world.chance
    parts: list[tuple[Export, Money]] = []
    worth = Decimal(0)
    for each in chosen:
        asked = Money.of(
            each.amount * chance.choice([2, 5, 10, 15, 20, 30, 40, 60, 100, 130]) // 100 + 1, each.currency
        )
        worth += asked.amount * (Decimal(PRICES.get(each.currency, "100")) / 100)
        parts.append((each.export, asked))
    share = chance.choice([1, 30, 50, 55, 60, 64, 66, 68, 73, 78, 88, 140])
    amount = max(Decimal(1), worth * share / 100).quantize(Decimal("0.01"))
    day = world.today + timedelta(days=chance.choice([0] * 12 + [-2, 2, -9, 30]))
    rate, paid = chance.choice(["0", "4.35", "12", "18.25"]), chance.choice(list(InterestPaid))
    matures = day + timedelta(days=chance.choice([1, 2, 5, 120, 120]))
    terms = LoanTerms(rate_percent=Decimal(rate), interest=paid, day_count=chance.choice([None, 360, 365]))
    made = application_of(loan_id, parts, day, str(amount))
    return made.model_copy(update={"terms": terms, "matures_on": matures, "expected_receipt_on": matures})


# -- checking and deciding ---------------------------------------------------------------------------------------------


async def check(world: World) -> None:
    """Somebody of the bank has a loan checked."""
    if open_ := standing_in(world, "applied", "checked", "referred"):
        fresh = [loan_id for loan_id in open_ if world.judge.loans[loan_id]["state"] == "applied"]
        loan_id = world.chance.choice(fresh or open_)
        await _check(world, loan_id, world.chance.choice(people_of(world, world.loans[loan_id].bank)))


async def _check(world: World, loan_id: str, actor: Actor) -> bool:
    verdict = await world.call(actor, "check", lambda desk: desk.check(loan_id), about=loan_id, several=True)
    if verdict is None:
        return False
    referring = tuple(each.id for each in verdict.findings if each.severity == "refer")
    version = world.judge.loans[loan_id]["version"]
    world.loans[loan_id].shown.append((version, verdict.evidence_hash, str(verdict.verdict), referring))
    world.last.append(f"   {verdict.verdict}: {sorted({each.rule for each in verdict.findings})}")
    return str(verdict.verdict) == "approve"


async def approve(world: World) -> None:
    """Somebody approves what was shown last, or what was shown once, or nothing."""
    shown = [loan_id for loan_id in standing_in(world, "checked", "referred", "approved") if world.loans[loan_id].shown]
    if not shown:
        return
    hopeful = [loan_id for loan_id in shown if world.loans[loan_id].shown[-1][2] != "reject"]
    loan_id = world.chance.choice(hopeful if hopeful and world.chance.random() < 0.8 else shown)
    known = world.loans[loan_id]
    rightful = [each for each in people_of(world, known.bank) if may_decide(world, each, loan_id)]
    actor = world.chance.choice(rightful) if rightful and world.chance.random() < 0.6 else world.anybody()
    version, evidence, _verdict, referring = known.shown[-1]
    if world.chance.random() < 0.15:
        version, evidence, _verdict, referring = world.chance.choice(known.shown)
    if world.chance.random() < 0.05:
        evidence = _NOBODY
    reasons = {} if world.chance.random() < 0.1 else dict.fromkeys(referring, "known and borne")
    must = evidence == known.shown[-1][1] and _must_succeed(world, actor, loan_id)
    approved = await world.call(
        actor, "approve", lambda desk: desk.approve(loan_id, version, evidence, reasons), about=f"{loan_id} v{version}"
    )
    if must and approved is None:
        raise Violation(f"{actor} may approve {loan_id}, its balance and the register allow it, and it is refused")


async def probe(world: World) -> None:
    """A check that says approve; then the other bank does what it likes; then it is approved."""
    candidates = standing_in(world, "applied", "checked", "referred")
    if not candidates:
        return
    loan_id = world.chance.choice(candidates)
    bank = world.loans[loan_id].bank
    if not await _check(world, loan_id, world.actors[f"{bank}/maker"]):
        return
    (other,) = set(BANKS) - {bank}
    for _ in range(world.chance.randint(0, 4)):
        await _interfere(world, other, world.loans[loan_id].exports)
    deciders = [each for each in people_of(world, bank) if may_decide(world, each, loan_id)]
    if not deciders or not _must_succeed(world, actor := world.chance.choice(deciders), loan_id):
        return
    version, evidence, _verdict, _findings = world.loans[loan_id].shown[-1]
    if not await world.call(actor, "approve after others", lambda desk: desk.approve(loan_id, version, evidence)):
        raise Violation(f"{actor} may approve {loan_id}, and what {other} did since the check stopped it")


async def _interfere(world: World, bank: str, exports: list[KnownExport]) -> None:
    """The other bank at work: on its own loans, and on the very declarations, of which it shows no papers."""
    mine = [
        loan_id for loan_id in standing_in(world, "applied", "checked", "referred") if world.loans[loan_id].bank == bank
    ]
    if not mine or world.chance.random() < 0.5:
        each = world.chance.choice(exports)
        asked = Money.of(world.chance.randint(1, max(1, each.amount // 50)), each.currency)
        nothing = dict.fromkeys(("contracts", "invoices", "transport_documents", "packing_lists"), ())
        loan_id = f"A-{world.next_serial()}"
        made = application_of(loan_id, [(each.export, asked)], world.today, "0.01").model_copy(update=nothing)
        await _apply(world, world.actors[f"{bank}/maker"], bank, made, [each])
        mine = [loan_id] if loan_id in world.loans else []
    if not mine:
        return
    loan_id = world.chance.choice(mine)
    await _check(world, loan_id, world.actors[f"{bank}/maker"])
    if not world.loans[loan_id].shown:
        return
    version, evidence, _verdict, referring = world.loans[loan_id].shown[-1]
    reasons = dict.fromkeys(referring, "known")
    actor = world.pick(f"{bank}/checker", f"{bank}/senior")
    await world.call(actor, "approve", lambda desk: desk.approve(loan_id, version, evidence, reasons), about=loan_id)


def may_decide(world: World, actor: Actor, loan_id: str) -> bool:
    judge, record = world.judge, world.judge.loans[loan_id]
    if "checker" not in actor.roles or actor.msp_id != record["bank"]:
        return False
    return not any(actor.is_same(each) for each in judge.barred(record, day_of(world.clock.now + actor.skew)))


def _must_succeed(world: World, actor: Actor, loan_id: str) -> bool:
    """Whether nothing that a bank must bear with stands in the way of this approval."""
    judge, record = world.judge, world.judge.loans[loan_id]
    now = world.clock.now + actor.skew
    shown = world.loans[loan_id].shown
    if record["state"] not in {"checked", "referred"} or not shown or not may_decide(world, actor, loan_id):
        return False
    version, evidence, verdict, _findings = shown[-1]
    checked = record.get("verdict") or {}
    if verdict != "approve" or version != record["version"] or checked.get("evidence_hash") != evidence:
        return False
    day, owner = day_of(now), record["application"]["document"]["applicant"]["uscc"]
    return (
        judge.consents.allow(record["bank"], owner, day)
        and judge.evidence.get(evidence) == judge.standing(record, now)
        and judge.authorities_at.get(evidence) == (judge.authorities, day)
        and judge.day is not None
        and abs(day - judge.day) <= timedelta(days=9)
        and not judge.is_known_paper(record)
        and _is_covered(world, record)
    )


def _is_covered(world: World, record: Json) -> bool:
    """Whether enough is free and eligible, by more than cents."""
    judge, now = world.judge, world.clock.now
    try:
        read = judge.reading(record, now)
        for number, (currency, asked) in items_of(record).items():
            held = judge.held(number)
            held[currency] = held.get(currency, asked * 0) + asked
            if read.claims[number].taken(held) > read.claims[number].amount - CENTS:
                return False
    except (Violation, Unconvertible):
        return False
    amount = Decimal(record["application"]["document"]["amount"]["amount"])
    return bool(amount <= read.eligible * 49 / 50)


async def turn_down(world: World) -> None:
    """Reject, refer or withdraw; by anybody of the bank or of another."""
    if not (open_ := standing_in(world, "checked", "referred", "applied", "approved")):
        return
    loan_id = world.chance.choice(open_)
    bank = world.loans[loan_id].bank
    actor = world.chance.choice(people_of(world, bank)) if world.chance.random() < 0.85 else world.anybody()
    kind = world.chance.choice(["reject", "refer", "refer", "withdraw"])
    await world.call(actor, kind, lambda desk: getattr(desk, kind)(loan_id, "as it is"), about=loan_id)


# -- policies and days -------------------------------------------------------------------------------------------------


async def propose_policy(world: World) -> None:
    """Of the own bank, seldom of another; sometimes under the floors."""
    chance = world.chance
    bank = chance.choice(BANKS)
    actor = chance.choice(people_of(world, bank)) if chance.random() < 0.9 else world.anybody()
    policy = TolerancePolicy(
        bank={"eximbank": "EximbankMSP", "tradebank": "TradebankMSP"}[bank],
        financed_percent=Decimal(chance.choice([70, 75, 80, 80, 85, 90, 96])),
        effective_from=world.today + timedelta(days=chance.choice([-1, 0, 0, 1, 2])),
        presentation_days=chance.choice([21, 21, 30]),
        total_deviation_percent=Decimal(1000),
        drawing_days=chance.choice([0, 1, 3, 30]),
    )
    await world.call(actor, "propose policy", lambda desk: desk.propose_policy(policy), about=policy.financed_percent)


async def confirm_policy(world: World) -> None:
    """The one proposed; by anybody."""
    chance = world.chance
    bank, msp_id = chance.choice([("eximbank", "EximbankMSP"), ("tradebank", "TradebankMSP")])
    proposed = world.judge.books.get(msp_id, {}).get("proposed")
    if not proposed:
        return
    trusted = [each for each in people_of(world, bank) if "policy" in each.roles]
    actor = chance.choice(trusted) if chance.random() < 0.8 else world.anybody()
    await world.call(actor, "confirm policy", lambda desk: desk.confirm_policy(proposed["sha256"]))


async def open_day(world: World) -> None:
    """The same day anew, a day that is past, or a day that somebody else opens."""
    chance = world.chance
    actor = world.actors["safe/officer"] if chance.random() < 0.7 else world.anybody()
    day = world.today + timedelta(days=chance.choice([0, 0, 0, 1, -1, 5]))
    await world.call(actor, "open day", lambda desk: desk.open_day(day), once=True, about=day)


LENDING: Final[dict[Callable[[World], Awaitable[None]], int]] = {
    apply: 10,
    amend: 3,
    check: 9,
    approve: 9,
    probe: 9,
    turn_down: 2,
    propose_policy: 1,
    confirm_policy: 1,
    open_day: 1,
}
"""How often each is chosen."""
