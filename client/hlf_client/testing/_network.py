"""A consortium for tests: connections for any member's user, closed together."""

from __future__ import annotations

from pathlib import Path

from hlf_client._clock import Clock, utc_now
from hlf_client.embedded import EmbeddedLedger, HostedConsortium, open_network
from hlf_client.identity import Identity

__all__ = ["LedgerNetwork"]


class LedgerNetwork:
    """An embedded ledger of a consortium; in memory unless a path is given. `chaincode` is what connections call.

    network = LedgerNetwork(consortium, chaincode="basic")
    await network.connect("org1/user1").submit("mychannel", "CreateAsset", "asset1", "blue")
    """

    def __init__(
        self,
        consortium: HostedConsortium,
        path: Path | None = None,
        *,
        chaincode: str,
        strict: bool = False,
        clock: Clock = utc_now,
    ) -> None:
        self._network = open_network(path, consortium, strict=strict, clock=clock)
        self._definition = consortium.definition
        self._chaincode = chaincode

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

    def connect(self, identity: Identity | str, *, chaincode: str = "") -> EmbeddedLedger:
        """A connection in the name of `member`, `member/user` or an identity; it needs not be closed."""
        who = self.identity(identity) if isinstance(identity, str) else identity
        return EmbeddedLedger(self._network, who, chaincode=chaincode or self._chaincode)

    async def finish(self) -> None:
        """Write what waits on the running event loop and let go of its writer; others go on."""
        await self._network.finish()

    def close(self) -> None:
        """Close every connection, when nothing is at work any more."""
        self._network.close_now()
