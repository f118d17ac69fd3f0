"""From the bytes of an interchange to its messages. Source: ISO 9735, syntax versions 1 to 4.

A reader of our own: docs/decisions/0031-edifact.md says why.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from eximledger.formats._limits import (
    MAX_ATTACHMENTS,
    MAX_EDIFACT_SEGMENTS,
    MAX_EDIFACT_VALUES,
    MAX_TEXT_BYTES,
)
from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.edifact.segments import Segment
from hlf_chaincode.errors import InvalidDocument

__all__ = ["Message", "messages_of"]

_CODECS: Final = {
    "UNOA": "ascii", "UNOB": "ascii", "UNOC": "iso8859-1", "UNOD": "iso8859-2", "UNOE": "iso8859-5",
    "UNOF": "iso8859-7", "UNOG": "iso8859-3", "UNOH": "iso8859-4", "UNOI": "iso8859-6", "UNOJ": "iso8859-8",
    "UNOK": "iso8859-9", "UNOL": "iso8859-15", "UNOW": "utf-8", "UNOX": "ascii", "UNOY": "utf-8",
}  # fmt: skip
"""By the syntax identifier of UNB. Of UNOX (ISO 2022) only what needs no shifting is read."""
_PLAIN: Final = ("UNOA", "UNOB")
_UNA: Final = re.compile(rb"\s*UNA(.{6})", re.DOTALL)
_UNB: Final = re.compile(rb"\s*UNB.(UN[A-Z0-9]{2})")
_DEFAULT: Final = ":+.? '"
_UNKNOWN: Final = "\ufffd"
_SET_ASIDE: Final = "\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4"
"""Characters that no text has (Unicode): they stand for released separators while the others part the text."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its type, directory and segments between its header and its end."""

    type: str
    directory: str
    place: str
    header: Segment
    segments: tuple[Segment, ...]
    whole: bool
    """Whether it has its end."""


@dataclass(frozen=True, slots=True)
class _Marks:
    component: str
    element: str
    release: str
    repetition: str
    end: str
    decimal: str


def messages_of(source: bytes) -> tuple[tuple[Message, ...], tuple[Unmapped, ...]]:
    """The messages, and what is to be said of the interchange. Raises `InvalidDocument` for one that is none."""
    if len(source) > MAX_TEXT_BYTES:
        raise _refused(f"is larger than {MAX_TEXT_BYTES // 2**20} MiB")
    source = source.removeprefix(b"\xef\xbb\xbf")
    advice = _UNA.match(source)
    marks = _marks(advice[1].decode("latin-1") if advice else _DEFAULT)
    body, packages = _without_packages(source[advice.end() :] if advice else source, marks)
    text, notes = _decoded(body)
    decimal = marks.decimal if advice else None
    return tuple(_messages(_parted(text, marks), decimal)), (*notes, *packages)


def _marks(advice: str) -> _Marks:
    component, element, decimal, release, repetition, end = tuple(advice)
    marks = [component, element, end, *(mark for mark in (release, repetition) if mark != " ")]
    if len(set(marks)) < len(marks) or any(mark.isalnum() for mark in marks):
        raise _refused("has separators (UNA) that are no separators")
    return _Marks(component, element, release.strip(), repetition.strip(), end, decimal)


def _without_packages(body: bytes, marks: _Marks) -> tuple[bytes, tuple[Unmapped, ...]]:
    """The interchange without files that are packed into it (ISO 9735-8): between UNO and UNP stand as many bytes of
    anything as both say."""
    element, end, release = (re.escape(mark.encode("latin-1")) for mark in (marks.element, marks.end, marks.release))
    ended = rb"(?<!" + release + rb")" + end if release else end
    head = re.compile(rb"(?:^|" + ended + rb")\s*UNO" + element + rb"([^\r\n]{1,400}?)" + end)
    kept: list[bytes] = []
    notes: list[Unmapped] = []
    start = 0
    while (found := head.search(body, start)) is not None:
        if len(notes) == MAX_ATTACHMENTS:
            raise _refused(f"has more than {MAX_ATTACHMENTS} packages")
        size = found[1].rpartition(marks.element.encode("latin-1"))[2]
        tail = re.compile(rb"\s*UNP" + element + re.escape(size) + rb"(?:" + element + rb"[^\r\n]{1,80}?)?" + end)
        place = f"UNO[{len(notes) + 1}]"
        if not re.fullmatch(rb"[0-9]{1,9}", size) or (closed := tail.match(body, found.end() + int(size))) is None:
            raise InvalidDocument(
                f"{place} has not the length that it states", field=place, reason="has not the length that it states"
            )
        kept += (body[start : found.start()], marks.end.encode("latin-1"))
        notes.append(Unmapped(place, "a file that is packed into an interchange is not read", Cause.NOT_MODELLED))
        start = closed.end()
    return b"".join((*kept, body[start:])), tuple(notes)


