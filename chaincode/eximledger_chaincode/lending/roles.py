"""Who may do what: what a member organisation is, who a person is, and what the person's certificate says.

A person is known by organisation and name, not by certificate: whoever gets a new certificate is the same person, and a
person's roles are those of the attribute `exim.role` alone. To be an administrator of the organisation is none of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Final

from pydantic import StringConstraints

from eximledger_chaincode.documents import Entry, Value, compared_name
from eximledger_chaincode.documents.parts.identifiers import MspId
from eximledger_chaincode.documents.parts.roles import Role
from hlf_chaincode.creator import Creator
from hlf_chaincode.errors import NotAuthorized

__all__ = [
    "ROLE_ATTRIBUTE",
    "Duty",
    "Person",
    "Role",
    "duties_of",
    "is_one_of",
    "person_of",
    "require_duty",
    "writers_of",
]

ROLE_ATTRIBUTE: Final = "exim.role"
"""Attribute with the duties of a person, several with commas between them: `checker,policy`."""
_ENROLLMENT_ATTRIBUTE: Final = "hf.EnrollmentID"
"""Attribute in which a Fabric CA names whom it issued the certificate to."""


_MAX_NAME: Final = 200


class Duty(StrEnum):
    """What a member's person is trusted with."""

    MAKER = "maker"
    """Takes in applications and papers, proposes payments."""
    CHECKER = "checker"
    """Decides on loans, and confirms what another person proposed."""
    POLICY = "policy"
    """Confirms a bank's policy that another person proposed."""


class Person(Value):
    """Somebody of a member: the name is the certificate's `hf.EnrollmentID`, else its common name."""

    msp_id: MspId
    name: Annotated[str, StringConstraints(min_length=1, max_length=_MAX_NAME)]

    def is_same(self, other: Person) -> bool:
        """Whether both are one person; how the name is spelt (case, width, look-alike letters) makes no other one."""
        return self.msp_id == other.msp_id and compared_name(self.name) == compared_name(other.name)

    def __str__(self) -> str:
        return f"{self.name} of {self.msp_id}"


def person_of(creator: Creator) -> Person:
    """The person behind a transaction. Raises `NotAuthorized` where the certificate names nobody."""
    name = (creator.attributes.get(_ENROLLMENT_ATTRIBUTE, "").strip() or creator.common_name.strip())[:_MAX_NAME]
    if not compared_name(name):
        raise NotAuthorized(
            f"the certificate of {creator.msp_id} names nobody: sign with one that has a common name or the attribute "
            f"{_ENROLLMENT_ATTRIBUTE}",
            msp_id=creator.msp_id,
        )
    return Person(msp_id=creator.msp_id, name=name)


def writers_of(entry: Entry) -> tuple[Person, ...]:
    """Everybody who wrote a version of a paper, the last one's writer last."""
    return tuple(Person(msp_id=entry.issuer, name=name) for name in (*entry.earlier_writers, entry.written_by))


def is_one_of(person: Person, others: Iterable[Person]) -> bool:
    """Whether the person is among the others."""
    return any(person.is_same(other) for other in others)


def duties_of(creator: Creator) -> frozenset[Duty]:
    """The duties that the certificate says; words that are none are passed over."""
    words = {word.strip() for word in creator.attributes.get(ROLE_ATTRIBUTE, "").split(",")}
    return frozenset(duty for duty in Duty if duty.value in words)


def require_duty(creator: Creator, duty: Duty, what: str) -> Person:
    """The person, where the certificate has the duty; `NotAuthorized` saying `what` it is needed for otherwise."""
    person = person_of(creator)
    if duty not in duties_of(creator):
        raise NotAuthorized(
            f"{what} takes the attribute {ROLE_ATTRIBUTE}={duty}, which the certificate of {person} has not",
            msp_id=creator.msp_id,
            role=duty.value,
        )
    return person
