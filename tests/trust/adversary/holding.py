"""Moves of a bank that has a step endorsed, and keeps it: it is ordered later, or never."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from tests.trust.adversary.lending import may_decide, people_of, standing_in
from tests.trust.adversary.life import HOLDING
from tests.trust.adversary.people import Actor
from tests.trust.adversary.world import World

from eximledger_chaincode.lending.steps import Proposal, Step
from hlf_client import Argument, PreparedTransaction
from hlf_client.errors import FabricError
from hlf_client.private import PrivateCall

__all__ = ["HELD_BACK"]


async def hold_back(world: World) -> None:
    """An approval, or a step of two persons, is endorsed, and not ordered yet."""
    if world.chance.random() < 0.3:
        await _hold_back_step(world)
        return
    ready = [loan_id for loan_id in standing_in(world, "checked", "referred") if world.loans[loan_id].shown]
    if not ready:
        return
    loan_id = world.chance.choice(ready)
    known = world.loans[loan_id]
    deciders = [each for each in people_of(world, known.bank) if may_decide(world, each, loan_id)]
    if not deciders:
        return
    version, evidence, _verdict, referring = known.shown[-1]
    overrides = [{"finding": each, "reason": "known"} for each in sorted(referring)]
    actor = world.chance.choice(deciders)
    signed = await _endorsed(world, actor, loan_id, "loans:approve", version, evidence, overrides)
    if signed is not None:
        world.judge.witness(signed.transaction_id, loan_id, world.clock())


async def _hold_back_step(world: World) -> None:
    """A step of two persons; not out of a receipt, of which peers read at the endorsement alone."""
    proposed = {loan_id: world.judge.loans[loan_id].get("proposed") for loan_id in standing_in(world, *HOLDING)}
    waiting = [loan_id for loan_id, said in proposed.items() if said and not said["proposal"].get("receipt")]
    if not waiting:
        return
    loan_id = world.chance.choice(waiting)
    proposal = Proposal.model_validate(world.judge.loans[loan_id]["proposed"]["proposal"])
    checkers = [each for each in people_of(world, world.loans[loan_id].bank) if "checker" in each.roles]
    signed = await _endorsed(world, world.chance.choice(checkers), loan_id, "loans:confirm", proposal.id)
    if signed is not None and proposal.step in {Step.DISBURSEMENT, Step.EXTENSION}:
        world.judge.witness_opening(signed.transaction_id)


async def _endorsed(
    world: World, actor: Actor, loan_id: str, function: str, *arguments: Argument
) -> PreparedTransaction | None:
    ledger, call = world.ledger(actor), PrivateCall.of(loan_id, *arguments)
    world.last.append(f"{actor} has {function} of {loan_id} endorsed and holds it back")
    try:
        proposal = ledger.propose(
            "bank", function, transient=call.transient, endorsing_organizations=[actor.msp_id, "SafeMSP"]
        )
        prepared = await ledger.endorse(proposal.signed(await ledger.sign_content(proposal.content)))
        signed = prepared.signed(await ledger.sign_content(prepared.content))
    except FabricError as error:
        world.note(f"hold back {function}", type(error).__name__, str(error))
        return None
    world.held_back.append((actor, signed, loan_id))
    world.note(f"hold back {function}", "ok")
    return signed


async def let_go(world: World) -> None:
    """What was held back is ordered."""
    if not world.held_back:
        return
    actor, signed, loan_id = world.held_back.pop(world.chance.randrange(len(world.held_back)))
    world.clock.skew = actor.skew
    ledger = world.ledgers[actor.identity]
    world.last.append(f"{actor} has {loan_id}'s transaction ordered that was held back")
    status = await ledger.commit_status(await ledger.order(signed))
    await world.review()
    world.note("let go", "ok" if status.is_valid else str(status.code))


HELD_BACK: Final[dict[Callable[[World], Awaitable[None]], int]] = {hold_back: 3, let_go: 3}
"""How often each is chosen."""
