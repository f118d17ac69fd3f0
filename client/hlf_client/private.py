"""Calling private functions (`hlf_chaincode.private_call`): arguments by transient, the result sealed in the block.

    call = PrivateCall.of("loan-17", reason)
    commit = await ledger.submit("bank", "loans:reject", transient=call.transient, endorsing_organizations=[...])
    answer = call.opened(commit.transaction_id, commit.result)

Name the endorsing organisations: a gateway left to choose shows the transient map to whichever peer it asks first.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from hlf_chaincode.private_call import KEY_BYTES, opened, private_transient
from hlf_client.ledger import Argument, Commit, Ledger, encode_argument

__all__ = ["PrivateCall", "submit_private"]


@dataclass(frozen=True, slots=True)
class PrivateCall:
    """The secrets of one call: send them once, and keep the key as long as the answer is wanted."""

    transient: Mapping[str, bytes] = field(repr=False)
    key: bytes = field(repr=False)

    @classmethod
    def of(cls, *arguments: Argument) -> Self:
        """With a fresh seed and a fresh key."""
        key = secrets.token_bytes(KEY_BYTES)
        encoded = [encode_argument(each) for each in arguments]
        return cls(private_transient(encoded, seed=secrets.token_bytes(KEY_BYTES), answer=key), key)

    def opened(self, transaction_id: str, result: bytes) -> bytes:
        """The result in a commit's sealed one. Raises `InvalidDocument` where another call's key sealed it."""
        return opened(self.key, transaction_id, result)


async def submit_private(
    ledger: Ledger,
    channel: str,
    function: str,
    *arguments: Argument,
    endorsing_organizations: Sequence[str] | None = None,
) -> Commit:
    """`Ledger.submit` of a private function; the commit has the opened result."""
    call = PrivateCall.of(*arguments)
    commit = await ledger.submit(
        channel, function, transient=call.transient, endorsing_organizations=endorsing_organizations
    )
    return Commit(commit.transaction_id, commit.block_number, call.opened(commit.transaction_id, commit.result))
