"""Everybody who tries: members' people by what their certificates say, the same people under new ones, and strangers.

A person is (MSP, hf.EnrollmentID, else common name); what the person may do is what `exim.role` says. The lender is
tradebank.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tests.trust.forgery.impostors import expired

from hlf_client.identity import (
    CertificateAuthority,
    Identity,
    NodeRole,
    PrivateKeySigner,
    Subject,
    generate_key,
    load_certificate,
)

__all__ = ["EXPIRED", "LENDER", "LENDER_MSP", "PERSONS", "STRANGER", "Persona", "identity_of", "member_of"]

LENDER: Final = "tradebank"
"""The bank whose papers and loans these are."""
LENDER_MSP: Final = "TradebankMSP"
STRANGER: Final = "stranger"
EXPIRED: Final = "checker, expired"


@dataclass(frozen=True, slots=True)
class Persona:
    """One certificate: what it says, and how an auditor is told of it. `user` is one that every network has."""

    said: str
    user: str = ""
    common_name: str = ""
    role: str = ""
    enrolled_as: str = ""
    spelt: Callable[[str], str] = str
    """How the common name of one whom the network knows is spelt here."""

    def attributes(self, name_of: Callable[[str], str]) -> Mapping[str, str]:
        given = {"exim.role": self.role, "hf.EnrollmentID": name_of(self.enrolled_as) if self.enrolled_as else ""}
        return {name: value for name, value in given.items() if value}


PERSONS: Final[Mapping[str, Persona]] = {
    "maker": Persona("`exim.role=maker`", user="maker"),
    "checker": Persona("`exim.role=checker`", user="checker"),
    "both": Persona("`exim.role=maker,checker`", common_name="both", role="maker,checker"),
    "risk": Persona("`exim.role=policy`", user="risk"),
    "head": Persona("`exim.role=checker,policy`", common_name="head", role="checker,policy"),
    "admin": Persona("administrator of the organisation, no `exim.role`", user="admin"),
    "clerk": Persona("no `exim.role`", common_name="clerk"),
    "MAKER anew": Persona(
        "the maker: another key and serial, name in capitals, now `exim.role=checker`", common_name="maker",
        role="checker", spelt=str.upper,
    ),
    "Checker anew": Persona(
        "the checker: another key and serial, name with a capital", common_name="checker", role="checker",
        spelt=str.title,
    ),
    "BOTH anew": Persona(
        "both: another key and serial, name in full-width capitals", common_name="ＢＯＴＨ", role="maker,checker",
    ),
    "maker by enrolment": Persona(
        "`hf.EnrollmentID=maker`, common name auditor, `exim.role=checker`: is the maker", common_name="auditor",
        role="checker", enrolled_as="maker",
    ),
    "maker by name only": Persona(
        "`hf.EnrollmentID=auditor`, common name maker, `exim.role=checker`: is not the maker", common_name="maker",
        role="checker", enrolled_as="auditor",
    ),
    "nameless": Persona(
        "blank common name and no `hf.EnrollmentID`, `exim.role=maker,checker,policy`", common_name=" ",
        role="maker,checker,policy",
    ),
    EXPIRED: Persona("the checker's certificate, expired a minute ago", user="checker"),
    "eximbank/maker": Persona("another bank's `exim.role=maker`", user="maker"),
    "eximbank/checker": Persona("another bank's `exim.role=checker`", user="checker"),
    "eximbank/admin": Persona("another bank's administrator", user="admin"),
    "safe/officer": Persona("SAFE's officer, no `exim.role`", user="officer"),
    "safe/checker": Persona("SAFE's, `exim.role=checker,policy`", common_name="checker", role="checker,policy"),
    "safe/admin": Persona("SAFE's administrator", user="admin"),
    "customs/officer": Persona("customs' officer", user="officer"),
    "customs/admin": Persona("customs' administrator", user="admin"),
    STRANGER: Persona(
        "of no member: StrangerMSP, `exim.role=checker,policy`", common_name="checker", role="checker,policy"
    ),
}  # fmt: skip
"""By the name that tables use; a person of the lender's is named without it."""


def member_of(person: str) -> str:
    """Whose person it is; whose peers it asks, for the stranger."""
    member, slash, _ = person.partition("/")
    return member if slash else LENDER


def identity_of(
    person: str,
    known: Callable[[str], Identity],
    authority: Callable[[str], CertificateAuthority],
    now: datetime,
) -> Identity:
    """The person's identity: one that the network has issued already, or a certificate made by the member's own
    authority."""
    persona, member = PERSONS[person], member_of(person)
    if person == EXPIRED:
        return expired(known(f"{member}/{persona.user}"), authority(member), now)
    if persona.user:
        return known(f"{member}/{persona.user}")

    def name_of(name: str) -> str:
        """What the certificate of one whom the network knows says; any other name as it is."""
        if name not in {"maker", "checker"} or person == STRANGER:
            return name
        return Subject.of(load_certificate(known(f"{LENDER}/{name}").certificate)).name

    key = generate_key()
    subject = Subject(persona.spelt(name_of(persona.common_name)), member, NodeRole.CLIENT)
    if person == STRANGER:
        issuer, msp_id = CertificateAuthority.create(Subject("ca", STRANGER), now=now), "StrangerMSP"
    else:
        issuer, msp_id = authority(member), known(f"{member}/admin").msp_id
    certificate = issuer.enrol(subject, key.public_key(), attributes=persona.attributes(name_of), now=now)
    return Identity(msp_id, certificate, PrivateKeySigner(key))
