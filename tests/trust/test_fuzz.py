"""Wrong input of every kind, to every reader: documents or a typed error, whatever comes.

The same inputs on every machine, a few seconds of them; `make fuzz` goes on from there with new ones.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("grpc", reason="needs the extra `fabric`")

from tests.trust.fuzz.calls import EXIM, called, calls, decode_call
from tests.trust.fuzz.campaign import campaign, failure_of
from tests.trust.fuzz.golden import NETWORK, golden
from tests.trust.fuzz.mutation import mutated
from tests.trust.fuzz.targets import FOUND, TARGETS, Target

from eximledger.proof import verify_proof
from hlf_chaincode.canonical import canonical_json
from hlf_client.errors import InvalidDocument

SEED = 20260420
INPUTS = 10
"""For each of a target's shares."""

pytestmark = pytest.mark.filterwarnings("ignore:Parsed a serial number")  # of certificates that were changed


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Nothing of the many refusals is logged."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_seed_is_taken(target: Target) -> None:
    """Else the changes would start from what is wrong already, and reach nothing."""
    for seed in target.seeds():
        assert failure_of(target, seed) is None


def test_every_function_is_called() -> None:
    """A new one makes this fail until somebody has given a good call of it."""
    functions = {f"{name}:{each}" for name, contract in EXIM.contracts.items() for each in contract.functions}
    assert called() == functions


def test_every_call_has_arguments_that_its_function_takes() -> None:
    """Else what is changed of it would be refused at the door, and exercise nothing."""
    for call in calls():
        decode_call(call)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_changed_inputs_are_read_or_refused(target: Target, tmp_path: Path) -> None:
    outcome = campaign(target, seed=SEED, inputs=INPUTS * target.share, folder=tmp_path / "failures")
    assert not outcome.failures, "\n".join(map(str, outcome.failures))
    assert outcome.inputs == INPUTS * target.share


@pytest.mark.parametrize("path", sorted(FOUND.iterdir()), ids=lambda path: path.name)
def test_what_was_found_stays_mended(path: Path) -> None:
    named = {target.name: target for target in TARGETS}
    target = named[next(name for name in named if path.name.startswith(f"{name}-"))]
    error = failure_of(target, path.read_bytes())
    if error is not None:
        raise error


def test_an_orderers_signature_stands_in_a_proof_once() -> None:
    """Said a hundred times it proved no more, and made another file of the same proof."""
    content = json.loads(golden().proof)
    content["block"]["signatures"] *= 2
    with pytest.raises(InvalidDocument, match="stands there twice"):
        verify_proof(canonical_json(content) + b"\n", NETWORK)


def test_a_failure_is_found_and_kept(tmp_path: Path) -> None:
    """The campaign itself can fail."""

    def fragile(data: bytes) -> None:
        if b"9999" in data:
            raise KeyError("an error that no caller expects")

    target = Target("fragile", fragile, lambda: [b"a:1\n"], TARGETS[0].ways)
    outcome = campaign(target, seed=1, inputs=3000, folder=tmp_path)
    (failure,) = outcome.failures
    assert isinstance(failure.error, KeyError)
    assert b"9999" in failure.path.read_bytes()
    assert "seed 1" in str(failure)


def test_an_input_that_takes_too_long_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.trust.fuzz.campaign.SECONDS", 0.05)

    def endless(_data: bytes) -> None:
        while True:
            pass

    error = failure_of(Target("endless", endless, lambda: [b""], ()), b"")
    assert type(error).__name__ == "TooSlow"


def test_the_same_seed_gives_the_same_inputs() -> None:
    target = TARGETS[0]
    first, second = (
        [mutated(Random(f"1-{number}"), target.seeds(), target.ways) for number in range(50)] for _ in range(2)
    )
    assert first == second
    assert len(set(first)) > 40
