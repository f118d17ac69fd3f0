"""A bank's policy as a form of plain fields, and the form as a policy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from eximledger.console.views.papers import Row
from eximledger.words import Language, kind_name
from eximledger_chaincode.documents import TolerancePolicy
from hlf_chaincode.canonical import Json, to_json
from hlf_client.errors import InvalidDocument

__all__ = ["Field", "fields_of", "policy_from", "worded"]

_OWN: Final = frozenset({"kind", "schema_version", "bank"})
"""What no form asks."""
_WORDS: Final = frozenset({"required_papers", "fingerprinted", "always_matched", "conditions_precedent", "consent"})
"""Whose values are kinds of papers and words of ours."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form. `is_list` is written with commas."""

    name: str
    value: str
    input: str
    is_list: bool = False


def fields_of(policy: TolerancePolicy, today: date, said: Mapping[str, str]) -> tuple[Field, ...]:
    """The form, filled with what holds, from today on; with what was said before where that was refused."""
    content = to_json(policy.model_copy(update={"effective_from": today}))
    assert isinstance(content, Mapping)  # noqa: S101 - a document is an object
    return tuple(
        Field(
            name, said.get(name, _text(value)), _input(name, value), isinstance(value, Sequence) and not _is_text(value)
        )
        for name, value in content.items()
        if name not in _OWN
    )


def policy_from(form: Mapping[str, str], bank: str) -> TolerancePolicy:
    """The policy that a whole form says. Raises `InvalidDocument` naming the field, also where one is left out: a form
    that was cut off would take the rest back to what is built in."""
    content = to_json(TolerancePolicy(bank=bank))
    assert isinstance(content, Mapping)  # noqa: S101 - as above
    said: dict[str, object] = {"kind": TolerancePolicy.KIND, "bank": bank}
    for name, value in content.items():
        if name in _OWN:
            continue
        if name not in form:
            raise InvalidDocument(f"{name}: the form lacks this field", field=name, reason="left out")
        said[name] = _value(name, form[name], value)
    return TolerancePolicy.parse(said)


def worded(rows: Iterable[Row], language: Language) -> tuple[Row, ...]:
    """Rows with the words of ours in them said in a language."""
    return tuple(
        Row(row.path, ", ".join(kind_name(each, language) for each in row.value.split(", ")))
        if row.path[0] in _WORDS
        else row
        for row in rows
    )


def _value(name: str, text: str, like: Json) -> object:
    if isinstance(like, int) and not isinstance(like, bool):
        if not text.strip().isdecimal():
            raise InvalidDocument(f"{name}: a whole number is wanted", field=name, reason="no number")
        return int(text)
    if isinstance(like, Sequence) and not isinstance(like, str):
        return [each.strip() for each in text.replace("\uff0c", ",").split(",") if each.strip()]
    return text.strip()


def _text(value: Json) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(str(each) for each in value)
    return str(value)


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _input(name: str, value: Json) -> str:
    if name == "effective_from":
        return "date"
    return "number" if isinstance(value, int) else "text"
