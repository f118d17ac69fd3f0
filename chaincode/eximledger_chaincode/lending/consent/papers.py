"""The papers of consent: what an exporter allows a bank, and takes back. Each has one written form, which is signed.

Nothing of them is put right when they are read, for what was signed is what was written: a paper that is not in its
canonical form is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self, TypeAlias, get_args

from pydantic import AfterValidator, Field, ModelWrapValidatorHandler, StringConstraints, model_validator
from pydantic_core import to_jsonable_python

from eximledger_chaincode.documents import Value, filed_number, shown
from eximledger_chaincode.documents.parts.base import Day, First
from eximledger_chaincode.documents.parts.identifiers import MspId, Uscc
from eximledger_chaincode.documents.parts.record import Hex256
from hlf_chaincode.canonical import canonical_json

__all__ = ["MAX_TERM_DAYS", "SCOPES", "Authorisation", "OfficerConsent", "Paper", "Revocation", "Scope"]

MAX_TERM_DAYS: Final = 731
"""Two years and their leap day: no authorisation holds for longer. The consortium's floor may be stricter."""

Scope: TypeAlias = Literal["classification", "declarations", "receipts"]
SCOPES: Final[tuple[Scope, ...]] = get_args(Scope)
"""What of an exporter a bank may be let read, sorted."""


def _plain(text: str) -> str:
    if shown(text) != text:
        raise ValueError("write it on one line, without characters that cannot be seen")
    return text


def _filed(number: str) -> str:
    if filed_number(number) != number:
        raise ValueError("write the number without full-width characters and with single spaces")
    return number


Line: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(_plain)]
"""What a person reads before signing: it shows all that it holds."""

AuthorisationNumber: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=64), AfterValidator(_plain), AfterValidator(_filed)
]
"""Chosen by the exporter, who has one authorisation of a number."""


class Paper(Value):
    """A paper in its one written form."""

    schema_version: First = 1

    @model_validator(mode="wrap")
    @classmethod
    def _as_written(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        made = handler(data)
        if isinstance(data, Mapping):
            canonical = made.model_dump(mode="json")
            for name, value in data.items():
                if to_jsonable_python(value) != canonical.get(name):
                    raise ValueError(f"{name} is not in its canonical form: write the paper with `eximledger exporter`")
        return made

    @property
    def signed_bytes(self) -> bytes:
        """What a signature of this paper is over: its canonical JSON."""
        return canonical_json(self)


class Authorisation(Paper):
    """An exporter lets a bank read what `what` names of it, from `valid_from` to `valid_until` (both included)."""

    kind: Literal["authorisation"] = "authorisation"
    number: AuthorisationNumber
    exporter: Uscc
    bank: MspId
    what: Annotated[tuple[Scope, ...], Field(min_length=1, max_length=len(SCOPES))]
    valid_from: Day
    valid_until: Day
    purpose: Line

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if list(self.what) != sorted(set(self.what)):
            raise ValueError("what: name each once, in alphabetical order")
        if self.valid_until < self.valid_from:
            raise ValueError("valid_until: the period ends before it begins")
        if self.days > MAX_TERM_DAYS:
            raise ValueError(f"valid_until: an authorisation holds for {MAX_TERM_DAYS} days at most")
        return self

    @property
    def days(self) -> int:
        """For how many days it holds unless it is revoked."""
        return (self.valid_until - self.valid_from).days + 1


class Revocation(Paper):
    """An exporter takes an authorisation back. It holds from the transaction that files it, whatever day it carries."""

    kind: Literal["revocation"] = "revocation"
    authorisation: AuthorisationNumber
    exporter: Uscc
    revoked_on: Day
    reason: Line | None = None

    def is_of(self, authorisation: Authorisation) -> bool:
        """Whether it takes back just that one."""
        return (self.exporter, self.authorisation) == (authorisation.exporter, authorisation.number)


class OfficerConsent(Paper):
    """What a bank's officer says that an exporter has allowed, on a form on paper. The officer is the transaction's
    person; nobody but the bank vouches for the form, so the consortium's floors say whether this counts."""

    kind: Literal["officer-consent"] = "officer-consent"
    authorisation: Authorisation
    form_sha256: Hex256
    """SHA-256 of the scanned form, which the bank keeps."""
