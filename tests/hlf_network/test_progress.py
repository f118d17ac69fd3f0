"""Jobs of the network driver in threads: their order, their failures, and a signal in their midst."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from typing import NoReturn

import pytest

from hlf_network.progress import in_parallel

PATIENCE = 10.0


class Struck(BaseException):
    """What the signal raises."""


@pytest.fixture
def struck() -> Iterator[threading.Event]:
    """Set once SIGUSR1 has interrupted the main thread."""
    event = threading.Event()

    def strike(_number: int, _frame: object) -> NoReturn:
        event.set()
        raise Struck

    before = signal.signal(signal.SIGUSR1, strike)
    yield event
    signal.signal(signal.SIGUSR1, before)


def test_results_come_in_order_and_the_first_failure_is_raised_when_all_have_ended() -> None:
    ended = threading.Event()

    def fail() -> int:
        raise ValueError("the first")

    def end() -> int:
        ended.set()
        return 2

    assert in_parallel([lambda: 1, end]) == [1, 2]
    ended.clear()
    with pytest.raises(ValueError, match="the first"):
        in_parallel([fail, end], workers=1)
    assert ended.is_set()


def test_a_signal_waits_for_the_jobs_that_run_and_starts_no_other(struck: threading.Event) -> None:
    """Else `network up` that is ended would remove its containers while its threads make more."""
    given_back, log = threading.Event(), list[str]()

    def first() -> None:
        os.kill(os.getpid(), signal.SIGUSR1)
        assert struck.wait(PATIENCE)
        log.append("runs on alone" if given_back.wait(0.2) else "is waited for")

    with pytest.raises(Struck):
        in_parallel([first, lambda: log.append("started")], workers=1)
    given_back.set()
    assert log == ["is waited for"]
