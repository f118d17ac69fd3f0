"""What a bank tries with steps that it holds back and with parts that it forges: each attempt, and what must come."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tests.trust.forgery.scene import Scene
from tests.trust.forgery.story import Call, Step, applied, approved, confirmed, proposed

from eximledger_chaincode.contracts.state.keys import BUSINESS_DAY_KEY, position_key
from eximledger_chaincode.documents import EnterpriseClass, Money
from eximledger_chaincode.lending.loan import Step as Taken
from eximledger_chaincode.lending.register import HeldPosition
from hlf_chaincode.canonical import canonical_json
from hlf_chaincode.policies import EndorsementPolicy

__all__ = ["FORGED", "HELD_BACK", "Attempt"]

STALE: Final = "MVCC_READ_CONFLICT"
TOO_FEW: Final = "ENDORSEMENT_POLICY_FAILURE"
Play = Callable[[Scene], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """`what` the lender tries, what happens `then`, the validation `code` that must come, and how it is played."""

    what: str
    then: str
    code: str
    play: Play


# -- held back ---------------------------------------------------------------------------------------------------------

Meanwhile = Callable[[Scene], Awaitable[None]]


async def _approval(scene: Scene, meanwhile: Meanwhile) -> str:
    await scene.checked()
    kept = await scene.hold(approved("first"))
    await meanwhile(scene)
    return await scene.order(kept)


async def _disbursement(scene: Scene, meanwhile: Meanwhile) -> str:
    await scene.checked()
    await scene.take(approved("first"), proposed("first", Taken.DISBURSEMENT, by="maker"))
    kept = await scene.hold(confirmed("first", Taken.DISBURSEMENT, by="checker"))
    await meanwhile(scene)
    return await scene.order(kept)


async def _next_day(scene: Scene) -> None:
    await scene.open_day(later=1)


async def _same_day(scene: Scene) -> None:
    await scene.open_day()


async def _amended(scene: Scene) -> None:
    await scene.take(applied("first", purpose="amended"))


async def _paper(scene: Scene) -> None:
    await scene.submit("maker", "bank", "documents:put", "contract", scene.story.contract(remarks=True))


async def _policy(scene: Scene) -> None:
    await scene.make_policy(lambda policy: policy.model_copy(update={"financed_percent": Decimal(70)}))


async def _balance(scene: Scene) -> None:
    """Another loan, on the same declaration."""
    await scene.checked("second")
    await scene.take(approved("second"))


async def _reproposed(scene: Scene) -> None:
    other = scene.story.proposal(Taken.DISBURSEMENT).model_copy(update={"reference": "ANOTHER-1"})
    await scene.submit("maker", "bank", "loans:propose", scene.story.loan("first"), other)


async def _class_c(scene: Scene) -> None:
    await scene.classify(EnterpriseClass.C)


async def _class_c_and_day(scene: Scene) -> None:
    await _class_c(scene)
    await _same_day(scene)


async def _cancelled(scene: Scene) -> None:
    await scene.cancel()


def _then_disbursed(meanwhile: Meanwhile) -> Play:
    """The approval counts; then its disbursement is tried."""

    async def play(scene: Scene) -> str:
        code = await _approval(scene, meanwhile)
        await scene.take(proposed("first", Taken.DISBURSEMENT, by="maker"))
        return f"{code}, then {await scene.tried(confirmed('first', Taken.DISBURSEMENT, by='checker'))}"

    return play


def _held(what: Callable[[Scene, Meanwhile], Awaitable[str]], meanwhile: Meanwhile) -> Play:
    return lambda scene: what(scene, meanwhile)


HELD_BACK: Final[Mapping[str, Attempt]] = {
    "approval-next-day": Attempt("an approval", "SAFE opened the next day", STALE, _held(_approval, _next_day)),
    "approval-same-day": Attempt("an approval", "SAFE opened the same day anew", STALE, _held(_approval, _same_day)),
    "approval-amended": Attempt("an approval", "the loan was applied for anew", STALE, _held(_approval, _amended)),
    "approval-paper": Attempt("an approval", "a paper of the case was amended", STALE, _held(_approval, _paper)),
    "approval-policy": Attempt("an approval", "the bank's policy was changed", STALE, _held(_approval, _policy)),
    "approval-balance": Attempt(
        "an approval", "another approval took balance of the same declaration", STALE, _held(_approval, _balance)
    ),
    "approval-class-day": Attempt(
        "an approval", "SAFE put the exporter into class C, and opened the day anew", STALE,
        _held(_approval, _class_c_and_day),
    ),
    "approval-class": Attempt(
        "an approval, and then its disbursement", "SAFE put the exporter into class C, and opened no day: the approval "
        "counts, the disbursement is judged again and refused", "VALID, then 422", _then_disbursed(_class_c),
    ),
    "approval-cancelled": Attempt(
        "an approval, and then its disbursement", "customs cancelled the declaration: the approval counts, the "
        "disbursement is refused", "VALID, then 422", _then_disbursed(_cancelled),
    ),
    "disbursement-next-day": Attempt(
        "a disbursement", "SAFE opened the next day", STALE, _held(_disbursement, _next_day)
    ),
    "disbursement-same-day": Attempt(
        "a disbursement", "SAFE opened the same day anew", STALE, _held(_disbursement, _same_day)
    ),
    "disbursement-reproposed": Attempt(
        "a disbursement", "another payment was proposed in its place", STALE, _held(_disbursement, _reproposed)
    ),
    "disbursement-class-day": Attempt(
        "a disbursement", "SAFE put the exporter into class C, and opened the day anew", STALE,
        _held(_disbursement, _class_c_and_day),
    ),
    "disbursement-class": Attempt(
        "a disbursement", "SAFE put the exporter into class C, and opened no day: **it counts, until SAFE opens one**",
        "VALID", _held(_disbursement, _class_c),
    ),
}  # fmt: skip


# -- forged ------------------------------------------------------------------------------------------------------------


def _endorsed_by(make: Callable[[], Step], *endorsers: str) -> Play:
    """A step that only these peers endorsed, honestly."""

    async def play(scene: Scene) -> str:
        step = make()
        which = "second"  # it has no private papers, so that another bank's peer can answer
        await scene.checked(which)
        if step.function == "loans:confirm":
            await scene.take(approved(which), proposed(which, Taken.WITHDRAWAL, by="maker"))
        return await scene.order(await scene.hold(step, endorsers))

    return play


def _approve() -> Step:
    return approved("second")


def _withdraw() -> Step:
    """It writes the loan, its hold and the position."""
    return confirmed("second", Taken.WITHDRAWAL, by="checker")


async def _other_results(scene: Scene) -> str:
    """SAFE's peer signed what it computed; the bank's peer signs more."""
    await scene.checked()
    kept = await scene.hold(approved("first"))
    return await scene.forged(kept, by=["tradebank"], writes=_free(scene), keep=True)


def _free(scene: Scene) -> dict[str, bytes | None]:
    """A position by which nothing is held."""
    number = scene.story.number
    free = HeldPosition(declaration_number=number, held=(Money.of("0.01", "USD"),), version=9)
    return {position_key(number): canonical_json(free)}


def _alone(
    writes: Callable[[Scene], dict[str, bytes | None]],
    *by: str,
    guards: Callable[[Scene], dict[str, bytes]] | None = None,
) -> Play:
    """A write set made by hand, that these peers sign, of an approved loan."""

    async def play(scene: Scene) -> str:
        await scene.checked()
        await scene.take(approved("first"))
        harmless = Step("bank", "loans:propose", "", "checker", lambda story: Call((
            story.loan("first"), story.proposal(Taken.WITHDRAWAL)
        )))  # fmt: skip
        kept = await scene.hold(harmless)
        given = guards(scene) if guards else {}
        return await scene.forged(kept, by=by, writes=writes(scene), guards=given, alone=True)

    return play


def _no_hold(scene: Scene) -> dict[str, bytes | None]:
    return {hold_key(scene.story.number, scene.story.loan("first")): None}


def _no_loan(scene: Scene) -> dict[str, bytes | None]:
    return {loan_key(scene.story.loan("first")): b"{}"}


def _day(scene: Scene) -> dict[str, bytes | None]:
    return {BUSINESS_DAY_KEY: b"{}"}


def _guard(scene: Scene) -> dict[str, bytes]:
    policy = EndorsementPolicy.parse("OR('TradebankMSP.peer')").to_bytes()
    return {loan_key(scene.story.loan("first")): policy}


def _nothing(scene: Scene) -> dict[str, bytes | None]:
    return {}


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
        "an approval", "endorsed by another bank's peer and SAFE's: the loan's key asks for the lender's", TOO_FEW,
        _endorsed_by(_approve, "EximbankMSP", "SafeMSP"),
    ),
    "withdrawal-bank-alone": Attempt(
        "a withdrawal, which frees balance", "endorsed by the bank's own peer alone", TOO_FEW,
        _endorsed_by(_withdraw, "TradebankMSP"),
    ),
    "withdrawal-other-bank": Attempt(
        "a withdrawal, which frees balance", "endorsed by another bank's peer and SAFE's", TOO_FEW,
        _endorsed_by(_withdraw, "EximbankMSP", "SafeMSP"),
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
    "hold-bank": Attempt(
        "a hold deleted by hand", "signed by the bank's own peer", TOO_FEW, _alone(_no_hold, "tradebank")
    ),
    "hold-other-bank": Attempt(
        "a hold deleted by hand", "signed by another bank's peer and SAFE's", TOO_FEW,
        _alone(_no_hold, "eximbank", "safe"),
    ),
    "loan-other-bank": Attempt(
        "a loan overwritten by hand", "signed by another bank's peer and SAFE's", TOO_FEW,
        _alone(_no_loan, "eximbank", "safe"),
    ),
    "guard-bank": Attempt(
        "the guard taken off a loan by hand", "signed by the bank's own peer", TOO_FEW,
        _alone(_nothing, "tradebank", guards=_guard),
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
