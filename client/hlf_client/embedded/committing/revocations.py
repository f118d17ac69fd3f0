"""Revocations on a channel: an organisation's list of void certificates, put there by its administrator.

It is a call of the channel's own configuration, `_msp:revoke`, with the list as its argument and an empty result that
nobody endorses. What makes it valid are two signatures: the administrator's over the transaction and the authority's
over the list. From its place in the chain on, a certificate on the list proposes, endorses and signs nothing there.
"""

from __future__ import annotations

from typing import Final

from hlf_client.embedded.storage.call import Call
from hlf_client.embedded.storage.transaction import Transaction
from hlf_client.embedded.storage.writeset import ReadWriteSet, Result
from hlf_client.errors import NotAuthorized
from hlf_client.identity import RevocationList

__all__ = ["CONFIGURATION", "REVOKE", "is_newer", "list_of", "revocation"]

CONFIGURATION: Final = "_msp"
"""The name in place of a chaincode's; no chaincode can bear it."""
REVOKE: Final = "revoke"


def revocation(call: Call) -> Transaction:
    """The one transaction that a call of the configuration can become."""
    result = Result(call.digest, 200, "", b"", None, ReadWriteSet())
    return Transaction(call, result, result.encode(), ())


def list_of(transaction: Transaction) -> bytes:
    """The list that a transaction brings, in the form in which it is kept; b"" where it is no proper revocation."""
    call = transaction.call
    if len(call.arguments) != 2 or call.arguments[0] != REVOKE.encode() or not call.arguments[1].isascii():
        return b""
    plain = not transaction.endorsements and transaction.result_data == revocation(call).result_data
    return call.arguments[1] if plain else b""


def is_newer(revoked: bytes, before: bytes) -> bool:
    """Whether a list follows the one in force, so that an old one, sent again, gives no certificate back."""
    try:
        return not before or RevocationList.parse(revoked).number > RevocationList.parse(before).number
    except NotAuthorized:
        return False
