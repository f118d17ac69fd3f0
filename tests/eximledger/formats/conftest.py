"""Real samples stand beside the checkout; tests on them are skipped where they are absent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from eximledger.formats import Cause, Reading

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"


@pytest.fixture
def sample() -> Callable[[str], Path]:
    """The path of a published sample by its folder and name."""

    def find(name: str) -> Path:
        path = SAMPLES / name
        if not path.exists():
            pytest.skip(f"the samples are not here: {name}")
        return path

    return find


@pytest.fixture
def data() -> Path:
    """The folder of this project's own sample files."""
    return Path(__file__).parent / "data"


@pytest.fixture
def not_modelled() -> Callable[[Reading], list[str]]:
    """The paths of a reading that hold data without a field, and assert that nothing else is left."""

    def paths(reading: Reading) -> list[str]:
        assert {entry.cause for entry in reading.unmapped} <= {Cause.NOT_MODELLED}
        return [entry.path for entry in reading.unmapped]

    return paths
