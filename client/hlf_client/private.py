"""Calling private functions (`hlf_chaincode.private_call`): arguments by transient, the result sealed in the block.

    call = PrivateCall.of("loan-17", reason)
    commit = await ledger.submit("bank", "loans:reject", transient=call.transient, endorsing_organizations=[...])
    answer = call.opened(commit.transaction_id, commit.result)

A block keeps the sealed answer for ever. Who can do without says so: `PrivateCall.of(..., answered=Answered.BRIEF)` has
a function's short answer sealed, where it has one, `Answered.NOT` nothing.

Name the endorsing organisations: a gateway left to choose shows the transient map to whichever peer it asks first.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from hlf_chaincode.private_call import KEY_BYTES, opened, private_transient
from hlf_client.ledger import Argument, Commit, Ledger, encode_argument

__all__ = ["Answered", "PrivateCall", "submit_private"]


class Answered(StrEnum):
    """What of a function's result is sealed into the block."""

    WHOLE = "whole"
    BRIEF = "brief"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class PrivateCall:
    """The secrets of one call: send them once, and keep the key as long as the answer is wanted; without one there is
    none."""

    transient: Mapping[str, bytes] = field(repr=False)
    key: bytes = field(repr=False)

    @classmethod
    def of(cls, *arguments: Argument, answered: Answered = Answered.WHOLE) -> Self:
        """With a fresh seed and, where it is answered, a fresh key."""
        key = b"" if answered is Answered.NOT else secrets.token_bytes(KEY_BYTES)
        encoded = [encode_argument(each) for each in arguments]
        seed = secrets.token_bytes(KEY_BYTES)
        return cls(private_transient(encoded, seed=seed, answer=key, brief=answered is Answered.BRIEF), key)

    def opened(self, transaction_id: str, result: bytes) -> bytes:
        """The result in a commit's sealed one, nothing where none was asked for. Raises `InvalidDocument` where another
        call's key sealed it."""
        return opened(self.key, transaction_id, result) if self.key else b""


async def submit_private(
    ledger: Ledger,
    channel: str,
    function: str,
    *arguments: Argument,
    endorsing_organizations: Sequence[str] | None = None,
    answered: Answered = Answered.WHOLE,
) -> Commit:
    """`Ledger.submit` of a private function; the commit has the opened result, as much of it as is `answered`."""
    call = PrivateCall.of(*arguments, answered=answered)
    commit = await ledger.submit(
        channel, function, transient=call.transient, endorsing_organizations=endorsing_organizations
    )
    return Commit(commit.transaction_id, commit.block_number, call.opened(commit.transaction_id, commit.result))
