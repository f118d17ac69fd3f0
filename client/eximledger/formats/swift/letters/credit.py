"""One letter of credit as its messages make it: the issue, its continuations, and its amendments one after another.

Sources: SWIFT Standards MT, category 7 (MT700, MT701, MT707, MT708, MT710, MT711, MT720, MT721), as of 2018 and before.
"""

from __future__ import annotations

import re
from typing import Final

from eximledger.formats._limits import MAX_CREDIT_ITEMS
from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.swift.fields import Field, Message
from eximledger.formats.swift.letters.terms import TEXTS, Terms, money_of, terms_of
from eximledger.formats.swift.letters.values import contract_numbers_in, items_in
from eximledger.formats.swift.made import credit_of
from eximledger.formats.swift.values import dated, party_in, party_of_bic
from eximledger.formats.text.terms import incoterm_in, place_after
from eximledger.formats.text.values import one_line, prose
from eximledger_chaincode.documents import CreditAmendment, LetterOfCredit, Money, Party, compared_name
from eximledger_chaincode.documents.letter_of_credit import MAX_AMENDMENTS
from hlf_chaincode.errors import InvalidDocument

__all__ = ["Credit", "amendment_number", "sequence_of"]

_NOT_MODELLED: Final = "the documents have no field for it"
_IN_WORDS: Final = "an amendment in words is kept as a note: change the terms that it changes"
_NOT_THE_SUM: Final = "is not what the credit and its change make; it counts as stated"
_SAY_NOTHING: Final = frozenset({"20", "21", "22A", "23", "23S", "26E", "27", "30"})
_CODED: Final = re.compile(r"^/(ADD|DELETE|REPALL)/", re.MULTILINE)
_ABOUT: Final = re.compile(r"\b(ABOUT|APPROXIMATELY|CIRCA)\b", re.IGNORECASE)
_OF_ALL_MESSAGES: Final = {"52": "issuing_bank", "59": "beneficiary"}
"""Parties that an amendment names whether it changes them or not: another beneficiary is another credit."""
_MAX_NOTE: Final = 4000