def _decoded(body: bytes) -> tuple[str, tuple[Unmapped, ...]]:
    """The text in the character set of UNB. Where that has ASCII only, or none is stated, other letters are read as
    UTF-8 or Latin-1, and that is reported: they stand in names, not in numbers. Letters that are not of a set which has
    them are not guessed: they stand as U+FFFD, and are counted."""
    header = _UNB.match(body)
    name = header[1].decode() if header else "UNOA"
    codec = _CODECS.get(name)
    if codec is None:
        raise _refused(f"is in a character set that is not read ({name})")
    for tried in (codec, "utf-8", "iso8859-1") if name in _PLAIN else (codec,):
        try:
            text = body.decode(tried)
        except UnicodeDecodeError:
            continue
        said = f"its letters are read in {tried}, for the character set {name} has them not"
        return text, () if tried == codec else (Unmapped("UNB", said, Cause.UNUSABLE),)
    text = body.decode(codec, errors="replace")
    said = f"{text.count(_UNKNOWN)} letters are not of the character set that it declares ({name})"
    return text, (Unmapped("UNB", said, Cause.UNUSABLE, text.count(_UNKNOWN)),)


def _parted(text: str, marks: _Marks) -> list[tuple[str, list[list[list[str]]]]]:
    """Tags and elements. Line breaks are no data (ISO 9735 has none), and may stand anywhere."""
    if any(mark in text for mark in _SET_ASIDE):
        raise _refused("holds characters that are none")
    if marks.end not in "\r\n":
        text = text.replace("\r", "").replace("\n", "")
    special = [marks.component, marks.element, marks.end, marks.release, marks.repetition]
    if marks.release:
        text = _set_aside(text, marks.release, special)
    if text.count(marks.end) > MAX_EDIFACT_SEGMENTS:
        raise _refused(f"has more than {MAX_EDIFACT_SEGMENTS} segments")
    counted = [mark for mark in (marks.component, marks.element, marks.repetition) if mark]
    if sum(text.count(mark) for mark in counted) > MAX_EDIFACT_VALUES:
        raise _refused(f"has more than {MAX_EDIFACT_VALUES} values")
    back = str.maketrans({_SET_ASIDE[number]: mark for number, mark in enumerate(special) if mark})
    *whole, rest = text.split(marks.end)
    if rest.strip():
        raise _refused("breaks off within a segment")
    return [_segment(each, marks, back) for each in whole if each.strip()]


def _set_aside(text: str, release: str, special: list[str]) -> str:
    """Released separators as other characters. The release character itself comes first, for in a run of it each
    second one is released; before any other character it says nothing."""
    number = special.index(release)
    text = text.replace(release * 2, _SET_ASIDE[number])
    for place, mark in enumerate(special):
        if mark and mark != release:
            text = text.replace(release + mark, _SET_ASIDE[place])
    return text.replace(release, "")


def _segment(text: str, marks: _Marks, back: dict[int, str]) -> tuple[str, list[list[list[str]]]]:
    tag, *elements = text.strip().split(marks.element)
    name = tag.split(marks.component)[0]
    if not re.fullmatch("[A-Z][A-Z0-9]{2}", name):
        raise _refused("has a segment without a tag")
    parted = []
    for element in elements:
        repetitions = element.split(marks.repetition) if marks.repetition else [element]
        parted.append([[value.translate(back) for value in each.split(marks.component)] for each in repetitions])
    return name, parted


def _messages(segments: list[tuple[str, list[list[list[str]]]]], decimal: str | None) -> list[Message]:
    found: list[Message] = []
    types: Counter[str] = Counter()
    header: Segment | None = None
    place, kind = "", ""
    held: list[Segment] = []
    counts: Counter[str] = Counter()

    def close(*, whole: bool) -> None:
        if header is not None:
            directory = ".".join(value for value in (header.at(2, 2), header.at(2, 3)) if value)
            found.append(Message(kind, directory, place, header, tuple(held), whole))

    for tag, elements in segments:
        if tag == "UNH":
            close(whole=False)
            probe = Segment(tag, elements, "UNH")
            kind = probe.at(2, 1) or "?"
            types[kind] += 1
            place = f"{kind[:6]}[{types[kind]}]"
            header, held, counts = Segment(tag, elements, f"{place}/UNH"), [], Counter()
        elif tag == "UNT":
            close(whole=True)
            header = None
        elif header is not None:
            counts[tag] += 1
            held.append(Segment(tag, elements, f"{place}/{tag}[{counts[tag]}]", decimal=decimal))
    close(whole=False)
    if not found:
        raise _refused("has no message (UNH)")
    return found


def _refused(reason: str) -> InvalidDocument:
    return InvalidDocument(f"the interchange {reason}", field="file", reason=reason)
