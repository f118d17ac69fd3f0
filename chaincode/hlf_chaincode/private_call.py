"""Private calls: a transaction that puts neither its arguments nor its result into a block.

A block keeps a proposal's arguments and the chaincode's answer for ever, for every member of the channel. A function
marked `@transaction(private=True)` takes its arguments by transient (`arg0`, `arg1`, ...), which no block keeps, and
answers with its result sealed under the key that came in transient `answer`; a caller that sends no key gets an empty
result, and one that sends `brief` what a function has declared as its short answer: a block keeps answers for ever, and
what a transaction has written can be read after its commit. Transient `seed` are random bytes from the caller: all
endorsing peers derive the same salts from them.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hlf_chaincode.canonical import sha256_hex
from hlf_chaincode.errors import InvalidDocument
from hlf_chaincode.padding import filled, unfilled

__all__ = [
    "ANSWER",
    "BRIEF",
    "KEY_BYTES",
    "SEED",
    "derived",
    "opened",
    "private_arguments",
    "private_transient",
    "sealed",
]

KEY_BYTES: Final = 32
"""Bytes of a seed and of an answer's key."""
SEED: Final = "seed"
ANSWER: Final = "answer"
BRIEF: Final = "brief"
_ARGUMENT: Final = "arg"
_PAD: Final = 1024
"""Sealed content is filled up to a multiple of so many bytes: its length says little."""
_SMALL: Final = 256
"""What fits into so many is filled up to them: short answers are short for everybody."""


def private_transient(
    arguments: Sequence[bytes], *, seed: bytes, answer: bytes = b"", brief: bool = False
) -> dict[str, bytes]:
    """The transient map of a private call; without a key (`answer`) its result is empty."""
    values = {f"{_ARGUMENT}{place}": value for place, value in enumerate(arguments)} | {SEED: seed}
    if answer:
        values[ANSWER] = answer
    return values | {BRIEF: b"1"} if brief else values


def private_arguments(transient: Mapping[str, bytes]) -> list[bytes]:
    """The arguments of a private call, in their order."""
    found: list[bytes] = []
    while (value := transient.get(f"{_ARGUMENT}{len(found)}")) is not None:
        found.append(value)
    return found


def derived(transient: Mapping[str, bytes], label: str) -> bytes:
    """32 bytes that the seed gives for a label: for who knows the seed, and nobody else. Raises `InvalidDocument`
    where the call brought none."""
    seed = transient.get(SEED, b"")
    if len(seed) != KEY_BYTES:
        raise InvalidDocument(
            f"transient {SEED!r}: {KEY_BYTES} random bytes go with a private call", field=SEED, reason="missing"
        )
    return hmac.digest(seed, label.encode(), "sha256")


def sealed(key: bytes, label: str, content: bytes) -> bytes:
    """Content that only who has the key can read; the label (a transaction's id, say) makes it another seal each time,
    so a key and a label seal one content. Raises `InvalidDocument` for a key of another length."""
    small = filled(content, _SMALL)
    framed = small if len(small) == _SMALL else filled(content, _PAD)
    return _cipher(key).encrypt(_nonce(label), framed, label.encode())


def opened(key: bytes, label: str, data: bytes) -> bytes:
    """What was sealed. Raises `InvalidDocument` where the key or the label is another, or the seal was changed."""
    try:
        return unfilled(_cipher(key).decrypt(_nonce(label), data, label.encode()))
    except InvalidTag:
        raise InvalidDocument("sealed content does not open with this key", field="sealed", reason="no match") from None


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise InvalidDocument(f"transient {ANSWER!r}: a key has {KEY_BYTES} bytes", field=ANSWER, reason="wrong length")
    return AESGCM(key)


def _nonce(label: str) -> bytes:
    return bytes.fromhex(sha256_hex(label.encode()))[:12]
