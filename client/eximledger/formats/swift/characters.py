"""The bytes of SWIFT MT as text. Banks write letters in encodings that no message names; none of them is guessed."""

from __future__ import annotations

import re
from typing import Final

from eximledger.formats.tables.sheets import decode_text
from hlf_chaincode.errors import InvalidDocument

__all__ = ["looks_like_swift", "swift_text"]

_BEGINS: Final = re.compile(rb"[\xef\xbb\xbf\s\x01]*(?:\{1:|:20:)")
_UNKNOWN: Final = "\ufffd"


def looks_like_swift(source: bytes) -> bool:
    """Whether a file begins as messages do: with a block, or with the first field of one."""
    return _BEGINS.match(source) is not None


def swift_text(source: bytes) -> tuple[str, int]:
    """The text, and how many bytes of it are no characters that can be told.

    UTF-8, or Chinese where every character is one of GB 2312: bytes of Latin-1 or of an old code page nearly always
    make some character of GB 18030, and a wrong one. They are left as U+FFFD instead.
    """
    try:
        text = decode_text(source)
        if _is_utf8(source) or text.isascii():
            return text, 0
        text.encode("gb2312")
        return text, 0
    except (InvalidDocument, UnicodeEncodeError):
        if b"\x00" in source:
            raise InvalidDocument(
                "the file is not text in UTF-8, UTF-16 or GB18030", field="file", reason="is no text"
            ) from None
    text = source.decode("ascii", errors="surrogateescape")
    unknown = sum(1 for character in text if not character.isascii())
    return re.sub(r"[\udc80-\udcff]", _UNKNOWN, text), unknown


def _is_utf8(source: bytes) -> bool:
    try:
        source.decode("utf-8")
    except UnicodeDecodeError:
        return source.startswith((b"\xff\xfe", b"\xfe\xff"))
    return True
