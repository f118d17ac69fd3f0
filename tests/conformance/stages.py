"""A transaction held back between endorsement and ordering, as a test needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hlf_client import Argument, Ledger, PreparedTransaction
from hlf_client.errors import EndorsementFailed, FabricError

__all__ = ["endorsed", "fate", "ordered", "words"]


async def endorsed(
    ledger: Ledger,
    channel: str,
    function: str,
    *args: Argument,
    transient: Mapping[str, bytes] | None = None,
    endorsing_organizations: Sequence[str] | None = None,
) -> PreparedTransaction:
    """Proposed, endorsed and signed; not yet ordered."""
    proposal = ledger.propose(
        channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
    )
    prepared = await ledger.endorse(proposal.signed(await ledger.sign_content(proposal.content)))
    return prepared.signed(await ledger.sign_content(prepared.content))


async def ordered(ledger: Ledger, transaction: PreparedTransaction) -> str:
    """Order it and give its validation code."""
    return (await ledger.commit_status(await ledger.order(transaction))).code


async def fate(
    ledger: Ledger,
    channel: str,
    function: str,
    *args: Argument,
    transient: Mapping[str, bytes] | None = None,
    endorsing_organizations: Sequence[str] | None = None,
) -> str:
    """The validation code of a transaction that is endorsed and ordered at once."""
    prepared = await endorsed(
        ledger, channel, function, *args, transient=transient, endorsing_organizations=endorsing_organizations
    )
    return await ordered(ledger, prepared)


def words(error: FabricError) -> str:
    """All that an error says: its own message and each peer's."""
    peers = error.peers if isinstance(error, EndorsementFailed) else ()
    return "; ".join([error.message, *(peer.message for peer in peers)])
