"""The default consortium on real Fabric, each member with its own chaincode server on this host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.fabric.consortium import Members, host_consortium
from tests.fabric.scene import HOSTILE, Scene, prepare_scene
from tests.fabric.servers import EXIM, Servers
from tests.fabric.trade import lend_earlier

from eximledger_chaincode.rules import Decision, Verdict
from hlf_network.testing import missing_for, running_network


@pytest.fixture(scope="session")
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Members]:
    """The exim chaincode on all three channels, the consortium configured, no papers yet."""
    consortium = host_consortium("exim-shim-test")
    reason = missing_for(consortium)
    if reason:
        pytest.skip(reason)
    with running_network(consortium, tmp_path_factory.mktemp("shim")) as network:
        servers = Servers(network, tmp_path_factory.mktemp("logs"))
        try:
            servers.run_all()
            with Members.of(network, servers) as members:
                members.configure()
                yield members
        finally:
            servers.stop_all()


@pytest.fixture(scope="session")
def lent(members: Members) -> Verdict:
    """Everybody's papers are filed and tradebank has lent on one of the declarations; that loan's verdict."""
    return lend_earlier(members)


@pytest.fixture(scope="session")
def honest_scene(members: Members, lent: Verdict) -> Scene:
    """A victim and a robber who has not begun yet."""
    assert lent.verdict is Decision.APPROVE
    return prepare_scene(members)


@pytest.fixture(scope="module")
def scene(honest_scene: Scene) -> Iterator[Scene]:
    """The robber's server runs hostile chaincode."""
    servers = honest_scene.members.servers
    servers.run("tradebank", HOSTILE)
    try:
        yield honest_scene
    finally:
        servers.run("tradebank", EXIM)
