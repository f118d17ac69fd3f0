"""A small file that stands for a large one is refused, in less than a second of CPU and less than 200 MiB."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from typing import TypedDict

import pytest

pytest.importorskip("grpc", reason="needs the extra `fabric`")

from tests.trust.fuzz.bombs import BOMBS, LARGEST

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 1.0 if os.environ.get("EXIM_TRUST") else 4.0
"""CPU: the claim's for `make trust`; four times as much where other tests share the processor's caches."""
LARGEST_SECONDS = 5 * SECONDS
PATIENCE = 600.0

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the limits are set as Linux sets them"),
    pytest.mark.slow,
]


class Answer(TypedDict, total=False):
    """What became of one bomb; without an `answer` the kernel has `ended` its reader."""

    name: str
    answer: str
    ended: int
    seconds: float
    memory: int


class Reader:
    """Reads each bomb in a process of its own, which the kernel ends when it takes more CPU or memory."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.trust.fuzz.burst"]
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def burst(self, seconds: float, names: list[str]) -> list[Answer]:
        """What became of each, in their order."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        overdue = Timer(PATIENCE, self._process.kill)
        overdue.start()
        try:
            print(seconds, *names, file=self._process.stdin, flush=True)
            lines = [self._process.stdout.readline() for _ in names]
        finally:
            overdue.cancel()
        assert all(lines), f"it ended, or took longer than {PATIENCE:.0f} s"
        return [json.loads(line) for line in lines]

    def close(self) -> None:
        _, _ = self._process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    found = Reader()
    yield found
    found.close()


@pytest.mark.parametrize("kind", sorted({name.partition("-")[0] for name in BOMBS}))
def test_bombs_are_refused(reader: Reader, kind: str) -> None:
    names = [name for name in BOMBS if name.startswith(f"{kind}-")]
    answers = reader.burst(SECONDS, names)
    assert [answer["name"] for answer in answers] == names
    assert [answer for answer in answers if not answer.get("answer", "").startswith("InvalidDocument: ")] == []


@pytest.mark.parametrize("workbooks", [True, False])  # two, so that one worker has not all of the longest test
def test_what_is_just_within_the_limits_fits_into_memory(reader: Reader, workbooks: bool) -> None:
    names = [name for name in LARGEST if name.startswith("xlsx") == workbooks]
    answers = reader.burst(LARGEST_SECONDS, [f"largest-{name}" for name in names])
    assert len(answers) == len(names) >= 3
    assert [one for one in answers if not one.get("answer", "").startswith(("InvalidDocument: ", "read"))] == []


def test_a_reader_that_takes_too_much_is_ended(reader: Reader) -> None:
    """The bounds are real: the largest workbook needs more than a hundredth of a second."""
    (answer,) = reader.burst(0.01, ["largest-xlsx"])
    assert answer.get("ended", 0) < 0
