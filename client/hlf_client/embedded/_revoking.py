"""Revoking a user's certificate on an embedded ledger: the authority's list made, then put into every channel."""

from __future__ import annotations

from hlf_client.embedded._ledger import EmbeddedLedger, invalid
from hlf_client.embedded._network import EmbeddedNetwork
from hlf_client.embedded.committing.revocations import CONFIGURATION, REVOKE, revocation
from hlf_client.embedded.committing.validation import Ordered
from hlf_client.embedded.storage.call import SignedCall
from hlf_client.errors import NotAuthorized

__all__ = ["publish", "revoke_user"]

_ADMIN = "admin"


async def revoke_user(network: EmbeddedNetwork, member: str, user: str, *, reissue: bool = False) -> tuple[str, ...]:
    """Declare a user's certificate void on all channels of its organisation, whose names this gives.

    With `reissue` the user has another certificate, for another key, in the ledger's folder; else the user is out.
    What was endorsed for the old one and not ordered yet is lost. Repeat it when it was interrupted. Raises
    `NotAuthorized` for an unknown user, `LedgerUnavailable`.
    """
    msp_id = network.members.get(member)
    if msp_id is None:
        raise NotAuthorized(f"there is no member {member!r}: there are {', '.join(network.members)}")
    signer = network.identity(member, _ADMIN)  # who resigns signs this last time
    revoked = network.material.revoke(member, msp_id, user, network.clock(), reissue=reissue)
    async with EmbeddedLedger(network, signer, chaincode=CONFIGURATION) as ledger:
        for channel in ledger.channels:
            await publish(ledger, channel, revoked)
        return tuple(ledger.channels)


async def publish(ledger: EmbeddedLedger, channel: str, revoked: bytes) -> None:
    """Put a revocation list into a channel. `ledger` is an administrator's connection that calls `CONFIGURATION`.

    Raises `CommitFailed` (INVALID_CONFIG_TRANSACTION) for who is no administrator, and for a list that is not the
    authority's or not newer than the one in force.
    """
    proposal = ledger.propose(channel, REVOKE, revoked)
    signed = SignedCall.decode(proposal.content)
    network, call = ledger.network, signed.call
    transaction = revocation(call)
    ordered = Ordered(transaction, transaction.encode(), b"", {})
    ordered = ordered.signed(await ledger.sign(ordered.digest))
    note = network.certificates.note(call.certificate_hash, call.creator_msp, signed.certificate)
    status = await network.committer().order(network.channels[channel], ordered, [note])
    if not status.is_valid:
        raise invalid(status)
