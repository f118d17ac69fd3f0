"""A consortium for tests: connections for any member's user, closed together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eximledger.identity import Identity
from eximledger.ledger.embedded import (
    DEFAULT_CONSORTIUM,
    Clock,
    ConsortiumDefinition,
    EmbeddedLedger,
    EmbeddedNetwork,
    utc_now,
)
from eximledger_chaincode.contract import Chaincode

__all__ = ["LedgerNetwork"]


class LedgerNetwork:
    """An embedded ledger with the default consortium, or another; in memory unless a path is given.

    async def test_something(exim_network):
        bank = exim_network.connect("eximbank")
        await bank.submit("bank", "loans:apply", application)
    """

    def __init__(
        self,
        path: Path | None = None,
        *,
        strict: bool = False,
        clock: Clock = utc_now,
        definition: ConsortiumDefinition = DEFAULT_CONSORTIUM,
        chaincodes: Sequence[Chaincode] | None = None,
    ) -> None:
        self._network = EmbeddedNetwork.open(
            path, strict=strict, clock=clock, definition=definition, chaincodes=chaincodes
        )
        self._definition = definition

    @property
    def path(self) -> Path:
        """The ledger's file."""
        return self._network.storage.path

    @property
    def url(self) -> str:
        """What `connect` and the command line take: the same ledger, opened once more."""
        return f"embedded:{self.path}"

    def identity(self, name: str) -> Identity:
        """`member` or `member/user`."""
        member, _, user = name.partition("/")
        return self._network.identity(member, user or self._definition.organization(member).default_user)

    def connect(self, identity: Identity | str, *, chaincode: str = "exim") -> EmbeddedLedger:
        """A connection in the name of `member`, `member/user` or an identity; it needs not be closed."""
        who = self.identity(identity) if isinstance(identity, str) else identity
        return EmbeddedLedger(self._network, who, chaincode=chaincode)

    async def finish(self) -> None:
        """Write what waits on the running event loop and let go of its writer; others go on."""
        await self._network.finish()

    def close(self) -> None:
        """Close every connection, when nothing is at work any more."""
        self._network.close_now()
