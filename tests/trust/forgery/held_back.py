"""What a bank tries with steps that it holds back: each attempt, and what must come."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tests.trust.forgery.case import Story
from tests.trust.forgery.scene import Scene
from tests.trust.forgery.story import Said, applied, approved, confirmed, proposed

from eximledger_chaincode.documents import EnterpriseClass, Money
from eximledger_chaincode.lending.steps import Step as Taken

__all__ = ["HELD_BACK", "Attempt", "Play"]

STALE: Final = "MVCC_READ_CONFLICT"
Play = Callable[[Scene], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Attempt:
    """`what` the lender tries, what happens `then`, the validation `code` that must come, and how it is played."""

    what: str
    then: str
    code: str
    play: Play


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


async def _paid_out(scene: Scene, which: str = "first") -> None:
    await scene.checked(which)
    await scene.take(
        approved(which), proposed(which, Taken.DISBURSEMENT, by="maker"),
        confirmed(which, Taken.DISBURSEMENT, by="checker"),
    )  # fmt: skip


def _of_paid_out(said: Said) -> Callable[[Scene, Meanwhile], Awaitable[str]]:
    """A step of a loan that was paid out, confirmed and kept."""

    async def play(scene: Scene, meanwhile: Meanwhile) -> str:
        await _paid_out(scene)
        await scene.take(proposed("first", said, by="maker"))
        kept = await scene.hold(confirmed("first", said, by="checker"))
        await meanwhile(scene)
        return await scene.order(kept)

    return play


_extension = _of_paid_out(Taken.EXTENSION)
_repayment = _of_paid_out(Story.by_buyer)
_request = _of_paid_out(Taken.INDEMNITY)


async def _repaid(scene: Scene) -> None:
    """In part; the proposal takes the place of what was proposed."""
    part = scene.story.proposal(Taken.REPAYMENT).model_copy(update={"amount": Money.of("100.00", "CNY")})
    await scene.submit("maker", "bank", "loans:propose", scene.story.loan("first"), part)
    await scene.submit("both", "bank", "loans:confirm", scene.story.loan("first"), part.id)


async def _written_off(scene: Scene) -> None:
    await scene.take(proposed("first", Taken.WRITE_OFF, by="maker"), confirmed("first", Taken.WRITE_OFF, by="checker"))


async def _taken_by_another(scene: Scene) -> None:
    """Another loan on the same declaration is repaid out of the same receipt."""
    await _paid_out(scene, "second")
    await scene.take(proposed("second", Story.by_buyer, by="maker"), confirmed("second", Story.by_buyer, by="checker"))


async def _ordered_twice(scene: Scene) -> str:
    """Two envelopes of one confirmation, of which the second is held back: money moves once."""
    await _paid_out(scene)
    await scene.take(proposed("first", Story.by_buyer, by="maker"))
    kept = [await scene.hold(confirmed("first", Story.by_buyer, by="checker")) for _ in range(2)]
    return ", then ".join([await scene.order(each) for each in kept])


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
    "extension-next-day": Attempt("an extension", "SAFE opened the next day", STALE, _held(_extension, _next_day)),
    "extension-same-day": Attempt("an extension", "SAFE opened the same day anew", STALE, _held(_extension, _same_day)),
    "extension-repaid": Attempt("an extension", "the loan was repaid in part", STALE, _held(_extension, _repaid)),
    "extension-policy": Attempt("an extension", "the bank's policy was changed", STALE, _held(_extension, _policy)),
    "extension-class-day": Attempt(
        "an extension", "SAFE put the exporter into class C, and opened the day anew", STALE,
        _held(_extension, _class_c_and_day),
    ),
    "extension-class": Attempt(
        "an extension", "SAFE put the exporter into class C, and opened no day: **it counts, until SAFE opens one**",
        "VALID", _held(_extension, _class_c),
    ),
    "repayment-same-day": Attempt(
        "a repayment out of a receipt", "SAFE opened the day anew: it is held against the lists of its day", STALE,
        _held(_repayment, _same_day),
    ),
    "repayment-repaid": Attempt(
        "a repayment out of a receipt", "another part was repaid in its place", STALE, _held(_repayment, _repaid)
    ),
    "repayment-receipt": Attempt(
        "a repayment out of a receipt", "another loan was repaid out of the same receipt", STALE,
        _held(_repayment, _taken_by_another),
    ),
    "repayment-written-off": Attempt(
        "a repayment out of a receipt", "the loan was written off", STALE, _held(_repayment, _written_off)
    ),
    "repayment-twice": Attempt(
        "a repayment out of a receipt, endorsed twice", "both are ordered", f"VALID, then {STALE}", _ordered_twice
    ),
    "request-repaid": Attempt(
        "what is asked of an insurer", "the loan was repaid in part", STALE, _held(_request, _repaid)
    ),
}  # fmt: skip
