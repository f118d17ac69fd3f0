"""A recorded clock gives a later run the times of the first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hlf_chaincode.contract import Chaincode, Context, Contract, query, transaction
from hlf_client.errors import InvalidDocument, NotFound
from hlf_client.testing import Fabric, ManualClock, RecordedClock

BEGAN = datetime(2025, 3, 1, 9, tzinfo=UTC)


class Times(Contract):
    @transaction
    async def note(self, context: Context) -> str:
        await context.stub.put_state("at", context.timestamp.isoformat().encode())
        return context.timestamp.isoformat()

    @query
    async def noted(self, context: Context) -> str:
        return (await context.stub.get_state("at") or b"").decode()


def run(clock: RecordedClock, times: int) -> list[bytes]:
    """What a run's transactions were told of the time; a year-old recording is as good as new."""
    with Fabric(Chaincode("times", [Times()]), clock=clock) as fabric:
        ledger = fabric.connect_sync()
        return [ledger.submit("mychannel", "note").result for _ in range(times)]


def test_a_later_run_has_the_times_of_the_first(tmp_path: Path) -> None:
    path, source = tmp_path / "times.json", ManualClock(BEGAN)

    def ticking() -> datetime:
        source.advance(timedelta(seconds=1, microseconds=7))
        return source()

    first = RecordedClock(path, ticking)
    told = run(first, 3)
    assert not first.is_replayed
    assert len(set(told)) == 3
    again = RecordedClock(path)
    assert run(again, 3) == told
    assert again.is_replayed
    with pytest.raises(NotFound, match="has 3 transactions, and this is one more: delete it"):
        run(RecordedClock(path), 4)


def test_a_run_that_fails_leaves_no_recording(tmp_path: Path) -> None:
    path = tmp_path / "times.json"

    def fails() -> None:
        with Fabric(Chaincode("times", [Times()]), clock=RecordedClock(path)) as fabric:
            fabric.connect_sync().submit("mychannel", "note")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert not path.exists()


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '["2026-01-01"]', '["2026-01-02T00:00:00+00:00", "2026-01-01T00:00:00+00:00"]']
)
def test_a_file_of_something_else_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "times.json").write_text(text)
    with pytest.raises(InvalidDocument, match="holds no recorded times"):
        RecordedClock(tmp_path / "times.json")
