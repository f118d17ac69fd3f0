"""Blocks: a chain of hashes over transactions, each block signed by the orderer.

    data hash   = SHA-256 over SHA-256(content) | SHA-256(creator's signature) of each transaction
    block hash  = SHA-256(frame({channel, number}, [previous hash, data hash]))
    signed      = SHA-256(block hash | validation code of each transaction | hash of the signer's certificate)

So neither a transaction nor the verdict over it can be changed without breaking the chain or the signature.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hlf_client.embedded.storage.codes import ValidationCode
from hlf_client.embedded.storage.frame import pack

__all__ = ["GENESIS_PREVIOUS", "Header", "data_hash", "hash_of_digests", "signed_digest"]

GENESIS_PREVIOUS = bytes(32)


@dataclass(frozen=True, slots=True)
class Header:
    channel: str
    number: int
    previous_hash: bytes
    data_hash: bytes

    @property
    def hash(self) -> bytes:
        header = {"channel": self.channel, "number": self.number}
        return hashlib.sha256(pack(header, (self.previous_hash, self.data_hash))).digest()


def data_hash(transactions: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Over content and creator's signature of each transaction, in order."""
    return hash_of_digests(
        (hashlib.sha256(content).digest(), hashlib.sha256(signature).digest()) for content, signature in transactions
    )


def hash_of_digests(transactions: Iterable[tuple[bytes, bytes]]) -> bytes:
    """As `data_hash`, of what has been hashed already."""
    whole = hashlib.sha256()
    for content, signature in transactions:
        whole.update(content)
        whole.update(signature)
    return whole.digest()


def signed_digest(block_hash: bytes, codes: Sequence[ValidationCode], certificate_hash: bytes) -> bytes:
    """What the orderer signs."""
    return hashlib.sha256(block_hash + bytes(codes) + certificate_hash).digest()
