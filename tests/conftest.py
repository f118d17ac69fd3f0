"""How the whole suite draws its examples, and the HSM that it signs with.

`make test` draws the same examples on every machine, so that a change is judged by what it changes. `make trust`, and
HYPOTHESIS_PROFILE=search with any run of pytest, draw new ones each time and remember what failed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from tests.hlf_client.ca.servers import RunningCa, real_ca, real_server, stand_in
from tests.softhsm import SoftHsm
from xdist.remote import Producer  # type: ignore[import-untyped]  # it has no types
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

TESTS = Path(__file__).parent
ALONE = frozenset({"fabric/test_demo.py", "fabric/gateway/test_mutual_tls.py", "hlf_network/test_fabric_raft.py"})
"""Modules with a network of their own, beside the one that their folder shares."""

os.environ["TZ"] = "UTC"  # what people read is in the zone of their machine
time.tzset()

settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "search" if os.environ.get("EXIM_TRUST") else "suite"))


class ByNetwork(LoadScopeScheduling):  # type: ignore[misc]
    """Tests on one Fabric network go to one process: which network that is, their place says."""

    def _split_scope(self, nodeid: str) -> str:
        place = Path(nodeid.partition("::")[0]).relative_to(TESTS.name)
        return (place if place.as_posix() in ALONE else place.parent).as_posix()


@pytest.hookimpl(optionalhook=True)  # there is none where xdist is switched off
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByNetwork | None:
    """For `--dist loadscope`, as the tests on Fabric are run in several processes."""
    return ByNetwork(config, log) if config.getoption("dist") == "loadscope" else None


@pytest.fixture(scope="session")
def is_long() -> bool:
    """Whether the sizes are those of the claim (`make trust`), not those of every commit."""
    return bool(os.environ.get("EXIM_TRUST"))


@pytest.fixture(scope="session")
def softhsm(tmp_path_factory: pytest.TempPathFactory) -> SoftHsm:
    """A token for this process, empty at first."""
    return SoftHsm(tmp_path_factory.mktemp("hsm"))


@pytest.fixture(scope="module", params=["stand-in", "fabric-ca-server"])
def fabric_ca(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCa]:
    """A stand-in of the documented interface, and the real server where it is there."""
    if request.param == "stand-in":
        with stand_in() as found:
            yield found
        return
    program = real_server()
    if program is None:
        pytest.skip("fabric-ca-server is not on the PATH, nor named by HLF_FABRIC_CA_SERVER")
    with real_ca(program, tmp_path_factory.mktemp("fabric-ca")) as found:
        yield found
