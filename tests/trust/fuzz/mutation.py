"""Wrong inputs from right ones: bytes and text, changed by a random generator and by nothing else.

A `Way` makes one change. `structures` has those that know what is inside an XML, a workbook or a protobuf message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Final, TypeAlias

__all__ = ["LARGEST", "ODD", "Way", "changed", "changed_bytes", "changed_text", "mutated", "words"]

Way: TypeAlias = Callable[[Random, bytes, Sequence[bytes]], bytes]
"""One change of an input; the seeds are what it may take parts from."""

LARGEST: Final = 256 * 1024
"""Bytes of an input. What is larger is a matter of `bombs`."""
STEPS: Final = (1, 1, 1, 1, 2, 2, 3, 6)

ODD: Final = (
    "", " ", "0", "-0", "-1", "1", "00", "1.", ".5", "+1", "1e5", "1E999", "-1e-999", "0x10", "1_000", "1,000.00",
    "NaN", "Infinity", "-inf", "9" * 19, "9" * 31, "9" * 400, "9" * 5000, "0." + "0" * 40 + "1", "4294967296",
    "18446744073709551616", "true", "false", "null", "None", "2026-02-30", "0000-00-00", "0001-01-01", "9999-12-31",
    "2026-01-01T25:61:61Z", "2026-W01-1", "USD", "CNY", "XXX", "XAU", "JPY", "KWD", "usd", "224820260000410593",
    "000020260000000000", "91520690MA6DMR0B5K", "\x00", "\x7f", "\u202e", "\ufeff", "\u2028", "\\ud800", "\\u0000",
    "²", "½", "٣", "１２３", "ﬁ", "İ", "ẞ", "é", "e\u0301", "💰", "\U0010ffff", "东裕", "a" * 300, "A" * 5000,
    "../../etc/passwd",
    "%s%n%x", "{0}", "{msp}", "${HOME}", "'", '"', "\\", "]]>", "<!--", "&amp;", "&#0;", "&x;", ";",
    "|", "\t", "\r\n",
)  # fmt: skip
"""Values on which readers have failed."""

_TOKEN: Final = re.compile(rb"[\w.:@/+-]+|[^\w\s]|\s+")
_OPENING: Final = (b"[", b"{", b"(", b"<a>", b'{"a":', b"- ", b"? ", b"&a ", b"AND(", b"'", b'"')


def mutated(chance: Random, seeds: Sequence[bytes], ways: Sequence[Way]) -> bytes:
    """One of the seeds, changed a few times."""
    return changed(chance, chance.choice(seeds), seeds, ways)


def changed(chance: Random, data: bytes, seeds: Sequence[bytes], ways: Sequence[Way]) -> bytes:
    """An input, changed a few times."""
    for _ in range(chance.choice(STEPS)):
        data = chance.choice(ways)(chance, data, seeds)
    return data[:LARGEST]


def changed_bytes(chance: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    """Bytes flipped, cut off, left out, said twice, put in, or gone on with as another seed does."""
    at = chance.randrange(len(data) + 1)
    end = min(len(data), at + chance.choice((1, 1, 2, 4, 16, 256, 4096)))
    match chance.randrange(7):
        case 0 if at < len(data):
            return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]
        case 1:
            return data[:at]
        case 2:
            return data[:at] + data[end:]
        case 3:
            return data[:end] + data[at:end] * chance.choice((1, 1, 2, 9, 100)) + data[end:]
        case 4:
            return data[:at] + chance.randbytes(chance.choice((1, 1, 2, 4, 8, 40))) + data[at:]
        case 5:
            return data[:at] + chance.choice((b"\x00", b"\xff", b"\x80", b"\xff" * 8)) * (end - at) + data[end:]
        case _:
            other = chance.choice(seeds)
            return data[:at] + other[chance.randrange(len(other) + 1) :]


def words(*known: str) -> Way:
    """The way of a language: one of its words, or an odd value, in the place of another or beside it."""
    taken = [word.encode() for word in (*known, *known, *ODD)]

    def changed(chance: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
        start, end = _token(chance, data)
        match chance.randrange(7):
            case 0 | 1:
                return data[:start] + chance.choice(taken) + data[end:]
            case 2:
                return data[:start] + chance.choice(taken) + data[start:]
            case 3:
                return data[:start] + data[end:]
            case 4:
                return _exchanged(chance, data, start, end)
            case 5:
                deep = chance.choice((2, 20, 200, 2000))
                return data[:start] + chance.choice(_OPENING) * deep + data[start:]
            case _:
                return _changed_lines(chance, data, seeds)

    return changed


changed_text: Final = words()


def _token(chance: Random, data: bytes) -> tuple[int, int]:
    """Where a token stands; the end, when there is none."""
    found = _TOKEN.search(data, chance.randrange(len(data) + 1))
    return found.span() if found else (len(data), len(data))


def _exchanged(chance: Random, data: bytes, start: int, end: int) -> bytes:
    """Two tokens in each other's place."""
    other = _token(chance, data)
    (a, b), (c, d) = sorted([(start, end), other])
    return data if b > c else data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def _changed_lines(chance: Random, data: bytes, seeds: Sequence[bytes]) -> bytes:
    """A line left out, said twice, moved, or taken from another seed."""
    lines = data.splitlines(keepends=True) or [b""]
    at = chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines[at] *= chance.choice((2, 2, 3, 50))
        case 2:
            lines.insert(chance.randrange(len(lines)), lines.pop(at))
        case _:
            lines.insert(at, chance.choice(chance.choice(seeds).splitlines(keepends=True) or [b""]))
    return b"".join(lines)
