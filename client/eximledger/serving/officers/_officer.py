"""Who an account is on the ledger: the member, the person of the certificate, and what both make of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from eximledger.desk import LoanDesk
from eximledger.serving.officers._accounts import Account
from eximledger_chaincode.lending.roles import Duty, Person, Role, duties_of, person_of
from hlf_chaincode.creator import creator_of
from hlf_client.errors import NotAuthorized

__all__ = ["Officer", "Standing", "officer_at"]


class Standing(StrEnum):
    """As what somebody stands before a route."""

    BANK = "bank"
    """Anybody of a bank."""
    MAKER = "maker"
    CHECKER = "checker"
    POLICY = "policy"
    FX_BUREAU = "fx-bureau"
    CUSTOMS = "customs"


_OF_ROLE: Final = {
    Role.BANK: Standing.BANK,
    Role.FX_BUREAU: Standing.FX_BUREAU,
    Role.CUSTOMS: Standing.CUSTOMS,
}
_OF_DUTY: Final = {
    Duty.MAKER: Standing.MAKER,
    Duty.CHECKER: Standing.CHECKER,
    Duty.POLICY: Standing.POLICY,
}


@dataclass(frozen=True, slots=True)
class Officer:
    """A person of a member, as the certificate says it; `standings` is what the table of routes goes by."""

    account: Account
    person: Person
    member: str
    """The member's name, as the consortium has it."""
    role: Role
    duties: frozenset[Duty]
    certificate_hash: str
    certificate_until: datetime
    """When the certificate ends."""

    @property
    def standings(self) -> frozenset[Standing]:
        """A duty is a bank's: the same word in another member's certificate is none."""
        of_duties = {_OF_DUTY[duty] for duty in self.duties} if self.role is Role.BANK else set()
        return frozenset({_OF_ROLE[self.role], *of_duties})


async def officer_at(account: Account, desk: LoanDesk) -> Officer:
    """Who the account's connection acts as. Raises `NotAuthorized` for one that is of no member or names nobody."""
    creator = creator_of(desk.ledger.msp_id, desk.ledger.certificate)
    members = {member.msp_id: member for member in await desk.members()}
    member = members.get(creator.msp_id)
    if member is None:
        raise NotAuthorized(f"{creator.msp_id} is no member of the consortium", msp_id=creator.msp_id)
    return Officer(
        account=account,
        person=person_of(creator),
        member=member.name,
        role=member.role,
        duties=duties_of(creator),
        certificate_hash=creator.certificate_hash,
        certificate_until=creator.not_after,
    )
