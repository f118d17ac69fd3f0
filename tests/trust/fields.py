"""The ledgers that are put under fire: the embedded one in a file, and real Fabric."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.trust.consent import authorise, require_authority
from tests.trust.exports import exporter, file_standing_papers, today_in_china
from tests.trust.invariants import assert_members_agree
from tests.trust.load import BANKS, Connect

from eximledger import connect
from eximledger.desk import LoanDesk
from eximledger.testing import LedgerNetwork
from hlf_client import Ledger, verify
from hlf_network.driver import Network

__all__ = ["EXPORTERS", "Field", "field_of_embedded", "field_on_fabric"]

MEMBERS: Final = (*BANKS, "safe", "customs")
EXPORTERS: Final = 8
"""Exporters that SAFE has classified: that many clients lend without changing each other's evidence."""


@dataclass(frozen=True)
class Field:
    """A ledger with the papers on it that every case reads."""

    kind: str
    url: str
    """What `eximledger.connect` opens, in another process too."""
    connect: Connect
    """Opens a connection by name; it is closed with the field."""
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
        """What every case reads, and each exporter's word that both banks may read what there is of it."""
        await file_standing_papers(self.connect("safe"), map(exporter, range(EXPORTERS)), today_in_china())
        await require_authority([LoanDesk(self.connect(member)) for member in MEMBERS])
        for bank in BANKS:
            await authorise(LoanDesk(self.connect(bank)), map(exporter, range(EXPORTERS)), today_in_china())


async def field_of_embedded(make: Callable[..., LedgerNetwork], path: Path) -> Field:
    """A new ledger in a file, prepared."""
    network = make(path)
    field = Field("embedded", network.url, network.connect, network)
    await field.prepare()
    return field


@asynccontextmanager
async def field_on_fabric(network: Network) -> AsyncIterator[Field]:
    """A running network, prepared; filing what is there already changes nothing."""
    profiles = network.layout.root / "profiles"
    async with AsyncExitStack() as stack:

        def opened(name: str) -> Ledger:
            ledger = connect(profiles, name)
            stack.push_async_callback(ledger.close)
            return ledger

        field = Field("fabric", str(profiles), opened)
        await field.prepare()
        yield field
