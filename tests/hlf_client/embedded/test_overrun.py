"""A turn that is over is ended on its own thread, and never after it has said that it ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from hlf_client.embedded.endorsing import overrun
from hlf_client.embedded.endorsing.overrun import Late, Turn


def compute(turn: Turn, step: Callable[[], None]) -> None:
    """Without end."""
    turn.begin()
    while True:
        step()


def test_an_endless_turn_is_ended_and_the_next_one_is_not() -> None:
    turn = Turn(0.05)
    with pytest.raises(Late):
        compute(turn, lambda: None)
    turn.close()
    again = Turn(5)
    again.begin()
    again.end()


def test_a_turn_that_waits_is_ended_by_the_clock_on_the_wall() -> None:
    turn = Turn(0.02)
    with pytest.raises(Late):
        compute(turn, lambda: time.sleep(0.01))
    turn.close()


@pytest.mark.parametrize("others", [0, 3])
def test_nothing_comes_after_the_end(monkeypatch: pytest.MonkeyPatch, others: int) -> None:
    """Turns that end just as they are struck: the exception comes before `end` is over, or not at all."""
    monkeypatch.setattr(Turn, "is_over", lambda self: True)
    monkeypatch.setattr(overrun, "_watch", overrun._Watch())
    stray: list[BaseException] = []

    def run() -> None:
        for _ in range(60):
            turn = Turn(0.004)
            try:
                turn.begin()
                for _ in range(2000):
                    pass
                turn.end()
            except Late:
                pass
            finally:
                turn.close()
            try:
                for _ in range(500):
                    pass
            except Late as late:
                stray.append(late)

    threads = [threading.Thread(target=run) for _ in range(others)]
    for thread in threads:
        thread.start()
    run()
    for thread in threads:
        thread.join()
    assert stray == []


def test_the_thread_goes_when_there_is_nothing_to_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overrun, "_IDLE_LOOKS", 2)
    watch = overrun._Watch()
    monkeypatch.setattr(overrun, "_watch", watch)
    for _ in range(2):
        turn = Turn(0.04)
        turn.begin()
        assert watch._is_watching
        turn.close()
        until = time.monotonic() + 10
        while watch._is_watching:
            assert time.monotonic() < until
            time.sleep(0.01)
