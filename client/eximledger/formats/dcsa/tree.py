"""An object of JSON that knows which of its values were read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import TypeVar

from pydantic import ValidationError

from eximledger.formats._reading import Cause, Unmapped
from eximledger.formats.text.values import date_of, decimal_of, one_line
from hlf_chaincode.errors import InvalidDocument

__all__ = ["Branch"]

T = TypeVar("T")


class Branch:
    """One object, its path, and the names of it that were asked for. Blank texts count as absent."""

    def __init__(self, values: Mapping[str, object], path: str = "$") -> None:
        self.path = path
        self._values = values
        self._read: set[str] = set()
        self._below: dict[str, Branch] = {}
        self._unusable: dict[str, str] = {}

    def text(self, name: str) -> str | None:
        value = self._take(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise self.error(name, "is not a text")
        return one_line(str(value)) or None

    def need_text(self, name: str) -> str:
        found = self.text(name)
        if found is None:
            raise self.missing(name)
        return found

    def texts(self, name: str) -> list[str]:
        """The texts of a list; one text stands for a list of it."""
        value = self._take(name)
        entries = value if isinstance(value, list) else [value] if value is not None else []
        texts = [entry for entry in entries if isinstance(entry, str)]
        if len(texts) < len(entries):
            raise self.error(name, "is not a list of texts")
        return [text for entry in texts if (text := one_line(entry))]

    def flag(self, name: str) -> bool:
        value = self._take(name)
        if value is not None and not isinstance(value, bool):
            raise self.error(name, "is neither true nor false")
        return bool(value)

    def day(self, name: str) -> date | None:
        return self._converted(name, date_of)

    def decimal(self, name: str) -> Decimal | None:
        return self._converted(name, decimal_of)

    def count(self, name: str) -> int | None:
        number = self.decimal(name)
        if number is not None and (number != number.to_integral_value() or not 0 <= number < 10**12):
            raise self.error(name, "is not a whole number from 0")
        return int(number) if number is not None else None

    def known(self, name: str, convert: Callable[[str], T | None], reason: str) -> T | None:
        """A code as `convert` knows it; one that it does not know is reported as unusable."""
        text = self.text(name)
        found = convert(text) if text is not None else None
        if text is not None and found is None:
            self._unusable[name] = reason
        return found

    def unusable(self, name: str, reason: str) -> None:
        """Report what is there and does not hold."""
        if self._take(name) is not None:
            self._unusable[name] = reason

    def branch(self, name: str) -> Branch:
        """The object of this name; an empty one where there is none."""
        value = self._take(name)
        if value is not None and not isinstance(value, dict):
            raise self.error(name, "is not an object")
        return self._grown(value or {}, name)

    def branches(self, name: str) -> list[Branch]:
        value = self._take(name)
        entries = value if isinstance(value, list) else [] if value is None else [None]
        if not all(isinstance(entry, dict) for entry in entries):
            raise self.error(name, "is not a list of objects")
        return [self._grown(entry, f"{name}[{place}]") for place, entry in enumerate(entries)]

    def has(self, name: str) -> bool:
        return self._values.get(name) is not None

    def take(self, *names: str) -> None:
        """Mark what belongs to the format and says nothing of the trade."""
        self._read.update(names)

    def error(self, name: str, reason: str) -> InvalidDocument:
        path = f"{self.path}.{name}" if name else self.path
        return InvalidDocument(f"{path} {reason}", field=path, reason=reason)

    def missing(self, name: str) -> InvalidDocument:
        return self.error(name, "is missing")

    @contextmanager
    def located(self) -> Iterator[None]:
        """Turn a model's refusal of values from this object into `InvalidDocument` that names it."""
        try:
            yield
        except ValidationError as error:
            problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
            where = ".".join(str(part) for part in problem["loc"])
            reason = problem["msg"].removeprefix("Value error, ")
            raise self.error("", f"is refused: {where + ': ' if where else ''}{reason}") from None

    def leftovers(self) -> Iterator[Unmapped]:
        for name, value in self._values.items():
            path = f"{self.path}.{name}"
            if name in self._unusable:
                yield Unmapped(path, self._unusable[name], Cause.UNUSABLE)
            elif name not in self._read and (count := _values(value)):
                yield Unmapped(path, "the documents have no field for it", Cause.NOT_MODELLED, count)
        for each in self._below.values():
            yield from each.leftovers()

    def _take(self, name: str) -> object:
        self._read.add(name)
        return self._values.get(name)

    def _grown(self, values: Mapping[str, object], name: str) -> Branch:
        if name not in self._below:
            self._below[name] = Branch(values, f"{self.path}.{name}")
        return self._below[name]

    def _converted(self, name: str, convert: Callable[[str], T]) -> T | None:
        text = self.text(name)
        if text is None:
            return None
        try:
            return convert(text)
        except ValueError as error:
            raise self.error(name, str(error)) from None


def _values(value: object) -> int:
    """How many values stand in it; none where there is nothing but empty ones."""
    if isinstance(value, dict):
        return sum(map(_values, value.values()))
    if isinstance(value, list):
        return sum(map(_values, value))
    return int(value is not None and value != "")
