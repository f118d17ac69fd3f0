"""XML papers as a tree that knows which of its values were read.

Readers walk the tree by local names: the makers of UBL, CII and camt files differ in prefixes, not in names. A value
that a reader takes is marked; `leftovers` then reports whatever was not, so that nothing is lost without a word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

from pydantic import ValidationError

from eximledger.formats._limits import MAX_XML_TEXT
from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.text.values import currency_of, date_of, decimal_of, one_line, prose
from eximledger_chaincode.documents import Money
from eximledger_chaincode.documents.parts.identifiers import MAX_TEXT
from hlf_chaincode.errors import InvalidDocument

__all__ = ["Node", "leftovers"]

T = TypeVar("T")

_MEANINGFUL: Final = ("currencyID", "Ccy", "unitCode")
"""Attributes that change what a value says. Others (agency, list version, language) describe its code list."""
_NOT_MODELLED: Final = "the documents have no field for it"


class Node:
    """One element. Paths given to its methods are local names of descendants, the first match of each step."""

    __slots__ = ("_attributes_read", "_cause", "_read", "attributes", "children", "name", "namespace", "parent", "raw")

    def __init__(self, name: str, attributes: Mapping[str, str], parent: Node | None, namespace: str = "") -> None:
        self.name = name
        self.namespace = namespace
        self.attributes = attributes
        self.parent = parent
        self.children: Sequence[Node] = ()
        self.raw = ""
        self._read = False
        self._attributes_read: tuple[str, ...] = ()
        self._cause: tuple[Cause, str] | None = None

    @property
    def path(self) -> str:
        """XPath by local names; an index only where a sibling has the same name."""
        if self.parent is None:
            return f"/{self.name}"
        same = [node for node in self.parent.children if node.name == self.name]
        index = f"[{same.index(self) + 1}]" if len(same) > 1 else ""
        return f"{self.parent.path}/{self.name}{index}"

    def all(self, *names: str) -> list[Node]:
        """Every descendant at this path, in document order."""
        if len(names) == 1:
            return [child for child in self.children if child.name == names[0]]
        found = [self]
        for name in names:
            found = [child for node in found for child in node.children if child.name == name]
        return found

    def find(self, *names: str) -> Node | None:
        if len(names) == 1:
            name = names[0]
            for child in self.children:
                if child.name == name:
                    return child
            return None
        found = self.all(*names)
        return found[0] if found else None

    def need(self, *names: str) -> Node:
        """The element, or `InvalidDocument` naming the path that is missing."""
        found = self.find(*names)
        if found is None:
            raise self.missing(*names)
        return found

    def adopt(self, child: Node) -> None:
        """Take a child. Most elements have none, so there is no list before the first."""
        if isinstance(self.children, list):
            self.children.append(child)
        else:
            self.children = [child]

    # values -----------------------------------------------------------------

    def value(self) -> str | None:
        """This element's own text on one line, marked as read; None when it is blank."""
        self._read = True
        return one_line(self._whole()) or None

    def content(self) -> str:
        """This element's own text as it stands, marked as read: a file within the paper."""
        self._read = True
        return self._whole().strip()

    def _whole(self) -> str:
        """The text, of which nothing may have been left out."""
        if len(self.raw) > MAX_XML_TEXT:
            raise self.error(f"is longer than {MAX_XML_TEXT} characters")
        return self.raw

    def text(self, *names: str) -> str | None:
        node = self.find(*names)
        return node.value() if node is not None else None

    def texts(self, *names: str) -> list[str]:
        """All texts at the path that are not blank."""
        return [text for text in (node.value() for node in self.all(*names)) if text]

    def lines(self, *names: str) -> list[str]:
        """All texts at the path, with their line breaks."""
        found = self.all(*names)
        for node in found:
            node._read = True
        return [part for node in found for part in _parts(prose(node._whole()))]

    def need_text(self, *names: str) -> str:
        text = self.text(*names)
        if text is None:
            raise self.missing(*names)
        return text

    def day(self, *names: str) -> date | None:
        return self._converted(date_of, *names)

    def need_day(self, *names: str) -> date:
        found = self.day(*names)
        if found is None:
            raise self.missing(*names)
        return found

    def decimal(self, *names: str) -> Decimal | None:
        return self._converted(decimal_of, *names)

    def count(self, *names: str) -> int | None:
        """A whole number that is not negative."""
        return self._converted(_count_of, *names)

    def flag(self, *names: str) -> bool:
        """An xs:boolean; false when it is not there."""
        return self._converted(_flag_of, *names) or False

    def attribute(self, name: str) -> str | None:
        self._attributes_read += (name,)
        return one_line(self.attributes.get(name, "")) or None

    def money(self, *names: str, currency: str | None = None) -> Money | None:
        """An amount in the currency of its attribute, or in `currency` where it has none."""
        node = self.find(*names)
        amount = node.decimal() if node is not None else None
        if node is None or amount is None:
            return None
        stated = node.attribute("currencyID") or node.attribute("Ccy") or currency
        if stated is None:
            raise node.error("has no currency")
        code = currency_of(stated)
        if code is None:
            raise node.error("has a currency that ISO 4217 does not know")
        with node.located():
            return Money.of(amount, code)

    def spared(self, read: Callable[[Node], T]) -> T | None:
        """What `read` makes of this element. Where it refuses, this is reported as unusable and costs nothing else: for
        what somebody else than the paper's author wrote."""
        try:
            return read(self)
        except InvalidDocument as error:
            self.unusable(error.reason)
            return None

    def said_money(self, *names: str) -> Money | None:
        """An amount that somebody else wrote: one that cannot be read is none."""
        node = self.find(*names)
        return node.spared(Node.money) if node is not None else None

    def price(self, *names: str, currency: str | None) -> Decimal | None:
        """A number in the currency of its paper; one in another currency is none, and reported."""
        node = self.find(*names)
        number = node.decimal() if node is not None else None
        if node is None or number is None:
            return None
        stated = node.attribute("currencyID")
        if stated is None or currency is None or currency_of(stated) == currency:
            return number
        node.unusable(f"is in {stated[:20]}, and the paper in {currency}")
        return None

    def measure(self, *names: str) -> tuple[Decimal | None, str | None]:
        """A quantity and its unit as the paper states them."""
        node = self.find(*names)
        if node is None:
            return None, None
        return node.decimal(), node.attribute("unitCode")

    def converted(self, convert: Callable[[str], T | None], reason: str, *names: str) -> T | None:
        """A code as `convert` knows it; one that it does not know is reported as unusable, with `reason`."""
        node = self.find(*names)
        text = node.value() if node is not None else None
        if node is None or text is None:
            return None
        found = convert(text)
        if found is None:
            node.unusable(reason)
        return found

    def _converted(self, convert: Callable[[str], T], *names: str) -> T | None:
        node = self.find(*names)
        text = node.value() if node is not None else None
        if node is None or text is None:
            return None
        try:
            return convert(text)
        except ValueError as error:
            raise node.error(str(error)) from None

    # marks ------------------------------------------------------------------

    def take(self, *names: str) -> None:
        """Mark everything at the path as read: what belongs to the format and says nothing of the trade."""
        for node in self.all(*names):
            for each in node.walk():
                each._read = True
                each._attributes_read = _MEANINGFUL

    def release(self) -> None:
        """Mark everything from here down as not read."""
        for node in self.walk():
            node._read = False

    def skip(self, reason: str) -> None:
        self._cause = (Cause.SKIPPED, reason)

    def unusable(self, reason: str) -> None:
        self._cause = (Cause.UNUSABLE, reason)

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    # errors -----------------------------------------------------------------

    def error(self, reason: str) -> InvalidDocument:
        return InvalidDocument(f"{self.path} {reason}", field=self.path, reason=reason)

    def missing(self, *names: str) -> InvalidDocument:
        path = "/".join((self.path, *names))
        return InvalidDocument(f"{path} is missing", field=path, reason="is missing")

    @contextmanager
    def located(self) -> Iterator[None]:
        """Turn a model's refusal of values from this element into `InvalidDocument` that names the element."""
        try:
            yield
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
            where = ".".join(str(part) for part in problem["loc"])
            reason = problem["msg"].removeprefix("Value error, ")
            raise self.error(f"is refused: {where + ': ' if where else ''}{reason}") from None


