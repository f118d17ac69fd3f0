"""From bytes to the tree of a paper, or to the reason why not.

Entities, document types and external access are refused (defusedxml); size, depth and count are limited, and a tree
takes little more memory than its text.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from eximledger.formats._limits import MAX_XML_DEPTH, MAX_XML_ELEMENTS, MAX_XML_TEXT, MAX_XML_TOKEN
from eximledger.formats.xml.tree import Node
from hlf_chaincode.errors import InvalidDocument

__all__ = ["feed", "parse", "refused", "split", "too_many"]

_MULTIBYTE: Final = {"gbk", "gb2312", "gb18030", "big5", "hz-gb-2312", "shift_jis", "euc-jp", "euc-kr"}
"""Encodings that expat cannot read by itself."""
_CHUNK: Final = 64 * 1024
"""Bytes given to expat at a time, so that one endless token is seen before it is taken in."""
_BLANK: Final = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]+(?=<\?xml)")
"""Before the declaration, where XML has none and people paste some."""
_NO_ATTRIBUTES: Final[Mapping[str, str]] = MappingProxyType({})


class _Builder:
    """The parser's target: builds the tree and holds it to the limits while it grows."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[Node] = []
        self._names: dict[str, tuple[str, str]] = {}
        """By expat's own name: one pair of texts for all elements of it."""
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> Node:
        self._count += 1 + len(attributes)
        if len(self._open) >= MAX_XML_DEPTH:
            raise refused(f"elements are nested more than {MAX_XML_DEPTH} deep")
        if self._count > MAX_XML_ELEMENTS:
            raise too_many()
        parent = self._open[-1] if self._open else None
        namespace, name = self._names.get(tag) or self._names.setdefault(tag, split(tag))
        own = {split(key)[1]: value for key, value in attributes.items()} if attributes else _NO_ATTRIBUTES
        node = Node(name, own, parent, namespace)
        if parent is None:
            self.root = node
        else:
            parent.adopt(node)
        self._open.append(node)
        return node

    def end(self, _tag: str) -> Node:
        return self._open.pop()

    def data(self, text: str) -> None:
        """Text comes in pieces; what is too long for a field is kept no longer than it takes to see that."""
        if self._open and len(self._open[-1].raw) <= MAX_XML_TEXT:
            self._open[-1].raw += text

    def close(self) -> Node | None:
        return self.root


def split(tag: str) -> tuple[str, str]:
    """Namespace and local name of expat's `{namespace}name`."""
    namespace, _, name = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    return namespace, name


def refused(reason: str) -> InvalidDocument:
    """The refusal of XML, for a reason."""
    return InvalidDocument(f"the XML is refused: {reason}", field="/", reason=reason)


def too_many(most: int = MAX_XML_ELEMENTS) -> InvalidDocument:
    """The refusal of XML with more elements than are taken."""
    return refused(f"it has more than {most} elements")


def parse(source: bytes) -> Node:
    """The document's root. Raises `InvalidDocument` for anything that is not well-formed, plain and of sane size."""
    builder = _Builder()
    feed(source, builder)
    if builder.root is None:
        raise refused("it has no element")
    return builder.root


def feed(source: bytes, target: object, *, most: int = MAX_XML_ELEMENTS) -> None:
    """Run the parser over `source` into `target`, with every way that XML can go wrong as `InvalidDocument`. `most`
    elements are taken; a target that keeps few of them at a time may allow more."""
    blank = _BLANK.match(source)
    text, encoding = _transcoded(source[blank.end() :] if blank is not None else source)
    if text.count(b"<") - text.count(b"</") > most:
        raise too_many(most)
    try:
        parser = DefusedXMLParser(target=target, encoding=encoding, forbid_dtd=True)
        for start in range(0, len(text), _CHUNK):
            parser.feed(text[start : start + _CHUNK])
            if start - parser.parser.CurrentByteIndex > MAX_XML_TOKEN:
                raise refused(f"a tag or a comment has more than {MAX_XML_TOKEN} bytes")
        parser.close()
    except DefusedXmlException:
        raise refused("it declares a document type or an entity; send it without <!DOCTYPE>") from None
    except ParseError as error:
        line, column = error.position
        raise refused(f"it is not well-formed at line {line}, column {column}") from None
    except (ValueError, LookupError, RecursionError) as error:
        if isinstance(error, InvalidDocument):
            raise
        raise refused("its encoding is not the declared one, or not one that can be read") from None


def _transcoded(source: bytes) -> tuple[bytes, str | None]:
    """The bytes for expat: Chinese and Japanese encodings, which it cannot read, and UTF-16 are turned into UTF-8."""
    if source.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _utf8(source, "utf-16"), "utf-8"
    declared = re.match(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']", source)
    name = declared[1].decode("ascii").lower() if declared else ""
    if name.replace("_", "-") not in {each.replace("_", "-") for each in _MULTIBYTE}:
        return source, None
    return _utf8(source, "gb18030" if name.startswith("gb") else name), "utf-8"


def _utf8(source: bytes, codec: str) -> bytes:
    try:
        return source.decode(codec).encode("utf-8")
    except (UnicodeDecodeError, LookupError):
        raise refused(f"its bytes are not in the encoding that it declares ({codec})") from None
