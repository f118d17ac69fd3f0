"""SWIFT MT messages as their fields: with the blocks of FIN around them, or bare as banks hand them out.

Source: SWIFT Standards MT, general information (message structure). A field begins a line with its tag between colons;
lines that begin otherwise belong to the field before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from eximledger.formats._limits import MAX_MT_FIELD, MAX_MT_FIELDS
from hlf_chaincode.errors import InvalidDocument

__all__ = ["Field", "Message", "messages_in", "mt_of"]

_TAG: Final = re.compile(r":(?P<tag>[0-9]{2}[A-Z]?|NS):(?P<value>.*)", re.DOTALL)
_TYPE: Final = re.compile(r"\{2:[IO]([0-9]{3})")
_RECEIVER: Final = re.compile(r"\{2:I[0-9]{3}([A-Z0-9]{12})")
_SENDER: Final = re.compile(r"\{2:O[0-9]{3}[0-9]{10}([A-Z0-9]{12})")
_OWN: Final = re.compile(r"\{1:[A-Z][0-9]{2}([A-Z0-9]{12})")
_UETR: Final = re.compile(r"\{121:([0-9a-fA-F-]{36})\}")
_END: Final = re.compile(r"-\s*(\}.*)?")
_BEFORE_20: Final = frozenset({"27", "40A", "40B"})
_BLOCKS: Final = re.compile(r"\{[1-5S]:")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its tag, what it holds, with line breaks, and the line of the file in which it begins."""

    tag: str
    value: str
    line: int

    @property
    def where(self) -> str:
        return f"line {self.line} (:{self.tag}:)"

    def error(self, reason: str) -> InvalidDocument:
        return InvalidDocument(f"{self.where} {reason}", field=self.where, reason=reason)


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its type as three digits, its fields, and what the blocks around it say."""

    type: str
    fields: tuple[Field, ...]
    line: int
    sender: str | None = None
    """BIC of the bank that sends it."""
    receiver: str | None = None
    """BIC of the bank that receives it."""
    uetr: str | None = None

    def find(self, *tags: str) -> Field | None:
        return next((field for field in self.fields if field.tag in tags), None)

    def need(self, *tags: str) -> Field:
        found = self.find(*tags)
        if found is None:
            where = f"the MT{self.type} that begins in line {self.line}"
            raise InvalidDocument(f"{where} has no field :{tags[0]}:", field=f":{tags[0]}:", reason="is missing")
        return found


def mt_of(head: str) -> str | None:
    """The type of the first message of a text that begins as SWIFT messages do; None for any other text."""
    if (stated := _TYPE.search(head[:400])) is not None and head.lstrip().startswith("{"):
        return stated[1]
    tags = set(re.findall(r"(?m)^:([0-9]{2}[A-Z]?):", head))
    return _type_by(tags) if "20" in tags else None


def _type_by(tags: set[str]) -> str | None:
    """A bare message's type by fields that others do not have; None for a type that is told by none of them."""
    if tags & {"60F", "60M", "62F", "62M"} or ("61" in tags and not tags & {"34F", "13D"}):
        return "940"
    if tags & {"25", "25P"} and tags & {"34F", "90C", "90D"}:
        return "942"
    if "32A" in tags and tags & {"59", "59A", "59F"}:
        return "103"
    if "32A" in tags and tags & {"25", "25P"} and tags & {"50A", "50F", "50K", "52A", "52D"}:
        return "910"
    return _credit_type_by(tags)


def _credit_type_by(tags: set[str]) -> str | None:
    """Of a message on a letter of credit."""
    if {"26E", "27"} <= tags and not tags & {"22A", "31C"}:
        return "708"
    if tags & {"26E", "22A"} or ("30" in tags and tags & {"31C", "31E", "33B", "34B", "79"}):
        return "707"
    if "40B" in tags:
        return "710"
    if "40A" in tags or "31C" in tags:
        return "700"
    return "701" if "27" in tags and tags & {"45A", "45B", "46A", "46B", "47A", "47B"} else None


def messages_in(text: str) -> tuple[Message, ...]:
    """Every message of the text. Raises `InvalidDocument` for more fields than statements have."""
    found: list[Message] = []
    for number, head, fields in _pieces(text):
        stated = _TYPE.search(head)
        kind = stated[1] if stated else _type_by({field.tag for field in fields}) or ""
        found.append(Message(kind, tuple(fields), number, _sender_of(head), _receiver_of(head), _first(_UETR, head)))
    return tuple(found)


def _pieces(text: str) -> Iterator[tuple[int, str, list[Field]]]:
    """Each message: the line in which it begins, the blocks before its fields, and these."""
    head, begins, count = "", 1, 0
    fields: list[Field] = []
    for number, line in enumerate(text.splitlines(), 1):
        starts = _BLOCKS.match(line) is not None
        begun = _TAG.match(line)
        if fields and (starts or (begun is not None and _begins(begun["tag"], fields))):
            yield begins, head, fields
            head, fields = "", []
        if starts:
            head, begins = head + line[: MAX_MT_FIELD - len(head)], number
            continue
        if begun is None and not fields:
            head = head or line[:MAX_MT_FIELD]
            continue
        if (ended := _END.fullmatch(line)) is not None:
            if (next_one := (ended[1] or "").find("{1:")) >= 0:  # RJE files: behind a dollar, or nothing
                yield begins, head, fields
                head, begins, fields = ended[1][next_one : next_one + MAX_MT_FIELD], number, []
            continue
        count += begun is not None
        if count > MAX_MT_FIELDS:
            reason = f"has more than {MAX_MT_FIELDS} fields; send it in parts"
            raise InvalidDocument(f"the file {reason}", field="file", reason=reason)
        if begun is not None:
            begins = begins if fields or head else number
            fields.append(Field(begun["tag"], begun["value"].rstrip(), number))
        else:
            fields[-1] = replace(fields[-1], value=f"{fields[-1].value}\n{line[: MAX_MT_FIELD + 1].rstrip()}")
        if len(fields[-1].value) > MAX_MT_FIELD:
            raise fields[-1].error(f"is longer than {MAX_MT_FIELD} characters")
    if fields:
        yield begins, head, fields


def _begins(tag: str, fields: list[Field]) -> bool:
    """Whether a tag begins another message: 20 leads most; before it, those on letters of credit have 27 and 40."""
    return tag == "27" or (tag == "20" and any(field.tag not in _BEFORE_20 for field in fields))


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1] if found else None


def _sender_of(head: str) -> str | None:
    """The sending bank: of a message that was received it stands in block 2, else it is the terminal of block 1."""
    terminal = _first(_SENDER, head) or (_first(_OWN, head) if "{2:I" in head else None)
    return _bic_of(terminal)


def _receiver_of(head: str) -> str | None:
    """The receiving bank: of a message that is sent it stands in block 2, else it is the terminal of block 1."""
    return _bic_of(_first(_RECEIVER, head) or (_first(_OWN, head) if "{2:O" in head else None))


def _bic_of(terminal: str | None) -> str | None:
    return (terminal[:8] + terminal[9:]).removesuffix("XXX") if terminal is not None else None
