"""Who plays: members of the consortium and one that is not, persons with more than one certificate, skewed clocks."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from eximledger.consortium import DEFAULT_CONSORTIUM, EXIM
from hlf_client.embedded.definition import ConsortiumDefinition, HostedConsortium, Organization, User

__all__ = ["ADVERSARIES", "BANKS", "PEOPLE", "STRANGER", "Actor", "Person", "cast", "user_attributes"]

BANKS: Final = ("eximbank", "tradebank")
_MSPS: Final = {
    "eximbank": "EximbankMSP", "tradebank": "TradebankMSP", "safe": "SafeMSP", "customs": "CustomsMSP",
    "stranger": "StrangerMSP",
}  # fmt: skip
STRANGER: Final = "stranger"
_SKEW: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Person:
    """A certificate: the user that it is enrolled as, whom it names, and with which roles."""

    user: str
    name: str
    roles: str = ""


PEOPLE: Final = (
    Person("maker", "maker", "maker"),
    Person("second", "second", "maker"),
    Person("checker", "checker", "checker"),
    Person("senior", "senior", "checker"),
    Person("risk", "risk", "policy"),
    Person("admin", "admin"),
    Person("allround", "allround", "maker,checker,policy"),
    Person("checker-anew", "checker", "checker"),
    Person("maker-promoted", "Maker", "checker,policy"),
)
"""Of each bank. The last two are certificates that two of the others got later; to write a name otherwise makes nobody
another person."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A certificate at work: its member, its person, and by how much the person's clock is off."""

    member: str
    msp_id: str
    person: str
    """As no spelling changes it."""
    roles: frozenset[str]
    user: str
    skew: timedelta

    @property
    def identity(self) -> str:
        return f"{self.member}/{self.user}"

    def is_same(self, other: Actor) -> bool:
        return (self.msp_id, self.person) == (other.msp_id, other.person)

    def __str__(self) -> str:
        return self.identity


def user_attributes(person: Person, domain: str) -> dict[str, str]:
    """What a member's authority puts into the certificate. Its common name is `user@domain`."""
    said = {"exim.role": person.roles} if person.roles else {}
    return said | ({"hf.EnrollmentID": f"{person.name}@{domain}"} if person.name != person.user else {})


def _with_people(organization: Organization) -> Organization:
    if organization.name not in BANKS:
        return organization
    admins = tuple(user for user in organization.users if user.name == "admin")
    users = tuple(
        User(name=each.user, attributes=user_attributes(each, organization.name))
        for each in PEOPLE
        if each.user != "admin"
    )
    return organization.model_copy(update={"users": users + admins})


def _consortium() -> ConsortiumDefinition:
    """The default one with more people, and with a member of every channel that the contracts know nothing of."""
    definition = DEFAULT_CONSORTIUM
    stranger = Organization(
        name=STRANGER, msp_id=_MSPS[STRANGER], title="Nobody's bank", role="bank", users=(User(name="officer"),)
    )
    channels = tuple(
        channel.model_copy(update={"members": (*channel.members, STRANGER)}) for channel in definition.channels
    )
    organizations = (*map(_with_people, definition.organizations), stranger)
    return definition.model_copy(update={"organizations": organizations, "channels": channels})


ADVERSARIES: Final = HostedConsortium(_consortium(), EXIM.chaincodes)


def cast(chance: random.Random, *, skewed: bool, stranger: bool) -> Mapping[str, Actor]:
    """Everybody by `member/user`."""

    def actor(member: str, person: Person) -> Actor:
        skew = timedelta(seconds=chance.uniform(-1, 1) * _SKEW.total_seconds()) if skewed else timedelta()
        roles = frozenset(filter(None, person.roles.split(",")))
        return Actor(member, _MSPS[member], person.name.casefold(), roles, person.user, skew)

    others = ("safe", "customs", *([STRANGER] if stranger else []))
    found = [actor(bank, person) for bank in BANKS for person in PEOPLE]
    found += [actor(member, Person("officer", "officer")) for member in others]
    return {each.identity: each for each in found}
