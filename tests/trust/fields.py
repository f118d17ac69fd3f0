"""The ledgers that are put under fire: the embedded one in a file, and real Fabric."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.trust.exports import exporter, file_standing_papers
from tests.trust.invariants import assert_members_agree
from tests.trust.load import BANKS, Connect

from eximledger import connect
from eximledger.testing import LedgerNetwork
from hlf_chaincode.protos.common.common_pb2 import ChannelHeader
from hlf_client import Ledger, verify
from hlf_client.wire import messages
from hlf_network.driver import Network

__all__ = ["EXPORTERS", "Field", "field_of_embedded", "field_on_fabric"]

MEMBERS: Final = (*BANKS, "safe", "customs")
EXPORTERS: Final = 8
"""Exporters that SAFE has classified: that many clients lend without changing each other's evidence."""


class AheadClock:
    """The time of this host, and as much more as a test has let pass."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, by: timedelta) -> None:
        self._ahead += by


@dataclass(frozen=True)
class Field:
    """A ledger with the papers on it that every case reads."""

    kind: str
    url: str
    """What `eximledger.connect` opens, in another process too."""
    connect: Connect
    """Opens a connection by name; it is closed with the field."""
    clock: AheadClock
    """The time of what its connections propose."""
    embedded: LedgerNetwork | None = None

    async def settle(self) -> None:
        """Until every member's peer has every block. A client's step is acknowledged by its own bank's peer; another
        member's may be some blocks behind, and who judges asks that one."""
        await assert_members_agree([self.connect(member) for member in MEMBERS])

    async def assert_sound(self) -> None:
        """Every block of an embedded ledger, from the first on, is what it was; Fabric's peers see to that."""
        if self.embedded is not None:
            await self.embedded.finish()
            report = verify(self.embedded.path)
            assert report.is_good, report.problems

    async def prepare(self) -> None:
        banks = [self.connect(bank) for bank in BANKS]
        await file_standing_papers(self.connect("safe"), banks, map(exporter, range(EXPORTERS)))


async def field_of_embedded(make: Callable[..., LedgerNetwork], path: Path) -> Field:
    """A new ledger in a file, prepared."""
    clock = AheadClock()
    network = make(path, clock=clock)
    field = Field("embedded", network.url, network.connect, clock, network)
    await field.prepare()
    return field


@asynccontextmanager
async def field_on_fabric(network: Network) -> AsyncIterator[Field]:
    """A running network, prepared; filing what is there already changes nothing."""
    profiles, clock = network.layout.root / "profiles", AheadClock()
    async with AsyncExitStack() as stack:
        stack.enter_context(_proposing_at(clock))

        def opened(name: str) -> Ledger:
            ledger = connect(profiles, name)
            stack.push_async_callback(ledger.close)
            return ledger

        field = Field("fabric", str(profiles), opened, clock)
        await field.prepare()
        yield field


@contextmanager
def _proposing_at(clock: AheadClock) -> Iterator[None]:
    """Proposals of this process bear the clock's time. Peers in production take none that is a quarter of an hour off;
    those of the trust suite are told to, so that a test can come after an expiry."""
    original = messages._channel_header

    def dated(kind: int, channel: str, transaction_id: str) -> ChannelHeader:
        header = original(kind, channel, transaction_id)
        header.timestamp.FromDatetime(clock())
        return header

    messages._channel_header = dated
    try:
        yield
    finally:
        messages._channel_header = original
