"""What a bank tries with parts that it forges: each attempt, and what must come."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from tests.trust.forgery.case import Call
from tests.trust.forgery.held_back import Attempt, Play
from tests.trust.forgery.scene import Parts, Scene
from tests.trust.forgery.story import Step, approved, confirmed, proposed

from eximledger_chaincode.contracts.register.sealing import sealed_name, sealed_value
from eximledger_chaincode.contracts.state.keys import BUSINESS_DAY_KEY, position_key
from eximledger_chaincode.documents import Money
from eximledger_chaincode.lending.loan import Loan, WrittenStep
from eximledger_chaincode.lending.register import HeldPosition
from eximledger_chaincode.lending.steps import Step as Taken
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.policies import EndorsementPolicy
from hlf_client.errors import FabricError

__all__ = ["FORGED"]

TOO_FEW: Final = "ENDORSEMENT_POLICY_FAILURE"


def _endorsed_by(make: Callable[[], Step], *endorsers: str, forged: Sequence[str] = ()) -> Play:
    """A step that only these peers endorsed, honestly; `forged`: that these members' peers have signed in their place,
    for they have nothing from which to answer."""

    async def play(scene: Scene) -> str:
        step = make()
        await scene.checked("second")
        if step.function == "loans:confirm":
            await scene.take(approved("second"), proposed("second", Taken.WITHDRAWAL, by="maker"))
        kept = await scene.hold(step, endorsers)
        return await scene.forged(kept, Parts(), by=forged) if forged else await scene.order(kept)

    return play


async def _without_its_papers(scene: Scene) -> str:
    await scene.checked("second")
    try:
        await scene.hold(approved("second"), ["EximbankMSP", "SafeMSP"])
    except FabricError:
        return "not endorsed"
    return "endorsed"


def _approve() -> Step:
    return approved("second")


def _withdraw() -> Step:
    """It writes the loan, its holding and the position."""
    return confirmed("second", Taken.WITHDRAWAL, by="checker")


async def _other_results(scene: Scene) -> str:
    """SAFE's peer signed what it computed; the bank's peer signs more."""
    await scene.checked()
    kept = await scene.hold(approved("first"))
    return await scene.forged(kept, await _free(scene), by=["tradebank"], keep=True)


async def _free(scene: Scene) -> Parts:
    """A position by which nothing is held."""
    seal = await scene.seal()
    free = HeldPosition(declaration_number=scene.story.number, held=(Money.of("0.01", "USD"),), version=9)
    value = sealed_value(seal, "position", bytes(32), canonical_json(free))
    return Parts(writes={position_key(sealed_name(seal, "position")): value})


def _alone(parts: Callable[[Scene], Awaitable[Parts]], *by: str) -> Play:
    """A write set made by hand, that these peers sign, of an approved loan."""

    async def play(scene: Scene) -> str:
        await scene.checked()
        await scene.take(approved("first"))
        harmless = Step("bank", "loans:propose", "", "checker", lambda story: Call((
            story.loan("first"), story.proposal(Taken.WITHDRAWAL)
        )))  # fmt: skip
        kept = await scene.hold(harmless)
        return await scene.forged(kept, await parts(scene), by=by, alone=True)

    return play


async def _written(scene: Scene) -> tuple[str, str]:
    """Collection and key of the loan's last step: of its private keys the one that a bank is told."""
    maker, loan_id = scene.shared.cast.people["maker"], scene.story.loan("first")
    loan = Loan.model_validate_json(await maker.evaluate("bank", "loans:get", loan_id))
    told = WrittenStep.model_validate_json(await maker.evaluate("bank", "loans:written", loan_id, loan.step))
    return told.collection, told.key


async def _no_loan(scene: Scene) -> Parts:
    return Parts(private={await _written(scene): None})


async def _other_loan(scene: Scene) -> Parts:
    return Parts(private={await _written(scene): b"salted, and another loan"})


