"""What became of the mutants: a file beside this one for each module, in it a line for each function.

`Claim.open 5f0c2a91 kkks.k` are six mutants in the order of the source: three killed, one that survived, one not run,
one killed. The second word is a digest of what they change: a line tells of a function for as long as it has the same
mutants, wherever the function moves to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, Literal, get_args

from tests.trust.mutation.operators import Mutant

__all__ = ["RESULTS", "Result", "Results"]

Result = Literal["killed", "survived", "unreached", "undecided"]
"""What became of one mutant. Unreached: no test runs the statement. Undecided: the clock on the wall ran out, or the
run itself broke."""

RESULTS: Final = Path(__file__).with_name("results")

_NOT_RUN: Final = "."
_LETTERS: Final[Mapping[str, str]] = {result: result[0] for result in get_args(Result)} | {"undecided": "?"}
_RESULTS: Final[Mapping[str, Result]] = {_LETTERS[result]: result for result in get_args(Result)}


class Results:
    """The results of one module's mutants, read from its file; each that is told is in the file before `tell` returns,
    so that a run which is ended keeps what it came to."""

    def __init__(self, folder: Path, module: str, mutants: Sequence[Mutant]) -> None:
        self._file = folder / f"{module}.txt"
        self._mutants = mutants
        self._functions = _functions(mutants)
        self._told: list[Result | None] = [None] * len(mutants)
        lines = [line.split() for line in self._file.read_text().splitlines()] if self._file.exists() else []
        for function, digest, letters in lines:
            places = self._functions.get(function, ())
            if digest == self._digest(places):
                for place, letter in zip(places, letters, strict=True):
                    self._told[place] = _RESULTS.get(letter)

    def __getitem__(self, place: int) -> Result | None:
        """What became of one mutant; None where it was not run."""
        return self._told[place]

    def tell(self, place: int, result: Result) -> None:
        """Keep what became of one mutant."""
        self._told[place] = result
        lines = [
            f"{function} {self._digest(places)} {''.join(_letter(self._told[each]) for each in places)}\n"
            for function, places in sorted(self._functions.items())
            if any(self._told[each] for each in places)
        ]
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_suffix(".part")
        draft.write_text("".join(lines))
        draft.replace(self._file)

    def _digest(self, places: Sequence[int]) -> str:
        changes = "\n".join(self._mutants[place].change for place in places)
        return sha256(changes.encode()).hexdigest()[:8]


def _letter(result: Result | None) -> str:
    return _NOT_RUN if result is None else _LETTERS[result]


def _functions(mutants: Sequence[Mutant]) -> Mapping[str, Sequence[int]]:
    """The places of each function's mutants among those of its module."""
    found: dict[str, list[int]] = {}
    for place, mutant in enumerate(mutants):
        found.setdefault(mutant.function or "module", []).append(place)
    return found
