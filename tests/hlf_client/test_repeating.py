"""A read conflict is done again from a new proposal; nothing else is."""

from __future__ import annotations

import pytest

from hlf_client.errors import CommitFailed, Conflict, FabricError, LedgerUnavailable
from hlf_client.repeating import repeat_conflicts
from hlf_client.sync import repeat_conflicts as repeat_conflicts_and_wait
from hlf_client.wire.timeouts import Retries

QUICK = Retries(attempts=4, pause=0.001)


class Acting:
    """Fails in these ways, in order, then gives its number."""

    def __init__(self, *failures: FabricError) -> None:
        self.failures = list(failures)
        self.times = 0

    def now(self) -> int:
        self.times += 1
        if self.failures:
            raise self.failures.pop(0)
        return self.times

    async def __call__(self) -> int:
        return self.now()


def failed(code: str) -> CommitFailed:
    return CommitFailed.of("tx", code, 7)


@pytest.mark.parametrize("code", ["MVCC_READ_CONFLICT", "PHANTOM_READ_CONFLICT"])
async def test_a_read_conflict_is_done_again(code: str) -> None:
    act, heard = Acting(failed(code), failed(code)), list[CommitFailed]()
    assert await repeat_conflicts(act, QUICK, told=heard.append) == 3
    assert [each.code for each in heard] == [code, code]


@pytest.mark.parametrize(
    "error",
    [failed("ENDORSEMENT_POLICY_FAILURE"), LedgerUnavailable("whether it took effect is not known"), Conflict("x")],
)
async def test_nothing_else_is(error: FabricError) -> None:
    act = Acting(error)
    with pytest.raises(type(error)):
        await repeat_conflicts(act, QUICK)
    assert act.times == 1


async def test_it_ends_with_the_last_conflict() -> None:
    act = Acting(*(failed("MVCC_READ_CONFLICT") for _ in range(9)))
    with pytest.raises(CommitFailed):
        await repeat_conflicts(act, QUICK)
    assert act.times == 4


def test_without_asyncio_it_is_the_same() -> None:
    act = Acting(failed("MVCC_READ_CONFLICT"))
    assert repeat_conflicts_and_wait(act.now, QUICK) == 2
