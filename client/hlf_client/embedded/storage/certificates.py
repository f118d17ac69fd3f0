"""The certificates that a ledger has seen, by the SHA-256 of their DER: stored once, named by hash everywhere else.

And each channel's lists of those that are void.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from hlf_client.errors import NotAuthorized
from hlf_client.identity import canonical_pem, certificate_hash

__all__ = ["Certificates", "Note", "Rows", "revoked_list", "store_statement"]

_FIND: Final = "SELECT pem FROM certificate WHERE hash = ?"
_ADD: Final = "INSERT OR IGNORE INTO certificate (hash, msp_id, pem) VALUES (?, ?, ?)"

_REVOKED: Final = "revoked/"
"""Names of rows in the file's table `ledger` that hold a channel's lists begin like this."""
_FIND_LIST: Final = "SELECT value FROM ledger WHERE name = ?"
_STORE_LIST: Final = "INSERT OR REPLACE INTO ledger (name, value) VALUES (?, ?)"

Note = tuple[str, tuple[object, ...]]
"""A statement, and its parameters, that goes into the file with the next block."""


Rows: TypeAlias = Callable[[str, tuple[object, ...]], "list[Any]"]
"""Runs a query and gives all its rows."""


class Certificates:
    """Known certificates, remembered after the first look. `find` answers b"" for an unknown one."""

    def __init__(self) -> None:
        self._stored: dict[bytes, bytes] = {}

    def find(self, source: Rows, digest: bytes) -> bytes:
        pem = self._stored.get(digest)
        if pem is None:
            rows = source(_FIND, (digest,))
            if not rows or not _is(rows[0][0], digest):
                return b""
            pem = self._stored[digest] = bytes(rows[0][0])
        return pem

    def forget(self) -> None:
        """After a batch that was not committed: what was read in it may not be in the file."""
        self._stored.clear()

    def is_stored(self, digest: bytes) -> bool:
        """Whether the certificate is known to be in the file."""
        return digest in self._stored

    def note(self, digest: bytes, msp_id: str, pem: bytes) -> Note:
        """What stores a certificate."""
        return _ADD, (digest, msp_id, canonical_pem(pem))


def revoked_list(rows: Rows, channel: int, msp_id: str) -> bytes:
    """An organisation's list as a channel has it; b"" where it has none."""
    found = rows(_FIND_LIST, (_name(channel, msp_id),))
    return str(found[0][0]).encode() if found else b""


def store_statement(channel: int, msp_id: str, revoked: bytes) -> Note:
    """What puts a list in force."""
    return _STORE_LIST, (_name(channel, msp_id), revoked.decode())


def _name(channel: int, msp_id: str) -> str:
    return f"{_REVOKED}{channel}/{msp_id}"


def _is(pem: bytes, digest: bytes) -> bool:
    try:
        return bytes.fromhex(certificate_hash(pem)) == digest
    except NotAuthorized:
        return False
