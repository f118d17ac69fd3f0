"""The members and their people on a running network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self

from tests.fabric.people import Person
from tests.fabric.servers import Servers

from eximledger.testing import authority_certificate
from eximledger_chaincode.contracts import BANK, CUSTOMS, FX
from eximledger_network import default_consortium
from hlf_client.admin.signatory import MspSignatory
from hlf_network._session import Session
from hlf_network.consortium import Consortium, ServerPlace
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.engine.ports import PortBook
from hlf_network.progress import Recorder

__all__ = ["Members", "host_consortium"]

CHANNELS = (CUSTOMS, FX, BANK)


def host_consortium(name: str, **changes: object) -> Consortium:
    """The default consortium whose chaincode servers run on this host."""
    consortium = default_consortium()
    assert consortium.chaincode is not None
    chaincode = consortium.chaincode.model_copy(update={"server": ServerPlace.HOST})
    return consortium.model_copy(update={"name": name, "chaincode": chaincode, **changes})


@dataclass(frozen=True)
class Members:
    """Everybody's certificates and every peer, as a test needs them; nobody has all of these."""

    network: Network
    servers: Servers
    session: Session

    @classmethod
    @contextmanager
    def of(cls, network: Network, servers: Servers) -> Iterator[Self]:
        engine = Engine.connect(network.consortium.name)
        ports = PortBook.open(network.layout.ports, network.consortium)
        try:
            with Session(network.consortium, network.layout, ports, engine, Recorder()) as session:
                yield cls(network, servers, session)
        finally:
            engine.close()

    def person(self, organization: str, user: str = "") -> Person:
        """One of an organisation's people, its first user unless named."""
        owner = self.network.consortium.organization(organization)
        user = user or owner.users[0].name
        signatory = MspSignatory.load(owner.msp, self.network.layout.user(owner, user) / "msp")
        chaincode = self.network.consortium.chaincode
        return Person(self.session, organization, signatory, chaincode.name if chaincode else "")

    @property
    def roles(self) -> list[dict[str, object]]:
        """What `consortium:configure` takes; SAFE runs the exporters' authority of tests."""
        return [
            {"msp_id": member.msp, "name": member.title or member.name, "role": member.role}
            | ({"exporters_authority": [authority_certificate()]} if member.name == "safe" else {})
            for member in self.network.consortium.organizations
        ]

    def configure(self) -> None:
        """Found the consortium on every channel."""
        safe = self.person("safe")
        for channel in CHANNELS:
            endorsers = ("eximbank", "safe") if channel == BANK else ()
            outcome = safe.submit(channel, "consortium:configure", self.roles, endorsers=endorsers)
            safe.wait_until_known(outcome, *self.on(channel))

    def on(self, channel: str) -> tuple[str, ...]:
        """The organisations on a channel."""
        found = {each.name: each.members for each in self.network.consortium.channels}
        return found[channel]
