"""Segments of a message, which know what of them was read, and the groups that they form.

A directory describes a message as segments within groups; which group a segment belongs to is told by its tag and by
what came before it, as a `Shape` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from eximledger.formats._reading import Cause, Unmapped
from hlf_chaincode.errors import InvalidDocument

__all__ = ["Group", "Segment", "Shape", "grouped"]

Shape: TypeAlias = Mapping[str, "Shape"]
"""The tags that may stand below one, each with those below it."""
_SECTIONS = ("BGM", "UNS")
"""They begin a part of the message, and what is missing there is missing in the message."""
_NOT_MODELLED = "the documents have no field for it"


class Segment:
    """One segment. Its elements and their components are counted from 1, as the directories do; of an element that is
    repeated (syntax 4), `at` gives the first."""

    __slots__ = ("_cause", "_taken", "decimal", "elements", "place", "tag")

    def __init__(
        self, tag: str, elements: Sequence[Sequence[Sequence[str]]], place: str, *, decimal: str | None = None
    ) -> None:
        self.tag = tag
        self.elements = elements
        self.place = place
        self.decimal = decimal
        """The mark before decimals, where the interchange says one (UNA)."""
        self._taken: set[tuple[int, int, int]] = set()
        self._cause: tuple[Cause, str] | None = None

    def at(self, element: int, component: int = 1, repetition: int = 1) -> str | None:
        """The value there, marked as read; None where it is blank."""
        try:
            value = self.elements[element - 1][repetition - 1][component - 1].strip()
        except IndexError:
            return None
        self._taken.add((element, component, repetition))
        return value or None

    def texts(self, element: int, components: range) -> list[str]:
        """The values of these components that are not blank."""
        return [value for number in components if (value := self.at(element, number)) is not None]

    def need(self, element: int, component: int = 1) -> str:
        value = self.at(element, component)
        if value is None:
            raise self.error(f"has no value in {element}.{component}")
        return value

    def qualifier(self) -> str:
        """What the segment is about: its first value. Not marked by being asked for."""
        try:
            return self.elements[0][0][0].strip()
        except IndexError:
            return ""

    def release(self) -> None:
        self._taken.clear()

    def ignore(self) -> None:
        """Mark it as what belongs to the format and says nothing of the trade."""
        for element, component, repetition, _ in self._values():
            self._taken.add((element, component, repetition))

    def unusable(self, reason: str) -> None:
        self._cause = (Cause.UNUSABLE, reason)

    def error(self, reason: str) -> InvalidDocument:
        return InvalidDocument(f"{self.place} {reason}", field=self.place, reason=reason)

    def leftovers(self) -> Iterator[Unmapped]:
        """What was not read: the segment, or values of it."""
        values = list(self._values())
        left = [entry for entry in values if entry[:3] not in self._taken]
        if self._cause is not None:
            yield Unmapped(self.place, self._cause[1], self._cause[0], max(len(left), 1))
        elif left and len(left) == len(values):
            yield Unmapped(self.place, _NOT_MODELLED, Cause.NOT_MODELLED, len(left))
        else:
            for element, component, _, _ in left:
                yield Unmapped(f"{self.place}/{element}.{component}", _NOT_MODELLED, Cause.NOT_MODELLED)

    def _values(self) -> Iterator[tuple[int, int, int, str]]:
        for element, repetitions in enumerate(self.elements, 1):
            for repetition, components in enumerate(repetitions, 1):
                for component, value in enumerate(components, 1):
                    if value.strip():
                        yield element, component, repetition, value


class Group:
    """A segment and those that belong to it."""

    __slots__ = ("groups", "segment")

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.groups: list[Group] = []

    def all(self, tag: str, *qualifiers: str) -> list[Group]:
        """The groups directly below that begin with this tag, and with one of these qualifiers where some are given."""
        return [
            group
            for group in self.groups
            if group.segment.tag == tag and (not qualifiers or group.segment.qualifier() in qualifiers)
        ]

    def find(self, tag: str, *qualifiers: str) -> Group | None:
        """The first of them, in the order of the qualifiers: of that which counts most."""
        for qualifier in qualifiers or ("",):
            found = self.all(tag, qualifier) if qualifier else self.all(tag)
            if found:
                return found[0]
        return None

    def segments(self, tag: str, *qualifiers: str) -> list[Segment]:
        return [group.segment for group in self.all(tag, *qualifiers)]

    def missing(self, what: str) -> InvalidDocument:
        within = self.segment.place
        if self.segment.tag in _SECTIONS:
            within = within.rpartition("/")[0]
        place = f"{within}/{what}"
        return InvalidDocument(f"{place} is missing", field=place, reason="is missing")


def grouped(head: Segment, segments: Sequence[Segment], shape: Shape) -> Group:
    """The segments below `head`: each in the innermost group that may have it, and at the top where none may."""
    top = Group(head)
    path: list[tuple[Group, Shape]] = [(top, shape)]
    for segment in segments:
        while len(path) > 1 and segment.tag not in path[-1][1]:
            path.pop()
        group = Group(segment)
        path[-1][0].groups.append(group)
        path.append((group, path[-1][1].get(segment.tag, {})))
    return top
