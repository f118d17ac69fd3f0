"""The letters of credit of a file: each from its own messages, in whatever order they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.swift.fields import Message
from eximledger.formats.swift.letters.credit import Credit, amendment_number, sequence_of
from eximledger_chaincode.documents import LetterOfCredit, compared_number
from hlf_chaincode.errors import InvalidDocument

__all__ = ["CREDIT_TYPES", "Letters"]

_ISSUES: Final = frozenset({"700", "710", "720"})
_AMENDMENT: Final = "707"
_MORE_OF_IT: Final = "708"
CREDIT_TYPES: Final = ("700", "701", "707", "708", "710", "711", "720", "721")
"""Types of messages that are read: issues, the messages that continue them, amendments, and what continues these."""
_NAMING: Final = ("23", "21", "20")
"""Fields by one of which a message names its credit, the surest first."""


class Letters:
    """What the messages of a file on letters of credit make; one that cannot be read costs its own credit alone, an
    amendment only itself."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.documents: list[LetterOfCredit] = []
        self.unmapped: list[Unmapped] = []
        self.refused: list[InvalidDocument] = []
        self._credits: dict[str, Credit] = {}
        issues = [message for message in messages if message.type in _ISSUES]
        amending = [message for message in messages if message.type in {_AMENDMENT, _MORE_OF_IT}]
        more = [message for message in messages if message.type not in {*_ISSUES, _AMENDMENT, _MORE_OF_IT}]
        for message in issues:
            self._attempt(message, self._open)
        for message in sorted(more, key=lambda each: sequence_of(each)[0]):
            self._attempt(message, lambda each: self._meant(each).add(each))
        for message in _in_order(self._joined(amending)):
            self._attempt(message, lambda each: self._meant(each).amend(each))
        for number, credit in self._credits.items():
            self._finish(number, credit)

    def _attempt(self, message: Message, read: Callable[[Message], None]) -> None:
        try:
            read(message)
        except InvalidDocument as error:
            self._give_up(f"line {message.line}", error)

    def _open(self, message: Message) -> None:
        credit = Credit(message)
        if compared_number(credit.number) in self._credits:
            raise message.fields[0].error(f"opens letter of credit {credit.number} a second time")
        self._credits[compared_number(credit.number)] = credit

    def _joined(self, messages: Sequence[Message]) -> list[Message]:
        """Each amendment with what continues it (MT708) as one; what continues none is reported."""
        more: dict[tuple[str, int | None], list[Message]] = {}
        for message in sorted(messages, key=lambda each: sequence_of(each)[0]):
            if message.type == _MORE_OF_IT:
                more.setdefault(_name_of(message), []).append(message)
        found: list[Message] = []
        for message in messages:
            if message.type == _AMENDMENT:
                parts = more.pop(_name_of(message), [])
                found.append(
                    replace(message, fields=tuple(field for part in (message, *parts) for field in part.fields))
                )
        for message in (each for parts in more.values() for each in parts):
            reason = "is an MT708 that continues no amendment of the file: send it with its MT707"
            where = f"line {message.line}"
            self._give_up(where, InvalidDocument(f"the message {reason}", field=where, reason=reason))
        return found

    def _meant(self, message: Message) -> Credit:
        for number in _named(message):
            if (credit := self._credits.get(compared_number(number))) is not None:
                return credit
        reason = f"is an MT{message.type} on a letter of credit that the file does not open: send it with its MT700"
        raise InvalidDocument(f"the message {reason}", field=f"line {message.line}", reason=reason)

    def _finish(self, number: str, credit: Credit) -> None:
        try:
            self.documents.append(credit.document())
        except InvalidDocument as error:
            self._give_up(error.field or number, error)
        self.unmapped += credit.unmapped

    def _give_up(self, where: str, error: InvalidDocument) -> None:
        self.refused.append(error)
        self.unmapped.append(Unmapped(where, error.message, Cause.UNUSABLE))


def _named(message: Message) -> list[str]:
    """The numbers by one of which a message names its credit, the surest first."""
    return [field.value.strip() for tag in _NAMING if (field := message.find(tag)) is not None]


def _name_of(message: Message) -> tuple[str, int | None]:
    """An amendment by its credit and number."""
    sure = next((number for number in _named(message) if number != "NONREF"), "")
    return compared_number(sure), amendment_number(message)


def _in_order(amendments: Iterable[Message]) -> list[Message]:
    """As they were made: those of a credit by their numbers where all have one, else by their days (field 30)."""
    found = list(amendments)
    unnumbered = {_name_of(each)[0] for each in found if amendment_number(each) is None}

    def place(message: Message) -> tuple[str, int]:
        name, number = _name_of(message)
        day = message.find("30")
        return (day.value.strip(), 0) if name in unnumbered and day is not None else ("", number or 0)

    return sorted(found, key=place)
