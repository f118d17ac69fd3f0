"""Moves of those who want to know, or to change, what is not theirs: pulling, looking up, asking, forging."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from tests.trust.adversary.filing import EXPORTERS, authorise, recent
from tests.trust.adversary.hidden import Violation
from tests.trust.adversary.people import BANKS, Actor
from tests.trust.adversary.world import World
from tests.trust.forgery.scene import Parts

from eximledger.desk import LoanDesk
from eximledger.testing import signed_authorisation, signed_revocation
from hlf_client.errors import FabricError
from hlf_client.private import PrivateCall, submit_private

__all__ = ["HOSTILE"]

_MSPS: Final = {"eximbank": "EximbankMSP", "tradebank": "TradebankMSP"}
_COLLUDING: Final = (("eximbank",), ("tradebank",), ("eximbank", "tradebank"), ("customs",), ("customs", "eximbank"))
"""Members whose peers sign what they are told, and together make no policy of the bank channel's true. SAFE's with a
bank's do: docs/security-model.md says so."""


async def consent(world: World) -> None:
    """An exporter lets a bank read, takes that back, or is said to by a bank that has changed what another one got."""
    chance = world.chance
    bank, number = chance.choice(BANKS), chance.randrange(EXPORTERS)
    exporter, kind = world.uscc(number), chance.random()
    given = world.given.get((bank, exporter))
    if given is None and kind < 0.8:
        await authorise(world, bank, number)
    elif given is not None and kind < 0.2:
        revocation = signed_revocation(given, world.today)
        actor = world.pick(f"{bank}/maker", "safe/officer", "customs/officer")
        await world.call(actor, "revoke", lambda desk: desk.revoke(revocation), about=exporter, several=True)
        world.given.pop((bank, exporter), None)
    else:
        (other,) = set(BANKS) - {bank}
        signed = signed_authorisation(exporter, _MSPS[other], world.today, number=f"AU-{world.next_serial()}")
        forged = signed.model_copy(update={"paper": signed.paper.model_copy(update={"bank": _MSPS[bank]})})
        wanted = chance.choice([signed, forged])
        await _refused(world, world.actors[f"{bank}/maker"], "authorise itself", lambda desk: desk.authorise(wanted))


async def pull(world: World) -> None:
    """Anybody has copied what an exporter declared, also another exporter's declarations under its name."""
    if not (known := recent(world)):
        return
    each, number = world.chance.choice(known), world.chance.randrange(EXPORTERS)
    exporter = each.export.seller.uscc or "" if world.chance.random() < 0.6 else world.uscc(number)
    numbers = [each.export.number]
    pulled = await world.call(
        world.anybody(), "pull", lambda desk: desk.pull(exporter, numbers), about=numbers, several=True
    )
    if pulled is not None and exporter != each.export.seller.uscc and pulled.declarations:
        raise Violation(f"{numbers} was copied as {exporter}'s")


async def match(world: World) -> None:
    """Anybody has a loan's papers looked up, under whichever bank's name."""
    if not world.loans:
        return
    loan_id, actor = world.chance.choice(list(world.loans)), world.anybody()
    bank = world.chance.choice(["", *_MSPS.values()])
    owner = _MSPS[world.loans[loan_id].bank]

    async def look_up(desk: LoanDesk) -> object:
        return await submit_private(
            desk.ledger, "bank", "register:match", loan_id, bank, endorsing_organizations=["SafeMSP"]
        )

    found = await world.call(actor, "match", look_up, about=loan_id)
    if found is not None and actor.member != "safe" and actor.msp_id != owner and not _has(world, actor, loan_id):
        raise Violation(f"{actor} had {loan_id} of {owner} looked up")


def _has(world: World, actor: Actor, loan_id: str) -> bool:
    """Whether the actor's bank has a loan of that id, too."""
    return world.judge.named(actor.msp_id, loan_id) in world.judge.loans


