"""Moves of officers with loans that are approved: steps of two persons, and what the day brings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from tests.pledge import met
from tests.trust.adversary.lending import people_of, standing_in
from tests.trust.adversary.life import HOLDING, RUNNING, Life
from tests.trust.adversary.world import World

from eximledger.desk import LoanDesk
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.accounts.offers import OfferedReceipt
from eximledger_chaincode.lending.steps import Exchange, Proposal, Step
from hlf_client.errors import FabricError

__all__ = ["PAYING"]

_NOBODY: Final = "0" * 64
_LIKELY: Final = {
    "approved": [Step.DISBURSEMENT] * 9 + [Step.WITHDRAWAL],
    "disbursed": [Step.REPAYMENT] * 5 + [Step.DISBURSEMENT] * 2 + [Step.EXTENSION] * 2 + [Step.INDEMNITY],
    "overdue": [Step.REPAYMENT] * 3 + [Step.EXTENSION, Step.INDEMNITY, Step.WRITE_OFF],
    "indemnity-sought": [Step.REPAYMENT] * 4 + [Step.WRITE_OFF],
    "written-off": [Step.REPAYMENT],
}


async def propose(world: World) -> None:
    """A payment, an extension, an indemnity, a withdrawal or a write-off; in full, in part, or too much."""
    chance = world.chance
    lent = standing_in(world, *RUNNING) if chance.random() < 0.6 else []
    lent = lent or (standing_in(world, "approved") if chance.random() < 0.8 else [])
    if not (lent := lent or standing_in(world, *HOLDING, "checked")):
        return
    loan_id = chance.choice(lent)
    known, state = world.loans[loan_id], world.judge.loans[loan_id]["state"]
    step = chance.choice(_LIKELY.get(state, list(Step)) if chance.random() < 0.9 else list(Step))
    proposal = await _proposal(world, loan_id, step)
    if proposal is None:
        return
    actor = chance.choice(people_of(world, known.bank)) if chance.random() < 0.9 else world.anybody()
    made = await world.call(
        actor,
        f"propose {step}",
        lambda desk: desk.propose(loan_id, proposal),
        several=step is Step.CONVERSION,
        about=loan_id,
    )
    if made is not None and chance.random() < 0.6:
        await _confirm(world, loan_id)


async def _proposal(world: World, loan_id: str, step: Step) -> Proposal | None:
    chance = world.chance
    if step in {Step.WITHDRAWAL, Step.WRITE_OFF}:
        return Proposal(step=step, reason=f"as agreed {chance.randrange(3)}")
    life = world.judge.lives.get(loan_id)
    if step is Step.EXTENSION:
        until = (life.matures if life else world.today) + timedelta(days=chance.choice([-1, 0, 1, 3, 40]))
        overrides = await _referring(world, loan_id) if chance.random() < 0.8 else []
        rate = chance.choice([None, None, Decimal("3.65"), Decimal("9.9")])
        return Proposal.model_validate(
            {"step": step, "matures_on": until, "reason": "later", "rate_percent": rate, "overrides": overrides}
        )
    if step is Step.CONVERSION:  # no loan here is a packing loan: all are refused
        named = [each.model_dump() for each in world.loans[loan_id].application.declarations]
        bill = {"declarations": named, "expected_receipt_on": world.today + timedelta(days=60)}
        return Proposal.model_validate({"step": step, "bill": bill, "conditions": met(step)})
    day = world.today + timedelta(days=chance.choice([0, 0, 0, 0, 1, -1, -8]))
    if step is Step.REPAYMENT and life is not None and chance.random() < 0.4:
        return await _out_of_receipt(world, loan_id, life)
    whole = world.loans[loan_id].application.amount.amount
    if life is not None:
        whole = _decimal(life.approved - life.drawn if step is Step.DISBURSEMENT else life.owed(day)) or whole
    amount = (whole * chance.choice([100, 100, 100, 50, 30, 110]) / 100).quantize(Decimal("0.01"))
    said: dict[str, object] = {
        "step": step, "amount": Money.of(max(amount, Decimal("0.01")), "CNY"), "day": day,
        "reference": f"P-{loan_id}-{chance.randrange(6)}",
    }  # fmt: skip
    if step is Step.DISBURSEMENT and chance.random() < 0.9:
        said["conditions"] = met(step)
    if step is Step.INDEMNITY:
        said["insurer"] = "Sinosure"
    if step is Step.REPAYMENT and chance.random() < 0.25:
        said["source"] = "insurer"
    return Proposal.model_validate(said)


async def _referring(world: World, loan_id: str) -> list[dict[str, str]]:
    """What referred the loan when it was looked at last, set aside."""
    known = world.loans[loan_id].shown
    return [{"finding": each, "reason": "known and borne"} for each in (known[-1][3] if known else ())]


async def _out_of_receipt(world: World, loan_id: str, life: Life) -> Proposal | None:
    """What of a receipt that is offered is left, or more than that; sometimes of a receipt of another loan's."""
    chance, offers = world.chance, list[OfferedReceipt]()
    bank = world.loans[loan_id].bank
    asked = loan_id if chance.random() < 0.9 else chance.choice(list(world.loans))
    with suppress(FabricError):
        offers = await LoanDesk(world.ledgers[f"{bank}/maker"]).offered(asked)
    if not offers:
        return None
    offer = chance.choice(offers)
    sold = (offer.amount.amount * chance.choice([100, 60, 30, 10, 105]) / 100).quantize(Decimal("0.01"))
    rate = Decimal(1) if offer.amount.currency == "CNY" else Decimal(chance.choice(["7.1", "0.9137", "7.8125"]))
    owed = _decimal(life.owed(world.today))
    if chance.random() < 0.8:  # what is owed at most
        sold = min(sold, (owed / rate).quantize(Decimal("0.01"), "ROUND_DOWN"))
    amount = (sold * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if amount <= 0:
        return None
    said: dict[str, object] = {
        "step": Step.REPAYMENT, "amount": Money.of(amount, "CNY"), "day": world.today, "receipt": offer.receipt_id,
        "reference": f"R-{loan_id}-{chance.randrange(9)}",
    }  # fmt: skip
    if offer.amount.currency != "CNY":
        money = Money(amount=sold, currency=offer.amount.currency)
        said["exchange"] = Exchange(money=money, base=money.currency, rate=rate)
    return Proposal.model_validate(said)


def _decimal(amount: Fraction) -> Decimal:
    return (Decimal(amount.numerator) / Decimal(amount.denominator)).quantize(Decimal("0.01"))


async def confirm(world: World) -> None:
    """What was proposed, or something else."""
    chance = world.chance
    waiting = [id_ for id_ in standing_in(world, *HOLDING) if world.judge.loans[id_].get("proposed")]
    if not waiting:
        return
    await _confirm(world, chance.choice(waiting))


async def _confirm(world: World, loan_id: str) -> None:
    chance = world.chance
    if not world.judge.loans[loan_id].get("proposed"):  # another bank's proposal was for a loan of its own
        return
    proposal = Proposal.model_validate(world.judge.loans[loan_id]["proposed"]["proposal"])
    bank = world.loans[loan_id].bank
    checkers = [each for each in people_of(world, bank) if "checker" in each.roles]
    actor = chance.choice(checkers) if chance.random() < 0.85 else world.anybody()
    id_ = proposal.id if chance.random() < 0.93 else _NOBODY
    await world.call(actor, f"confirm {proposal.step}", lambda desk: desk.confirm(loan_id, id_), about=loan_id)


async def by_day(world: World) -> None:
    """Somebody notes that a loan lapsed, or that it is overdue; rightly or not."""
    chance = world.chance
    function, states = chance.choice([("lapse", ("approved",)), ("mark_overdue", ("disbursed",))])
    if not (lent := standing_in(world, *(states if chance.random() < 0.9 else tuple(HOLDING)))):
        return
    loan_id = chance.choice(lent)
    bank = world.loans[loan_id].bank
    actor = chance.choice(people_of(world, bank)) if chance.random() < 0.85 else world.anybody()
    looks_up = function == "lapse"  # the loan's papers, in a transaction of its own
    await world.call(actor, function, lambda desk: getattr(desk, function)(loan_id), several=looks_up, about=loan_id)


PAYING: Final[dict[Callable[[World], Awaitable[None]], int]] = {propose: 11, confirm: 11, by_day: 3}
"""How often each is chosen."""
