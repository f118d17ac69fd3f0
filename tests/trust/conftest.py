"""What the trust suite runs on: the ledgers, the sizes, and the seed of everything that is left to chance."""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from tests.trust.adversary.people import BANKS, PEOPLE, user_attributes
from tests.trust.faults import Targets
from tests.trust.fields import Field, field_of_embedded, field_on_fabric

from eximledger.testing import LedgerNetwork
from eximledger_network import default_consortium
from hlf_network.consortium import Consortium, User
from hlf_network.driver import Network
from hlf_network.testing import missing_for, running_network

FABRIC = pytest.mark.fabric


@pytest.fixture
def seed(is_long: bool) -> int:
    """EXIM_SEED, or one for all commits; `make trust` draws a new one each time. pytest shows it when a test fails."""
    given = os.environ.get("EXIM_SEED")
    chosen = int(given) if given else random.SystemRandom().randrange(10**9) if is_long else 20260420
    print(f"EXIM_SEED={chosen} repeats this run")  # noqa: T201
    return chosen


def trust_consortium() -> Consortium:
    """The default consortium under a name of its own, with everybody at the banks whom the adversary plays."""
    consortium = default_consortium()
    fabric = os.environ.get("EXIM_FABRIC", consortium.fabric)
    organizations = tuple(
        owner.model_copy(update={"users": _people(owner.domain)}) if owner.name in BANKS else owner
        for owner in consortium.organizations
    )
    return consortium.model_copy(update={"name": "exim-fire-test", "fabric": fabric, "organizations": organizations})


def _people(domain: str) -> tuple[User, ...]:
    """An `admin` is always made."""
    people = (person for person in PEOPLE if person.user != "admin")
    return tuple(User(name=each.user, attributes=user_attributes(each, domain)) for each in people)


@pytest.fixture(scope="session")
def fabric(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    """The consortium on real Fabric, each member's chaincode server in a container; once for the session."""
    consortium = trust_consortium()
    if reason := missing_for(consortium):
        pytest.skip(reason)
    with running_network(consortium, tmp_path_factory.mktemp("fire")) as network:
        yield network


@pytest.fixture
def targets(fabric: Network) -> Iterator[Targets]:
    with Targets.of(fabric) as found:
        yield found


@pytest.fixture(scope="session")
def serials() -> Iterator[int]:
    """Serial numbers of exports: each once, for all tests that share a network."""
    return itertools.count(1)


@pytest.fixture(params=["embedded", pytest.param("fabric", marks=FABRIC)])
async def field(
    request: pytest.FixtureRequest, tmp_path: Path, exim_network_factory: Callable[..., LedgerNetwork]
) -> AsyncIterator[Field]:
    """The embedded ledger in a file, then real Fabric."""
    if request.param == "embedded":
        yield await field_of_embedded(exim_network_factory, tmp_path / "fire.db")
        return
    async with field_on_fabric(request.getfixturevalue("fabric")) as found:
        yield found
