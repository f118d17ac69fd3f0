# Made by tools/async_to_sync.py; do not edit. From client/hlf_client/_connect.py and client/hlf_client/ledger.py.
"""A ledger connection that waits."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from hlf_client._clock import Clock, utc_now
from hlf_client._connect import connect as connect_async
from hlf_client._connect import revoke as revoke_async
from hlf_client.identity import Identity
from hlf_client.ledger import (
    Argument,
    BlockEvent,
    ChaincodeEvent,
    ChannelInfo,
    Checkpoint,
    Commit,
    CommitStatus,
    PreparedTransaction,
    Proposal,
    SubmittedTransaction,
)
from hlf_client.ledger import Ledger as AsyncLedger
from hlf_client.sync._loop import call_on_loop, each, wait_for

if TYPE_CHECKING:
    from hlf_client.embedded import HostedConsortium

__all__ = ["Ledger", "connect", "revoke"]


def connect(
    url: str | Path,
    identity: Identity | str | None = None,
    *,
    chaincode: str,
    consortium: HostedConsortium | None = None,
    clock: Clock = utc_now,
) -> Ledger:
    """A connection in the name of `identity` to one chaincode, to be closed when done (`with connect(...)`).

    `url` is `embedded:PATH[?strict=1]`, `embedded::memory:` (`embedded::memory:NAME` to share one in the process),
    the path of a Fabric connection profile or of a folder of them, or `hfc:PATH` of one, for networks without a
    gateway. `identity` is `member`, `member/user`, or an `Identity`; of a profile's file it may be left out, for the
    profile's own first user. `consortium` and `clock` are an embedded ledger's: what it hosts (a ledger file is made at
    its first use), and the time of its proposals. An embedded ledger is opened, and made, on a thread: the first
    call waits for it and raises what went wrong.

    Raises `InvalidDocument` for an unknown URL, `NotAuthorized` for an unknown identity, `LedgerUnavailable`.
    """
    return Ledger(
        call_on_loop(lambda: connect_async(url, identity, chaincode=chaincode, consortium=consortium, clock=clock))
    )


def revoke(url: str | Path, who: str, *, consortium: HostedConsortium, reissue: bool = False) -> tuple[str, ...]:
    """Declare the certificate of `member/user` void on an embedded ledger; the channels on which it is. With `reissue`
    the user has another, for another key, at once. On Fabric the network driver does this.

    Raises `NotAuthorized` for an unknown user, `LedgerUnavailable` when there is no ledger to be written.
    """
    return wait_for(revoke_async(url, who, consortium=consortium, reissue=reissue))


class Ledger:
    """One member's connection. Any number of threads may use it.

    Raises the contract's typed error (`InvalidDocument`, `NotAuthorized`, `NotFound`, `Conflict`, `Refused`),
    `EndorsementFailed`, `CommitFailed`, or `LedgerUnavailable`. Private values travel in `transient` only.

    `connection` is the asynchronous one, whose calls run on the background loop.
    """

    def __init__(self, connection: AsyncLedger) -> None:
        self.connection = connection

    @property
    def msp_id(self) -> str:
        """The organisation in whose name this connection acts."""
        return self.connection.msp_id

    @property
    def certificate(self) -> bytes:
        """This connection's certificate (PEM)."""
        return self.connection.certificate

    @property
    def certificate_hash(self) -> str:
        """SHA-256 (hex) of this connection's certificate (DER): who acts, as contracts record it."""
        return self.connection.certificate_hash

    @property
    def channels(self) -> Sequence[str]:
        """The channels that this organisation has joined, sorted."""
        return self.connection.channels

    @property
    def clock(self) -> Clock:
        """What gives its proposals their time."""
        return self.connection.clock

    def evaluate(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> bytes:
        """Ask one peer; writes nothing. `function` is `contract:function`."""
        return wait_for(
            self.connection.evaluate(
                channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
            )
        )

    def submit(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Commit:
        """Endorse, order and wait until the transaction is committed. Never repeated behind the caller's back: an
        invalid transaction raises `CommitFailed`."""
        return wait_for(
            self.connection.submit(
                channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
            )
        )

    def propose(
        self,
        channel: str,
        function: str,
        *args: Argument,
        transient: Mapping[str, bytes] | None = None,
        endorsing_organizations: Sequence[str] | None = None,
    ) -> Proposal:
        """An unsigned proposal, to be signed here with `sign` or elsewhere."""
        return self.connection.propose(
            channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
        )

    def sign(self, digest: bytes) -> bytes:
        """Sign a stage's digest with this connection's own key."""
        return wait_for(self.connection.sign(digest))

    def sign_content(self, content: bytes) -> bytes:
        """Sign a stage's content with this connection's own key, of whichever kind it is."""
        return wait_for(self.connection.sign_content(content))

    def evaluate_proposal(self, proposal: Proposal) -> bytes:
        """Ask with a signed proposal."""
        return wait_for(self.connection.evaluate_proposal(proposal))

    def endorse(self, proposal: Proposal) -> PreparedTransaction:
        """Have a signed proposal endorsed."""
        return wait_for(self.connection.endorse(proposal))

    def order(self, transaction: PreparedTransaction) -> SubmittedTransaction:
        """Hand a signed transaction to ordering."""
        return wait_for(self.connection.order(transaction))

    def commit_status(self, transaction: SubmittedTransaction) -> CommitStatus:
        """Wait until the transaction is in a block."""
        return wait_for(self.connection.commit_status(transaction))

    def chaincode_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> Generator[ChaincodeEvent, None, None]:
        """Events of valid transactions from block `start`, or after a checkpoint, or from the next block on (as of the
        first `next`); it goes on waiting for new ones until the iterator is closed."""
        return each(lambda: self.connection.chaincode_events(channel, start=start, after=after))

    def block_events(
        self, channel: str, *, start: int | None = None, after: Checkpoint | None = None
    ) -> Generator[BlockEvent, None, None]:
        """Blocks from `start`, or after a checkpoint, or from the next one on, valid and invalid transactions alike."""
        return each(lambda: self.connection.block_events(channel, start=start, after=after))

    def channel_info(self, channel: str, *, organization: str = "") -> ChannelInfo:
        """A channel's height and the hash of its last block, as the own peer has them; with an MSP id as a peer of that
        organisation says. Raises `EndorsementFailed` where it has no peer on the channel."""
        return wait_for(self.connection.channel_info(channel, organization=organization))

    def close(self) -> None:
        """Let go of the ledger."""
        wait_for(self.connection.close())

    def __enter__(self) -> Self:
        wait_for(self.connection.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        wait_for(self.connection.__aexit__(kind, error, trace))
