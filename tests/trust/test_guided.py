"""What stands between our targets and libFuzzer, without either: `make fuzz-coverage` runs them together."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest

pytest.importorskip("grpc", reason="needs the extra `fabric`")

from tests.trust.fuzz.guided import Reached, reached
from tests.trust.fuzz.libfuzzer import mutator

SAID = """INFO: seed corpus: files: 9 min: 162b max: 2403b total: 11110b rss: 124Mb
#8\tpulse  cov: 101 ft: 102 corp: 3/99b exec/s: 0 rss: 124Mb
#10\tINITED cov: 142 ft: 210 corp: 5/5636b exec/s: 0 rss: 124Mb
#11\tNEW    cov: 162 ft: 236 corp: 6/6959b lim: 262144 exec/s: 0 rss: 124Mb L: 1323/2403 MS: 1 Custom-
"""
DONE = """#15975\tDONE   cov: 298 ft: 820 corp: 99/628Kb lim: 262144 exec/s: 998 rss: 133Mb
Done 15975 runs in 16 second(s)
stat::number_of_executed_units: 15975
"""
RAISED = """
 === Uncaught Python exception: ===
KeyError: 'an error that no caller expects'
Traceback (most recent call last):
  File "targets.py", line 7, in fragile
KeyError: 'an error that no caller expects'

==6400== ERROR: libFuzzer: fuzz target exited
SUMMARY: libFuzzer: fuzz target exited
artifact_prefix='fuzz-failures/json-'; Test unit written to fuzz-failures/json-crash-0ade7c2c
stat::number_of_executed_units: 12
"""
HUNG = """==8064== ERROR: libFuzzer: timeout after 60 seconds
artifact_prefix='fuzz-failures/json-'; Test unit written to fuzz-failures/json-timeout-4fd359b5
SUMMARY: libFuzzer: timeout
"""


def test_a_run_to_the_end_says_what_it_reached() -> None:
    found = reached("json", SAID + DONE, code=0)
    assert found == Reached("json", 15975, edges=(142, 298), features=(210, 820), corpus=99, failure=None)
    assert str(found).endswith("15975 inputs, edges 142 -> 298, features 210 -> 820, 99 kept")


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        (RAISED, ["KeyError: 'an error that no caller expects'", "fuzz-failures/json-crash-0ade7c2c"]),
        (HUNG, ["timeout", "fuzz-failures/json-timeout-4fd359b5"]),
        ("ModuleNotFoundError: No module named 'eximledger'", ["ModuleNotFoundError"]),
    ],
    ids=["raised", "hung", "never began"],
)
def test_a_failure_names_the_error_and_the_input(printed: str, said: Sequence[str]) -> None:
    found = reached("json", SAID + printed, code=77)
    assert found.failure is not None
    assert all(part in found.failure for part in said)


def test_inputs_are_changed_by_libfuzzer_and_by_us() -> None:
    """More often by us, and never to more than libFuzzer has room for."""

    def longer(_chance: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
        return data + seeds[0]

    another = mutator(lambda data, size: b"libFuzzer"[:size], [b"seed"], [longer])
    made = [another(b"input ", 13, seed) for seed in range(200)]
    assert 10 < made.count(b"libFuzzer") < 60
    assert set(made) == {b"libFuzzer", b"input seed", b"input seedsee"}
    assert made == [another(b"input ", 13, seed) for seed in range(200)], "the same seed makes the same input"
