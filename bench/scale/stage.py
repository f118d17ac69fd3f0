"""The consortium that is measured: four members, chaincode servers on the host, exporters who consent."""

from __future__ import annotations

import asyncio
import math
import os
import platform
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from tests.fabric.consortium import Members, host_consortium
from tests.fabric.servers import Servers
from tests.fabric.trade import open_day
from tests.trust.exports import classification, exporter, rates_on, today_in_china
from tests.trust.load import BANKS

from bench.scale.figures import Founding
from bench.scale.usage import Usage, spent
from eximledger.desk import LoanDesk
from eximledger.testing import signed_authorisation
from hlf_chaincode.protos.common.ledger_pb2 import BlockchainInfo
from hlf_client import Ledger
from hlf_client.gateway import GatewayLedger, Profile
from hlf_client.gateway._turns import AT_ONCE
from hlf_network.consortium import Batch, Consortium
from hlf_network.driver import Network
from hlf_network.engine.docker import Engine
from hlf_network.testing import running_network

__all__ = ["Stage", "in_turns", "machine", "open_stage", "scale_consortium"]

NAME: Final = "exim-scale-bench"
FACTORY: Final = "bench.scale.contract:served"
_AT_ONCE: Final = 16
_AT_REST: Final = 0.25
"""Of a core, all peers together; an idle network takes a fifth of that."""


def scale_consortium(fabric: str, batch: Batch) -> Consortium:
    """The default consortium, with this batch on every channel."""
    made = host_consortium(NAME, fabric=fabric)
    channels = tuple(each.model_copy(update={"batch": batch}) for each in made.channels)
    return made.model_copy(update={"channels": channels})


def machine() -> str:
    """What is measured on."""
    return (
        f"{os.cpu_count()} cores {platform.machine()}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} before"
    )


@dataclass
class Stage:
    """The running network, with a connection for each certificate."""

    network: Network
    members: Members
    servers: Servers
    usage: Usage
    folder: Path
    at_once: int = AT_ONCE
    _open: dict[str, Ledger] = field(default_factory=dict)

    def connect(self, name: str) -> Ledger:
        """One connection for all who act by the certificate of `member` or `member/user`."""
        if name not in self._open:
            member, _, user = name.partition("/")
            profile = Profile.find(self.profiles, member)
            identity = profile.identity(user or profile.default_user)
            self._open[name] = GatewayLedger.connect(profile, identity, chaincode="exim", at_once=self.at_once)
        return self._open[name]

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """For the length of one event loop."""
        try:
            yield
        finally:
            for ledger in self._open.values():
                await ledger.close()
            self._open.clear()

    @property
    def profiles(self) -> Path:
        return self.network.layout.root / "profiles"

    def who(self, member: str, user: str) -> dict[str, str]:
        """How a client in any language acts as a member's user at its own peer."""
        layout = self.network.layout
        owner = self.network.consortium.organization(member)
        peer = Profile.read(layout.profile(owner, "json")).endpoints()[0]
        roots = self.folder / f"{member}-roots.pem"
        roots.write_bytes(layout.tls_authorities(owner))
        msp = layout.user(owner, user) / "msp"
        return {
            "address": peer.address,
            "host": peer.host,
            "roots": str(roots),
            "msp": owner.msp,
            "certificate": str(msp / "signcerts/cert.pem"),
            "key": str(msp / "keystore/key.pem"),
        }

    async def settle(self, *channels: str) -> None:
        """Until every member's peer has every block of these channels."""
        for channel in channels:
            deadline = time.monotonic() + 600
            while len(set(await asyncio.to_thread(self.heights, channel))) > 1:
                assert time.monotonic() < deadline, f"peers of {channel} do not come together"
                await asyncio.sleep(0.1)

    async def rest(self) -> None:
        """Until peers have come to rest: their stores go on putting files in order after what was written is there."""
        deadline, used = time.monotonic() + 600, math.inf
        while used > _AT_REST:
            assert time.monotonic() < deadline, "peers do not come to rest"
            before, begun = self.usage.cpu(), time.monotonic()
            await asyncio.sleep(1)
            used = spent(before, self.usage.cpu())["peers"] / (time.monotonic() - begun)

    def heights(self, channel: str) -> list[int]:
        return [self.height(member, channel) for member in self.members.on(channel)]

    def height(self, member: str, channel: str) -> int:
        """How many blocks a member's peer has of a channel."""
        session = self.members.session
        owner = session.consortium.organization(member)
        peer = session.peer(owner, owner.peers[0])
        answer = peer.query(session.admin(owner), channel, "qscc", b"GetChainInfo", channel.encode())
        return int(BlockchainInfo.FromString(answer).height)


@contextmanager
def open_stage(consortium: Consortium, exporters: int, workers: int) -> Iterator[tuple[Stage, Founding]]:
    """Bring all up, each chaincode server with so many processes; it goes away at the end, whatever happens."""
    os.environ |= {"CHAINCODE_LOG_LEVEL": "warning", "CHAINCODE_WORKERS": str(workers)}
    begun = time.perf_counter()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with running_network(consortium, folder / "network") as network:
            up = time.perf_counter() - begun
            servers, engine = Servers(network, folder), Engine.connect(consortium.name)
            try:
                servers.run_all(FACTORY)
                with Members.of(network, servers) as members:
                    members.configure()
                    open_day(members)
                    processes = {each.name: servers.process(each.name).pid for each in consortium.organizations}
                    stage = Stage(network, members, servers, Usage(engine, processes), folder)
                    asyncio.run(_prepare(stage, exporters))
                    batch = consortium.channels[0].batch
                    said = f"{batch.timeout}, {batch.messages} transactions or {batch.preferred_bytes}"
                    ready = time.perf_counter() - begun
                    yield (
                        stage,
                        Founding(
                            fabric=consortium.fabric,
                            batch=said,
                            up_seconds=round(up, 2),
                            ready_seconds=round(ready, 2),
                            exporters=exporters,
                            workers=workers,
                        ),
                    )
            finally:
                servers.stop_all()
                engine.close()


async def _prepare(stage: Stage, exporters: int) -> None:
    """Rates, each exporter's class, and its word that its bank may read what there is of it."""
    async with stage.connected():
        day, safe = today_in_china(), LoanDesk(stage.connect("safe"))
        parties = [exporter(number) for number in range(exporters)]
        await safe.file(
            [*rates_on(day - timedelta(days=12)), *rates_on(day), *(classification(party) for party in parties)]
        )
        desks = [LoanDesk(stage.connect(bank)) for bank in BANKS]
        codes = [party.uscc or "" for party in parties]

        async def consent(number: int) -> None:
            desk = desks[number % len(desks)]
            await desk.authorise(signed_authorisation(codes[number], desk.ledger.msp_id, day))

        await in_turns(exporters, consent, _AT_ONCE)
        await stage.settle("customs", "fx", "bank")


async def in_turns(count: int, call: Callable[[int], Awaitable[object]], at_once: int) -> None:
    """`call` for each number below `count`, so many at a time."""
    numbers = iter(range(count))

    async def work() -> None:
        for number in numbers:
            await call(number)

    await asyncio.gather(*(work() for _ in range(at_once)))
