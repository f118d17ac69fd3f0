"""Secrets that a browser or program shows: made here, kept as hashes only."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

__all__ = ["csrf_of", "hashed", "new_secret", "same"]

_BYTES: Final = 32


def new_secret() -> str:
    """256 random bits, as they stand in a cookie or a header."""
    return secrets.token_urlsafe(_BYTES)


def hashed(secret: str) -> str:
    """What is kept of a secret. It has too many bits to be guessed, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def csrf_of(session_secret: str) -> str:
    """What forms of a session carry: whoever has not the cookie cannot make it, and it shows nothing of that."""
    return hmac.new(session_secret.encode(), b"csrf", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether both are equal, in a time that says nothing of where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
