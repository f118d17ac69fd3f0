"""How the whole suite draws its examples, and the HSM that it signs with.

`make test` draws the same examples on every machine, so that a change is judged by what it changes. `make trust`, and
HYPOTHESIS_PROFILE=search with any run of pytest, draw new ones each time and remember what failed.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings
from tests.softhsm import SoftHsm

settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "search" if os.environ.get("EXIM_TRUST") else "suite"))


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> SoftHsm:
    """A token for this process, empty at first."""
    return SoftHsm(tmp_path_factory.mktemp("hsm"))
