"""The letters of credit of a file: each from its own messages, in whatever order they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.swift.fields import Message
from eximledger.formats.swift.letters.credit import Credit
from eximledger_chaincode.documents import LetterOfCredit, compared_number
from hlf_chaincode.errors import InvalidDocument

__all__ = ["CREDIT_TYPES", "Letters"]

_ISSUES: Final = frozenset({"700", "710", "720"})
_AMENDMENT: Final = "707"
CREDIT_TYPES: Final = ("700", "701", "707", "710", "711", "720", "721")
"""Types of messages that are read: issues, the messages that continue them, amendments."""
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
        others = [message for message in messages if message.type not in _ISSUES]
        for message in issues:
            self._attempt(message)
        for message in sorted(others, key=lambda each: each.type == _AMENDMENT):
            self._attempt(message)
        for number, credit in self._credits.items():
            self._finish(number, credit)

    def _attempt(self, message: Message) -> None:
        try:
            self._read(message)
        except InvalidDocument as error:
            self._give_up(f"line {message.line}", error)

    def _read(self, message: Message) -> None:
        if message.type in _ISSUES:
            credit = Credit(message)
            if compared_number(credit.number) in self._credits:
                raise message.fields[0].error(f"opens letter of credit {credit.number} a second time")
            self._credits[compared_number(credit.number)] = credit
            return
        opened = self._meant(message)
        if message.type == _AMENDMENT:
            opened.amend(message)
        else:
            opened.add(message)

    def _meant(self, message: Message) -> Credit:
        named = [field.value.strip() for tag in _NAMING if (field := message.find(tag)) is not None]
        for number in named:
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
