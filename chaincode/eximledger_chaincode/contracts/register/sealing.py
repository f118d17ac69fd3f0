"""Sealed values: what stands in public state and is read by who has its seal, and nobody else.

A declaration's seal is 32 random bytes that customs made at its first filing; it travels with the declaration to every
bank that is authorised for it. From it follow the public key under which the declaration's balance stands, and the key
that opens the value: neither can be guessed from a declaration's number.
"""

from __future__ import annotations

import hmac
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hlf_chaincode.errors import FabricError
from hlf_chaincode.padding import filled, unfilled

__all__ = ["SEAL_BYTES", "opened_value", "sealed_name", "sealed_value"]

SEAL_BYTES: Final = 32
_NONCE_BYTES: Final = 12
_PAD: Final = 256
"""Content is filled up to a multiple of so many bytes: an amount's digits do not show."""


def sealed_name(seal: str, use: str) -> str:
    """The public name of what stands under a seal (hex) for one use."""
    return hmac.digest(_bytes_of(seal), f"name of {use}".encode(), "sha256").hex()


def sealed_value(seal: str, use: str, salt: bytes, content: bytes) -> bytes:
    """Content behind a seal; fresh salt makes it another ciphertext each time.

    The nonce follows from salt and content: who uses salt twice shows that two contents are equal, and no more.
    """
    padded = filled(content, _PAD)
    nonce = hmac.digest(_key(seal, f"nonce of {use}"), salt + padded, "sha256")[:_NONCE_BYTES]
    return nonce + AESGCM(_key(seal, f"value of {use}")).encrypt(nonce, padded, use.encode())


def opened_value(seal: str, use: str, data: bytes) -> bytes:
    """What was sealed. Raises `FabricError` where the seal is another's, or the value was changed."""
    cipher = AESGCM(_key(seal, f"value of {use}"))
    try:
        return unfilled(cipher.decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], use.encode()))
    except (InvalidTag, ValueError):
        raise FabricError(f"a sealed {use} does not open with its seal") from None


def _key(seal: str, label: str) -> bytes:
    return hmac.digest(_bytes_of(seal), label.encode(), "sha256")


def _bytes_of(seal: str) -> bytes:
    found = bytes.fromhex(seal)
    if len(found) != SEAL_BYTES:
        raise FabricError(f"a seal has {SEAL_BYTES} bytes")
    return found