async def _day(scene: Scene) -> Parts:
    return Parts(writes={BUSINESS_DAY_KEY: b"{}"})


async def _guard(scene: Scene) -> Parts:
    return Parts(guards={BUSINESS_DAY_KEY: EndorsementPolicy.parse("OR('TradebankMSP.peer')").to_bytes()})


async def _opening(scene: Scene) -> str:
    day = (await scene.business_day()).day
    step = Step("bank", "calendar:open", "", "safe/officer", lambda _: Call((day,)))
    return await scene.order(await scene.hold(step, ["SafeMSP"]), "safe/officer")


FORGED: Final[Mapping[str, Attempt]] = {
    "approval-bank-alone": Attempt(
        "an approval", "endorsed by the bank's own peer alone", TOO_FEW, _endorsed_by(_approve, "TradebankMSP")
    ),
    "approval-safe-alone": Attempt(
        "an approval", "endorsed by SAFE's peer alone", TOO_FEW, _endorsed_by(_approve, "SafeMSP")
    ),
    "approval-other-bank": Attempt(
        "an approval", "signed by another bank's peer and SAFE's: the loan's collection asks for the lender's",
        TOO_FEW, _endorsed_by(_approve, "TradebankMSP", "SafeMSP", forged=("eximbank", "safe")),
    ),
    "approval-without-papers": Attempt(
        "an approval", "asked of another bank's peer, which has neither loan nor papers", "not endorsed",
        _without_its_papers,
    ),
    "withdrawal-bank-alone": Attempt(
        "a withdrawal, which frees balance", "endorsed by the bank's own peer alone", TOO_FEW,
        _endorsed_by(_withdraw, "TradebankMSP"),
    ),
    "withdrawal-other-bank": Attempt(
        "a withdrawal, which frees balance", "signed by another bank's peer and SAFE's", TOO_FEW,
        _endorsed_by(_withdraw, "TradebankMSP", "SafeMSP", forged=("eximbank", "safe")),
    ),
    "other-results": Attempt(
        "an approval", "the bank's peer signed other results than SAFE's: a position of one cent", TOO_FEW,
        _other_results,
    ),
    "position-bank": Attempt(
        "a position, by a write set made by hand", "signed by the bank's own peer", TOO_FEW, _alone(_free, "tradebank")
    ),
    "position-banks": Attempt(
        "a position, by a write set made by hand", "signed by the peers of both banks", TOO_FEW,
        _alone(_free, "tradebank", "eximbank"),
    ),
    "position-colluding": Attempt(
        "a position, by a write set made by hand", "signed by the bank's own peer and SAFE's: **the two together can** "
        "(security-model.md), and so the lines beside this one are refused for who signed them", "VALID",
        _alone(_free, "tradebank", "safe"),
    ),
    "loan-bank": Attempt(
        "a loan's step deleted by hand", "signed by the bank's own peer", TOO_FEW, _alone(_no_loan, "tradebank")
    ),
    "loan-other-bank": Attempt(
        "a loan's step overwritten by hand", "signed by another bank's peer and SAFE's", TOO_FEW,
        _alone(_other_loan, "eximbank", "safe"),
    ),
    "loan-safe": Attempt(
        "a loan's step overwritten by hand", "signed by SAFE's peer alone", TOO_FEW, _alone(_other_loan, "safe")
    ),
    "guard-banks": Attempt(
        "the guard taken off the business day by hand", "signed by the peers of both banks", TOO_FEW,
        _alone(_guard, "tradebank", "eximbank"),
    ),
    "day-safe": Attempt(
        "the business day, opened by SAFE's officer",
        "endorsed by SAFE's peer alone: it counts, and no bank can prevent it",
        "VALID", _opening,
    ),
    "day-banks": Attempt(
        "the business day, by a write set made by hand", "signed by the peers of both banks", TOO_FEW,
        _alone(_day, "tradebank", "eximbank"),
    ),
}  # fmt: skip