def _parts(text: str) -> Iterator[str]:
    """A text in parts that a document's field can hold; nearly always one."""
    for start in range(0, len(text), MAX_TEXT):
        yield text[start : start + MAX_TEXT]


def _count_of(text: str) -> int:
    number = decimal_of(text)
    if number != number.to_integral_value() or not 0 <= number < 10**12:
        raise ValueError("is not a whole number from 0")
    return int(number)


def _flag_of(text: str) -> bool:
    if text not in {"true", "false", "1", "0"}:
        raise ValueError("is neither true nor false")
    return text in {"true", "1"}


# leftovers -------------------------------------------------------------------


def leftovers(root: Node) -> tuple[Unmapped, ...]:
    """What was not read: for each the topmost element of which nothing was."""
    return tuple(_leftovers(root, root.path))


def _leftovers(node: Node, path: str) -> Iterator[Unmapped]:
    if node._cause is not None:
        cause, reason = node._cause
        yield Unmapped(path, reason, cause, _values(node))
        return
    if not node._read and not any(_touched(child) for child in node.children):
        if values := _values(node):
            yield Unmapped(path, _NOT_MODELLED, Cause.NOT_MODELLED, values)
        return
    if node._read:
        for name in _MEANINGFUL:
            if name in node.attributes and name not in node._attributes_read:
                yield Unmapped(f"{path}/@{name}", _NOT_MODELLED, Cause.NOT_MODELLED)
    elif node.raw.strip():
        yield Unmapped(f"{path}/text()", _NOT_MODELLED, Cause.NOT_MODELLED)
    for child, child_path in _child_paths(node, path):
        yield from _leftovers(child, child_path)


def _child_paths(node: Node, path: str) -> Iterator[tuple[Node, str]]:
    """The children with their paths: an index only where siblings share a name."""
    if not node.children:
        return
    total = Counter(child.name for child in node.children)
    seen: Counter[str] = Counter()
    for child in node.children:
        seen[child.name] += 1
        index = f"[{seen[child.name]}]" if total[child.name] > 1 else ""
        yield child, f"{path}/{child.name}{index}"


def _touched(node: Node) -> bool:
    return node._read or node._cause is not None or any(_touched(child) for child in node.children)


def _values(node: Node) -> int:
    return sum(1 for each in node.walk() if each.raw.strip())
