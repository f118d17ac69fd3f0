"""How often a call is repeated: bounded, with pauses that grow and are shortened by chance, and only what may be."""

from __future__ import annotations

import asyncio
import random

import pytest

from eximledger.desk.calling import Again, Repetition, Retry, is_repeatable
from hlf_client.errors import Conflict, EndorsementFailed, FabricError, LedgerUnavailable, NotFound


class Failing:
    """Raises the errors that it was given, one a call, then answers."""

    def __init__(self, *errors: Exception) -> None:
        self.calls = 0
        self._errors = errors

    async def __call__(self) -> str:
        self.calls += 1
        if self.calls <= len(self._errors):
            raise self._errors[self.calls - 1]
        return "done"


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses asked for; none is made."""
    asked: list[float] = []

    async def note(seconds: float) -> None:
        asked.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", note)
    return asked


def again(times: int) -> list[Again]:
    return [Again(LedgerUnavailable(f"try {number}")) for number in range(1, times + 1)]


async def test_it_is_run_until_it_answers(pauses: list[float]) -> None:
    work = Failing(*again(3))
    assert await Retry().repeat(work) == "done"
    assert (work.calls, len(pauses)) == (4, 3)


async def test_the_last_tries_error_is_the_callers_with_its_cause(pauses: list[float]) -> None:
    cause = OSError("the line is cut")
    last = LedgerUnavailable("the last")
    last.__cause__ = cause
    work = Failing(*again(2), Again(last))
    with pytest.raises(LedgerUnavailable, match="the last") as caught:
        await Retry(attempts=3).repeat(work)
    assert caught.value is last
    assert caught.value.__cause__ is cause
    assert (work.calls, len(pauses)) == (3, 2)


@pytest.mark.parametrize("error", [LedgerUnavailable("not marked"), ValueError("a bug"), asyncio.CancelledError()])
async def test_what_is_not_marked_ends_it_at_once(pauses: list[float], error: BaseException) -> None:
    work = Failing(error)  # type: ignore[arg-type]  # a cancellation is no Exception
    with pytest.raises(type(error)) as caught:
        await Retry().repeat(work)
    assert caught.value is error
    assert (work.calls, pauses) == (1, [])


async def test_pauses_double_up_to_the_longest_and_are_shortened_by_chance(pauses: list[float]) -> None:
    await Retry(attempts=9, base=0.05, cap=0.4, chance=random.Random(7)).repeat(Failing(*again(8)))
    longest = [0.05, 0.1, 0.2, 0.4, 0.4, 0.4, 0.4, 0.4]
    assert all(most / 2 <= pause <= most for pause, most in zip(pauses, longest, strict=True))
    assert len(set(pauses)) == 8
    repeated = list(pauses)
    pauses.clear()
    await Retry(attempts=9, base=0.05, cap=0.4, chance=random.Random(7)).repeat(Failing(*again(8)))
    assert pauses == repeated


async def test_every_repetition_is_told_before_its_pause(pauses: list[float]) -> None:
    told: list[Repetition] = []
    errors = again(2)
    assert await Retry(observer=told.append).repeat(Failing(*errors), "loans:approve") == "done"
    assert told == [
        Repetition("loans:approve", failed.error, tries, pause)
        for tries, (failed, pause) in enumerate(zip(errors, pauses, strict=True), start=1)
    ]


async def test_what_is_given_up_is_no_repetition(pauses: list[float]) -> None:
    told: list[Repetition] = []
    with pytest.raises(LedgerUnavailable):
        await Retry(attempts=3, observer=told.append).repeat(Failing(*again(3)))
    assert (len(told), len(pauses)) == (2, 2)


@pytest.mark.parametrize(
    ("error", "may_be"),
    [
        (Conflict("others write"), True),
        (Conflict("new evidence", evidence_hash="ab"), False),
        (EndorsementFailed("a peer is away"), True),
        (LedgerUnavailable("nobody answers"), True),
        (NotFound("no such loan"), False),
    ],
)
def test_what_may_be_repeated(error: FabricError, may_be: bool) -> None:
    assert is_repeatable(error) is may_be


def test_what_a_ledger_has_repeated_itself_is_not_repeated_again() -> None:
    error = LedgerUnavailable("nobody answers")
    error.repeated = True
    assert not is_repeatable(error)
