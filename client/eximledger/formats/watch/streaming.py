"""XML that is read piece by piece: of a list of a hundred megabytes one entry stands in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from eximledger.formats._limits import (
    MAX_ENTRY_ELEMENTS,
    MAX_LIST_ELEMENTS,
    MAX_XML_DEPTH,
    MAX_XML_ELEMENTS,
    MAX_XML_TEXT,
)
from eximledger.formats.xml.parsing import feed, refused, split, too_many
from eximledger.formats.xml.tree import Node

__all__ = ["Root", "root_of", "stream"]

_NONE: Final[dict[str, str]] = {}
_HEAD: Final = 4096


class Root:
    """The document's first element: its name, namespace and attributes."""

    __slots__ = ("attributes", "name", "namespace")

    def __init__(self, namespace: str, name: str, attributes: Mapping[str, str]) -> None:
        self.namespace = namespace
        self.name = name
        self.attributes = attributes


class _Enough(Exception):
    """The root is known."""


class _Pieces:
    """The parser's target: builds the wanted elements as trees, hands each on, and forgets it."""

    def __init__(self, wanted: Mapping[str, Callable[[Node], None]], *, root_only: bool = False) -> None:
        self.root: Root | None = None
        self._wanted = wanted
        self._root_only = root_only
        self._depth = 0
        self._open: list[Node] = []
        self._count = 0
        self._idle = 0
        """Elements that belong to no entry."""
        self._names: dict[str, tuple[str, str]] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_XML_DEPTH:
            raise refused(f"elements are nested more than {MAX_XML_DEPTH} deep")
        namespace, name = self._names.get(tag) or self._names.setdefault(tag, split(tag))
        if self.root is None:
            self.root = Root(namespace, name, {split(key)[1]: value for key, value in attributes.items()})
            if self._root_only:
                raise _Enough
            return
        if not self._open and name not in self._wanted:
            self._idle += 1
            if self._idle > MAX_XML_ELEMENTS:
                raise too_many()
            return
        self._count += 1 + len(attributes)
        if self._count > MAX_ENTRY_ELEMENTS:
            raise refused(f"an entry has more than {MAX_ENTRY_ELEMENTS} elements")
        parent = self._open[-1] if self._open else None
        own = {split(key)[1]: value for key, value in attributes.items()} if attributes else _NONE
        node = Node(name, own, parent, namespace)
        if parent is not None:
            parent.adopt(node)
        self._open.append(node)

    def data(self, text: str) -> None:
        if self._open and len(self._open[-1].raw) <= MAX_XML_TEXT:
            self._open[-1].raw += text

    def end(self, _tag: str) -> None:
        self._depth -= 1
        if not self._open:
            return
        node = self._open.pop()
        if not self._open:
            self._count = 0
            self._wanted[node.name](node)

    def close(self) -> None:
        return None


def root_of(source: bytes) -> Root | None:
    """The first element of an XML file; None where it has none. Raises `InvalidDocument` for what is no XML."""
    pieces = _Pieces({}, root_only=True)
    with suppress(_Enough):
        feed(source, pieces, most=MAX_LIST_ELEMENTS)
    return pieces.root


def stream(source: bytes, wanted: Mapping[str, Callable[[Node], None]]) -> None:
    """Give every element of a wanted name that stands in none of another to its taker, in the document's order."""
    feed(source, _Pieces(wanted), most=MAX_LIST_ELEMENTS)