async def look(world: World) -> None:
    """Anybody asks for anything of anybody: what is not the asker's is refused, whatever is known of it already."""
    chance, actor = world.chance, world.anybody()
    if not world.loans or not (known := recent(world)):
        return
    loan_id, each = chance.choice(list(world.loans)), chance.choice(known)
    bank, seller = _MSPS[world.loans[loan_id].bank], each.export.seller.uscc or ""
    serial, number = each.export.serial, each.export.number
    authorities = {"safe", "customs"}
    reads: Mapping[str, Callable[[LoanDesk], Awaitable[object]]] = {
        "loan": lambda desk: desk.loan(loan_id, bank=bank),
        "loan's history": lambda desk: desk.loan_history(loan_id, bank=bank),
        "loan's case": lambda desk: desk.open_case(loan_id, bank=bank),
        "loans": lambda desk: desk.loans(bank=bank),
        "policies": lambda desk: desk.policies(bank=bank),
        "invoice": lambda desk: desk.document("invoice", f"INV-{serial}", exporter=seller, bank=bank),
    }
    what = chance.choice([*reads, *["declaration at customs' peer"] * 3, "declaration", "balance", "consents"])
    if what in reads:
        may = actor.msp_id == bank or actor.member == "safe"
        await _asked(world, actor, what, reads[what], may=may)
        return
    asked: Mapping[str, Callable[[LoanDesk], Awaitable[object]]] = {
        "declaration": lambda desk: desk.document("declaration", number),
        "declaration at customs' peer": lambda desk: desk.ledger.evaluate(
            "customs", "documents:get", "declaration", number, endorsing_organizations=["CustomsMSP"]
        ),
        "balance": lambda desk: desk.balance(number),
        "consents": lambda desk: desk.consents(seller, bank=bank),
    }
    ever = (actor.msp_id, seller) in world.judge.consents.filed
    may = actor.member in authorities or (ever if what != "consents" else actor.msp_id == bank)
    await _asked(world, actor, what, asked[what], may=may)


async def _asked(
    world: World, actor: Actor, what: str, ask: Callable[[LoanDesk], Awaitable[object]], *, may: bool
) -> None:
    answer = await world.call(actor, f"look at {what}", ask, several=True)
    if answer is not None and not may:
        raise Violation(f"{actor} was shown {what}: {answer}")


async def _refused(world: World, actor: Actor, name: str, run: Callable[[LoanDesk], Awaitable[object]]) -> None:
    if await world.call(actor, name, run) is not None:
        raise Violation(f"{actor} could {name}")


async def forge(world: World) -> None:
    """Peers that do what they are told sign that nothing is held of a declaration, that nobody has a paper, or that the
    day is another; it changes nothing."""
    if world.forger is None or not world.loans:
        return
    keys = [
        *(f"\x00position\x00{name}\x00" for name in world.judge.seals),
        *(f"\x00financed\x00{token}\x00" for token in world.judge.marks),
        "business-day",
        "consortium:members",
    ]
    key, chance = world.chance.choice(keys), world.chance
    loan_id = chance.choice(list(world.loans))
    actor = world.actors[f"{world.loans[loan_id].bank}/maker"]
    ledger, call = world.ledger(actor), PrivateCall.of(loan_id, f"as it is {world.next_serial()}")
    try:
        proposal = ledger.propose(
            "bank", "loans:refer", transient=call.transient, endorsing_organizations=[actor.msp_id, "SafeMSP"]
        )
        prepared = await ledger.endorse(proposal.signed(await ledger.sign_content(proposal.content)))
    except FabricError as error:
        world.note("forge", type(error).__name__, str(error))
        return
    value = chance.choice([None, b"{}"])
    hidden = (f"papers-{chance.choice(list(_MSPS.values()))}", chance.choice(["secret", "0" * 64]))
    parts = Parts(private={hidden: value}) if chance.random() < 0.25 else Parts(writes={key: value})
    alone, keep = chance.random() < 0.7, chance.random() < 0.5
    forged = await world.forger.forged(prepared, parts, by=chance.choice(_COLLUDING), alone=alone, keep=keep)
    status = await ledger.commit_status(await ledger.order(forged.signed(await ledger.sign_content(forged.content))))
    world.last.append(f"{actor} forges {parts}: {status.code}")
    await world.review()
    if status.is_valid:
        raise Violation(f"{actor} has written {parts} by peers that do what they are told")
    world.note("forge", str(status.code))


HOSTILE: Final[dict[Callable[[World], Awaitable[None]], int]] = {
    consent: 3,
    pull: 3,
    match: 2,
    look: 6,
    forge: 2,
}
"""How often each is chosen."""
