"""`python -m tests.trust.fuzz.libfuzzer TARGET SEEDS CORPUS [OPTION...]`: one target in the hands of atheris.

atheris counts the branches that an input takes in our modules, and libFuzzer below it goes on from every input that
took a new one. It ends at the first failure. The options are libFuzzer's; `guided` gives them and reads what it prints.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Final, Protocol, TypeAlias, cast

from tests.trust.fuzz.mutation import Way, changed

__all__ = ["Mutate", "Mutator", "mutator"]

Mutate: TypeAlias = Callable[[bytes, int], bytes]
"""libFuzzer's own change of an input, to at most so many bytes. It puts in what the readers compared with."""
Mutator: TypeAlias = Callable[[bytes, int, int], bytes]
"""An input, the most bytes that another may have, and what chance begins with."""

INSTRUMENTED: Final = ("eximledger", "eximledger_chaincode", "hlf_network", "openpyxl", "stdnum", "zipfile")
"""Ours, and what reads for us in Python: expat, YAML, JSON and protobuf messages are read in C."""

LIBFUZZERS: Final = 0.15
"""The share of libFuzzer's own changes. More of them, and most of XML and workbooks is broken before it is read."""


class Atheris(Protocol):
    """What is used of atheris, which has no types and is not installed where the types are checked."""

    Mutate: Mutate

    def instrument_imports(self, include: Sequence[str]) -> AbstractContextManager[object]: ...

    def Setup(  # noqa: N802
        self, arguments: list[str], run: Callable[[bytes], None], *, custom_mutator: Mutator
    ) -> object: ...

    def Fuzz(self) -> object: ...  # noqa: N802


def main(name: str, folder: Path, arguments: list[str]) -> None:
    """`folder`: where this process writes its seeds. Signed ones are made anew each time, so the corpus has none."""
    atheris = cast("Atheris", import_module("atheris"))
    with atheris.instrument_imports(INSTRUMENTED):
        from tests.trust.fuzz.campaign import failure_of
        from tests.trust.fuzz.targets import FOUND, TARGETS
    target = next(each for each in TARGETS if each.name == name)
    seeds = [*target.seeds(), *(path.read_bytes() for path in FOUND.glob(f"{name}-*"))]
    for number, seed in enumerate(seeds):
        (folder / f"{number:03}").write_bytes(seed)

    def judge(data: bytes) -> None:
        error = failure_of(target, data)
        if error is not None:
            raise error

    def mutate(data: bytes, size: int) -> bytes:
        return atheris.Mutate(data, size)  # looked up when it is called: `Fuzz` puts another in its place

    logging.disable(logging.CRITICAL)
    atheris.Setup([sys.argv[0], *arguments, str(folder)], judge, custom_mutator=mutator(mutate, seeds, target.ways))
    atheris.Fuzz()


def mutator(mutate: Mutate, seeds: Sequence[bytes], ways: Sequence[Way]) -> Mutator:
    """Ours, which know the structure, and now and then libFuzzer's, which knows what was compared but breaks it."""

    def another(data: bytes, size: int, seed: int) -> bytes:
        chance = Random(seed)
        if chance.random() < LIBFUZZERS:
            return mutate(data, size)
        return changed(chance, data, seeds, ways)[:size]

    return another


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
