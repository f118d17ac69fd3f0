"""The shapes in which a secret may lie in bytes: spelt, encoded, escaped, padded, compared, hashed."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Final
from urllib.parse import quote, quote_plus

from eximledger_chaincode.documents import compared_name, compared_number, normal_name

__all__ = ["WINDOW", "digest_forms", "encodings", "hash_forms", "money_forms", "needles_of", "text_forms"]

WINDOW: Final = 8
"""Bytes by which shapes are looked for; none is shorter."""
_SHORTEST: Final = 9
"""Bytes that a spelling must have at least: a shorter one turns up by chance in megabytes of hashes."""
_HASH: Final = 16
"""Digits or bytes of a hash by which it is known again where it was cut."""


def needles_of(value: str | Decimal) -> frozenset[bytes]:
    """All shapes of a secret. A text or an amount is spelt in several ways, each of which may be encoded or hashed."""
    return _needles(value if isinstance(value, str) else format(value, "f"), isinstance(value, Decimal))


@cache
def _needles(text: str, is_amount: bool) -> frozenset[bytes]:
    spelt = set(money_forms(Decimal(text)) if is_amount else text_forms(text))
    found = {form for each in spelt for form in encodings(each)}
    found |= {form for each in spelt for form in hash_forms(each.encode())}
    found |= {form for each in spelt for form in hash_forms(json.dumps(each, ensure_ascii=False).encode())}
    if is_amount:
        found |= set(_binary(Decimal(text)))
    return frozenset(_without_longer(each for each in found if len(each) >= _SHORTEST or each[:1] == b"\x00"))


def _without_longer(shapes: Iterable[bytes]) -> Iterator[bytes]:
    """Those that hold no other one: who looks for the others finds these."""
    kept: dict[bytes, list[bytes]] = {}
    for shape in sorted(shapes, key=len):
        windows = (at for at in range(len(shape) - WINDOW + 1) if shape[at : at + WINDOW] in kept)
        if not any(shape.startswith(each, at) for at in windows for each in kept[shape[at : at + WINDOW]]):
            kept.setdefault(shape[:WINDOW], []).append(shape)
            yield shape


def text_forms(text: str) -> Iterator[str]:
    """As written, in capitals or small letters, as papers are compared, and parted otherwise."""
    yield text
    yield from (text.upper(), text.lower(), compared_number(text), compared_name(text), normal_name(text))
    yield "".join(text.split())
    if text.isdecimal() and len(text) > _SHORTEST:
        yield from (f"{text[:4]} {text[4:8]} {text[8:]}", str(int(text)), text.zfill(24), f"{int(text):,}")


def money_forms(amount: Decimal) -> Iterator[str]:
    """An amount as people and programs of several countries write it, with more digits, padded, in minor units."""
    plain = format(amount.quantize(Decimal("0.01")) if amount.as_tuple().exponent == -2 else amount, "f")
    yield plain
    yield format(amount.normalize(), "f")
    yield from (f"{plain}0", f"{plain}00", plain.replace(".", ","), plain.zfill(15), plain.zfill(20))
    grouped = f"{amount:,}"
    yield grouped
    for thousands, point in ((".", ","), (" ", "."), (" ", ","), ("\u00a0", ","), ("\u202f", ","), ("'", ".")):
        yield grouped.replace(",", "\0").replace(".", point).replace("\0", thousands)
    digits = plain.replace(".", "")
    yield from (digits, digits.zfill(15), digits.zfill(18), digits.zfill(20))
    yield from (f"{amount:E}", f"{amount:e}", repr(float(amount)))


def _binary(amount: Decimal) -> Iterator[bytes]:
    """As a program's integer of minor units in eight bytes, largest first."""
    yield int(amount * 100).to_bytes(WINDOW, "big")


def encodings(text: str) -> Iterator[bytes]:
    """Text in bytes: UTF-8 and UTF-16, JSON's and URLs' escapes, and all these in hexadecimal digits and base64."""
    plain = text.encode()
    wide = [text.encode("utf-16-le"), text.encode("utf-16-be")]
    escaped = {
        json.dumps(text)[1:-1].encode(), json.dumps(text, ensure_ascii=False)[1:-1].encode(),
        quote(text, safe="").encode(), quote_plus(text).encode(), text.encode("unicode_escape"),
        text.encode("ascii", "xmlcharrefreplace"), json.dumps(json.dumps(text)[1:-1])[1:-1].encode(),
    }  # fmt: skip
    for form in {plain, *wide, *escaped}:
        yield form
        yield form.hex().encode()
        yield form.hex().upper().encode()
    for form in (plain, *wide):
        yield from _base64(form)


def _base64(data: bytes) -> Iterator[bytes]:
    """What of the base64 of any bytes with these in them is the same wherever they stand, both alphabets."""
    for before in range(3):
        after = -(before + len(data)) % 3
        whole = b64encode(bytes(before) + data + bytes(after))
        first = -(-before * 8 // 6)
        sure = whole[first : (before + len(data)) * 8 // 6]
        yield sure
        yield sure.replace(b"+", b"-").replace(b"/", b"_")


def hash_forms(data: bytes) -> Iterator[bytes]:
    """The plain SHA-256 of bytes, which whoever guesses them computes: raw, in digits, in base64; whole or cut."""
    yield from digest_forms(hashlib.sha256(data).digest())


def digest_forms(digest: bytes) -> Iterator[bytes]:
    """The shapes of a digest."""
    yield digest[:_HASH]
    yield digest.hex()[:_HASH].encode()
    yield digest.hex()[:_HASH].upper().encode()
    yield b64encode(digest)[:_HASH]
    yield b64encode(digest).replace(b"+", b"-").replace(b"/", b"_")[:_HASH]
    yield from _base64(digest.hex()[:_HASH].encode())