class Credit:
    """A credit while its messages are read."""

    def __init__(self, issue: Message) -> None:
        self._issue = issue
        self.unmapped: list[Unmapped] = []
        self.number = _line(issue.need("21" if issue.type in {"710", "720"} else "20"))
        self._terms: Terms = {"credit_number": self.number, **_banks(issue)}
        self._texts: dict[str, list[str]] = {name: [] for name in ("goods", "documents_required", "conditions")}
        self._notes: list[str] = []
        self._amendments: list[CreditAmendment] = []
        self._parts = 1
        self._moved = False
        """Whether the amendment at hand has raised or lowered the amount."""
        for field in issue.fields:
            if field.tag == "32B":
                self._terms |= money_of(field)
            else:
                self._take(field)

    def add(self, message: Message) -> None:
        """What a continuation says (MT701, MT711, MT721)."""
        self._parts += 1
        for field in message.fields:
            self._take(field)

    def amend(self, message: Message) -> None:
        """The credit after an amendment (MT707); nothing is changed by one that cannot be read as a whole."""
        number, self._moved = self._number_of(message), False
        place, parts = sequence_of(message)
        if place != 1 or sum(field.tag == "27" for field in message.fields) not in {0, parts}:
            raise message.need("27").error("says how many messages this amendment has, and not all of them are here")
        if len(self._amendments) == MAX_AMENDMENTS:
            raise message.fields[0].error(f"amends a credit that has more than {MAX_AMENDMENTS} amendments")
        kept = (dict(self._terms), {name: list(items) for name, items in self._texts.items()}, list(self._notes))
        try:
            day = message.find("30") or message.need("31C")
            changed = [name for field in message.fields for name in self._changed_by(field, number)]
            amendment = CreditAmendment(number=number, dated=dated(day, _line(day)), changed=_unique(changed))
        except InvalidDocument:
            self._terms, self._texts, self._notes = kept
            raise
        self._amendments.append(amendment)

    def document(self) -> LetterOfCredit:
        """The credit as it stands now."""
        self._report_what_is_missing()
        for tag, name in (
            ("50", "applicant"),
            ("59", "beneficiary"),
            ("32B", "amount"),
            ("31C", "issued_on"),
            ("31D", "expires_on"),
        ):
            if self._terms.get(name) is None:
                self._issue.need(tag)
        goods = "\n".join(self._texts["goods"])
        named = contract_numbers_in((*self._texts["goods"], *self._texts["conditions"]))
        incoterm = incoterm_in(goods)
        line = next((line for line in goods.split("\n") if incoterm is not None and incoterm_in(line)), "")
        return credit_of(
            self._issue.fields[0],
            **self._terms,
            **{name: tuple(items) for name, items in self._texts.items()},
            about=_ABOUT.search(str(self._terms.get("additional_amounts") or "")) is not None,
            incoterm=incoterm,
            incoterm_place=place_after(line) if line else None,
            contract_numbers=named,
            amendments=tuple(self._amendments),
            notes=tuple(self._notes),
        )

    def _take(self, field: Field) -> list[str]:
        """The fields of the document that one of the message's says something of."""
        if field.tag in _SAY_NOTHING:
            return []
        if field.tag in TEXTS:
            return self._take_text(field)
        terms = terms_of(field)
        if terms is None:
            self.unmapped.append(Unmapped(field.where, _NOT_MODELLED, Cause.NOT_MODELLED))
            return []
        self._terms |= terms
        return list(terms)

    def _take_text(self, field: Field) -> list[str]:
        """Items that are added; an amendment may say of its own that they go, or take the place of all (45B to 47B)."""
        name = TEXTS[field.tag]
        pieces = _CODED.split(field.value)
        if pieces[0].strip():
            self._texts[name] += items_in(pieces[0])
        for code, text in zip(pieces[1::2], pieces[2::2], strict=True):
            items = items_in(text)
            if code == "DELETE":
                self._delete(field, name, items)
            else:
                self._texts[name] = [*(() if code == "REPALL" else self._texts[name]), *items]
        if len(self._texts[name]) > MAX_CREDIT_ITEMS:
            raise field.error(f"makes a credit of more than {MAX_CREDIT_ITEMS} items")
        return [name]

    def _delete(self, field: Field, name: str, items: tuple[str, ...]) -> None:
        """Items go as a whole; words that are none of them change nothing, and that is reported."""
        gone = {_compared(item) for item in items}
        if gone - {_compared(item) for item in self._texts[name]}:
            reason = "says to delete what the credit does not have as an item of its own: change it by hand"
            self.unmapped.append(Unmapped(field.where, reason, Cause.UNUSABLE))
        self._texts[name] = [item for item in self._texts[name] if _compared(item) not in gone]

    def _changed_by(self, field: Field, number: int) -> list[str]:
        match field.tag:
            case "31C":
                return []  # the credit's own day of issue, told again
            case "32B" | "33B":
                return self._change_amount(field, -1 if field.tag == "33B" else 1)
            case "34B":
                after = money_of(field)
                if self._moved and after["amount"] != self._terms.get("amount"):
                    self.unmapped.append(Unmapped(field.where, _NOT_THE_SUM, Cause.UNUSABLE))
                self._terms |= after
                return ["amount"]
            case "23S":
                self._terms["cancelled"] = "CANCEL" in field.value.upper()
                return ["cancelled"]
            case "79":
                note = f"amendment {number}: {prose(field.value)}"
                self._notes.append(note[:_MAX_NOTE])
                self.unmapped.append(Unmapped(field.where, _IN_WORDS, Cause.UNUSABLE))
                return ["notes"]
            case "52A" | "52D" | "59" | "59A" if self._terms.get(_OF_ALL_MESSAGES[field.tag[:2]]) is not None:
                self._compare_beneficiary(field)
                return []
            case _:
                return self._take(field)

    def _compare_beneficiary(self, field: Field) -> None:
        before, named = self._terms.get("beneficiary"), party_in(field)
        if not field.tag.startswith("59") or not isinstance(before, Party) or named is None:
            return
        if compared_name(named.name) != compared_name(before.name):
            reason = "names another beneficiary than the credit, which is another's credit then; it keeps its own here"
            self.unmapped.append(Unmapped(field.where, reason, Cause.UNUSABLE))

    def _change_amount(self, field: Field, sign: int) -> list[str]:
        before, change = self._terms.get("amount"), money_of(field)["amount"]
        if not isinstance(before, Money) or not isinstance(change, Money) or before.currency != change.currency:
            raise field.error("is in another currency than the credit")
        after = before + change if sign > 0 else before - change
        if after.amount < 0:
            raise field.error("takes more away than the credit is for")
        self._terms["amount"] = after
        self._moved = True
        return ["amount"]

    def _number_of(self, message: Message) -> int:
        """26E, which counts from 1; an older message without it is the next one."""
        last = self._amendments[-1].number if self._amendments else 0
        field = message.find("26E")
        if field is None:
            return last + 1
        number = amendment_number(message)
        if number is None:
            raise field.error("is no number of an amendment")
        if number <= last:
            raise field.error(f"is amendment {number}, and {last} has been read before it")
        return number

    def _report_what_is_missing(self) -> None:
        sequence, (_, total) = self._issue.find("27"), sequence_of(self._issue)
        if sequence is not None and total != self._parts:
            reason = f"says that the credit has {total} messages; {self._parts} are in the file"
            self.unmapped.append(Unmapped(sequence.where, reason, Cause.UNUSABLE))
        numbers = [each.number for each in self._amendments]
        if numbers and numbers != list(range(1, len(numbers) + 1)):
            reason = f"amendments {', '.join(map(str, numbers))} are in the file, and not those between and before them"
            self.unmapped.append(Unmapped(f"line {self._issue.line}", reason, Cause.UNUSABLE))


def sequence_of(message: Message) -> tuple[int, int]:
    """27: which of how many messages it is; the only one where it does not say."""
    field = message.find("27")
    found = re.fullmatch(r"([0-9])/([0-9])", field.value.strip()) if field is not None else None
    return (int(found[1]), int(found[2])) if found is not None else (1, 1)


def amendment_number(message: Message) -> int | None:
    """26E, where it is a number."""
    field = message.find("26E")
    found = re.fullmatch(r"[0-9]{1,3}", field.value.strip()) if field is not None else None
    return int(found[0]) if found is not None else None


def _compared(item: str) -> str:
    """An item of a text as it is compared: not by its case, blanks and closing mark."""
    return one_line(item).rstrip(" .,;").casefold()


def _banks(issue: Message) -> Terms:
    """The sender of an MT700 is the issuing bank, its receiver the advising one; of an MT710 or MT720 the sender is the
    advising one."""
    sender = None if issue.sender is None else party_of_bic(issue.sender)
    if issue.type in {"710", "720"}:
        return {"advising_bank": sender, "advice_number": _line(issue.need("20"))}
    return {"issuing_bank": sender, "advising_bank": None if issue.receiver is None else party_of_bic(issue.receiver)}


def _line(field: Field) -> str:
    text = one_line(field.value)
    if not text:
        raise field.error("is empty")
    return text


def _unique(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
