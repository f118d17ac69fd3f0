"""A turn that is over is ended on its own thread, and never after it has said that it ends."""

from __future__ import annotations

import gc
import subprocess
import sys
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


_TRACED = """
import sys
from hlf_client.embedded.endorsing.overrun import Late, Turn

def compute():
    turn = Turn(0.05)
    try:
        turn.begin()
        while True:
            pass
    except Late:
        turn.close()

compute()
sys.settrace(lambda *_: None)
(lambda: print("traced"))()
"""


def test_after_a_turn_that_was_ended_a_tracer_goes_on() -> None:
    """A debugger's or coverage's; CPython 3.11 looked without end for an exception that had been taken back."""
    done = subprocess.run([sys.executable, "-c", _TRACED], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout == "traced\n"


@pytest.mark.parametrize("has_ended", [True, False])
def test_a_turn_that_was_struck_is_closed_on_another_thread(has_ended: bool) -> None:
    """As the collector does with a coroutine that nobody ended, when its thread may be gone."""
    turns, may_end = list[Turn](), threading.Event()

    def begun() -> None:
        turn = Turn(5)
        turn.begin()
        turn._struck = True
        turns.append(turn)
        if not has_ended:
            may_end.wait(60)

    other = threading.Thread(target=begun)
    other.start()
    if has_ended:
        other.join()
    while not turns:
        other.join(0.01)
    closing = threading.Thread(target=turns[0].close, daemon=True)
    closing.start()
    closing.join(60)
    may_end.set()
    other.join(60)
    assert not closing.is_alive()


def test_a_turn_that_waits_is_ended_by_the_clock_on_the_wall() -> None:
    turn = Turn(0.02)
    with pytest.raises(Late):
        compute(turn, lambda: time.sleep(0.01))
    turn.close()


def test_the_collector_waits_for_the_end_of_a_turn() -> None:
    """A collection of a large program takes seconds, and would befall whoever makes the next object."""
    first, second = Turn(5), Turn(5)
    first.begin()
    second.begin()
    first.end()
    assert not gc.isenabled()
    second.close()
    assert gc.isenabled()


def test_a_program_that_does_without_the_collector_stays_without() -> None:
    turn = Turn(5)
    gc.disable()
    try:
        turn.begin()
        turn.end()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_an_exception_that_comes_as_it_closes_is_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = overrun._Watch()
    monkeypatch.setattr(overrun, "_watch", watch)
    turn = Turn(5)
    turn.begin()
    discard, times = watch.discard, iter([Late])

    def struck(of: Turn) -> None:
        for late in times:
            raise late
        discard(of)

    monkeypatch.setattr(watch, "discard", struck)
    turn.close()
    assert not watch.has(turn)


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
